"""What stores do in the Verified Center: apply, withdraw, show and remove engineering cases (S3)."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from august.catalog import lines
from august.catalog.checks import Problems
from august.kernel.clock import day_start, pt_day
from august.kernel.commands import command
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.files import PICTURES
from august.kernel.money import parse_amount
from august.kernel.tables import by_id
from august.kernel.words import N_, Phrase
from august.verified.models import EngineeringCase, Proof
from august.verified.payloads import AddCase, Apply, FileRef, RemoveCase, Withdraw
from august.verified.queries import case_rules, conditions_of, review_rules, standing, title_of
from august.verified.rules import KINDS, Ask, Value

WHOLE = re.compile("[0-9]{1,9}")
YEAR = re.compile("[0-9]{4}")
MONTH = re.compile("[0-9]{4}-[0-9]{2}")
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
FILE_NAME_MOST = 120


@command("verified.apply", title=N_("Apply for verification"))
def apply(ctx: Context, cmd: Apply) -> dict[str, Any]:
    """Hand in an application; its review ends at a Pacific midnight (S3-access, S3-review)."""
    if cmd.kind not in KINDS:
        raise unknown_kind(cmd.kind)
    _may_apply(ctx, cmd.kind)
    rules, found = review_rules(ctx), Problems()
    review = rules.of(cmd.kind)
    details = _details(review.asks, cmd.details, rules.text_most, found)
    files = _files(ctx, cmd.files, rules.files_most, found)
    _settle(found, "S3-review")
    made = Proof(
        merchant_id=ctx.merchant,
        kind=cmd.kind,
        state="submitted",
        submitted_at=ctx.now,
        due_at=day_start(pt_day(ctx.now) + timedelta(days=review.days)),
        decided_at=None,
        details=details,
        files=files,
        findings=[],
    )
    ctx.session.add(made)
    ctx.session.flush()
    ctx.emit("verified.applied", ("proof", made.id), proof=cmd.kind)
    return {"proof": made.id}


def _may_apply(ctx: Context, kind: str) -> None:
    """Refuse a store without access, and what is in review or verified already."""
    failed = [each for each in conditions_of(ctx, kind, standing(ctx)) if not each.met]
    if failed:
        raise Refusal(
            "verified.no_access",
            N_("This store cannot apply for {kind}."),
            params={"kind": title_of(ctx, kind)},
            rules=("S3-access",),
            remedy=failed[0].why.remedy,
            fields={each.name: Phrase(each.why.message, each.why.params) for each in failed},
            status=409,
        )
    asked = select(Proof.state).where(Proof.merchant_id == ctx.merchant, Proof.kind == kind)
    states = set(ctx.session.scalars(asked))
    if "submitted" in states:
        raise Refusal(
            "verified.in_review",
            N_("An application for {kind} is in review."),
            params={"kind": title_of(ctx, kind)},
            rules=("S3-review",),
            remedy=N_("Await its result, or withdraw it and apply again."),
            status=409,
        )
    if "verified" in states and kind not in review_rules(ctx).renewable:
        raise Refusal(
            "verified.already",
            N_("{kind} is verified already."),
            params={"kind": title_of(ctx, kind)},
            rules=("S3-review",),
            remedy=N_("There is nothing more to apply for here."),
            status=409,
        )


def _details(
    asks: Sequence[Ask], typed: Mapping[str, str], text_most: int, found: Problems
) -> dict[str, Value]:
    """What was typed, read; what was left out is None and for the review to judge."""
    known = {ask.name for ask in asks}
    for name in typed:
        if name not in known:
            found.add(f"details.{name[:40]}", N_("There is no such field."))
    return {ask.name: _value(ask, typed.get(ask.name, ""), text_most, found) for ask in asks}


def _value(ask: Ask, typed: str, text_most: int, found: Problems) -> Value:
    field = f"details.{ask.name}"
    text = found.text(field, typed, text_most, lines=ask.sort == "text")
    if not text:
        return None
    if ask.sort == "text":
        return text
    if ask.sort in READERS:
        return READERS[ask.sort](field, text, found)
    known = ask.options if ask.sort == "choice" else lines.standing().countries
    if text not in known:
        found.add(field, N_("Choose one of the list."))
    return text


def _cents(field: str, text: str, found: Problems) -> int | None:
    try:
        cents = parse_amount(text, field)
    except Refusal as refusal:
        for phrase in refusal.fields.values():
            found.add(field, phrase.msgid, **phrase.params)
        return None
    # As many digits as every database and browser keeps exactly.
    if cents > 10**15:
        found.add(field, N_("This amount is larger than the product accepts."))
    return cents


def _day(field: str, text: str, found: Problems) -> str | None:
    try:
        # Python would read a week (2023-W35-4) as well.
        if DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    found.add(field, N_("Write a day such as 2023-08-31."))
    return None


def _number(field: str, text: str, found: Problems) -> int | None:
    if WHOLE.fullmatch(text):
        return int(text)
    found.add(field, N_("A whole number is expected."))
    return None


def _year(field: str, text: str, found: Problems) -> int | None:
    if YEAR.fullmatch(text):
        return int(text)
    found.add(field, N_("Write a year such as 2021."))
    return None


READERS: Mapping[str, Callable[[str, str, Problems], Value]] = {
    "money": _cents,
    "number": _number,
    "year": _year,
    "date": _day,
}


def _files(ctx: Context, refs: Sequence[FileRef], most: int, found: Problems) -> list[dict[str, Any]]:
    """The files as they are kept with what refers to them; each must have been uploaded."""
    if len(refs) > most:
        found.add("files", N_("At most {limit} files are possible."), limit=most)
        return []
    kept: dict[str, dict[str, Any]] = {}
    for index, ref in enumerate(refs):
        stored = ctx.files.known(ref.hash) if ctx.files is not None else None
        if stored is None:
            found.add(f"files.{index}.hash", N_("No file with this hash was uploaded."))
            continue
        name = found.text(f"files.{index}.name", ref.name, FILE_NAME_MOST, required=True)
        kept[ref.hash] = {"hash": ref.hash, "name": name, "size": stored.size, "kind": stored.kind}
    return list(kept.values())


@command("verified.withdraw", title=N_("Withdraw an application for verification"))
def withdraw(ctx: Context, cmd: Withdraw) -> dict[str, Any]:
    """Take back what is in review."""
    proof = own_proof(ctx, cmd.proof)
    if proof.state != "submitted":
        raise Refusal(
            "verified.decided",
            N_("Only an application in review can be withdrawn."),
            rules=("S3-review",),
            remedy=N_("Apply again if something changed."),
            status=409,
        )
    proof.state, proof.decided_at = "withdrawn", ctx.now
    ctx.emit("verified.withdrawn", ("proof", proof.id), proof=proof.kind)
    return {"proof": proof.id}


@command("verified.add_case", title=N_("Add an engineering case"))
def add_case(ctx: Context, cmd: AddCase) -> dict[str, Any]:
    """Show a project; it counts once the capability is verified (S3-cases)."""
    failed = [each for each in conditions_of(ctx, "engineering", standing(ctx)) if not each.met]
    if failed:
        raise Refusal(
            "verified.no_access",
            N_("This store cannot apply for {kind}."),
            params={"kind": title_of(ctx, "engineering")},
            rules=("S3-access",),
            remedy=failed[0].why.remedy,
            status=409,
        )
    rules, found = case_rules(ctx), Problems()
    title = found.text("title", cmd.title, rules.title_most, required=True)
    description = found.text("description", cmd.description, rules.description_most, lines=True)
    if len(description) < rules.description_least:
        found.add(
            "description",
            N_("At least {least} characters, these are {length}."),
            least=rules.description_least,
            length=len(description),
        )
    if cmd.country not in lines.standing().countries:
        found.add("country", N_("Choose one of the list."))
    files = _files(ctx, cmd.files, rules.pictures_most, found)
    if sum(each["kind"] in PICTURES for each in files) < rules.pictures_least:
        least = rules.pictures_least
        found.add("files", N_("Pictures (PNG or JPEG) needed: at least {least}."), least=least)
    finished = _month(cmd.finished_on, pt_day(ctx.now), found)
    value = _cents("value_usd", cmd.value_usd.strip(), found) if cmd.value_usd.strip() else None
    _settle(found, "S3-cases")
    made = EngineeringCase(
        merchant_id=ctx.merchant,
        title=title,
        country=cmd.country,
        finished_on=finished,
        value_cents=value,
        description=description,
        files=files,
        added_at=ctx.now,
        removed_at=None,
    )
    ctx.session.add(made)
    ctx.session.flush()
    ctx.emit("verified.case_added", ("engineering_case", made.id))
    return {"case": made.id}


def _month(text: str, today: date, found: Problems) -> str:
    """A month that is over, such as 2022-05."""
    try:
        month = date.fromisoformat(f"{text.strip()}-01") if MONTH.fullmatch(text.strip()) else None
    except ValueError:
        month = None
    if month is None:
        found.add("finished_on", N_("Write a month such as 2022-05."))
    elif month >= today.replace(day=1):
        found.add("finished_on", N_("The project is finished in a month that is over."))
    return text.strip()


@command("verified.remove_case", title=N_("Remove an engineering case"))
def remove_case(ctx: Context, cmd: RemoveCase) -> dict[str, Any]:
    """Show a case no longer; it counts no longer either."""
    case = by_id(ctx.session, EngineeringCase, cmd.case)
    if case is None or case.merchant_id != ctx.merchant or case.removed_at is not None:
        raise Refusal(
            "verified.no_case", N_("There is no engineering case {id}."), params={"id": cmd.case}, status=404
        )
    case.removed_at = ctx.now
    ctx.emit("verified.case_removed", ("engineering_case", case.id))
    return {"case": case.id}


def own_proof(ctx: Context, number: int) -> Proof:
    """A proof of the store; another's is as unknown as none."""
    proof = by_id(ctx.session, Proof, number)
    if proof is None or proof.merchant_id != ctx.merchant:
        raise Refusal("verified.unknown", N_("There is no proof {id}."), params={"id": number}, status=404)
    return proof


def unknown_kind(kind: str) -> Refusal:
    """Why a kind nobody knows is turned down."""
    return Refusal(
        "verified.no_kind", N_("There is no proof called {name}."), params={"name": kind[:40]}, status=404
    )


def _settle(found: Problems, rule: str) -> None:
    if found.fields:
        raise Refusal(
            "verified.invalid",
            N_("This cannot be sent: {count} fields need attention."),
            params={"count": len(found.fields)},
            rules=(rule,),
            fields=found.fields,
        )
