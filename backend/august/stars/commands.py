"""What a store starts on the page of its cheapest path."""

from typing import Any

import msgspec

from august.catalog.bulk import chosen
from august.catalog.payloads import Bulk
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.words import N_
from august.quality.queries import remeasure_all
from august.stars.path.prospects import services_for, usual_template


class SwitchOn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The products whose services are switched on."""

    products: list[int]


@command("stars.switch_on", title=N_("Switch services on"))
def switch_on(ctx: Context, cmd: SwitchOn) -> dict[str, Any]:
    """Offer customization, samples and delivery-by where products lack them; what is there stays."""
    products = chosen(ctx, Bulk(products=cmd.products))
    template = usual_template(ctx)
    changed = []
    for product in products:
        values = services_for(product, template)
        for name, value in values.items():
            setattr(product, name, value)
        if values:
            product.version += 1
            product.updated_at = ctx.now
            changed.append(product)
    ctx.session.flush()
    remeasure_all(ctx, changed)
    for product in changed:
        ctx.emit("catalog.product_saved", ("product", product.id), bulk=True)
    return {"changed": [product.id for product in changed]}
