"""Conversations step by step: the store answers or does not, the buyer haggles, agrees or leaves."""

from august.kernel.explain import money
from august.kernel.plain import Row
from august.market import ordering
from august.market.tick import HOUR, Tick
from august.market.wishes import highest, list_price, means_to_buy
from august.opportunities import words
from august.trade.quotes import lead_time

PERCENT = 100


def plan(tick: Tick, row: Row) -> tuple[int, str] | None:
    """The next step of a conversation and its instant; None when it has ended."""
    if row["state"] not in {"open", "agreed"}:
        return None
    numbers = tick.demand.deals
    if row["turn"] == "buyer":
        return tick.after(row["last_at"], numbers.answer, HOUR, "deal.answer", row, row["rounds"]), "answer"
    agreed = row["state"] == "agreed"
    patience = numbers.agreed_patience if agreed else numbers.patience
    leaves = tick.after(row["last_at"], patience, HOUR, "deal.patience", row, row["rounds"], int(agreed))
    policy = tick.policy(row, "reply")
    silent = row["first_reply_at"] is None and policy and tick.percent("deal.silent", row, policy.silent)
    if policy is None or silent:
        return leaves, "leave"
    span = policy.draft if agreed else policy.reply
    acts = tick.after(row["last_at"], span, HOUR, "deal.reply", row, row["rounds"], int(agreed))
    if acts > leaves:
        return leaves, "leave"
    return acts, "draft" if agreed else "reply"


def act(tick: Tick, row: Row, at: int, action: str) -> None:
    """Take the step."""
    STEPS[action](tick, row, at)


def _pick(tick: Tick, row: Row, texts: tuple[str, ...], stream: str) -> str:
    return texts[int(tick.share(stream, row, row["rounds"]) * len(texts))]


def _leave(tick: Tick, row: Row, at: int) -> None:
    """Nobody answered in time."""
    _lose(tick, row, at, "ignored")


def _lose(tick: Tick, row: Row, at: int, why: str) -> None:
    texts = words.LOST[why]
    if texts:
        tick.say(row, at, "buyer", _pick(tick, row, texts, "say.lost"))
    tick.change(
        "inquiry", row, {"state": "lost", "turn": "nobody", "lost_why": why, "last_at": at, "due": None}
    )
    tick.note("opportunities.lost", ("inquiry", row["id"]), row, at, "buyer", why=why)


def _reply(tick: Tick, row: Row, at: int) -> None:
    """The store answers by its policy: the list price first, then as far as it concedes."""
    policy = tick.policy(row, "reply")
    listed = list_price(tick, row)
    quoted = listed
    if row["rounds"] and policy is not None:
        quoted = max(highest(tick, row), int(listed * policy.concede))
    product = tick.product(row["product_id"])
    text = words.QUOTED
    if row["rounds"]:
        text = words.CONCEDED if quoted < (row["quote_cents"] or listed) else words.HELD
    tick.say(
        row,
        at,
        "seller",
        text,
        quantity=row["quantity"],
        price=money(quoted, "USD"),
        days=lead_time(product["lead_times"], row["quantity"]),
    )
    tick.change(
        "inquiry",
        row,
        {
            "turn": "buyer",
            "last_at": at,
            "first_reply_at": row["first_reply_at"] or at,
            "quote_cents": quoted,
            "due": 0,
        },
    )


def _answer(tick: Tick, row: Row, at: int) -> None:
    """The buyer makes up the mind: agrees, haggles or leaves."""
    numbers = tick.demand.deals
    agreed = row["state"] == "agreed"
    if row["rounds"] == 0 and not agreed and not means_to_buy(tick, row):
        _lose(tick, row, at, "elsewhere")
        return
    limit = highest(tick, row)
    offered = row["quote_cents"] or list_price(tick, row)
    # A price once agreed on, or a lower one, is not haggled about again, whatever the list says by now.
    if agreed or offered <= limit:
        tick.say(row, at, "buyer", _pick(tick, row, words.AGREED, "say.agreed"))
        changes = {"state": "agreed", "turn": "seller", "last_at": at, "quote_cents": offered, "due": 0}
        tick.change("inquiry", row, changes)
        tick.note(words.AGREEMENT, ("inquiry", row["id"]), row, at, "buyer", quote_cents=offered)
    elif row["rounds"] < numbers.rounds:
        tick.say(row, at, "buyer", _pick(tick, row, words.HAGGLING, "say.haggle"), asked=money(limit, "USD"))
        tick.change("inquiry", row, {"rounds": row["rounds"] + 1, "turn": "seller", "last_at": at, "due": 0})
    else:
        _lose(tick, row, at, "price")


def _draft(tick: Tick, row: Row, at: int) -> None:
    """The store sends the order."""
    order = ordering.draft_from(tick, row, at)
    tick.say(
        row, at, "seller", words.DRAFTED, quantity=order["quantity"], price=money(order["unit_cents"], "USD")
    )
    tick.change(
        "inquiry",
        row,
        {"state": "ordered", "turn": "nobody", "order_id": order["id"], "last_at": at, "due": None},
    )


STEPS = {"leave": _leave, "reply": _reply, "answer": _answer, "draft": _draft}
