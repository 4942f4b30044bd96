"""Issued at a publication, claimed in time and in stock, used, reminded of, expired, revoked."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from august.benefits import jobs, queries
from august.benefits.commands import issue, use
from august.benefits.models import Grant
from august.benefits.rules import sells_out, times_of
from august.kernel.clock import parse_instant
from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.kernel.jobs import advance
from august.kernel.tables import Event
from august.kernel.world import World
from august.market.grow import BORN
from tests.benefits.conftest import (
    RIVAL,
    SECOND,
    WINDOWS,
    at,
    grants,
    mail,
    member,
    publish,
    reading,
    refused,
    run,
    writing,
)
from tests.tools.bare import evaluation

AUGUST, SEPTEMBER = times_of("2022-08", WINDOWS), times_of("2022-09", WINDOWS)
HOUR = timedelta(hours=1)


def states(world: World, month: str | None = None) -> dict[str, str]:
    return {code: one.state for code, one in grants(world, month).items()}


def pass_midnight(world: World, instant: datetime, job: Any = jobs.daily) -> None:
    """Let a job of an instant run."""
    at(world, instant)
    with world.writing(SYSTEM) as ctx:
        job(ctx)
        ctx.session.commit()


def test_a_publication_issues_what_the_star_brings(world: World) -> None:
    publish(world, "2022-08", 3)
    found = grants(world)
    assert {code for code, one in found.items() if one.state == "issued"} == {"gold_opportunities"}
    assert {one.state for code, one in found.items() if code != "gold_opportunities"} == {"active"}
    assert "rfq_pin" not in found
    assert "first_focus" not in found
    gold, badge = found["gold_opportunities"], found["badge_list"]
    assert (gold.quantity, gold.used, gold.star, gold.month) == (5, 0, 3, "2022-08")
    assert (gold.issued_at, gold.valid_from) == (AUGUST.published, AUGUST.published)
    assert gold.last == parse_instant("2022-09-30T23:59:59-07:00")
    assert (badge.quantity, badge.valid_until) == (None, AUGUST.following)
    (issued, waiting) = mail(world)
    assert issued[0] == "Benefits of your {star}★, until {until} at the latest: {names}"
    assert issued[1]["until"] == {
        "en": "2022-10-04 23:59 PT · 2022-10-05 14:59 Beijing",
        "zh": "2022-10-04 23:59 美西 · 2022-10-05 14:59 北京",
    }
    assert waiting[1]["names"] == [
        {"zh": "金商机限时报价", "en": "Time-limited quotes to golden opportunities"}
    ]
    with reading(world) as ctx:
        fact = ctx.session.scalars(select(Event).where(Event.kind == "benefits.issued")).one()
        assert (fact.object_kind, fact.object_id, fact.params["star"]) == ("merchant", 1, 3)


def test_a_month_is_issued_once(world: World) -> None:
    publish(world, "2022-08", 3)
    before = world.state_hash()
    with world.writing(SYSTEM) as ctx:
        assert issue(ctx, 1, 5, "2022-08", AUGUST.following) == []
        ctx.session.commit()
    assert world.state_hash() == before


def test_a_star_of_nothing_brings_nothing(world: World) -> None:
    publish(world, "2022-08", 0)
    assert grants(world) == {}
    assert mail(world) == []


def test_a_past_publication_is_a_record(world: World) -> None:
    """A world is born on August 25th with the publication of August 5th, and the week of that is over."""
    at(world, BORN)
    july = times_of("2022-07", WINDOWS)
    with world.writing(SYSTEM) as ctx:
        ctx.session.add_all([evaluation("2022-06", 1, None), evaluation("2022-07", 2, july.published)])
        ctx.session.flush()
        issue(ctx, 1, 2, "2022-07", july.following)
        ctx.session.commit()
    found = grants(world)
    assert found["first_focus"].state == "expired"
    assert found["first_focus"].ended_at == parse_instant("2022-08-12T00:00:00-07:00")
    assert found["rfq_pin"].state == "issued"
    assert found["badge_list"].issued_at == july.published
    # On the twentieth day little is left of the stock, and enough.
    run(world, "claim", grant=found["rfq_pin"].id)
    assert grants(world)["rfq_pin"].state == "claimed"


def test_the_next_publication_renews_and_revokes(world: World) -> None:
    publish(world, "2022-08", 3)
    publish(world, "2022-09", 2)
    old, new = grants(world, "2022-08"), grants(world, "2022-09")
    assert (old["badge_list"].state, new["badge_list"].state) == ("expired", "active")
    for code in ("online_exhibitions", "dedicated_service"):
        assert (old[code].state, old[code].ended_at) == ("revoked", SEPTEMBER.published)
        assert code not in new
    text, params = mail(world)[-1]
    assert text == "Taken back with the new evaluation ({star}★): {names}"
    assert [name["en"] for name in params["names"]] == [
        "Access to online exhibitions",
        "Dedicated online service",
    ]
    # The job of the same midnight finds nothing more to say about standing benefits.
    before = len(mail(world))
    pass_midnight(world, SEPTEMBER.published)
    assert [text for text, _ in mail(world)[before:]] == ["Expired: {names}"]
    assert states(world, "2022-09")["badge_list"] == "active"


@pytest.mark.parametrize(
    ("instant", "comes"),
    [
        (AUGUST.published - SECOND, "over"),
        (AUGUST.published, "claimed"),
        (AUGUST.published + SECOND, "claimed"),
    ],
)
def test_a_claim_begins_with_the_publication(world: World, instant: datetime, comes: str) -> None:
    publish(world, "2022-08", 1)
    number = grants(world)["rfq_quotes"].id
    at(world, instant)
    if comes == "claimed":
        assert run(world, "claim", grant=number) == {"grant": number, "code": "rfq_quotes", "quantity": 5}
        assert states(world)["rfq_quotes"] == "claimed"
        assert grants(world)["rfq_quotes"].valid_until == AUGUST.month_end
    else:
        assert refused(world, "claim", grant=number).code == "benefit.over"


# A share of one is to be had longer than a share of five.
@pytest.mark.parametrize(("code", "left"), [("rfq_pass", 0), ("rfq_quotes", 1)])
def test_a_claim_lasts_while_the_stock_does(world: World, code: str, left: int) -> None:
    publish(world, "2022-08", 1)
    one = grants(world)[code]
    with reading(world) as ctx:
        last = sells_out(code, one.quantity or 0, 0, queries.stocks(ctx))
    assert last is not None
    end = AUGUST.published + timedelta(seconds=last)
    at(world, end)
    refusal = refused(world, "claim", grant=one.id)
    assert (refusal.code, refusal.status, refusal.rules) == ("benefit.sold_out", 409, ("S7-rfq", "S7-stock"))
    with reading(world) as ctx:
        assert queries.to_claim(ctx)[0] == left
    at(world, end - SECOND)
    run(world, "claim", grant=one.id)


def test_a_showcase_slot_is_claimed_until_the_next_publication(world: World) -> None:
    publish(world, "2022-08", 1)
    publish(world, "2022-09", 2)
    one = grants(world)["showcase_slots"]
    assert (one.state, one.quantity, one.valid_until) == ("issued", 3, SEPTEMBER.following)
    at(world, SEPTEMBER.following)
    assert refused(world, "claim", grant=one.id).code == "benefit.over"
    at(world, SEPTEMBER.following - SECOND)
    run(world, "claim", grant=one.id)
    one = grants(world)["showcase_slots"]
    assert (one.state, one.claimed_at) == ("active", SEPTEMBER.following - SECOND)
    assert one.valid_until == parse_instant("2022-12-05T00:00:00-08:00")


def test_what_cannot_be_claimed(world: World) -> None:
    publish(world, "2022-08", 3)
    found = grants(world)
    gold = found["gold_opportunities"].id
    assert refused(world, "claim", grant=0).status == 404
    assert refused(world, "claim", grant=2**70).status == 404
    assert refused(world, "claim", RIVAL, grant=gold).status == 404
    assert refused(world, "claim", grant=found["badge_list"].id).code == "benefit.not_claimed"
    run(world, "claim", grant=gold)
    again = refused(world, "claim", grant=gold)
    assert (again.code, again.status, again.rules) == ("benefit.claimed", 409, ("S7-rfq",))


def test_a_trial_is_begun_by_a_gold_supplier_whose_star_rose(world: World) -> None:
    assert refused(world, "activate_trial").code == "benefit.none"
    member(world, "cgs")
    publish(world, "2022-08", 1)
    publish(world, "2022-09", 2)
    one = grants(world)["data_advisor"]
    assert (one.state, one.valid_until) == ("issued", SEPTEMBER.following)
    assert refused(world, "claim", grant=one.id).remedy == "Begin it under Analytics, Data Advisor."
    at(world, SEPTEMBER.published + HOUR)
    run(world, "activate_trial")
    one = grants(world)["data_advisor"]
    assert (one.state, one.valid_from) == ("active", SEPTEMBER.published + HOUR)
    # The 5th is the day of the activation; thirty more follow.
    assert one.last == parse_instant("2022-11-04T23:59:59-07:00")
    assert refused(world, "activate_trial").code == "benefit.claimed"
    pass_midnight(world, one.valid_until)
    assert states(world)["data_advisor"] == "expired"


def test_a_membership_that_ran_out_counts_no_more(world: World) -> None:
    member(world, "verified", AUGUST.published + SECOND)
    publish(world, "2022-08", 3)
    assert "million_club" in grants(world)
    member(world, "verified", SEPTEMBER.published)
    publish(world, "2022-09", 3)
    assert "million_club" not in grants(world, "2022-09")
    assert states(world, "2022-08")["million_club"] == "revoked"


def test_using_what_was_claimed(world: World) -> None:
    publish(world, "2022-08", 2)
    pin = grants(world)["rfq_pin"].id
    with writing(world) as ctx:
        with pytest.raises(Refusal) as none:
            use(ctx, "rfq_pin", 1)
        assert none.value.code == "benefit.not_held"
    run(world, "claim", grant=pin)
    with writing(world) as ctx:
        use(ctx, "rfq_pin", 2)
        with pytest.raises(Refusal) as few:
            use(ctx, "rfq_pin", 2)
        assert (few.value.code, few.value.params["left"]) == ("benefit.too_few", 1)
        assert use(ctx, "rfq_pin", 1).state == "used_up"
        ctx.session.commit()
    one = grants(world)["rfq_pin"]
    assert (one.used, one.state, one.ended_at) == (3, "used_up", AUGUST.published)
    with writing(world) as ctx, pytest.raises(Refusal):
        use(ctx, "rfq_pin", 1)


@pytest.mark.parametrize(
    ("instant", "held"),
    [(AUGUST.month_end - SECOND, True), (AUGUST.month_end, False), (AUGUST.month_end + SECOND, False)],
)
def test_a_claimed_benefit_ends_with_the_month(world: World, *, instant: datetime, held: bool) -> None:
    publish(world, "2022-08", 2)
    run(world, "claim", grant=grants(world)["rfq_pin"].id)
    at(world, instant)
    with reading(world) as ctx:
        assert (queries.holding(ctx, "rfq_pin") is not None) is held


@pytest.mark.parametrize("days", [4, 3, 2])
def test_a_reminder_comes_three_days_before(world: World, days: int) -> None:
    publish(world, "2022-08", 2)
    before = len(mail(world))
    pass_midnight(world, AUGUST.month_end - days * timedelta(days=1))
    told = mail(world)[before:]
    assert len(told) == (days == 3)
    if told:
        text, params = told[0]
        assert text == "Ends at {at}: {names}"
        assert params["at"]["en"] == "2022-09-30 23:59 PT · 2022-10-01 14:59 Beijing"
        assert [name["en"] for name in params["names"]] == ["Pinned RFQ quotes"]


def test_time_ends_what_was_claimed_and_what_was_not(world: World) -> None:
    publish(world, "2022-08", 1)
    found = grants(world)
    run(world, "claim", grant=found["rfq_pass"].id)
    pass_midnight(world, AUGUST.month_end - SECOND, jobs.expire)
    assert states(world)["rfq_quotes"] == "issued"
    pass_midnight(world, AUGUST.month_end, jobs.expire)
    told = states(world)
    assert (told["rfq_pass"], told["rfq_quotes"], told["badge_list"]) == ("expired", "expired", "active")
    text, params = mail(world)[-1]
    assert text == "Expired: {names}"
    assert [name["en"] for name in params["names"]] == ["RFQ unlimited pass", "Extra RFQ quotes"]
    before = len(mail(world))
    pass_midnight(world, AUGUST.month_end)
    assert len(mail(world)) == before


def test_the_clock_does_all_of_it(world: World) -> None:
    """Over the month's end and past an evaluation that never came."""
    at(world, BORN)
    july = times_of("2022-07", WINDOWS)
    with world.writing(SYSTEM) as ctx:
        ctx.session.add(evaluation("2022-07", 2, july.published))
        ctx.session.flush()
        issue(ctx, 1, 2, "2022-07", july.following)
        ctx.session.commit()
    jump = advance(world, july.month_end)
    assert {due.name for due in jump.runs} >= {"benefits.daily", "benefits.month_end"}
    assert states(world)["rfq_pin"] == "expired"
    assert [text for text, _ in mail(world)] == ["Ends at {at}: {names}", "Expired: {names}"]
    with reading(world) as ctx:
        asked = select(Grant.ended_at).where(Grant.code == "rfq_pin")
        assert ctx.session.scalar(asked) == july.month_end
