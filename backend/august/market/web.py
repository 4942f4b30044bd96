"""数据分析 › 市场模型 (K6), and the autopilot of the sandbox (K3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.response import Redirect

from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.market import queries, words
from august.market.demand import Curve, Demand, along
from august.market.queries import FactorView, Standing, in_words, measures_of
from august.market.seeds import Days, market_numbers
from august.merchants.queries import pilots, waiting
from august.sandboxes.door import Door
from august.settings import ROOT
from august.web.forms import fresh_key
from august.web.htmx import AnyRequest
from august.web.i18n import locale_of, number, percent, say, speaking, t
from august.web.pages import ReadForm
from august.web.shell import Crumb

WIDTH, HEIGHT, PAD = 240, 72, 8
ORIGIN_TONES = {"release": "accent", "decision": "middle", "assumption": ""}
TIMES = {"hours": N_("{time} h"), "days": N_("{time} days")}
DONE = {"on": N_("The autopilot has the chore."), "off": N_("The chore is yours again.")}


@cache
def numbers() -> tuple[Demand, Mapping[str, Days]]:
    """The numbers of the release."""
    return market_numbers(ROOT / "seeds")


@dataclass(frozen=True)
class Spark:
    """A curve as points of a small drawing, the level of ×1, and where the store and the others stand."""

    points: str
    level: float
    mine: tuple[float, float] | None
    others: tuple[float, float] | None


@dataclass(frozen=True)
class FactorCard:
    """A factor ready to be shown."""

    name: str
    title: str
    origin: str
    source: str
    spark: Spark
    mine: Phrase | None
    others: Phrase | None
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class NumberRow:
    """A number in words: its sentence, its value as a text or as rows, its origin."""

    text: str
    value: str
    rows: Sequence[tuple[str, str]]
    origin: str


class MarketPage(Controller):
    """How the market works, and how it sees the player's store."""

    path = "/w/{sandbox_id:str}/market"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """Every factor and every number with its origin."""
        demand, _ = numbers()
        with door.reading() as ctx:
            found = queries.view(ctx, demand, measures_of(door.world.house.features))
        with speaking(locale_of(request)):
            stages = [(key, step, [card(view) for view in found[key]]) for key, step in words.STAGES.items()]
            parts = [(part, title, rows_of(demand, part)) for part, title in words.PARTS.items()]
        return door.page(
            request,
            "market/index.html",
            stages=stages,
            parts=parts,
            origin_words=queries.ORIGINS,
            origin_tones=ORIGIN_TONES,
            size=(WIDTH, HEIGHT),
            crumbs=(Crumb(Phrase(N_("Analytics"))), Crumb(Phrase(N_("How the market works")))),
        )


class AutopilotPage(Controller):
    """Which chores are done by themselves, and how well."""

    path = "/w/{sandbox_id:str}/autopilot"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The chores with their switches."""
        return self._page(request, door)

    @post(sync_to_thread=True, status_code=200)
    def choose(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Hand a chore over, or take it back."""
        policy = form.text("policy") or None
        try:
            door.run("merchants.set_autopilot", {"chore": form.text("chore"), "policy": policy}, form.key)
        except Refusal as refused:
            return self._page(request, door, refused)
        done = "on" if policy else "off"
        return Redirect(f"/w/{door.sandbox.id}/autopilot?done={done}", status_code=303)

    @staticmethod
    def _page(request: AnyRequest, door: Door, refused: Refusal | None = None) -> Response[str]:
        _, days = numbers()
        with door.reading() as ctx:
            chosen, queue = pilots(ctx), waiting(ctx)
        with speaking(locale_of(request)):
            rows = [
                (chore, words.CHORES[chore], chosen.get(chore, ""), queue[chore], habits(days, chore))
                for chore in words.CHORES
            ]
        return door.page(
            request,
            "market/autopilot.html",
            status=refused.status if refused else 200,
            refused=refused,
            rows=rows,
            seats=words.SEATS,
            form_key=fresh_key(),
            done=DONE.get(request.query_params.get("done", "")),
            crumbs=(Crumb(Phrase(N_("Sandbox"))), Crumb(Phrase(N_("Autopilot")))),
        )


def card(view: FactorView) -> FactorCard:
    """A factor in the reader's language."""
    factor = view.factor
    column = factor.column
    return FactorCard(
        name=factor.name,
        title=say(factor.title),
        origin=factor.origin,
        source=factor.source,
        spark=spark(factor.curve, view.mine, view.others),
        mine=_mine(column, view.mine),
        others=None
        if view.others is None
        else Phrase(
            N_("Others in your categories: ×{times} on average"), {"times": _times(view.others.mean)}
        ),
        rows=[(in_words(column, value), _times(times)) for value, times in factor.curve],
    )


def _mine(column: str, standing: Standing | None) -> Phrase | None:
    if standing is None:
        return None
    told = {
        "least": in_words(column, standing.least),
        "middle": in_words(column, standing.middle),
        "most": in_words(column, standing.most),
        "times": _times(standing.mean),
    }
    if standing.single:
        return Phrase(N_("Your store: {middle} makes ×{times}"), told)
    return Phrase(N_("Your products: {least} to {most}, middle {middle}; ×{times} on average"), told)


def _times(value: float) -> str:
    return f"{value:.2f}"


def spark(curve: Curve, mine: Standing | None, others: Standing | None) -> Spark:
    """The drawing of a curve; dots mark the middle values."""
    left, right = curve[0][0], curve[-1][0]
    low = min(1.0, *(times for _, times in curve))
    high = max(1.0, *(times for _, times in curve))

    def across(value: float) -> float:
        inside = min(max(value, left), right)
        return round(PAD + (inside - left) / (right - left) * (WIDTH - 2 * PAD), 1)

    def down(times: float) -> float:
        return round(HEIGHT - PAD - (times - low) / (high - low) * (HEIGHT - 2 * PAD), 1)

    def dot(standing: Standing | None) -> tuple[float, float] | None:
        if standing is None:
            return None
        return across(standing.middle), down(along(curve, standing.middle))

    points = " ".join(f"{across(value)},{down(times)}" for value, times in curve)
    return Spark(points, down(1.0), dot(mine), dot(others))


def rows_of(demand: Demand, part: str) -> list[NumberRow]:
    """The numbers of a part in words."""
    found: dict[str, Any] = msgspec.structs.asdict(getattr(demand, part))
    return [_row(words.SAID[part][name], value) for name, value in found.items()]


def habits(days: Mapping[str, Days], chore: str) -> list[tuple[str, list[str]]]:
    """What each policy does in a chore, a line a number."""
    return [
        (
            t(words.DAYS[name].text),
            [_written(words.DAYS[name], getattr(days[seat], name)) for seat in words.SEATS],
        )
        for name in words.CHORES[chore].numbers
    ]


def _row(said: words.Said, value: Any) -> NumberRow:
    if isinstance(value, Mapping):
        rows = [(t(words.KEYS.get(key, key)), _unit(said.unit, each)) for key, each in value.items()]
        return NumberRow(t(said.text), "", rows, said.origin)
    if isinstance(value, tuple) and isinstance(value[0], tuple):
        rows = [(_unit(said.over, left), _unit(said.unit, right)) for left, right in value]
        return NumberRow(t(said.text), "", rows, said.origin)
    return NumberRow(t(said.text), _written(said, value), (), said.origin)


def _written(said: words.Said, value: Any) -> str:
    """One value, a span from least to most, or a list of them."""
    if not isinstance(value, tuple):
        return _unit(said.unit, value)
    if len(value) == 2 and said.unit in TIMES:  # noqa: PLR2004 - least and most
        return t(TIMES[said.unit], time="–".join(number(each, 1) for each in value))
    joint = "–" if said.unit == "share" and len(value) == 2 else t(N_(", "))  # noqa: PLR2004 - the same
    return joint.join(_unit(said.unit, each) for each in value)


def _unit(unit: str, value: float) -> str:
    texts = {
        "share": lambda: percent(value),
        "percent": lambda: f"{number(value)}%",
        "times": lambda: f"×{number(value, 3)}",
        "hours": lambda: t(TIMES["hours"], time=number(value, 1)),
        "days": lambda: t(TIMES["days"], time=number(value, 1)),
        "tenths": lambda: f"{value / 10:.1f}",
        "count": lambda: number(value, 3),
    }
    return texts[unit]()
