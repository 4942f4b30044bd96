"""What the offers' conditions ask about a store, and how the offers judge it now (F6-F10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select

from august.catalog import carriers, lines, taxonomy
from august.catalog.models import FreightLine, LineStart, Product
from august.festival import quotas
from august.festival.conditions import in_service
from august.festival.quotas import Quota
from august.kernel.clock import Window
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.plain import among, first, plain
from august.logistics.judging import Facts, Judgement, Ticket, best, choose, judge
from august.logistics.models import Coupon, LogisticsOrder
from august.logistics.rules import REDUCTIONS, RULE_OF, ExpressRules, HistoryRules, SmallParcelRules
from august.merchants.models import Merchant
from august.trade.models import Order, Shipment

# Reductions with a quota of the whole platform.
QUOTAS = ("multimodal", "charter", "fcl_us_west")
FREE = ("issued", "returned")


def values(ctx: Context, rule: str) -> Any:
    """The numbers of a rule in force now."""
    return ctx.rulebook.values(rule, ctx.now)


def smallest(ctx: Context) -> int:
    """The least that is ever paid, in minor units (M2)."""
    least: int = values(ctx, "F-logistics").smallest_payment
    return least


def reduction_of(ctx: Context, line: str) -> str | None:
    """The platform reduction meant for a line; None where there is none."""
    for code in ("multimodal", "charter", "small_parcel"):
        if line in values(ctx, RULE_OF[code]).lines:
            return code
    service = carriers.standing().services.get(line)
    return "fcl_us_west" if service is not None and service.label is not None else None


@dataclass(frozen=True)
class Position:
    """A store as the reductions see it now, its free coupons, the quotas it would take from."""

    facts: Mapping[str, Facts]
    quotas: Mapping[str, Quota]
    coupons: Sequence[Coupon]


def position(ctx: Context) -> Position:
    """Everything the reductions and coupons ask about the acting store, in ten statements."""
    store = ctx.session.get_one(Merchant, ctx.merchant)
    found = {code: quotas.standing(ctx, code) for code in QUOTAS}
    parcel: SmallParcelRules = values(ctx, "F9")
    before, first, products = configured(ctx, parcel)
    base = Facts(at=ctx.now, member=in_service(store, ctx.now))
    facts = {
        "multimodal": replace(base, shipped_before=shipped_multimodal(ctx)),
        "charter": base,
        "small_parcel": replace(
            base,
            mine_left=parcel.merchant - used(ctx, "small_parcel"),
            configured_before=before,
            configured_at=first,
            products=products,
        ),
        "fcl_us_west": replace(base, forwarder=forwarder(ctx), partner=partner(ctx, store)),
    }
    facts |= {
        code: replace(facts[code], left=quota.left, mine_left=quota.mine_left)
        for code, quota in found.items()
    }
    return Position(facts, found, free_coupons(ctx))


def judged(
    ctx: Context, here: Position, line: str, base: int, benefit: str = "best"
) -> tuple[Judgement | None, Judgement | None, Judgement | None]:
    """For a base freight by a line: the reduction, the coupon, and the one that is taken (F-logistics)."""
    code, least = reduction_of(ctx, line), smallest(ctx)
    reduction = (
        None if code is None else judge(code, base, here.facts[code], values(ctx, RULE_OF[code]), least)
    )
    coupon = None
    if line in values(ctx, "F6").lines and here.coupons:
        coupon = choose([ticket_of(each) for each in here.coupons], base, ctx.now, least)
    wanted = {"best": (reduction, coupon), "offer": (reduction,), "coupon": (coupon,), "none": ()}[benefit]
    return reduction, coupon, best(each for each in wanted if each is not None)


def ticket_of(coupon: Coupon) -> Ticket:
    """A stored coupon as rules see it."""
    window = Window(coupon.valid_from, coupon.valid_until)
    return Ticket(coupon.id, coupon.fen, coupon.least_fen, window, coupon.state in FREE)


def free_coupons(ctx: Context) -> Sequence[Coupon]:
    """The store's coupons that are neither locked nor over, the oldest first."""
    asked = select(Coupon).where(Coupon.merchant_id == ctx.merchant, Coupon.state.in_(FREE))
    return ctx.session.scalars(asked.order_by(Coupon.id)).all()


def used(ctx: Context, code: str) -> int:
    """How many paid orders of the store had a reduction and were not cancelled."""
    asked = select(func.count()).where(
        LogisticsOrder.merchant_id == ctx.merchant,
        LogisticsOrder.offer == code,
        LogisticsOrder.paid_at.is_not(None),
        LogisticsOrder.state != "cancelled",
    )
    return ctx.session.scalar(asked) or 0


def configured(ctx: Context, rules: SmallParcelRules) -> tuple[bool, datetime | None, int]:
    """F9: whether a small parcel line was configured before, when the first after, products tied to it."""
    window = rules.configured.window
    asked = select(LineStart.line, LineStart.since).where(
        LineStart.merchant_id == ctx.merchant, LineStart.line.in_(rules.lines)
    )
    since = dict(ctx.session.execute(asked).all())
    before = any(at < window.start for at in since.values())
    after = [at for at in since.values() if at >= window.start]
    inside = [line for line, at in since.items() if window.contains(at)]
    if not inside:
        return before, min(after, default=None), 0
    templates = select(FreightLine.template_id).where(FreightLine.line.in_(inside))
    tied = (
        select(func.count())
        .where(
            Product.merchant_id == ctx.merchant,
            Product.kind == "rts",
            Product.status == "on_sale",
            Product.freight_template_id.in_(templates),
        )
        .group_by(Product.freight_template_id)
    )
    return before, min(after, default=None), max(ctx.session.scalars(tied), default=0)


def forwarder(ctx: Context) -> bool:
    """F10: whether the store deals in logistics services."""
    industry = taxonomy.standing().industries["business_services"]
    wanted = values(ctx, "F10").forwarders
    leaves = [leaf.code for second in industry.seconds if second.code == wanted for leaf in second.leaves]
    asked = {"store": ctx.merchant, "leaves": leaves}
    return first(ctx.session.connection(), _sells(), asked) is not None


@cache
def _sells() -> Select[Any]:
    """A product of some leaves that a store has on sale."""
    product = plain(Product)
    mine = product.c.merchant_id == bindparam("store"), product.c.status == "on_sale"
    return select(product.c.id).where(*mine, among(product.c.leaf, "leaves")).limit(1)


def partner(ctx: Context, store: Merchant) -> bool:
    """F10: whether the company's title is a partner's."""
    return any(word in store.name_zh for word in values(ctx, "F10").partners)


def shipped_multimodal(ctx: Context) -> bool:
    """F7: whether anything left by a multimodal line in the months that are looked at."""
    rules = values(ctx, "F7")
    return _shipped(ctx, _lines(rules.families), rules.history.window) > 0


def express_history(ctx: Context) -> int:
    """F6-history: the store's valid express and air orders of July and August."""
    rules: ExpressRules = values(ctx, "F6")
    kinds: HistoryRules = values(ctx, "F6-history")
    return _shipped(ctx, _lines(kinds.families), rules.history.window)


def _lines(families: Sequence[str]) -> list[str]:
    """The lines of some families, of templates and of the platform's logistics."""
    known: dict[str, str] = {code: line.family for code, line in lines.standing().lines.items()}
    known |= {code: line.family for code, line in carriers.standing().lines.items()}
    return sorted(code for code, family in known.items() if family in families)


def _shipped(ctx: Context, codes: Sequence[str], window: Window) -> int:
    """Orders whose first goods by these lines left inside a window, and others' goods by the platform's."""
    span = {"start": to_epoch(window.start), "end": to_epoch(window.end)}
    asked = {"store": ctx.merchant, "lines": list(codes), **span}
    return int(first(ctx.session.connection(), _left(), asked)[0])


@cache
def _left() -> Select[Any]:
    gone, order, other = plain(Shipment), plain(Order), plain(LogisticsOrder)
    start: BindParameter[int] = bindparam("start")
    end: BindParameter[int] = bindparam("end")
    began = func.min(gone.c.shipped_at)
    orders = (
        select(gone.c.order_id)
        .join(order, order.c.id == gone.c.order_id)
        .where(order.c.merchant_id == bindparam("store"), order.c.state != "cancelled")
        .where(among(gone.c.line, "lines"))
        .group_by(gone.c.order_id)
        .having(began >= start, began < end)
        .subquery()
    )
    alone = select(func.count()).where(
        other.c.merchant_id == bindparam("store"),
        other.c.order_id.is_(None),
        among(other.c.line, "lines"),
        other.c.picked_up_at >= start,
        other.c.picked_up_at < end,
    )
    return select(select(func.count()).select_from(orders).scalar_subquery() + alone.scalar_subquery())


def express_shipped(ctx: Context) -> int:
    """F6: orders that left in September on the named express lines or a multimodal one."""
    rules: ExpressRules = values(ctx, "F6")
    window = rules.shipping.window
    asked = select(func.count()).where(
        LogisticsOrder.merchant_id == ctx.merchant,
        or_(LogisticsOrder.line.in_(rules.lines), LogisticsOrder.line.in_(values(ctx, "F7").lines)),
        LogisticsOrder.picked_up_at >= window.start,
        LogisticsOrder.picked_up_at < window.end,
        LogisticsOrder.state != "cancelled",
    )
    return ctx.session.scalar(asked) or 0


__all__ = [
    "QUOTAS", "REDUCTIONS", "Position", "configured", "express_history", "express_shipped", "forwarder",
    "free_coupons", "judged", "partner", "position", "reduction_of", "shipped_multimodal", "smallest",
    "ticket_of", "used", "values",
]  # fmt: skip
