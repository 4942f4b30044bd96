"""What is counted, at the edges of its windows, on both databases."""

from typing import Any

import pytest
from sqlalchemy import update

from august.catalog.models import Product
from august.kernel.context import SYSTEM
from august.kernel.world import World
from august.stars.counts import counts
from tests.stars.rows import (
    CUT,
    DAY,
    END,
    MONTH,
    QUARTER,
    YEAR,
    counted_with,
    deal,
    dispute,
    receipt,
    review,
    shipment,
    talk,
    visits,
)

NOON = END - 5 * DAY
INSIDE = pytest.mark.parametrize(
    ("at", "inside"), [(MONTH - 1, 0), (MONTH, 1), (END - 1, 1), (END, 0)], ids=str
)
INSIDE_90 = pytest.mark.parametrize(
    ("at", "inside"), [(QUARTER - 1, 0), (QUARTER, 1), (END - 1, 1), (END, 0)], ids=str
)


def some(found: dict[str, int], *names: str) -> tuple[int, ...]:
    return tuple(found[name] for name in names)


@INSIDE
def test_talks_of_thirty_days(world: World, at: int, inside: int) -> None:
    found = counted_with(world, talk(at), talk(at, 8, kind="chat"), tiers={8: "L2"})
    assert some(found, "inquiries_none", "buyers_L0", "buyers_L2") == (inside,) * 3


@INSIDE
def test_direct_orders_of_thirty_days(world: World, at: int, inside: int) -> None:
    placed = deal(at - 3600, confirmed_at=at, inquiry_id=None)
    assert counted_with(world, placed, tiers={7: "L1"})["buyers_L1"] == inside


def test_a_buyer_counts_once_whatever_they_do_on_whatever_days(world: World) -> None:
    rows = [talk(MONTH), talk(NOON, kind="chat"), talk(NOON), talk(END - 1)]
    rows += [talk(NOON, 8)]
    placed = deal(NOON, confirmed_at=NOON, inquiry_id=None)
    found = counted_with(world, *rows, placed, tiers={7: "L4", 8: "L1"})
    assert {name: number for name, number in found.items() if name.startswith("buyers_") and number} == {
        "buyers_L4": 1,
        "buyers_L1": 1,
    }
    # Until 5.0 every inquiry counted, by the label that the tier had; chats did not.
    assert some(found, "inquiries_gold", "inquiries_blue", "inquiries_none") == (3, 0, 1)


@pytest.mark.parametrize(("closed", "left"), [(END - 1, 0), (END, 1), (END + 5, 1), (NOON - 5, 0)])
def test_closed_accounts_are_taken_out(world: World, closed: int, left: int) -> None:
    placed = deal(NOON, buyer=8, confirmed_at=NOON, inquiry_id=None)
    found = counted_with(world, talk(NOON), placed, tiers={8: "L3"}, closed={7: closed, 8: closed})
    assert some(found, "inquiries_none", "buyers_L0", "buyers_L3") == (left,) * 3


def test_an_order_of_a_talk_makes_no_second_buyer_and_a_draft_alone_none(world: World) -> None:
    rows = [deal(NOON, buyer=8, inquiry_id=5, confirmed_at=NOON), deal(NOON, buyer=9, inquiry_id=None)]
    assert counted_with(world, talk(NOON), *rows)["buyers_L0"] == 1


@pytest.mark.parametrize(
    ("visited", "acted", "converted"),
    [(NOON, NOON - 1, 0), (NOON, NOON, 1), (NOON, NOON + 1, 1), (MONTH, END - 1, 1), (NOON, END, 0)],
)
def test_the_visit_comes_first(world: World, visited: int, acted: int, converted: int) -> None:
    found = counted_with(world, *visits((visited, 7)), talk(acted))
    names = "visitors", "converted", "own_visitors", "own_converted"
    assert some(found, *names) == (1, converted, 1, converted)
    placed = deal(acted, confirmed_at=acted, inquiry_id=None)
    assert counted_with(world, *visits((visited, 7)), placed)["converted"] == converted


def test_a_later_visit_or_an_earlier_act_takes_nothing_away(world: World) -> None:
    rows = [*visits((NOON, 7), (NOON + 100, 7)), talk(NOON - 50), talk(NOON + 50)]
    found = counted_with(world, *rows)
    assert some(found, "visits", "visitors", "converted") == (2, 1, 1)
    before_both = counted_with(world, *visits((NOON, 7), (NOON + 100, 7)), talk(NOON - 50))
    assert before_both["converted"] == 0


def test_prospects_leave_numerator_and_denominator(world: World) -> None:
    brought = "platform_prospect"
    seen = visits((NOON, 7, brought), (NOON, 8), (NOON + 5, 9, brought), (NOON + 9, 9, "store"))
    acts = [
        talk(NOON + 10, 7, source=brought),
        talk(NOON + 10, 8),
        talk(NOON + 7, 9, source=brought),
    ]
    found = counted_with(world, *seen, *acts)
    assert some(found, "visits", "visitors", "converted") == (4, 3, 3)
    assert some(found, "own_visitors", "own_converted") == (2, 1)
    # Their own way back counts again.
    found = counted_with(world, *visits((NOON, 9, brought), (NOON + 9, 9)), talk(NOON + 9, 9))
    assert some(found, "visitors", "converted", "own_visitors", "own_converted") == (1, 1, 1, 1)


@INSIDE
def test_visits_of_thirty_days(world: World, at: int, inside: int) -> None:
    found = counted_with(world, *visits((at, 7)))
    assert some(found, "visits", "visitors", "own_visitors") == (inside,) * 3


@pytest.mark.parametrize(
    ("asked", "replied", "found"),
    [
        (NOON, NOON + 60, (1, 60, 1, 1)),
        (NOON, NOON + DAY, (1, DAY, 1, 1)),
        (NOON, NOON + DAY + 1, (1, DAY + 1, 1, 0)),
        (NOON, None, (0, 0, 1, 0)),
        # Answered in the window, asked before it.
        (MONTH - 2 * DAY, MONTH, (1, 2 * DAY, 0, 0)),
        (MONTH - 60, MONTH - 1, (0, 0, 1, 1)),
        # Whoever asked on the last day may still be answered in time.
        (END - DAY, END - 1, (1, DAY - 1, 0, 0)),
        (END - DAY - 1, END - 1, (1, DAY, 1, 1)),
        (END - 60, END, (0, 0, 0, 0)),
        (END - DAY - 1, END, (0, 0, 1, 0)),
    ],
)
def test_answers(world: World, asked: int, replied: int | None, found: tuple[int, ...]) -> None:
    names = "replies", "reply_seconds", "asked", "answered_in_day"
    assert some(counted_with(world, talk(asked, replied=replied)), *names) == found


@INSIDE_90
@pytest.mark.parametrize("kind", ["rts", "customization"])
def test_orders_and_receipts_of_ninety_days(world: World, at: int, inside: int, kind: str) -> None:
    track, other = ("rts", "custom") if kind == "rts" else ("custom", "rts")
    rows = [deal(at, 77, kind=kind, paid_at=at), receipt(77, 12_345, at)]
    found = counted_with(world, *rows)
    names = [f"{track}_{name}" for name in ("orders", "paid", "payers")]
    assert some(found, *names, "paid") == (inside,) * 4
    assert found[f"{track}_gmv"] == 12_345 * inside
    assert some(found, f"{other}_orders", f"{other}_gmv", f"{other}_paid") == (0, 0, 0)


@pytest.mark.parametrize(("cancelled", "left"), [(END - 1, 0), (END, 1), (None, 1)])
def test_a_cancelled_receipt_counts_until_it_is_cancelled(
    world: World, cancelled: int | None, left: int
) -> None:
    rows = [deal(NOON, 77, paid_at=NOON), receipt(77, 100, NOON, cancelled)]
    assert counted_with(world, *rows)["custom_gmv"] == 100 * left


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (NOON, NOON + 1, (1, 1)),
        (YEAR, NOON, (1, 1)),
        (YEAR - 1, NOON, (1, 0)),
        (QUARTER - 1, QUARTER - 1, (0, 0)),
        (NOON, END, (1, 0)),
    ],
)
def test_who_pays_a_second_time_in_a_year_is_a_regular(
    world: World, first: int, second: int, found: tuple[int, int]
) -> None:
    rows = [deal(at - 60, paid_at=at) for at in (first, second)]
    assert some(counted_with(world, *rows), "custom_payers", "custom_repeat") == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ({"ship_by": NOON, "shipped_at": NOON}, (1, 1)),
        ({"ship_by": NOON, "shipped_at": NOON + 1}, (1, 0)),
        ({"ship_by": NOON}, (1, 0)),
        ({"ship_by": END - 1, "shipped_at": END - 1}, (1, 1)),
        ({"ship_by": END, "shipped_at": NOON}, (0, 0)),
        ({"ship_by": QUARTER, "shipped_at": QUARTER}, (1, 1)),
        ({"ship_by": QUARTER - 1, "shipped_at": QUARTER - 1}, (0, 0)),
        # Given up before it was due: nobody waited for it.
        ({"ship_by": NOON, "closed_at": NOON, "close_why": "refunded"}, (0, 0)),
        ({"ship_by": NOON, "closed_at": NOON + 1, "close_why": "refunded"}, (1, 0)),
        ({"ship_by": NOON, "shipped_at": NOON - 9, "closed_at": NOON - 1}, (1, 1)),
    ],
)
def test_shipment_on_time(world: World, order: dict[str, Any], found: tuple[int, int]) -> None:
    for kind, ready in (("customization", (0, 0)), ("rts", found)):
        paid = QUARTER - DAY
        made = counted_with(world, deal(paid, kind=kind, paid_at=paid, **order))
        assert some(made, "due", "on_time") == found
        assert some(made, "rts_due", "rts_certain") == ready


@INSIDE_90
def test_disputes_of_ninety_days_but_withdrawn_ones(world: World, at: int, inside: int) -> None:
    rows = [dispute(at), dispute(at, "accepted"), dispute(at, "withdrawn")]
    assert counted_with(world, *rows)["disputes"] == 2 * inside


@pytest.mark.parametrize(("at", "inside"), [(YEAR - 400 * DAY, 1), (END - 1, 1), (END, 0)])
def test_all_valid_reviews_up_to_the_cut(world: World, at: int, inside: int) -> None:
    rows = [review(at, (5, 4, 3)), review(at, (1, 1, 2)), review(at, (1, 1, 1), valid=False)]
    assert some(counted_with(world, *rows), "stars_count", "stars_sum") == (6 * inside, 16 * inside)


@pytest.mark.parametrize(
    ("at", "departed", "found"),
    [
        (NOON, 2 * DAY, (1, 1)),
        (NOON, 2 * DAY + 1, (1, 0)),
        (NOON, None, (1, 0)),
        (QUARTER - 1, 1, (0, 0)),
        (QUARTER, 1, (1, 1)),
        (END - 2 * DAY - 1, 1, (1, 1)),
        # Too young to be judged.
        (END - 2 * DAY, 1, (0, 0)),
    ],
)
def test_traces_within_two_days(world: World, at: int, departed: int | None, found: tuple[int, int]) -> None:
    row = shipment(at, None if departed is None else at + departed)
    assert some(counted_with(world, row), "shipments", "traced") == found


@pytest.mark.parametrize(
    ("growth", "quality", "high", "strong"), [(79, 41, 0, 1), (80, 39, 1, 0), (80, 40, 1, 1), (100, 29, 1, 0)]
)
def test_products_on_sale(world: World, growth: int, quality: int, high: int, strong: int) -> None:
    with world.writing(SYSTEM) as ctx:
        mine = update(Product).where(Product.merchant_id == 1)
        ctx.session.execute(mine.values(status="off_shelf", growth=100, quality_tenths=50))
        kept = {"status": "on_sale", "growth": growth, "quality_tenths": quality}
        for number, (kind, price, reached) in enumerate(
            (("customization", 1, 1), ("rts", 1, 1), ("rts", 0, 1), ("rts", 1, 0)), start=1
        ):
            change = {**kept, "kind": kind, "price_cents": price, "reached": reached}
            ctx.session.execute(mine.where(Product.id == number).values(**change))
        _, columns = counts(ctx, CUT, 1)
        found = {name: int(column[0]) for name, column in columns.items()}
    power = growth + 2 * quality
    assert some(found, "custom_products", "custom_growth", "custom_power") == (1, growth, power)
    assert some(found, "custom_high", "custom_strong") == (high, strong)
    assert some(found, "rts_tradable", "rts_high", "rts_strong") == (1, 3 * high, 3 * strong)
