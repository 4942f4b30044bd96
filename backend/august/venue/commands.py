"""What stores do in the festival: enrol products, change prices, withdraw, set a target (F1, F12)."""

from collections.abc import Mapping, Sequence
from typing import Any

from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.money import amount, parse_amount
from august.kernel.words import N_, Phrase
from august.venue import campaign
from august.venue.enrolment import Judge, Judged, own_products
from august.venue.models import Enrolment, FestivalTarget
from august.venue.payloads import Priced, PricedBatch, Products, Target

BATCH_MOST = 200
RULES = ("F1-venue", "F1-price")


@command("venue.enrol", title=N_("Enrol a product in the festival"))
def enrol(ctx: Context, cmd: Priced) -> dict[str, Any]:
    """Put a product into the venue at a campaign price; a refusal names every condition that fails."""
    (judged,) = _judged(ctx, [cmd])
    if judged.inside:
        raise _inside(judged)
    _admit(judged.failed)
    return _told(_enter(ctx, judged))


@command("venue.enrol_batch", title=N_("Enrol several products in the festival"))
def enrol_batch(ctx: Context, cmd: PricedBatch) -> dict[str, Any]:
    """Put several products into the venue: all or none."""
    chosen = list({item.product: item for item in cmd.items}.values())
    if not 1 <= len(chosen) <= BATCH_MOST:
        text = Phrase(N_("Choose 1 to {most} products."), {"most": BATCH_MOST})
        raise Refusal("venue.batch_size", text.msgid, params=text.params, fields={"items": text})
    judged = _judged(ctx, chosen)
    if inside := next((each for each in judged if each.inside), None):
        raise _inside(inside)
    failed = {
        f"items.{place}.{code}": node
        for place, each in enumerate(judged)
        for code, node in each.failed.items()
    }
    _admit(failed)
    return {"enrolled": [_told(_enter(ctx, each)) for each in judged]}


@command("venue.change_price", title=N_("Change a campaign price"))
def change_price(ctx: Context, cmd: Priced) -> dict[str, Any]:
    """Give a product of the venue another campaign price, which is judged anew."""
    (judged,) = _judged(ctx, [cmd])
    row = _entered(judged)
    _admit(judged.failed)
    row.price_cents, row.priced_at = judged.price_cents or 0, ctx.now
    ctx.emit("venue.priced", ("product", row.product_id), price_cents=row.price_cents)
    return _told(row)


@command("venue.withdraw", title=N_("Withdraw products from the festival"))
def withdraw(ctx: Context, cmd: Products) -> dict[str, Any]:
    """Take products out of the venue: all or none; it may be done until the festival ends."""
    _require_running(ctx)
    chosen = list(dict.fromkeys(cmd.products))
    if not chosen:
        text = N_("Choose at least one product.")
        raise Refusal("venue.nothing_chosen", text, fields={"products": Phrase(text)})
    products = own_products(ctx, chosen)
    judge = Judge(ctx)
    for row in [_entered(judge.judge(products[number])) for number in chosen]:
        row.state, row.since = "withdrawn", ctx.now
        ctx.emit("venue.withdrawn", ("product", row.product_id))
    return {"withdrawn": chosen}


@command("venue.set_target", title=N_("Set the festival's target"))
def set_target(ctx: Context, cmd: Target) -> dict[str, Any]:
    """Say which GMV the store wants to reach in the festival; it may be set anew."""
    cents = parse_amount(cmd.amount_usd, "amount_usd")
    if not cents:
        text = N_("A target is more than zero.")
        raise Refusal("venue.no_target", text, rules=("F12",), fields={"amount_usd": Phrase(text)})
    found = ctx.session.get(FestivalTarget, ctx.merchant)
    if found is None:
        found = FestivalTarget(merchant_id=ctx.merchant, cents=cents, set_at=ctx.now)
        ctx.session.add(found)
    found.cents, found.set_at = cents, ctx.now
    return {"target_usd": amount(cents)}


def _require_running(ctx: Context) -> None:
    """Refuse what comes after the festival's last second (F1)."""
    window = campaign.window(ctx)
    if ctx.now >= window.end:
        raise Refusal(
            "venue.over",
            N_("The festival ended at {at}."),
            params={"at": window.last_second},
            rules=("F1",),
            status=409,
        )


def _judged(ctx: Context, items: Sequence[Priced]) -> list[Judged]:
    """Products with all conditions at the prices that are asked for them."""
    _require_running(ctx)
    many = len(items) > 1
    prices = [
        parse_amount(item.price_usd, f"items.{place}.price_usd" if many else "price_usd")
        for place, item in enumerate(items)
    ]
    for place, cents in enumerate(prices):
        if not cents:
            text = N_("A campaign price is more than zero.")
            field = f"items.{place}.price_usd" if many else "price_usd"
            raise Refusal("venue.no_price", text, rules=("F1-price",), fields={field: Phrase(text)})
    products = own_products(ctx, [item.product for item in items])
    judge = Judge(ctx)
    return [judge.judge(products[item.product], cents) for item, cents in zip(items, prices, strict=True)]


def _admit(failed: Mapping[str, Any]) -> None:
    """Refuse with every condition that fails, each with its remedy."""
    if not failed:
        return
    told = {
        code: Phrase(
            N_("{what}. {remedy}"),
            {"what": Phrase(node.message, node.params), "remedy": Phrase(node.remedy or "", node.params)},
        )
        for code, node in failed.items()
    }
    raise Refusal(
        "venue.refused",
        N_("The festival does not take it: {count} conditions are not met."),
        params={"count": len(told)},
        rules=tuple(dict.fromkeys(node.rule for node in failed.values())),
        fields=told,
        remedy=N_("Mend what is named, then enrol again."),
    )


def _inside(judged: Judged) -> Refusal:
    return Refusal(
        "venue.enrolled_already",
        N_("Product {id} is in the festival already."),
        params={"id": judged.product.id},
        rules=("F1-venue",),
        remedy=N_("Change its campaign price instead."),
        status=409,
    )


def _entered(judged: Judged) -> Enrolment:
    """The row of a product that is in the venue; 409 for one that is not."""
    if judged.row is None or not judged.inside:
        raise Refusal(
            "venue.not_enrolled",
            N_("Product {id} is not in the festival."),
            params={"id": judged.product.id},
            rules=("F1-venue",),
            remedy=N_("Enrol it first."),
            status=409,
        )
    return judged.row


def _enter(ctx: Context, judged: Judged) -> Enrolment:
    row = judged.row
    if row is None:
        row = Enrolment(product_id=judged.product.id, merchant_id=judged.product.merchant_id)
        ctx.session.add(row)
    row.price_cents, row.state, row.why = judged.price_cents or 0, "enrolled", None
    row.since = row.priced_at = ctx.now
    ctx.emit("venue.enrolled", ("product", row.product_id), price_cents=row.price_cents)
    return row


def _told(row: Enrolment) -> dict[str, Any]:
    return {"product": row.product_id, "price_usd": amount(row.price_cents)}
