"""Reviews end at Pacific midnights (S3-review)."""

from functools import cache
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Select, bindparam, select

from august.kernel.clock import PACIFIC, pt_day
from august.kernel.columns import to_epoch
from august.kernel.context import Context
from august.kernel.jobs import Job
from august.kernel.plain import plain, tuples
from august.kernel.words import N_
from august.messages.commands import send
from august.verified.models import Proof
from august.verified.rules import ReviewRules, accepted, review


@cache
def _due() -> Select[Any]:
    proof = plain(Proof)
    due = proof.c.state == "submitted", proof.c.due_at <= bindparam("now")
    return select(proof.c.id).where(*due).order_by(proof.c.id)


def decide_due(ctx: Context) -> None:
    """Decide what is due by the criteria of the day it was handed in, and tell the stores."""
    for (number,) in tuples(ctx.session.connection(), _due(), {"now": to_epoch(ctx.now)}):
        proof = ctx.session.get_one(Proof, number)
        rules: ReviewRules = ctx.rulebook.values("S3-review", proof.submitted_at)
        findings = review(rules.of(proof.kind), proof.details, len(proof.files), pt_day(ctx.now))
        passed = accepted(findings)
        proof.findings = [{"name": each.name, "passed": each.passed, "have": each.have} for each in findings]
        proof.state, proof.decided_at = "verified" if passed else "rejected", ctx.now
        fact = ctx.emit(f"verified.{proof.state}", ("proof", proof.id), proof=proof.kind)
        fact.merchant_id = proof.merchant_id
        send(
            ctx,
            N_("{proof}: the review has verified it.")
            if passed
            else N_("{proof}: the review has rejected it; see what was missing and apply again."),
            to=proof.merchant_id,
            kind="verified",
            path=f"/verified/proofs/{proof.id}",
            proof=rules.of(proof.kind).title,
        )


REVIEW = Job(
    "verified.review",
    25,
    CronTrigger(hour=0, timezone=PACIFIC),
    decide_due,
    N_("Decide verifications that are due"),
    routine=True,
)
