"""The door from a request to its world: who asks, which sandbox, which actor."""

from contextlib import AbstractContextManager
from typing import Any, TypeAlias

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from august.kernel.commands import Outcome, run
from august.kernel.context import SYSTEM, Actor, Context
from august.kernel.errors import Refusal
from august.kernel.words import N_
from august.kernel.world import World
from august.sandboxes import accounts, clockbar
from august.sandboxes.jumps import Jumps
from august.sandboxes.models import Account, Sandbox
from august.sandboxes.service import Desk, unknown
from august.web import menu
from august.web.htmx import AnyRequest
from august.web.i18n import beijing_text, locale_of, pacific_text, speaking
from august.web.shell import Named, Shell, Times
from august.web.templates import render

COOKIE = "august"


class Browser:
    """A browser, signed in or not."""

    def __init__(self, request: AnyRequest) -> None:
        """Look the session up."""
        self.desk: Desk = request.app.state["desk"]
        self.jumps: Jumps = request.app.state["jumps"]
        self.token = request.cookies.get(COOKIE)
        self.place = request.client.host if request.client is not None else ""
        with self.desk.control.reading() as session:
            self.account: Account | None = accounts.of_session(session, self.token)

    @property
    def signed_in(self) -> Account:
        """The account; 401 when there is none."""
        if self.account is None:
            raise Refusal(
                "account.sign_in",
                N_("Please sign in."),
                remedy=N_("Your sign-in has run out, or you never signed in here."),
                status=401,
            )
        return self.account


class OpenSandbox:
    """An open sandbox: what pages and JSON calls of features read from and act through."""

    def __init__(self, desk: Desk, jumps: Jumps, sandbox: Sandbox) -> None:
        """Open the world as its player; the seat's name is in the language that is spoken."""
        self.desk, self.jumps, self.sandbox = desk, jumps, sandbox
        self.world: World = desk.world(sandbox)
        with self.world.reading(SYSTEM) as ctx:
            self.seat: Named = desk.seat(ctx)
        self.actor = Actor("player", merchant=int(self.seat.id))

    def reading(self, actor: Actor | None = None) -> AbstractContextManager[Context]:
        """A context to read the world with, as the player unless told."""
        return self.world.reading(actor or self.actor)

    def run(self, command: str, payload: object, key: str | None = None) -> Outcome:
        """Carry out a command as the player's store."""
        return run(self.world, self.actor, command, payload, key)

    def shell(self, request: AnyRequest) -> Shell:
        """What the frame around a page shows."""
        rooms = self.desk.house.features
        with speaking(locale_of(request)), self.reading() as ctx:
            unread = self.desk.unread(ctx)
            times = Times(pacific_text(ctx.now), beijing_text(ctx.now))
        items = [item for room in rooms for item in room.menu]
        base = f"/w/{self.sandbox.id}"
        about = {page: article for room in rooms for page, article in room.help.items()}
        return Shell(
            sandbox=Named(self.sandbox.id, self.sandbox.name),
            merchant=self.seat,
            menu=menu.build(items, base, request.url.path),
            clock=times,
            unread=unread,
            help=menu.help_of(about, request.url.path.removeprefix(base) or "/"),
        )

    def page(
        self,
        request: Request[Any, Any, Any],
        template: str,
        block: str | tuple[str, ...] | None = None,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **context: Any,
    ) -> Response[str]:
        """A page of this sandbox inside the frame, or its named block for htmx."""
        everything = {
            "shell": self.shell(request),
            "bar": clockbar.bar(self.jumps, self.sandbox),
            **context,
        }
        return render(request, template, block, status=status, headers=headers, **everything)


def visitor(request: AnyRequest) -> Browser:
    """Provide the browser that asks."""
    return Browser(request)


def door(request: AnyRequest, sandbox_id: FromPath[str]) -> OpenSandbox:
    """Provide the open sandbox: by session cookie for pages, by bearer token under /api/ (R8, R9)."""
    desk: Desk = request.app.state["desk"]
    if request.url.path.startswith("/api/"):
        with desk.control.reading() as session:
            sandbox = accounts.of_bearer(session, request.headers.get("authorization"))
        if sandbox.id != sandbox_id:
            raise unknown()
    else:
        sandbox = desk.own(visitor(request).signed_in, sandbox_id)
    desk.touch(sandbox)
    with speaking(locale_of(request)):
        return OpenSandbox(desk, request.app.state["jumps"], sandbox)


# What handlers write in their signatures: `door: Door`, `visitor: Visitor`.
Door: TypeAlias = NamedDependency[SkipValidation[OpenSandbox]]
Visitor: TypeAlias = NamedDependency[SkipValidation[Browser]]
