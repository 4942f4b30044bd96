"""The boards equal a slow recount, whatever is booked and cancelled when; the dashboard reads the same."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from august.catalog.models import Product
from august.kernel.clock import pt_day
from august.kernel.context import SYSTEM
from august.kernel.tables import Clock
from august.kernel.world import World
from august.merchants.models import Buyer
from august.trade.models import Order, Receipt
from august.venue import boards, figures
from august.venue.models import FestivalDay
from tests.tools.bare import PLAYER, order, put, receipt
from tests.tools.statements import counting
from tests.venue.conftest import DAY, LAST, OPENS, SECOND, at, refused, run

END = LAST + SECOND
HOUR = timedelta(hours=1)
# Product, buyer, cents, first or final, when it was booked and when cancelled.
Booking = tuple[int, int, int, str, datetime, datetime | None]


def sell(world: World, bookings: Sequence[Booking]) -> None:
    """Let these receipts be all there are."""
    with world.writing(SYSTEM) as ctx:
        for table in (FestivalDay, Receipt, Order):
            ctx.session.execute(delete(table))
        owners = dict(ctx.session.execute(select(Product.id, Product.merchant_id)).all())
        ctx.session.commit()
    rows = []
    for number, (item, who, cents, kind, booked, gone) in enumerate(bookings, start=1):
        store = owners[item]
        rows.append(order(id=number, product_id=item, buyer_id=who, merchant_id=store, paid_at=booked))
        rows.append(
            receipt(
                order_id=number,
                merchant_id=store,
                cents=cents,
                kind=kind,
                booked_at=booked,
                cancelled_at=gone,
            )
        )
    put(world, *rows)


def count(world: World, until: datetime) -> None:
    """Write down every day of the festival that is complete at an instant."""
    with world.writing(SYSTEM) as ctx:
        day = OPENS
        while day + DAY <= min(until, END):
            boards.count_day(ctx, pt_day(day))
            day += DAY
        ctx.session.get_one(Clock, 1).now = until
        ctx.session.commit()


def recount(
    world: World, bookings: Sequence[Booking], until: datetime, by: str
) -> list[tuple[int, int, int]]:
    """(number, cents, cents of L1+) by the rule's own sentence, slowly."""
    with world.reading(SYSTEM) as ctx:
        tiers = dict(ctx.session.execute(select(Buyer.id, Buyer.tier)).all())
        owners = dict(ctx.session.execute(select(Product.id, Product.merchant_id)).all())
    sums: dict[int, list[int]] = {}
    for item, who, cents, _, booked, gone in bookings:
        if OPENS <= booked < until and (gone is None or gone >= until):
            found = sums.setdefault(item if by == "product" else owners[item], [0, 0])
            found[0] += cents
            found[1] += cents if tiers[who] in {"L1", "L2", "L3", "L4"} else 0
    return sorted(
        ((number, *both) for number, both in sums.items() if both[0]), key=lambda each: (-each[1], each[0])
    )


instants = st.integers(-30, 31 * 24).map(lambda hours: OPENS + hours * HOUR) | st.sampled_from(
    (OPENS - SECOND, OPENS, LAST, LAST + SECOND, OPENS + DAY - SECOND, OPENS + DAY)
)


@st.composite
def some_bookings(draw: st.DrawFn) -> Booking:
    booked = draw(instants)
    later = st.integers(0, 500).map(lambda hours: booked + hours * HOUR)
    return (
        draw(st.integers(1, 120)),
        draw(st.integers(1, 40)),
        draw(st.integers(1, 900)),
        draw(st.sampled_from(("first", "final"))),
        booked,
        draw(st.none() | later),
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(some_bookings(), max_size=30), st.integers(1, 30))
def test_the_boards_equal_a_slow_recount(world: World, bookings: list[Booking], days: int) -> None:
    until = OPENS + days * DAY
    sell(world, bookings)
    count(world, until)
    with world.reading(PLAYER) as ctx:
        found = boards.boards(ctx)
        mine = boards.days_of(ctx, 1)
    assert found is not None
    assert found.until == until
    assert [(p.id, p.cents, p.l1_cents) for p in found.products] == recount(world, bookings, until, "product")
    stores = recount(world, bookings, until, "store")
    assert [(p.id, p.cents, p.l1_cents) for p in found.stores] == stores
    assert [p.place for p in found.stores] == list(range(1, len(stores) + 1))
    assert len(mine) == days
    assert sum(day.cents for day in mine) == next((cents for number, cents, _ in stores if number == 1), 0)


@pytest.mark.parametrize(
    ("booked", "counts"), [(OPENS - SECOND, 0), (OPENS, 1), (LAST, 1), (LAST + SECOND, 0)]
)
def test_only_what_is_booked_in_the_festival_counts(world: World, booked: datetime, counts: int) -> None:
    sell(world, [(1, 1, 700, "first", booked, None)])
    count(world, END + 5 * DAY)
    with world.reading(PLAYER) as ctx:
        found = boards.boards(ctx)
        assert found is not None
        assert [(p.id, p.cents, p.orders) for p in found.stores] == [(1, 700, 1)] * counts
        assert found.until == END


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (OPENS - SECOND, None),
        (OPENS, None),
        (OPENS + DAY - SECOND, None),
        (OPENS + DAY, "2022-09-01"),
        (LAST, "2022-09-29"),
        (END, "2022-09-30"),
        (END + 40 * DAY, "2022-09-30"),
    ],
)
def test_the_boards_are_of_complete_days_and_end_with_the_festival(
    world: World, instant: datetime, day: str | None
) -> None:
    at(world, instant)
    with world.reading(PLAYER) as ctx:
        found = boards.last_day(ctx)
        assert (found and found.isoformat()) == day
        assert (boards.boards(ctx) is None) is (day is None)


def test_of_equals_the_lower_number_comes_first(world: World) -> None:
    sell(world, [(7, 1, 500, "first", OPENS, None), (3, 1, 500, "final", OPENS, None)])
    count(world, OPENS + DAY)
    with world.reading(PLAYER) as ctx:
        found = boards.boards(ctx)
    assert found is not None
    assert [(p.place, p.id, p.orders) for p in found.products] == [(1, 3, 0), (2, 7, 1)]


@pytest.mark.parametrize(
    ("target", "reached", "needed"), [("10.00", 50, 18), ("5.00", 100, 0), ("4.99", 100, 0), ("5.03", 99, 1)]
)
def test_the_dashboard_holds_the_gmv_against_the_target(
    world: World, target: str, reached: int, needed: int
) -> None:
    sell(world, [(1, 1, 500, "first", OPENS, None)])
    count(world, OPENS + 2 * DAY)
    assert run(world, "set_target", amount_usd=target)["target_usd"] == target
    with world.reading(PLAYER) as ctx, counting() as sent:
        found = figures.screen(ctx)
    assert (found.cents, found.reached, found.needed, found.days_left) == (500, reached, needed, 28)
    assert [(day.cents, day.so_far, day.orders) for day in found.days] == [(500, 500, 1), (0, 500, 0)]
    assert found.place is not None
    assert (found.place.place, [row.mine for row in found.stores]) == (1, [True])
    assert len(sent) <= 8


def test_before_the_first_midnight_there_is_a_countdown_and_no_board(world: World) -> None:
    at(world, OPENS - 2 * DAY)
    with world.reading(PLAYER) as ctx:
        found = figures.screen(ctx)
    assert (found.clock.phase, found.boards, found.days, found.l1_share, found.conversion) == (
        "coming", None, [], None, None,
    )  # fmt: skip
    assert found.clock.left is not None
    assert found.clock.left.english() == "2 d 0 h left"


def test_a_target_is_set_anew(world: World) -> None:
    run(world, "set_target", amount_usd="40000")
    run(world, "set_target", amount_usd="50000.50")
    assert list(refused(world, "set_target", amount_usd="lots").fields) == ["amount_usd"]
    with world.reading(PLAYER) as ctx:
        assert figures.screen(ctx).target == 5_000_050
