"""Orders step by step: buyers confirm and pay, stores ship, buyers receive or complain."""

from collections.abc import Mapping

from august.kernel.plain import Row
from august.market import disputing, reviewing, shipping
from august.market.demand import along, between
from august.market.tick import DAY, HOUR, Tick
from august.market.wishes import highest, list_price, means_to_buy
from august.opportunities.words import AGREEMENT
from august.trade import effects, steps
from august.trade.drafts import Deal, drafted
from august.trade.quotes import quote

PERCENT = 100
COMPLAINTS_MOST = 4
OA_SPAN = (0.0, 5.0)
AFTER_BALANCE = (3.0, 24.0)
GOODS_SPAN = (2.0, 60.0)


def weighted(shares: Mapping[str, float], roll: float) -> str:
    """The option that a roll in [0, 1) hits, by percentages that add up to a hundred."""
    left = roll * sum(shares.values())
    for name, share in shares.items():
        if left < share:
            return name
        left -= share
    return list(shares)[-1]


def fresh(tick: Tick, asked: Row, product: Row, quantity: int, unit_cents: int | None, at: int) -> Row:
    """The columns of a new order at list price or at an agreed one; the buyer's habits decide its terms."""
    numbers = tick.demand.deals
    _, country, _ = tick.buyer(asked["buyer_id"])
    sold = {**product, "campaign_cents": tick.campaign(product["id"], asked["buyer_id"])}
    ways = tick.lines_of(product["freight_template_id"])
    offer = quote(sold, quantity, country, ways, tick.book, unit_cents)
    ready = product["kind"] == "rts"
    terms = "full" if ready else weighted(numbers.terms_percent, tick.share("order.terms", asked))
    offered = tick.order_terms.oa_days
    days = offered[int(tick.share("order.oa", asked) * len(offered))]
    channel = "ta" if tick.percent("order.channel", asked, numbers.ta_percent) else "e_collection"
    by_letter = channel == "ta" and terms == "oa"
    deal = Deal(
        kind=product["kind"],
        country=country,
        quantity=quantity,
        channel=channel,
        export_mode=weighted(numbers.export_percent, tick.share("order.export", asked)),
        special=weighted(numbers.lc_percent, tick.share("order.lc", asked)) if by_letter else "none",
        terms=terms,
        oa_days=days if terms == "oa" else None,
        first_percent=tick.order_terms.first_percent,
    )
    return drafted(asked, deal, offer, at)


def order_now(tick: Tick, asked: Row, product: Row, quantity: int, country: str, at: int) -> bool:
    """A direct order of what can be ordered: in stock, with freight to the buyer; False otherwise."""
    if product["kind"] != "rts" or product["stock"] < quantity:
        return False
    row = fresh(tick, asked, product, quantity, None, at)
    if row["line"] is None:
        return False
    row |= {"state": "confirmed", "confirmed_at": at, "country": country}
    order = tick.orders.add(row)
    tick.note("trade.ordered", ("order", order["id"]), order, at, "buyer")
    tick.push("order", order)
    return True


def draft_from(tick: Tick, inquiry: Row, at: int) -> Row:
    """The draft of what a conversation agreed on."""
    product = tick.product(inquiry["product_id"])
    order = tick.orders.add(fresh(tick, inquiry, product, inquiry["quantity"], inquiry["quote_cents"], at))
    tick.note("trade.drafted", ("order", order["id"]), order, at, "policy")
    tick.push("order", order)
    return order


def plan(tick: Tick, row: Row) -> tuple[int, str] | None:
    """The next step of an order and its instant."""
    found = PLANS[row["state"]](tick, row) if row["state"] in PLANS else None
    ends = steps.deadline(row, tick.order_terms)
    if ends is not None and (found is None or ends <= found[0]):
        return ends, str(steps.STATES[row["state"]].then)
    return found


def act(tick: Tick, row: Row, at: int, action: str) -> None:
    """Take the step."""
    ACTS[action](tick, row, at)


def _asked(tick: Tick, row: Row) -> tuple[int, str] | None:
    policy = tick.policy(row, "reply")
    return (
        None
        if policy is None
        else (tick.after(row["since"], policy.draft, HOUR, "order.agree", row), "confirm")
    )


def _drafted(tick: Tick, row: Row) -> tuple[int, str] | None:
    at = tick.after(row["since"], tick.demand.deals.confirm_hours, HOUR, "order.confirm", row)
    return at, "accept" if tick.percent("order.confirms", row, _welcome(tick, row)) else "decline"


def _welcome(tick: Tick, row: Row) -> float:
    """Percent of chance that a draft is accepted: of what was agreed on high, of a dearer one low."""
    numbers = tick.demand.deals
    if row["inquiry_id"] is None:
        listed = list_price(tick, row)
        return numbers.unasked_percent * along(numbers.dearer, row["unit_cents"] / max(1, listed))
    if tick.policy(row, "reply") is not None:
        return numbers.confirm_percent
    inquiry = tick.inquiries.get(row["inquiry_id"])
    fair = tick.told(AGREEMENT, ("inquiry", inquiry["id"])).get("quote_cents")
    if fair is None:
        # A draft sent before anything was agreed on is judged as an answer to the inquiry would be.
        fair = highest(tick, inquiry) if means_to_buy(tick, inquiry) else 0
        fair = min(fair, inquiry["quote_cents"] or fair)
    if not fair or row["quantity"] > inquiry["quantity"]:
        return 0.0
    return numbers.confirm_percent * along(numbers.dearer, row["unit_cents"] / fair)


def _confirmed(tick: Tick, row: Row) -> tuple[int, str] | None:
    numbers = tick.demand.deals
    if not tick.percent("order.pays", row, numbers.pay_percent):
        return None
    return tick.after(row["since"], numbers.pay_hours, HOUR, "order.pay", row), "pay_first"


def _producing(tick: Tick, row: Row) -> tuple[int, str] | None:
    """The store works at its pace; the buyer may change the mind or complain about lateness."""
    if row["disputed"]:
        return None
    found = [each for each in (_makes(tick, row), _late(tick, row), _regret(tick, row)) if each is not None]
    return min(found) if found else None


def _makes(tick: Tick, row: Row) -> tuple[int, str] | None:
    policy = tick.policy(row, "ship")
    if policy is None:
        return None
    share = between(policy.ship, tick.share("order.ship", row))
    made = row["paid_at"] + int(row["lead_days"] * DAY * share)
    if steps.owes_before_shipment(row):
        return max(made, row["since"]), "ready"
    if row["balance_at"] is not None:
        return max(made, tick.after(row["balance_at"], AFTER_BALANCE, HOUR, "order.leave", row)), "ship"
    return max(made, row["since"]), "ship"


def _late(tick: Tick, row: Row) -> tuple[int, str] | None:
    """After the promised day the buyer complains, sooner or later."""
    numbers = tick.demand.trouble
    first = tick.after(row["ship_by"], numbers.grace_days, DAY, "order.grace", row)
    for time in range(row["disputes"], COMPLAINTS_MOST):
        at = first + int(time * numbers.late_again_days * DAY)
        if at >= row["since"] and tick.percent("order.late", row, numbers.late_percent, time):
            return at, "complain_late"
    return None


def _regret(tick: Tick, row: Row) -> tuple[int, str] | None:
    numbers = tick.demand.trouble
    if (
        row["shipped_quantity"]
        or row["disputes"]
        or not tick.percent("order.regret", row, numbers.regret_percent)
    ):
        return None
    at = row["paid_at"] + int(row["lead_days"] * DAY * tick.share("order.regrets", row))
    return (at, "regret") if at >= row["since"] else None


def _balance(tick: Tick, row: Row) -> tuple[int, str] | None:
    if row["disputed"]:
        return None
    return tick.after(row["since"], tick.demand.deals.balance_hours, HOUR, "order.balance", row), "pay_final"


def _arrived(tick: Tick, row: Row) -> tuple[int, str] | None:
    if row["disputed"]:
        return None
    product = tick.product(row["product_id"])
    percent = along(tick.demand.trouble.goods, product["quality_tenths"])
    if row["disputes"] == 0 and tick.percent("order.goods", row, percent):
        return tick.after(row["since"], GOODS_SPAN, HOUR, "order.unpacks", row), "complain_goods"
    return tick.after(row["since"], tick.demand.deals.receive_hours, HOUR, "order.receive", row), "receive"


def _received(tick: Tick, row: Row) -> tuple[int, str] | None:
    if row["disputed"] or not tick.percent("order.oa_pays", row, tick.demand.deals.oa_pay_percent):
        return None
    base = (row["shipped_at"] or row["since"]) + (row["oa_days"] or 0) * DAY
    return max(row["since"], tick.after(base, OA_SPAN, DAY, "order.oa_pay", row)), "pay_final"


PLANS = {
    "asked": _asked,
    "drafted": _drafted,
    "confirmed": _confirmed,
    "producing": _producing,
    "part_shipped": _producing,
    "balance_due": _balance,
    "arrived": _arrived,
    "received": _received,
}


def _confirm(tick: Tick, row: Row, at: int) -> None:
    _go(tick, row, at, steps.confirm(row, at), "trade.confirmed", "policy")


def _accept(tick: Tick, row: Row, at: int) -> None:
    _go(tick, row, at, steps.accept(row, at), "trade.accepted", "buyer")


def _decline(tick: Tick, row: Row, at: int) -> None:
    _go(tick, row, at, steps.close(row, at, "decline", "declined"), "trade.declined", "buyer")


def _lapse(tick: Tick, row: Row, at: int) -> None:
    _go(tick, row, at, steps.lapse(row, at), "trade.lapsed", "system")


def _go(tick: Tick, row: Row, at: int, changes: Row, kind: str, actor: str) -> None:
    tick.change("order", row, changes)
    tick.note(kind, ("order", row["id"]), row, at, actor)


def _pay_first(tick: Tick, row: Row, at: int) -> None:
    """The first payment is booked, and what is in stock is set aside."""
    tick.receipts.append(effects.receipt(row, "first", row["first_cents"], at))
    product = tick.product(row["product_id"])
    tick.move_stock(product, -effects.set_aside(row, product["stock"]), "ordered", row["id"], at)
    _go(tick, row, at, steps.pay_first(row, at), "trade.paid", "buyer")


def _pay_final(tick: Tick, row: Row, at: int) -> None:
    tick.receipts.append(effects.receipt(row, "final", row["total_cents"] - row["paid_cents"], at))
    _go(tick, row, at, steps.pay_final(row, at), "trade.balance_paid", "buyer")


def _ready(tick: Tick, row: Row, at: int) -> None:
    _go(tick, row, at, steps.ready(row, at), "trade.ready", "policy")


def _ship(tick: Tick, row: Row, at: int) -> None:
    """All that is left leaves in one shipment."""
    quantity = row["quantity"] - row["shipped_quantity"]
    _go(tick, row, at, steps.ship(row, at, quantity), "trade.shipped", "policy")
    shipping.send(tick, row, quantity, at)


def _receive(tick: Tick, row: Row, at: int) -> None:
    ends = steps.deadline(row, tick.order_terms)
    actor = "buyer" if ends is None or at < ends else "system"
    _go(tick, row, at, steps.receive(row, at), "trade.received", actor)
    reviewing.await_review(tick, row, at)


def _complain_late(tick: Tick, row: Row, at: int) -> None:
    disputing.open_dispute(tick, row, "late_shipment", "late_shipment", at)


def _regrets(tick: Tick, row: Row, at: int) -> None:
    """A change of mind, often named as the seller's fault by mistake."""
    slip = tick.percent("dispute.slip", row, tick.demand.trouble.slip_percent)
    disputing.open_dispute(tick, row, "late_shipment" if slip else "no_longer_wanted", "no_longer_wanted", at)


def _complain_goods(tick: Tick, row: Row, at: int) -> None:
    disputing.open_dispute(tick, row, "not_as_described", "not_as_described", at)


ACTS = {
    "confirm": _confirm,
    "accept": _accept,
    "decline": _decline,
    "lapse": _lapse,
    "pay_first": _pay_first,
    "pay_final": _pay_final,
    "ready": _ready,
    "ship": _ship,
    "receive": _receive,
    "complain_late": _complain_late,
    "regret": _regrets,
    "complain_goods": _complain_goods,
}
