"""Evidence of products, talks and visits: each measure's rows by the marks that counted them."""

from typing import Literal

import numpy as np
from msgspec.structs import replace

from august.kernel.words import N_
from august.stars import marks, reads
from august.stars.counts import legacy
from august.stars.cut import BUYERS, Cut
from august.stars.evidence.ledger import (
    NONE,
    Bools,
    Entries,
    Heads,
    Ints,
    Ledger,
    Verdict,
    earliest,
    joined,
    judged,
)
from august.stars.marks import HIGH_GROWTH, STRONG
from august.stars.reads import NEVER
from august.stars.rules import Rules
from august.stars.visits import guests, opportunities, visits, without_prospects

Score = Literal["growth", "power"]
SCORES = {
    "growth": (N_("Growth score"), HIGH_GROWTH),
    "power": (N_("Growth plus twice the quality score"), STRONG),
}
PRODUCT = N_("Product")
BUYER = N_("Buyer")
OPPORTUNITY = Heads(N_("Opportunity"), at=N_("Began at"), value=N_("Weight"), unit="tenths")
TALK = Heads(N_("Opportunity"), at=N_("Asked at"), then=N_("First answer at"), value=N_("Wait"), unit="hours")
CLOSED = Verdict(N_("The buyer's account was closed by penalty"))


def _products(cut: Cut, score: Score) -> tuple[marks.Goods, Heads, Entries, Bools]:
    """The products on sale with a score, and which of them reach the line."""
    all_ = marks.goods(cut)
    values, (name, _) = getattr(all_, score), SCORES[score]
    rows = Entries(kind="product", numbers=all_.ids, values=values, above=values)
    return (
        all_,
        Heads(PRODUCT, then=N_("Published at"), value=name),
        rows,
        all_.high if score == "growth" else all_.strong,
    )


def average(cut: Cut, score: Score) -> Ledger:
    """Every Customization product on sale with its score."""
    all_, heads, rows, _ = _products(cut, score)
    counted = Verdict(N_("Counts with its score"), above=True, below=True)
    return judged(heads, rows, [(all_.of("custom"), counted)])


def share(cut: Cut, score: Score) -> Ledger:
    """Customization products on sale, above the line those that reach the score."""
    all_, heads, rows, reach = _products(cut, score)
    least = {"least": SCORES[score][1]}
    cases = [
        (all_.of("custom") & reach, Verdict(N_("{least} or more"), least, above=True, below=True)),
        (all_.of("custom"), Verdict(N_("Below {least}"), least, below=True)),
    ]
    return judged(heads, replace(rows, above=None), cases)


def shown(cut: Cut, score: Score, track: str) -> Ledger:
    """The track's products on show, above the line those that reach the score."""
    all_, heads, rows, reach = _products(cut, score)
    mine, least = all_.of(track), {"least": SCORES[score][1]}
    cases = [
        (
            mine & all_.on_show & reach,
            Verdict(N_("On show, {least} or more"), least, above=True, below=True),
        ),
        (mine & all_.on_show, Verdict(N_("On show, below {least}"), least, below=True)),
        (mine & reach, Verdict(N_("Not on show, though {least} or more"), least)),
        (mine, Verdict(N_("Not on show"))),
    ]
    return judged(heads, replace(rows, above=None), cases)


def rts_scored(cut: Cut, score: Score) -> Ledger:
    """RTS products that reach the score."""
    all_, heads, rows, reach = _products(cut, score)
    least = {"least": SCORES[score][1]}
    cases = [
        (all_.of("rts") & reach, Verdict(N_("{least} or more"), least, above=True)),
        (all_.of("rts"), Verdict(N_("Below {least}"), least)),
    ]
    return judged(heads, replace(rows, above=None), cases)


def tradable(cut: Cut) -> Ledger:
    """RTS products on sale, counted when they can be ordered."""
    all_, heads, rows, _ = _products(cut, "growth")
    cases = [
        (all_.tradable, Verdict(N_("Can be ordered"), above=True)),
        (all_.of("rts"), Verdict(N_("Without a price, or freight reaches no country"))),
    ]
    return judged(heads, replace(rows, above=None), cases)


def traffic(cut: Cut) -> Ledger:
    """Every visit, by the way it came."""
    _, buyers, seconds, sources, products = visits(cut)
    heads = Heads(PRODUCT, at=N_("Visited at"), value=N_("Came by"), unit="source")
    rows = Entries(kind="product", numbers=products, buyers=buyers, at=seconds, values=sources)
    return judged(heads, rows, [(np.ones(len(buyers), dtype=bool), Verdict(N_("Counts"), above=True))])


def index(cut: Cut, rules: Rules) -> Ledger:
    """What the opportunity index counts by these rules, weights in tenths (S4)."""
    return inquiries(cut, rules) if rules.index.counts == "inquiries" else opportunity_buyers(cut, rules)


def _talks(cut: Cut) -> tuple[marks.Talks, Ints, Bools]:
    """Talks of closed accounts too, with their numbers and whether the account is open."""
    columns = cut.columns(reads.each_talk)
    return marks.talks(cut, columns[:-2]), marks.ints(columns[-2]), marks.ints(columns[-1]) == 1


def inquiries(cut: Cut, rules: Rules) -> Ledger:
    """Inquiries of 30 days by the label of their buyer, as 5.0 counts them."""
    all_, numbers, is_open = _talks(cut)
    weights = marks.ints([rules.index.weights[legacy(each)] for each in all_.tiers])
    rows = Entries(
        kind="inquiry", numbers=numbers, buyers=all_.buyers, at=all_.at, values=weights, above=weights
    )
    cases = [
        (all_.inside & (all_.written == 0), Verdict(N_("A chat: version 5.0 counts inquiries alone"))),
        (all_.inside & ~is_open, CLOSED),
        (all_.inside, Verdict(N_("Counts with its weight"), above=True)),
    ]
    return judged(OPPORTUNITY, rows, cases)


def opportunity_buyers(cut: Cut, rules: Rules) -> Ledger:
    """Opportunities of 30 days, talks and direct orders; each buyer counts once, by the first."""
    all_, numbers, is_open = _talks(cut)
    tiers, _, *columns = cut.columns(reads.each_direct)
    buyers, at, orders, free = (marks.ints(column) for column in columns)
    inside = np.flatnonzero(all_.inside)
    known = marks.ints([rules.index.weights[each] for each in (*all_.tiers, *tiers)])
    weights = np.concatenate([known[inside], known[len(all_.tiers) :]])
    who, when = np.concatenate([all_.buyers[inside], buyers]), np.concatenate([all_.at[inside], at])
    rows = Entries(
        kind=np.repeat(["inquiry", "order"], [len(inside), len(orders)]),
        numbers=np.concatenate([numbers[inside], orders]),
        buyers=who,
        at=when,
        values=weights,
        above=weights,
    )
    cases = [
        (np.concatenate([is_open[inside], free == 1]) == 0, CLOSED),
        (earliest(who, when), Verdict(N_("The buyer's first opportunity"), above=True)),
        (np.ones(len(weights), dtype=bool), Verdict(N_("The buyer counts already"))),
    ]
    return judged(OPPORTUNITY, rows, cases)


def conversion(cut: Cut) -> Ledger:
    """Visitors of 30 days, above the line those with an opportunity after their first visit (5.0)."""
    return _visitors(visits(cut), opportunities(cut))


def own_conversion(cut: Cut) -> Ledger:
    """`conversion` without what the platform's prospect acquisition brought (S5)."""
    seen, acts = visits(cut), opportunities(cut)
    counted = _visitors(without_prospects(seen), without_prospects(acts))
    pairs, began, last = guests(seen, acts)
    others = ~np.isin(pairs % BUYERS, counted.numbers)
    rows = Entries(kind="buyer", numbers=pairs % BUYERS, buyers=pairs % BUYERS, at=began, then=last)
    brought = Verdict(N_("Came by the platform's prospect acquisition alone"))
    return joined(counted, judged(counted.heads, rows, [(others, brought)]))


def _visitors(seen: tuple[Ints, ...], acts: tuple[Ints, ...]) -> Ledger:
    pairs, began, last = guests(seen, acts)
    heads = Heads(BUYER, at=N_("First visit"), then=N_("Last opportunity"))
    rows = Entries(kind="buyer", numbers=pairs % BUYERS, buyers=pairs % BUYERS, at=began, then=last)
    cases = [
        (last >= began, Verdict(N_("An opportunity after the visit"), above=True, below=True)),
        (last == NONE, Verdict(N_("No opportunity"), below=True)),
        (last < began, Verdict(N_("The opportunity came before the visit"), below=True)),
    ]
    return judged(heads, rows, cases)


def _waits(cut: Cut) -> tuple[marks.Talks, Bools, Entries]:
    all_, numbers, is_open = _talks(cut)
    never = all_.replied == NEVER
    waits = np.where(never, NONE, all_.wait)
    rows = Entries(
        kind="inquiry",
        numbers=numbers,
        buyers=all_.buyers,
        at=all_.at,
        then=np.where(never, NONE, all_.replied),
        values=waits,
        above=waits,
    )
    return all_, is_open, rows


def replies(cut: Cut) -> Ledger:
    """First answers of 30 days, with the seconds until each."""
    all_, is_open, rows = _waits(cut)
    cases = [
        (all_.answered & ~is_open, CLOSED),
        (all_.answered, Verdict(N_("Counts with its wait"), above=True, below=True)),
        (all_.inside, Verdict(N_("Not answered by then"))),
    ]
    return judged(TALK, rows, cases)


def answers(cut: Cut) -> Ledger:
    """Talks whose first day ended in the last 30 days, above the line those answered in it."""
    all_, is_open, rows = _waits(cut)
    cases = [
        (all_.asked & ~is_open, CLOSED),
        (all_.asked & all_.in_day, Verdict(N_("Answered within 24 hours"), above=True, below=True)),
        (all_.asked, Verdict(N_("Not answered within 24 hours"), below=True)),
    ]
    return judged(TALK, replace(rows, above=None), cases)
