import pytest

from august.catalog.freight import OpenLine, Parcel, charged_weight, coverage, missing, offers
from august.catalog.lines import standing

BOOK = standing()
CORE = frozenset(BOOK.core)
SMALL = Parcel(300, 200, 100, 900)


def opened(line: str, *countries: str, delivery_by: bool = True) -> OpenLine:
    return OpenLine(line, frozenset(countries or BOOK.lines[line].zones), delivery_by)


def test_the_core_ten_are_the_release_s() -> None:
    assert BOOK.core == ("US", "CA", "GB", "AU", "NZ", "FR", "DE", "NL", "IT", "ES")


@pytest.mark.parametrize(
    ("parcel", "kilograms"),
    [
        (Parcel(100, 100, 100, 999), 1),
        (Parcel(100, 100, 100, 1000), 1),
        (Parcel(100, 100, 100, 1001), 2),
        # 6,000 cubic centimetres over 5,000 are 1.2, so two started kilograms.
        (SMALL, 2),
        (Parcel(300, 200, 100, 900, 5), 6),
        (Parcel(500, 100, 100, 10), 1),
        (Parcel(501, 100, 100, 10), 2),
    ],
)
def test_charged_weight_is_the_larger_in_started_kilograms(parcel: Parcel, kilograms: int) -> None:
    assert charged_weight(parcel, BOOK.lines["express_standard"]) == kilograms * 1000


def test_the_cheapest_line_comes_first() -> None:
    found = offers(SMALL, "US", [opened("express_premium"), opened("express_standard")], BOOK)
    assert [(offer.line, offer.cents, offer.delivery_by) for offer in found] == [
        ("express_standard", 1900 + 2 * 760, 12),
        ("express_premium", 2900 + 2 * 980, 7),
    ]


def test_all_core_countries_are_reached_by_standard_express() -> None:
    assert missing(SMALL, [opened("express_standard")], BOOK, delivery_by=True) == (frozenset(), frozenset())


def test_a_product_outside_delivery_by_misses_every_promise() -> None:
    assert missing(SMALL, [opened("express_standard")], BOOK, delivery_by=False) == (frozenset(), CORE)


def test_an_unsigned_line_promises_nothing() -> None:
    line = opened("express_standard", delivery_by=False)
    assert missing(SMALL, [line], BOOK, delivery_by=True) == (frozenset(), CORE)


def test_countries_that_are_not_opened_are_missing() -> None:
    line = opened("express_standard", "US", "DE", "AE")
    assert missing(SMALL, [line], BOOK, delivery_by=True) == (CORE - {"US", "DE"}, CORE - {"US", "DE"})


@pytest.mark.parametrize(("grams", "lacking"), [(70_000, frozenset()), (70_001, CORE)])
def test_a_line_carries_up_to_its_limit(grams: int, lacking: frozenset[str]) -> None:
    parcel = Parcel(100, 100, 100, grams)
    assert missing(parcel, [opened("express_standard")], BOOK, delivery_by=True)[0] == lacking


def test_without_package_or_template_nothing_is_computable() -> None:
    assert missing(None, [opened("express_standard")], BOOK, delivery_by=True) == (CORE, CORE)
    assert missing(SMALL, [], BOOK, delivery_by=True) == (CORE, CORE)


def test_an_unknown_line_is_no_line() -> None:
    line = OpenLine("pigeon_post", CORE, delivery_by=True)
    assert missing(SMALL, [line], BOOK, delivery_by=True) == (CORE, CORE)


@pytest.mark.parametrize("delivery_by", [True, False])
@pytest.mark.parametrize("parcel", [SMALL, Parcel(2000, 900, 800, 60_000, 3), None])
@pytest.mark.parametrize("name", list(BOOK.lines))
def test_the_panel_agrees_with_the_check(name: str, parcel: Parcel | None, *, delivery_by: bool) -> None:
    line = opened(name)
    panel = coverage(parcel, [line], BOOK, delivery_by=delivery_by)
    lacking = frozenset(row.country for row in panel.countries if row.core and row.offer is None)
    unpromised = frozenset(row.country for row in panel.countries if row.core and row.delivery_by is None)
    assert (lacking, unpromised) == (panel.missing_freight, panel.missing_delivery_by)
    assert len(panel.countries) == len(BOOK.countries)
    assert len(panel.why.children) == 10


def test_the_explanation_names_the_arithmetic() -> None:
    panel = coverage(SMALL, [opened("express_standard", "US")], BOOK, delivery_by=True)
    reached, lacking = panel.why.children[0], panel.why.children[1]
    assert reached.outcome == "ok"
    assert reached.params["kilograms"] == 2
    assert reached.params["freight"] == {"cents": 3420, "currency": "USD"}
    assert lacking.outcome == "bad"
    assert lacking.message == "{country}: no opened line goes there."
    assert (panel.why.params["reached"], panel.why.params["total"]) == (1, 10)
