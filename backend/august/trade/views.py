"""Filters of the order table that a store keeps under a name."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from august.catalog.checks import Problems
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import by_id
from august.kernel.words import N_
from august.trade.models import OrderView
from august.trade.payloads import OneOrderView, SaveOrderView

VIEWS_LIMIT = 30
NAME_LIMIT, QUERY_LIMIT = 60, 1000


def views(ctx: Context) -> Sequence[OrderView]:
    """The store's views by name."""
    mine = select(OrderView).where(OrderView.merchant_id == ctx.merchant).order_by(OrderView.name)
    return ctx.session.scalars(mine).all()


@command("trade.save_view", title=N_("Save a view of the order table"))
def save_view(ctx: Context, cmd: SaveOrderView) -> dict[str, Any]:
    """Keep filters under a name; the same name replaces the older view."""
    found = Problems()
    name = found.text("name", cmd.name, NAME_LIMIT, required=True)
    query = found.text("query", cmd.query, QUERY_LIMIT)
    found.settle()
    kept = views(ctx)
    view = next((each for each in kept if each.name == name), None)
    if view is None:
        if len(kept) >= VIEWS_LIMIT:
            raise Refusal(
                "view.too_many", N_("At most {limit} views can be kept."), params={"limit": VIEWS_LIMIT}
            )
        view = OrderView(merchant_id=ctx.merchant, name=name, query=query)
        ctx.session.add(view)
    view.query = query
    ctx.session.flush()
    return {"view": view.id}


@command("trade.delete_view", title=N_("Delete a view of the order table"))
def delete_view(ctx: Context, cmd: OneOrderView) -> dict[str, Any]:
    """Forget a view."""
    view = by_id(ctx.session, OrderView, cmd.view)
    if view is None or view.merchant_id != ctx.merchant:
        raise Refusal("view.unknown", N_("There is no view {id}."), params={"id": cmd.view}, status=404)
    ctx.session.delete(view)
    return {"view": cmd.view}
