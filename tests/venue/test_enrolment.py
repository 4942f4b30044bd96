"""Products enter and leave the venue, at every edge of the festival, and refusals change nothing."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from august.catalog.models import Product
from august.kernel.clock import day_start, pt_day
from august.kernel.context import SYSTEM, Actor
from august.kernel.jobs import advance
from august.kernel.world import World
from august.market.grow import BORN
from august.messages.models import Message
from august.venue import campaign, look
from august.venue.jobs import daily
from august.venue.models import Enrolment
from august.web.tables import listing
from tests.tools.bare import PLAYER, evaluation, order, put
from tests.tools.statements import counting
from tests.venue.conftest import (
    DAY,
    LAST,
    OPENS,
    OTHER,
    READY,
    SECOND,
    at,
    merchant,
    product,
    refused,
    run,
    star,
)

NOWHERE = 99_999


def row(world: World, number: int = READY) -> Enrolment:
    with world.reading(SYSTEM) as ctx:
        found = ctx.session.get_one(Enrolment, number)
        ctx.session.expunge_all()
        return found


def mail(world: World) -> list[str]:
    with world.reading(SYSTEM) as ctx:
        asked = select(Message.text).where(Message.kind == "festival").order_by(Message.id)
        return list(ctx.session.scalars(asked))


def test_a_product_enters_changes_its_price_and_leaves(world: World) -> None:
    assert run(world, "enrol", product=READY, price_usd="9.50") == {"product": READY, "price_usd": "9.50"}
    assert (row(world).state, row(world).price_cents, row(world).since) == ("enrolled", 950, BORN)
    assert refused(world, "enrol", product=READY, price_usd="9.00").code == "venue.enrolled_already"
    assert run(world, "change_price", product=READY, price_usd="10.00")["price_usd"] == "10.00"
    assert run(world, "withdraw", products=[READY, READY]) == {"withdrawn": [READY]}
    assert row(world).state == "withdrawn"
    assert refused(world, "change_price", product=READY, price_usd="9").code == "venue.not_enrolled"
    assert refused(world, "withdraw", products=[READY]).code == "venue.not_enrolled"
    run(world, "enrol", product=READY, price_usd="8")
    assert (row(world).state, row(world).price_cents) == ("enrolled", 800)


def test_a_refusal_names_every_condition_with_its_remedy(world: World) -> None:
    product(world, READY, kind="customization", quality_tenths=41)
    star(world, 1)
    merchant(world, membership="cgs")
    found = refused(world, "enrol", product=READY, price_usd="10.01")
    assert (found.code, found.rules) == ("venue.refused", ("F1-venue", "F1-price", "S7"))
    told = {code: text.english() for code, text in found.fields.items()}
    assert list(told) == ["kind", "quality", "price", "star"]
    assert told["quality"] == "Quality score 4.1 is below 4.2. Mend what fails in its quality ball."
    assert "Set it to" in told["price"]
    assert "Reach 2★" in told["star"]


CASES: dict[str, tuple[str, dict[str, Any], str]] = {
    "foreign": ("enrol", {"product": 500, "price_usd": "1"}, "product.unknown"),
    "nowhere": ("enrol", {"product": NOWHERE, "price_usd": "1"}, "product.unknown"),
    "huge": ("enrol", {"product": 2**70, "price_usd": "1"}, "product.unknown"),
    "nothing": ("enrol", {"product": READY, "price_usd": "0.00"}, "venue.no_price"),
    "words": ("enrol", {"product": READY, "price_usd": "cheap"}, "money.unreadable"),
    "below": ("enrol", {"product": READY, "price_usd": "-1"}, "money.unreadable"),
    "empty": ("enrol_batch", {"items": []}, "venue.batch_size"),
    "half": (
        "enrol_batch",
        {"items": [{"product": READY, "price_usd": "9"}, {"product": OTHER, "price_usd": "10.01"}]},
        "venue.refused",
    ),
    "none": ("withdraw", {"products": []}, "venue.nothing_chosen"),
    "outside": ("withdraw", {"products": [READY]}, "venue.not_enrolled"),
    "unset": ("set_target", {"amount_usd": "0"}, "venue.no_target"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_refused_changes_nothing(world: World, case: str) -> None:
    name, payload, code = CASES[case]
    assert refused(world, name, **payload).code == code


def test_a_batch_names_the_product_and_the_condition(world: World) -> None:
    _, payload, _ = CASES["half"]
    assert list(refused(world, "enrol_batch", **payload).fields) == ["items.1.price"]
    told = run(world, "enrol_batch", items=[{"product": n, "price_usd": "9"} for n in (OTHER, READY, OTHER)])
    assert [each["product"] for each in told["enrolled"]] == [OTHER, READY]


@pytest.mark.parametrize(
    ("instant", "passes"),
    [
        (BORN, True),
        (OPENS - SECOND, True),
        (OPENS, True),
        (LAST, True),
        (LAST + SECOND, False),
        (LAST + DAY, False),
    ],
)
def test_products_enrol_until_the_festivals_last_second(
    world: World,
    instant: datetime,
    passes: bool,  # noqa: FBT001 - a case of the table
) -> None:
    at(world, instant)
    if passes:
        run(world, "enrol", product=READY, price_usd="9")
        run(world, "withdraw", products=[READY])
    else:
        assert refused(world, "enrol", product=READY, price_usd="9").code == "venue.over"
        assert refused(world, "withdraw", products=[READY]).code == "venue.over"


@pytest.mark.parametrize(
    ("instant", "price"),
    [(OPENS - SECOND, None), (OPENS, 950), (LAST, 950), (LAST + SECOND, None)],
)
def test_the_campaign_price_holds_from_the_first_second_to_the_last(
    world: World, instant: datetime, price: int | None
) -> None:
    run(world, "enrol", product=READY, price_usd="9.50")
    at(world, instant)
    with world.reading(PLAYER) as ctx:
        assert campaign.prices(ctx).get(READY) == price
        for tier in ("L1", "L2", "L3", "L4"):
            assert campaign.price(ctx, READY, tier) == price
        for tier in ("L0", "visitor"):
            assert campaign.price(ctx, READY, tier) is None
        assert campaign.price(ctx, OTHER, "L4") is None


# T4: ninety complete PT days before the PT day of the world's birth.
TODAY = day_start(pt_day(BORN))


@pytest.mark.parametrize(
    ("paid", "counts"),
    [
        (TODAY - 90 * DAY - SECOND, False),
        (TODAY - 90 * DAY, True),
        (TODAY - SECOND, True),
        (TODAY, False),
    ],
)
def test_the_lowest_price_looks_over_ninety_complete_days(world: World, paid: datetime, counts: bool) -> None:  # noqa: FBT001 - a case of the table
    put(world, order(id=1, product_id=READY, unit_cents=800, paid_at=paid))
    run(world, "enrol", product=READY, price_usd="8.00")
    run(world, "withdraw", products=[READY])
    if counts:
        assert list(refused(world, "enrol", product=READY, price_usd="8.01").fields) == ["price"]
    else:
        run(world, "enrol", product=READY, price_usd="8.01")


def test_the_lowest_of_several_paid_prices_counts_and_unpaid_ones_do_not(world: World) -> None:
    paid = TODAY - DAY
    put(
        world,
        order(id=1, product_id=READY, unit_cents=900, paid_at=paid),
        order(id=2, product_id=READY, unit_cents=850, paid_at=paid),
        order(id=3, product_id=READY, unit_cents=100, paid_at=None, drafted_at=paid, state="confirmed"),
        order(id=4, product_id=OTHER, unit_cents=200, paid_at=paid),
    )
    assert list(refused(world, "enrol", product=READY, price_usd="8.51").fields) == ["price"]
    run(world, "enrol", product=READY, price_usd="8.50")


FAILS: dict[str, dict[str, Any]] = {
    "quality": {"quality_tenths": 41},
    "kind": {"kind": "customization"},
    "on_sale": {"status": "off_shelf"},
}


@pytest.mark.parametrize("code", FAILS)
def test_what_fails_leaves_at_the_pacific_midnight_with_a_message(world: World, code: str) -> None:
    run(world, "enrol_batch", items=[{"product": n, "price_usd": "9"} for n in (READY, OTHER)])
    at(world, OPENS + DAY - SECOND)
    product(world, READY, **FAILS[code])
    with world.writing(SYSTEM) as ctx:
        ctx.now = OPENS + DAY
        daily(ctx)
        ctx.session.commit()
    assert (row(world).state, row(world).why) == ("removed", [code])
    assert row(world, OTHER).state == "enrolled"
    assert mail(world) == [
        "Taken out of the festival venue: {title}. Read which conditions are not met any more."
    ]


def test_a_lost_star_takes_everything_out(world: World) -> None:
    run(world, "enrol_batch", items=[{"product": n, "price_usd": "9"} for n in (READY, OTHER)])
    merchant(world, membership="cgs")
    with world.writing(SYSTEM) as ctx:
        ctx.session.add(evaluation("2022-08", 1, OPENS + 4 * DAY))
        ctx.session.flush()
        ctx.now = OPENS + 4 * DAY
        daily(ctx)
        ctx.session.commit()
    assert [row(world, number).why for number in (READY, OTHER)] == [["star"], ["star"]]
    with world.reading(PLAYER) as ctx:
        (line, *_) = look.digest(ctx, OPENS, OPENS + 5 * DAY)
        assert (line.params, line.path) == ({"count": 2}, "/festival?place=left")


@pytest.mark.parametrize(("instant", "state"), [(OPENS, "removed"), (OPENS + DAY, "enrolled")])
def test_prices_are_judged_again_until_the_venue_opens(world: World, instant: datetime, state: str) -> None:
    run(world, "enrol", product=READY, price_usd="9")
    put(world, order(id=1, product_id=READY, unit_cents=899, paid_at=instant - DAY))
    with world.writing(SYSTEM) as ctx:
        ctx.now = instant
        daily(ctx)
        ctx.session.commit()
    assert row(world).state == state
    assert row(world).why == (["price"] if state == "removed" else None)


def test_the_venue_opens_rivals_join_and_it_closes(world: World) -> None:
    run(world, "enrol", product=READY, price_usd="9")
    with world.writing(SYSTEM) as ctx:
        for store in range(2, 25):
            ctx.session.add(evaluation("2022-07", 2, BORN - DAY, store))
        ctx.session.commit()
    at(world, OPENS - SECOND)
    advance(world, OPENS)
    with world.reading(SYSTEM) as ctx:
        rows = ctx.session.execute(
            select(Enrolment.merchant_id, Enrolment.price_cents, Product.price_cents, Product.quality_tenths)
            .join(Product, Product.id == Enrolment.product_id)
            .where(Enrolment.merchant_id != 1)
        ).all()
    assert len(rows) > 20
    assert len({merchant for merchant, *_ in rows}) > 5
    assert all(price <= listed and quality >= 42 for _, price, listed, quality in rows)
    assert mail(world)[-1] == "The festival venue is open. Your products in it: {count}."
    at(world, LAST)
    advance(world, LAST + SECOND)
    assert mail(world)[-1].startswith("The festival is over")


def test_rivals_neither_enrol_for_players_nor_are_they_players(world: World) -> None:
    """A policy's seat may enrol by the command too, but only its own products."""
    rival = Actor("policy", merchant=2)
    assert refused(world, "enrol", rival, product=READY, price_usd="1").code == "product.unknown"


def test_the_list_tells_where_each_product_stands(world: World) -> None:
    product(world, OTHER, quality_tenths=41)
    run(world, "enrol", product=READY, price_usd="9")
    asked = listing("/", {"size": "100"}, sorts=look.SORTS, default="place", filters=look.FILTERS)
    with world.reading(PLAYER) as ctx:
        found = look.shelf(ctx, asked)
        places = {line.judged.product.id: line.place for line in found.lines}
        assert (places[READY], places[OTHER]) == ("inside", "failing")
        assert found.lines[0].judged.product.id == READY
        assert sum(found.counts.values()) == found.page.total
        assert look.why(ctx, str(READY)).outcome == "ok"
        assert [node.outcome for node in look.why(ctx, str(OTHER)).children].count("bad") == 1
        with counting() as sent:
            look.shelf(ctx, asked)
    assert len(sent) <= 6
