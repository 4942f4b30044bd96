"""A tick from its start to its end: who decides for which store, what is looked at, what is kept."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import Select, bindparam, delete, select

from august.kernel.bulk import insert_rows
from august.kernel.clock import pacific
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.plain import first, number_columns, plain
from august.market import asking, dealing, disputing, ordering, reviewing, shipping
from august.market.columns import Crowd, Ints, Period, Stalls, Store, crowd, stalls, today_began
from august.market.looks import Visits, look
from august.market.tick import DAY, HOUR, Model, Steps, Tick
from august.merchants.models import CHORES, Autopilot, Merchant
from august.opportunities.models import ChatLine, Inquiry
from august.trade.models import Order
from august.traffic.models import TrafficTick

KEPT_DAYS = 130
STEPS: Mapping[str, Steps] = {
    "inquiry": dealing,
    "order": ordering,
    "shipment": shipping,
    "dispute": disputing,
    "review": reviewing,
}


def stores_of(ctx: Context, player: str | None = None) -> dict[int, Store]:
    """Every store with who does its chores; `player` is the policy of the played one in the past."""
    pilots: dict[int, dict[str, str | None]] = {}
    for pilot in ctx.session.scalars(select(Autopilot)):
        pilots.setdefault(pilot.merchant_id, {})[pilot.chore] = pilot.policy
    found = {}
    for number, is_player, policy in ctx.session.execute(
        select(Merchant.id, Merchant.is_player, Merchant.policy)
    ):
        mine: dict[str, str | None] = dict.fromkeys(CHORES, player if is_player else policy)
        if is_player and player is None:
            mine = dict.fromkeys(CHORES) | pilots.get(number, {})
        found[number] = Store(number, is_player, mine)
    return found


@cache
def _paid_between() -> Select[Any]:
    """Number, buyer and store of the orders paid from `start` to before `end`, by their numbers."""
    table = plain(Order)
    paid = table.c.paid_at >= bindparam("start"), table.c.paid_at < bindparam("end")
    return select(table.c.id, table.c.buyer_id, table.c.merchant_id).where(*paid).order_by(table.c.id)


def known_stores(ctx: Context, people: Crowd) -> Ints:
    """For each buyer the store of the last order paid before today, or 0; kept for the PT day.

    Days of an advance follow each other: each adds the orders paid since the one before.
    """
    today = today_began(ctx.now)
    none = np.zeros((2, len(people.ids)), dtype=np.int64)
    before: int
    last: Ints
    found: Ints
    before, last, found = ctx.kept.get("market.known") or (0, *none)
    if before == today:
        return found
    span = {"start": before, "end": today}
    numbers, buyers, stores = number_columns(ctx.session.connection(), _paid_between(), span)
    places = np.searchsorted(people.ids, buyers)
    # In the order of their numbers: of a buyer's several new orders the last one stays.
    newer = numbers > last[places]
    last[places[newer]], found[places[newer]] = numbers[newer], stores[newer]
    ctx.kept["market.known"] = (today, last, found)
    return found


@cache
def _last_end() -> Select[Any]:
    ticks = plain(TrafficTick)
    return select(ticks.c.end).order_by(ticks.c.start.desc()).limit(1)


def period_before(ctx: Context) -> Period:
    """The tick that ends now: from the end of the last one."""
    last = first(ctx.session.connection(), _last_end())
    end = to_epoch(ctx.now)
    start = end - 6 * HOUR if last is None else int(last[0])
    return Period(start, end, pacific(from_epoch(start)).hour // 6)


def run_tick(
    ctx: Context, model: Model, period: Period, *, player: str | None = None, keep_traffic: bool = True
) -> None:
    """One tick of the whole market."""
    # Buyers see the figures of the day in which the tick begins: those of its first midnight.
    seen = replace(ctx, now=from_epoch(period.start))
    stores = ctx.kept.get("market.stores")
    if stores is None:
        stores = ctx.kept["market.stores"] = stores_of(ctx, player)
    people, stands = crowd(ctx, model.demand), stalls(seen, model.demand, model.measures)
    tick = Tick(ctx, model, period, stores)
    known = known_stores(seen, people)
    visits = look(people, stands, known, model.demand, ctx.luck, period)
    asking.ask(tick, people, stands, visits)
    tick.run(STEPS)
    if period.quarter in (None, 3):
        shipping.restock(tick)
    tick.write()
    if keep_traffic:
        remember(ctx, people, stands, visits, period)
        if period.quarter == 0 and pacific(from_epoch(period.start)).weekday() == 0:
            forget(ctx)


def remember(ctx: Context, people: Crowd, stands: Stalls, visits: Visits, period: Period) -> None:
    """Pack what was seen and visited into one row."""
    seen = np.flatnonzero(visits.seen)
    row = {
        "start": period.start,
        "end": period.end,
        "visits": len(visits.buyer),
        "seen_product": stands.ids[seen],
        "seen_count": visits.seen[seen],
        "visit_buyer": people.ids[visits.buyer],
        "visit_product": stands.ids[visits.place],
        "visit_second": visits.second,
        "visit_source": visits.source,
    }
    insert_rows(ctx.session.connection(), TrafficTick, [row])


def forget(ctx: Context) -> None:
    """What no rule asks for any more goes: traffic, and rivals' inquiries, older than the longest window.

    Once a week is enough: some days more than that harm nobody.
    """
    before = to_epoch(ctx.now) - KEPT_DAYS * DAY
    traffic, asked = plain(TrafficTick), plain(Inquiry)
    ctx.session.execute(delete(traffic).where(traffic.c.start < before))
    players = select(plain(Merchant).c.id).where(plain(Merchant).c.is_player)
    old = asked.c.last_at < before, asked.c.due.is_(None), asked.c.merchant_id.not_in(players)
    lines = plain(ChatLine)
    ctx.session.execute(delete(lines).where(lines.c.inquiry_id.in_(select(asked.c.id).where(*old))))
    ctx.session.execute(delete(asked).where(*old))
