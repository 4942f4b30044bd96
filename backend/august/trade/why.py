"""Why an order is late or not, and why its state ends when it does."""

from august.kernel.bulk import row_of
from august.kernel.columns import from_epoch, to_epoch
from august.kernel.context import Context
from august.kernel.explain import Node, Outcome
from august.kernel.plain import Row
from august.kernel.words import N_, Phrase
from august.trade import steps
from august.trade.acting import party_order
from august.trade.rules import DAY, STATES_RULE, OrderTerms, late_risk, order_terms, span

ID_DIGITS = 15  # what fits a BIGINT


def _order(ctx: Context, key: str) -> Row:
    known = key.isascii() and key.isdigit() and len(key) <= ID_DIGITS
    return row_of(party_order(ctx, int(key) if known else 0))


def late(ctx: Context, key: str) -> Node:
    """Whether an order is late: `order-late/{order}`."""
    return why_late(_order(ctx, key), to_epoch(ctx.now), order_terms(ctx.rulebook, ctx.now))


def ends(ctx: Context, key: str) -> Node:
    """When the present state of an order ends: `order-deadline/{order}`."""
    return why_deadline(_order(ctx, key), to_epoch(ctx.now), order_terms(ctx.rulebook, ctx.now))


def why_late(order: Row, now: int, terms: OrderTerms) -> Node:
    """The promised second, how it comes about, and what is held against it."""
    number = {"id": str(order["id"])}
    if order["ship_by"] is None:
        text = N_("Order {id} has no promised day of shipment: nothing is paid yet.")
        return Node(text, number, rule=STATES_RULE, outcome="note")
    gone = order["shipped_at"]
    if gone is not None:
        kept = steps.on_time(order)
        text = N_("Order {id} was shipped on time.") if kept else N_("Order {id} was shipped late.")
        outcome: Outcome = "ok" if kept else "bad"
        remedy = None
    else:
        text, outcome, remedy = _open(order, now, terms)
    children = (*_promise(order), *_shipment(order, now, terms))
    return Node(text, number, rule=STATES_RULE, children=children, outcome=outcome, remedy=remedy)


def _open(order: Row, now: int, terms: OrderTerms) -> tuple[str, Outcome, str | None]:
    if order["state"] == "balance_due":
        return N_("Order {id} waits for the buyer's money: its lead time stands still."), "note", None
    risk = late_risk(order, now, terms)
    if risk == "late":
        remedy = N_("Ship what is left at once: every day more makes a refund request more likely.")
        return N_("Order {id} is late."), "bad", remedy
    if risk == "soon":
        return N_("Order {id} has to leave soon."), "note", N_("Ship it before the promised second.")
    return N_("Order {id} is in time."), "ok", None


def _promise(order: Row) -> tuple[Node, ...]:
    waited = order["ship_by"] - order["paid_at"] - order["lead_days"] * DAY
    told = {
        "paid": from_epoch(order["paid_at"]),
        "days": order["lead_days"],
        "by": from_epoch(order["ship_by"] - waited),
    }
    text = N_("First payment at {paid} + {days} days of lead time = {by}.")
    nodes = [Node(text, told, rule=STATES_RULE)]
    if waited:
        more = {"time": span(waited), "by": from_epoch(order["ship_by"])}
        text = N_("Ready goods waited {time} for the rest of the money: shipment is promised by {by}.")
        nodes.append(Node(text, more, rule=STATES_RULE))
    return tuple(nodes)


def _shipment(order: Row, now: int, terms: OrderTerms) -> tuple[Node, ...]:
    told = {"shipped": order["shipped_quantity"], "quantity": order["quantity"]}
    parts = Node(N_("{shipped} of {quantity} pieces have left."), told)
    if order["shipped_at"] is not None:
        apart = order["ship_by"] - order["shipped_at"]
        text = (
            N_("The last piece left at {at}, {time} early.")
            if apart >= 0
            else N_("The last piece left at {at}, {time} late.")
        )
        return (parts, Node(text, {"at": from_epoch(order["shipped_at"]), "time": span(apart)}))
    warned = {"days": terms.warn_days, "at": from_epoch(order["ship_by"] - terms.warn_days * DAY)}
    left = order["ship_by"] - now
    text = N_("It is {at}: {time} are left.") if left >= 0 else N_("It is {at}: {time} too late.")
    return (
        parts,
        Node(N_("A warning stands from {at} on, {days} days before."), warned, rule=STATES_RULE),
        Node(text, {"at": from_epoch(now), "time": span(left)}),
    )


def why_deadline(order: Row, now: int, terms: OrderTerms) -> Node:
    """When the state ends by itself, how that comes about, and what it brings."""
    state = steps.STATES[order["state"]]
    days = terms.days.get(order["state"])
    head = {"id": str(order["id"]), "state": Phrase(state.label)}
    hint = (Node(state.hint, {"days": days or 0}, rule=STATES_RULE),) if state.hint else ()
    if order["disputed"]:
        held = Node(N_("A refund request stands: until it is settled no state ends by itself."), rule="I4")
        text = N_("The state “{state}” of order {id} does not end by itself now.")
        return Node(text, head, rule=STATES_RULE, children=(held, *hint), outcome="note")
    at = steps.deadline(order, terms)
    if at is None or days is None:
        by = steps.due_by(order, terms)
        if by is None:
            text = N_("The state “{state}” of order {id} does not end by itself.")
            return Node(text, head, rule=STATES_RULE, children=hint, outcome="note")
        text = N_("In the state “{state}” the next step of order {id} is due by {at}.")
        outcome: Outcome = "bad" if now > by else "note"
        return Node(text, head | {"at": from_epoch(by)}, rule=STATES_RULE, children=hint, outcome=outcome)
    began = {"since": from_epoch(order["since"]), "days": days, "at": from_epoch(at)}
    sum_ = Node(
        N_("It began at {since} + {days} days = {at}; that second is too late."), began, rule=STATES_RULE
    )
    outcome = "bad" if now >= at else "note"
    text = N_("The state “{state}” of order {id} ends by itself at {at}.")
    return Node(
        text, head | {"at": from_epoch(at)}, rule=STATES_RULE, children=(sum_, *hint), outcome=outcome
    )
