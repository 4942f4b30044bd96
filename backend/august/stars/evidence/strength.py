"""Evidence of the strength bonus: proofs in every state, and engineering cases (S3)."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import select

from august.kernel.columns import to_epoch
from august.kernel.words import N_
from august.stars.bonus import BonusRules
from august.stars.cut import Cut
from august.stars.evidence.ledger import NONE, Bools, Entries, Heads, Ledger, Verdict, joined, judged
from august.stars.inputs import PROFESSIONAL, SERVICES
from august.stars.marks import ints
from august.verified.models import EngineeringCase, Proof
from august.verified.queries import Strength, strengths

HEADS = Heads(N_("Proof or case"), at=N_("Decided or added"), then=N_("Submitted"), value=N_("Points"))
STATES = {
    "submitted": Verdict(N_("Still in review")),
    "rejected": Verdict(N_("The review rejected it")),
    "withdrawn": Verdict(N_("The application was withdrawn")),
}


def strength(cut: Cut, rules: BonusRules, industry: str) -> Ledger:
    """Proofs with the points each earns before the caps, and the cases of the engineering capability."""
    had = strengths(cut.ctx).get(cut.ctx.merchant, Strength())
    return joined(_proofs(cut, rules, industry, had), _cases(cut, had))


def _proofs(cut: Cut, rules: BonusRules, industry: str, had: Strength) -> Ledger:
    asked = select(Proof).where(Proof.merchant_id == cut.ctx.merchant).order_by(Proof.id)
    proofs = cut.ctx.session.scalars(asked).all()
    earned = ints([_points(each, rules, industry, had.cases) for each in proofs])
    rows = Entries(
        kind="proof",
        numbers=ints([each.id for each in proofs]),
        at=ints([NONE if each.decided_at is None else to_epoch(each.decided_at) for each in proofs]),
        then=ints([to_epoch(each.submitted_at) for each in proofs]),
        values=earned,
        above=earned,
    )
    best = _best(proofs)
    cases = [
        (best & (earned > 0), Verdict(N_("Verified: counts with its points"), above=True)),
        (best, Verdict(N_("Verified, but earns nothing as the rule stands"))),
        (_in_state(proofs, "verified"), Verdict(N_("A proof of this kind counts already"))),
        *((_in_state(proofs, state), verdict) for state, verdict in STATES.items()),
    ]
    return judged(HEADS, rows, cases)


def _points(proof: Proof, rules: BonusRules, industry: str, cases: int) -> int:
    """What a proof earns alone."""
    return rules.earned(
        _export(proof),
        [kind for kind in PROFESSIONAL if kind == proof.kind],
        [kind for kind in SERVICES if kind == proof.kind],
        cases if proof.kind == "engineering" else 0,
        industry,
    ).total


def _export(proof: Proof) -> int:
    return int(proof.details.get("yearly_export_usd") or 0) if proof.kind == "export" else 0


def _in_state(proofs: Sequence[Proof], state: str) -> Bools:
    return np.array([each.state == state for each in proofs], dtype=np.bool_)


def _best(proofs: Sequence[Proof]) -> Bools:
    """The verified proof of each kind that counts: the highest export, the newest of the others."""
    best: dict[str, Proof] = {}
    for proof in proofs:
        if proof.state == "verified" and (
            proof.kind not in best or _export(proof) >= _export(best[proof.kind])
        ):
            best[proof.kind] = proof
    return np.array([best.get(each.kind) is each for each in proofs], dtype=np.bool_)


def _cases(cut: Cut, had: Strength) -> Ledger:
    """The cases on show; they bring no points themselves, the capability does."""
    table = EngineeringCase
    asked = select(table.id, table.added_at).where(
        table.merchant_id == cut.ctx.merchant, table.removed_at.is_(None)
    )
    found = cut.ctx.session.execute(asked.order_by(table.id)).all()
    every, none = np.ones(len(found), dtype=np.bool_), np.zeros(len(found), dtype=np.int64)
    rows = Entries(
        kind="case",
        numbers=ints([number for number, _ in found]),
        at=ints([to_epoch(added) for _, added in found]),
        above=none,
    )
    counted = Verdict(N_("Counts for the engineering capability"), above=True)
    waiting = Verdict(N_("Counts once the engineering capability is verified"))
    return judged(HEADS, rows, [(every, counted if had.engineering else waiting)])
