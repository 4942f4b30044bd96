"""Why an order has its label, what its fees come to, and what became of its benefit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from august.fees import words
from august.fees.amounts import Charge, Fee, FeePrices, OaFacts, OaRules, oa_conditions
from august.fees.rules import Entry, FeeRules
from august.kernel.explain import Node, Outcome, money
from august.kernel.words import N_, Phrase

REMEDIES = {
    "easy": N_("Export by own export, market procurement or One-Touch to get the discount."),
    "other_mode": N_("Export by own export, market procurement or One-Touch to get the discount."),
    "special": N_("Draft the order without a special type to get the discount."),
    "below": N_("The next new order is at half the fee once the line is reached."),
}
OUTCOMES: dict[str, Outcome] = {"threshold": "note", "discount": "ok", "none": "bad"}


def usd(cents: int) -> dict[str, Any]:
    """An amount in US dollars for a node."""
    return money(cents, "USD")


def total(cents: int, reached_at: datetime | None, rules: FeeRules) -> Node:
    """How the running total stands to the line."""
    line, window = rules.threshold_cents, rules.window.window
    told = {"total": usd(cents), "line": usd(line), "left": usd(max(0, line - cents)), "at": reached_at}
    counted = Node(
        N_("Counted: receipts booked from {first} to {last}"),
        {"first": window.start, "last": window.last_second},
        rule="F2.1",
        outcome="note",
    )
    if cents >= line:
        if reached_at is None:
            text = N_("{total} of {line}: the line is reached")
        else:
            text = N_("{total} of {line}: the line was reached at {at}")
        return Node(text, told, rule="F2", children=(counted,), outcome="ok")
    return Node(
        N_("{total} of {line}: {left} are missing"),
        told,
        rule="F2",
        children=(counted,),
        outcome="bad",
        remedy=N_("Receive more inside the window: first and final payments count, of threshold orders too."),
    )


def step(entry: Entry, rules: FeeRules) -> Node:
    """What one booking or cancellation did, with its arithmetic."""
    told = {
        "at": entry.at,
        "before": usd(entry.before),
        "cents": usd(abs(entry.cents)),
        "after": usd(entry.after),
        "line": usd(rules.threshold_cents),
    }
    text = (
        N_("Cancelled at {at}: {before} − {cents} = {after} (line: {line})")
        if entry.kind == "cancelled"
        else N_("Booked at {at}: {before} + {cents} = {after} (line: {line})")
    )
    why = Node(
        words.REASONS[entry.reason],
        {},
        rule=words.REASON_RULES[entry.reason],
        outcome="bad" if entry.label == "none" else "ok",
        remedy=REMEDIES.get(entry.reason),
    )
    return Node(text, told, rule="F2.2", children=(why,), outcome="note")


def label(order: str, name: str, entries: Sequence[Entry], rules: FeeRules, fee: Fee) -> Node:
    """An order's label with everything that led to it, and the fee it is about."""
    told = {"order": order, "label": Phrase(words.LABELS[name]), "fee": Phrase(words.FEES[fee])}
    concerned = Node(N_("Its fee is the {fee}"), told, rule="F2.6", outcome="note")
    steps = tuple(step(entry, rules) for entry in entries)
    text = N_("Order {order}: {label}")
    return Node(text, told, rule="F2.2", children=(*steps, concerned), outcome=OUTCOMES[name])


def decimal(points: int) -> str:
    """Basis points as percent, such as "0.3"."""
    return f"{points / 100:.15g}"


def fee(name: Fee, amount_cents: int, prices: FeePrices) -> Node:
    """The arithmetic of the full fee."""
    told: dict[str, Any] = {"fee": Phrase(words.FEES[name]), "amount": usd(amount_cents)}
    if name == "onetouch":
        told["fixed"] = usd(prices.onetouch_cents)
        return Node(N_("{fee}: {fixed} per order"), told, rule="F2-fees", outcome="note")
    if name == "funds":
        told["percent"] = decimal(prices.funds_bp)
        return Node(N_("{fee}: {amount} × {percent} %"), told, rule="F2-fees", outcome="note")
    told |= {"percent": decimal(prices.transaction_bp), "cap": usd(prices.transaction_cap_cents)}
    return Node(N_("{fee}: {amount} × {percent} %, at most {cap}"), told, rule="F2-fees", outcome="note")


def charged(found: Charge) -> Node:
    """What is paid of a fee."""
    told: dict[str, Any] = {"base": usd(found.base), "saved": usd(found.saved), "charged": usd(found.charged)}
    if found.why is None:
        return Node(N_("The fee is {base}; nothing reduces it"), told, rule="M2", outcome="note")
    told["why"] = Phrase(words.WHYS[found.why])
    return Node(N_("{base} − {saved} ({why}) = {charged}"), told, rule="F2.9", outcome="ok")


def oa(facts: OaFacts, found: Charge, amount_cents: int, rules: OaRules) -> Node:
    """Whether the OA service fee is waived, condition by condition, and what it comes to."""
    told = {
        "drafted": facts.drafted,
        "confirmed": facts.confirmed,
        "prepaid": facts.first_prepayment,
        "prepaid_by": rules.prepaid_by.at,
    }
    children = []
    for name, met in oa_conditions(facts, rules).items():
        good, bad = words.OA_CONDITIONS[name]
        children.append(
            Node(
                good if met else bad,
                told,
                rule="F3-mode" if name == "insured" else "F3",
                outcome="ok" if met else "bad",
                remedy=None if met else words.OA_REMEDIES[name],
            )
        )
    sums = {
        "amount": usd(amount_cents),
        "list": decimal(rules.list_bp),
        "percent": rules.paid_percent,
        "base": usd(found.base),
        "charged": usd(found.charged),
    }
    sale = Node(N_("{amount} × {list} % × {percent} % = {base}"), sums, rule="F3", outcome="note")
    waived = found.why is not None
    text = (
        N_("The OA service fee is waived: {charged} instead of {base}")
        if waived
        else N_("The OA service fee is {charged}")
    )
    return Node(text, sums, rule="F3", children=(*children, sale), outcome="ok" if waived else "bad")
