"""The buyer's side and 评价管理 through their doors: pages without scripts, and JSON."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from august.catalog.models import Product
from august.kernel.commands import run
from august.kernel.context import SYSTEM, Actor
from august.merchants.models import Buyer
from august.reviews.models import PendingReview, Review
from august.sandboxes import accounts
from tests.storefront.conftest import Shop
from tests.tools.statements import counting


def owed(shop: Shop, *, invited: bool) -> tuple[int, int]:
    """An order of the player's store that awaits a review, and its buyer."""
    with shop.world.reading(SYSTEM) as ctx:
        free = PendingReview.invited_at.is_not(None) if invited else PendingReview.invited_at.is_(None)
        asked = select(PendingReview.order_id, PendingReview.buyer_id).where(
            PendingReview.merchant_id == 1, free
        )
        row = ctx.session.execute(asked.order_by(PendingReview.received_at.desc())).first()
        assert row is not None
        return row[0], row[1]


def name_of(shop: Shop, buyer: int) -> str:
    with shop.world.reading(SYSTEM) as ctx:
        return ctx.session.get_one(Buyer, buyer).name


def viewer(page: str) -> int:
    """As whom a page looks."""
    found = re.search(r'data-viewer="(\d+)"', page)
    assert found
    return int(found[1])


def test_the_copied_link_opens_the_form_as_that_buyer(shop: Shop) -> None:
    order, buyer = owed(shop, invited=False)
    listed = shop.get("/reviews/pending").text
    link = f"/w/{shop.id}/shop/mine/reviews/{order}?as={buyer}"
    assert f'value="http://testserver.local{link}"' in listed
    page = shop.client.get(link)
    assert page.status_code == 200
    assert name_of(shop, buyer) in page.text
    assert 'id="review-form"' in page.text
    # The buyer stays chosen without the address saying so.
    assert viewer(shop.get("/shop").text) == buyer


def test_a_review_goes_from_invitation_to_reply(shop: Shop) -> None:
    order, buyer = owed(shop, invited=False)
    sent = shop.post("/reviews/invite", {"order": str(order), "message": "How do you like it?"})
    assert sent.headers["location"].endswith("/reviews/pending?done=invited")
    shop.get(f"/shop/mine/reviews/{order}?as={buyer}")
    stars = {"quality": "4", "service": "5", "shipment": "3"}
    written = shop.post(
        f"/shop/mine/reviews/{order}",
        {**stars, "text": "Sturdy, <b>and</b> quiet.", "keywords[]": ["good quality"]},
    )
    assert written.headers["location"].endswith("/shop/mine/reviews?done=written")
    page = shop.get(f"/reviews?q={order}").text
    assert "Sturdy, &lt;b&gt;and&lt;/b&gt; quiet." in page
    with shop.world.reading(SYSTEM) as ctx:
        review = ctx.session.scalars(select(Review).where(Review.order_id == order)).one()
    assert (review.quality, review.invited, review.keywords) == (4, True, ["good quality"])
    answered = shop.post(
        f"/reviews/{review.id}/reply", {"text": "Thank you!", "back": f"/w/{shop.id}/reviews"}
    )
    assert answered.headers["location"] == f"/w/{shop.id}/reviews?done=replied#review-{review.id}"
    again = shop.post(f"/reviews/{review.id}/reply", {"text": "Once more", "order": str(order)})
    assert again.status_code == 409
    assert "a store replies once" in again.text
    changed = shop.post(f"/shop/mine/reviews/{order}", {**stars, "text": "Still good."})
    assert changed.headers["location"].endswith("?done=changed")
    twice = shop.post(f"/shop/mine/reviews/{order}", {**stars, "text": "No."})
    assert twice.status_code == 409


def test_what_is_refused_stays_typed(shop: Shop) -> None:
    order, buyer = owed(shop, invited=False)
    shop.get(f"/shop?as={buyer}")
    before = shop.world.state_hash()
    answer = shop.post(f"/shop/mine/reviews/{order}", {"quality": "5", "text": "Half a review"})
    assert answer.status_code == 422
    assert "Half a review" in answer.text
    assert answer.text.count("A whole number from 1 to 5 is expected.") == 2
    invited, _ = owed(shop, invited=True)
    answer = shop.post("/reviews/invite", {"orders[]": [str(order), str(invited)], "message": "Mine"})
    assert (answer.status_code, "Nobody was invited" in answer.text) == (409, True)
    assert ">\nMine</textarea>" in answer.text
    answer = shop.post("/reviews/invite", {"message": "Mine"})
    assert answer.status_code == 422
    assert shop.world.state_hash() == before


def test_another_buyers_form_is_not_found(shop: Shop) -> None:
    order, buyer = owed(shop, invited=False)
    other = 1 if buyer != 1 else 2
    answer = shop.get(f"/shop/mine/reviews/{order}?as={other}")
    assert answer.status_code == 404
    assert "Look at it as the buyer of that order." in answer.text
    assert shop.get("/shop?as=999999").status_code == 404


def test_looking_as_a_tier_of_a_country_is_kept(shop: Shop) -> None:
    here = f"/w/{shop.id}/shop/products/39"
    answer = shop.get(f"/shop/as?tier=L3&country=DE&back={here}")
    assert answer.headers["location"] == here
    page = shop.get("/shop/products/39").text
    with shop.world.reading(SYSTEM) as ctx:
        buyer = ctx.session.get_one(Buyer, viewer(page))
    assert (buyer.tier, buyer.country) == ("L3", "DE")
    assert "Freight to Germany" in page
    # Nobody of that kind: a list says so; another site is no way back.
    nobody = shop.get("/shop/as?tier=XX&country=ZZ&back=https://example.org/")
    assert nobody.headers["location"] == f"/w/{shop.id}/shop"


@pytest.mark.parametrize(
    "path",
    [
        "/shop", "/shop?q=sofa&reviewed=1&freight=1&rts=1&sort=-rating", "/shop/products/39",
        "/shop/products/39?quantity=100", "/shop/stores/1", "/shop/stores/2?sort=price", "/shop/buyers",
        "/shop/buyers?tier=L4&mine=1", "/shop/mine/orders", "/shop/mine/orders?state=making",
        "/shop/mine/reviews", "/shop/mine/conversations", "/reviews", "/reviews?stars=5&replied=no",
        "/reviews/pending", "/reviews/overview", "/reviews/overview?sort=-score",
        "/why/rating-store/1", "/why/rating-product/39",
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_every_page_is_there(shop: Shop, path: str, lang: str) -> None:
    shop.client.cookies.set("lang", lang)
    answer = shop.get(path)
    assert answer.status_code == 200, answer.text
    assert "{" not in re.sub(
        r"<script.*?</script>|hx-headers[^>]*|content='[^']*'", "", answer.text, flags=re.DOTALL
    )


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/shop?sort=price", 100),
        ("/shop/stores/2", 50),
        ("/shop/buyers", 100),
        ("/reviews", 50),
        ("/reviews/pending", 50),
        ("/reviews/overview", 100),
    ],
)
def test_a_long_list_costs_as_many_statements_as_a_short_one(shop: Shop, path: str, size: int) -> None:
    joint = "&" if "?" in path else "?"
    costs = []
    for each in (10, size):
        shop.get(f"{path}{joint}size={each}")
        with counting() as statements:
            assert shop.get(f"{path}{joint}size={each}").status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1]


def call(shop: Shop, path: str) -> Any:
    """The JSON of a successful read."""
    with shop.desk.control.writing() as session:
        token = accounts.api_token(session, shop.desk.get(shop.id))
    headers = {"Authorization": f"Bearer {token}"}
    answer = shop.client.get(f"/api/v1/sandboxes/{shop.id}{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_reviews_as_json(shop: Shop) -> None:
    with shop.world.reading(SYSTEM) as ctx:
        mine = (Review.merchant_id == 1, Review.reply.is_(None))
        count = ctx.session.scalar(select(func.count()).select_from(Review).where(*mine))
        counted = ctx.session.scalar(
            select(func.count()).select_from(Review).where(Review.merchant_id == 1, Review.counts)
        )
    received = call(shop, "/reviews/received?size=10&replied=no")
    assert received["total"] == count
    assert len(received["items"]) == 10
    assert set(received["items"][0]) >= {"id", "order", "quality", "service", "shipment", "text", "keywords"}
    pending = call(shop, "/reviews/pending?invited=no&size=100")
    assert pending["total"] == len(pending["items"])
    assert {item["moment"] for item in pending["items"]} <= {"best", "good", "late"}
    ratings = call(shop, "/reviews/ratings")
    assert ratings["store"]["count"] == counted
    assert re.fullmatch(r"[1-5]\.\d\d", ratings["store"]["score"])
    assert ratings["items"][0]["count"] >= ratings["items"][1]["count"]


def test_the_shop_as_json(shop: Shop) -> None:
    results = call(shop, "/storefront/search?q=sofa&country=DE&size=10")
    assert (results["country"], len(results["items"])) == ("DE", 10)
    first = results["items"][0]["id"]
    product = call(shop, f"/storefront/products/{first}?country=DE&quantity=50")
    assert (product["id"], product["country"], product["quantity"] >= 50) == (first, "DE", True)
    assert product["case"] in {"both", "store", "neither"}
    store = call(shop, f"/storefront/stores/{product['store']}")
    assert store["rating"] == product["store_rating"]
    with shop.world.reading(SYSTEM) as ctx:
        buyer = ctx.session.scalars(select(Buyer).where(Buyer.country == "JP")).first()
    assert buyer is not None
    assert call(shop, f"/storefront/search?buyer={buyer.id}")["country"] == "JP"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/storefront/search?country=XX", 422),
        ("/storefront/search?buyer=nobody", 404),
        ("/storefront/products/999999", 404),
        ("/storefront/stores/999999", 404),
    ],
)
def test_the_shop_as_json_refuses_what_is_not_there(shop: Shop, path: str, status: int) -> None:
    with shop.desk.control.writing() as session:
        token = accounts.api_token(session, shop.desk.get(shop.id))
    answer = shop.client.get(
        f"/api/v1/sandboxes/{shop.id}{path}", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == status
    assert answer.json()["code"]


def act_as(shop: Shop, buyer: int, path: str, **data: str) -> Any:
    """Post a form as a buyer; the page it leads to."""
    shop.get(f"/shop?as={buyer}")
    answer = shop.post(path, data)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(f"/w/{shop.id}")


def somebody(shop: Shop, country: str, tier: str) -> int:
    """A buyer of a country and a tier."""
    with shop.world.reading(SYSTEM) as ctx:
        wanted = select(Buyer.id).where(Buyer.country == country, Buyer.tier == tier).order_by(Buyer.id)
        found = ctx.session.scalars(wanted).first()
    assert found is not None
    return found


def test_a_buyer_orders_pays_and_asks_the_money_back(shop: Shop) -> None:
    product = call(shop, "/storefront/search?rts=1&freight=1&country=US&store=1")["items"][0]
    buyer = somebody(shop, "US", "L2")
    with shop.world.reading(SYSTEM) as ctx:
        stock = ctx.session.get_one(Product, product["id"]).stock
    assert stock >= product["moq"]
    placed = act_as(shop, buyer, f"/shop/products/{product['id']}/order", quantity=str(product["moq"]))
    order = re.fullmatch(r"/shop/mine/orders/(\d+)\?done=ordered", placed)
    assert order
    home = f"/shop/mine/orders/{order[1]}"
    assert 'data-step="pay_first"' in shop.get(home).text
    assert act_as(shop, buyer, f"{home}/pay_first") == f"{home}?done=acted"
    page = shop.get(home).text
    assert "The supplier prepares the goods" in page
    assert 'id="refund-form"' in page
    act_as(shop, buyer, f"{home}/refund", reason="ordered_by_mistake")
    page = shop.get(home).text
    assert "Waiting for the supplier&#39;s answer" in page
    assert 'id="refund-form"' not in page
    number = re.search(r'name="dispute" value="(\d+)"', page)
    assert number
    act_as(shop, buyer, f"{home}/refund/change_reason", dispute=number[1], reason="no_longer_wanted")
    assert "I do not want the goods any more" in shop.get(home).text
    act_as(shop, buyer, f"{home}/refund/withdraw", dispute=number[1])
    assert "Refund request withdrawn" in shop.get(home).text
    before = shop.world.state_hash()
    again = shop.post(f"{home}/pay_first", {})
    assert again.status_code == 409
    assert "is not possible now" in again.text
    for step in ("confirm", "ship", "refund/accept", "nonsense"):
        assert shop.post(f"{home}/{step}", {}).status_code == 404
    assert shop.world.state_hash() == before


def test_a_buyer_asks_and_answers(shop: Shop) -> None:
    product = call(shop, "/storefront/search?store=1&country=DE")["items"][0]
    buyer = somebody(shop, "DE", "L3")
    asked = act_as(shop, buyer, f"/shop/products/{product['id']}/ask", quantity="50", text="Is it sturdy?")
    talk = asked.partition("?")[0]
    page = shop.get(talk).text
    assert "Is it sturdy?" in page
    assert 'id="write-form"' not in page
    refused = shop.post(f"/shop/products/{product['id']}/ask", {"quantity": "50", "text": "Once more?"})
    assert refused.status_code == 409
    assert "Once more?" in refused.text
    told = {"inquiry": int(talk.rpartition("/")[2]), "text": "Very.", "quote_usd": "90.00"}
    run(shop.world, Actor("player", merchant=1), "opportunities.reply", told)
    assert 'id="write-form"' in shop.get(talk).text
    assert act_as(shop, buyer, talk, text="Thank you.") == f"{talk}?done=sent"
    assert "Thank you." in shop.get(talk).text
