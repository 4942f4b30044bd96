"""What stores had verified before a world is played: by its file, rivals by luck and policy (S3)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from august.kernel.clock import day_start, pt_day
from august.kernel.luck import Luck
from august.kernel.rulebook import Rulebook
from august.market.seeds import GivenProof, ProofHabits, Rival
from august.verified.rules import KINDS, AccessRules, Ask, ReviewRules, accepted, review

PERCENT = 100
CENTS = 100
# How long before the first day the newest proof was decided, and within how many days the others were.
AGO, WITHIN = 30, 300
COUNTRIES = ("US", "AE", "AU", "SG")
ABOUT = (
    "We plan, make, deliver and install whole projects: drawings and samples first, then production, "
    "a team on site, and maintenance afterwards."
)
TEXTS: Mapping[str, str] = {
    "partner": "Partner named in the contract",
    "brand": "Brand named in the authorisation",
    "goods": "Goods named in the documents",
    "statement": ABOUT,
}


class Drawer:
    """Collects the rows of proofs and cases, numbered from 1."""

    def __init__(self, luck: Luck, now: datetime, rulebook: Rulebook) -> None:
        """Take the rules in force at birth."""
        self.luck, self.now = luck, now
        self.access: AccessRules = rulebook.values("S3-access", now)
        self.reviews: ReviewRules = rulebook.values("S3-review", now)
        self.proofs: list[dict[str, Any]] = []
        self.cases: list[dict[str, Any]] = []

    def given(self, store: int, company: str, proofs: tuple[GivenProof, ...]) -> None:
        """The proofs a world file names."""
        for each in proofs:
            known = {} if each.export_usd is None else {"yearly_export_usd": each.export_usd * CENTS}
            self._proof(store, company, each.kind, known)

    def lucky(self, store: int, rival: Rival, habits: ProofHabits) -> None:
        """A rival's proofs, each by its own chance, of those its store may apply for."""
        if rival.membership != self.access.membership:
            return
        for place, kind in enumerate(KINDS):
            open_to = self.access.industries.get(kind)
            chance = habits.chances.get(kind, 0)
            drawn = self.luck.integer("rival.proof", store, place, below=PERCENT)
            if drawn >= chance or (open_to is not None and rival.industry not in open_to):
                continue
            low, high = habits.export_usd
            export = low + self.luck.integer("rival.export", store, below=high - low + 1)
            known = {"yearly_export_usd": export * CENTS} if kind == "export" else {}
            self._proof(store, rival.name_en, kind, known)
            if kind == "engineering":
                self._cases(store, self.luck.integer("rival.cases", store, below=habits.cases + 1))

    def _proof(self, store: int, company: str, kind: str, known: Mapping[str, Any]) -> None:
        rules = self.reviews.of(kind)
        back = AGO + self.luck.integer("proof.age", store, KINDS.index(kind), below=WITHIN)
        decided = day_start(pt_day(self.now) - timedelta(days=back))
        number = 10_000_000 + self.luck.integer("proof.number", store, KINDS.index(kind), below=90_000_000)
        texts = {**TEXTS, "holder": company, "number": str(number)}
        details = {ask.name: known.get(ask.name, stated(ask, decided, texts)) for ask in rules.asks}
        findings = review(rules, details, rules.documents, pt_day(decided))
        if not accepted(findings):
            raise ValueError(kind)
        self.proofs.append(
            {
                "id": len(self.proofs) + 1,
                "merchant_id": store,
                "kind": kind,
                "state": "verified",
                "submitted_at": day_start(pt_day(decided) - timedelta(days=rules.days)) + timedelta(hours=9),
                "due_at": decided,
                "decided_at": decided,
                "details": details,
                "files": [],
                "findings": [
                    {"name": each.name, "passed": each.passed, "have": each.have} for each in findings
                ],
            }
        )

    def _cases(self, store: int, count: int) -> None:
        for place in range(count):
            back = timedelta(days=AGO + self.luck.integer("case.age", store, place, below=WITHIN))
            self.cases.append(
                {
                    "id": len(self.cases) + 1,
                    "merchant_id": store,
                    "title": f"Project {place + 1}",
                    "country": self.luck.choice("case.country", store, place, options=COUNTRIES),
                    "finished_on": f"{pt_day(self.now - back - timedelta(days=40)):%Y-%m}",
                    "value_cents": None,
                    "description": ABOUT,
                    "files": [],
                    "added_at": self.now - back,
                    "removed_at": None,
                }
            )


def stated(ask: Ask, at: datetime, texts: Mapping[str, str]) -> int | str:
    """What a store of old stated: what the review just accepts."""
    match ask.sort:
        case "text":
            return texts[ask.name]
        case "date":
            return (pt_day(at) + timedelta(days=3 * 365)).isoformat()
        case "choice":
            return (ask.accepted or ask.options)[0]
        case "country":
            return "US"
        case "year":
            return pt_day(at).year - 1
    return max(ask.least, 1)
