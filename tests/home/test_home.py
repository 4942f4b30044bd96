"""What a store's home page reads: what waits, and the figures of its statistic days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count

import numpy as np
import pytest

from august.home import figures, queries
from august.home.figures import Figure, compared
from august.home.rules import Queue
from august.kernel.clock import day_start
from august.kernel.context import SYSTEM
from august.kernel.world import World, Worlds
from august.market.grow import BORN
from august.traffic.models import TrafficTick
from tests.tools.bare import PLAYER, awaited, bare, dispute, inquiry, order, put, receipt, review
from tests.tools.statements import counting

NUMBERS = count(1)
TODAY = date(2022, 8, 24)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    made = bare(tmp_path_factory.mktemp("worlds"))
    yield made
    made.close()


@pytest.fixture
def world(store: Worlds) -> World:
    return store.create(f"w{next(NUMBERS)}", "t", seed=3)


def queues(world: World) -> dict[str, Queue]:
    with world.reading(PLAYER) as ctx:
        found = queries.queues(ctx)
    return {
        key: queue for key, queue in found.items() if queue.count and key not in {"red", "amber", "drafts"}
    }


def midnight(days: int) -> datetime:
    """The begin of a PT day, so many days before today."""
    return day_start(TODAY - timedelta(days=days))


def test_conversations_in_which_the_store_is_to_speak(world: World) -> None:
    put(
        world,
        inquiry(at=BORN - 9 * HOUR, last_at=BORN - 3 * HOUR),
        inquiry(at=BORN - 5 * HOUR),
        inquiry(at=BORN - 50 * HOUR, turn="buyer"),
        inquiry(at=BORN - 8 * HOUR, state="agreed", last_at=BORN - HOUR),
        inquiry(at=BORN - 80 * HOUR, state="lost", turn="nobody"),
        inquiry(at=BORN - 90 * HOUR, merchant_id=2),
    )
    assert queues(world) == {
        "inquiries": Queue(2, since=BORN - 5 * HOUR),
        "deals": Queue(1, since=BORN - HOUR),
    }


@pytest.mark.parametrize(
    ("ship_by", "found"),
    [
        # A refund request does not keep the goods from leaving.
        (BORN - SECOND, {"late": Queue(2, since=BORN - SECOND)}),
        (BORN, {"soon": Queue(2, until=BORN)}),
        (BORN + 2 * DAY, {"soon": Queue(2, until=BORN + 2 * DAY)}),
        (BORN + 2 * DAY + SECOND, {}),
    ],
)
def test_orders_to_ship_by_their_second(world: World, ship_by: datetime, found: dict[str, Queue]) -> None:
    put(
        world,
        order(ship_by=ship_by),
        order(ship_by=ship_by, disputed=True),
        order(ship_by=ship_by, merchant_id=2),
    )
    assert queues(world) == found


def test_orders_to_confirm_and_to_be_paid_up(world: World) -> None:
    put(
        world,
        order(state="asked", since=BORN - 4 * DAY, paid_at=None),
        order(state="asked", since=BORN - DAY, paid_at=None),
        order(state="balance_due", since=BORN - 3 * DAY),
        order(state="completed"),
    )
    assert queues(world) == {
        "confirm": Queue(2, until=BORN + DAY),
        "balances": Queue(1, since=BORN - 3 * DAY),
    }


def test_disputes_by_their_deadline(world: World) -> None:
    put(
        world,
        dispute(opened_at=BORN - 2 * DAY),
        dispute(opened_at=BORN - 4 * DAY),
        dispute(opened_at=BORN - 9 * DAY, state="negotiating"),
    )
    assert queues(world) == {"disputes": Queue(2, until=BORN + DAY)}


@pytest.mark.parametrize(
    ("ago", "key", "lasts"),
    [
        (DAY, "invite_today", DAY),
        (DAY + SECOND, "invite", 5 * DAY),
        (5 * DAY, "invite", 5 * DAY),
        (5 * DAY + SECOND, None, None),
    ],
)
def test_invitations_by_the_age_of_the_receipt(
    world: World, ago: timedelta, key: str | None, lasts: timedelta | None
) -> None:
    put(
        world,
        awaited(order_id=1, received_at=BORN - ago),
        awaited(order_id=2, received_at=BORN - ago, invited_at=BORN),
    )
    expected = {} if key is None or lasts is None else {key: Queue(1, until=BORN - ago + lasts)}
    assert queues(world) == expected


def test_a_line_shows_only_where_the_house_has_its_page(world: World) -> None:
    put(world, inquiry(), order(ship_by=BORN - DAY))
    with world.reading(PLAYER) as ctx:
        menu = {item.path for room in world.house.features for item in room.menu}
        shown = {todo.path.partition("?")[0] for todo in queries.todos(ctx, world.house)}
    assert shown <= menu | {"/messages"}
    assert "/products" in shown


def test_figures_of_yesterday_and_the_day_before(world: World) -> None:
    yesterday, before = midnight(1), midnight(2)
    with world.writing(SYSTEM) as ctx:
        for start, buyers in ((yesterday, [1, 1, 2]), (before, [1]), (midnight(0), [4, 5])):
            ctx.session.add(
                TrafficTick(
                    start=start,
                    end=start + 6 * HOUR,
                    visits=len(buyers),
                    seen_product=np.array([1, 900]),
                    seen_count=np.array([10, 99]),
                    visit_buyer=np.array(buyers),
                    visit_product=np.full(len(buyers), 1),
                    visit_second=np.arange(len(buyers)),
                    visit_source=np.zeros(len(buyers)),
                )
            )
        ctx.session.commit()
    put(
        world,
        inquiry(at=yesterday, first_reply_at=yesterday + 3 * HOUR),
        inquiry(at=yesterday - SECOND, first_reply_at=yesterday + HOUR - SECOND),
        inquiry(at=midnight(0) - SECOND, merchant_id=2),
        # Paid on the first second of yesterday, on the last, and on the first of today.
        order(paid_at=yesterday, ship_by=yesterday, shipped_at=yesterday),
        order(paid_at=midnight(0) - SECOND, ship_by=midnight(0) - SECOND, shipped_at=midnight(0)),
        order(paid_at=midnight(0), ship_by=midnight(0)),
        # Closed before its day came, and paid long ago: nothing to be on time for.
        order(paid_at=midnight(9), ship_by=yesterday, closed_at=midnight(3), state="cancelled"),
        receipt(booked_at=yesterday),
        receipt(booked_at=midnight(0) - SECOND, cents=5),
        receipt(booked_at=yesterday, cents=777, cancelled_at=BORN),
        receipt(booked_at=before, cents=5_000),
        review(order_id=1, at=before, quality=4),
        review(order_id=2, at=yesterday, quality=5),
        review(order_id=3, at=yesterday, quality=1, counts=False),
        review(order_id=4, at=midnight(0), quality=1),
    )
    with world.reading(PLAYER) as ctx, counting() as sent:
        report = figures.report(ctx)
    assert len(sent) == 6
    told = {figure.key: (figure.value, figure.before) for figure in report.yesterday}
    assert told == {
        "exposures": (10, 10),
        "visits": (3, 1),
        "visitors": (2, 1),
        "inquiries": (1, 1),
        "orders": (2, 0),
        "gmv": (10_005, 5_000),
        "on_time": (0.5, None),
        "reply": (2.0, None),
        "rating": (4.83, 4.66),
    }
    assert list(report.funnel) == [
        ("exposures", 20),
        ("visits", 4),
        ("inquiries", 2),
        ("placed", 3),
        ("orders", 3),
    ]
    last = report.days[-1]
    assert (last.day, last.visits, last.orders, last.gmv_cents) == (date(2022, 8, 23), 3, 2, 10_005)
    assert len(report.days) == 30


def test_comparison_says_what_is_better() -> None:
    now = dict.fromkeys(figures.MEASURES, 3.0) | {"on_time": 0.9, "rating": 4.5, "visits": None}
    before = dict.fromkeys(figures.MEASURES, 2.0) | {"on_time": 0.8, "rating": 4.5, "gmv": 0}
    found = {figure.key: figure for figure in compared(now, before)}
    assert found["exposures"] == Figure("exposures", 3.0, 2.0, 0.5, "good")
    assert found["reply"] == Figure("reply", 3.0, 2.0, 0.5, "bad")
    assert found["on_time"].change == pytest.approx(0.1)
    assert (found["rating"].change, found["rating"].tone) == (0.0, "")
    assert (found["visits"].change, found["gmv"].change, found["gmv"].tone) == (None, None, "")


def test_todos_take_few_statements(world: World) -> None:
    with world.reading(PLAYER) as ctx, counting() as sent:
        queries.todos(ctx, world.house)
    assert len(sent) == 9
