"""Freight, steps and coupons at every edge, each in its own zone (F6-F10)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.catalog import carriers
from august.features import house
from august.kernel.clock import SECOND, Window, parse_instant
from august.logistics.judging import CONDITIONS, Facts, Ticket, best, choose, judge
from august.logistics.rules import (
    REDUCTIONS,
    RULE_OF,
    MultimodalRules,
    Stretch,
    charged_weight,
    freight,
    paid_after,
)
from august.market.grow import BORN

RULEBOOK = house().rulebook
RULES: dict[str, Any] = {code: RULEBOOK.values(RULE_OF[code], BORN) for code in REDUCTIONS}
F6 = RULEBOOK.values("F6", BORN)
NOON = parse_instant("2022-09-10T12:00:00+08:00")
READY = Facts(
    NOON,
    member=True,
    left=1,
    mine_left=1,
    configured_at=parse_instant("2022-09-01T12:00:00+08:00"),
    products=20,
)


def judged(code: str, base: int, **more: Any) -> Any:
    return judge(code, base, replace(READY, **more), RULES[code], 1)


@pytest.mark.parametrize(
    ("weight", "volume_cm3", "step", "least", "divisor", "charged"),
    [
        (1, 1, 500, 500, 6000, 500),
        (500, 1, 500, 500, 6000, 500),
        (501, 1, 500, 500, 6000, 1000),
        # 24,000 cubic centimetres are four kilograms.
        (3999, 24_000, 500, 500, 6000, 4000),
        (4001, 24_000, 500, 500, 6000, 4500),
        (100, 24_001, 500, 500, 6000, 4500),
        # 免抛: bulk does not count.
        (100, 240_000, 500, 500, None, 500),
        (100, 1, 1000, 12_000, 6000, 12_000),
        (51, 1, 50, 50, 8000, 100),
    ],
)
def test_the_charged_weight(
    weight: int, volume_cm3: int, step: int, least: int, divisor: int | None, charged: int
) -> None:
    assert charged_weight(weight, volume_cm3 * 1000, step, least, divisor) == charged


@pytest.mark.parametrize(
    ("grams", "fen"),
    [(500, 3000 + 2900), (21_000, 3000 + 121_800), (21_500, 3000 + 121_800 + 2450), (100_000, 511_900)],
)
def test_freight_goes_band_by_band(grams: int, fen: int) -> None:
    assert freight(grams, 3000, ((21_000, 5800), (100_000, 4900), (300_000, 4400))) == fen


@given(
    st.sampled_from(sorted(carriers.standing().lines)),
    st.integers(1, 400_000),
    st.integers(0, 5000),
    st.data(),
)
def test_more_weight_never_costs_less(line: str, weight: int, more: int, data: st.DataObject) -> None:
    carrier = carriers.standing().lines[line]
    tariff = carrier.tariffs[data.draw(st.sampled_from(sorted(carrier.tariffs)))]
    least = min(weight, carrier.weight.most_g)
    heavier = min(weight + more, carrier.weight.most_g)
    assert (
        0 < freight(least, tariff.base_fen, tariff.bands) <= freight(heavier, tariff.base_fen, tariff.bands)
    )


def test_every_named_line_is_there() -> None:
    """F6: nineteen, the charter among them; F7: seven; F8: one; F9: four."""
    fleet = carriers.standing()
    assert set(F6.lines) == {*fleet.of("express"), *fleet.of("charter")}
    assert len(F6.lines) == 19
    for code, family, count in (
        ("multimodal", "multimodal", 7),
        ("charter", "charter", 1),
        ("small_parcel",) * 2 + (4,),
    ):
        assert RULES[code].lines == fleet.of(family)
        assert len(RULES[code].lines) == count
    chinese = [fleet.lines[code].zh for code in (*F6.lines, *RULES["multimodal"].lines)]
    assert {"无忧免抛专线标准", "邮政EMS经济", "中美快船（美森）优选", "全球重货（DDP）经济"} <= set(chinese)
    assert len(set(chinese)) == 26
    labels = {each.label["zh"] for each in fleet.services.values() if each.label}
    assert labels == {"DW美西港到门，限量优惠"}


@pytest.mark.parametrize(
    ("base", "discount"),
    [
        (49_999, 0),
        (50_000, 5000),
        (50_001, 5000),
        (99_999, 5000),
        (100_000, 10_000),
        (299_999, 10_000),
        (300_000, 30_000),
        (300_001, 30_000),
        # Steps, not "every 500", and capped.
        (1_000_000, 30_000),
    ],
)
def test_multimodal_reductions_are_steps(base: int, discount: int) -> None:
    found = judged("multimodal", base)
    assert (found.applies, found.discount, found.pay) == (discount > 0, discount, base - discount)


@pytest.mark.parametrize(
    ("base", "pay"),
    [(75_999, 75_999), (76_000, 72_200), (76_001, 72_201), (76_010, 72_210), (100_010, 95_010)],
)
def test_the_charter_costs_95_percent_from_760_on(base: int, pay: int) -> None:
    """¥760.10 × 0.95 = 722.095, half up."""
    assert judged("charter", base).pay == pay


@pytest.mark.parametrize(("base", "pay"), [(1, 1), (5, 4), (10_000, 8900), (10_050, 8945), (9950, 8856)])
def test_small_parcels_cost_89_percent(base: int, pay: int) -> None:
    assert judged("small_parcel", base).pay == pay


@pytest.mark.parametrize(("base", "pay"), [(398_000, 388_000), (10_001, 1), (10_000, 1), (1, 1)])
def test_a_container_costs_a_hundred_dollars_less(base: int, pay: int) -> None:
    assert judged("fcl_us_west", base).pay == pay


EDGES = [
    ("multimodal", "2022-08-31T23:59:59-07:00", False),
    ("multimodal", "2022-09-01T00:00:00-07:00", True),
    ("multimodal", "2022-10-15T23:59:59+08:00", True),
    ("multimodal", "2022-10-16T00:00:00+08:00", False),
    # The last second is Beijing's, not the Pacific's.
    ("multimodal", "2022-10-15T23:59:59-07:00", False),
    ("charter", "2022-08-31T23:59:59-07:00", False),
    ("charter", "2022-09-01T00:00:00-07:00", True),
    ("charter", "2022-10-15T23:59:59+08:00", True),
    ("charter", "2022-10-16T00:00:00+08:00", False),
    ("small_parcel", "2022-10-15T23:59:59+08:00", True),
    ("small_parcel", "2022-10-16T00:00:00+08:00", False),
    ("fcl_us_west", "2022-09-30T23:59:59-07:00", True),
    ("fcl_us_west", "2022-10-01T00:00:00-07:00", False),
    # The twin the release prints.
    ("fcl_us_west", "2022-10-01T14:59:59+08:00", True),
    ("fcl_us_west", "2022-10-01T15:00:00+08:00", False),
]


@pytest.mark.parametrize(("code", "at", "applies"), EDGES)
def test_each_window_ends_in_its_own_zone(code: str, at: str, applies: bool) -> None:  # noqa: FBT001 - a row
    assert judged(code, 400_000, at=parse_instant(at)).applies is applies


@pytest.mark.parametrize(
    ("departed", "applies"),
    [
        (None, True),
        ("2022-10-31T23:59:59-07:00", True),
        ("2022-11-01T00:00:00-07:00", False),
        ("2022-11-01T14:59:59+08:00", True),
    ],
)
def test_a_container_departs_by_the_end_of_october(departed: str | None, applies: bool) -> None:  # noqa: FBT001
    left = None if departed is None else parse_instant(departed)
    assert judged("fcl_us_west", 400_000, departed_at=left).applies is applies


@pytest.mark.parametrize(
    ("configured", "applies"),
    [
        ("2022-08-15T00:00:00-07:00", True),
        ("2022-08-14T23:59:59-07:00", False),
        ("2022-09-30T23:59:59-07:00", True),
        ("2022-10-01T00:00:00-07:00", False),
        (None, False),
    ],
)
def test_a_small_parcel_line_is_configured_in_time(configured: str | None, applies: bool) -> None:  # noqa: FBT001
    since = None if configured is None else parse_instant(configured)
    assert judged("small_parcel", 1000, configured_at=since).applies is applies


@pytest.mark.parametrize(
    ("code", "more"),
    [
        *((code, {"member": False}) for code in REDUCTIONS),
        ("multimodal", {"left": 0}),
        ("multimodal", {"mine_left": 0}),
        ("multimodal", {"shipped_before": True}),
        ("charter", {"left": 0}),
        ("small_parcel", {"mine_left": 0}),
        ("small_parcel", {"configured_before": True}),
        ("small_parcel", {"products": 19}),
        ("fcl_us_west", {"left": 0}),
        ("fcl_us_west", {"mine_left": 0}),
        ("fcl_us_west", {"forwarder": True}),
        ("fcl_us_west", {"partner": True}),
        ("fcl_us_west", {"labelled": False}),
    ],
)
def test_each_condition_alone_stands_against_it(code: str, more: dict[str, Any]) -> None:
    assert judged(code, 400_000).applies
    found = judged(code, 400_000, **more)
    assert (found.applies, found.discount, found.pay) == (False, 0, 400_000)
    bad = [node for node in found.why.children if node.outcome == "bad"]
    assert len(bad) == 1


@pytest.mark.parametrize(("products", "met"), [(19, "bad"), (20, "ok"), (21, "ok")])
def test_twenty_products_are_tied(products: int, met: str) -> None:
    node = CONDITIONS["small_parcel"](replace(READY, products=products), RULES["small_parcel"])[3]
    assert node.outcome == met


def ticket(number: int = 1, fen: int = 2500, least: int = 30_000, **more: Any) -> Ticket:
    return Ticket(number, fen, least, **{"window": F6.usable.window, **more})


@pytest.mark.parametrize(("base", "pay"), [(29_999, 29_999), (30_000, 27_500), (30_001, 27_501)])
def test_a_coupon_wants_three_hundred(base: int, pay: int) -> None:
    assert choose([ticket()], base, F6.usable.window.start, 1).pay == pay


@pytest.mark.parametrize(
    ("at", "applies"),
    [
        ("2022-10-14T23:59:59-07:00", False),
        ("2022-10-15T00:00:00-07:00", True),
        ("2022-10-15T15:00:00+08:00", True),
        ("2022-11-30T23:59:59-08:00", True),
        ("2022-12-01T00:00:00-08:00", False),
        # The release prints 14:59:59 in Beijing; daylight saving has ended by then.
        ("2022-12-01T14:59:59+08:00", True),
        ("2022-12-01T15:00:00+08:00", True),
        ("2022-12-01T15:59:59+08:00", True),
        ("2022-12-01T16:00:00+08:00", False),
    ],
)
def test_a_coupon_is_redeemed_to_the_last_pacific_second(at: str, applies: bool) -> None:  # noqa: FBT001
    assert choose([ticket()], 30_000, parse_instant(at), 1).applies is applies


def test_one_coupon_an_order_and_the_best_of_them() -> None:
    start = F6.usable.window.start
    sooner = Window(start, start + timedelta(days=3))
    many = [ticket(1), ticket(2, fen=3000), ticket(3, window=sooner), ticket(4, fen=9000, free=False)]
    found = choose(many, 30_000, start, 1)
    assert (found.coupon, found.pay) == (2, 27_000)
    assert choose(many[:1] + many[2:3], 30_000, start, 1).coupon == 3
    none = choose([], 30_000, start, 1)
    assert (none.applies, none.pay, none.coupon) == (False, 30_000, None)


@pytest.mark.parametrize(("base", "pay"), [(1, 1), (2500, 1), (2501, 1), (2502, 2)])
def test_a_coupon_worth_more_than_the_freight_leaves_a_fen(base: int, pay: int) -> None:
    assert choose([ticket(least=1)], base, F6.usable.window.start, 1).pay == pay


def test_the_best_benefit_wins_and_a_tie_keeps_the_coupon() -> None:
    """F-logistics: for nine hours of 15 October both can be had."""
    at = parse_instant("2022-10-15T20:00:00+08:00")
    pairs = [
        (judged("charter", base, at=at), choose([ticket()], base, at, 1)) for base in (75_999, 76_000, 40_000)
    ]
    assert [best(pair).code for pair in pairs] == ["coupon", "charter", "coupon"]  # type: ignore[union-attr]
    equal = judged("multimodal", 50_000, at=at), choose([ticket(fen=5000)], 50_000, at, 1)
    assert best(equal).code == "multimodal"  # type: ignore[union-attr]
    assert best([judged("charter", 10, at=at)]) is None


@given(st.sampled_from(REDUCTIONS), st.integers(1, 10**9))
def test_a_reduction_never_leaves_less_than_a_fen(code: str, base: int) -> None:
    found = judged(code, base)
    assert found.pay == base - found.discount
    assert 1 <= found.pay <= base


@given(st.integers(1, 10**7), st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_larger_reduction_never_costs_more(base: int, off: int, more: int) -> None:
    assert 1 <= paid_after(base, off + more, 1) <= paid_after(base, off, 1) <= base


@pytest.mark.parametrize(("code", "step"), [("multimodal", 1), ("charter", 1), ("small_parcel", 1)])
@given(base=st.integers(1, 10**7))
def test_the_discount_rises_with_the_freight(code: str, step: int, base: int) -> None:
    assert judged(code, base).discount <= judged(code, base + step).discount


def test_steps_that_do_not_rise_are_refused() -> None:
    told = msgspec.to_builtins(RULES["multimodal"]) | {"steps": [[50_000, 5000], [60_000, 5000]]}
    with pytest.raises(msgspec.ValidationError, match="steps must rise"):
        msgspec.convert(told, MultimodalRules)
    with pytest.raises(ValueError, match="before it begins"):
        Stretch("PT 2022-09-02 00:00:00", "BJ 2022-09-01 00:00:00")


def test_the_first_and_last_seconds_are_the_releases() -> None:
    """T2."""
    for code in ("multimodal", "charter"):
        window = RULES[code].paid.window
        assert window.start == parse_instant("2022-09-01T15:00:00+08:00")
        assert window.last_second + SECOND == parse_instant("2022-10-16T00:00:00+08:00")
    assert F6.shipping.window.last_second == parse_instant("2022-10-01T14:59:59+08:00")
