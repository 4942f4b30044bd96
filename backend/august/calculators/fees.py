"""The service fee after US$40,000 (F2) and the OA service fee (F3) as pure questions."""

from collections import defaultdict
from datetime import datetime
from typing import Any, Literal

from august.calculators.registry import LAUNCH, Answer, Calculator, Misfits, Question
from august.fees import explain
from august.fees.amounts import Fee, OaFacts, OaRules, fee_of, oa_charge
from august.fees.rules import Entry, Event, FeeRules, fold
from august.kernel.clock import parse_instant
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.money import amount, parse_amount
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase

Channel = Literal["ta", "e_collection"]
Mode = Literal["onetouch", "market", "self", "easy"]
Special = Literal["none", "TALC", "TAPLC", "TAOLC"]
NAME_MOST = 100


class FeeEvent(Question, frozen=True):
    """A booked receipt of an order, or the cancellation of all that the order has booked up to then."""

    at: str
    type: Literal["receipt", "cancel"]
    order: str
    amount_usd: str | None = None
    channel: Channel | None = None
    export_mode: Mode | None = None
    special: Special = "none"


class ServiceFeeQuestion(Question, frozen=True):
    """What happened to a store's orders; events of one instant count in the order they are told."""

    events: tuple[Any, ...] = ()
    three_n_package: bool = False


def service_fee(asked: ServiceFeeQuestion, rulebook: Rulebook) -> Answer:
    """The label and the fee of every order, the running total, and since when the line is reached."""
    wrong = Misfits()
    rules: FeeRules = rulebook.values("F2", LAUNCH)
    events: list[Event] = []
    fees: dict[str, Fee] = {}
    for place, each in enumerate(asked.events):
        told = wrong.part(each, FeeEvent, f"events[{place}]")
        if told is not None:
            events.append(_event(told, place, wrong))
            fees.setdefault(told.order, "transaction")
            if told.channel is not None and told.export_mode is not None:
                fees[told.order] = fee_of(told.channel, told.export_mode)
    wrong.refuse()
    ledger, entries = fold(events, rules, lambda _at: asked.three_n_package)
    orders: dict[str, dict[str, Any]] = {
        order: {"label": ledger.orders[order].label if order in ledger.orders else "none", "fee": fee}
        for order, fee in fees.items()
    }
    decision = {
        "orders": orders,
        "total_usd": amount(ledger.total),
        "reached_at": None if ledger.reached_at is None else ledger.reached_at.isoformat(),
    }
    children = _by_order(entries, orders, rules)
    whole = explain.total(ledger.total, ledger.reached_at, rules)
    return Answer(decision, Node(
        whole.message, whole.params, whole.rule, (*whole.children, *children), whole.outcome, whole.remedy
    ))  # fmt: skip


def _by_order(entries: list[Entry], orders: dict[str, dict[str, Any]], rules: FeeRules) -> list[Node]:
    steps: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        steps[str(entry.order)].append(entry)
    found = []
    for order, told in orders.items():
        found.append(explain.label(order, told["label"], steps[order], rules, told["fee"]))
    return found


def _event(told: FeeEvent, place: int, wrong: Misfits) -> Event:
    field = f"events[{place}]"
    at = LAUNCH
    try:
        at = parse_instant(told.at)
    except Refusal as refusal:
        wrong[f"{field}.at"] = refusal.message
    if not 0 < len(told.order) <= NAME_MOST:
        text = N_("A name of 1 to {most} characters is expected.")
        wrong[f"{field}.order"] = Phrase(text, {"most": NAME_MOST})
    cents = 0
    if told.amount_usd is not None:
        cents = wrong.amount(told.amount_usd, f"{field}.amount_usd")
    if told.type == "cancel":
        return Event(at, "cancel", told.order)
    if told.amount_usd is not None and cents == 0 and f"{field}.amount_usd" not in wrong:
        wrong[f"{field}.amount_usd"] = Phrase(N_("A receipt is above zero."))
    for name in ("amount_usd", "channel", "export_mode"):
        if getattr(told, name) is None:
            wrong[f"{field}.{name}"] = Phrase(N_("This is required."))
    channel, mode = told.channel or "ta", told.export_mode or "self"
    return Event(at, "receipt", told.order, place, cents, channel, mode, told.special)


class OaQuestion(Question, frozen=True):
    """An OA order; an instant that has not come is left out or null."""

    drafted: str
    channel: Channel
    export_mode: Mode
    amount_usd: str
    platform_insured: bool
    confirmed: str | None = None
    first_prepayment: str | None = None


def oa_fee(asked: OaQuestion, rulebook: Rulebook) -> Answer:
    """The OA service fee of an order, and whether it is waived."""
    wrong = Misfits()
    rules: OaRules = rulebook.values("F3", LAUNCH)
    instants: dict[str, datetime | None] = {}
    for name in ("drafted", "confirmed", "first_prepayment"):
        text = getattr(asked, name)
        instants[name] = None
        try:
            instants[name] = None if text is None else parse_instant(text)
        except Refusal as refusal:
            wrong[name] = refusal.message
    cents = 0
    try:
        cents = parse_amount(asked.amount_usd, "amount_usd")
    except Refusal as refusal:
        wrong.update(refusal.fields)
    wrong.refuse()
    facts = OaFacts(
        instants["drafted"] or LAUNCH,
        instants["confirmed"],
        instants["first_prepayment"],
        asked.platform_insured,
        asked.channel,
        asked.export_mode,
    )
    found = oa_charge(cents, facts, rules)
    told = {"fee_usd": amount(found.charged), "waived": found.why is not None}
    return Answer(told, explain.oa(facts, found, cents, rules))


SERVICE_FEE = Calculator("service-fee", ServiceFeeQuestion, service_fee)
OA_FEE = Calculator("oa-fee", OaQuestion, oa_fee)
