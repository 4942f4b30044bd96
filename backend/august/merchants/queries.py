"""A store's chores: who does them, and how much of each waits."""

from typing import Any

from sqlalchemy import Select, func, select

from august.catalog.models import Product
from august.integrity.models import Dispute
from august.kernel.context import Context
from august.kernel.plain import plain
from august.merchants.models import CHORES, Autopilot
from august.opportunities.models import Inquiry
from august.reviews.models import PendingReview
from august.trade.models import Order


def pilots(ctx: Context) -> dict[str, str]:
    """The policy of each chore that the store leaves to its autopilot."""
    asked = select(Autopilot.chore, Autopilot.policy).where(Autopilot.merchant_id == ctx.merchant)
    return dict(ctx.session.execute(asked).all())


def waiting(ctx: Context) -> dict[str, int]:
    """How many things wait for each chore, in one statement."""
    asked, order, pending = plain(Inquiry), plain(Order), plain(PendingReview)
    dispute, product = plain(Dispute), plain(Product)
    counts = {
        "reply": _count(ctx, asked).where(asked.c.turn == "seller"),
        "ship": _count(ctx, order).where(order.c.state.in_(("producing", "part_shipped")), ~order.c.disputed),
        "invite": _count(ctx, pending).where(pending.c.invited_at.is_(None)),
        "disputes": _count(ctx, dispute).where(dispute.c.state == "opened"),
        # Less than one minimum order is left: nobody can order it at once.
        "restock": _count(ctx, product).where(
            product.c.kind == "rts", product.c.status == "on_sale", product.c.stock < product.c.moq
        ),
    }
    row = ctx.session.execute(select(*(counts[chore].scalar_subquery() for chore in CHORES))).one()
    return dict(zip(CHORES, row, strict=True))


def _count(ctx: Context, table: Any) -> Select[Any]:
    return select(func.count()).select_from(table).where(table.c.merchant_id == ctx.merchant)
