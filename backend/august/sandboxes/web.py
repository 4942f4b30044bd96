"""Pages outside a world: the start, signing up and in, and one's sandboxes."""

import hashlib
from datetime import timedelta
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath

from august.kernel.clock import wall_now
from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.sandboxes import accounts
from august.sandboxes.door import COOKIE, Visitor
from august.sandboxes.models import Account, Sandbox
from august.sandboxes.service import Desk, fresh_id, once_of
from august.web.forms import fresh_key
from august.web.htmx import AnyRequest, go, is_htmx, safe_path, toast
from august.web.i18n import locale_of, say, speaking, t
from august.web.pages import ReadForm
from august.web.templates import render

SIGN_IN = "/sign-in"
MINE = "/sandboxes"
TWICE = timedelta(minutes=1)
# The sign-in form inside another page, by the place it has there.
SIGN_IN_WITHIN: dict[str, dict[str, Any]] = {
    place: {"within": place, "typed": {}, "refused": None} for place in ("dialog", "page")
}


def worlds(desk: Desk) -> list[dict[str, Any]]:
    """The world files as the pages show them."""
    return [{"key": file.key, "title": file.title, "about": file.about} for file in desk.files.values()]


def fresh_seed() -> int:
    """A seed for somebody who does not care which."""
    return int(fresh_id().encode().hex(), 16) % 1_000_000


def signed_in(
    request: AnyRequest, visitor: Visitor, account: Account, response: Response[str]
) -> Response[str]:
    """Give the browser a session of its own; whatever it brought is forgotten (no fixation)."""
    with visitor.desk.control.writing() as session:
        token, expires = accounts.start_session(session, account, replaces=visitor.token)
    response.set_cookie(
        Cookie(
            key=COOKIE,
            value=token,
            max_age=int((expires - wall_now()).total_seconds()),
            path="/",
            httponly=True,
            samesite="lax",
            secure=bool(request.app.state["settings"].secure_cookies),
        )
    )
    return response


def owner_of(desk: Desk, sandbox: Sandbox) -> Account:
    """Whose sandbox it is."""
    with desk.control.reading() as session:
        return session.get_one(Account, sandbox.owner_id)


def pressed_twice(visitor: Visitor, sandbox: Sandbox) -> bool:
    """Whether the sandbox that a form made is still its sender's to enter: a guest's only for a moment."""
    if visitor.account is not None:
        return sandbox.owner_id == visitor.account.id
    guest = owner_of(visitor.desk, sandbox).kind == "guest"
    return guest and wall_now() - sandbox.created < TWICE


class StartPage(Controller):
    """The landing page and the one-click sandbox."""

    path = "/"

    @get(sync_to_thread=True)
    def landing(self, request: Request[Any, Any, Any], visitor: Visitor) -> Response[str]:
        """What August is, and the worlds one can enter."""
        return render(
            request,
            "sandboxes/landing.html",
            account=visitor.account,
            worlds=worlds(visitor.desk),
            mine=visitor.desk.mine(visitor.account)[:3] if visitor.account else [],
            guests=request.app.state["settings"].guests,
            key=fresh_key(),
        )

    @post("/try", sync_to_thread=True, status_code=200)
    def guest(self, request: Request[Any, Any, Any], visitor: Visitor, form: ReadForm) -> Response[str]:
        """A sandbox with no account (R8); somebody signed in gets it as their own."""
        desk, account = visitor.desk, visitor.account
        if account is None and not request.app.state["settings"].guests:
            raise no_guests()
        world = form.text("world") or next(iter(desk.files))
        with speaking(locale_of(request)):
            name = say(desk.files[world].title) if world in desk.files else world
        # Before the first press nobody has an account, so the browser is known by its form token.
        once = once_of(request.cookies.get("csrftoken", ""), form.key, "try", world)
        sandbox = desk.made(once)
        if sandbox is not None and not pressed_twice(visitor, sandbox):
            sandbox, once = None, None
        if sandbox is None:
            if account is None:
                with desk.control.writing() as session:
                    account = accounts.guest(session)
            sandbox = desk.create(account, world, fresh_seed(), name, once=once)
        response = go(request, f"/w/{sandbox.id}/")
        if visitor.account is not None:
            return response
        return signed_in(request, visitor, owner_of(desk, sandbox), response)

    @get("/login/{token:str}", sync_to_thread=True)
    def link(self, request: Request[Any, Any, Any], visitor: Visitor, token: FromPath[str]) -> Response[str]:
        """Sign in by the address that the API returned (R9)."""
        with visitor.desk.control.reading() as session:
            account, sandbox_id = accounts.of_link(session, token)
        return signed_in(request, visitor, account, go(request, f"/w/{sandbox_id}/"))


class SignUp(Controller):
    """A new account; a guest keeps the sandboxes."""

    path = "/sign-up"

    @get(sync_to_thread=True)
    def show(self, request: Request[Any, Any, Any], visitor: Visitor) -> Response[str]:
        """The empty form."""
        if visitor.account is not None and visitor.account.kind != "guest":
            return go(request, MINE)
        return render(request, "sandboxes/sign_up.html", typed={}, refused=None)

    @post(sync_to_thread=True, status_code=200)
    def create(self, request: Request[Any, Any, Any], visitor: Visitor, form: ReadForm) -> Response[str]:
        """Create it and sign in."""
        told = {name: form.text(name) for name in ("name", "email", "password")}
        try:
            with visitor.desk.control.writing() as session:
                guest = None
                if visitor.account is not None and visitor.account.kind == "guest":
                    guest = session.get(Account, visitor.account.id)
                account = accounts.sign_up(session, guest=guest, **told)
        except Refusal as refused:
            del told["password"]
            return render(
                request, "sandboxes/sign_up.html", status=refused.status, typed=told, refused=refused
            )
        return signed_in(request, visitor, account, go(request, MINE))


class SignIn(Controller):
    """Address and password."""

    path = SIGN_IN

    @get(sync_to_thread=True)
    def show(self, request: Request[Any, Any, Any]) -> Response[str]:
        """The form; `next` says where to go then."""
        wanted = safe_path(request.query_params.get("next"), MINE)
        return render(request, "sandboxes/sign_in.html", typed={}, refused=None, wanted=wanted)

    @post(sync_to_thread=True, status_code=200)
    def enter(self, request: Request[Any, Any, Any], visitor: Visitor, form: ReadForm) -> Response[str]:
        """Check, count failures, start a session."""
        email, password = form.text("email"), form.text("password")
        # Without scripts the form inside a page leads to another tab, and signs in as everywhere.
        within = SIGN_IN_WITHIN.get(form.text("within")) if is_htmx(request) else None
        refused: Refusal | None = None
        account = None
        with visitor.desk.control.writing() as session:
            try:
                accounts.check_attempts(session, email, visitor.place)
                account = accounts.verify(session, email, password)
                if account is None:
                    # Counted although refused: the session commits.
                    accounts.note_failure(session, email, visitor.place)
                    refused = accounts.wrong_credentials()
            except Refusal as too_many:
                refused = too_many
        if account is None or refused is not None:
            status, typed = refused.status if refused else 422, {"email": email}
            if within is not None:
                asked = {**within, "typed": typed, "refused": refused}
                return render(request, "sandboxes/_sign_in_here.html", status=status, **asked)
            wanted = safe_path(form.text("next"), MINE)
            return render(
                request, "sandboxes/sign_in.html", status=status, typed=typed, refused=refused, wanted=wanted
            )
        if within is not None:
            with speaking(locale_of(request)):
                words = t(N_("You are signed in again. Send the form once more."))
            return signed_in(request, visitor, account, toast(Response("", media_type="text/html"), words))
        return signed_in(request, visitor, account, go(request, safe_path(form.text("next"), MINE)))


class SignOut(Controller):
    """The end of a session."""

    path = "/sign-out"

    @post(sync_to_thread=True, status_code=200)
    def leave(self, request: Request[Any, Any, Any], visitor: Visitor) -> Response[str]:
        """Forget the session here and in the browser."""
        with visitor.desk.control.writing() as session:
            accounts.end_session(session, visitor.token)
        response = go(request, "/")
        response.delete_cookie(COOKIE)
        return response


class MyAccountSandboxes(Controller):
    """The list of one's sandboxes, and how a new one comes."""

    path = MINE

    @get(sync_to_thread=True)
    def index(self, request: Request[Any, Any, Any], visitor: Visitor) -> Response[str]:
        """All sandboxes of the account."""
        return listed(request, visitor)

    @post(sync_to_thread=True, status_code=200)
    def create(self, request: Request[Any, Any, Any], visitor: Visitor, form: ReadForm) -> Response[str]:
        """A new one from world, seed and name."""
        account = visitor.signed_in
        typed = {name: form.text(name) for name in ("world", "seed", "name")}
        try:
            seed = whole(typed["seed"]) if typed["seed"] else fresh_seed()
            name = typed["name"] or default_name(request, visitor.desk, typed["world"])
            once = once_of(account.id, form.key, "create", *typed.values())
            sandbox = visitor.desk.create(account, typed["world"], seed, name, once=once)
        except Refusal as refused:
            return listed(request, visitor, refused=refused, typed=typed)
        return go(request, f"/w/{sandbox.id}/")

    @post("/import", sync_to_thread=True, status_code=200, request_max_body_size=200_000_000)
    def import_(self, request: Request[Any, Any, Any], visitor: Visitor, form: ReadForm) -> Response[str]:
        """A sandbox from an exported file."""
        account = visitor.signed_in
        try:
            file = form.files.get("file")
            if file is None:
                told = {"file": Phrase(N_("Choose a file."))}
                raise Refusal("import.no_file", N_("No file was sent."), fields=told)
            data, name = file.file.read(), form.text("name")
            once = once_of(account.id, form.key, "import", hashlib.sha256(data).hexdigest(), name)
            sandbox = visitor.desk.import_(account, data, name or None, once=once)
        except Refusal as refused:
            return listed(request, visitor, importing=refused)
        return go(request, f"{MINE}/{sandbox.id}")


def listed(
    request: AnyRequest,
    visitor: Visitor,
    *,
    refused: Refusal | None = None,
    importing: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:
    """The page of one's sandboxes, with what was refused on it."""
    account, wrong = visitor.signed_in, refused or importing
    return render(
        request,
        "sandboxes/index.html",
        status=wrong.status if wrong else 200,
        account=account,
        sandboxes=visitor.desk.mine(account),
        worlds=worlds(visitor.desk),
        refused=refused,
        importing=importing,
        typed=typed or {"world": next(iter(visitor.desk.files), ""), "seed": "", "name": ""},
        key=fresh_key(),
    )


def default_name(request: AnyRequest, desk: Desk, world: str) -> str:
    """The world's own title."""
    with speaking(locale_of(request)):
        return say(desk.files[world].title) if world in desk.files else world


def whole(text: str) -> int:
    """A seed as typed; refuses anything but digits."""
    if not text.isascii() or not text.isdigit() or len(text) > 16:  # noqa: PLR2004 - as many digits as the largest seed
        raise Refusal(
            "sandbox.malformed",
            N_("The sandbox was not created."),
            fields={"seed": Phrase(N_("Write a whole number."))},
        )
    return int(text)


def no_guests() -> Refusal:
    """Why a stranger is not let in."""
    return Refusal(
        "guests.off",
        N_("Guests are not let in here."),
        remedy=N_("Create an account first."),
        status=403,
    )
