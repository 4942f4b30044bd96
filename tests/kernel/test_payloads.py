import msgspec
import pytest

from august.kernel.errors import Refusal
from august.kernel.payloads import convert, decode


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    quantity: int
    price: str


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    tiers: tuple[Tier, ...] = ()
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.name == "nobody":
            msg = "nobody orders"
            raise ValueError(msg)


def fields(data: object) -> dict[str, str]:
    with pytest.raises(Refusal) as no:
        convert(data, Order)
    assert no.value.status == 422
    return {name: words.english() for name, words in no.value.fields.items()}


def test_what_fits_becomes_the_struct() -> None:
    assert convert({"name": "a", "tiers": [{"quantity": 1, "price": "2"}]}, Order) == Order(
        "a", (Tier(1, "2"),)
    )


def test_every_field_that_does_not_fit_is_named() -> None:
    assert fields(
        {"tiers": [{"quantity": 1, "price": "2"}, {"quantity": "x", "price": "3"}], "tags": [1], "z": 1}
    ) == {
        "z": "There is no such field.",
        "name": "This is required.",
        "tiers[1].quantity": "Expected int, got str.",
        "tags": "Expected str, got int.",
    }
    assert fields({"name": "a", "tiers": [{"quantity": 1}]}) == {"tiers[0].price": "This is required."}
    assert fields({"name": "a", "tiers": [{"quantity": 1, "price": "2", "x": 1}]}) == {
        "tiers[0].x": "There is no such field."
    }


def test_a_whole_that_makes_no_sense_is_refused() -> None:
    assert fields({"name": "nobody"}) == {"$": "nobody orders"}
    assert list(fields(["name"])) == ["$"]


def test_at_most_fifty_fields_are_named() -> None:
    assert len(fields({f"x{number}": 1 for number in range(500)})) == 50


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'"\\ud800"', b"[" * 200_000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(Refusal) as no:
        decode(body)
    assert (no.value.code, no.value.status) == ("json.malformed", 400)
