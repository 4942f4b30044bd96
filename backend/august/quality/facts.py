"""What a product says, judged check by check into findings that name a field and a hint (Q3)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import msgspec

from august.kernel.rulebook import Rulebook, RuleValues
from august.kernel.words import N_, Phrase
from august.quality.rules import Kind, QualityFacts, Region

PriceMode = Literal["tier", "sku", "fob"]

# Marks that turn the direction of text or hide in it, and control characters.
HIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
# Every repetition is bounded: hostile text must not take quadratic time.
TAG = re.compile(r"<[^<>]{0,200}>|<\s{0,9}/?\s{0,9}script|&#?\w{1,10};", re.IGNORECASE)
CONTACT = re.compile(r"https?://|www\.|\w@[\w-]{1,64}\.\w", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+", re.UNICODE)
# Words that a sentence may well repeat.
SMALL = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})
# The line break before it stands in the pattern, because a search for a fixed beginning is a fast one.
HEADING = re.compile(r"\n#{1,6}[ \t]+\S")
LISTED = re.compile(r"[ \t]{0,3}(?:[-*+]|\d{1,3}[.)])[ \t]+\S")
PICTURE = re.compile(r"!\[[^\[\]]{0,300}\]\(\s{0,9}([^()\s]{1,500})[^()]{0,300}\)")
LINK = re.compile(r"!\[[^\[\]]{0,300}\]\([^()]{0,800}\)|\]\([^()]{0,800}\)")
# What is no character of a description: marks of Markdown and the commonest blanks.
MARKS = str.maketrans("", "", "#*_>`|-[ \n")
BLANK_LINES = re.compile(r"\n\s*\n")


class ContentRules(RuleValues, frozen=True):
    """Q3-content: what counts as a sane title, keyword, attribute and description."""

    title_least: int
    title_most: int
    title_word_most: int
    keywords_least: int
    keywords_most: int
    keyword_words_most: int
    keyword_word_share: int
    attribute_value_most: int
    description_least: int
    description_most: int
    sections_least: int
    images_least: int
    paragraph_least: int


class PriceRules(RuleValues, frozen=True):
    """Q3-price: what counts as a reasonable price, MOQ, SKU and package."""

    price_most_cents: int
    spread_most: int
    moq_most: int
    side_most_mm: int
    weight_most_g: int


RULES: dict[str, type[RuleValues]] = {"Q3-content": ContentRules, "Q3-price": PriceRules}


class FactRules(msgspec.Struct, frozen=True):
    """The thresholds in force, and whether SKU prices may stand in for the FOB range (Q3-sku)."""

    content: ContentRules
    price: PriceRules
    sku_price_counts: bool


class Tier(msgspec.Struct, frozen=True):
    """From this quantity on, this price in cents apiece."""

    quantity: int
    cents: int


class Sku(msgspec.Struct, frozen=True):
    """A variant's code and its price in cents."""

    code: str
    cents: int


class Package(msgspec.Struct, frozen=True):
    """A package in millimetres and grams."""

    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int


class ProductFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of one product that the ball looks at; money in cents, images by name or hash.

    `exempt` names the checks that the product's industry is spared, such as ``delivery_by_core_ten``.
    """

    kind: Kind
    leaf_valid: bool
    title: str
    required_attributes: tuple[str, ...] = ()
    attributes: dict[str, str] = {}
    keywords: tuple[str, ...] = ()
    description: str = ""
    images: tuple[str, ...] = ()
    price_mode: PriceMode = "tier"
    moq: int = 1
    tiers: tuple[Tier, ...] = ()
    skus: tuple[Sku, ...] = ()
    fob_low_cents: int = 0
    fob_high_cents: int = 0
    package: Package | None = None
    missing_freight: frozenset[str] = frozenset()
    missing_delivery_by: frozenset[str] = frozenset()
    sample_service: bool = False
    customization_service: bool = False
    exempt: frozenset[str] = frozenset()
    region: Region = "mainland"


class Finding(msgspec.Struct, frozen=True):
    """One thing to mend: the failed check, the form field it sits in, and the hint."""

    check: str
    field: str
    hint: Phrase


def fact_rules(rulebook: Rulebook, at: datetime) -> FactRules:
    """Collect the thresholds in force at the instant."""
    return FactRules(
        content=rulebook.values("Q3-content", at),
        price=rulebook.values("Q3-price", at),
        sku_price_counts=rulebook.applies("Q3-sku", at),
    )


def quality_facts(product: ProductFacts, findings: tuple[Finding, ...]) -> QualityFacts:
    """What the score is reckoned from."""
    return QualityFacts(
        kind=product.kind,
        failed=frozenset(finding.check for finding in findings),
        missing_freight=product.missing_freight,
        missing_delivery_by=product.missing_delivery_by,
        exempt=product.exempt,
        region=product.region,
    )


def judge_content(product: ProductFacts, rules: FactRules) -> tuple[Finding, ...]:
    """Every finding on the product's own content, in the order of the ball (Q3).

    The core-ten checks are not among them: they follow from the missing countries (Q4).
    """
    found: list[Finding] = []
    if not product.leaf_valid:
        found.append(_finding("category", "category", N_("Choose a leaf category.")))
    found += _attributes(product, rules.content)
    found += _title(product.title, rules.content)
    found += _keywords(product.keywords, rules.content)
    found += _description(product, rules.content)
    found += _prices(product, rules.price)
    if product.kind == "customization":
        found += _customization(product, rules)
    if not product.customization_service:
        text = N_("Say what can be customized, from which quantity on.")
        found.append(_finding("customization_service", "customization_service", text))
    return tuple(finding for finding in found if finding.check not in product.exempt)


def _finding(check: str, field: str, msgid: str, **params: Any) -> Finding:
    return Finding(check, field, Phrase(msgid, params))


def _words(text: str) -> list[str]:
    if text.isascii():
        return [text.lower()] if text.isalnum() else WORD.findall(text.lower())
    return [word.casefold() for word in WORD.findall(unicodedata.normalize("NFKC", text))]


def _stuffed(words: list[str], most: int) -> str | None:
    """The word that appears more than `most` times, or None."""
    if len(set(words)) == len(words):
        return None
    counts = Counter(word for word in words if word not in SMALL)
    return next((word for word, count in counts.items() if count > most), None)


def _attributes(product: ProductFacts, rules: ContentRules) -> list[Finding]:
    found = []
    empty = [name for name in product.required_attributes if not product.attributes.get(name, "").strip()]
    if empty:
        text = N_("Fill in the required attributes: {names}.")
        found.append(_finding("attributes", "attributes", text, names=empty))
    values = Counter(
        " ".join(_words(value)) for value in product.attributes.values() if not value.strip().isdigit()
    )
    values.pop("", None)
    piled = next((value for value, count in values.items() if count > rules.attribute_value_most), None)
    # Yes and no are answers, not stuffing.
    if piled not in {None, "yes", "no"}:
        text = N_("The value “{value}” is repeated in {count} attributes.")
        found.append(_finding("attributes", "attributes", text, value=piled, count=values[str(piled)]))
    return found


def _unclean(text: str) -> str | None:
    """Why a line of text is not plain words, as a message id, or None."""
    if HIDDEN.search(text):
        return N_("Remove control characters and marks that change the direction of writing.")
    if _scripted(text):
        return N_("Remove tags and scripts.")
    if _addressed(text):
        return N_("Remove web and mail addresses.")
    return None


def _scripted(text: str) -> bool:
    """Whether there are tags, entities or script addresses; most texts lack the letter that begins one."""
    marked = "<" in text or "&" in text
    return (marked and TAG.search(text) is not None) or "javascript:" in text.casefold()


def _addressed(text: str) -> bool:
    """Whether there are web or mail addresses; most texts lack the letters of one."""
    marked = "@" in text or "." in text or "/" in text
    return marked and CONTACT.search(text) is not None


def _title(title: str, rules: ContentRules) -> list[Finding]:
    found = []
    length = len(title.strip())
    title = title[: 4 * rules.title_most]
    if not rules.title_least <= length <= rules.title_most:
        text = N_("Write a title of {least} to {most} characters, this one has {length}.")
        params = {"least": rules.title_least, "most": rules.title_most, "length": length}
        found.append(_finding("keywords", "title", text, **params))
    if trouble := _unclean(title):
        found.append(_finding("keywords", "title", trouble))
    if word := _stuffed(_words(title), rules.title_word_most):
        text = N_("The word “{word}” is repeated more than {most} times.")
        found.append(_finding("keywords", "title", text, word=word, most=rules.title_word_most))
    return found


def _keywords(keywords: tuple[str, ...], rules: ContentRules) -> list[Finding]:
    found = []
    split = [_words(keyword) for keyword in keywords]
    if not rules.keywords_least <= len(keywords) <= rules.keywords_most or not all(split):
        text = N_("Give {least} to {most} keywords, none of them empty.")
        params = {"least": rules.keywords_least, "most": rules.keywords_most}
        found.append(_finding("keywords", "keywords", text, **params))
    # Together they are unclean where one of them is.
    doubtful = _unclean("\n".join(keywords)) is not None
    for keyword, words in zip(keywords, split, strict=True):
        if doubtful and (trouble := _unclean(keyword)):
            found.append(_finding("keywords", "keywords", trouble))
        if len(words) > rules.keyword_words_most:
            text = N_("The keyword “{keyword}” has more than {most} words.")
            found.append(
                _finding("keywords", "keywords", text, keyword=keyword[:60], most=rules.keyword_words_most)
            )
        if word := _stuffed(words, 1):
            text = N_("The keyword “{keyword}” repeats the word “{word}”.")
            found.append(_finding("keywords", "keywords", text, keyword=keyword[:60], word=word))
    if len({tuple(sorted(words)) for words in split}) < len(split):
        found.append(_finding("keywords", "keywords", N_("Two keywords say the same.")))
    # A word counts once a keyword, so few keywords cannot pile up any.
    enough = len(split) > rules.keyword_word_share
    told = [word for words in split for word in set(words)] if enough else []
    if piled := _stuffed(told, rules.keyword_word_share):
        text = N_("The word “{word}” is in more than {most} keywords.")
        found.append(_finding("keywords", "keywords", text, word=piled, most=rules.keyword_word_share))
    return found


def _description(product: ProductFacts, rules: ContentRules) -> list[Finding]:
    """Length, structure, images, no duplicates."""

    def add(field: str, msgid: str, **params: Any) -> None:
        found.append(_finding("product_detail", field, msgid, **params))

    found: list[Finding] = []
    text = product.description[: rules.description_most + 1]
    length = len("".join(LINK.sub("", text).translate(MARKS).split()))
    if len(product.description) > rules.description_most:
        add("description", N_("Shorten the description to {most} characters."), most=rules.description_most)
    if length < rules.description_least:
        params = {"least": rules.description_least, "length": length}
        add("description", N_("Describe the product in {least} characters or more, now {length}."), **params)
    if HIDDEN.search(text) or _scripted(text):
        add("description", N_("Remove tags, scripts and hidden characters."))
    if not _structured(text, rules.sections_least):
        add(
            "description",
            N_("Structure the description: {least} headings or lists."),
            least=rules.sections_least,
        )
    if _repeats(text, rules.paragraph_least):
        add("description", N_("A paragraph is there twice."))
    pictures = (*product.images, *PICTURE.findall(text))
    if len(set(product.images)) < len(product.images):
        add("images", N_("A picture is there twice."))
    if len(set(pictures)) < rules.images_least:
        add(
            "images",
            N_("Show {least} different pictures, now {count}."),
            least=rules.images_least,
            count=len(set(pictures)),
        )
    return found


def _repeats(text: str, least: int) -> bool:
    """Whether two paragraphs of `least` or more characters consist of the same words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    long = [block for block in BLANK_LINES.split(folded) if len(block) >= least]
    # Only those that begin alike can be alike, so most need not be taken apart.
    begun = Counter(first[0] for block in long if (first := WORD.search(block)))
    if len(begun) == begun.total():
        return False
    paragraphs = [" ".join(WORD.findall(block)) for block in long]
    told = [paragraph for paragraph in paragraphs if len(paragraph) >= least]
    return len(set(told)) < len(told)


def _structured(text: str, least: int) -> bool:
    """Whether there are so many headings and lists; a run of listed lines is one list."""
    sections, before = len(HEADING.findall("\n" + text)), False
    if sections >= least:
        return True
    for line in text.splitlines():
        # What begins with a letter is no item; asking for that is quicker than matching.
        here = not line[:1].isalpha() and LISTED.match(line) is not None
        sections += here and not before
        before = here
    return sections >= least


def _prices(product: ProductFacts, rules: PriceRules) -> list[Finding]:
    """Price, MOQ and SKU reasonable and true."""

    def add(field: str, msgid: str, **params: Any) -> None:
        found.append(_finding("price", field, msgid, **params))

    found: list[Finding] = []
    if not 1 <= product.moq <= rules.moq_most:
        add("moq", N_("Set a minimum order quantity of 1 to {most}."), most=rules.moq_most)
    field, prices = {
        "tier": ("tiers", [tier.cents for tier in product.tiers]),
        "sku": ("skus", [sku.cents for sku in product.skus]),
        "fob": ("fob", [product.fob_low_cents, product.fob_high_cents]),
    }[product.price_mode]
    if not prices:
        add(field, N_("Set a price."))
    elif min(prices) < 1 or max(prices) > rules.price_most_cents:
        most = {"cents": rules.price_most_cents, "currency": "USD"}
        add(field, N_("Every price must be above zero and at most {most}."), most=most)
    elif max(prices) > rules.spread_most * min(prices):
        add(field, N_("The highest price is more than {most} times the lowest."), most=rules.spread_most)
    found += [_finding("price", field, hint) for hint in _ORDER[product.price_mode](product)]
    return found


def _tier_order(product: ProductFacts) -> list[str]:
    """Larger quantities cost less, and the first tier is the MOQ."""
    hints = []
    pairs = list(zip(product.tiers, product.tiers[1:], strict=False))
    if any(after.quantity <= before.quantity or after.cents >= before.cents for before, after in pairs):
        hints.append(N_("Each tier must begin at a larger quantity with a lower price."))
    if product.tiers and product.tiers[0].quantity != product.moq:
        hints.append(N_("The first tier must begin at the minimum order quantity."))
    return hints


def _sku_codes(product: ProductFacts) -> list[str]:
    """Every variant has a code of its own."""
    codes = [sku.code.strip().casefold() for sku in product.skus]
    if len(set(codes)) < len(codes) or "" in codes:
        return [N_("Every SKU needs a code of its own.")]
    return []


def _fob_range(product: ProductFacts) -> list[str]:
    """A range is no price to order at, and begins below its end."""
    if product.kind == "rts":
        return [N_("A Ready to Ship product needs tier or SKU prices.")]
    if product.fob_high_cents < product.fob_low_cents:
        return [N_("The FOB range begins above its end.")]
    return []


_ORDER: dict[PriceMode, Callable[[ProductFacts], list[str]]] = {
    "tier": _tier_order,
    "sku": _sku_codes,
    "fob": _fob_range,
}


def _customization(product: ProductFacts, rules: FactRules) -> list[Finding]:
    """What is asked of Customization products only."""
    found = []
    if product.price_mode == "fob":
        found.append(_finding("tier_price", "price_mode", N_("Replace the FOB range by tier prices.")))
    if product.price_mode == "sku" and not rules.sku_price_counts:
        # Q3-sku: until then only tier prices replace the range.
        text = N_("SKU prices count from 2022-09-01; set tier prices until then.")
        found.append(_finding("tier_price", "price_mode", text))
    box = product.package
    if box is None or not (
        all(1 <= side <= rules.price.side_most_mm for side in (box.length_mm, box.width_mm, box.height_mm))
        and 1 <= box.weight_g <= rules.price.weight_most_g
    ):
        text = N_("Give length, width, height and weight of the package, all above zero.")
        found.append(_finding("package", "package", text))
    if not product.sample_service:
        text = N_("Offer samples, with a price and the largest number.")
        found.append(_finding("sample_service", "sample_service", text))
    return found
