"""Live quotes: every line side by side, what fits, what it costs, what is taken off; no state is touched."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from august.catalog import carriers
from august.catalog.carriers import Carrier
from august.catalog.models import Product
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.logistics.judging import Judgement
from august.logistics.orders import state_rules
from august.logistics.payloads import Parcel, PlaceOrder
from august.logistics.position import Position, judged
from august.logistics.rules import charged_weight, freight
from august.trade.acting import party_order
from august.trade.commands import obstacle
from august.trade.models import Order

GRAMS = 1000
WEIGHT_MOST = 3_000_000_00


@dataclass(frozen=True)
class Goods:
    """What is sent: all packages together, in grams and cubic millimetres."""

    country: str
    cargo: str
    pieces: int
    weight_g: int
    volume_mm3: int


@dataclass(frozen=True)
class LineQuote:
    """A line's quote; `problem` says why the line does not take the goods, and then nothing is quoted."""

    line: Carrier
    problem: Phrase | None
    base: int = 0
    charged_g: int = 0
    days: tuple[int, int] = (0, 0)
    reduction: Judgement | None = None
    coupon: Judgement | None = None
    chosen: Judgement | None = None

    @property
    def kilograms(self) -> float:
        """The charged weight as pages say it."""
        return self.charged_g / GRAMS

    @property
    def pay(self) -> int:
        """What is paid with the best benefit."""
        return self.base if self.chosen is None else self.chosen.pay


def goods_of(ctx: Context, cmd: PlaceOrder) -> Goods:
    """The goods of a command; refuses countries and sizes that cannot be, naming every field."""
    wrong = misfits(ctx, cmd.parcel)
    if cmd.country not in carriers.standing().places:
        wrong["country"] = Phrase(N_("Choose one of the offered values."))
    if wrong:
        raise Refusal(
            "logistics.bad_goods",
            N_("These goods cannot be sent. Fields that need attention: {count}"),
            params={"count": len(wrong)},
            rules=("logistics.states",),
            fields=wrong,
        )
    parcel = cmd.parcel
    return Goods(
        cmd.country,
        cmd.cargo,
        parcel.pieces,
        parcel.pieces * parcel.weight_g,
        parcel.pieces * parcel.length_mm * parcel.width_mm * parcel.height_mm,
    )


def misfits(ctx: Context, parcel: Parcel) -> dict[str, Phrase]:
    """What is wrong with the packages, by field."""
    rules = state_rules(ctx)
    limits: Mapping[str, int] = {
        "pieces": rules.pieces_most,
        "length_mm": rules.side_mm_most,
        "width_mm": rules.side_mm_most,
        "height_mm": rules.side_mm_most,
        "weight_g": WEIGHT_MOST,
    }
    text = N_("A whole number from {low} to {high} is expected.")
    return {
        f"parcel.{name}": Phrase(text, {"low": 1, "high": most})
        for name, most in limits.items()
        if not 1 <= getattr(parcel, name) <= most
    }


def problem_of(line: Carrier, goods: Goods) -> tuple[str, Phrase] | None:
    """The field and the reason for which a line does not take goods."""
    if goods.country not in line.tariffs:
        return "country", Phrase(N_("It does not go there."))
    if goods.cargo not in line.cargo:
        return "cargo", Phrase(N_("It does not take such goods."))
    _, charged = base_of(line, goods)
    if charged > line.weight.most_g:
        kilograms = line.weight.most_g // GRAMS
        return "parcel.weight_g", Phrase(N_("It carries at most {kilograms} kg."), {"kilograms": kilograms})
    return None


def base_of(line: Carrier, goods: Goods) -> tuple[int, int]:
    """Base freight in fen and charged weight in grams."""
    weight = line.weight
    charged = charged_weight(goods.weight_g, goods.volume_mm3, weight.step_g, weight.least_g, weight.divisor)
    tariff = line.tariffs[goods.country]
    return freight(charged, tariff.base_fen, tariff.bands), charged


def checked(_ctx: Context, goods: Goods, code: str) -> Carrier:
    """A line that takes the goods; refused with the field otherwise."""
    line = carriers.standing().lines.get(code)
    found = (
        ("line", Phrase(N_("Choose one of the offered values."))) if line is None else problem_of(line, goods)
    )
    if line is None or found is not None:
        field, reason = found or ("line", Phrase(""))
        raise Refusal(
            "logistics.bad_line",
            N_("The line {line} does not take these goods."),
            params={"line": code[:40] if line is None else line.name},
            rules=("F-logistics",),
            fields={field: reason},
            remedy=N_("Choose another line of those that are quoted."),
        )
    return line


def quotes(ctx: Context, here: Position, goods: Goods, benefit: str = "best") -> list[LineQuote]:
    """Every line: those that take the goods by what is paid in the end, then the others."""
    found = []
    for line in carriers.standing().lines.values():
        problem = problem_of(line, goods)
        if problem is not None:
            found.append(LineQuote(line, problem[1]))
            continue
        base, charged = base_of(line, goods)
        days = line.tariffs[goods.country].days
        found.append(LineQuote(line, None, base, charged, days, *judged(ctx, here, line.code, base, benefit)))
    return sorted(found, key=lambda each: (each.problem is not None, each.pay))


def shippable(ctx: Context, number: int, quantity: int | None, country: str) -> Order:
    """A buyer's order whose goods can leave now, to its own country; refused otherwise."""
    order = party_order(ctx, number)
    if (why := obstacle(order)) is not None:
        raise why
    left = order.quantity - order.shipped_quantity
    wrong: dict[str, Phrase] = {}
    if quantity is not None and not 1 <= quantity <= left:
        text = N_("A whole number from {low} to {high} is expected.")
        wrong["quantity"] = Phrase(text, {"low": 1, "high": left})
    if country != order.country:
        wrong["country"] = Phrase(N_("The order goes to another country."))
    if wrong:
        raise Refusal(
            "logistics.not_of_order",
            N_("These are not the goods of order {id}."),
            params={"id": str(number)},
            rules=("logistics.states",),
            fields=wrong,
        )
    return order


def first_goods(ctx: Context, order: Order | None) -> dict[str, Any]:
    """What a new form begins with: what is left of an order, in its product's packages."""
    if order is None:
        return {
            "pieces": 1,
            "length_cm": 40,
            "width_cm": 30,
            "height_cm": 20,
            "weight_kg": "5",
            "country": "US",
        }
    left = order.quantity - order.shipped_quantity
    product = ctx.session.get_one(Product, order.product_id)
    box = product.package_mm or {"l": 400, "w": 300, "h": 200}
    return {
        "pieces": left,
        "length_cm": f"{box['l'] / 10:g}",
        "width_cm": f"{box['w'] / 10:g}",
        "height_cm": f"{box['h'] / 10:g}",
        "weight_kg": f"{(product.weight_g or 5000) / GRAMS:g}",
        "country": order.country,
    }
