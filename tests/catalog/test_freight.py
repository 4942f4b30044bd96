import pytest

from august.catalog.freight import (
    Cure,
    OpenLine,
    Parcel,
    charged_weight,
    coverage,
    freight_cures,
    missing,
    offers,
    promise_cures,
)
from august.catalog.lines import standing
from august.kernel.words import fill

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


def told(cures: list[Cure]) -> list[tuple[str, str]]:
    """Field and English sentence of each cure, countries by code."""
    codes = {country.en: code for code, country in BOOK.countries.items()}

    def plain(value: object) -> object:
        if isinstance(value, list):
            return " ".join(codes[each["en"]] for each in value)
        return value["en"] if isinstance(value, dict) else value

    return [
        (cure.field, fill(cure.text, {name: plain(each) for name, each in cure.params.items()}))
        for cure in cures
    ]


ALL_TEN = " ".join(BOOK.core)
CHAIRS = Parcel(560, 520, 880, 7500, 60)
PUMP = Parcel(400, 400, 400, 65_000)


def test_what_is_missing_first_is_said_first() -> None:
    package = [("package", "Fill in package size and weight.")]
    template = [("freight_template", "Choose a freight template.")]
    line = [opened("express_standard")]
    assert told(freight_cures(None, CORE, line, BOOK)) == package
    assert told(promise_cures(None, CORE, line, BOOK, delivery_by=True)) == package
    assert told(freight_cures(SMALL, CORE, [], BOOK)) == template
    assert told(promise_cures(SMALL, CORE, [], BOOK, delivery_by=False)) == template


@pytest.mark.parametrize(
    ("parcel", "line"), [(SMALL, "Standard express"), (PUMP, "Sea freight LCL"), (CHAIRS, "Sea freight FCL")]
)
def test_the_line_that_carries_it_everywhere_for_least_is_named(parcel: Parcel, line: str) -> None:
    here = [opened("small_parcel")]
    assert told(freight_cures(parcel, CORE, here, BOOK)) == [
        (
            "freight_template",
            f"Choose a template that opens {line} to {ALL_TEN}, or open it in this one.",
        )
    ]
    assert told(promise_cures(parcel, CORE, here, BOOK, delivery_by=True)) == [
        (
            "freight_template",
            f"Choose a template that opens {line} to {ALL_TEN} with its promise, or open it in this one.",
        )
    ]


def test_a_promise_needs_the_box_a_signature_and_a_line() -> None:
    here = [opened("express_standard", "US", "DE", delivery_by=False), opened("small_parcel")]
    assert told(promise_cures(SMALL, CORE, here, BOOK, delivery_by=False)) == [
        ("delivery_by", "Offer delivery-by for this product."),
        (
            "freight_template",
            "Sign the delivery-by promise of Standard express in the freight template, for US DE.",
        ),
        (
            "freight_template",
            (
                "Choose a template that opens Standard express to CA GB AU NZ FR NL IT ES with its promise,"
                " or open it in this one."
            ),
        ),
    ]


def test_what_no_line_carries_becomes_fewer_pieces_or_another_package() -> None:
    here = [opened("sea_lcl")]
    # 68,000 cubic decimetres over 16 a piece.
    crate = Parcel(400, 400, 100, 1000, 5000)
    assert told(freight_cures(crate, {"US"}, here, BOOK)) == [
        ("moq", "Lower the minimum order to 4250 pieces or less: no line carries more to US.")
    ]
    assert freight_cures(Parcel(400, 400, 100, 1000, 4250), {"US"}, here, BOOK)[0].field == "freight_template"
    tower = Parcel(9000, 3000, 3000, 1000)
    assert told(freight_cures(tower, {"US"}, here, BOOK)) == [
        ("package", "Check package size and weight: no line carries a single piece to US.")
    ]


@pytest.mark.parametrize("parcel", [SMALL, PUMP, CHAIRS])
@pytest.mark.parametrize("line", list(BOOK.lines))
def test_following_the_cures_leaves_nothing_missing(parcel: Parcel, line: str) -> None:
    here = [opened(line, delivery_by=False)]
    lacking, unpromised = missing(parcel, here, BOOK, delivery_by=False)
    names = {each.en: code for code, each in BOOK.lines.items()}
    cures = freight_cures(parcel, lacking, here, BOOK) if lacking else []
    cures += promise_cures(parcel, unpromised, here, BOOK, delivery_by=False)
    followed = here + [opened(names[each.params["line"]["en"]]) for each in cures if "line" in each.params]
    assert missing(parcel, followed, BOOK, delivery_by=True) == (frozenset(), frozenset())
