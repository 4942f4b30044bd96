"""What Pacific midnights bring: who leaves the venue, the day's boards, opening and closing (F1, F12)."""

from typing import Any

import numpy as np
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import func, select

from august.catalog.models import Product
from august.kernel.bulk import update_rows
from august.kernel.clock import PACIFIC, Window, last_days, pt_day
from august.kernel.columns import canonical_json, to_epoch
from august.kernel.context import Context
from august.kernel.explain import money
from august.kernel.jobs import Job
from august.kernel.words import N_
from august.merchants.models import Merchant
from august.messages.commands import send
from august.venue import boards, campaign
from august.venue.admission import failing
from august.venue.enrolment import access, crowd, venue_rules
from august.venue.models import Enrolment

# After products are measured and stars published.
PRIORITY = 70


def daily(ctx: Context) -> None:
    """Until the festival ends: take out what fails; write down its days; tell of opening and closing."""
    window = campaign.window(ctx)
    if ctx.now > window.end:
        return
    take_out(ctx, window)
    if ctx.now > window.start:
        boards.count_day(ctx, pt_day(last_days(1, ctx.now).start))
    if ctx.now in (window.start, window.end):
        _tell(ctx, window)


def take_out(ctx: Context, window: Window) -> None:
    """Products that fail a condition by now leave the venue; prices are judged until it opens (F1-price)."""
    inside = crowd(ctx, enrolled=True, prices=ctx.now <= window.start)
    if not len(inside.ids):
        return
    failed = failing(inside.columns, venue_rules(ctx), access(ctx))
    wrong = np.logical_or.reduce(list(failed.values()))
    gone: list[tuple[int, dict[str, Any]]] = []
    for place in np.flatnonzero(wrong).tolist():
        codes = [code for code, flags in failed.items() if flags[place]]
        changes = {"state": "removed", "since": to_epoch(ctx.now), "why": canonical_json(codes)}
        gone.append((int(inside.ids[place]), changes))
    update_rows(ctx.session.connection(), Enrolment, ("state", "since", "why"), gone)
    players = _players(ctx) if gone else {}
    titles = select(Product.id, Product.title, Product.merchant_id).where(
        Product.id.in_([number for number, _ in gone]), Product.merchant_id.in_(players)
    )
    for number, title, store in ctx.session.execute(titles.order_by(Product.id)) if gone else ():
        send(
            ctx,
            N_("Taken out of the festival venue: {title}. Read which conditions are not met any more."),
            to=store,
            kind="festival",
            path=f"/festival#product-{number}",
            title=title,
        )


def _players(ctx: Context) -> dict[int, str]:
    asked = select(Merchant.id, Merchant.name_en).where(Merchant.is_player)
    return dict(ctx.session.execute(asked).all())


def _tell(ctx: Context, window: Window) -> None:
    """The venue opens with so many products; it closes with a place on the board."""
    for store in _players(ctx):
        if ctx.now == window.start:
            mine = select(func.count()).where(Enrolment.merchant_id == store, Enrolment.state == "enrolled")
            text = N_("The festival venue is open. Your products in it: {count}.")
            count = ctx.session.scalar(mine) or 0
            send(ctx, text, to=store, kind="festival", path="/festival", count=count)
            continue
        found = boards.boards(ctx)
        place = None if found is None else found.store(store)
        send(
            ctx,
            N_("The festival is over: GMV {gmv}, place {place} of {stores} stores.")
            if place
            else N_("The festival is over; nothing was sold in it."),
            to=store,
            kind="festival",
            path="/festival/board",
            **(
                {
                    "gmv": money(place.cents, "USD"),
                    "place": place.place,
                    "stores": len(found.stores) if found else 0,
                }
                if place
                else {}
            ),
        )


DAILY = Job(
    "venue.daily",
    PRIORITY,
    CronTrigger(hour=0, timezone=PACIFIC),
    daily,
    N_("Keep the festival venue and its boards"),
    routine=True,
)
