"""Answers that need no typing: English sentences filled with what the product says of itself."""

from collections.abc import Sequence

import msgspec

from august.catalog import lines as freight_lines
from august.kernel.explain import money
from august.kernel.words import N_, Phrase
from august.opportunities import words
from august.opportunities.models import Inquiry
from august.opportunities.talk import ProductCard, Said, named_price


class Quick(msgspec.Struct, frozen=True):
    """A button's words, the sentence it writes, and the price it puts in when it is about a price."""

    name: str
    label: Phrase
    text: Phrase
    quote_cents: int | None = None


def quick_replies(
    inquiry: Inquiry, product: ProductCard, lines: Sequence[Said], typed_cents: int | None
) -> list[Quick]:
    """What may be said as things stand; a price typed already counts instead of the list price."""
    if inquiry.state == "agreed":
        return [
            Quick(
                "draft", Phrase(N_("Draft follows")), Phrase(N_("Thank you! The order draft is on its way."))
            )
        ]
    found = [_price(inquiry, product, typed_cents or product.list_cents)]
    if (named := named_price(lines)) is not None:
        text = Phrase(N_("We can meet your price: {price} a piece."), {"price": money(named, "USD")})
        found.append(Quick("meet", Phrase(N_("Meet the named price")), text, named))
        firm = Phrase(
            N_("Thank you. For {quantity} pieces, {price} a piece is our best price; quality has its cost."),
            {"quantity": inquiry.quantity, "price": money(typed_cents or _standing(inquiry, product), "USD")},
        )
        found.append(Quick("firm", Phrase(N_("Hold the price")), firm))
    found.append(_lead(inquiry, product))
    found += _freight(inquiry, product) + _sample(product)
    question = N_("May I ask when you need the goods, and whether you need your own logo or packing?")
    return [*found, Quick("question", Phrase(N_("Ask back")), Phrase(question))]


def _standing(inquiry: Inquiry, product: ProductCard) -> int:
    return inquiry.quote_cents or product.list_cents


def _price(inquiry: Inquiry, product: ProductCard, cents: int) -> Quick:
    params = {"quantity": inquiry.quantity, "price": money(cents, "USD"), "days": product.lead_days}
    return Quick("price", Phrase(N_("Price and lead time")), Phrase(words.QUOTED, params), cents)


def _lead(inquiry: Inquiry, product: ProductCard) -> Quick:
    text = Phrase(
        N_("{quantity} pieces leave our factory within {days} days of your payment."),
        {"quantity": inquiry.quantity, "days": product.lead_days},
    )
    return Quick("lead", Phrase(N_("Lead time")), text)


def _freight(inquiry: Inquiry, product: ProductCard) -> list[Quick]:
    if product.quote.line is None:
        return []
    line = freight_lines.standing().lines[product.quote.line]
    text = Phrase(
        N_("Freight for {quantity} pieces to your country is {freight} with {line}."),
        {
            "quantity": inquiry.quantity,
            "freight": money(product.quote.freight_cents, "USD"),
            "line": {"zh": line.zh, "en": line.en},
        },
    )
    return [Quick("freight", Phrase(N_("Freight")), text)]


def _sample(product: ProductCard) -> list[Quick]:
    if not product.sample:
        return []
    text = Phrase(
        N_("A sample costs {price}; you may order up to {most}."),
        {"price": money(product.sample["price_cents"], "USD"), "most": product.sample["max"]},
    )
    return [Quick("sample", Phrase(N_("Samples")), text)]
