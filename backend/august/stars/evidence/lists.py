"""The evidence of an indicator or a bonus: its rows at a cut, what they add up to, what was issued."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
import numpy as np

from august.kernel.context import Context
from august.kernel.explain import Node
from august.stars import queries
from august.stars.bonus import Bonus
from august.stars.counts import goods, proofs
from august.stars.cut import Cut
from august.stars.evidence import store, strength, trade
from august.stars.evidence.ledger import Bools, Ledger
from august.stars.explain import why_local
from august.stars.inputs import MEASURES, Measure
from august.stars.models import Evaluation, Prediction
from august.stars.overview import VERSIONS
from august.stars.rules import (
    ABILITIES,
    INDEX,
    Indicator,
    Rules,
    Track,
    ability_points,
    inputs_of,
    rules_at,
    rules_of,
    star_of,
)
from august.stars.words import LOCAL, STRENGTH

LOCAL_GMV = Measure("local_gmv")
LEDGERS: Mapping[str, Callable[[Cut, Rules], Ledger]] = {
    "growth": lambda cut, _: store.average(cut, "growth"),
    "power": lambda cut, _: store.average(cut, "power"),
    "high_share": lambda cut, _: store.share(cut, "growth"),
    "strong_share": lambda cut, _: store.share(cut, "power"),
    "shown_high": lambda cut, _: store.shown(cut, "growth", "custom"),
    "shown_strong": lambda cut, _: store.shown(cut, "power", "custom"),
    "rts_shown_high": lambda cut, _: store.shown(cut, "growth", "rts"),
    "rts_shown_strong": lambda cut, _: store.shown(cut, "power", "rts"),
    "tradable": lambda cut, _: store.tradable(cut),
    "rts_high": lambda cut, _: store.rts_scored(cut, "growth"),
    "rts_strong": lambda cut, _: store.rts_scored(cut, "power"),
    "traffic": lambda cut, _: store.traffic(cut),
    INDEX: store.index,
    "conversion": lambda cut, _: store.conversion(cut),
    "own_conversion": lambda cut, _: store.own_conversion(cut),
    "reply": lambda cut, _: store.replies(cut),
    "communication": lambda cut, _: store.answers(cut),
    "custom_gmv": lambda cut, _: trade.gmv(cut, "custom"),
    "custom_payment": lambda cut, _: trade.payment(cut, "custom"),
    "custom_repurchase": lambda cut, _: trade.repurchase(cut, "custom"),
    "rts_gmv": lambda cut, _: trade.gmv(cut, "rts"),
    "rts_payment": lambda cut, _: trade.payment(cut, "rts"),
    "rts_repurchase": lambda cut, _: trade.repurchase(cut, "rts"),
    "rts_payers": lambda cut, _: trade.payers(cut, "rts"),
    "points": lambda cut, _: trade.points(cut),
    "rating": lambda cut, _: trade.rating(cut),
    "on_time": lambda cut, _: trade.shipment(cut, "custom", "rts"),
    "dispute_rate": lambda cut, _: trade.disputes(cut),
    "trace": lambda cut, _: trade.traces(cut),
    "certainty": lambda cut, _: trade.shipment(cut, "rts"),
    LOCAL: lambda cut, _: trade.local_gmv(cut),
}


class Source(msgspec.Struct, frozen=True):
    """What a list is evidence for: how things stand, this morning's prediction, or the evaluation in force.

    `kept` is None for how things stand: nothing was issued.
    """

    key: str
    at: datetime
    rules: Rules
    kept: Evaluation | Prediction | None


class Subject(msgspec.Struct, frozen=True):
    """An indicator of a track, or one of its bonuses, which has no indicator."""

    track: Track
    name: str
    measure: str
    indicator: Indicator | None
    # Only the version that evaluates nobody knows it.
    preview: bool = False


class Sums(msgspec.Struct, frozen=True):
    """What rows add up to above the line and below it (None: nothing is divided), and what that is."""

    top: int
    bottom: int | None
    value: int


class Sheet(msgspec.Struct, frozen=True):
    """A subject's rows at a source's cut; `issued` is what an issued result was made from."""

    source: Source
    subject: Subject
    ledger: Ledger
    sums: Sums
    issued: Sums | None
    bonus: Bonus | None = None
    # What local-service trade brings.
    local: Node | None = None


def sources(ctx: Context) -> dict[str, Source]:
    """What evidence can be shown for now."""
    found = {"now": Source("now", queries.today(ctx), rules_at(ctx.rulebook, ctx.now), None)}
    morning = ctx.session.get(Prediction, (ctx.merchant, queries.today(ctx)))
    if morning is not None:
        rules = rules_of(ctx.rulebook, morning.version)
        found["prediction"] = Source("prediction", morning.at, rules, morning)
    current = queries.current(ctx)
    if current is not None:
        rules = rules_of(ctx.rulebook, current.version)
        found["evaluation"] = Source("evaluation", current.cut_at, rules, current)
    return found


def subject(ctx: Context, source: Source, track: Track, name: str) -> Subject | None:
    """What a name means on a track under the source's rules, or under the preview for how things stand."""
    if track == "custom" and name == STRENGTH:
        return Subject(track, name, name, None)
    if track == "custom" and name == LOCAL and source.rules.machinery is not None:
        return Subject(track, name, name, None)
    found = _indicator(source.rules, track, name)
    if found is not None:
        return Subject(track, name, found.measure, found)
    ahead = _indicator(rules_of(ctx.rulebook, VERSIONS[-1]), track, name) if source.kept is None else None
    return None if ahead is None else Subject(track, name, ahead.measure, ahead, preview=True)


def _indicator(rules: Rules, track: Track, name: str) -> Indicator | None:
    mine = (each for ability in ABILITIES[track] for each in rules.stars.of(track, ability))
    return next((each for each in mine if each.name == name), None)


def cut_of(ctx: Context, source: Source) -> Cut:
    """The reading of the acting store that a source asks for."""
    return Cut(ctx, source.at, ctx.merchant, live=source.kept is None)


def sheet(ctx: Context, source: Source, asked: Subject) -> Sheet:
    """The rows of a subject at a source's cut, and what they add up to."""
    cut = cut_of(ctx, source)
    issued = None if source.kept is None else inputs_of(source.kept.inputs)
    if asked.measure == STRENGTH:
        return _strength(cut, source, asked, issued)
    ledger = LEDGERS[asked.measure](cut, source.rules)
    top, bottom = int(ledger.top.sum()), int(ledger.bottom.sum())
    was = None if issued is None else sums_of(asked.measure, issued, source.rules)
    sums = _sums(asked.measure, top, bottom, source.rules)
    local = _local(cut, source.rules, top) if asked.measure == LOCAL else None
    return Sheet(source, asked, ledger, sums, was, local=local)


def _local(cut: Cut, rules: Rules, cents: int) -> Node:
    """What local-service trade brings at the trade star before it (S6)."""
    values = {}
    for each in rules.stars.of("custom", "trade"):
        rows = LEDGERS[each.measure](cut, rules)
        values[each.measure] = _sums(each.measure, int(rows.top.sum()), int(rows.bottom.sum()), rules).value
    before = star_of(ability_points(values, rules, "custom", "trade"), rules.frame)
    return why_local(rules, queries.industries()[int(goods(cut)["industry"][0])], cents, before)


def _sums(measure: str, top: int, bottom: int, rules: Rules) -> Sums:
    if measure == INDEX:
        return Sums(top, None, rules.index.index(top))
    made = LOCAL_GMV if measure == LOCAL else MEASURES[measure]
    if made.bottom is None:
        return Sums(top, None, made.of({made.top: top}))
    return Sums(top, bottom, made.of({made.top: top, made.bottom: bottom}))


def sums_of(measure: str, inputs: Mapping[str, int], rules: Rules) -> Sums:
    """What the counts of a store say of a measure."""
    if measure == INDEX:
        return _sums(measure, rules.index.weight(inputs), 0, rules)
    made = LOCAL_GMV if measure == LOCAL else MEASURES[measure]
    return _sums(measure, inputs[made.top], inputs[made.bottom] if made.bottom else 0, rules)


def _strength(cut: Cut, source: Source, asked: Subject, issued: Mapping[str, int] | None) -> Sheet:
    """The proofs; what they add up to is cut by caps, and is nothing while the bonus is not open (S3)."""
    inputs = {name: int(column[0]) for name, column in {**goods(cut), **proofs(cut)}.items()}
    industry = queries.industries()[inputs["industry"]]
    ledger = strength.strength(cut, source.rules.bonus, industry)
    bonus = source.rules.bonus.of(inputs, industry)
    was = None
    if issued is not None:
        total = source.rules.bonus.of(issued, queries.industries()[issued["industry"]]).total
        was = Sums(total, None, total)
    return Sheet(source, asked, ledger, Sums(int(ledger.top.sum()), None, bonus.total), was, bonus)


def parts(sheet_: Sheet) -> dict[str, Bools]:
    """The rows by what became of them: counted above the line, only below it, left out."""
    above, below = sheet_.ledger.marked("above"), sheet_.ledger.marked("below")
    found = {"above": above, "below": below & ~above, "out": ~above & ~below}
    if sheet_.sums.bottom is None:
        del found["below"]
    return {name: rows for name, rows in found.items() if np.any(rows)}
