"""Why an order pays the service fee it pays: `service_fee/{order}`."""

from sqlalchemy import select

from august.fees import explain, words
from august.fees.amounts import Charge, charge, fee_of, oa_charge
from august.fees.booking import fee_prices, fee_rules
from august.fees.models import FeeCharge, FeeEntry
from august.fees.queries import RECEIPT_KINDS, entry_of
from august.fees.settling import Settling
from august.kernel.columns import from_epoch
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node, Outcome
from august.kernel.plain import Row, plain, rows
from august.kernel.tables import by_id
from august.kernel.words import N_, Phrase
from august.trade.models import Order

DIGITS_MOST = 18
OUTCOMES: dict[str, Outcome] = {"locked": "note", "settled": "ok", "lost": "bad"}
BENEFIT_TEXTS = {
    "locked": N_("The benefit is locked since {at}; it saves {saved} when the fee is settled"),
    "settled": N_("The benefit was used at {at}: {saved} saved"),
    "lost": N_("The benefit was lost at {at}: {reason}"),
}


def why(ctx: Context, key: str) -> Node:
    """An order's label step by step, its benefit, its fee and its OA fee."""
    number = int(key) if key.isascii() and key.isdigit() and len(key) <= DIGITS_MOST else 0
    order = by_id(ctx.session, Order, number)
    if order is None or order.merchant_id != ctx.merchant:
        raise Refusal(
            "order.unknown", N_("There is no order {id} here."), params={"id": key[:18]}, status=404
        )
    table, connection = plain(FeeEntry), ctx.session.connection()
    found = rows(connection, select(table).where(table.c.order_id == order.id).order_by(table.c.id))
    entries = [entry_of(row) for row in found if row["kind"] in RECEIPT_KINDS]
    name = entries[-1].label if entries else "none"
    fee = fee_of(order.channel, order.export_mode)
    labelled = explain.label(str(order.id), name, entries, fee_rules(ctx), fee)
    children = [*labelled.children]
    if not entries:
        text = N_("Nothing was booked on it inside the window: it counts nothing and has no label")
        children.insert(0, Node(text, rule="F2.1", outcome="note"))
    children += [_benefit(row) for row in found if row["kind"] not in RECEIPT_KINDS]
    charged = {
        each.kind: each
        for each in ctx.session.scalars(select(FeeCharge).where(FeeCharge.order_id == order.id))
    }
    children.append(explain.fee(fee, order.total_cents, fee_prices(ctx)))
    children.append(_charge(charged.get(fee), charge(fee, order.total_cents, fee_prices(ctx), [])))
    if order.terms == "oa":
        children.append(_oa(ctx, order))
    return Node(labelled.message, labelled.params, labelled.rule, tuple(children), labelled.outcome)


def _benefit(row: Row) -> Node:
    lost = row["kind"] == "lost"
    told = {"at": from_epoch(row["at"]), "saved": explain.usd(row["cents"])}
    if lost:
        told["reason"] = Phrase(words.LOSSES[row["reason"]])
    remedy = N_("Ship it in full (One-Touch: have it cleared) by the deadline, and stay a member until then.")
    return Node(
        BENEFIT_TEXTS[row["kind"]],
        told,
        rule="F2.9" if row["reason"] == "package" else "F2.7" if lost else "F2.8",
        outcome=OUTCOMES[row["kind"]],
        remedy=remedy if row["kind"] == "locked" else None,
    )


def _charge(settled: FeeCharge | None, full: Charge) -> Node:
    if settled is None:
        text = N_("Not settled yet; in full it is {base}")
        return Node(text, {"base": explain.usd(full.base)}, rule="F2.8", outcome="note")
    node = explain.charged(Charge(settled.base_cents, settled.charged_cents, settled.why))
    text = N_("Settled at {at}")
    return Node(text, {"at": settled.at}, rule="F2.8", children=(node,), outcome="ok")


def _oa(ctx: Context, order: Order) -> Node:
    settling = Settling(ctx, ctx.merchant, [order.id])
    facts = settling.oa_facts(settling.orders[0])
    found = oa_charge(order.total_cents, facts, settling.oa)
    return explain.oa(facts, found, order.total_cents, settling.oa)
