"""What a planned receipt would do: the same rule over the real ledger and one receipt more."""

from dataclasses import dataclass
from datetime import datetime

from august.fees import explain
from august.fees.amounts import Charge, Fee, charge, fee_of
from august.fees.benefits import covered, halved
from august.fees.booking import fee_prices, fee_rules, resume
from august.fees.rules import Entry, Event
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.money import parse_amount
from august.kernel.tables import by_id
from august.kernel.words import N_, Phrase
from august.trade.models import CHANNELS, EXPORT_MODES, SPECIALS, Order

# The order of a planned receipt that has none yet, and the receipt itself: numbers nothing stored has.
NEW_ORDER, PLANNED = 0, 0


@dataclass(frozen=True)
class Planned:
    """A receipt as somebody plans it; without an order it opens a new one of this kind."""

    amount_usd: str
    order: str = ""
    channel: str = "ta"
    mode: str = "self"
    special: str = "none"


@dataclass(frozen=True)
class Plan:
    """What it would do: the entry, when it is taken to be booked, the fee of its order, and why."""

    entry: Entry
    at: datetime
    fee: Fee
    charge: Charge
    why: Node


def plan(ctx: Context, asked: Planned) -> Plan:
    """Book a planned receipt now, or at the window's first second while that is to come; refuses misfits."""
    cents = parse_amount(asked.amount_usd, "amount_usd")
    wrong = {
        name: Phrase(N_("Choose one of the offered values."))
        for name, value, known in (
            ("channel", asked.channel, CHANNELS),
            ("export_mode", asked.mode, EXPORT_MODES),
            ("special", asked.special, SPECIALS),
        )
        if value not in known
    }
    if cents < 1:
        wrong["amount_usd"] = Phrase(N_("A receipt is above zero."))
    if wrong:
        raise Refusal("fees.bad_plan", N_("This receipt cannot be planned."), fields=wrong)
    rules, order = fee_rules(ctx), _order(ctx, asked.order)
    channel, mode, special, whole, number = asked.channel, asked.mode, asked.special, cents, NEW_ORDER
    if order is not None:
        channel, mode, special = order.channel, order.export_mode, order.special
        whole, number = order.total_cents, order.id
    at = max(ctx.now, rules.window.window.start)
    ledger = resume(ctx, ctx.merchant, [number] if order is not None else [], set())
    entry = ledger.book(Event(at, "receipt", number, PLANNED, cents, channel, mode, special))
    fee = fee_of(channel, mode)
    benefits = [halved(rules)] if entry.label == "discount" else []
    if ledger.packaged(at):
        benefits += covered(ctx.rulebook.values("F2-package", ctx.now), fee)
    found = charge(fee, whole, fee_prices(ctx), benefits)
    prices = explain.fee(fee, whole, fee_prices(ctx))
    shown = str(number) if order is not None else ""
    why = explain.label(shown, entry.label, [entry], rules, fee)
    why = Node(
        why.message if shown else N_("A new order: {label}"),
        why.params,
        why.rule,
        (*why.children, prices, explain.charged(found)),
        why.outcome,
    )
    return Plan(entry, at, fee, found, why)


def _order(ctx: Context, text: str) -> Order | None:
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0  # noqa: PLR2004 - BIGINT
    order = by_id(ctx.session, Order, number)
    if order is None or order.merchant_id != ctx.merchant:
        told = {"id": text[:18]}
        raise Refusal(
            "order.unknown",
            N_("There is no order {id} here."),
            params=told,
            fields={"order": Phrase(N_("There is no order {id} here."), told)},
            status=404,
        )
    return order
