"""Applications from the form to the verdict, cases, strengths; refusals leave the world as it was."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from august.catalog.models import Product
from august.kernel.context import SYSTEM
from august.kernel.jobs import advance
from august.kernel.tables import Clock
from august.kernel.world import World
from august.market.grow import BORN
from august.merchants.models import Merchant
from august.messages.models import Message
from august.verified.jobs import decide_due
from august.verified.models import Proof
from august.verified.queries import cases, overview, strengths
from tests.verified.conftest import PDF, PLAYER, PNG, RIVAL, STOCK, files, proof, refused, run

# BORN is 2022-08-24 19:00 in Los Angeles: three days later the review ends at its midnight.
DUE = datetime(2022, 8, 27, 7, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CASE: dict[str, Any] = {
    "title": "Hotel in Dubai",
    "country": "AE",
    "finished_on": "2022-07",
    "description": "x" * 50,
}


def decide(world: World, at: datetime) -> None:
    """The job alone at an instant."""
    with world.writing(SYSTEM) as ctx:
        ctx.session.get_one(Clock, 1).now = at
        ctx.now = at
        decide_due(ctx)
        ctx.session.commit()


def state(world: World, kind: str) -> tuple[str, str]:
    with world.reading(PLAYER) as ctx:
        row = overview(ctx).rows[kind]
        return row.state, row.step


def test_an_application_is_decided_at_its_midnight_and_told(world: World) -> None:
    number = run(world, "apply", kind="overseas_stock", details=STOCK, files=files(world, PDF))["proof"]
    made = proof(world, number)
    assert (made.state, made.submitted_at, made.due_at) == ("submitted", BORN, DUE)
    assert made.details == {"country": "US", "area_m2": 100, "products": 5}
    assert made.files[0]["kind"] == "pdf"
    assert state(world, "overseas_stock") == ("submitted", "await")
    decide(world, DUE - SECOND)
    assert proof(world, number).state == "submitted"
    decide(world, DUE)
    assert (proof(world, number).state, proof(world, number).decided_at) == ("verified", DUE)
    assert state(world, "overseas_stock") == ("verified", "")
    with world.reading(PLAYER) as ctx:
        assert strengths(ctx)[1].services == {"overseas_stock"}
        told = ctx.session.scalars(select(Message).where(Message.kind == "verified")).one()
        assert (told.merchant_id, told.path) == (1, f"/verified/proofs/{number}")


def test_the_clock_itself_decides(world: World) -> None:
    number = run(world, "apply", kind="overseas_stock", details=STOCK, files=files(world, PDF))["proof"]
    advance(world, DUE)
    assert proof(world, number).state == "verified"


def test_what_falls_short_is_rejected_and_may_be_applied_for_again(world: World) -> None:
    number = run(world, "apply", kind="overseas_stock", details={**STOCK, "area_m2": "99"})["proof"]
    decide(world, DUE)
    found = proof(world, number)
    assert found.state == "rejected"
    assert [each["name"] for each in found.findings if not each["passed"]] == ["area_m2", "documents"]
    assert state(world, "overseas_stock") == ("rejected", "again")
    run(world, "apply", kind="overseas_stock", details=STOCK, files=files(world, PDF))
    assert state(world, "overseas_stock") == ("submitted", "await")


def test_an_application_in_review_can_be_withdrawn_once(world: World) -> None:
    number = run(world, "apply", kind="overseas_stock")["proof"]
    assert refused(world, "apply", kind="overseas_stock").code == "verified.in_review"
    run(world, "withdraw", proof=number)
    assert refused(world, "withdraw", proof=number).code == "verified.decided"
    decide(world, DUE)
    assert proof(world, number).state == "withdrawn"


def test_another_stores_proof_is_unknown(world: World) -> None:
    number = run(world, "apply", kind="overseas_stock")["proof"]
    assert refused(world, "withdraw", RIVAL, proof=number).status == 404
    assert refused(world, "withdraw", proof=0).status == 404
    assert refused(world, "withdraw", proof=2**70).status == 404


def test_what_is_verified_is_not_applied_for_again_but_the_export_figure(world: World) -> None:
    assert refused(world, "apply", kind="trademark").code == "verified.already"
    told = {"yearly_export_usd": "5000000", "year": "2021"}
    run(world, "apply", kind="export", details=told, files=files(world, PDF, PNG))
    decide(world, DUE)
    with world.reading(PLAYER) as ctx:
        assert strengths(ctx)[1].export_cents == 500_000_000


def test_a_store_without_access_is_refused(wardrobe: World) -> None:
    refusal = refused(wardrobe, "apply", kind="engineering")
    assert (refusal.code, set(refusal.fields)) == ("verified.no_access", {"membership", "industry"})
    assert refused(wardrobe, "add_case", **CASE, files=files(wardrobe, PNG)).code == "verified.no_access"


def test_a_membership_out_of_service_or_of_another_kind_is_refused(world: World) -> None:
    for column, failed in ({"member_until": BORN}, "in_service"), ({"membership": "cgs"}, "membership"):
        with world.writing(SYSTEM) as ctx:
            ctx.session.execute(update(Merchant).where(Merchant.id == 1).values(**column))
            ctx.session.commit()
        assert failed in refused(world, "apply", kind="aeo").fields


def test_the_main_industry_is_counted_on_sale(world: World) -> None:
    with world.writing(SYSTEM) as ctx:
        ctx.session.execute(update(Product).where(Product.merchant_id == 1).values(leaf="dresses"))
        ctx.session.commit()
    assert "industry" in refused(world, "apply", kind="engineering").fields


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"area_m2": "a lot"}, "details.area_m2"),
        ({"area_m2": "-5"}, "details.area_m2"),
        ({"area_m2": "1" * 10}, "details.area_m2"),
        ({"country": "XX"}, "details.country"),
        ({"colour": "red"}, "details.colour"),
        ({"products": "\u202e5"}, "details.products"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(
    world: World, details: dict[str, str], field: str
) -> None:
    assert field in refused(world, "apply", kind="overseas_stock", details=details).fields


@pytest.mark.parametrize("text", ["2023-W35-4", "20230831", "2023-02-29", "2023-8-31", "soon"])
def test_a_day_is_written_in_one_way(world: World, text: str) -> None:
    details = {"brand": "HM", "goods": "Chair", "valid_until": text}
    assert "details.valid_until" in refused(world, "apply", kind="oem", details=details).fields


def test_files_must_have_been_uploaded_and_be_few(world: World) -> None:
    for name in "0" * 64, "../../etc/passwd", "":
        refusal = refused(world, "apply", kind="aeo", files=[{"hash": name, "name": "x"}])
        assert list(refusal.fields) == ["files.0.hash"]
    ten = files(world, *(PDF + bytes([n]) for n in range(10)))
    assert list(refused(world, "apply", kind="aeo", files=[*ten, *ten[:1]]).fields) == ["files"]
    number = run(world, "apply", kind="aeo", files=ten)["proof"]
    assert len(proof(world, number).files) == 10


def test_the_same_file_twice_counts_once(world: World) -> None:
    number = run(world, "apply", kind="export", files=files(world, PDF, PDF))["proof"]
    assert len(proof(world, number).files) == 1


def test_an_unknown_kind_is_unknown(world: World) -> None:
    assert refused(world, "apply", kind="nobel_prize").status == 404


def test_cases_are_added_counted_and_removed(world: World) -> None:
    number = run(world, "add_case", **CASE, files=files(world, PNG), value_usd="120000.50")["case"]
    with world.reading(PLAYER) as ctx:
        assert [(case.id, case.value_cents) for case in cases(ctx)] == [(number, 12_000_050)]
        assert (strengths(ctx)[1].cases, strengths(ctx)[1].engineering) == (1, False)
    assert refused(world, "remove_case", RIVAL, case=number).status == 404
    run(world, "remove_case", case=number)
    assert refused(world, "remove_case", case=number).status == 404
    with world.reading(PLAYER) as ctx:
        assert cases(ctx) == []
        assert strengths(ctx)[1].cases == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"country": ""}, "country"),
        ({"finished_on": "2022-08"}, "finished_on"),
        ({"finished_on": "2022-13"}, "finished_on"),
        ({"finished_on": "July"}, "finished_on"),
        ({"description": "x" * 49}, "description"),
        ({"description": "x" * 2001}, "description"),
        ({"value_usd": "much"}, "value_usd"),
    ],
)
def test_a_case_that_lacks_something_is_refused(world: World, changes: dict[str, str], field: str) -> None:
    refusal = refused(world, "add_case", **{**CASE, **changes}, files=files(world, PNG))
    assert list(refusal.fields) == [field]


def test_a_case_needs_a_picture(world: World) -> None:
    assert list(refused(world, "add_case", **CASE, files=files(world, PDF)).fields) == ["files"]
    assert list(refused(world, "add_case", **CASE, files=[]).fields) == ["files"]


def test_worlds_are_born_with_proofs(world: World, wardrobe: World) -> None:
    with world.reading(PLAYER) as ctx:
        found = strengths(ctx)
        members = dict(ctx.session.execute(select(Merchant.id, Merchant.membership)).all())
        states = set(ctx.session.scalars(select(Proof.state)))
    assert (found[1].export_cents, found[1].professional) == (320_000_000, {"trademark"})
    assert (found[1].services, found[1].engineering, found[1].cases) == (frozenset(), False, 0)
    assert len(found) > 5
    assert {members[store] for store in found} == {"verified"}
    assert states == {"verified"}
    with wardrobe.reading(PLAYER) as ctx:
        mine = strengths(ctx)[1]
    assert (mine.export_cents, mine.professional) == (0, {"trademark"})
