"""What buyers and the market see of the guarantees: which products are covered, what an order has."""

from functools import cache
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, select

from august.assurance.models import DeliveryGuarantee, EasyReturnPeriod, Policy
from august.assurance.rules import ReturnRules, easy_return
from august.catalog import taxonomy
from august.catalog.models import Product
from august.kernel.context import Context
from august.kernel.plain import among, number_columns, plain
from august.merchants.models import Merchant


def easy_returned(ctx: Context, products: npt.NDArray[Any], _stores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """1 of products that Easy Return covers in their stores, 0 of others: what buyers see on the page."""
    (found,) = number_columns(ctx.session.connection(), covered_goods(), covered_by(ctx))
    return np.isin(products, found).astype(np.int64)


def covered_by(ctx: Context) -> dict[str, list[str]]:
    """What `covered_goods` binds: covered leaves, and the policies of rivals that have the service now."""
    rules = easy_return(ctx.rulebook, ctx.now)
    leaves = [
        leaf.code
        for leaf in taxonomy.standing().leaves.values()
        if leaf.industry in rules.insurance.categories
    ]
    rivals = rules.premium.rivals if ctx.now >= rules.premium.rivals_from.at else ()
    return {"leaves": leaves, "rivals": list(rivals)}


@cache
def covered_goods() -> Select[Any]:
    """RTS products of covered leaves in stores that have the service; binds what `covered_by` tells."""
    product, store, period = plain(Product), plain(Merchant), plain(EasyReturnPeriod)
    played = select(period.c.merchant_id).where(period.c.ended_at.is_(None))
    rival = store.c.is_player.is_(False) & among(store.c.policy, "rivals")
    return select(product.c.id).where(
        store.c.id == product.c.merchant_id,
        product.c.kind == "rts",
        among(product.c.leaf, "leaves"),
        rival | store.c.id.in_(played),
    )


class Cover(msgspec.Struct, frozen=True):
    """What a buyer sees of the guarantees of an order."""

    policy: Policy | None
    promise: DeliveryGuarantee | None


def cover_of(ctx: Context, order: int) -> Cover:
    """The insurance and the guarantee of an order, None where there is none."""
    policy = ctx.session.get(Policy, order)
    insured = policy if policy is not None and policy.state != "uninsured" else None
    return Cover(insured, ctx.session.get(DeliveryGuarantee, order))


def insurable(ctx: Context, product: Product, country: str, cents: int) -> int | None:
    """For how many days an order of a product could be returned as it stands now; None for not insured."""
    rules = easy_return(ctx.rulebook, ctx.now).insurance
    if country not in rules.destinations or cents > rules.most_cents:
        return None
    if not easy_returned(ctx, np.array([product.id]), np.array([product.merchant_id]))[0]:
        return None
    returns: ReturnRules = ctx.rulebook.values("F4-returns", ctx.now)
    return returns.days
