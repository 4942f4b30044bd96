"""Bonus points: proven strength on the custom merchant ability (S3), local service on custom trade (S6)."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from august.kernel.rulebook import RuleValues
from august.stars.inputs import PROFESSIONAL, SERVICES

Ints = npt.NDArray[np.int64]
# What the strength bonus looks at, and what the local service bonus does.
STRENGTHS = (
    "custom_products", "custom_growth", "export_cents", *(f"proof_{kind}" for kind in PROFESSIONAL),
    *(f"service_{kind}" for kind in SERVICES), "engineering", "cases",
)  # fmt: skip
LOCAL = "local_gmv"


class ExportTier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From this verified yearly export on (US cents) a store has these points."""

    least_cents: int
    points: int


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A proof of industry service: its points, and the industries it counts in (none named: all)."""

    points: int
    industries: tuple[str, ...] = ()

    def counts_in(self, industry: str) -> bool:
        """Whether the proof counts for a store of this main industry."""
        return not self.industries or industry in self.industries


class CaseTier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From so many engineering cases on a verified store has these points."""

    least: int
    points: int


class Engineering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Engineering capability: where it counts, and what cases earn."""

    industries: tuple[str, ...]
    cases: tuple[CaseTier, ...]


class Bonus(msgspec.Struct, frozen=True):
    """The points of the three classes after their caps; all zero while the bonus is not open."""

    open: bool
    export: int
    professional: int
    service: int
    total: int


CLOSED = Bonus(open=False, export=0, professional=0, service=0, total=0)


class BonusRules(RuleValues, frozen=True):
    """The numbers of rule S3; the engineering capability is new in 5.1."""

    growth_least: int
    export: tuple[ExportTier, ...]
    export_cap: int
    professional: dict[str, int]
    professional_cap: int
    services: dict[str, Service]
    service_cap: int
    total_cap: int
    engineering: Engineering | None = None

    def __post_init__(self) -> None:
        """Refuse tiers that do not rise, and proofs nobody can have."""
        for tiers in (
            [each.least_cents for each in self.export],
            [each.least for each in self.engineering.cases] if self.engineering else [1],
        ):
            if tiers != sorted(set(tiers)) or tiers[0] < 1:
                msg = "the tiers of a bonus must rise from above zero"
                raise ValueError(msg)
        if set(self.professional) != set(PROFESSIONAL) or set(self.services) != set(SERVICES):
            msg = f"points are wanted for {', '.join((*PROFESSIONAL, *SERVICES))}"
            raise ValueError(msg)

    def of(self, inputs: Mapping[str, int], industry: str) -> Bonus:
        """The bonus of one store of a main first-level industry."""
        products = inputs["custom_products"]
        if not products or inputs["custom_growth"] < self.growth_least * products:
            return CLOSED
        return self.earned(
            inputs["export_cents"],
            [kind for kind in PROFESSIONAL if inputs[f"proof_{kind}"]],
            [kind for kind in SERVICES if inputs[f"service_{kind}"]],
            inputs["cases"] if inputs["engineering"] else 0,
            industry,
        )

    def earned(
        self,
        export_cents: int,
        professional: Sequence[str],
        services: Sequence[str],
        cases: int,
        industry: str,
    ) -> Bonus:
        """The points of verified proofs once the bonus is open; `cases` of a verified capability only."""
        export = max((each.points for each in self.export if export_cents >= each.least_cents), default=0)
        certified = min(self.professional_cap, sum(self.professional[kind] for kind in professional))
        service = sum(
            self.services[kind].points for kind in services if self.services[kind].counts_in(industry)
        )
        served = min(self.service_cap, service + self.case_points(cases, industry))
        export = min(self.export_cap, export)
        total = min(self.total_cap, export + certified + served)
        return Bonus(open=True, export=export, professional=certified, service=served, total=total)

    def case_points(self, cases: int, industry: str) -> int:
        """What engineering cases earn: two like one (S3)."""
        if self.engineering is None or industry not in self.engineering.industries:
            return 0
        return max((each.points for each in self.engineering.cases if cases >= each.least), default=0)

    def of_all(self, columns: Mapping[str, Ints], industries: Sequence[str]) -> Ints:
        """The totals of n stores, equal to `of` one by one; column `industry` counts in `industries`."""
        products = columns["custom_products"]
        opened = (products > 0) & (columns["custom_growth"] >= self.growth_least * products)
        export = _steps([(each.least_cents, each.points) for each in self.export], columns["export_cents"])
        certified = sum(
            (self.professional[kind] * (columns[f"proof_{kind}"] > 0) for kind in PROFESSIONAL),
            start=np.zeros_like(products),
        )
        service = np.zeros_like(products)
        for kind in SERVICES:
            rule = self.services[kind]
            counts = np.array([rule.counts_in(each) for each in industries])[columns["industry"]]
            service += rule.points * ((columns[f"service_{kind}"] > 0) & counts)
        if self.engineering is not None:
            within = np.array([each in self.engineering.industries for each in industries])
            cases = np.where(columns["engineering"] > 0, columns["cases"], 0)
            steps = _steps([(each.least, each.points) for each in self.engineering.cases], cases)
            service += np.where(within[columns["industry"]], steps, 0)
        total = (
            np.minimum(self.export_cap, export)
            + np.minimum(self.professional_cap, certified)
            + np.minimum(self.service_cap, service)
        )
        return np.where(opened, np.minimum(self.total_cap, total), 0)


def _steps(tiers: Sequence[tuple[int, int]], values: Ints) -> Ints:
    """The points of the highest tier that each value reaches."""
    points = np.array([0, *(points for _, points in tiers)], dtype=np.int64)
    return points[np.searchsorted([least for least, _ in tiers], values, side="right")]


class TradeRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A store with this trade star needs so much local-service trade for so many points."""

    star: int
    least_cents: int
    points: int


class MachineryRules(RuleValues, frozen=True):
    """The numbers of rule S6: rows by the trade star before the bonus; five stars have none."""

    industry: str
    rows: tuple[TradeRow, ...]

    def row(self, cents: int, star: int, industry: str) -> TradeRow | None:
        """The row a store reaches; the star and the amount must fit the same row."""
        if industry != self.industry:
            return None
        return next((each for each in self.rows if each.star == star and cents >= each.least_cents), None)

    def of_all(self, columns: Mapping[str, Ints], stars: Ints, industries: Sequence[str]) -> Ints:
        """The points of n stores with these trade stars before the bonus."""
        found = np.zeros_like(stars)
        within = np.array([each == self.industry for each in industries])[columns["industry"]]
        for each in self.rows:
            reached = within & (stars == each.star) & (columns["local_gmv"] >= each.least_cents)
            found = np.where(reached, each.points, found)
        return found
