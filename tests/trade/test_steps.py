"""The table of states walked by pure steps: every step in every state, every deadline to the second."""

from collections.abc import Callable
from typing import Any

import pytest

from august.features import house
from august.kernel.errors import Refusal
from august.market.grow import BORN
from august.trade import steps
from august.trade.models import STATES
from august.trade.rules import TIMED, countdown, late_risk, order_terms, span
from tests.trade.deals import DAY, NOW, PAID, columns

TERMS = order_terms(house().rulebook, BORN)
OPEN = PAID[:-1]
# Which states a step starts from, written down a second time on purpose.
TABLE: dict[str, set[str]] = {
    "confirm": {"asked"},
    "accept": {"drafted"},
    "decline": {"drafted"},
    "lapse": {"asked", "drafted", "confirmed"},
    "withdraw": {"asked", "drafted", "confirmed"},
    "pay_first": {"confirmed"},
    "cancel_booking": {"producing", "balance_due"},
    "ready": {"producing"},
    "pay_final": {"balance_due", "received"},
    "ship": {"producing", "part_shipped"},
    "arrive": {"shipped"},
    "receive": {"arrived"},
    "dispute": set(OPEN),
    "refund": set(OPEN),
}
DO: dict[str, Callable[[steps.Row], steps.Changes]] = {
    "confirm": lambda row: steps.confirm(row, NOW),
    "accept": lambda row: steps.accept(row, NOW),
    "decline": lambda row: steps.close(row, NOW, "decline", "declined"),
    "lapse": lambda row: steps.lapse(row, NOW),
    "withdraw": lambda row: steps.close(row, NOW, "withdraw", "seller"),
    "pay_first": lambda row: steps.pay_first(row, NOW),
    "cancel_booking": lambda row: steps.cancel_booking(row, NOW),
    "ready": lambda row: steps.ready(row, NOW),
    "pay_final": lambda row: steps.pay_final(row, NOW),
    "ship": lambda row: steps.ship(row, NOW, row["quantity"] - row["shipped_quantity"]),
    "arrive": lambda row: steps.arrive(row, NOW),
    "receive": lambda row: steps.receive(row, NOW),
    "dispute": steps.dispute,
    "refund": lambda row: steps.close(row, NOW, "refund", "refunded"),
}
LEADS = {
    "confirm": "confirmed",
    "accept": "confirmed",
    "decline": "cancelled",
    "lapse": "cancelled",
    "withdraw": "cancelled",
    "pay_first": "producing",
    "cancel_booking": "confirmed",
    "ready": "balance_due",
    "ship": "shipped",
    "arrive": "arrived",
    "receive": "completed",
    "refund": "cancelled",
}


def row_for(step: str, state: str, **more: Any) -> dict[str, Any]:
    """An order that may take the step as far as its terms go."""
    terms = {"ready": "before_shipment"}.get(step) or ("oa" if state == "received" else "full")
    return columns(state, terms=terms, **more)


def test_the_tables_know_the_same_steps_and_states() -> None:
    assert steps.STEPS.keys() == TABLE.keys() == DO.keys()
    assert tuple(steps.STATES) == STATES
    assert {name for name, state in steps.STATES.items() if state.then} == TIMED


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", TABLE)
def test_every_step_in_every_state(step: str, state: str) -> None:
    row = row_for(step, state)
    if state not in TABLE[step]:
        with pytest.raises(Refusal) as caught:
            DO[step](row)
        assert (caught.value.code, caught.value.status) == ("order.wrong_state", 409)
        assert caught.value.rules == ("trade.states",)
        return
    changes = DO[step](row)
    if step in LEADS:
        assert (changes["state"], changes["since"]) == (LEADS[step], NOW)
        over = steps.STATES[LEADS[step]].turn == "nobody"
        assert changes["due"] == (None if over else 0)


@pytest.mark.parametrize("step", TABLE)
def test_a_refund_request_stops_what_it_stops(step: str) -> None:
    state = min(TABLE[step])
    row = row_for(step, state, disputed=True)
    if step in {"cancel_booking", "pay_final", "receive", "dispute"}:
        with pytest.raises(Refusal) as caught:
            DO[step](row)
        assert (caught.value.code, caught.value.rules) == ("order.disputed", ("trade.states", "I4"))
    else:
        assert DO[step](row)


@pytest.mark.parametrize(("state", "days"), [("asked", 5), ("drafted", 7), ("confirmed", 7), ("arrived", 10)])
@pytest.mark.parametrize("off", [-1, 0, 1])
def test_a_state_ends_at_the_second_of_its_deadline(state: str, days: int, off: int) -> None:
    row = columns(state, since=NOW - days * DAY - off)
    assert steps.deadline(row, TERMS) == NOW - off
    step = {"asked": "confirm", "drafted": "accept", "confirmed": "pay_first", "arrived": "receive"}[state]
    assert steps.allowed(step, row, NOW, TERMS) is (off < 0)
    if off >= 0:
        with pytest.raises(Refusal) as caught:
            steps.require_in_time(step, row, NOW, TERMS)
        assert (caught.value.code, caught.value.status) == ("order.too_late", 409)
        assert caught.value.remedy


def test_a_refund_request_holds_the_deadline_and_settling_begins_it_anew() -> None:
    row = columns("arrived", since=NOW - 20 * DAY, disputed=True)
    assert steps.deadline(row, TERMS) is None
    row |= steps.resume(row, NOW)
    assert (row["disputed"], steps.deadline(row, TERMS)) == (False, NOW + 10 * DAY)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("off", [-2 * DAY - 1, -2 * DAY, -1, 0, 1])
def test_late_risk_to_the_second(state: str, off: int) -> None:
    row = columns(state, ship_by=NOW - off)
    risk = "none" if off < -2 * DAY else ("late" if off > 0 else "soon")
    assert late_risk(row, NOW, TERMS) == (risk if state in {"producing", "part_shipped"} else "none")


@pytest.mark.parametrize(("off", "kept"), [(-1, True), (0, True), (1, False)])
def test_on_time_to_the_second(off: int, *, kept: bool) -> None:
    assert steps.on_time(columns("shipped", ship_by=NOW, shipped_at=NOW + off)) is kept
    assert steps.on_time(columns("producing")) is None


def test_the_lead_time_runs_from_the_first_payment() -> None:
    changes = steps.pay_first(columns("confirmed"), NOW)
    assert (changes["ship_by"], changes["paid_cents"]) == (NOW + 20 * DAY, 100_00)


def test_the_lead_time_stands_still_while_goods_wait_for_money() -> None:
    row = columns("balance_due", terms="before_shipment", since=NOW - 5 * DAY, ship_by=NOW + DAY)
    assert steps.pay_final(row, NOW)["ship_by"] == NOW + 6 * DAY
    assert steps.due_by(row, TERMS) is None
    assert steps.resume(row | {"disputed": True}, NOW)["ship_by"] == NOW + 6 * DAY
    oa = columns("received")
    assert "ship_by" not in steps.pay_final(oa, NOW)
    assert steps.pay_final(oa, NOW)["state"] == "completed"


def test_goods_leave_before_or_after_the_rest_as_agreed() -> None:
    row = columns("producing", terms="before_shipment")
    with pytest.raises(Refusal) as caught:
        steps.ship(row, NOW, 10)
    assert caught.value.code == "order.balance_unpaid"
    assert steps.ship(row | {"paid_cents": 100_00}, NOW, 10)["state"] == "shipped"
    assert steps.ship(columns("producing", terms="oa"), NOW, 10)["state"] == "shipped"
    with pytest.raises(Refusal) as caught:
        steps.ready(columns("producing", terms="oa"), NOW)
    assert caught.value.code == "order.nothing_due"


@pytest.mark.parametrize("pieces", [0, -1, 7])
def test_no_more_pieces_than_are_left(pieces: int) -> None:
    with pytest.raises(Refusal) as caught:
        steps.ship(columns("part_shipped"), NOW, pieces)
    assert (caught.value.code, list(caught.value.fields)) == ("order.bad_quantity", ["quantity"])


def test_a_part_is_not_the_whole() -> None:
    first = steps.ship(columns("producing"), NOW, 9)
    assert (first["state"], first["shipped_quantity"], "shipped_at" in first) == ("part_shipped", 9, False)
    last = steps.ship(columns("producing") | first, NOW, 1)
    assert (last["state"], last["shipped_quantity"], last["shipped_at"]) == ("shipped", 10, NOW)


def test_an_oa_order_is_received_before_it_is_complete() -> None:
    assert steps.receive(columns("arrived", terms="oa"), NOW)["state"] == "received"
    assert steps.due_by(columns("received", shipped_at=NOW - DAY), TERMS) == NOW + 29 * DAY


def test_why_an_order_was_closed() -> None:
    assert steps.lapse(columns("drafted"), NOW)["close_why"] == "lapsed"
    assert steps.lapse(columns("confirmed"), NOW)["close_why"] == "unpaid"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 h 0 min"),
        (59, "0 h 0 min"),
        (3_599, "0 h 59 min"),
        (DAY - 1, "23 h 59 min"),
        (DAY, "1 d 0 h"),
        (3 * DAY + 7_200, "3 d 2 h"),
    ],
)
def test_stretches_of_time(seconds: int, said: str) -> None:
    assert span(seconds).english() == span(-seconds).english() == said


def test_countdown_says_which_side_it_is_on() -> None:
    assert countdown(NOW, NOW + 60).english() == "0 h 1 min left"
    assert countdown(NOW, NOW).english() == "0 h 0 min ago"
    assert countdown(NOW, NOW - DAY).english() == "1 d 0 h ago"
