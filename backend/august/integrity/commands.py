"""What a store and its buyer do about a refund request (I4)."""

from collections.abc import Callable, Mapping
from typing import Any

from august.catalog.checks import Problems
from august.integrity import steps
from august.integrity.models import Dispute
from august.integrity.payloads import ChangeReason, ExplainSide, OfferPart, OneDispute, OpenDispute
from august.integrity.rules import DisputeTerms, dispute_terms
from august.kernel.bulk import put, row_of
from august.kernel.columns import to_epoch
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.money import parse_amount
from august.kernel.tables import by_id
from august.kernel.words import N_, Phrase
from august.trade import acting
from august.trade import steps as order_steps
from august.trade.models import Order

STATEMENT_LIMIT = 2_000
Row = Mapping[str, Any]


def party_dispute(ctx: Context, number: int) -> Dispute:
    """A refund request of the acting store or the acting buyer; 404 for everybody else's."""
    dispute = by_id(ctx.session, Dispute, number)
    if dispute is None or not _party(ctx, dispute):
        raise Refusal(
            "dispute.unknown",
            N_("There is no refund request {id} here."),
            params={"id": str(number)},
            status=404,
        )
    return dispute


def _party(ctx: Context, dispute: Dispute) -> bool:
    if ctx.actor.kind == "buyer":
        return dispute.buyer_id == ctx.actor.buyer
    return dispute.merchant_id == ctx.merchant


def terms(ctx: Context) -> DisputeTerms:
    """The time limits in force."""
    return dispute_terms(ctx.rulebook, ctx.now)


def take(
    ctx: Context, dispute: Dispute, step: str, change: Callable[[Row, int], Mapping[str, Any]], **told: Any
) -> dict[str, Any]:
    """Let the request take a step that its state and its time allow; a settled one lets its order go on."""
    before, at = row_of(dispute), to_epoch(ctx.now)
    steps.require(step, before)
    steps.require_in_time(step, before, at)
    put(dispute, change(before, at))
    note(ctx, f"integrity.{step}", dispute, **told)
    if dispute.settled_at is not None:
        settle(ctx, dispute)
    return summary(dispute)


def note(ctx: Context, kind: str, dispute: Dispute, **told: Any) -> None:
    """A fact on the timeline of a refund request; it is the store's, whoever acts."""
    fact = ctx.emit(kind, ("dispute", dispute.id), **told)
    fact.merchant_id = dispute.merchant_id


def settle(ctx: Context, dispute: Dispute) -> None:
    """The order ends or goes on; when it ends with nothing shipped, its pieces return."""
    order = ctx.session.get_one(Order, dispute.order_id)
    put(order, steps.settle(row_of(dispute), row_of(order), to_epoch(ctx.now)))
    acting.note(ctx, "integrity.settled", order, refund=dispute.refund_cents or 0)
    if order.state == "cancelled":
        acting.put_back(ctx, order)


def summary(dispute: Dispute) -> dict[str, Any]:
    """What every command of a refund request answers with."""
    return {
        "dispute": dispute.id,
        "state": dispute.state,
        "reason": dispute.reason,
        "seller_liable": dispute.seller_liable,
    }


@command("integrity.open", title=N_("Ask for a refund"), actors=("buyer",))
def open_dispute(ctx: Context, cmd: OpenDispute) -> dict[str, Any]:
    """Ask everything that was paid back; until this is settled the order's deadlines stand still."""
    order = acting.party_order(ctx, cmd.order)
    before = acting.take(ctx, order, "dispute", lambda row, _at: order_steps.dispute(row))
    dispute = Dispute()
    put(dispute, steps.opened(before, cmd.reason, cmd.reason, to_epoch(ctx.now), terms(ctx)))
    ctx.session.add(dispute)
    ctx.session.flush()
    note(ctx, "integrity.opened", dispute, reason=cmd.reason)
    acting.note(ctx, "integrity.opened", order, reason=cmd.reason)
    return summary(dispute)


@command("integrity.accept", title=N_("Accept a refund"))
def accept(ctx: Context, cmd: OneDispute) -> dict[str, Any]:
    """Pay back what is asked; the reason as it stands decides who is liable."""
    return take(ctx, party_dispute(ctx, cmd.dispute), "accept", steps.accept)


@command("integrity.offer", title=N_("Offer a part of a refund"))
def offer(ctx: Context, cmd: OfferPart) -> dict[str, Any]:
    """Offer a part: a buyer who takes it leaves nobody liable."""
    dispute, cents, limits = (
        party_dispute(ctx, cmd.dispute),
        parse_amount(cmd.amount_usd, "amount_usd"),
        terms(ctx),
    )
    return take(ctx, dispute, "offer", lambda row, at: steps.offer(row, at, cents, limits), cents=cents)


@command("integrity.remind", title=N_("Ask a buyer for the right reason"))
def remind(ctx: Context, cmd: OneDispute) -> dict[str, Any]:
    """Ask the buyer to give the reason that is true, while it can still be changed."""
    dispute, limits = party_dispute(ctx, cmd.dispute), terms(ctx)
    return take(ctx, dispute, "remind", lambda row, at: steps.remind(row, at, limits))


@command("integrity.explain", title=N_("Explain the seller's side"))
def explain(ctx: Context, cmd: ExplainSide) -> dict[str, Any]:
    """Tell the platform what happened, before it decides."""
    dispute, limits, found = party_dispute(ctx, cmd.dispute), terms(ctx), Problems()
    statement = found.text("statement", cmd.statement, STATEMENT_LIMIT, lines=True, required=True)
    if found.fields:
        raise Refusal(
            "dispute.bad_statement",
            N_("The statement cannot be taken as it is."),
            rules=("I4",),
            fields=found.fields,
        )
    return take(ctx, dispute, "explain", lambda row, at: steps.explain(row, at, statement, limits))


@command("integrity.change_reason", title=N_("Change the reason of a refund"), actors=("buyer",))
def change_reason(ctx: Context, cmd: ChangeReason) -> dict[str, Any]:
    """Give another reason; a buyer who says so knows what is true."""
    dispute = party_dispute(ctx, cmd.dispute)
    if cmd.reason == dispute.reason:
        steps.require("change_reason", row_of(dispute))
        raise Refusal(
            "dispute.same_reason",
            N_("This is the reason already."),
            rules=("I4",),
            fields={"reason": Phrase(N_("Choose another reason."))},
        )
    told = {"reason": cmd.reason}
    return take(
        ctx,
        dispute,
        "change_reason",
        lambda row, at: {**steps.change_reason(row, at, cmd.reason), "truth": cmd.reason},
        **told,
    )


@command("integrity.withdraw", title=N_("Withdraw a refund request"), actors=("buyer",))
def withdraw(ctx: Context, cmd: OneDispute) -> dict[str, Any]:
    """Want no money back any more."""
    return take(ctx, party_dispute(ctx, cmd.dispute), "withdraw", steps.withdraw)


@command("integrity.take_offer", title=N_("Take an offer"), actors=("buyer",))
def take_offer(ctx: Context, cmd: OneDispute) -> dict[str, Any]:
    """Agree to the seller's offer."""
    return take(ctx, party_dispute(ctx, cmd.dispute), "take_offer", steps.take_offer)


@command("integrity.escalate", title=N_("Ask for arbitration"), actors=("buyer",))
def escalate(ctx: Context, cmd: OneDispute) -> dict[str, Any]:
    """Let the platform decide; from now on the reason is frozen."""
    return take(ctx, party_dispute(ctx, cmd.dispute), "escalate", steps.escalate)
