"""``POST /api/v1/calculators/<name>``: ask a rule; nothing is read but the rulebook, nothing written."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from august.calculators import easy_return, fees, freight, opportunities, quality, stars, strength, zones
from august.calculators.registry import Calculator
from august.kernel.errors import Refusal
from august.kernel.payloads import convert, decode
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_
from august.web.i18n import explain_json, locale_of
from august.web.problems import PROBLEM_HANDLERS

CALCULATORS: dict[str, Calculator] = {
    each.name: each
    for each in (
        zones.CALCULATOR,
        quality.CALCULATOR,
        strength.STRENGTH,
        strength.MACHINERY,
        stars.CALCULATOR,
        opportunities.CALCULATOR,
        fees.SERVICE_FEE,
        fees.OA_FEE,
        easy_return.CALCULATOR,
        freight.FREIGHT_OFFER,
        freight.COUPON,
    )
}
MOST_BYTES = 1_000_000


def ask(name: str, data: Any, rulebook: Rulebook, locale: str) -> dict[str, Any]:
    """The decision with its explanation; refuses an unknown calculator (404) and what does not fit."""
    calculator = CALCULATORS.get(name)
    if calculator is None:
        raise Refusal(
            "calculator.unknown",
            N_("There is no calculator {name}."),
            params={"name": name[:60]},
            remedy=N_("GET /api/v1/calculators lists them."),
            status=404,
        )
    found = calculator.answer(convert(data, calculator.asks), rulebook)
    return {**found.decision, "why": explain_json(found.why, locale, rulebook, found.at)}


class CalculatorsApi(Controller):
    """Every rule as a pure question."""

    path = "/api/v1/calculators"
    exception_handlers = PROBLEM_HANDLERS

    @get(sync_to_thread=False)
    def listing(self) -> dict[str, list[str]]:
        """Name the calculators."""
        return {"calculators": list(CALCULATORS)}

    @post("/{name:str}", status_code=200, request_max_body_size=MOST_BYTES)
    async def calculate(
        self, request: Request[Any, Any, Any], name: FromPath[str]
    ) -> Response[dict[str, Any]]:
        """Answer one question."""
        rulebook: Rulebook = request.app.state["desk"].house.rulebook
        return Response(ask(name, decode(await request.body()), rulebook, locale_of(request)))
