"""Refund requests step by step: stores answer, buyers give in or insist, the platform decides."""

from august.integrity import steps
from august.integrity.words import SELLER_REASONS
from august.kernel.money import divide_half_up
from august.kernel.plain import Row
from august.market.demand import along
from august.market.tick import HOUR, Tick
from august.trade import effects
from august.trade import steps as order_steps

PERCENT = 100
# How much evidence the platform finds for a seller's fault that was none.
DOUBT_PERCENT = 50.0


def open_dispute(tick: Tick, order: Row, reason: str, truth: str, at: int) -> None:
    """A buyer asks the money back."""
    dispute = tick.disputes.add(steps.opened(order, reason, truth, at, tick.dispute_terms))
    tick.change("order", order, order_steps.dispute(order))
    tick.note("integrity.opened", ("dispute", dispute["id"]), dispute, at, "buyer", reason=reason)
    tick.note("integrity.opened", ("order", order["id"]), order, at, "buyer", reason=reason)
    tick.push("dispute", dispute)


def plan(tick: Tick, row: Row) -> tuple[int, str] | None:
    """The next step and its instant."""
    state = row["state"]
    if state == "arbitration":
        return tick.after(
            row["since"], tick.demand.trouble.verdict_hours, HOUR, "dispute.verdict", row
        ), "decide"
    found = _answer(tick, row) if state == "opened" else _buyer(tick, row) if state == "negotiating" else None
    ends = row["deadline"]
    if ends is not None and (found is None or ends <= found[0]):
        return ends, str(steps.STATES[state].then)
    return found


def _answer(tick: Tick, row: Row) -> tuple[int, str] | None:
    """The store answers by its policy: it asks for the right reason, offers a part, or pays."""
    policy = tick.policy(row, "disputes")
    if policy is None:
        return None
    at = tick.after(row["opened_at"], policy.answer, HOUR, "dispute.answer", row)
    if row["reason"] != row["truth"]:
        return at, "remind"
    return at, "offer" if row["truth"] == "not_as_described" else "accept"


def _buyer(tick: Tick, row: Row) -> tuple[int, str]:
    """The buyer's next move after the seller's."""
    numbers = tick.demand.trouble
    at = tick.after(
        row["since"], numbers.buyer_hours, HOUR, "dispute.buyer", row, int(row["reminded_at"] is not None)
    )
    if row["reason"] != row["truth"]:
        corrects = row["reminded_at"] is not None and tick.percent(
            "dispute.correct", row, numbers.correct_percent
        )
        return at, "change_reason" if corrects else "escalate"
    if row["reason"] not in SELLER_REASONS:
        withdraws = tick.percent("dispute.withdraw", row, numbers.withdraw_percent)
        return at, "withdraw" if withdraws else "escalate"
    if row["offer_cents"] is not None:
        takes = along(numbers.take_offer, row["offer_cents"] / max(1, row["claim_cents"]))
        if tick.share("dispute.take", row) < takes:
            return at, "take_offer"
    return at, "escalate"


def act(tick: Tick, row: Row, at: int, action: str) -> None:
    """Take the step; a settled request gives the order back to its course."""
    order = tick.orders.get(row["order_id"])
    actor = "buyer"
    if action in {"offer", "remind", "accept"}:
        # Where nobody answers for the store, the deadline does.
        actor = "system" if tick.policy(row, "disputes") is None else "policy"
    if action == "offer":
        cents = max(
            1, divide_half_up(row["claim_cents"] * int(tick.demand.trouble.offer_share * PERCENT), PERCENT)
        )
        changes = steps.offer(row, at, cents, tick.dispute_terms)
    elif action == "remind":
        changes = steps.remind(row, at, tick.dispute_terms)
    elif action == "change_reason":
        changes = steps.change_reason(row, at, row["truth"])
    elif action == "decide":
        actor = "platform"
        true = row["truth"] in SELLER_REASONS
        evidence = true or (row["statement"] is None and tick.percent("dispute.evidence", row, DOUBT_PERCENT))
        changes = steps.decide(row, at, evidence=evidence, shipped=bool(order["shipped_quantity"]))
    else:
        changes = SIMPLE[action](row, at)
    tick.change("dispute", row, changes)
    tick.note(f"integrity.{action}", ("dispute", row["id"]), row, at, actor)
    if row["settled_at"] is not None:
        settle(tick, row, order, at)


SIMPLE = {
    "accept": steps.accept,
    "withdraw": steps.withdraw,
    "take_offer": steps.take_offer,
    "escalate": steps.escalate,
}


def settle(tick: Tick, row: Row, order: Row, at: int) -> None:
    """The order ends or goes on; when it ends with nothing shipped, its pieces return."""
    refund = row["refund_cents"] or 0
    tick.note("integrity.settled", ("order", order["id"]), order, at, "system", refund=refund)
    tick.change("order", order, steps.settle(row, order, at))
    if order["state"] == "cancelled" and effects.back_on_the_shelf(order):
        taken = tick.taken_for(order["id"])
        tick.move_stock(tick.product(order["product_id"]), taken, "returned", order["id"], at)
