"""The life of a freight coupon: every change of it is a fact on its timeline (F6-coupon)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from august.kernel.context import Context
from august.kernel.tables import by_id
from august.logistics.models import Coupon, LogisticsOrder

# From which states a coupon can come into which.
MOVES: Mapping[str, tuple[str, ...]] = {
    "locked": ("issued", "returned"),
    "redeemed": ("locked",),
    "returned": ("locked", "redeemed"),
    "expired": ("issued", "returned", "locked"),
    "void": ("redeemed", "issued", "returned", "locked"),
}


def issue(ctx: Context, merchant: int, count: int, fen: int, least_fen: int, until: datetime) -> list[Coupon]:
    """New coupons of a store, valid from now to before `until`."""
    made = [
        Coupon(
            merchant_id=merchant,
            fen=fen,
            least_fen=least_fen,
            state="issued",
            issued_at=ctx.now,
            valid_from=ctx.now,
            valid_until=until,
            logistics_order_id=None,
            since=ctx.now,
        )
        for _ in range(count)
    ]
    ctx.session.add_all(made)
    ctx.session.flush()
    for coupon in made:
        _tell(ctx, coupon)
    return made


def move(ctx: Context, coupon: Coupon, state: str, order: LogisticsOrder | None = None) -> None:
    """Bring a coupon into another state; one that it cannot come into is a fault of ours."""
    if coupon.state not in MOVES[state]:
        raise ValueError((coupon.id, coupon.state, state))
    coupon.state, coupon.since = state, ctx.now
    if order is not None:
        coupon.logistics_order_id = order.id
    _tell(ctx, coupon)


def free(ctx: Context, order: LogisticsOrder) -> Coupon | None:
    """A cancelled order lets go of its coupon: while it is valid it comes back, later it is void."""
    coupon = of(ctx, order)
    if coupon is None or coupon.state not in {"locked", "redeemed"}:
        return None
    valid = ctx.now < coupon.valid_until
    move(ctx, coupon, "returned" if valid else "expired" if coupon.state == "locked" else "void")
    return coupon


def of(ctx: Context, order: LogisticsOrder) -> Coupon | None:
    """The coupon an order holds or used."""
    coupon = None if order.coupon_id is None else by_id(ctx.session, Coupon, order.coupon_id)
    return coupon if coupon is not None and coupon.logistics_order_id == order.id else None


def over(ctx: Context) -> list[Coupon]:
    """Coupons whose time is over and that nobody redeemed."""
    asked = select(Coupon).where(
        Coupon.valid_until <= ctx.now, Coupon.state.in_(("issued", "returned", "locked"))
    )
    return list(ctx.session.scalars(asked.order_by(Coupon.id)))


def _tell(ctx: Context, coupon: Coupon) -> None:
    fact = ctx.emit(
        f"logistics.coupon_{coupon.state}", ("coupon", coupon.id), order=coupon.logistics_order_id
    )
    fact.merchant_id = coupon.merchant_id
