"""What stores do about their showcase (SC1, SC2)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select

from august.catalog.models import Product
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import LARGEST_ID, Event, by_id
from august.kernel.words import N_, Phrase
from august.showcase.models import ShowcaseItem, ShowcaseOrder
from august.showcase.payloads import Nothing, OneOrder, Products, Replace
from august.showcase.queries import best, order_rules, standing
from august.showcase.rules import ends_at


def grant(ctx: Context, merchant: int, slots: int, days: int, source: str) -> int:
    """Give a store an order of slots, which it opens when it likes; returns the order's number (SC2)."""
    rules = order_rules(ctx)
    if not (1 <= slots <= rules.slots_most and 1 <= days <= rules.days_most):
        raise ValueError((slots, days))
    order = ShowcaseOrder(
        merchant_id=merchant,
        slots=slots,
        days=days,
        source=source,
        granted_at=ctx.now,
        opened_at=None,
        until=None,
        state="to_open",
    )
    ctx.session.add(order)
    ctx.session.flush()
    ctx.emit("showcase.granted", ("showcase_order", order.id), slots=slots, days=days)
    return order.id


@command("showcase.open_order", title=N_("Open a showcase order"))
def open_order(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """Let the slots of an order count from now on (SC2)."""
    order = by_id(ctx.session, ShowcaseOrder, cmd.order)
    if order is None or order.merchant_id != ctx.merchant:
        raise Refusal(
            "showcase.no_order",
            N_("There is no showcase order {id} in this store."),
            params={"id": cmd.order},
            status=404,
        )
    if order.state != "to_open":
        raise Refusal(
            "showcase.opened",
            N_("Showcase order {id} was opened at {at} already."),
            params={"id": order.id, "at": order.opened_at},
            rules=("SC2",),
            remedy=N_("An order is opened once; look for another one to be opened."),
            status=409,
        )
    order.state, order.opened_at, order.until = "open", ctx.now, ends_at(ctx.now, order.days)
    ctx.emit("showcase.opened", ("showcase_order", order.id), slots=order.slots)
    return {"order": order.id, "slots": order.slots, "until": order.until.isoformat()}


@command("showcase.show", title=N_("Put products into the showcase"))
def show(ctx: Context, cmd: Products) -> dict[str, Any]:
    """Put products on sale into free slots: all or none."""
    chosen = _put(ctx, cmd.products)
    return {"shown": chosen, "free": standing(ctx).free}


@command("showcase.show_best", title=N_("Fill the showcase with the best products"))
def show_best(ctx: Context, cmd: Nothing) -> dict[str, Any]:  # noqa: ARG001 - every command takes a struct
    """Fill every free slot with the product of the highest growth score that waits."""
    chosen = best(ctx, standing(ctx).free)
    if not chosen:
        raise Refusal(
            "showcase.nothing_to_show",
            N_("There is no free slot, or no product on sale waits for one."),
            rules=("SC1",),
            remedy=N_("Take a product out of the showcase, or publish one."),
            status=409,
        )
    return {"shown": _put(ctx, chosen), "free": standing(ctx).free}


@command("showcase.remove", title=N_("Take products out of the showcase"))
def remove(ctx: Context, cmd: Products) -> dict[str, Any]:
    """Free the slots of products on show: all or none."""
    return {"removed": _take(ctx, cmd.products), "free": standing(ctx).free}


@command("showcase.replace", title=N_("Replace products in the showcase"))
def replace(ctx: Context, cmd: Replace) -> dict[str, Any]:
    """Take some products out and put others into the slots that are free then: all or nothing."""
    removed = _take(ctx, cmd.remove, "remove")
    shown = _put(ctx, cmd.show, "show")
    return {"removed": removed, "shown": shown, "free": standing(ctx).free}


def _own(ctx: Context, products: Sequence[int], field: str) -> list[Product]:
    """The store's products of these numbers; refuses none at all and others' products."""
    chosen = list(dict.fromkeys(products))
    if not chosen:
        raise Refusal(
            "showcase.nothing_chosen",
            N_("Choose at least one product."),
            fields={field: Phrase(N_("Choose at least one product."))},
        )
    mine = select(Product).where(
        Product.merchant_id == ctx.merchant,
        Product.id.in_([number for number in chosen if 0 < number <= LARGEST_ID]),
    )
    found = {product.id: product for product in ctx.session.scalars(mine)}
    for number in chosen:
        if number not in found:
            raise Refusal(
                "product.unknown",
                N_("There is no product {id} in this store."),
                params={"id": number},
                fields={field: Phrase(N_("There is no product {id} in this store."), {"id": number})},
                status=404,
            )
    return [found[number] for number in chosen]


def _put(ctx: Context, products: Sequence[int], field: str = "products") -> list[int]:
    chosen = _own(ctx, products, field)
    there = set(
        ctx.session.scalars(
            select(ShowcaseItem.product_id).where(ShowcaseItem.product_id.in_([one.id for one in chosen]))
        )
    )
    for product in chosen:
        if product.status != "on_sale":
            raise _refused("showcase.not_on_sale", N_("Product {id} is not on sale."), product.id, field,
                           N_("Publish it first."))  # fmt: skip
        if product.id in there:
            raise _refused("showcase.shown_already", N_("Product {id} is in the showcase already."),
                           product.id, field, N_("Choose a product that is not."))  # fmt: skip
    free = standing(ctx).free
    if len(chosen) > free:
        raise Refusal(
            "showcase.no_room",
            N_("{wanted} products need as many slots; {free} are free."),
            params={"wanted": len(chosen), "free": free},
            fields={field: Phrase(N_("{free} slots are free."), {"free": free})},
            rules=("SC1", "SC2"),
            remedy=N_("Take products out, open a showcase order, or choose fewer."),
            status=409,
        )
    for product in chosen:
        ctx.session.add(ShowcaseItem(product_id=product.id, merchant_id=product.merchant_id, since=ctx.now))
        ctx.emit("showcase.shown", ("product", product.id))
    ctx.session.flush()
    return [product.id for product in chosen]


def _take(ctx: Context, products: Sequence[int], field: str = "products") -> list[int]:
    chosen = [product.id for product in _own(ctx, products, field)]
    there = set(
        ctx.session.scalars(select(ShowcaseItem.product_id).where(ShowcaseItem.product_id.in_(chosen)))
    )
    for number in chosen:
        if number not in there:
            raise _refused("showcase.not_shown", N_("Product {id} is not in the showcase."), number, field,
                           N_("Choose a product that is."))  # fmt: skip
    ctx.session.execute(delete(ShowcaseItem).where(ShowcaseItem.product_id.in_(chosen)))
    for number in chosen:
        ctx.emit("showcase.removed", ("product", number))
    ctx.session.flush()
    return chosen


def _refused(code: str, message: str, product: int, field: str, remedy: str) -> Refusal:
    told = {"id": product}
    return Refusal(
        code, message, params=told, fields={field: Phrase(message, told)}, rules=("SC1",), remedy=remedy,
        status=409,
    )  # fmt: skip


def left_the_shelf(ctx: Context, fact: Event) -> None:
    """A product taken off sale frees its slot."""
    ctx.session.execute(delete(ShowcaseItem).where(ShowcaseItem.product_id == fact.object_id))
