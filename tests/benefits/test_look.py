"""What the benefits center tells, why, in how few statements, and the same on both databases."""

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from august.benefits import look, queries
from august.benefits.rules import times_of
from august.kernel.errors import Refusal
from august.kernel.features import DigestLine
from august.kernel.world import World
from august.web.i18n import speaking
from august.web.tables import listing
from tests.benefits.conftest import (
    SECOND,
    WINDOWS,
    at,
    grants,
    member,
    publish,
    reading,
    run,
)
from tests.tools.bare import bare
from tests.tools.statements import counting

AUGUST = times_of("2022-08", WINDOWS)
ASKED = listing("/", {}, sorts=tuple(queries.SORTS), default="-at", filters=queries.FILTERS)


def failed(world: World, code: str) -> list[str]:
    with reading(world) as ctx:
        why = look.why(ctx, code)
    return [node.english() for node in why.walk() if node.outcome == "bad" and node is not why]


def test_without_an_evaluation_there_is_the_table(world: World) -> None:
    with reading(world) as ctx:
        found = look.center(ctx)
        why = look.why(ctx, "rfq_pin")
        assert queries.to_claim(ctx) == (0, None)
    assert (found.standing, found.held, found.stocks, found.waiting) == (None, (), (), 0)
    assert len(found.lines) == 18
    assert why.remedy == "Stars are published on the 5th of each month."


def test_the_table_as_the_page_writes_it(world: World) -> None:
    with reading(world) as ctx:
        rows = {line.benefit.code: line.cells for line in look.center(ctx).lines}
    told = {code: " ".join(cell.text for cell in cells) for code, cells in rows.items()}
    assert told["badge_list"] == "tick tick tick tick tick"
    assert told["rfq_quotes"] == "none none none none 5"
    assert told["rfq_pin"] == "none none none 3 none"
    assert told["gold_opportunities"] == "3–15 3–15 3–15 none none"
    assert told["loan_mybank"] == "7.2% 7.2% 9.0% 9.72% 10.8%"
    assert [cell.only for cell in rows["super_festivals"]] == [None, None, None, None, "Verified only"]
    assert {cell.only for cell in rows["million_club"]} == {"Verified only"}


def test_what_waits_stands_first(world: World) -> None:
    member(world, "cgs")
    publish(world, "2022-08", 1)
    publish(world, "2022-09", 3)
    with reading(world) as ctx:
        found = look.center(ctx)
        assert queries.to_claim(ctx)[0] == 3
    now = [(one.grant.code, one.can) for one in found.held if one.grant.month == "2022-09"]
    assert now == [
        ("gold_opportunities", "claim"),
        ("showcase_slots", "claim"),
        ("data_advisor", "activate"),
        ("first_focus", None),
    ]
    assert found.waiting == 3
    assert {line.benefit.code: line.decision.granted for line in found.lines if line.decision}[
        "gold_opportunities"
    ]


def test_the_first_end_of_what_waits_is_when_it_is_sold_out(world: World) -> None:
    publish(world, "2022-08", 3)
    with reading(world) as ctx:
        count, first = queries.to_claim(ctx)
        pile = queries.piles(ctx, "2022-08", {"gold_opportunities": 5})["gold_opportunities"]
    assert (count, first) == (1, pile.until)
    assert first is not None
    at(world, first - SECOND)
    with reading(world) as ctx:
        assert look.center(ctx).waiting == 1
    at(world, first)
    with reading(world) as ctx:
        found = look.center(ctx)
        assert queries.to_claim(ctx) == (0, None)
    assert (found.waiting, found.held[0].sold_out) == (0, True)


def test_what_this_world_claims_is_gone_too(world: World) -> None:
    publish(world, "2022-08", 3)
    with reading(world) as ctx:
        before = queries.piles(ctx, "2022-08", {})["gold_opportunities"].left
    run(world, "claim", grant=grants(world)["gold_opportunities"].id)
    with reading(world) as ctx:
        assert queries.piles(ctx, "2022-08", {})["gold_opportunities"].left == before - 5


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("badge_list", []),
        ("gold_opportunities", []),
        ("rfq_pin", ["Stars that get it"]),
        ("data_advisor", ["Memberships that get it", "Star-up campaign"]),
    ],
)
def test_why_a_store_has_no_right(world: World, code: str, told: list[str]) -> None:
    publish(world, "2022-08", 3)
    assert [text.partition(":")[0] for text in failed(world, code)] == told


@pytest.mark.parametrize(
    ("instant", "told"),
    [
        (AUGUST.published + timedelta(days=24) - timedelta(hours=6), []),
        (AUGUST.published + timedelta(days=24), ["Your share is 5; 0 of this month's 30000 are left"]),
        (AUGUST.month_last, ["Your share is 5; 0 of this month's 30000 are left"]),
    ],
)
def test_why_a_right_cannot_be_claimed(world: World, instant: datetime, told: list[str]) -> None:
    publish(world, "2022-08", 3)
    at(world, instant)
    assert failed(world, "gold_opportunities") == told


def test_what_was_claimed_in_time_needs_no_stock_any_more(world: World) -> None:
    publish(world, "2022-08", 3)
    run(world, "claim", grant=grants(world)["gold_opportunities"].id)
    at(world, AUGUST.month_last)
    assert failed(world, "gold_opportunities") == []
    with reading(world) as ctx:
        texts = [node.english() for node in look.why(ctx, "gold_opportunities").walk()]
    assert any(text.endswith("used: 0 of 5") for text in texts)


def test_why_knows_only_the_table(world: World) -> None:
    with reading(world) as ctx, pytest.raises(Refusal) as none:
        look.why(ctx, "x" * 99)
    assert (none.value.status, none.value.params["key"]) == (404, "x" * 24)


def test_benefits_are_found_in_both_languages(world: World) -> None:
    with reading(world) as ctx, speaking("en"):
        assert [hit.path for hit in look.find(ctx, "金商机")] == ["/benefits#gold_opportunities"]
        assert [hit.label for hit in look.find(ctx, "SHOWCASE")] == ["Free showcase slots"]
        assert look.find(ctx, " ") == []


def test_the_digest_tells_what_a_jump_brought(world: World) -> None:
    publish(world, "2022-08", 3)
    with reading(world) as ctx:
        assert look.digest(ctx, AUGUST.published - SECOND, AUGUST.published) == [
            DigestLine(
                "Benefits issued: {count}, to be claimed by hand: {waiting}",
                {"count": 12, "waiting": 1},
                "/benefits",
            )
        ]
        assert look.digest(ctx, AUGUST.published, AUGUST.following) == []
    publish(world, "2022-09", 1)
    with reading(world) as ctx:
        lines = look.digest(ctx, AUGUST.published, AUGUST.following)
    assert lines[1] == DigestLine("Benefits revoked: {count}", {"count": 2}, "/benefits")


def test_the_page_costs_the_same_however_much_was_issued(world: World) -> None:
    costs = []
    for number, month in enumerate(("2022-08", "2022-09", "2022-10"), start=1):
        publish(world, month, number)
        with reading(world) as ctx, counting() as sent:
            look.center(ctx)
            queries.history(ctx, ASKED)
        costs.append(len(sent))
    assert costs == [7, 7, 7]


def lived(world: World) -> dict[str, Any]:
    """Two publications, a claim and a trial, then everything read once."""
    member(world, "cgs")
    publish(world, "2022-08", 1)
    run(world, "claim", grant=grants(world)["rfq_quotes"].id)
    publish(world, "2022-09", 3)
    run(world, "activate_trial")
    with reading(world) as ctx:
        found = look.center(ctx)
        return {
            "standing": found.standing,
            "stocks": [asdict(one.pile) for one in found.stocks],
            "held": [(one.grant.code, one.left, one.can, one.countdown) for one in found.held],
            "history": [(one.code, one.state, one.last) for one in queries.history(ctx, ASKED).grants],
            "waiting": queries.to_claim(ctx),
            "why": [look.why(ctx, line.benefit.code) for line in found.lines],
        }


def test_both_databases_tell_the_same(tmp_path: Path, postgres_url: str) -> None:
    told, hashes = [], set()
    for url in (None, postgres_url):
        store = bare(tmp_path, url)
        world = store.create("w", "t", seed=3)
        told.append(lived(world))
        hashes.add(world.state_hash())
        store.close()
    assert told[0] == told[1]
    assert len(hashes) == 1
