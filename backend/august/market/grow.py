"""How a world is born: stores, products, freight templates and buyers, all from a world file (K4b)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from august.benefits.commands import issue
from august.catalog import lines as freight_lines
from august.catalog import taxonomy
from august.catalog.models import FreightLine, FreightTemplate, LineStart, Product, Sku
from august.catalog.taxonomy import Leaf
from august.growth.queries import recompute_all
from august.kernel.clock import PACIFIC, from_local
from august.kernel.context import SYSTEM, Context
from august.kernel.luck import Luck
from august.kernel.rulebook import Rulebook
from august.kernel.tables import WorldBase
from august.market.goods import Order, Shelf
from august.market.history import live_through
from august.market.people import buyers, closes
from august.market.proofs import Drawer
from august.market.seeds import Flaw, Rival, Template, WorldSpec, specs
from august.market.showing import fill_showcases
from august.market.tick import Model
from august.merchants.models import Buyer, Merchant, Staff
from august.messages import commands as news
from august.quality.queries import remeasure_all
from august.sandboxes.service import WorldFile
from august.stars import queries as stars
from august.stars.overview import publication
from august.verified.models import EngineeringCase, Proof

# T5: the minute the release goes live, 2022-08-25 10:00 in Beijing.
BORN = datetime(2022, 8, 25, 2, 0, tzinfo=UTC)
PLAYER = 1
PERCENT = 100
HISTORY_DAYS = 400
# Flaws that only one kind of product can have.
ONLY: dict[Flaw, str] = {"fob_range": "customization", "no_template": "rts", "no_delivery_by": "rts"}


def world_files(seeds: Path, rulebook: Rulebook, model: Model | None = None) -> list[WorldFile]:
    """The worlds that can be made, without a model born without a past; SeedError for a wrong seed."""
    return [
        WorldFile(
            key=spec.file.code,
            title=spec.file.title,
            about=spec.file.text,
            born=BORN,
            grow=partial(_grow, spec=spec, rulebook=rulebook, model=model),
        )
        for spec in specs(seeds).values()
    ]


def _grow(
    session: Session, luck: Luck, now: datetime, *, spec: WorldSpec, rulebook: Rulebook, model: Model | None
) -> None:
    grow_world(session, spec, luck, now, rulebook)
    ctx = Context(session, now, SYSTEM, rulebook, luck, writable=True)
    news.begin(ctx, PLAYER)
    recompute_all(ctx)
    if model is not None:
        live_through(ctx, model, spec.file.player.past)
        # What the past brought counts from the first morning on.
        recompute_all(ctx)
    fill_showcases(
        ctx, {str(seat): each for seat, each in spec.policies.policies.items()}, spec.file.player.past
    )
    if model is not None:
        stars.begin(ctx)
        _reward(ctx)


def _reward(ctx: Context) -> None:
    """The benefits that the played store's last evaluation brought, as of its publication."""
    born, result = ctx.now, stars.current(ctx, PLAYER)
    if result is not None and result.published_at is not None:
        ctx.now = result.published_at
        issue(ctx, PLAYER, result.star, result.month, publication(born, stars.frame(ctx).publish_day))
        ctx.now = born


def grow_world(session: Session, spec: WorldSpec, luck: Luck, now: datetime, rulebook: Rulebook) -> None:
    """Fill an empty world; the same file and luck give the same world, row for row."""
    nursery, drawer = Nursery(spec, luck, now), Drawer(luck, now, rulebook)
    nursery.player()
    drawer.given(PLAYER, spec.file.player.name_en, spec.file.proofs)
    for number, rival in enumerate(spec.rivals, start=PLAYER + 1):
        nursery.rival(rival)
        drawer.lucky(number, rival, spec.policies.policies[rival.policy].proofs)
    tree, book = taxonomy.standing(), freight_lines.standing()
    _store(session, Merchant, nursery.merchants)
    _store(session, Staff, nursery.staff)
    _store(session, Proof, drawer.proofs)
    _store(session, EngineeringCase, drawer.cases)
    _store(session, FreightTemplate, nursery.templates)
    _store(session, FreightLine, nursery.lines)
    _store(session, LineStart, _line_starts(nursery, now))
    focus = spec.file.player.industry
    people = buyers(luck, spec.file.buyers, spec.names, book, tree, focus)
    _store(session, Buyer, [row | {"closed_at": closes(luck, row["id"], now)} for row in people])
    _store(session, Sku, [_row(sku) for sku in nursery.shelf.skus])
    ctx = Context(session, now, SYSTEM, rulebook, luck)
    # Measured before they are stored: the balls of the first morning are those of the rules in force.
    remeasure_all(ctx, nursery.products)
    _store(session, Product, [_row(product) for product in nursery.products])


def _line_starts(nursery: "Nursery", now: datetime) -> list[dict[str, Any]]:
    """A store has had the lines it is born with for as long as its history goes back."""
    owner = {template["id"]: template["merchant_id"] for template in nursery.templates}
    pairs = sorted({(owner[line["template_id"]], line["line"]) for line in nursery.lines})
    since = now - timedelta(days=HISTORY_DAYS)
    return [{"merchant_id": merchant, "line": line, "since": since} for merchant, line in pairs]


def _store(session: Session, table: type[WorldBase], rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _row(item: WorldBase) -> dict[str, Any]:
    return {column.name: getattr(item, column.name) for column in item.__table__.columns}


@dataclass(frozen=True)
class Store:
    """A store while its products are grown."""

    id: int
    brand: str
    company: str


class Nursery:
    """Collects the rows of a world, numbering everything from 1 in the order of the files."""

    def __init__(self, spec: WorldSpec, luck: Luck, now: datetime) -> None:
        """Begin with nothing."""
        self.spec, self.luck, self.now = spec, luck, now
        self.tree, self.book = taxonomy.standing(), freight_lines.standing()
        words = {code: spec.names.words[each.words] for code, each in self.tree.industries.items()}
        self.shelf = Shelf(luck, spec.names, words, now)
        self.merchants: list[dict[str, Any]] = []
        self.staff: list[dict[str, Any]] = []
        self.templates: list[dict[str, Any]] = []
        self.lines: list[dict[str, Any]] = []
        self.products: list[Product] = []

    def player(self) -> None:
        """The store that is played: counts of products and flaws exactly as its file says."""
        file = self.spec.file
        seat = file.player
        until = from_local(PACIFIC, f"{seat.member_until} 23:59:59")
        store = Store(PLAYER, seat.brand, seat.name_en)
        self._merchant(store, seat, until, "none", is_player=True)
        self.staff = [
            {"id": i, "merchant_id": PLAYER, "name_zh": each["zh"], "name_en": each["en"]}
            for i, each in enumerate(seat.staff, start=1)
        ]
        leaves = [self.tree.leaves[code] for code, count in file.leaves.items() for _ in range(count)]
        places = list(range(len(leaves)))
        kinds = self._kinds(leaves, self._some("player.rts", places, len(leaves) * file.rts // PERCENT))
        flaws: dict[int, set[Flaw]] = {place: set() for place in places}
        for flaw, count in file.flaws.items():
            able = [place for place in places if ONLY.get(flaw, kinds[place]) == kinds[place]]
            for place in self._some(f"player.{flaw}", able, count):
                flaws[place].add(flaw)
        resting = self._some("player.resting", places, seat.drafts + seat.off_shelf)
        states = dict.fromkeys(resting[: seat.drafts], "draft") | dict.fromkeys(
            resting[seat.drafts :], "off_shelf"
        )
        numbers = [self._template(store, each, seat.origin) for each in file.templates]
        shares = [
            number for number, each in zip(numbers, file.templates, strict=True) for _ in range(each.share)
        ]
        promised = file.local_service
        able = [place for place in places if promised is not None and leaves[place].local_service]
        near = set(self._some("player.local_service", able, promised.share if promised else 0))
        for place, leaf in enumerate(leaves):
            template = self.luck.choice("player.template", place, options=shares)
            status = states.get(place, "on_sale")
            countries = promised.countries if promised is not None and place in near else ()
            self._product(
                store, leaf, kinds[place], status, frozenset(flaws[place]), template, local_service=countries
            )

    def rival(self, rival: Rival) -> None:
        """A store whose flaws follow from its policy's percentages."""
        store = Store(len(self.merchants) + 1, rival.brand, rival.name_en)
        days = 60 + self.luck.integer("rival.member", store.id, below=600)
        self._merchant(store, rival, self.now + timedelta(days=days), rival.policy, is_player=False)
        policy = self.spec.policies.policies[rival.policy]
        template = self._template(store, self.spec.policies.templates[policy.template], rival.origin)
        leaves = self.tree.leaves_of(rival.industry)
        share = self.shelf.words[rival.industry].rts
        for i in range(rival.products):
            key = (store.id, i)
            leaf = leaves[i % len(leaves)]
            kind = (
                "rts" if self._percent("rival.rts", *key) < share and "rts" in leaf.kinds else "customization"
            )
            flaws = frozenset(
                flaw
                for flaw, percent in policy.flaws.items()
                if ONLY.get(flaw, kind) == kind and self._percent(f"rival.{flaw}", *key) < percent
            )
            rest = self._percent("rival.status", *key)
            status = "draft" if rest < policy.drafts else "on_sale"
            if policy.drafts <= rest < policy.drafts + policy.off_shelf:
                status = "off_shelf"
            promised = policy.local_service
            near = leaf.local_service and self._percent("rival.local_service", *key) < promised.share
            countries = promised.countries if near else ()
            self._product(store, leaf, kind, status, flaws, template, local_service=countries)

    def _merchant(self, store: Store, seat: Any, until: datetime, policy: str, *, is_player: bool) -> None:
        self.merchants.append(
            {
                "id": store.id,
                "code": seat.code,
                "name_zh": seat.name_zh,
                "name_en": seat.name_en,
                "region": seat.region,
                "membership": seat.membership,
                "member_until": until,
                "industry": seat.industry,
                "is_player": is_player,
                "policy": policy,
            }
        )

    def _template(self, store: Store, template: Template, origin: str) -> int:
        number = len(self.templates) + 1
        self.templates.append(
            {"id": number, "merchant_id": store.id, "name": template.name, "origin": origin}
        )
        for each in template.lines:
            reach = self.book.lines[each.line].zones if each.countries == "all" else each.countries
            self.lines.append(
                {
                    "id": len(self.lines) + 1,
                    "template_id": number,
                    "line": each.line,
                    "countries": list(reach),
                    "delivery_by": each.delivery_by,
                }
            )
        return number

    def _product(  # noqa: PLR0913 - what a product is grown from, by name
        self,
        store: Store,
        leaf: Leaf,
        kind: str,
        status: str,
        flaws: frozenset[Flaw],
        template: int,
        *,
        local_service: tuple[str, ...],
    ) -> None:
        shipped = template if kind == "rts" and "no_template" not in flaws else None
        number = len(self.products) + 1
        order = Order(
            number,
            store.id,
            store.brand,
            store.company,
            leaf,
            kind,
            status,
            flaws,
            shipped,
            local_service,
        )
        self.products.append(self.shelf.product(order))

    def _percent(self, stream: str, *ids: int) -> int:
        return self.luck.integer(stream, *ids, below=PERCENT)

    def _some(self, stream: str, places: Sequence[int], count: int) -> list[int]:
        """So many of the places, chosen and ordered by luck."""
        return sorted(places, key=lambda place: (self.luck.uniform(stream, place), place))[:count]

    @staticmethod
    def _kinds(leaves: Sequence[Leaf], ready: Sequence[int]) -> list[str]:
        chosen = set(ready)
        return [
            "rts" if place in chosen and "rts" in leaf.kinds else "customization"
            for place, leaf in enumerate(leaves)
        ]
