"""What pages read: order, tabs, filters, service figures, the digest, and the reasons of each state."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.tables import Event
from august.kernel.world import World
from august.opportunities import queries, talk
from august.opportunities.explain import why_inquiry, why_reply_time
from august.opportunities.measures import UNKNOWN_HOURS, reply_hours
from august.opportunities.models import Inquiry
from august.opportunities.quick import quick_replies
from august.opportunities.telling import digest, find
from august.opportunities.viewed import viewed
from august.trade.models import Order
from august.traffic.models import TrafficTick
from august.web.i18n import speaking
from august.web.tables import listing
from tests.opportunities.stage import (
    AGREED,
    ANN,
    BORN,
    HAGGLING,
    PLAYER,
    RIVAL,
    ago,
    inquiry,
    line,
    opening,
    worlds,
)

LATE, FRESH, DEAL, SENT, GONE, DEAR, ELSE, DONE, OTHERS = range(1, 10)


def order(number: int, **changes: Any) -> Order:
    """An order of Ann's, paid in full."""
    told = {
        "merchant_id": 1,
        "buyer_id": 1,
        "product_id": 1,
        "kind": "rts",
        "country": "US",
        "quantity": 10,
        "shipped_quantity": 0,
        "unit_cents": 100_00,
        "goods_cents": 1000_00,
        "freight_cents": 0,
        "total_cents": 1000_00,
        "first_cents": 1000_00,
        "paid_cents": 1000_00,
        "channel": "ta",
        "export_mode": "self",
        "special": "none",
        "terms": "full",
        "lead_days": 7,
        "state": "producing",
        "since": ago(100),
        "drafted_at": ago(100),
        "disputed": False,
        "disputes": 0,
        "luck": number,
    }
    return Order(id=number, **{**told, **changes})


def tick(hours: float, visits: list[tuple[int, int, int]]) -> TrafficTick:
    """A quarter that began so many hours before birth: (buyer, product, second) of each visit."""
    buyers, products, seconds = (np.array(column, dtype=np.int64) for column in zip(*visits, strict=True))
    return TrafficTick(
        start=ago(hours),
        end=ago(hours - 6),
        visits=len(visits),
        seen_product=products,
        seen_count=np.ones(len(visits), dtype=np.int64),
        visit_buyer=buyers,
        visit_product=products,
        visit_second=seconds,
        visit_source=np.zeros(len(visits), dtype=np.int64),
    )


def rows() -> list[Any]:
    """One conversation of each kind, in the order of their names."""
    over = {"turn": "nobody", "due": None}
    haggled = {"asked": {"cents": 95_00, "currency": "USD"}}
    return [
        inquiry(LATE, at=ago(40), kind="chat", staff_id=1),
        inquiry(FRESH, buyer_id=2, at=ago(3), source="platform_prospect"),
        inquiry(
            DEAL, buyer_id=3, at=ago(80), state="agreed", quote_cents=95_00, first_reply_at=ago(70),
            last_at=ago(65),
        ),
        inquiry(SENT, turn="buyer", at=ago(9), first_reply_at=ago(2), last_at=ago(2)),
        inquiry(GONE, at=ago(100), state="lost", lost_why="ignored", last_at=ago(60), **over),
        inquiry(
            DEAR, at=ago(100), state="lost", lost_why="price", rounds=2, quote_cents=97_00,
            first_reply_at=ago(98), last_at=ago(50), **over,
        ),
        inquiry(
            ELSE, at=ago(100), state="lost", lost_why="elsewhere", first_reply_at=ago(76), last_at=ago(45),
            **over,
        ),
        inquiry(
            DONE, at=ago(300), state="ordered", order_id=1, first_reply_at=ago(299), last_at=ago(200), **over
        ),
        inquiry(OTHERS, merchant_id=2, product_id=3),
        opening(LATE, ago(40)),
        opening(DEAR, ago(100)),
        line(DEAR, "buyer", ago(90), HAGGLING, **haggled),
        line(DEAL, "buyer", ago(65), AGREED),
        opening(GONE, ago(100)),
        order(1, inquiry_id=DONE),
        tick(12, [(1, 1, 60), (1, 3, 61), (2, 1, 70), (1, 1, 120)]),
        tick(24 * 31, [(1, 2, 5)]),
        Event(
            at=ago(65), kind="opportunities.agreed", object_kind="inquiry", object_id=DEAL, merchant_id=1,
            actor="buyer", params={},
        ),
        Event(
            at=ago(50), kind="opportunities.lost", object_kind="inquiry", object_id=DEAR, merchant_id=1,
            actor="buyer", params={"why": "price"},
        ),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with worlds(tmp_path_factory.mktemp("talk"), rows()) as made:
        yield made


@pytest.fixture
def ctx(world: World) -> Iterator[Context]:
    with world.reading(PLAYER) as found, speaking("en"):
        yield found


def found_of(ctx: Context, **asked: str) -> queries.Found:
    told = listing("/", asked, sorts=queries.SORTS, default="urgent", filters=queries.FILTERS)
    return queries.inquiries(ctx, told)


def ids(ctx: Context, **asked: str) -> list[int]:
    return [each.id for each in found_of(ctx, **asked).lines]


def test_the_buyer_who_may_leave_first_stands_first(ctx: Context) -> None:
    # LATE may leave since 10 hours, DEAL (agreed, more patient) since 5, FRESH not for 27.
    assert ids(ctx) == [LATE, DEAL, FRESH, SENT, ELSE, DEAR, GONE, DONE]
    assert ids(ctx, sort="-urgent") == [DONE, GONE, DEAR, ELSE, SENT, FRESH, DEAL, LATE]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"turn": "seller"}, [LATE, DEAL, FRESH]),
        ({"turn": "buyer"}, [SENT]),
        ({"state": "agreed"}, [DEAL]),
        ({"state": "lost"}, [ELSE, DEAR, GONE]),
        ({"kind": "chat"}, [LATE]),
        ({"l1plus": "no"}, [FRESH]),
        ({"l1plus": "yes", "turn": "seller"}, [LATE, DEAL]),
        ({"country": "NL"}, [DEAL]),
        ({"product": "1", "state": "ordered"}, [DONE]),
        ({"product": "2"}, []),
        ({"staff": "1"}, [LATE]),
        ({"staff": "none", "turn": "seller"}, [DEAL, FRESH]),
        ({"q": "visser"}, [DEAL]),
        ({"q": "Bob"}, [FRESH]),
        ({"q": "linen", "turn": "buyer"}, [SENT]),
        ({"q": "%"}, []),
        ({"q": "5"}, [GONE]),
        ({"q": "9" * 30}, []),
        (
            {"state": "nonsense", "product": "x", "l1plus": "maybe", "country": "??", "turn": "seller"},
            [LATE, DEAL, FRESH],
        ),
        ({"sort": "buyer", "turn": "seller"}, [FRESH, LATE, DEAL]),
        ({"sort": "-asked", "turn": "seller"}, [FRESH, LATE, DEAL]),
    ],
)  # fmt: skip
def test_filters_and_sorts(ctx: Context, asked: dict[str, str], expected: list[int]) -> None:
    assert ids(ctx, **asked) == expected


def test_tabs_count_what_the_other_filters_leave(ctx: Context) -> None:
    found = found_of(ctx, turn="seller", l1plus="yes")
    assert {tab.name: tab.count for tab in found.tabs} == {
        "all": 7, "mine": 2, "theirs": 1, "agreed": 1, "ordered": 1, "lost": 3,
    }  # fmt: skip
    assert [tab.name for tab in found.tabs if tab.active] == ["mine"]
    assert found.page.total == 2
    assert [tab.name for tab in found_of(ctx, turn="seller", state="agreed").tabs if tab.active] == []


def test_a_line_says_how_long_is_waited_and_shows_no_tier(ctx: Context) -> None:
    late, deal, fresh, sent, *ended = found_of(ctx).lines
    assert [each.waited.english() for each in (late, deal, fresh, sent) if each.waited] == [
        "40.0 h", "65.0 h", "3.0 h", "2.0 h",
    ]  # fmt: skip
    assert [each.waiting.tone for each in (late, deal, fresh, sent) if each.waiting] == [
        "bad",
        "bad",
        "good",
        "",
    ]
    assert all(each.waiting is None for each in ended)
    assert (late.l1plus, fresh.l1plus) == (True, False)
    assert (late.staff, fresh.staff) == ({"zh": "陈静", "en": "Chen Jing"}, None)
    assert not any("tier" in name for name in late.__struct_fields__)


def test_service_figures_agree_with_what_the_market_measures(ctx: Context) -> None:
    found = queries.service(ctx)
    # First replies in the 30 complete PT days before today: after 10, 2, 24 and 1 hours; SENT's is of today.
    assert (found.replies, found.hours, found.target, found.tone) == (4, 9.25, 24, "good")
    assert (found.waiting, found.overdue, found.ignored) == (3, 2, 1)
    measured = reply_hours(ctx, np.array([1, 3]), np.array([1, 2]))
    assert list(measured) == [9.25, UNKNOWN_HOURS]


def test_both_databases_read_the_same(tmp_path: Path, database: str) -> None:
    url = None if database.startswith("sqlite") else database
    with worlds(tmp_path, rows(), url) as made, made.reading(PLAYER) as ctx:
        assert ids(ctx) == [LATE, DEAL, FRESH, SENT, ELSE, DEAR, GONE, DONE]
        assert ids(ctx, q="visser", sort="buyer") == [DEAL]
        found = queries.service(ctx)
        assert (found.replies, found.hours, found.ignored) == (4, 9.25, 1)
        assert [tab.count for tab in found_of(ctx).tabs] == [8, 3, 1, 1, 1, 3]
        assert [hit.path for hit in find(ctx, "visser")] == [f"/inquiries/{DEAL}"]
        assert len(digest(ctx, ago(200), BORN)) == 5
        assert talk.buyer_card(ctx, ctx.session.get_one(Inquiry, LATE)).talks == 6
        assert why_reply_time(ctx, "1").outcome == "ok"


def texts(node: Node) -> list[str]:
    return [each.message for each in node.walk()]


def test_why_tells_nothing_of_the_buyers_limit_while_it_matters(ctx: Context) -> None:
    for number in (LATE, FRESH, DEAL, SENT, DONE):
        tree = why_inquiry(ctx, str(number))
        assert not any("sensitivity" in text or "could pay" in text for text in texts(tree)), number
    late = why_inquiry(ctx, str(LATE))
    assert "may leave at any time" in late.children[0].english()
    assert set(late.rules) == {"K3-talk", "K3-patience", "K2-reply", "K2-price"}
    fresh = why_inquiry(ctx, str(FRESH))
    assert fresh.children[0].params["earliest"] == ago(3) + timedelta(hours=30)
    assert fresh.children[0].params["latest"] == ago(3) + timedelta(hours=96)


def test_why_a_buyer_was_lost_for_the_price_is_reckoned(ctx: Context) -> None:
    (price,) = why_inquiry(ctx, str(DEAR)).children
    assert price.params["limit"]["cents"] == 95_00
    assert price.params["offered"]["cents"] == 97_00
    assert price.params["difference"]["cents"] == 2_00
    quoted, share, reckoned = price.children
    assert quoted.params["percent"] == "-3.0%"
    assert share.params["share"] == "95.0%"
    assert (reckoned.params["low"]["cents"], reckoned.params["high"]["cents"]) == (94_00, 104_00)


def test_why_a_buyer_was_lost_otherwise(ctx: Context) -> None:
    ignored, reply = why_inquiry(ctx, str(GONE)).children
    assert (ignored.params["least"], ignored.params["most"]) == (30, 96)
    assert ignored.params["hours"].english() == "40.0 h"
    assert reply.outcome == "bad"
    other, _ = why_inquiry(ctx, str(ELSE)).children
    assert (other.params["factor"], other.params["chance"]) == (0.6, 25.2)


@pytest.mark.parametrize("key", ["9", "0", "x", "-1", "9" * 40, "١"])
def test_why_of_others_is_refused(ctx: Context, key: str) -> None:
    with pytest.raises(Refusal) as told:
        why_inquiry(ctx, key)
    assert told.value.status == 404
    with pytest.raises(Refusal) as told:
        why_reply_time(ctx, key)
    assert told.value.status == 404


def test_why_the_reply_time_is_what_it_is(ctx: Context, world: World) -> None:
    tree = why_reply_time(ctx, "1")
    assert tree.outcome == "ok"
    assert [each.params["id"] for each in tree.walk() if each.message.startswith("Inquiry")] == [
        "7",
        "3",
        "6",
    ]
    with world.reading(RIVAL) as rival:
        assert "No first reply" in why_reply_time(rival, "2").message


def test_lines_are_read_in_both_languages(ctx: Context) -> None:
    (line_en,) = talk.said(ctx, LATE)
    assert line_en.original.startswith("Hello, I am interested in Linen Sofa. We need about 10 pieces.")
    assert line_en.translation is None
    with speaking("zh_CN"):
        (line_zh,) = talk.said(ctx, LATE)
    assert line_zh.original == line_en.original
    assert line_zh.translation == "你好，我对 Linen Sofa 感兴趣，大约需要 10 件。最优价格是多少？"


def test_the_cards_tell_what_the_store_may_know(ctx: Context) -> None:
    late = ctx.session.get_one(Inquiry, LATE)
    buyer = talk.buyer_card(ctx, late)
    assert (buyer.company, buyer.l1plus, buyer.orders, buyer.paid_cents) == (
        "Smith Imports LLC",
        True,
        1,
        1000_00,
    )
    assert buyer.talks == 6
    # Twice in the last quarter; the other store's product and what is older than 30 days are left out.
    assert [(each.product, each.visits, title) for each, title in buyer.viewed] == [(1, 2, "Linen Sofa")]
    product = talk.product_card(ctx, late)
    assert (product.list_cents, product.lead_days, product.quote.line) == (100_00, 7, None)
    assert [(tier.quantity, tier.here) for tier in product.tiers] == [(2, True), (50, False)]
    done = ctx.session.get_one(Inquiry, DONE)
    found = talk.order_of(ctx, done)
    assert found is not None
    assert (found.id, found.label) == (1, "Waiting for shipment")
    assert talk.order_of(ctx, late) is None


def test_what_was_viewed_is_counted_by_instant(ctx: Context) -> None:
    (seen,) = viewed(ctx, 1, [1])
    assert (seen.visits, seen.last_at) == (2, ago(12) + timedelta(seconds=120))
    assert viewed(ctx, 3, [1, 2, 3]) == []
    assert viewed(ctx, 1, []) == []


def test_quick_replies_go_by_what_was_said(ctx: Context) -> None:
    def names(number: int) -> list[str]:
        row = ctx.session.get_one(Inquiry, number)
        return [
            each.name
            for each in quick_replies(row, talk.product_card(ctx, row), talk.said(ctx, number), None)
        ]

    assert names(LATE) == ["price", "lead", "sample", "question"]
    assert names(DEAL) == ["draft"]
    assert names(DEAR) == ["price", "meet", "firm", "lead", "sample", "question"]


def test_the_timeline_reads_newest_first(ctx: Context) -> None:
    (moment,) = talk.timeline(ctx, DEAR)
    assert moment.text.english() == "Lost: the price was too high"


def test_the_next_one_waiting_is_another_one(ctx: Context) -> None:
    assert talk.next_waiting(ctx, LATE) == DEAL
    assert talk.next_waiting(ctx, DEAL) == LATE


def test_the_digest_counts_the_ticks_that_ended_in_a_jump(ctx: Context) -> None:
    # The last tick ended 6 hours before birth: FRESH came after it and is not known yet.
    told = {each.message: each.params["count"] for each in digest(ctx, ago(200), BORN)}
    assert told == {
        "New inquiries: {count}": 7,
        "Buyers agreed and wait for an order draft: {count}": 1,
        "Buyers left because nobody answered: {count}": 1,
        "Buyers left because of the price: {count}": 1,
        "Buyers decided otherwise: {count}": 1,
    }
    assert digest(ctx, ago(1), BORN) == []


def test_find_knows_buyers_products_and_numbers(ctx: Context, world: World) -> None:
    assert [hit.path for hit in find(ctx, "visser")] == [f"/inquiries/{DEAL}"]
    assert [hit.label for hit in find(ctx, "2")] == ["Martin SARL · Linen Sofa"]
    assert find(ctx, "  ") == []
    with world.reading(ANN) as buyer:
        assert find(buyer, "visser") == []


def test_an_empty_store_has_empty_figures(tmp_path: Path) -> None:
    with worlds(tmp_path) as empty, empty.reading(PLAYER) as ctx:
        assert found_of(ctx).lines == []
        found = queries.service(ctx)
        assert (found.hours, found.average, found.tone, found.waiting) == (None, None, "", 0)
        assert digest(ctx, ago(100), BORN) == []
