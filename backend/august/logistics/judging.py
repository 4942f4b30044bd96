"""Whether a reduction or a coupon applies to a freight, how much it takes off, and why (F6-F10), all pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from august.kernel.clock import SECOND, Window
from august.kernel.explain import Node, money
from august.kernel.words import N_
from august.logistics.rules import (
    RULE_OF,
    CharterRules,
    MultimodalRules,
    SmallParcelRules,
    UsWestRules,
    paid_after,
    share_of,
    step_off,
)

CNY, USD = "CNY", "USD"


@dataclass(frozen=True)
class Facts:
    """What the conditions of F7-F10 look at.

    `at` is when freight is paid, or booked for F10; `left` and `mine_left` are what quotas leave to the
    platform and to the store, None where there is no limit.
    """

    at: datetime
    member: bool
    left: int | None = None
    mine_left: int | None = None
    # F7: a multimodal shipment in the months that are looked at.
    shipped_before: bool = False
    # F9: configured before the window; first configured inside or after it; RTS products of the template.
    configured_before: bool = False
    configured_at: datetime | None = None
    products: int = 0
    # F10: a forwarder, a partner's title, a marked service, and when it departed (None: not yet).
    forwarder: bool = False
    partner: bool = False
    labelled: bool = True
    departed_at: datetime | None = None


@dataclass(frozen=True)
class Judgement:
    """A reduction on one freight, in minor units of its currency."""

    code: str
    applies: bool
    discount: int
    pay: int
    why: Node
    # The coupon that was chosen, when it is one.
    coupon: Any = None


@dataclass(frozen=True)
class Ticket:
    """A coupon as rules see it: fen off, least base, the window it is redeemed in, whether it is free."""

    id: Any
    fen: int
    least_fen: int
    window: Window
    free: bool = True


def _node(rule: str, met: bool, yes: str, no: str, remedy: str | None = None, **params: Any) -> Node:  # noqa: FBT001 - the condition itself
    return Node(
        yes if met else no,
        params,
        rule=rule,
        outcome="ok" if met else "bad",
        remedy=None if met else remedy,
    )


def member_met(facts: Facts, rule: str) -> Node:
    """F-logistics: a main-site member in service."""
    return _node(
        rule,
        facts.member,
        N_("Main-site member in service"),
        N_("Not a main-site member in service"),
        N_("Renew the membership: CGS, QQB or Verified Supplier."),
    )


def paid_in(at: datetime, window: Window, rule: str) -> Node:
    """Freight is paid inside a window, both ends to the second."""
    told: dict[str, Any] = {"first": window.start, "last": window.last_second, "at": at}
    if at < window.start:
        text = N_("It begins at {first}")
        return Node(text, told, rule, outcome="bad", remedy=N_("Pay from {first} on."))
    return _node(
        rule,
        at < window.end,
        N_("It runs from {first} to {last}"),
        N_("It ended at {last}"),
        **told,
    )


def done_by(at: datetime, last: datetime, rule: str, yes: str, no: str) -> Node:
    """Something happens by the last second of a deadline."""
    return _node(rule, at < last + SECOND, yes, no, at=at, last=last)


def quota_met(facts: Facts, rule: str) -> list[Node]:
    """Something is left for the store and for everybody."""
    found = []
    if facts.mine_left is not None:
        yes, no = N_("Your store may still use it {left} times"), N_("Your store has used it up")
        found.append(_node(rule, facts.mine_left > 0, yes, no, left=max(0, facts.mine_left)))
    if facts.left is not None:
        yes, no = N_("{left} are left on the platform"), N_("Nothing is left on the platform")
        found.append(_node("K5", facts.left > 0, yes, no, left=max(0, facts.left)))
    return found


def multimodal(facts: Facts, rules: MultimodalRules) -> list[Node]:
    """F7 without the amount."""
    rule = RULE_OF["multimodal"]
    window = rules.history.window
    new = _node(
        rule,
        not facts.shipped_before,
        N_("Nothing was shipped by multimodal lines from {first} to {last}"),
        N_("Something was shipped by multimodal lines from {first} to {last}"),
        N_("It is for stores that are new to multimodal lines."),
        first=window.start,
        last=window.last_second,
    )
    return [member_met(facts, rule), new, paid_in(facts.at, rules.paid.window, rule), *quota_met(facts, rule)]


def charter(facts: Facts, rules: CharterRules) -> list[Node]:
    """F8 without the amount."""
    rule = RULE_OF["charter"]
    return [member_met(facts, rule), paid_in(facts.at, rules.paid.window, rule), *quota_met(facts, rule)]


def small_parcel(facts: Facts, rules: SmallParcelRules) -> list[Node]:
    """F9: never configured before the window, configured inside it, in a template with enough products."""
    rule, window = RULE_OF["small_parcel"], rules.configured.window
    span: dict[str, Any] = {"first": window.start, "last": window.last_second}
    fresh = _node(
        rule,
        not facts.configured_before,
        N_("No small parcel line was configured before {first}"),
        N_("A small parcel line was configured before {first}"),
        N_("It is for stores that are new to small parcel lines."),
        **span,
    )
    at = facts.configured_at
    inside = at is not None and window.contains(at)
    open_ = N_("Open one in a freight template until {last}.") if facts.at < window.end else None
    if at is None:
        none = N_("No small parcel line is configured")
        set_up = Node(none, span, rule, outcome="bad", remedy=open_)
    else:
        set_up = _node(
            rule,
            inside,
            N_("A small parcel line was configured at {at}, from {first} to {last}"),
            N_("A small parcel line was first configured at {at}, not from {first} to {last}"),
            at=at,
            **span,
        )
    tied = _node(
        rule,
        facts.products >= rules.products,
        N_("The template is tied to {products} RTS products, {needed} are needed"),
        N_("The template is tied to {products} RTS products only, {needed} are needed"),
        N_("Let more RTS products on sale ship by that template."),
        products=facts.products,
        needed=rules.products,
    )
    yes, no = N_("Paid by {last}"), N_("To be paid by {last}: too late")
    paid = done_by(facts.at, rules.paid_by.at, rule, yes, no)
    return [member_met(facts, rule), fresh, set_up, tied, paid, *quota_met(facts, rule)]


def us_west(facts: Facts, rules: UsWestRules) -> list[Node]:
    """F10: who may book, on what, by when; and whether it left in time, once it has left."""
    rule = RULE_OF["fcl_us_west"]
    found = [
        member_met(facts, rule),
        *spaces(facts, rule),
        _node(
            rule,
            facts.labelled,
            N_("The service is marked for the offer"),
            N_("The service is not marked for the offer"),
            N_("Choose a sailing marked “DW US West port-to-door, limited offer”."),
        ),
        done_by(
            facts.at,
            rules.booked_by.at,
            rule,
            N_("Booked by {last}"),
            N_("To be booked by {last}: too late"),
        ),
    ]
    if facts.departed_at is not None:
        yes, no = N_("Departed by {last}"), N_("To depart by {last}: too late")
        found.append(done_by(facts.departed_at, rules.departed_by.at, rule, yes, no))
    return [*found, *quota_met(facts, rule)]


def spaces(facts: Facts, rule: str) -> list[Node]:
    """F10: forwarders and partners get no space at all."""
    return [
        _node(
            rule,
            not facts.forwarder,
            N_("Not a freight forwarder"),
            N_("Freight forwarders (Business Services, Logistics Services) get no space"),
        ),
        _node(
            rule,
            not facts.partner,
            N_("The company's title is no partner's"),
            N_("A company whose title belongs to a partner gets no space"),
        ),
    ]


CONDITIONS: dict[str, Callable[[Facts, Any], list[Node]]] = {
    "multimodal": multimodal,
    "charter": charter,
    "small_parcel": small_parcel,
    "fcl_us_west": us_west,
}


def threshold(code: str, base: int, rules: Any) -> list[Node]:
    """F7, F8: whether the base freight is large enough."""
    if code not in {"multimodal", "charter"}:
        return []
    least = rules.steps[0][0] if code == "multimodal" else rules.least_fen
    return [
        _node(
            RULE_OF[code],
            base >= least,
            N_("Base freight {base}, at least {least}"),
            N_("Base freight {base}, less than {least}"),
            base=money(base, CNY),
            least=money(least, CNY),
        )
    ]


def off(code: str, base: int, rules: Any, smallest: int) -> int:
    """What a reduction that applies takes off a base freight."""
    if code == "multimodal":
        pay = base - step_off(base, rules.steps)
    elif code == "fcl_us_west":
        pay = base - rules.off_cents
    else:
        pay = share_of(base, rules.percent)
    return base - paid_after(base, base - pay, smallest)


def judge(code: str, base: int, facts: Facts, rules: Any, smallest: int) -> Judgement:
    """One platform reduction on one freight."""
    conditions = [*threshold(code, base, rules), *CONDITIONS[code](facts, rules)]
    applies = all(node.outcome == "ok" for node in conditions)
    discount = off(code, base, rules, smallest) if applies else 0
    currency = USD if code == "fcl_us_west" else CNY
    return Judgement(
        code, applies, discount, base - discount, _sum(code, base, discount, currency, conditions)
    )


def _sum(code: str, base: int, discount: int, currency: str, conditions: Iterable[Node]) -> Node:
    told = {
        "base": money(base, currency),
        "discount": money(discount, currency),
        "pay": money(base - discount, currency),
    }
    return Node(
        N_("{base} − {discount} = {pay}"),
        told,
        rule=RULE_OF[code],
        outcome="ok" if discount else "bad",
        children=tuple(conditions),
    )


def ticket_met(ticket: Ticket, base: int, at: datetime) -> list[Node]:
    """F6-coupon: free, inside its window, on a large enough freight."""
    rule = RULE_OF["coupon"]
    return [
        _node(rule, ticket.free, N_("The coupon is free"), N_("The coupon is locked, used or void")),
        paid_in(at, ticket.window, rule),
        _node(
            rule,
            base >= ticket.least_fen,
            N_("Base freight {base}, at least {least}"),
            N_("Base freight {base}, less than {least}"),
            base=money(base, CNY),
            least=money(ticket.least_fen, CNY),
        ),
    ]


def choose(tickets: Sequence[Ticket], base: int, at: datetime, smallest: int) -> Judgement:
    """The one coupon that takes off most; of equal ones the one that ends first, then the first listed."""
    judged = []
    for place, ticket in enumerate(tickets):
        conditions = ticket_met(ticket, base, at)
        applies = all(node.outcome == "ok" for node in conditions)
        discount = base - paid_after(base, ticket.fen, smallest) if applies else 0
        judged.append(
            ((-discount, not applies, ticket.window.end, place), ticket, applies, discount, conditions)
        )
    if not judged:
        nothing = Node(N_("There is no coupon."), rule=RULE_OF["coupon"], outcome="bad")
        return Judgement("coupon", applies=False, discount=0, pay=base, why=nothing)
    _, ticket, applies, discount, conditions = min(judged, key=lambda each: each[0])
    why = _sum("coupon", base, discount, CNY, conditions)
    return Judgement("coupon", applies, discount, base - discount, why, ticket.id if applies else None)


def best(judged: Iterable[Judgement]) -> Judgement | None:
    """F-logistics: the one benefit that takes off most; the first listed where they are equal."""
    fitting = [each for each in judged if each.applies and each.discount > 0]
    return max(fitting, key=lambda each: each.discount, default=None)
