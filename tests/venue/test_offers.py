"""Each offer of the registry says the same sentence as its rule, and tells every condition."""

from datetime import datetime

import pytest

from august.features import house
from august.festival.offers import registry
from august.festival.offers.registry import OFFERS
from august.festival.quotas import BEGAN
from august.kernel.errors import Refusal
from august.kernel.words import PLACEHOLDER
from august.kernel.world import World
from august.market.grow import BORN
from august.venue.api import offer as told
from tests.tools.bare import PLAYER
from tests.tools.statements import counting
from tests.venue.conftest import LAST, OPENS, READY, SECOND, at, merchant, run

BOOK = house().rulebook


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.code)
def test_the_sentence_takes_its_numbers_from_the_rule(offer: registry.Offer) -> None:
    arguments = offer.arguments(BOOK, BORN)
    assert set(PLACEHOLDER.findall(offer.sentence)) == set(arguments)
    assert BOOK.applies(offer.rule, BEGAN)
    assert offer.path.startswith("/")
    for term in offer.terms(BOOK, BORN):
        assert term.window.start < term.window.end


def test_no_two_offers_have_one_code() -> None:
    codes = [offer.code for offer in OFFERS]
    assert len(set(codes)) == len(codes)


def test_the_sentences_of_goods_and_buyers() -> None:
    def said(code: str) -> dict[str, object]:
        return dict(registry.offer_of(code).arguments(BOOK, BORN))

    assert said("lowest_price") == {"least": "4.2", "days": 90}
    assert said("threshold_coupon") == {
        "least": {"cents": 50_000, "currency": "USD"},
        "off": {"cents": 1000, "currency": "USD"},
        "most": {"cents": 300_000, "currency": "USD"},
        "best": {"cents": 10_000, "currency": "USD"},
    }


@pytest.mark.parametrize(
    ("instant", "state"),
    [(OPENS - SECOND, "coming"), (OPENS, "eligible"), (LAST, "eligible"), (LAST + SECOND, "over")],
)
def test_an_offer_is_coming_running_and_over(world: World, instant: datetime, state: str) -> None:
    run(world, "enrol", product=READY, price_usd="9")
    at(world, instant)
    with world.reading(PLAYER) as ctx:
        found = {seen.offer.code: seen for seen in registry.look(ctx)}
    assert found["lowest_price"].state == state
    progress = found["lowest_price"].standing.progress
    assert progress is not None
    assert progress.done == 1 <= progress.needed


def test_every_failed_condition_is_told(world: World) -> None:
    merchant(world, member_until=BORN)
    at(world, OPENS)
    with world.reading(PLAYER) as ctx:
        seen = registry.seen(ctx, registry.offer_of("lowest_price"))
        why = registry.why(ctx, "lowest_price")
        with pytest.raises(Refusal) as none:
            registry.why(ctx, "x" * 99)
    assert seen.state == "missing"
    assert [node.english().partition(":")[0] for node in seen.standing.failed] == [
        "Not a main-site member in service", "Your products in the venue",
    ]  # fmt: skip
    assert all(node.remedy for node in seen.standing.failed)
    assert why.outcome == "bad"
    assert (none.value.status, len(none.value.params["code"])) == (404, 40)


def test_an_offer_as_json(world: World) -> None:
    at(world, OPENS)
    with world.reading(PLAYER) as ctx:
        found = {seen.offer.code: told(seen) for seen in registry.look(ctx)}
    coupon = found["threshold_coupon"]
    assert coupon["terms"][0]["last"] == LAST
    assert coupon["locked"] == {"count": 0, "saved_usd": "0.00"}
    assert (coupon["eligible"], coupon["quota"], coupon["state"]) == (False, None, "missing")
    assert [each["met"] for each in coupon["conditions"]] == [True, False]


def test_all_offers_are_told_in_few_statements(world: World) -> None:
    with world.reading(PLAYER) as ctx, counting() as sent:
        registry.look(ctx)
    assert len(sent) <= 4 * len(OFFERS)
