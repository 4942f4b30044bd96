"""The reasons told of lost buyers agree with what the market did to them, in a world with a past."""

from pathlib import Path

from sqlalchemy import select

from august.app import plan
from august.kernel.context import Actor
from august.kernel.world import Worlds
from august.opportunities import talk
from august.opportunities.explain import why_inquiry
from august.opportunities.models import Inquiry
from august.sandboxes.service import code_and_seeds
from tests.tools.worlds import provide

PLAYER = Actor("player", merchant=1)


def test_what_is_told_of_lost_buyers_is_what_happened(tmp_path: Path) -> None:
    settings = provide(tmp_path, "furniture")
    store = Worlds.at(plan().house, folder=settings.worlds, url=None)
    world = store.create("w", f"t_furniture_{code_and_seeds()}", seed=3)
    with world.reading(PLAYER) as ctx:
        lost = ctx.session.scalars(
            select(Inquiry).where(Inquiry.merchant_id == 1, Inquiry.state == "lost").order_by(Inquiry.id)
        ).all()
        dear = [each for each in lost if each.lost_why == "price"]
        ignored = [each for each in lost if each.lost_why == "ignored"]
        assert len(dear) > 3
        assert len(ignored) > 10
        for inquiry in dear:
            (price,) = why_inquiry(ctx, str(inquiry.id)).children
            # What was offered lay above what the buyer could pay, and that within what the rule allows.
            assert price.params["difference"]["cents"] > 0
            assert price.params["limit"]["cents"] == talk.named_price(talk.said(ctx, inquiry.id))
            assert price.children[-1].rule == "K4"
        for inquiry in ignored:
            spoke = [each.at for each in talk.said(ctx, inquiry.id) if each.side == "buyer"][-1]
            params = why_inquiry(ctx, str(inquiry.id)).children[0].params
            waited = (inquiry.last_at - spoke).total_seconds() / 3600
            assert params["least"] <= waited <= params["most"], inquiry.id
    store.close()
