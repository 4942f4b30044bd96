"""What a product may say and cost: the strict limits of the product form, no database."""

from collections.abc import Sequence

from august.kernel.errors import Refusal
from august.kernel.money import parse_amount
from august.kernel.texts import deceit, normal
from august.kernel.words import N_, Phrase

TITLE_LIMIT = 128
KEYWORD_LIMIT = 50
KEYWORDS_LIMIT = 10
ATTRIBUTE_LIMIT = 100
ATTRIBUTES_LIMIT = 60
DESCRIPTION_LIMIT = 20_000
NAME_LIMIT = 80
PRICE_LIMIT = 10_000_000_00
TIERS_LIMIT = 4
SKUS_LIMIT = 60
QUANTITY_LIMIT = 10_000_000


class Problems:
    """Collects what is wrong, by form field, so that one refusal names everything at once."""

    def __init__(self) -> None:
        """Begin with nothing wrong."""
        self.fields: dict[str, Phrase] = {}

    def add(self, field: str, message: str, **params: object) -> None:
        """Note a problem of a field; the first one found is shown."""
        self.fields.setdefault(field, Phrase(message, params))

    def settle(self) -> None:
        """Refuse when anything was noted."""
        if self.fields:
            raise Refusal(
                "product.invalid",
                N_("This cannot be saved. Fields that need attention: {count}"),
                params={"count": len(self.fields)},
                rules=("Q8",),
                fields=self.fields,
            )

    def text(self, field: str, text: str, limit: int, *, lines: bool = False, required: bool = False) -> str:
        """A text without marks that deceive, in its limits; trimmed and in normal form."""
        clean = normal(text)
        if required and not clean:
            self.add(field, N_("This is required."))
        if len(clean) > limit:
            self.add(
                field, N_("At most {limit} characters, these are {length}."), limit=limit, length=len(clean)
            )
        if trouble := deceit(clean, "\n\t" if lines else ""):
            self.add(field, trouble)
        return clean

    def price(self, field: str, text: str, *, required: bool = True) -> int | None:
        """A price above zero and at most ten million dollars, in cents (M1)."""
        if not text.strip():
            if required:
                self.add(field, N_("This is required."))
            return None
        try:
            cents = parse_amount(text.strip(), field)
        except Refusal as refusal:
            for phrase in refusal.fields.values():
                self.add(field, phrase.msgid, **phrase.params)
            return None
        if cents <= 0:
            self.add(field, N_("A price is above zero."))
        elif cents > PRICE_LIMIT:
            self.add(field, N_("A price is at most US$10,000,000."))
        return cents

    def number(self, field: str, value: int, low: int, high: int) -> int:
        """A whole number between two limits."""
        if not low <= value <= high:
            self.add(field, N_("A whole number from {low} to {high} is expected."), low=low, high=high)
        return value

    def tiers(self, field: str, tiers: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
        """Up to four tiers (quantity, cents): quantities rise, prices fall, both strictly (Q3)."""
        if len(tiers) > TIERS_LIMIT:
            self.add(field, N_("At most {limit} price tiers are possible."), limit=TIERS_LIMIT)
        found: list[tuple[int, int]] = []
        for index, (quantity, text) in enumerate(tiers):
            self.number(f"{field}.{index}.quantity", quantity, 1, QUANTITY_LIMIT)
            cents = self.price(f"{field}.{index}.price_usd", text)
            if cents is None:
                continue
            if found and quantity <= found[-1][0]:
                self.add(
                    f"{field}.{index}.quantity", N_("Each tier needs a larger quantity than the one before.")
                )
            if found and cents >= found[-1][1]:
                self.add(
                    f"{field}.{index}.price_usd", N_("Each tier needs a lower price than the one before.")
                )
            found.append((quantity, cents))
        return found
