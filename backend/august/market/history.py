"""The past of a world, lived through by the market's own ticks: 400 days of orders, 120 days in full (T5)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from sqlalchemy import delete, select, update

from august.catalog.models import Product, StockMove
from august.kernel.bulk import insert_rows
from august.kernel.clock import PACIFIC, UTC, day_start, pt_day
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.plain import plain
from august.kernel.tables import Event
from august.market.columns import HOUR, Period
from august.market.engine import run_tick
from august.market.tick import Model
from august.merchants.models import Merchant
from august.opportunities.models import ChatLine, Inquiry
from august.trade.models import Order

ORDER_DAYS, FULL_DAYS = 400, 120
QUARTERS = (0, 6, 12, 18)
UNATTENDED_HOURS = 44
OPEN_STEPS = (Inquiry, Order)


def live_through(ctx: Context, model: Model, player: str | None) -> None:
    """Whole days first, quarters from 120 days before now on; `player` is the played store's policy."""
    born = ctx.now
    left = to_epoch(born) - UNATTENDED_HOURS * HOUR
    for period in periods(born):
        ctx.now = from_epoch(period.end)
        if period.start >= left:
            # The last days nobody looked after the store: there is something to do from the first morning on.
            ctx.kept.pop("market.stores", None)
            player = None
        run_tick(ctx, model, period, player=player, keep_traffic=period.quarter is not None)
    ctx.now = born
    ctx.kept.clear()
    forget_details(ctx, to_epoch(day_start(pt_day(born) - timedelta(days=FULL_DAYS))))
    hand_over(ctx)


def periods(born: datetime) -> Iterator[Period]:
    """The ticks of the past, one after the other without a gap, the last one ending at or before birth."""
    today = pt_day(born)
    full = today - timedelta(days=FULL_DAYS)
    for days in range(ORDER_DAYS, FULL_DAYS, -1):
        day = today - timedelta(days=days)
        yield Period(to_epoch(day_start(day)), to_epoch(day_start(day + timedelta(days=1))), None)
    edges = [edge for days in range(FULL_DAYS + 1) for edge in _edges(full + timedelta(days=days))]
    for quarter, (start, end) in enumerate(pairwise(edges)):
        if end <= born:
            yield Period(to_epoch(start), to_epoch(end), quarter % len(QUARTERS))


def _edges(day: date) -> list[datetime]:
    """The instants at which the quarters of a PT day begin."""
    return [datetime.combine(day, time(hour), tzinfo=PACIFIC).astimezone(UTC) for hour in QUARTERS]


def forget_details(ctx: Context, before: int) -> None:
    """Of the time before the full 120 days only orders, receipts and reviews stay."""
    asked, line, event = plain(Inquiry), plain(ChatLine), plain(Event)
    over = asked.c.state.in_(("ordered", "lost"))
    ctx.session.execute(delete(asked).where(asked.c.last_at < before, over))
    ctx.session.execute(delete(line).where(line.c.inquiry_id.not_in(select(asked.c.id))))
    ctx.session.execute(delete(event).where(event.c.at < before))


def hand_over(ctx: Context) -> None:
    """From birth on a person plays the store: its plans are made anew, and stock is counted."""
    stores = select(plain(Merchant).c.id).where(plain(Merchant).c.is_player)
    for table in OPEN_STEPS:
        stored = plain(table)
        mine = stored.c.merchant_id.in_(stores), stored.c.due.is_not(None)
        ctx.session.execute(update(stored).where(*mine).values(due=0))
    product, moves, at = plain(Product), plain(StockMove), to_epoch(ctx.now)
    ctx.session.execute(delete(moves))
    counted = select(product.c.id, product.c.stock).where(product.c.stock > 0).order_by(product.c.id)
    insert_rows(
        ctx.session.connection(),
        StockMove,
        [
            {"product_id": number, "at": at, "pieces": stock, "why": "born", "order_id": None}
            for number, stock in ctx.session.execute(counted)
        ],
    )
