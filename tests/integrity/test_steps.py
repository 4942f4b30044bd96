"""The life of a refund request: every step in every state, every deadline, every verdict."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.features import house
from august.integrity import steps
from august.integrity.models import STATES
from august.integrity.rules import (
    HOW,
    contradicted,
    dispute_terms,
    how,
    liable_now,
    shipped_late,
    why_liable,
)
from august.integrity.words import BUYER_REASONS, REASON_WORDS, REASONS, SELLER_REASONS
from august.kernel.errors import Refusal
from august.market.grow import BORN
from tests.trade.deals import DAY, NOW, columns

TERMS = dispute_terms(house().rulebook, BORN)
TABLE = {
    "accept": {"opened", "negotiating"},
    "offer": {"opened", "negotiating"},
    "remind": {"opened", "negotiating"},
    "explain": {"opened", "negotiating"},
    "change_reason": {"opened", "negotiating"},
    "withdraw": {"opened", "negotiating"},
    "take_offer": {"negotiating"},
    "escalate": {"opened", "negotiating"},
    "decide": {"arbitration"},
}
DO: dict[str, Callable[[steps.Row], steps.Changes]] = {
    "accept": lambda row: steps.accept(row, NOW),
    "offer": lambda row: steps.offer(row, NOW, 40_00, TERMS),
    "remind": lambda row: steps.remind(row, NOW, TERMS),
    "explain": lambda row: steps.explain(row, NOW, "We shipped in time.", TERMS),
    "change_reason": lambda row: steps.change_reason(row, NOW, "no_longer_wanted"),
    "withdraw": lambda row: steps.withdraw(row, NOW),
    "take_offer": lambda row: steps.take_offer(row, NOW),
    "escalate": lambda row: steps.escalate(row, NOW),
    "decide": lambda row: steps.decide(row, NOW, evidence=True, shipped=False),
}


def request(state: str = "opened", **more: Any) -> dict[str, Any]:
    """The plain columns of a request over a hundred dollars, opened a day ago."""
    row = steps.opened(columns("producing"), "late_shipment", "late_shipment", NOW - DAY, TERMS) | {"id": 1}
    if state != "opened":
        row |= {"state": state, "offer_cents": 40_00}
        row["deadline"] = NOW + 14 * DAY if state == "negotiating" else None
    return row | more


def test_the_tables_know_the_same_steps_states_and_reasons() -> None:
    assert steps.STEPS.keys() == TABLE.keys() == DO.keys()
    assert tuple(steps.STATES) == STATES
    assert REASON_WORDS.keys() == set(REASONS) == {*SELLER_REASONS, *BUYER_REASONS}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", TABLE)
def test_every_step_in_every_state(step: str, state: str) -> None:
    row = request(state)
    if state in TABLE[step]:
        assert DO[step](row)
        return
    with pytest.raises(Refusal) as caught:
        DO[step](row)
    assert (caught.value.code, caught.value.status) == ("dispute.wrong_state", 409)
    assert caught.value.rules == ("I4",)


@pytest.mark.parametrize("state", ["arbitration", "accepted", "withdrawn", "decided"])
def test_after_arbitration_the_reason_is_frozen(state: str) -> None:
    with pytest.raises(Refusal):
        steps.change_reason(request(state), NOW, "ordered_by_mistake")


def test_a_request_claims_what_was_paid_and_waits_five_days() -> None:
    row = steps.opened(
        columns("producing", terms="before_shipment"), "out_of_stock", "out_of_stock", NOW, TERMS
    )
    assert (row["claim_cents"], row["deadline"], row["due"]) == (30_00, NOW + 5 * DAY, 0)


def test_negotiation_lasts_fifteen_days_from_the_first_answer() -> None:
    row = request()
    row |= steps.remind(row, NOW, TERMS)
    assert (row["state"], row["deadline"], row["reminded_at"]) == ("negotiating", NOW + 15 * DAY, NOW)
    row |= steps.offer(row, NOW + DAY, 1, TERMS)
    row |= steps.explain(row, NOW + 2 * DAY, "…", TERMS)
    row |= steps.change_reason(row, NOW + 3 * DAY, "agreed_cancel")
    assert (row["deadline"], row["since"], row["due"]) == (NOW + 15 * DAY, NOW + 3 * DAY, 0)


@pytest.mark.parametrize("step", ["accept", "offer", "remind", "explain", "change_reason", "withdraw"])
@pytest.mark.parametrize("state", ["opened", "negotiating"])
@pytest.mark.parametrize("off", [-1, 0, 1])
def test_the_second_of_the_deadline_is_too_late(step: str, state: str, off: int) -> None:
    row = request(state, deadline=NOW - off)
    assert steps.allowed(step, row, NOW) is (off < 0)
    if off >= 0:
        with pytest.raises(Refusal) as caught:
            steps.require_in_time(step, row, NOW)
        assert (caught.value.code, caught.value.rules) == ("dispute.too_late", ("I4", "I4-days"))


@pytest.mark.parametrize("cents", [0, -1, 100_01])
def test_an_offer_is_a_part_of_the_claim(cents: int) -> None:
    with pytest.raises(Refusal) as caught:
        steps.offer(request(), NOW, cents, TERMS)
    assert list(caught.value.fields) == ["amount_usd"]
    assert steps.offer(request(), NOW, 100_00, TERMS)["offer_cents"] == 100_00


def test_only_an_offer_that_was_made_is_taken() -> None:
    with pytest.raises(Refusal) as caught:
        steps.take_offer(request("negotiating", offer_cents=None), NOW)
    assert caught.value.code == "dispute.no_offer"
    taken = steps.take_offer(request("negotiating"), NOW)
    assert (taken["state"], taken["refund_cents"], taken["seller_liable"]) == ("accepted", 40_00, False)


@pytest.mark.parametrize("reason", REASONS)
def test_an_accepted_request_is_judged_by_its_reason(reason: str) -> None:
    changes = steps.accept(request(reason=reason), NOW)
    assert (changes["refund_cents"], changes["settled_at"]) == (100_00, NOW)
    assert changes["seller_liable"] is (reason in SELLER_REASONS)


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("evidence", [True, False])
@pytest.mark.parametrize(("shipped", "guilty_cents", "free_cents"), [(False, 99_99, 99_99), (True, 50_00, 0)])
def test_a_verdict_follows_reason_and_evidence(
    reason: str, guilty_cents: int, free_cents: int, *, evidence: bool, shipped: bool
) -> None:
    row = request("arbitration", reason=reason, claim_cents=99_99)
    changes = steps.decide(row, NOW, evidence=evidence, shipped=shipped)
    guilty = reason in SELLER_REASONS and evidence
    assert changes["seller_liable"] is guilty
    assert changes["refund_cents"] == (guilty_cents if guilty else free_cents)


@given(paid=st.integers(1, 10**12), refund=st.integers(0, 10**12))
def test_all_paid_back_ends_the_order_a_part_lets_it_go_on(paid: int, refund: int) -> None:
    order = columns("part_shipped", paid_cents=paid, disputed=True, disputes=1)
    changes = steps.settle(request("accepted", refund_cents=refund), order, NOW)
    assert changes["disputed"] is False
    if refund >= paid:
        assert (changes["state"], changes["close_why"]) == ("cancelled", "refunded")
    else:
        assert changes.get("state") is None
        assert (changes["since"], changes["due"]) == (NOW, 0)


@pytest.mark.parametrize(("off", "late"), [(-1, False), (0, False), (1, True)])
def test_dates_speak_for_or_against_lateness(off: int, *, late: bool) -> None:
    order = columns("producing", ship_by=NOW - off)
    assert shipped_late(order, NOW) is late
    assert contradicted(request(opened_at=NOW), order) is not late
    assert contradicted(request(opened_at=NOW, reason="not_as_described"), order) is False
    assert shipped_late(order | {"shipped_at": NOW - off}, NOW) is False
    assert shipped_late(order | {"shipped_at": NOW - off + 1}, NOW) is late


SETTLED = (
    ("accepted", {"refund_cents": 100_00, "seller_liable": True}, "accepted", True),
    ("accepted", {"refund_cents": 40_00, "seller_liable": False}, "offered", False),
    ("withdrawn", {"refund_cents": 0, "seller_liable": False}, "withdrawn", False),
    ("decided", {"refund_cents": 100_00, "seller_liable": True}, "borne_out", True),
    ("decided", {"refund_cents": 0, "seller_liable": False}, "not_borne_out", False),
    ("opened", {}, "opened", True),
    ("negotiating", {"reason": "no_longer_wanted"}, "negotiating", False),
    ("arbitration", {}, "arbitration", True),
)


@pytest.mark.parametrize(("state", "more", "told", "liable"), SETTLED)
def test_the_explanation_tells_how_it_stands(
    state: str, more: dict[str, Any], told: str, *, liable: bool
) -> None:
    row, order = request(state, **more), columns("producing")
    assert (how(row), liable_now(row)) == (told, liable)
    tree = why_liable(row, order)
    assert tree.outcome == ("bad" if liable else "ok")
    assert HOW[told] in [node.message for node in tree.children]
    assert "not" not in tree.english() or not liable
    assert {"I4", "trade.states"} <= set(tree.rules)
    # While it is open a liable seller is told what to do.
    assert (tree.remedy is not None) is (liable and row["seller_liable"] is None)


def test_the_explanation_names_what_was_said_and_when() -> None:
    bare = why_liable(request(), columns("producing")).children[2]
    assert bare.outcome == "note"
    told = why_liable(request(reminded_at=NOW, statement="In time."), columns("producing")).children[2]
    assert (told.outcome, told.children[0].params) == ("ok", {"at": BORN})
