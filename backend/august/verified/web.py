"""金品中心: 行业服务准入, 行业竞争力, applications with their files, engineering cases."""

from collections.abc import Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.catalog import lines
from august.kernel.clock import pt_day
from august.kernel.errors import Refusal
from august.kernel.files import MEGABYTE, MOST_BYTES, PICTURES
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.verified import queries, rules, words
from august.verified.commands import own_proof, unknown_kind
from august.verified.files_web import FORM_LIMIT, brought, taken
from august.web.forms import Form, fresh_key
from august.web.htmx import AnyRequest
from august.web.i18n import say
from august.web.pages import ReadForm
from august.web.shell import Crumb

DONE = {
    "applied": N_("The application was handed in."),
    "withdrawn": N_("The application was withdrawn."),
    "case": N_("The case was added."),
    "removed": N_("The case was removed."),
}
STEP_WORDS = {
    "apply": N_("Apply for it"),
    "again": N_("Apply again"),
    "renew": N_("Bring up to date"),
    "await": N_("Await the result"),
}
CENTER = Crumb(Phrase(N_("Verified Center")))


def strength_crumb(door: Door) -> Crumb:
    """The way back to the list of proofs."""
    return Crumb(Phrase(N_("Industry competitiveness")), f"/w/{door.sandbox.id}/verified")


def common(request: AnyRequest) -> dict[str, Any]:
    """The words all these pages use."""
    return {
        "classes": rules.CLASSES,
        "class_words": words.CLASS_WORDS,
        "kind_texts": words.KIND_TEXTS,
        "state_words": words.STATE_WORDS,
        "state_tones": words.STATE_TONES,
        "step_words": STEP_WORDS,
        "pictures": PICTURES,
        "file_mb": MOST_BYTES // MEGABYTE,
        "form_key": fresh_key(),
        "done": DONE.get(request.query_params.get("done", "")),
    }


class AccessPage(Controller):
    """行业服务准入: whether the store may apply for each proof."""

    path = "/w/{sandbox_id:str}/verified/access"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """All kinds with their conditions."""
        with door.reading() as ctx:
            return door.page(
                request,
                "verified/access.html",
                overview=queries.overview(ctx),
                **common(request),
                crumbs=(CENTER, Crumb(Phrase(N_("Industry service access")))),
            )


class StrengthPage(Controller):
    """行业竞争力: the proofs and how they stand."""

    path = "/w/{sandbox_id:str}/verified"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """All kinds by class."""
        with door.reading() as ctx:
            return door.page(
                request,
                "verified/index.html",
                overview=queries.overview(ctx),
                **common(request),
                crumbs=(CENTER, Crumb(Phrase(N_("Industry competitiveness")))),
            )


class ApplyPage(Controller):
    """The application form of a kind."""

    path = "/w/{sandbox_id:str}/verified/apply/{kind:str}"

    @get(sync_to_thread=True)
    def ask(self, request: AnyRequest, door: Door, kind: FromPath[str]) -> Response[str]:
        """Show the form, and what the review will look at."""
        return _apply_page(request, door, kind)

    @post(sync_to_thread=True, status_code=200, request_max_body_size=FORM_LIMIT)
    def send(self, request: AnyRequest, door: Door, form: ReadForm, kind: FromPath[str]) -> Response[Any]:
        """Hand the application in; what is refused stays typed, and its files stay here."""
        files: list[dict[str, str]] = []
        try:
            with door.reading() as ctx:
                most = queries.review_rules(ctx).files_most
            files = taken(door.world.files, form, most)
            typed = form.values.get("details", {})
            payload = {"kind": kind, "details": typed if isinstance(typed, dict) else {}, "files": files}
            made = door.run("verified.apply", payload, form.key).result["proof"]
        except Refusal as refusal:
            if refusal.status in {401, 403, 404}:
                raise
            return _apply_page(request, door, kind, refusal, form, files or brought(form))
        return Redirect(f"/w/{door.sandbox.id}/verified/proofs/{made}?done=applied", status_code=303)


def _apply_page(
    request: AnyRequest,
    door: Door,
    kind: str,
    refused: Refusal | None = None,
    form: Form | None = None,
    kept: list[dict[str, str]] | None = None,
) -> Response[str]:
    if kind not in rules.KINDS:
        raise unknown_kind(kind)
    with door.reading() as ctx:
        values, today = queries.review_rules(ctx), pt_day(ctx.now)
        review = values.of(kind)
        row = queries.overview(ctx).rows[kind]
        asks = [
            {
                "ask": ask,
                "name": f"details-{ask.name}",
                "error": (refused.fields if refused else {}).get(f"details.{ask.name}"),
                "value": form.text(f"details-{ask.name}") if form else "",
                "hint": Phrase(*rules.wanted(ask, today, words.ASK_WORDS)),
            }
            for ask in review.asks
        ]
        return door.page(
            request,
            "verified/apply.html",
            status=refused.status if refused else 200,
            row=row,
            review=review,
            asks=asks,
            ask_words=words.ASK_WORDS,
            countries=countries(),
            files_most=values.files_most,
            text_most=values.text_most,
            kept=kept or [],
            refused=refused,
            file_error=file_error(refused),
            **common(request),
            crumbs=(CENTER, strength_crumb(door), Crumb(Phrase(N_("{what}"), {"what": review.title}))),
        )


def file_error(refused: Refusal | None) -> Phrase | None:
    """The first thing that was wrong with the files."""
    fields: Mapping[str, Phrase] = refused.fields if refused else {}
    return next((phrase for name, phrase in fields.items() if name.partition(".")[0] == "files"), None)


def countries() -> list[tuple[str, str]]:
    """Every country with its name, for a list to choose from."""
    book = lines.standing().countries
    return [("", "\u2013"), *((code, say({"zh": each.zh, "en": each.en})) for code, each in book.items())]


class ProofPage(Controller):
    """One proof: what was stated, its files, what the review found."""

    path = "/w/{sandbox_id:str}/verified/proofs/{proof:int}"

    @get(sync_to_thread=True)
    def show(self, request: AnyRequest, door: Door, proof: FromPath[int]) -> Response[str]:
        """Show it."""
        return _proof_page(request, door, proof)

    @post("/withdraw", sync_to_thread=True, status_code=200)
    def withdraw(
        self, request: AnyRequest, door: Door, form: ReadForm, proof: FromPath[int]
    ) -> Response[Any]:
        """Take it back."""
        try:
            door.run("verified.withdraw", {"proof": proof}, form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403, 404}:
                raise
            return _proof_page(request, door, proof, refusal)
        return Redirect(f"/w/{door.sandbox.id}/verified/proofs/{proof}?done=withdrawn", status_code=303)


def _proof_page(
    request: AnyRequest, door: Door, number: int, refused: Refusal | None = None
) -> Response[str]:
    with door.reading() as ctx:
        look = queries.look(ctx, own_proof(ctx, number))
        return door.page(
            request,
            "verified/proof.html",
            status=refused.status if refused else 200,
            look=look,
            proof=look.proof,
            here=queries.here(ctx, look.proof.files),
            stages=_stages(look),
            events=words.EVENTS,
            rulebook=ctx.rulebook,
            now=ctx.now,
            refused=refused,
            **common(request),
            crumbs=(CENTER, strength_crumb(door), Crumb(Phrase(N_("{what}"), {"what": look.title}))),
        )


def _stages(look: queries.Look) -> list[dict[str, Any]]:
    """The way of an application: handed in, in review, decided."""
    proof, over = look.proof, look.proof.decided_at is not None
    ended = {"verified": "done", "submitted": "next"}.get(proof.state, "broken")
    last = words.STATE_WORDS[proof.state] if over else N_("result")
    return [
        {"label": N_("handed in"), "mark": "done", "at": proof.submitted_at},
        {"label": words.STATE_WORDS["submitted"], "mark": "done" if over else "now", "at": None},
        {"label": last, "mark": ended, "at": proof.decided_at or proof.due_at},
    ]


class EngineeringPage(Controller):
    """工程服务能力认证: the capability and its cases."""

    path = "/w/{sandbox_id:str}/verified/engineering"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """Show how the capability stands, the cases, the form for another."""
        return _engineering_page(request, door)

    @post("/cases", sync_to_thread=True, status_code=200, request_max_body_size=FORM_LIMIT)
    def add(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Add a case; what is refused stays typed, and its pictures stay here."""
        files: list[dict[str, str]] = []
        try:
            with door.reading() as ctx:
                most = queries.case_rules(ctx).pictures_most
            files = taken(door.world.files, form, most)
            names = ("title", "country", "finished_on", "description", "value_usd")
            typed = {name: form.text(name) for name in names}
            door.run("verified.add_case", {**typed, "files": files}, form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403, 404}:
                raise
            return _engineering_page(request, door, refusal, form, files or brought(form))
        return Redirect(f"/w/{door.sandbox.id}/verified/engineering?done=case", status_code=303)

    @post("/cases/{case:int}/remove", sync_to_thread=True, status_code=200)
    def remove(self, door: Door, form: ReadForm, case: FromPath[int]) -> Response[Any]:
        """Remove a case."""
        door.run("verified.remove_case", {"case": case}, form.key)
        return Redirect(f"/w/{door.sandbox.id}/verified/engineering?done=removed", status_code=303)


def _engineering_page(
    request: AnyRequest,
    door: Door,
    refused: Refusal | None = None,
    form: Form | None = None,
    kept: list[dict[str, str]] | None = None,
) -> Response[str]:
    with door.reading() as ctx:
        found = queries.cases(ctx)
        return door.page(
            request,
            "verified/engineering.html",
            status=refused.status if refused else 200,
            row=queries.overview(ctx).rows["engineering"],
            cases=found,
            here=queries.here(ctx, [file for case in found for file in case.files]),
            countries=countries(),
            country_names=dict(countries()),
            limits=queries.case_rules(ctx),
            kept=kept or [],
            typed=form.flat if form else {},
            errors=refused.fields if refused else {},
            refused=refused,
            file_error=file_error(refused),
            **common(request),
            crumbs=(CENTER, strength_crumb(door), Crumb(Phrase(N_("Engineering capability")))),
        )


PAGES = (AccessPage, StrengthPage, ApplyPage, ProofPage, EngineeringPage)
