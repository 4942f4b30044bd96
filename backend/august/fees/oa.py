"""The OA orders of the festival as they stand to the waiver (F3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from august.fees.amounts import OaCondition, OaRules, oa_charge, oa_conditions
from august.fees.settling import Settling
from august.kernel.context import Context
from august.trade.models import Order


@dataclass(frozen=True)
class OaOrder:
    """An OA order drafted inside the window: its fee, what fails, whether that is final."""

    order: int
    base: int
    failed: Sequence[OaCondition]
    # Nothing has failed for good yet.
    hopeful: bool
    settled: bool

    @property
    def waived(self) -> bool:
        """Whether all conditions hold."""
        return not self.failed


def oa_orders(ctx: Context, rules: OaRules) -> list[OaOrder]:
    """The acting store's OA orders drafted inside the window that were not cancelled."""
    window = rules.window.window
    asked = select(Order.id).where(
        Order.merchant_id == ctx.merchant,
        Order.drafted_at >= window.start,
        Order.drafted_at < window.end,
        Order.terms == "oa",
        Order.state != "cancelled",
    )
    numbers = list(ctx.session.scalars(asked.order_by(Order.id)))
    if not numbers:
        return []
    settling, found = Settling(ctx, ctx.merchant, numbers), []
    for row in settling.orders:
        facts = settling.oa_facts(row)
        failed = [name for name, met in oa_conditions(facts, rules).items() if not met]
        # What has not come yet may still come in time.
        pending = set()
        if facts.confirmed is None and window.contains(ctx.now):
            pending.add("confirmed")
        if facts.first_prepayment is None and rules.prepaid_by.met(ctx.now):
            pending.add("prepaid")
        found.append(
            OaOrder(
                row["id"],
                oa_charge(row["total_cents"], facts, rules).base,
                failed,
                hopeful=set(failed) <= pending,
                settled=(row["id"], "oa") in settling.charged,
            )
        )
    return found
