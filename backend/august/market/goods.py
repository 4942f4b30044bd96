"""The products a store is born with: believable titles, prices and texts, with the flaws of its store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from august.catalog.models import Product, Sku
from august.catalog.taxonomy import Leaf
from august.kernel.luck import Luck
from august.market.seeds import Flaw, Names, Words

TIER_STEPS = ((1, 100), (5, 95), (20, 89))
LEAD_DAYS = {"rts": (7, 12, 15), "customization": (20, 30, 45)}
MARKETS = ("US", "GB", "DE", "AU", "CA", "FR", "AE", "NL", "IT", "ES")
TITLE_MOST = 128
SMALL = frozenset({"for", "with", "and", "to", "in", "of", "from"})
# Listings are two days to three years old, in hours before the world is born.
OLDEST, YOUNGEST = 24 * 1100, 24 * 2


class Order(msgspec.Struct, frozen=True):
    """One product to grow: its number, store, leaf, type, status, flaws and freight template."""

    number: int
    merchant: int
    brand: str
    company: str
    leaf: Leaf
    kind: str
    status: str
    flaws: frozenset[Flaw]
    template: int | None
    local_service: tuple[str, ...] = ()


@dataclass
class Shelf:
    """Grows products one after the other; no two of one title."""

    luck: Luck
    names: Names
    words: Mapping[str, Words]
    now: datetime
    titles: set[str] = field(default_factory=set)
    skus: list[Sku] = field(default_factory=list)

    def product(self, order: Order) -> Product:
        """One product with its variants, not yet measured."""
        leaf, words, number = order.leaf, self.words[order.leaf.industry], order.number
        attributes = self._attributes(order)
        noun = self.luck.choice("product.noun", number, options=self.names.leaves[leaf.code])
        lead = leaf.attributes[0].code
        material = "" if lead == "place_of_origin" else attributes[lead]
        title = self._title(order, words, noun, material)
        kept = dict(attributes)
        if "missing_attributes" in order.flaws:
            kept = {code: kept[code] for code in list(kept)[: max(1, len(kept) - 2)]}
        thin = "thin_description" in order.flaws
        images = self._images(order, 2 if thin else 4 + self._roll("images", number, 3))
        start = self._start(order)
        mode, tiers, fob = self._prices(order, start)
        created = self.now - timedelta(hours=YOUNGEST + self._roll("age", number, OLDEST - YOUNGEST))
        self._variants(order, attributes, mode, tiers[0]["cents"])
        return Product(
            id=number,
            merchant_id=order.merchant,
            kind=order.kind,
            leaf=leaf.code,
            title=title,
            status=order.status,
            keywords=self._keywords(order, noun, material),
            attributes=kept,
            description=self._description(order, words, noun, attributes, images),
            images=images,
            price_mode=mode,
            tiers=tiers if mode == "tier" else [],
            fob_min_cents=fob[0] if mode == "fob" else None,
            fob_max_cents=fob[1] if mode == "fob" else None,
            moq=start,
            unit=leaf.unit,
            stock=start * (10 + self._roll("stock", number, 60)) if order.kind == "rts" else 0,
            package_mm=None if "no_package" in order.flaws else self._package(order),
            price_cents=fob[0] if mode == "fob" else tiers[0]["cents"],
            weight_g=None if "no_package" in order.flaws else self._round("weight", number, leaf.weight_g),
            lead_times=[
                {"up_to": start * step, "days": days}
                for step, days in zip((5, 20, 100), LEAD_DAYS[order.kind], strict=True)
            ],
            freight_template_id=order.template,
            delivery_by=order.template is not None and "no_delivery_by" not in order.flaws,
            sample=None
            if "no_sample" in order.flaws
            else {"price_cents": tiers[0]["cents"] * 2, "max": 1 + self._roll("sample", number, 3)},
            customization=None if "no_customization" in order.flaws else {"options": list(words.options)},
            local_service=list(order.local_service) or None,
            markets=[code for code in MARKETS if self._roll(f"market.{code}", number, 100) < 45],  # noqa: PLR2004 - percent
            version=1,
            created_at=created,
            updated_at=created + timedelta(hours=self._roll("edited", number, YOUNGEST)),
            published_at=None if order.status == "draft" else created + timedelta(hours=1),
            quality_tenths=0,
            quality_failed=[],
            growth=0,
            reached=0,
            promised=0,
        )

    def _roll(self, stream: str, number: int, below: int) -> int:
        return self.luck.integer(f"product.{stream}", number, below=below)

    def _round(self, stream: str, number: int, span: tuple[int, int]) -> int:
        """A number of the range, most often near its lower end, as people write it: two figures."""
        low, high = span
        share = self.luck.uniform(f"product.{stream}", number)
        exact = low + int((high - low) * share * share)
        step = 10 ** max(0, len(str(exact)) - 2)
        rounded: int = exact // step * step
        return max(low, rounded)

    def _start(self, order: Order) -> int:
        """A minimum order as people set it: 3, 15, 80."""
        exact = self._round("moq", order.number, order.leaf.moq)
        step = 1 if exact < 10 else 5 if exact < 50 else 10  # noqa: PLR2004 - how people round
        return max(order.leaf.moq[0], exact // step * step)

    def _attributes(self, order: Order) -> dict[str, str]:
        found = {}
        for each in order.leaf.attributes:
            if each.options:
                options = list(each.options)
                found[each.code] = self.luck.choice(f"product.{each.code}", order.number, options=options)
            else:
                letters = "".join(word[0] for word in order.leaf.en.split())[:3].upper()
                found[each.code] = f"{order.brand[:2].upper()}-{letters}{1000 + order.number}"
        return {**found, "brand_name": order.brand}

    def _title(self, order: Order, words: Words, noun: str, material: str) -> str:
        """A title nobody else has; the stuffed kind says its noun over and over."""
        for attempt in range(200):
            adjective = self.luck.choice("product.adjective", order.number, attempt, options=words.adjectives)
            tail = self.luck.choice("product.tail", order.number, attempt, options=words.tails)
            title = f"{adjective} {_joined(material, noun)} {tail}"
            if "keyword_stuffing" in order.flaws:
                title = _cut(
                    f"{adjective} {_joined(material, noun)} {noun} Hot Sale {noun} Cheap {noun} {tail}"
                )
            elif not _sane(title):
                continue
            if title not in self.titles and len(title) <= TITLE_MOST:
                self.titles.add(title)
                return title
        msg = f"no free title for a product of {order.leaf.code}"
        raise ValueError(msg)

    def _keywords(self, order: Order, noun: str, material: str) -> list[str]:
        name, leaf = noun.lower(), order.leaf.en.lower()
        if "keyword_stuffing" in order.flaws:
            return [name, f"{name} {name}", f"best {name} cheap {name}", leaf, f"{leaf} {leaf}"]
        found = list(dict.fromkeys((name, _joined(material, noun).lower(), f"wholesale {name}")))
        return [*found, leaf] if leaf != name else found

    def _images(self, order: Order, count: int) -> list[str]:
        first = order.number * 10
        return [f"{order.leaf.shape}-{first + i}" for i in range(count)]

    def _prices(self, order: Order, start: int) -> tuple[str, list[dict[str, int]], tuple[int, int]]:
        """Price mode, falling tiers from the MOQ, and an FOB range, all inside the leaf's range."""
        low, high = order.leaf.price
        base = self._round("price", order.number, (min(high, low + low // 7 + 3), high))
        tiers: list[dict[str, int]] = []
        for step, percent in TIER_STEPS:
            cents = max(low, base * percent // 100)
            if tiers:
                cents = min(cents, tiers[-1]["cents"] - 1)
            if cents >= low:
                tiers.append({"quantity": start * step, "cents": cents})
        mode = "tier"
        if "fob_range" in order.flaws:
            mode = "fob"
        elif order.kind == "rts" and self._roll("mode", order.number, 100) < 30:  # noqa: PLR2004 - percent
            mode = "sku"
        return mode, tiers, (max(low, base * 80 // 100), min(high, base * 130 // 100))

    def _variants(self, order: Order, attributes: Mapping[str, str], mode: str, cents: int) -> None:
        """Colours or sizes to choose from; SKU prices stay inside the leaf's range."""
        axis = next((each for each in order.leaf.attributes if each.code in {"color", "voltage"}), None)
        if axis is None or (order.kind != "rts" and mode != "sku"):
            axis = None
        low, high = order.leaf.price
        chosen = (
            [attributes[axis.code], *(o for o in axis.options if o != attributes[axis.code])] if axis else []
        )
        if not chosen and mode == "sku":
            chosen = ["Standard"]
        for i, value in enumerate(chosen[: 2 + self._roll("variants", order.number, 3)]):
            price = min(high, max(low, cents * (100 + 4 * i) // 100)) if mode == "sku" else None
            self.skus.append(
                Sku(
                    id=len(self.skus) + 1,
                    product_id=order.number,
                    code=f"{order.brand[:2].upper()}{order.number:04d}-{i + 1}",
                    spec={axis.code if axis else "model": value},
                    cents=price,
                    stock=20 + self._roll(f"variant.{i}", order.number, 400),
                )
            )

    def _package(self, order: Order) -> dict[str, int]:
        """The leaf's package, a little larger or smaller, in whole centimetres."""
        percent = 90 + self._roll("package", order.number, 16)
        sides = (max(10, side * percent // 1000 * 10) for side in order.leaf.package_mm)
        return dict(zip("lwh", sides, strict=True))

    def _description(
        self, order: Order, words: Words, noun: str, attributes: Mapping[str, str], images: Sequence[str]
    ) -> str:
        def say(stream: str, options: Sequence[str]) -> str:
            text = self.luck.choice(f"product.{stream}", order.number, options=options)
            filled = text.format(noun=noun.lower(), material=first.lower(), company=order.company)
            return filled[0].upper() + filled[1:]

        first = attributes[order.leaf.attributes[0].code]
        sentences = self.names.descriptions
        if "thin_description" in order.flaws:
            return say("thin", sentences.thin)
        i = self._roll("benefit", order.number, len(words.benefits))
        labels = {each.code: each.en for each in order.leaf.attributes} | {"brand_name": "Brand name"}
        facts = "\n".join(f"- **{labels[code]}:** {value}" for code, value in attributes.items())
        return (
            f"## {noun} at a glance\n\n{say('intro', sentences.intro)} {words.benefits[i]}\n\n"
            f"![{noun}]({images[0]})\n\n"
            f"## Specification\n\n{facts}\n\n"
            f"## Made to last\n\n{words.benefits[(i + 1) % len(words.benefits)]}\n\n"
            f"![{noun}, detail]({images[1]})\n\n"
            f"## Packing and delivery\n\n{say('packing', sentences.packing)}\n\n"
            f"## About us\n\n{say('about', sentences.about)}\n"
        )


def _sane(title: str) -> bool:
    """No word of meaning twice: nobody sells a Storage Bed with Storage."""
    words = [word for word in title.lower().split() if word not in SMALL]
    return len(set(words)) == len(words)


def _joined(material: str, noun: str) -> str:
    """Kraft Paper and Paper Bag make a Kraft Paper Bag."""
    words = material.split()
    if words and words[-1] == noun.split(maxsplit=1)[0]:
        words.pop()
    return " ".join([*words, noun])


def _cut(title: str) -> str:
    """As much of a title as the form takes, in whole words."""
    return title if len(title) <= TITLE_MOST else title[: TITLE_MOST + 1].rsplit(" ", 1)[0]
