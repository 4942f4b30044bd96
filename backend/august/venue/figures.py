"""大促数据大屏: a store's festival against its target, day by day, and its place on the boards (F12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from august.catalog.models import Product
from august.kernel.clock import pt_day
from august.kernel.context import Context
from august.kernel.money import divide_half_up
from august.merchants.models import Merchant
from august.traffic.queries import ids_of, titles, trail
from august.traffic.visitors import per_day
from august.venue import boards, campaign
from august.venue.boards import Boards, Place
from august.venue.look import Clock, clock
from august.venue.models import FestivalTarget

PERCENT = 100
TOP = 10


@dataclass(frozen=True)
class DayRow:
    """A complete day: GMV, that of buyers from L1 on, all so far, orders, visits and visitors."""

    day: date
    cents: int
    l1_cents: int
    so_far: int
    orders: int
    visits: int
    visitors: int

    @property
    def other_cents(self) -> int:
        """GMV of other buyers."""
        return self.cents - self.l1_cents

    @property
    def conversion(self) -> float | None:
        """Orders against visitors."""
        return self.orders / self.visitors if self.visitors else None


@dataclass(frozen=True)
class Row:
    """A place of a board with the name of its product or store."""

    place: Place
    name: Any
    mine: bool


@dataclass(frozen=True)
class Screen:
    """Everything of the festival's dashboard; shares are None where there is nothing to share."""

    clock: Clock
    target: int | None
    days: Sequence[DayRow]
    boards: Boards | None
    place: Place | None
    stores: Sequence[Row]
    products: Sequence[Row]
    days_left: int

    @property
    def cents(self) -> int:
        """The GMV of the complete days."""
        return sum(day.cents for day in self.days)

    @property
    def l1_share(self) -> float | None:
        """The share of buyers from L1 on."""
        return sum(day.l1_cents for day in self.days) / self.cents if self.cents > 0 else None

    @property
    def conversion(self) -> float | None:
        """Orders against the visitors of each day."""
        visitors = sum(day.visitors for day in self.days)
        return sum(day.orders for day in self.days) / visitors if visitors else None

    @property
    def reached(self) -> int | None:
        """The percent of the target that is reached, rounded half up."""
        return None if not self.target else divide_half_up(PERCENT * self.cents, self.target)

    @property
    def needed(self) -> int | None:
        """What every remaining day has to bring; None without a target or a day."""
        if not self.target or not self.days_left:
            return None
        return max(0, -(-(self.target - self.cents) // self.days_left))


def screen(ctx: Context) -> Screen:
    """The dashboard of the acting store."""
    target = ctx.session.get(FestivalTarget, ctx.merchant)
    found, window = boards.boards(ctx), campaign.window(ctx)
    days = _days(ctx)
    whole = (pt_day(window.last_second) - pt_day(window.start)).days + 1
    return Screen(
        clock=clock(ctx),
        target=None if target is None else target.cents,
        days=days,
        boards=found,
        place=None if found is None else found.store(ctx.merchant),
        stores=[] if found is None else store_rows(ctx, found.stores, ctx.merchant, TOP),
        products=[]
        if found is None
        else product_rows(ctx, _mine(found.products, ctx.merchant), ctx.merchant),
        days_left=whole - len(days),
    )


def _mine(places: Sequence[Place], merchant: int) -> list[Place]:
    return [each for each in places if each.merchant == merchant][:TOP]


def _days(ctx: Context) -> list[DayRow]:
    """The complete days with their visits."""
    lines = boards.days_of(ctx, ctx.merchant)
    if not lines:
        return []
    daily = per_day(trail(ctx, boards.span(ctx), ids_of(titles(ctx))))
    so_far, found = 0, []
    for place, line in enumerate(lines):
        so_far += line.cents
        found.append(
            DayRow(
                line.day,
                line.cents,
                line.l1_cents,
                so_far,
                line.orders,
                int(daily.visits[place]),
                int(daily.visitors[place]),
            )
        )
    return found


def store_rows(ctx: Context, places: Sequence[Place], mine: int | None, most: int) -> list[Row]:
    """The first places of the stores' board with their names, one's own place at the end if it is lower."""
    shown = list(places[:most])
    shown += [each for each in places[most:] if each.id == mine]
    names = _store_names(ctx, [each.id for each in shown])
    return [Row(each, names[each.id], each.id == mine) for each in shown]


def _store_names(ctx: Context, ids: Sequence[int]) -> Mapping[int, dict[str, str]]:
    asked = select(Merchant.id, Merchant.name_zh, Merchant.name_en).where(Merchant.id.in_(ids))
    return {number: {"zh": zh, "en": en} for number, zh, en in ctx.session.execute(asked)}


def product_rows(ctx: Context, places: Sequence[Place], mine: int | None) -> list[Row]:
    """Places of the products' board with their titles."""
    asked = select(Product.id, Product.title).where(Product.id.in_([each.id for each in places]))
    names = dict(ctx.session.execute(asked).all())
    return [Row(each, names[each.id], each.merchant == mine) for each in places]


def chart_of_money(screen: Screen, words: Mapping[str, str]) -> dict[str, Any]:
    """GMV by day in the two kinds of buyers, and all so far beside the target."""
    series: list[dict[str, Any]] = [
        {
            "type": "bar",
            "stack": "gmv",
            "name": words["l1"],
            "data": [day.l1_cents / 100 for day in screen.days],
        },
        {
            "type": "bar",
            "stack": "gmv",
            "name": words["others"],
            "data": [day.other_cents / 100 for day in screen.days],
        },
        {
            "type": "line",
            "name": words["so_far"],
            "yAxisIndex": 1,
            "showSymbol": False,
            "data": [day.so_far / 100 for day in screen.days],
        },
    ]
    if screen.target:
        series[2]["markLine"] = {
            "symbol": "none",
            "label": {"formatter": words["target"], "position": "insideEndBottom", "color": "@text"},
            "data": [{"yAxis": screen.target / 100}],
        }
    most = max([screen.target or 0, screen.cents]) / 100
    return {
        "xAxis": {"type": "category", "data": [_short(day.day) for day in screen.days]},
        "yAxis": [
            {"type": "value"},
            {"type": "value", "splitLine": {"show": False}, "min": 0, "max": most or None},
        ],
        "series": series,
    }


def chart_of_visits(screen: Screen, words: Mapping[str, str]) -> dict[str, Any]:
    """Visitors by day and how many of a hundred ordered."""
    return {
        "xAxis": {"type": "category", "data": [_short(day.day) for day in screen.days]},
        "yAxis": [
            {"type": "value", "minInterval": 1},
            {"type": "value", "splitLine": {"show": False}, "min": 0, "axisLabel": {"formatter": "{value}%"}},
        ],
        "series": [
            {"type": "bar", "name": words["visitors"], "data": [day.visitors for day in screen.days]},
            {
                "type": "line",
                "name": words["conversion"],
                "yAxisIndex": 1,
                "connectNulls": True,
                "data": [
                    None if day.conversion is None else round(PERCENT * day.conversion, 1)
                    for day in screen.days
                ],
            },
        ],
    }


def _short(day: date) -> str:
    return f"{day:%m-%d}"
