"""The benefits center as its page and the JSON API tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from august.benefits import queries
from august.benefits.models import STATES, Grant
from august.benefits.queries import Pile, Standing
from august.benefits.rules import DAY, STARS, WHOLE, Benefit, Decision, rate_text
from august.benefits.words import BADGES, FAMILIES
from august.festival.rules import taken_elsewhere
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.features import DigestLine, Hit
from august.kernel.words import N_, Phrase
from august.trade.rules import countdown
from august.web.i18n import say

HITS = 5
TICK, NOTHING = "tick", "none"


@dataclass(frozen=True)
class Cell:
    """What a star gets: `text` is ready, or one of tick and none; `only` names the members it is kept for."""

    star: int
    text: str
    only: str | None


@dataclass(frozen=True)
class Line:
    """A benefit of the table: a cell for each star from 5 to 1, the store's own decision and grant."""

    benefit: Benefit
    cells: Sequence[Cell]
    decision: Decision | None
    grant: Grant | None


@dataclass(frozen=True)
class Held:
    """A grant on the page: what it is, how much is left, what can be done about it."""

    grant: Grant
    benefit: Benefit
    left: int | None
    countdown: Phrase | None
    can: str | None
    pile: Pile | None

    @property
    def sold_out(self) -> bool:
        """Whether less than the store's share of the month's stock is left."""
        return self.pile is not None and self.pile.left < (self.grant.quantity or 0)


@dataclass(frozen=True)
class Stock:
    """A month's stock on the page."""

    benefit: Benefit
    pile: Pile
    share: int | None


@dataclass(frozen=True)
class Center:
    """Everything of the benefits center but its history."""

    standing: Standing | None
    lines: Sequence[Line]
    held: Sequence[Held]
    stocks: Sequence[Stock]
    curve: Sequence[tuple[int, float]]

    @property
    def groups(self) -> Mapping[str, Sequence[Line]]:
        """The lines by family, in the order of the platform's table."""
        return {family: [line for line in self.lines if line.benefit.family == family] for family in FAMILIES}

    @property
    def waiting(self) -> int:
        """How many benefits can be claimed or begun now."""
        return sum(held.can is not None and not held.sold_out for held in self.held)


def center(ctx: Context) -> Center:
    """The page of the acting store, in five statements; without an evaluation only the table."""
    table, here = queries.catalogue(ctx), queries.standing(ctx)
    if here is None:
        return Center(None, [Line(each, cells(ctx, each), None, None) for each in table.values()], (), (), ())
    decided = queries.decisions(ctx, here)
    grants = queries.mine(ctx, here.month)
    current = {grant.code: grant for grant in grants if grant.month == here.month}
    shares = {code: grant.quantity or 1 for code, grant in current.items()}
    found = queries.piles(ctx, here.month, shares)
    lines = [
        Line(each, cells(ctx, each), decided.get(code), current.get(code)) for code, each in table.items()
    ]
    mine = [
        held(ctx, grant, table[grant.code], found.get(grant.code) if grant.month == here.month else None)
        for grant in grants
        if table[grant.code].kind != "standing"
    ]
    stocks = [
        Stock(table[code], pile, current[code].quantity if code in current else None)
        for code, pile in found.items()
    ]
    return Center(here, lines, mine, stocks, curve(ctx, here))


def cells(ctx: Context, benefit: Benefit) -> list[Cell]:
    """A benefit's cells, the highest star first, as the platform's table has them."""
    bands = [band.quantity for band in queries.scores(ctx).bands]
    found = []
    for star in reversed(STARS):
        amount = benefit.amounts[star - 1]
        text = NOTHING
        if amount and benefit.rates is not None:
            text = rate_text(benefit.rates[star - 1])
        elif amount and benefit.by_score:
            text = f"{min(bands)}\u2013{max(bands)}"
        elif amount:
            text = str(amount) if benefit.counted else TICK
        only = BADGES[benefit.members[0]] if amount and benefit.needs_member(star) else None
        found.append(Cell(star, text, only))
    return found


def held(ctx: Context, grant: Grant, benefit: Benefit, pile: Pile | None) -> Held:
    """A grant as it stands now; `pile` is the stock it is claimed from, if any."""
    open_now = grant.state in queries.OPEN and ctx.now < grant.valid_until
    can = benefit.how if grant.state == "issued" and open_now and ctx.now >= grant.valid_from else None
    return Held(
        grant=grant,
        benefit=benefit,
        left=None if grant.quantity is None else grant.quantity - grant.used,
        countdown=countdown(to_epoch(ctx.now), to_epoch(grant.valid_until)) if open_now else None,
        can=can,
        pile=pile if grant.state == "issued" else None,
    )


def curve(ctx: Context, here: Standing) -> list[tuple[int, float]]:
    """Days since the publication and the percent of every stock that the rest of the platform has left."""
    rules = queries.stocks(ctx)
    days = (here.times.month_end - here.times.published) // timedelta(days=1)
    return [(day, (WHOLE - taken_elsewhere(WHOLE, day * DAY, rules.curve)) / 10) for day in range(days + 1)]


def why(ctx: Context, key: str) -> Node:
    """Why the store has a benefit, or has not: `benefit/{code}`; claimed ones also by when and how many."""
    benefit = queries.catalogue(ctx).get(key)
    if benefit is None:
        raise Refusal(
            "benefit.no_such", N_("There is no benefit {key}."), params={"key": key[:24]}, status=404
        )
    here = queries.standing(ctx)
    if here is None:
        return Node(
            N_("No star was published for this store yet: there are no benefits."),
            rule="S7",
            outcome="bad",
            remedy=N_("Stars are published on the 5th of each month."),
        )
    decision = queries.decisions(ctx, here)[key]
    more = list(_claiming(ctx, benefit, here, decision)) if decision.granted else []
    node = decision.why
    following = Node(
        N_("The next evaluation is published at {at}"),
        {"at": here.times.following},
        rule="S7-windows",
        outcome="note",
    )
    return Node(
        node.message, node.params, node.rule, (*node.children, *more, following), node.outcome, node.remedy
    )


def _claiming(ctx: Context, benefit: Benefit, here: Standing, decision: Decision) -> Sequence[Node]:
    """The time and the stock of a benefit that is claimed by hand."""
    if benefit.kind != "monthly":
        return ()
    grant = queries.issued(ctx, benefit.code, here.month)
    if grant is not None and grant.claimed_at is not None:
        text = N_("Claimed at {at}; used: {used} of {quantity}")
        told = {"at": grant.claimed_at, "used": grant.used, "quantity": grant.quantity}
        return (Node(text, told, rule="S7-rfq", outcome="ok"),)
    inside = here.times.published <= ctx.now < here.times.month_end
    window = Node(
        N_("Claimed and used from {start} until {end}"),
        {"start": here.times.published, "end": here.times.month_last},
        rule="S7-rfq",
        outcome="ok" if inside else "bad",
        remedy=None if inside else N_("Wait for the next publication on the 5th, and claim soon after it."),
    )
    share = decision.quantity or 0
    pile = queries.piles(ctx, here.month, {benefit.code: share})[benefit.code]
    enough = pile.left >= share
    stock = Node(
        N_("Your share is {share}; {left} of this month's {stock} are left"),
        {"share": share, "left": pile.left, "stock": pile.stock},
        rule="S7-stock",
        outcome="ok" if enough else "bad",
        remedy=None if enough else N_("Wait for the next publication on the 5th, and claim soon after it."),
    )
    return window, stock


def names(grants: Sequence[Grant], table: Mapping[str, Benefit]) -> list[tuple[Grant, Benefit]]:
    """Grants with what they are."""
    return [(grant, table[grant.code]) for grant in grants]


def find(ctx: Context, text: str) -> list[Hit]:
    """Benefits by their name in either language, for Ctrl-K."""
    words = text.strip().casefold()[:100]
    if ctx.actor.merchant is None or not words:
        return []
    found = [
        Hit(say(each.title), N_("Benefit"), f"/benefits#{each.code}")
        for each in queries.catalogue(ctx).values()
        if any(words in name.casefold() for name in each.title.values())
    ]
    return found[:HITS]


def digest(ctx: Context, since: datetime, until: datetime) -> list[DigestLine]:
    """What a jump issued and left to be claimed, and what it ended."""
    fresh = queries.counts(ctx, Grant.issued_at, since, until, *STATES)
    over = queries.counts(ctx, Grant.ended_at, since, until, "revoked")
    waiting, _ = queries.to_claim(ctx)
    found = []
    if fresh:
        text = N_("Benefits issued: {count}, to be claimed by hand: {waiting}")
        found.append(DigestLine(text, {"count": fresh, "waiting": waiting}, "/benefits"))
    if over:
        found.append(DigestLine(N_("Benefits revoked: {count}"), {"count": over}, "/benefits"))
    return found
