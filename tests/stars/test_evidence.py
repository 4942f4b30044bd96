"""The rows of all evidence add up to exactly what stars are made from; those left out say why."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from august.catalog.models import Product
from august.features import house
from august.kernel.columns import from_epoch
from august.kernel.context import Actor, Context
from august.kernel.tables import WorldBase
from august.kernel.world import World
from august.merchants.models import Buyer
from august.stars import queries
from august.stars.cut import Cut
from august.stars.evidence import lists as evidence
from august.stars.evidence import words as evidence_words
from august.stars.evidence.ledger import Ledger
from august.stars.evidence.lists import LEDGERS, Sheet
from august.stars.inputs import PROFESSIONAL, SERVICES, TIERS
from august.stars.rules import ABILITIES, INDEX, TRACKS, Rules, Track, rules_of
from august.stars.words import LOCAL, STRENGTH
from august.verified.models import Proof
from tests.market.conftest import PLAYER, days, shelf_of
from tests.stars.rows import CUT, DAY, END, deal, dispute, receipt, review, shipment, talk, visits

NOON = END - 5 * DAY
SEAT = Actor("player", merchant=PLAYER)


RULES = rules_of(house().rulebook, "5.1")
OLD = rules_of(house().rulebook, "5.0")


def names(ctx: Context, track: Track) -> list[str]:
    """Every indicator of a track under any version, and the bonuses."""
    found = [
        each.name
        for version in ("5.0", "5.1", "5.2")
        for ability in ABILITIES[track]
        for each in rules_of(ctx.rulebook, version).stars.of(track, ability)
    ]
    return [*dict.fromkeys(found), STRENGTH, LOCAL]


def sheets(ctx: Context) -> Iterator[Sheet]:
    """All evidence of both tracks, for everything it can be shown for."""
    for source in evidence.sources(ctx).values():
        for track in TRACKS:
            for name in names(ctx, track):
                asked = evidence.subject(ctx, source, track, name)
                if asked is not None:
                    yield evidence.sheet(ctx, source, asked)


@pytest.fixture(scope="module", params=["apparel", "machinery"])
def grown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world with its past, taken over the change of the rules on September 6 (S1)."""
    with shelf_of(tmp_path_factory.mktemp("worlds"), request.param) as shelf:
        world = shelf.world()
        with world.reading(SEAT) as ctx:
            assert_all_add_up(ctx, {"5.0"})
        days(world, 14)
        yield world


def assert_all_add_up(ctx: Context, versions: set[str]) -> None:
    """Every list of how things stand makes the counts that the star is made from."""
    inputs, _ = queries.predicted(ctx)
    seen = set()
    for sheet in sheets(ctx):
        measure, source = sheet.subject.measure, sheet.source
        if source.key == "now" and measure != STRENGTH:
            assert sheet.sums == evidence.sums_of(measure, inputs, source.rules), sheet.subject
            seen.add(measure)
        assert len(sheet.ledger) == sum(int(rows.sum()) for rows in evidence.parts(sheet).values())
    assert {evidence.sources(ctx)["now"].rules.version} == versions
    assert seen >= set(LEDGERS) - {"conversion", "own_conversion", LOCAL}


def test_the_rows_add_up_to_the_counts(grown: World) -> None:
    with grown.reading(SEAT) as ctx:
        assert_all_add_up(ctx, {"5.1"})


def test_the_rows_add_up_to_what_was_predicted_this_morning(grown: World) -> None:
    with grown.reading(SEAT) as ctx:
        told = [each for each in sheets(ctx) if each.source.key == "prediction"]
        assert {each.subject.name for each in told} >= {"growth", "conversion", "index", STRENGTH, LOCAL}
        assert [each.subject.name for each in told if each.issued != each.sums] == []


def test_each_tier_has_as_many_counted_rows_as_buyers(grown: World) -> None:
    with grown.reading(SEAT) as ctx:
        inputs, rules = queries.predicted(ctx)
        source = evidence.sources(ctx)["now"]
        rows = LEDGERS[INDEX](evidence.cut_of(ctx, source), rules)
        counted = rows.take(rows.marked("above"))
        assert len(counted) == len(set(counted.buyers.tolist()))
        assert len(counted) == sum(inputs[f"buyers_{tier}"] for tier in TIERS)
        assert set(rows.buyers.tolist()) == set(counted.buyers.tolist())


def test_the_proofs_that_count_are_those_of_the_inputs(grown: World) -> None:
    with grown.reading(SEAT) as ctx:
        inputs, rules = queries.predicted(ctx)
        (sheet,) = (
            each for each in sheets(ctx) if each.source.key == "now" and each.subject.name == STRENGTH
        )
        counted = sheet.ledger.take(sheet.ledger.marked("above"))
        kinds = [ctx.session.get_one(Proof, number).kind for number in counted.numbers.tolist()]
        had = [each for each in PROFESSIONAL if inputs[f"proof_{each}"]]
        had += [each for each in SERVICES if inputs[f"service_{each}"]]
        assert sorted(kinds) == sorted(had)
        assert sheet.sums.value == rules.bonus.of(inputs, queries.industries()[inputs["industry"]]).total


def reasons(ledger: Ledger) -> dict[str, int]:
    """How many rows there are by the reason they give."""
    return dict(Counter(ledger.verdicts[which].words for which in ledger.which.tolist()))


def read(
    world: World, measure: str, *rows: WorldBase, closed: int | None = None, rules: Rules = RULES
) -> Ledger:
    """The evidence of a measure with these rows; the account of buyer 8 closes at an instant."""
    with world.writing(SEAT) as ctx:
        ctx.session.execute(update(Buyer).where(Buyer.id.in_(range(1, 12))).values(tier="L1", closed_at=None))
        if closed is not None:
            ctx.session.execute(update(Buyer).where(Buyer.id == 8).values(closed_at=from_epoch(closed)))
        ctx.session.add_all(rows)
        ctx.session.flush()
        return LEDGERS[measure](Cut(ctx, CUT, 1), rules)


def test_buyers_count_once_and_closed_accounts_not(world: World) -> None:
    rows = [talk(NOON + 9), talk(NOON, kind="chat"), talk(NOON, 8), talk(NOON, 9), talk(END, 10)]
    found = read(world, INDEX, *rows, deal(NOON, confirmed_at=NOON + 5, inquiry_id=None), closed=END - 1)
    assert reasons(found) == {
        "The buyer's first opportunity": 2,
        "The buyer counts already": 2,
        "The buyer's account was closed by penalty": 1,
    }
    assert found.top.sum() == 30
    # The first of the three is the one that counts.
    (first,) = found.at[(found.buyers == 7) & found.marked("above")].tolist()
    assert first == NOON


def test_the_old_index_leaves_chats_out(world: World) -> None:
    found = read(world, INDEX, talk(NOON), talk(NOON), talk(NOON, 9, kind="chat"), rules=OLD)
    assert reasons(found) == {
        "Counts with its weight": 2,
        "A chat: version 5.0 counts inquiries alone": 1,
    }


def test_who_the_platform_brought_is_left_out_of_conversion(world: World) -> None:
    seen = visits((NOON, 7, "platform_prospect"), (NOON, 8), (NOON, 9), (NOON, 10))
    rows = [*seen, talk(NOON + 1, 7), talk(NOON + 1, 8), talk(NOON - 1, 9)]
    assert reasons(read(world, "own_conversion", *rows)) == {
        "An opportunity after the visit": 1,
        "The opportunity came before the visit": 1,
        "No opportunity": 1,
        "Came by the platform's prospect acquisition alone": 1,
    }


def test_answers_and_those_that_are_missing(world: World) -> None:
    rows = [
        talk(NOON, replied=NOON + 60),
        talk(NOON, 9),
        talk(NOON, 8, replied=NOON + 60),
        talk(END - DAY, 9, replied=END),
    ]
    assert reasons(read(world, "reply", *rows, closed=END - 1)) == {
        "Counts with its wait": 1,
        "Not answered by then": 2,
        "The buyer's account was closed by penalty": 1,
    }
    rows = [
        talk(NOON, replied=NOON + DAY),
        talk(NOON, 9, replied=NOON + DAY + 1),
        talk(END - DAY, 9, replied=END),
    ]
    assert reasons(read(world, "communication", *rows)) == {
        "Answered within 24 hours": 1,
        "Not answered within 24 hours": 1,
    }


def test_orders_receipts_and_shipments_say_why(world: World) -> None:
    money = [deal(NOON, 77, paid_at=NOON), receipt(77, 500, NOON), receipt(77, 900, NOON, END - 1)]
    found = read(world, "custom_gmv", *money)
    assert (found.top.sum(), reasons(found)) == (
        500,
        {"Counts with its amount": 1, "The booking was cancelled": 1},
    )
    drafts = [deal(NOON, paid_at=NOON), deal(NOON, closed_at=NOON, close_why="lapsed"), deal(NOON)]
    assert reasons(read(world, "custom_payment", *drafts)) == {
        "Paid": 1,
        "Ended unpaid": 1,
        "Not paid yet": 1,
    }
    due = [
        deal(NOON - 9, paid_at=NOON - 9, ship_by=NOON, **more)
        for more in (
            {"shipped_at": NOON},
            {"shipped_at": NOON + 1},
            {"shipped_at": END},
            {"closed_at": NOON, "close_why": "refunded"},
        )
    ]
    assert reasons(read(world, "on_time", *due)) == {
        "Shipped in time": 1,
        "Shipped late": 1,
        "Due and not shipped": 1,
        "Ended before it was due": 1,
    }
    parcels = [deal(NOON, 1), shipment(NOON, NOON + 2 * DAY), shipment(NOON, None), shipment(END - DAY, None)]
    assert reasons(read(world, "trace", *parcels)) == {
        "Departed within two days": 1,
        "Departed late or not at all": 1,
        "Shipped less than two days ago": 1,
    }


def test_regulars_requests_and_reviews_say_why(world: World) -> None:
    paid = [deal(at - 60, paid_at=at, buyer=who) for at, who in ((NOON, 7), (NOON + 9, 7), (NOON, 9))]
    assert reasons(read(world, "custom_repurchase", *paid)) == {
        "Paid more than once in 365 days": 1,
        "Paid once in 365 days": 1,
        "The buyer counts already": 1,
    }
    asked = dispute(NOON), dispute(NOON, "withdrawn"), deal(NOON, paid_at=NOON)
    found = read(world, "dispute_rate", *asked)
    assert (found.top.sum(), found.bottom.sum()) == (1, 1)
    assert reasons(found)["The request was withdrawn"] == 1
    found = read(world, "rating", review(NOON, (5, 4, 3)), review(NOON, (1, 1, 1), valid=False))
    assert (found.top.sum(), found.bottom.sum()) == (12, 3)
    assert reasons(found)["A review of an improper order counts nowhere"] == 1


def test_the_local_bonus_says_what_the_star_has_of_it(grown: World) -> None:
    with grown.reading(SEAT) as ctx:
        inputs, rules = queries.predicted(ctx)
        (sheet,) = (each for each in sheets(ctx) if each.source.key == "now" and each.subject.name == LOCAL)
        points = queries.decide(inputs, rules).machinery
        assert sheet.local is not None
        assert sheet.local.params.get("points", 0) == points
        assert sheet.sums.top == inputs["local_gmv"]


def test_a_recount_that_differs_says_so_and_leaves_what_was_issued(grown: World) -> None:
    with grown.writing(SEAT) as ctx:
        source = evidence.sources(ctx)["evaluation"]
        asked = evidence.subject(ctx, source, "custom", "growth")
        assert asked is not None
        before = evidence.sheet(ctx, source, asked)
        mine = update(Product).where(Product.merchant_id == PLAYER, Product.kind == "customization")
        ctx.session.execute(mine.values(growth=1))
        after = evidence.sheet(ctx, source, asked)
        assert after.issued == before.issued != after.sums
        assert after.sums.value == 100
        told = evidence_words.comparison(after)
        assert told is not None
        assert "differs" in told.msgid
