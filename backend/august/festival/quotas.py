"""Quotas of the whole platform: what is left, taking a piece, giving it back (K5).

Writers of a world go one after the other, so that looking and taking are one step.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select

from august.festival.models import QuotaClaim
from august.festival.rules import QuotaRule, QuotaRules
from august.kernel.bulk import insert_rows
from august.kernel.clock import PACIFIC, from_local
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.plain import plain, tuples
from august.kernel.words import N_

# F: the festival begins; the curves of K5 count from here.
BEGAN = from_local(PACIFIC, "2022-09-01 00:00:00")


@dataclass(frozen=True)
class Quota:
    """A quota as it stands now: for everybody, and for one store."""

    code: str
    rule: QuotaRule
    elsewhere: int
    # Taken by the stores of this world, one's own store included.
    claimed: int
    mine: int
    sells_out: datetime | None

    @property
    def left(self) -> int:
        """What is left for anybody."""
        return max(0, self.rule.total - self.elsewhere - self.claimed)

    @property
    def mine_left(self) -> int | None:
        """What the store may still take; None where only the whole is limited."""
        return None if self.rule.merchant is None else max(0, self.rule.merchant - self.mine)

    @property
    def open(self) -> bool:
        """Whether the store can take one now."""
        return self.left > 0 and self.mine_left != 0


def quota_rule(ctx: Context, code: str) -> QuotaRule:
    """The numbers of a quota (K5); KeyError for an unknown one."""
    values: QuotaRules = ctx.rulebook.values("K5", ctx.now)
    return values.quotas[code]


def seconds_in(at: datetime) -> int:
    """Seconds since the festival began."""
    return int((at - BEGAN).total_seconds())


def standing(ctx: Context, code: str, merchant: int | None = None) -> Quota:
    """A quota now, seen by a store (one's own unless another is named).

    One statement tells all quotas; a page that shows several asks once, whatever may be written asks anew.
    """
    rule, store = quota_rule(ctx, code), merchant or ctx.merchant
    kept = {} if ctx.writable else ctx.kept
    key = f"festival.claims.{store}"
    if key not in kept:
        kept[key] = _claimed(ctx, store)
    claimed, own = kept[key].get(code, (0, 0))
    end = rule.sells_out(claimed)
    sells_out = None if end is None else BEGAN + timedelta(seconds=end)
    return Quota(code, rule, rule.elsewhere(seconds_in(ctx.now)), claimed, own, sells_out)


def _claimed(ctx: Context, store: int) -> dict[str, tuple[int, int]]:
    """By quota: the pieces that stores of this world hold, and those of one store."""
    mine = func.count().filter(QuotaClaim.merchant_id == store)
    asked = select(QuotaClaim.code, func.count(), mine).where(QuotaClaim.returned_at.is_(None))
    found = ctx.session.execute(asked.group_by(QuotaClaim.code))
    return {code: (claimed, own) for code, claimed, own in found}


def claim(ctx: Context, code: str, about: tuple[str, int], merchant: int | None = None) -> QuotaClaim | None:
    """Take one piece for something; None when nothing is left for the store."""
    store = merchant or ctx.merchant
    if not standing(ctx, code, store).open:
        return None
    taken = QuotaClaim(
        code=code,
        merchant_id=store,
        about_kind=about[0],
        about_id=about[1],
        at=ctx.now,
        returned_at=None,
    )
    ctx.session.add(taken)
    ctx.session.flush()
    return taken


@cache
def _held() -> Select[Any]:
    """How many pieces of each quota each store holds."""
    table = plain(QuotaClaim)
    asked = select(table.c.code, table.c.merchant_id, func.count()).where(table.c.returned_at.is_(None))
    return asked.group_by(table.c.code, table.c.merchant_id)


def claim_many(ctx: Context, wanted: Sequence[tuple[str, int]], about: tuple[str, int]) -> int:
    """Take a piece of a quota for each of many (code, store), in their order, as far as there is any.

    Two statements however many; returns how many were taken.
    """
    connection = ctx.session.connection()
    held = {(code, store): count for code, store, count in tuples(connection, _held())}
    gone: Counter[str] = Counter()
    for (code, _), count in held.items():
        gone[code] += count
    at, taken = to_epoch(ctx.now), []
    for code, store in wanted:
        rule = quota_rule(ctx, code)
        mine = held.get((code, store), 0)
        if rule.left(seconds_in(ctx.now), gone[code]) < 1 or mine == rule.merchant:
            continue
        held[code, store] = mine + 1
        gone[code] += 1
        row = {"code": code, "merchant_id": store, "at": at, "returned_at": None}
        taken.append({**row, "about_kind": about[0], "about_id": about[1]})
    insert_rows(connection, QuotaClaim, taken)
    return len(taken)


def give_back(ctx: Context, code: str, about: tuple[str, int]) -> bool:
    """Return the piece that was taken for something; False when none was, or it was returned before."""
    asked = select(QuotaClaim).where(
        QuotaClaim.code == code,
        QuotaClaim.about_kind == about[0],
        QuotaClaim.about_id == about[1],
        QuotaClaim.returned_at.is_(None),
    )
    taken = ctx.session.scalars(asked).one_or_none()
    if taken is None:
        return False
    taken.returned_at = ctx.now
    return True


def explain(quota: Quota) -> Node:
    """How much is left and why."""
    rule, children = quota.rule, []
    if quota.mine_left is not None:
        children.append(
            Node(
                N_("Your store took {mine} of at most {most}"),
                {"mine": quota.mine, "most": rule.merchant},
                rule="K5",
                outcome="ok" if quota.mine_left else "bad",
            )
        )
    taken = {"total": rule.total, "elsewhere": quota.elsewhere, "claimed": quota.claimed, "left": quota.left}
    return Node(
        N_(
            "{left} left = {total} − {elsewhere} taken by the rest of the platform − {claimed} by this market"
        ),
        taken,
        rule="K5",
        outcome="ok" if quota.left else "bad",
        children=tuple(children),
    )


def why(ctx: Context, key: str) -> Node:
    """Why so much of a quota is left: `quota/{code}`."""
    values: QuotaRules = ctx.rulebook.values("K5", ctx.now)
    if key not in values.quotas:
        raise Refusal(
            "quota.unknown",
            N_("There is no quota {code}; there are: {codes}."),
            params={"code": key[:40], "codes": sorted(values.quotas)},
            status=404,
        )
    return explain(standing(ctx, key))
