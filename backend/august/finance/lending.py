"""What stores do about LC financing: apply, present, draw, repay (F5)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from august.finance import steps
from august.finance.models import LcFinancing
from august.finance.payloads import OneFinancing, OneOrder
from august.finance.rules import Drawing, Fee, LcOffer, LcTerms, advance, fee
from august.kernel.bulk import put, row_of
from august.kernel.columns import to_epoch
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.tables import by_id
from august.kernel.words import N_
from august.merchants.models import Merchant
from august.trade import acting
from august.trade.models import Order
from august.trade.steps import PAID

Row = Mapping[str, Any]


def terms(ctx: Context) -> LcTerms:
    """The numbers of F5-terms in force."""
    values: LcTerms = ctx.rulebook.values("F5-terms", ctx.now)
    return values


def lc_offer(ctx: Context) -> LcOffer:
    """The numbers of F5 in force."""
    values: LcOffer = ctx.rulebook.values("F5", ctx.now)
    return values


def own_financing(ctx: Context, number: int) -> LcFinancing:
    """A financing of the acting store; 404 for another's."""
    found = by_id(ctx.session, LcFinancing, number)
    if found is None or found.merchant_id != ctx.merchant:
        raise Refusal(
            "lc.unknown",
            N_("There is no LC financing {id} here."),
            params={"id": str(number)},
            status=404,
        )
    return found


def obstacle(order: Row) -> tuple[str, str] | None:
    """What keeps an order from being financed at all, and what to do; None when nothing does."""
    if order["special"] == "none" or order["channel"] != "ta":
        return (
            N_("Order {order} is not paid by a letter of credit."),
            N_("Draft it as a TALC, TAPLC or TAOLC order."),
        )
    if order["state"] not in PAID:
        return (
            N_("Order {order} is not running: only what is paid first and not over can be financed."),
            N_("Wait for the first payment."),
        )
    if order["terms"] != "oa" or order["paid_cents"] >= order["total_cents"]:
        return (
            N_("Nothing of order {order} is paid after its shipment."),
            N_("Draft letter-of-credit orders on OA terms: their rest is paid after shipment."),
        )
    if order["disputed"]:
        return (
            N_("A refund request stands against order {order}: financing has to wait."),
            N_("Settle the refund request first."),
        )
    return None


def require_financeable(ctx: Context, order: Order) -> None:
    """Refuse (409) what cannot be financed, and what is financed already."""
    found = obstacle(row_of(order))
    live = select(LcFinancing.id).where(LcFinancing.order_id == order.id, LcFinancing.state.in_(steps.OPEN))
    if found is None and ctx.session.scalar(live.limit(1)) is not None:
        found = (
            N_("Order {order} is being financed already."),
            N_("Go on with that financing, or withdraw it."),
        )
    drawn = select(LcFinancing.id).where(LcFinancing.order_id == order.id, LcFinancing.drawn_at.is_not(None))
    if found is None and ctx.session.scalar(drawn.limit(1)) is not None:
        found = N_("Order {order} was financed already."), N_("An order is financed once.")
    if found is not None:
        raise Refusal(
            "lc.not_financeable",
            found[0],
            params={"order": str(order.id)},
            rules=(steps.RULE,),
            remedy=found[1],
            status=409,
        )


def take(
    ctx: Context, financing: LcFinancing, step: str, change: Callable[[Row, int], Row]
) -> dict[str, Any]:
    """Let a financing take a step, and write it on its timeline and its order's."""
    put(financing, change(row_of(financing), to_epoch(ctx.now)))
    return told(ctx, financing, step)


def told(ctx: Context, financing: LcFinancing, step: str) -> dict[str, Any]:
    """Publish the step; what every command answers with."""
    fact = ctx.emit(f"finance.lc_{step}", ("order", financing.order_id), financing=financing.id)
    fact.merchant_id = financing.merchant_id
    return {"financing": financing.id, "order": financing.order_id, "state": financing.state}


@command("finance.apply_lc", title=N_("Apply for LC financing"))
def apply_lc(ctx: Context, cmd: OneOrder) -> dict[str, Any]:
    """Ask the bank to finance the unpaid rest of a letter-of-credit order."""
    order = acting.party_order(ctx, cmd.order)
    require_financeable(ctx, order)
    financing = LcFinancing()
    put(financing, steps.applied(row_of(order), to_epoch(ctx.now), terms(ctx)))
    ctx.session.add(financing)
    ctx.session.flush()
    return told(ctx, financing, "applied")


@command("finance.present", title=N_("Present documents"))
def present(ctx: Context, cmd: OneFinancing) -> dict[str, Any]:
    """Give the bank the documents of the shipped order."""
    financing = own_financing(ctx, cmd.financing)
    order, rules = row_of(ctx.session.get_one(Order, financing.order_id)), terms(ctx)
    return take(ctx, financing, "presented", lambda row, at: steps.present(row, order, at, rules))


@command("finance.draw", title=N_("Draw the money"))
def draw(ctx: Context, cmd: OneFinancing) -> dict[str, Any]:
    """Draw the advance; the fee at the best offer is taken off at once."""
    financing = own_financing(ctx, cmd.financing)
    steps.require("draw", row_of(financing))
    order = ctx.session.get_one(Order, financing.order_id)
    found = obstacle(row_of(order))
    if found is not None:
        raise Refusal(
            "lc.not_financeable",
            found[0],
            params={"order": str(order.id)},
            rules=(steps.RULE,),
            remedy=found[1],
            status=409,
        )
    cents = advance(order.total_cents - order.paid_cents, terms(ctx))
    paid = fee_of(ctx, cents)
    answer = take(ctx, financing, "drawn", lambda row, at: steps.draw(row, row_of(order), at, cents, paid))
    return {**answer, "drawn_cents": cents, "fee_cents": paid.cents, "offer": paid.offer}


@command("finance.repay", title=N_("Repay an LC financing"))
def repay(ctx: Context, cmd: OneFinancing) -> dict[str, Any]:
    """Pay the advance back out of one's own pocket."""
    return take(ctx, own_financing(ctx, cmd.financing), "repaid", steps.repay)


@command("finance.withdraw_lc", title=N_("Withdraw an LC financing"))
def withdraw_lc(ctx: Context, cmd: OneFinancing) -> dict[str, Any]:
    """Give the application up, before anything is drawn."""
    return take(ctx, own_financing(ctx, cmd.financing), "withdrawn", steps.withdraw)


def drawing_of(ctx: Context, cents: int, at: datetime | None = None) -> Drawing:
    """A drawdown of the acting store at an instant, now unless told, after all its others."""
    mine = LcFinancing.merchant_id == ctx.merchant, LcFinancing.drawn_at.is_not(None)
    return _after(ctx, cents, at or ctx.now, select(LcFinancing.drawn_at, LcFinancing.offer).where(*mine))


def drawing_as_it_was(ctx: Context, financing: LcFinancing) -> Drawing:
    """A drawdown after those before it; the membership is that of now."""
    drawn = financing.drawn_at
    assert drawn is not None  # noqa: S101 - asked of drawn ones only
    earlier = LcFinancing.drawn_at < drawn
    earlier |= (LcFinancing.drawn_at == drawn) & (LcFinancing.id < financing.id)
    asked = select(LcFinancing.drawn_at, LcFinancing.offer)
    asked = asked.where(LcFinancing.merchant_id == financing.merchant_id, earlier)
    return _after(ctx, financing.drawn_cents, drawn, asked)


def _after(ctx: Context, cents: int, at: datetime, asked: Select[Any, Any]) -> Drawing:
    before = ctx.session.execute(asked.order_by(LcFinancing.drawn_at)).all()
    return Drawing(
        cents=cents,
        at=at,
        last=before[-1].drawn_at if before else None,
        used=any(row.offer == "festival" for row in before),
        membership=membership(ctx),
    )


def membership(ctx: Context) -> str:
    """The acting store's membership while it is in service."""
    store = ctx.session.get_one(Merchant, ctx.merchant)
    return store.membership if ctx.now < store.member_until else "none"


def advance_of(ctx: Context, rest_cents: int) -> int:
    """How much of a rest can be drawn by the terms in force."""
    return advance(rest_cents, terms(ctx))


def fee_of(ctx: Context, cents: int) -> Fee:
    """The fee if so much were drawn now."""
    return fee(drawing_of(ctx, cents), lc_offer(ctx), terms(ctx))
