"""What buyers and the market see of the guarantees: which products are covered, what an order has."""

from functools import cache
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, bindparam, select

from august.assurance.models import DeliveryGuarantee, EasyReturnPeriod, Policy
from august.assurance.rules import ReturnRules, easy_return
from august.catalog import taxonomy
from august.catalog.models import Product
from august.catalog.shelf import shelf
from august.kernel.context import Context
from august.kernel.plain import among, first, number_columns, plain
from august.merchants.models import Merchant


def easy_returned(ctx: Context, products: npt.NDArray[Any], _stores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """1 of products that Easy Return covers in their stores, 0 of others: what buyers see on the page."""
    all_, given = shelf(ctx), covered_by(ctx)
    places = [place for place, code in enumerate(taxonomy.standing().leaves) if code in given["leaves"]]
    (stores,) = number_columns(ctx.session.connection(), _serving(), given)
    covered = (all_.rts == 1) & np.isin(all_.leaves, places) & np.isin(all_.merchants, stores)
    return np.isin(products, all_.ids[covered]).astype(np.int64)


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
    product = plain(Product)
    return select(product.c.id).where(
        product.c.kind == "rts", among(product.c.leaf, "leaves"), product.c.merchant_id.in_(_serving())
    )


@cache
def _covered_one() -> Select[Any]:
    return covered_goods().where(plain(Product).c.id == bindparam("product"))


@cache
def _serving() -> Select[Any]:
    """The stores that have the service; binds what `covered_by` tells."""
    store, period = plain(Merchant), plain(EasyReturnPeriod)
    played = select(period.c.merchant_id).where(period.c.ended_at.is_(None))
    rival = store.c.is_player.is_(False) & among(store.c.policy, "rivals")
    return select(store.c.id).where(rival | store.c.id.in_(played))


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
    asked = {**covered_by(ctx), "product": product.id}
    if first(ctx.session.connection(), _covered_one(), asked) is None:
        return None
    returns: ReturnRules = ctx.rulebook.values("F4-returns", ctx.now)
    return returns.days
