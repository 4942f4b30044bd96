"""One market tick: what is in hand, and everybody's next steps in the order of their instants."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, cached_property
from typing import Any, Protocol

import msgspec
import numpy as np
from sqlalchemy import Select, select

from august.catalog import lines
from august.catalog.facts import opened
from august.catalog.freight import OpenLine
from august.catalog.models import FreightLine, Product, StockMove
from august.catalog.shelf import keep_stock
from august.integrity.models import Dispute
from august.integrity.rules import DisputeTerms, dispute_terms
from august.kernel.bulk import Book, insert_rows, update_rows
from august.kernel.columns import from_epoch
from august.kernel.context import Context
from august.kernel.features import Measure
from august.kernel.plain import Row, among, columns_of, plain, rows
from august.kernel.tables import Event, next_ids
from august.market.columns import Period, Store, crowd, stalls
from august.market.demand import Demand, Span, between
from august.market.seeds import Days
from august.opportunities.models import ChatLine, Inquiry
from august.reviews.models import PendingReview, Review
from august.trade.models import Order, Receipt, Shipment
from august.trade.rules import OrderTerms, order_terms
from august.venue import campaign
from august.venue.rules import BuyerRules

HOUR, DAY = 3600, 86_400
UNKNOWN_HOURS = 12.0
# As many products stay in memory from tick to tick.
KEPT_PRODUCTS = 20_000
# What steps ask of a product.
PRODUCT = (
    "id", "merchant_id", "kind", "title", "images", "tiers", "price_cents", "lead_times", "moq", "stock",
    "package_mm", "weight_g", "freight_template_id", "delivery_by", "quality_tenths",
)  # fmt: skip


@cache
def _products() -> Select[Any]:
    table = plain(Product)
    wanted = among(table.c.id)
    return select(*(table.c[name] for name in PRODUCT)).where(wanted)


@cache
def _waits() -> Select[Any]:
    """Of those of the inquiries that were answered: the number, and the seconds that took."""
    table = plain(Inquiry)
    wanted = among(table.c.id), table.c.first_reply_at.is_not(None)
    return select(table.c.id, table.c.first_reply_at - table.c.at).where(*wanted)


# Who steps: the order of kinds breaks ties of one instant.
KINDS: tuple[tuple[str, Any], ...] = (
    ("inquiry", Inquiry),
    ("order", Order),
    ("shipment", Shipment),
    ("dispute", Dispute),
    ("review", PendingReview),
)

PLACES = {kind: place for place, (kind, _) in enumerate(KINDS)}

# Tables whose rows are counted: those that step, and those that are only added to.
COUNTED = (Inquiry, Order, Shipment, Dispute)
LISTED = (Receipt, Review, ChatLine, StockMove, Event)


class Steps(Protocol):
    """The steps of one kind of row."""

    def plan(self, tick: "Tick", row: Row) -> tuple[int, str] | None:
        """The next step and its instant as things stand; None when nobody steps by itself."""

    def act(self, tick: "Tick", row: Row, at: int, action: str) -> None:
        """Take a planned step at an instant."""


class Model(msgspec.Struct, frozen=True):
    """What the market goes by: its numbers, the policies of seats, what rooms tell of products."""

    demand: Demand
    days: Mapping[str, Days]
    measures: Mapping[str, Measure]


class Tick:
    """Everything in hand while a tick runs; the rooms' next steps are in the modules beside this one."""

    def __init__(self, ctx: Context, model: Model, period: Period, stores: Mapping[int, Store]) -> None:
        """Open the books."""
        self.ctx, self.model, self.period, self.stores = ctx, model, period, stores
        self.demand, self.luck = model.demand, ctx.luck
        connection = self.connection = ctx.session.connection()
        free = self._free = next_ids(connection, (*COUNTED, *LISTED))
        self.books: dict[str, Book] = {
            kind: Book(connection, table, free.get(table)) for kind, table in KINDS
        }
        self.inquiries, self.orders = self.books["inquiry"], self.books["order"]
        self.shipments, self.disputes = self.books["shipment"], self.books["dispute"]
        self.pending = self.books["review"]
        self.receipts: list[Row] = []
        self.reviews: list[Row] = []
        self.chat: list[Row] = []
        self.moves: list[Row] = []
        self.events: list[Row] = []
        self._queue: list[tuple[int, int, int]] = []
        self._stock: dict[int, int] = {}
        self._waits: dict[int, float | None] = {}
        if len(self._products()) > KEPT_PRODUCTS:
            self._products().clear()

    # What steps ask about the world.

    def store(self, row: Row) -> Store:
        """The store a row belongs to."""
        return self.stores[row["merchant_id"]]

    def policy(self, row: Row, chore: str) -> Days | None:
        """How the row's store does a chore by itself; None when a person does it."""
        name = self.store(row).policies.get(chore)
        return None if name is None else self.model.days[name]

    def share(self, stream: str, row: Row, *more: int) -> float:
        """A row's own draw in [0, 1)."""
        return self.luck.uniform(stream, row["luck"], *more)

    def percent(self, stream: str, row: Row, percent: float, *more: int) -> bool:
        """Whether something happens that happens to so many of a hundred."""
        return self.share(stream, row, *more) * 100 < percent

    def after(self, base: int, span: Span, unit: int, stream: str, row: Row, *more: int) -> int:
        """An instant some hours or days after another one, by the row's own draw."""
        return base + int(between(span, self.share(stream, row, *more)) * unit)

    def product(self, number: int) -> Row:
        """A product with its JSON read; kept until somebody else writes one."""
        found = self._products()
        if number not in found:
            self.fetch([number])
        return found[number]

    def _products(self) -> dict[int, Row]:
        found: dict[int, Row] = self.ctx.of(Product).setdefault("rows", {})
        return found

    def fetch(self, numbers: Iterable[int]) -> None:
        """Read products that will be asked for, in one statement."""
        found = self._products()
        wanted = sorted(set(numbers) - found.keys())
        for row in rows(self.connection, _products(), {"values": wanted}) if wanted else ():
            for name in ("tiers", "lead_times", "package_mm", "images"):
                row[name] = msgspec.json.decode(row[name]) if row[name] else None
            row["tiers"], row["lead_times"] = row["tiers"] or [], row["lead_times"] or []
            found[row["id"]] = row

    def campaign(self, product: int, buyer: int) -> int | None:
        """What the buyer pays for a piece of the product at most while the festival runs (F1-price)."""
        found = self._campaign.get(product)
        tier, _, _ = self.buyer(buyer) if found is not None else ("", "", 0.0)
        return found if found is not None and self._festive.allows(campaign.PRICE, tier) else None

    @cached_property
    def _campaign(self) -> dict[int, int]:
        """The prices of the venue at the tick's beginning."""
        return campaign.prices(replace(self.ctx, now=from_epoch(self.period.start)))

    @cached_property
    def _festive(self) -> BuyerRules:
        return campaign.buyer_rules(self.ctx)

    def lines_of(self, template: int | None) -> tuple[OpenLine, ...]:
        """The lines of a freight template; only commands change them."""
        if template is None:
            return ()
        made = self.ctx.kept.get("market.lines")
        if made is None:
            asked = select(FreightLine).order_by(FreightLine.template_id, FreightLine.id)
            grouped: dict[int, list[FreightLine]] = {}
            for line in self.ctx.session.scalars(asked):
                grouped.setdefault(line.template_id, []).append(line)
            made = {number: opened(group) for number, group in grouped.items()}
            self.ctx.kept["market.lines"] = made
        found: tuple[OpenLine, ...] = made.get(template, ())
        return found

    def reply_hours(self, store: int) -> float:
        """How long the store let its inquirers wait on average, as rooms tell it for the day."""
        morning = replace(self.ctx, now=from_epoch(self.period.start))
        stands = stalls(morning, self.demand, self.model.measures)
        places = stands.by_store.get(store)
        return float(stands.columns["reply_hours"][places[0]]) if places is not None else UNKNOWN_HOURS

    def first_wait(self, inquiry: int) -> float | None:
        """Hours from a question of an earlier tick to its first answer; None where there was none."""
        if inquiry not in self._waits:
            self._read_waits({inquiry})
        return self._waits[inquiry]

    def _read_waits(self, inquiries: set[int]) -> None:
        if not inquiries:
            return
        numbers, seconds = columns_of(self.connection, _waits(), {"values": sorted(inquiries)})
        self._waits |= dict.fromkeys(inquiries)
        self._waits |= {number: wait / HOUR for number, wait in zip(numbers, seconds, strict=True)}

    @property
    def book(self) -> Any:
        """Countries and logistics lines."""
        return lines.standing()

    def buyer(self, number: int) -> tuple[str, str, float]:
        """Tier, country and price sensitivity of a buyer."""
        people = crowd(self.ctx, self.demand)
        place = number - 1
        if place >= len(people.ids) or people.ids[place] != number:
            place = int(np.searchsorted(people.ids, number))
        return people.tiers[place], people.countries[place], float(people.thrift[place])

    @cached_property
    def order_terms(self) -> OrderTerms:
        """How long the states of orders last."""
        return order_terms(self.ctx.rulebook, self.ctx.now)

    @cached_property
    def dispute_terms(self) -> DisputeTerms:
        """How long the steps of refund requests last."""
        return dispute_terms(self.ctx.rulebook, self.ctx.now)

    # What steps do.

    def change(self, kind: str, row: Row, changes: Mapping[str, Any]) -> None:
        """Change a row and let it step again when it is due in this tick."""
        self.books[kind].change(row, changes)
        if "due" in changes:
            self.push(kind, row)

    def push(self, kind: str, row: Row) -> None:
        """Queue a row whose next step lies before the tick's end."""
        due = row["due"]
        if due is not None and due < self.period.end:
            place = PLACES[kind]
            key: int = row["order_id"] if kind == "review" else row["id"]
            heapq.heappush(self._queue, (due, place, key))

    def say(self, inquiry: Row, at: int, side: str, text: str, **params: Any) -> None:
        """A line of a conversation; kept where a person takes part, as the store or as the buyer."""
        if self.store(inquiry).is_player or inquiry["id"] in self.asked_by_people:
            self.chat.append(
                {
                    "inquiry_id": inquiry["id"],
                    "at": at,
                    "side": side,
                    "author": "market" if side == "buyer" else "policy",
                    "text": text,
                    "params": msgspec.json.encode(params, order="sorted").decode(),
                }
            )

    @property
    def asked_by_people(self) -> set[int]:
        """The inquiries that a person opened while playing a buyer."""
        found: set[int] | None = self.ctx.kept.get("market.asked_by_people")
        if found is None:
            lines = plain(ChatLine)
            asked = select(lines.c.inquiry_id).where(lines.c.side == "buyer", lines.c.author == "player")
            found = self.ctx.kept["market.asked_by_people"] = set(self.ctx.session.scalars(asked))
        return found

    def note(self, what: str, about: tuple[str, int], row: Row, at: int, actor: str, **params: Any) -> None:
        """A fact on the timeline of one of the player's things."""
        if self.store(row).is_player:
            self.events.append(
                {
                    "at": at,
                    "kind": what,
                    "object_kind": about[0],
                    "object_id": about[1],
                    "merchant_id": row["merchant_id"],
                    "actor": actor,
                    "params": msgspec.json.encode(params, order="sorted").decode(),
                }
            )

    def move_stock(self, product: Row, pieces: int, why: str, order_id: int | None, at: int) -> None:
        """Pieces come or go; every one of them is written down."""
        if not pieces:
            return
        product["stock"] += pieces
        self._stock[product["id"]] = product["stock"]
        self.moves.append(
            {"product_id": product["id"], "at": at, "pieces": pieces, "why": why, "order_id": order_id}
        )

    def taken_for(self, order_id: int) -> int:
        """How many pieces an order took out of stock."""
        moves = plain(StockMove)
        asked = select(moves.c.pieces).where(moves.c.order_id == order_id)
        pieces: list[int] = [*self.ctx.session.scalars(asked)]
        pieces += [move["pieces"] for move in self.moves if move["order_id"] == order_id]
        return -sum(pieces)

    def told(self, what: str, about: tuple[str, int]) -> dict[str, Any]:
        """What the last such fact says that an earlier tick wrote down; empty when there is none."""
        event = plain(Event)
        asked = select(event.c.params).where(
            event.c.object_kind == about[0], event.c.object_id == about[1], event.c.kind == what
        )
        last = self.ctx.session.scalar(asked.order_by(event.c.id.desc()).limit(1))
        found: dict[str, Any] = msgspec.json.decode(last) if last else {}
        return found

    # The run.

    def run(self, steps: "Mapping[str, Steps]") -> None:
        """Let everything due step, in the order of instants, until the tick's end."""
        for kind, _ in KINDS:
            for row in self.books[kind].take_below("due", self.period.end):
                self.push(kind, row)
        self._gather()
        while self._queue:
            due, place, number = heapq.heappop(self._queue)
            kind = KINDS[place][0]
            row = self.books[kind].rows.get(number, {})
            if row.get("due") != due:
                continue  # it was changed meanwhile, and queued anew
            plan = steps[kind].plan(self, row)
            if plan is None:
                self.books[kind].change(row, {"due": None})
                continue
            at = max(plan[0], self.period.start)
            if due == 0 or at > due:
                # Decided, or put off: it waits for its place among the instants.
                self.books[kind].change(row, {"due": at})
                self.push(kind, row)
                continue
            steps[kind].act(self, row, max(due, self.period.start), plan[1])

    def _gather(self) -> None:
        """Read what the due rows belong to, in a few statements."""
        wanted = {
            row["order_id"]
            for kind in ("shipment", "dispute", "review")
            for row in self.books[kind].rows.values()
        }
        self.orders.take("id", wanted - self.orders.rows.keys())
        self.shipments.take("order_id", [row["order_id"] for row in self.shipments.rows.values()])
        behind = {self.orders.rows[number]["inquiry_id"] for number in self.pending.rows} - {None}
        self._read_waits(behind)
        self.fetch(
            row["product_id"] for kind in ("inquiry", "order") for row in self.books[kind].rows.values()
        )

    def write(self) -> None:
        """Store everything, table by table."""
        for kind, _ in KINDS:
            self.books[kind].write()
        lists = (self.receipts, self.reviews, self.chat, self.moves, self.events)
        for table, fresh in zip(LISTED, lists, strict=True):
            insert_rows(self.connection, table, fresh, self._free[table])
        shelves = ((number, {"stock": left}) for number, left in self._stock.items())
        update_rows(self.connection, Product, ("stock",), shelves)
        keep_stock(self.ctx, self._stock)
