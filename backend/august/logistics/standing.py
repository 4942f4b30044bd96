"""How a store stands to each logistics offer: conditions, progress, quota, what it brought and lost."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from august.festival import quotas
from august.festival.conditions import available, in_service
from august.festival.offer import Pieces, Progress, Standing
from august.kernel.clock import Window
from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.words import N_, Phrase
from august.logistics.judging import CONDITIONS, Facts, member_met, paid_in
from august.logistics.models import Coupon, LogisticsOrder
from august.logistics.orders import EXPRESS
from august.logistics.position import (
    Position,
    express_history,
    express_shipped,
    position,
    values,
)
from august.logistics.rules import REDUCTIONS, RULE_OF, ExpressRules
from august.logistics.words import WHY_LOST
from august.merchants.models import Merchant

RULE = "F6"
# Until when a reduction is only promised.
PROMISED: Mapping[str, tuple[str, ...]] = {
    "multimodal": ("placed",),
    "charter": ("placed",),
    "small_parcel": ("placed",),
    "fcl_us_west": ("placed", "paid", "picked_up"),
}
Sums = Mapping[str, Sequence[tuple[str, str | None, int, int, int]]]


def all_standings(ctx: Context) -> dict[str, Standing]:
    """The five offers, in the order of the rules."""
    here, sums = position(ctx), _sums(ctx)
    return {"express": express(ctx), **{code: _reduction(ctx, code, here, sums) for code in REDUCTIONS}}


def reduction(ctx: Context, code: str) -> Standing:
    """One reduction as the acting store stands to it now (F7-F10)."""
    return _reduction(ctx, code, position(ctx), _sums(ctx))


def _sums(ctx: Context) -> Sums:
    """Discounts and losses of the store's orders by offer and state."""
    asked = (
        select(
            LogisticsOrder.offer,
            LogisticsOrder.state,
            LogisticsOrder.lost_why,
            func.count(),
            func.sum(LogisticsOrder.discount),
            func.sum(LogisticsOrder.lost),
        )
        .where(LogisticsOrder.merchant_id == ctx.merchant, LogisticsOrder.offer.is_not(None))
        .group_by(LogisticsOrder.offer, LogisticsOrder.state, LogisticsOrder.lost_why)
    )
    found: dict[str, list[tuple[str, str | None, int, int, int]]] = {}
    for offer, state, why, count, saved, lost in ctx.session.execute(asked):
        found.setdefault(str(offer), []).append((state, why, count, int(saved), int(lost)))
    return found


def _reduction(ctx: Context, code: str, here: Position, sums: Sums) -> Standing:
    currency = "USD" if code == "fcl_us_west" else "CNY"
    count: Counter[str] = Counter()
    saved: Counter[str] = Counter()
    reasons: list[Phrase] = []
    for state, why, many, discount, lost in sums.get(code, ()):
        if why is not None:
            count["lost"] += many
            saved["lost"] += lost
            reasons.append(Phrase(WHY_LOST[why]))
        elif state != "cancelled":
            name = "locked" if state in PROMISED[code] else "settled"
            count[name] += many
            saved[name] += discount
    locked, settled, lost_ = (
        Pieces(count[name], saved[name], currency) for name in ("locked", "settled", "lost")
    )
    conditions = CONDITIONS[code](here.facts[code], values(ctx, RULE_OF[code]))
    return Standing(
        tuple(conditions),
        quota=here.quotas.get(code),
        locked=locked,
        settled=settled,
        lost=lost_,
        reasons=tuple(reasons),
    )


def express(ctx: Context) -> Standing:
    """F6 as the acting store stands to it now, in six statements."""
    rules: ExpressRules = values(ctx, "F6")
    store = ctx.session.get_one(Merchant, ctx.merchant)
    before, done = express_history(ctx), express_shipped(ctx)
    quota = quotas.standing(ctx, EXPRESS)
    facts = Facts(ctx.now, member=in_service(store, ctx.now))
    conditions = [member_met(facts, RULE), history_met(before, rules)]
    window: Window = rules.shipping.window
    if quota.mine:
        text = N_("Five orders were shipped in time: a place is yours")
        conditions.append(Node(text, rule=RULE, outcome="ok"))
    else:
        conditions += [paid_in(ctx.now, window, RULE), available(quota)]
    coupons = dict(
        ctx.session.execute(
            select(Coupon.state, func.count())
            .where(Coupon.merchant_id == ctx.merchant)
            .group_by(Coupon.state)
        ).all()
    )
    gone = sum(coupons.get(state, 0) for state in ("expired", "void"))
    free = sum(coupons.get(state, 0) for state in ("issued", "returned", "locked"))
    used = coupons.get("redeemed", 0)
    reasons = [Phrase(N_("Coupons that ended unused"))] if coupons.get("expired") else []
    return Standing(
        tuple(conditions),
        progress=Progress(min(done, rules.orders), rules.orders, N_("orders shipped")),
        quota=quota,
        locked=Pieces(free, free * rules.coupon_fen, "CNY"),
        settled=Pieces(used, used * rules.coupon_fen, "CNY"),
        lost=Pieces(gone, gone * rules.coupon_fen, "CNY"),
        reasons=tuple(reasons),
    )


def history_met(before: int, rules: ExpressRules) -> Node:
    """F6: fewer than five valid express and air orders a month."""
    window, most = rules.history.window, rules.fewer_than * rules.months
    told = {
        "count": before,
        "most": most,
        "months": rules.months,
        "limit": rules.fewer_than,
        "first": window.start,
        "last": window.last_second,
    }
    if before < most:
        text = N_("{count} valid express and air orders from {first} to {last}: fewer than {most}")
        return Node(text, told, rule=RULE, outcome="ok")
    text = N_("{count} valid express and air orders from {first} to {last}: {most} and more do not fit")
    return Node(
        text,
        told,
        rule=RULE,
        outcome="bad",
        remedy=N_("It is for stores that shipped less than {limit} a month."),
    )
