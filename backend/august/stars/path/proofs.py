"""Proofs and engineering cases as acts: what they add, and when their review is over (S3)."""

from collections.abc import Iterator, Mapping

from august.kernel.clock import pt_day
from august.kernel.context import Context
from august.stars.bonus import BonusRules
from august.stars.path.search import Act, Inputs
from august.verified import queries as verified
from august.verified.models import Proof
from august.verified.rules import PROFESSIONAL, SERVICES

# Export is none of them: what it adds depends on a figure that only the company's books tell.
COUNTS: Mapping[str, str] = {
    **{kind: f"proof_{kind}" for kind in PROFESSIONAL},
    **{kind: f"service_{kind}" for kind in SERVICES},
    "engineering": "engineering",
}


def proof_acts(
    ctx: Context, found: verified.Overview, inputs: Inputs, proof: int, case: int
) -> Iterator[Act]:
    """What the store may apply for, what is in review and will pass, and cases up to the next tiers."""
    for kind, row in found.rows.items():
        if row.state == "submitted" and row.proof is not None:
            if verified.will_pass(ctx, row.proof):
                days = (pt_day(row.proof.due_at) - pt_day(ctx.now)).days
                yield Act(f"await:{kind}", "await", 0, _awaited(row.proof, inputs), days=days)
        elif row.step in {"apply", "again"} and kind in COUNTS:
            yield Act(f"proof:{kind}", "proof", proof, {COUNTS[kind]: 1}, days=row.days)
    rules: BonusRules = ctx.rulebook.values("S3", ctx.now)
    yield from _case_acts(found.rows["engineering"], rules, inputs, case)


def _awaited(proof: Proof, inputs: Inputs) -> Mapping[str, int]:
    if proof.kind in COUNTS:
        return {COUNTS[proof.kind]: 1}
    return {"export_cents": max(0, proof.details["yearly_export_usd"] - inputs["export_cents"])}


def _case_acts(row: verified.Row, rules: BonusRules, inputs: Inputs, minutes: int) -> Iterator[Act]:
    """Cases from tier to tier: between two tiers they add nothing (S3)."""
    if rules.engineering is None or not row.open:
        return
    before = {"verified": (), "submitted": ("await:engineering",)}.get(row.state, ("proof:engineering",))
    shown = inputs["cases"]
    for tier in rules.engineering.cases:
        if tier.least > shown:
            more = tier.least - shown
            yield Act(f"case:{tier.least}", "case", minutes * more, {"cases": more}, before)
            shown, before = tier.least, (f"case:{tier.least}",)
