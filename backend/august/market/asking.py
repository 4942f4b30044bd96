"""Who asks: visits that become inquiries, chats and direct orders."""

import numpy as np

from august.kernel.plain import Row
from august.market import ordering
from august.market.columns import Crowd, Stalls
from august.market.looks import Visits
from august.market.tick import Tick
from august.opportunities import words
from august.traffic.models import SOURCES

PERCENT = 100
LUCK_KEY = float(1 << 53)


def ask(tick: Tick, people: Crowd, stands: Stalls, visits: Visits) -> None:
    """Open an inquiry, a chat or an order for each visit that asks, in the order of their instants."""
    chosen = np.flatnonzero(visits.asks)
    if not len(chosen):
        return
    buyers, places = visits.buyer[chosen], visits.place[chosen]
    who, what, number = people.ids[buyers], stands.ids[places], tick.period.number
    numbers = tick.demand.crowd
    tick.fetch(int(each) for each in what)
    keys = np.asarray(tick.luck.uniforms("ask.key", who, number, what) * LUCK_KEY, dtype=np.int64)
    ways = tick.luck.integers("ask.way", who, number, what, below=PERCENT)
    sizes = tick.luck.integers("ask.quantity", who, number, what, below=len(numbers.quantities))
    for i, visit in enumerate(chosen):
        product = tick.product(int(what[i]))
        quantity = product["moq"] * numbers.quantities[sizes[i]]
        at = tick.period.start + int(visits.second[visit])
        asked = {
            "merchant_id": product["merchant_id"],
            "buyer_id": int(who[i]),
            "product_id": product["id"],
            "luck": int(keys[i]),
        }
        source = SOURCES[visits.source[visit]]
        country = people.countries[buyers[i]]
        if ways[i] >= numbers.inquiry_percent + numbers.chat_percent and ordering.order_now(
            tick, asked, product, quantity, country, at
        ):
            continue
        kind = "chat" if ways[i] >= numbers.inquiry_percent else "inquiry"
        inquire(tick, {**asked, "kind": kind, "source": source, "quantity": quantity, "at": at}, product)


def inquire(tick: Tick, asked: Row, product: Row) -> None:
    """A new inquiry; the store is to answer."""
    row = tick.inquiries.add(
        {
            **asked,
            "state": "open",
            "turn": "seller",
            "last_at": asked["at"],
            "first_reply_at": None,
            "quote_cents": None,
            "rounds": 0,
            "lost_why": None,
            "order_id": None,
            "staff_id": None,
            "due": 0,
        }
    )
    _, country, _ = tick.buyer(row["buyer_id"])
    told = {"product": product["title"], "quantity": row["quantity"], "country": country}
    tick.say(row, row["at"], "buyer", opening(tick, row), **told)
    tick.note("opportunities.asked", ("inquiry", row["id"]), row, row["at"], "buyer", kind=row["kind"])
    tick.push("inquiry", row)


def opening(tick: Tick, row: Row) -> str:
    """How the buyer begins."""
    texts = words.OPENINGS
    return texts[int(tick.share("say.opening", row) * len(texts))]
