"""What is said and done in conversations: the store answers and assigns, a buyer asks and writes."""

from typing import Any

from sqlalchemy import select

from august.catalog.checks import QUANTITY_LIMIT, Problems
from august.catalog.models import Product
from august.catalog.payloads import Payload
from august.kernel.bulk import put, row_of
from august.kernel.columns import to_epoch
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.money import amount
from august.kernel.tables import Event, by_id
from august.kernel.words import N_, Phrase
from august.merchants.models import Buyer, Staff
from august.opportunities import steps
from august.opportunities.models import ChatLine, Inquiry

TEXT_LIMIT = 2000
LUCK_KEY = 1 << 53


class Reply(Payload, frozen=True):
    """The store's answer; without a quote the price said before, or else the list price, stands."""

    inquiry: int
    text: str
    quote_usd: str | None = None


class Assign(Payload, frozen=True):
    """Which sub-account looks after a conversation; null for none."""

    inquiry: int
    staff: int | None


class Ask(Payload, frozen=True):
    """A buyer's first question about a product."""

    product: int
    quantity: int
    text: str


class Write(Payload, frozen=True):
    """A buyer's line in a conversation of one's own."""

    inquiry: int
    text: str


def _unknown(number: int) -> Refusal:
    return Refusal("inquiry.unknown", N_("There is no inquiry {id}."), params={"id": number}, status=404)


def own_inquiry(ctx: Context, number: int) -> Inquiry:
    """The acting store's inquiry; 404 for another's."""
    found = by_id(ctx.session, Inquiry, number)
    if found is None or found.merchant_id != ctx.merchant:
        raise _unknown(number)
    return found


def _settle(found: Problems) -> None:
    if found.fields:
        raise Refusal(
            "inquiry.invalid",
            N_("This was not sent. Fields that need attention: {count}"),
            params={"count": len(found.fields)},
            rules=("K3-talk",),
            fields=found.fields,
        )


def _say(ctx: Context, inquiry: Inquiry, side: str, text: str) -> None:
    author = "policy" if ctx.actor.kind == "policy" else "player"
    ctx.session.add(
        ChatLine(inquiry_id=inquiry.id, at=ctx.now, side=side, author=author, text=text, params=None)
    )


def _note(ctx: Context, inquiry: Inquiry, what: str, **params: Any) -> Event:
    """On the inquiry's timeline, which is the store's even when a buyer acts."""
    fact = ctx.emit(f"opportunities.{what}", ("inquiry", inquiry.id), **params)
    fact.merchant_id = inquiry.merchant_id
    return fact


def _told(inquiry: Inquiry) -> dict[str, Any]:
    return {
        "inquiry": inquiry.id,
        "state": inquiry.state,
        "turn": inquiry.turn,
        "quote_usd": None if inquiry.quote_cents is None else amount(inquiry.quote_cents),
    }


@command("opportunities.reply", title=N_("Answer a buyer"))
def reply(ctx: Context, cmd: Reply) -> dict[str, Any]:
    """Write to the buyer whose turn it is not, with or without a price (K3-talk)."""
    inquiry = own_inquiry(ctx, cmd.inquiry)
    row = row_of(inquiry)
    steps.require_turn(row, "seller")
    found = Problems()
    text = found.text("text", cmd.text, TEXT_LIMIT, lines=True, required=True)
    cents = found.price("quote_usd", cmd.quote_usd or "", required=False)
    _settle(found)
    put(inquiry, steps.reply(row, to_epoch(ctx.now), cents))
    _say(ctx, inquiry, "seller", text)
    _note(ctx, inquiry, "replied", **({} if cents is None else {"quote_cents": cents}))
    return _told(inquiry)


@command("opportunities.assign", title=N_("Give a conversation to a sub-account"))
def assign(ctx: Context, cmd: Assign) -> dict[str, Any]:
    """Note which sub-account looks after a conversation; rights and quotas stay the store's."""
    inquiry = own_inquiry(ctx, cmd.inquiry)
    staff = None if cmd.staff is None else _staff(ctx, cmd.staff)
    if inquiry.staff_id != cmd.staff:
        inquiry.staff_id = cmd.staff
        if staff is None:
            _note(ctx, inquiry, "freed")
        else:
            _note(ctx, inquiry, "assigned", staff={"zh": staff.name_zh, "en": staff.name_en})
    return {"inquiry": inquiry.id, "staff": inquiry.staff_id}


def _staff(ctx: Context, number: int) -> Staff:
    found = by_id(ctx.session, Staff, number)
    if found is None or found.merchant_id != ctx.merchant:
        raise Refusal(
            "staff.unknown",
            N_("There is no sub-account {id} in this store."),
            params={"id": number},
            fields={"staff": Phrase(N_("Choose a sub-account from the list."))},
        )
    return found


@command("opportunities.ask", title=N_("Ask a store about a product"), actors=("buyer",))
def ask(ctx: Context, cmd: Ask) -> dict[str, Any]:
    """Open an inquiry as a buyer; asked at the same instant it has the same luck in every fork (K4)."""
    buyer = _buyer(ctx)
    product = _on_sale(ctx, cmd.product)
    found = Problems()
    quantity = found.number("quantity", cmd.quantity, 1, QUANTITY_LIMIT)
    text = found.text("text", cmd.text, TEXT_LIMIT, lines=True, required=True)
    _settle(found)
    _require_first(ctx, buyer, product)
    draw = ctx.luck.uniform("ask.person", buyer, product.id, to_epoch(ctx.now))
    inquiry = Inquiry(
        merchant_id=product.merchant_id,
        buyer_id=buyer,
        product_id=product.id,
        kind="inquiry",
        source="store",
        at=ctx.now,
        quantity=quantity,
        state="open",
        turn="seller",
        last_at=ctx.now,
        rounds=0,
        luck=int(draw * LUCK_KEY),
        due=steps.UNDECIDED,
    )
    ctx.session.add(inquiry)
    ctx.session.flush()
    _say(ctx, inquiry, "buyer", text)
    _note(ctx, inquiry, "asked").params = {"kind": inquiry.kind}
    return _told(inquiry)


@command("opportunities.write", title=N_("Answer a store"), actors=("buyer",))
def write(ctx: Context, cmd: Write) -> dict[str, Any]:
    """Write in a conversation of one's own when the store has spoken (K3-talk)."""
    buyer, inquiry = _buyer(ctx), by_id(ctx.session, Inquiry, cmd.inquiry)
    if inquiry is None or inquiry.buyer_id != buyer:
        raise _unknown(cmd.inquiry)
    row = row_of(inquiry)
    steps.require_turn(row, "buyer")
    found = Problems()
    text = found.text("text", cmd.text, TEXT_LIMIT, lines=True, required=True)
    _settle(found)
    put(inquiry, steps.write(row, to_epoch(ctx.now)))
    _say(ctx, inquiry, "buyer", text)
    _note(ctx, inquiry, "written")
    return _told(inquiry)


def _buyer(ctx: Context) -> int:
    """The buyer who acts; 404 when there is no such one."""
    number = ctx.actor.buyer or 0
    if by_id(ctx.session, Buyer, number) is None:
        raise Refusal("buyer.unknown", N_("There is no buyer {id}."), params={"id": number}, status=404)
    return number


def _on_sale(ctx: Context, number: int) -> Product:
    """A product that buyers see; 404 for a draft as for none."""
    found = by_id(ctx.session, Product, number)
    if found is None or found.status != "on_sale":
        raise Refusal(
            "product.not_for_sale",
            N_("There is no product {id} on sale."),
            params={"id": number},
            status=404,
        )
    return found


def _require_first(ctx: Context, buyer: int, product: Product) -> None:
    """One open conversation about a product is enough (409 for a second one)."""
    asked = select(Inquiry.id).where(
        Inquiry.merchant_id == product.merchant_id,
        Inquiry.buyer_id == buyer,
        Inquiry.product_id == product.id,
        Inquiry.state.in_(steps.ALIVE),
    )
    number = ctx.session.scalar(asked.limit(1))
    if number is not None:
        raise Refusal(
            "inquiry.already_open",
            N_("You are already talking about this product in inquiry {id}."),
            params={"id": number},
            rules=("K3-talk",),
            remedy=N_("Write there once the store has answered."),
            status=409,
        )
