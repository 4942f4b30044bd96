"""Why an order is insured or not, and why its premium is what it is (F4)."""

from august.assurance.rules import (
    HALF,
    EasyReturn,
    Facts,
    judge,
    missed,
    unmet,
)
from august.kernel.explain import Node, Outcome, money
from august.kernel.words import N_


def explain(facts: Facts, rules: EasyReturn) -> Node:
    """The decision with every condition and the arithmetic."""
    found = judge(facts, rules)
    covered = insurance(facts, rules)
    if not found.insured:
        text = N_("Not insured: no premium, and no return within Easy Return.")
        return Node(text, {}, rule="F4-insurance", children=(covered,), outcome="bad")
    told = {"premium": money(found.premium_cents, "USD"), "base": money(found.base_cents, "USD")}
    if found.half_price:
        text = N_("Insured at the half premium of {premium} instead of {base}.")
    else:
        text = N_("Insured at the whole premium of {premium}.")
    outcome: Outcome = "ok" if found.half_price else "note"
    children = (covered, half(facts, rules), arithmetic(facts, rules))
    return Node(text, told, rule="F4", children=children, outcome=outcome)


def insurance(facts: Facts, rules: EasyReturn) -> Node:
    """The conditions of the insurance."""
    failed, most = unmet(facts, rules.insurance), rules.insurance.most_cents
    shipped = facts.fully_shipped
    told: dict[str, tuple[str, dict[str, object], str | None]] = {
        "unshipped": (
            N_("Fully shipped at {at}") if shipped else N_("Not fully shipped yet"),
            {"at": shipped or ""},
            N_("The insurance begins by itself when the last piece leaves."),
        ),
        "service_off": (
            N_("The Easy Return service is active then")
            if facts.service_active
            else N_("The Easy Return service is not active then"),
            {},
            N_("Activate the service before the last piece leaves."),
        ),
        "not_rts": (
            N_("Ready to Ship") if facts.rts else N_("Not Ready to Ship: made to order"),
            {},
            N_("Sell it as Ready to Ship."),
        ),
        "too_dear": (
            N_("{amount} is more than {most}") if failed["too_dear"] else N_("{amount} is at most {most}"),
            {"amount": money(facts.cents, "USD"), "most": money(most, "USD")},
            N_("Only smaller orders are insured: the limit is {most}."),
        ),
        "category": (
            N_("Category {category} is not among the {count} covered ones")
            if failed["category"]
            else N_("Category {category} is among the {count} covered ones"),
            {"category": rules.insurance.named(facts.category), "count": len(rules.insurance.categories)},
            None,
        ),
        "destination": (
            N_("{country} is not among the destinations {countries}")
            if failed["destination"]
            else N_("{country} is among the destinations {countries}"),
            {"country": facts.destination, "countries": list(rules.insurance.destinations)},
            None,
        ),
    }
    nodes = tuple(_condition(told[reason], failed=failed[reason], rule="F4-insurance") for reason in failed)
    bad = any(failed.values())
    text = (
        N_("Not every condition of the insurance is met")
        if bad
        else N_("Every condition of the insurance is met")
    )
    return Node(text, {}, rule="F4-insurance", children=nodes, outcome="bad" if bad else "ok")


def half(facts: Facts, rules: EasyReturn) -> Node:
    """The conditions of the half premium."""
    failed, rule = missed(facts, rules.half), rules.half
    window = rule.window.window
    paid, shipped = facts.first_payment, facts.fully_shipped
    told: dict[str, tuple[str, dict[str, object], str | None]] = {
        "not_ta": (
            N_("A Trade Assurance order") if facts.trade_assurance else N_("Not a Trade Assurance order"),
            {},
            N_("Draft orders over Trade Assurance."),
        ),
        "drafted": (
            N_("Drafted at {at}, outside {first} to {last}")
            if failed["drafted"]
            else N_("Drafted at {at}, inside {first} to {last}"),
            {"at": facts.drafted, "first": window.start, "last": window.last_second},
            None,
        ),
        "paid": (
            N_("No first payment is booked")
            if paid is None
            else N_("First payment booked at {at}, later than {last}")
            if failed["paid"]
            else N_("First payment booked at {at}, by {last}"),
            {"at": paid or "", "last": rule.first_payment.at},
            N_("The first payment must be booked by {last}."),
        ),
        "shipped": (
            N_("Not fully shipped yet")
            if shipped is None
            else N_("Fully shipped at {at}, later than {last}")
            if failed["shipped"]
            else N_("Fully shipped at {at}, by {last}"),
            {"at": shipped or "", "last": rule.shipped.at},
            N_("The last piece must leave by {last}."),
        ),
        "quota": (
            N_("Nothing is left of the quota") if failed["quota"] else N_("{left} left of the quota"),
            {"left": facts.quota_left},
            N_("First come first served: ship earlier."),
        ),
    }
    nodes = tuple(_condition(told[reason], failed=failed[reason], rule="F4") for reason in failed)
    bad = any(failed.values())
    text = N_("The premium is not halved") if bad else N_("The premium is halved")
    return Node(text, {}, rule="F4", children=nodes, outcome="bad" if bad else "ok")


def arithmetic(facts: Facts, rules: EasyReturn) -> Node:
    """How the premium comes about."""
    found, one = judge(facts, rules), rules.premium
    told = {
        "amount": money(facts.cents, "USD"),
        "rate": one.rate,
        "least": money(one.least_cents, "USD"),
        "percent": rules.half.percent,
        "premium": money(found.premium_cents, "USD"),
    }
    text = N_("{rate} % of {amount}, at least {least} = {premium}")
    if found.reason == HALF:
        text = N_("({rate} % of {amount}, at least {least}) × {percent} % = {premium}, rounded once")
    return Node(text, told, rule="F4-premium")


def _condition(told: tuple[str, dict[str, object], str | None], *, failed: bool, rule: str) -> Node:
    text, params, remedy = told
    params = {name: value for name, value in params.items() if value != ""}
    return Node(
        text,
        params,
        rule=rule,
        outcome="bad" if failed else "ok",
        remedy=remedy if failed else None,
    )
