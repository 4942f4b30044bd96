"""The page of one sandbox: its checkpoints, and what can be done with all of it."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from august.kernel.context import SYSTEM
from august.kernel.errors import Refusal
from august.sandboxes.door import Visitor
from august.sandboxes.models import Sandbox
from august.sandboxes.service import once_of
from august.sandboxes.web import MINE
from august.web.forms import fresh_key
from august.web.htmx import AnyRequest, go, safe_path
from august.web.pages import ReadForm
from august.web.templates import render


class ManageSandbox(Controller):
    """Checkpoint, rewind, fork, reset, export, delete (R1)."""

    path = MINE + "/{sandbox_id:str}"

    @get(sync_to_thread=True)
    def show(
        self, request: Request[Any, Any, Any], visitor: Visitor, sandbox_id: FromPath[str]
    ) -> Response[str]:
        """The sandbox and its checkpoints."""
        return shown(request, visitor, visitor.desk.own(visitor.signed_in, sandbox_id))

    @post("/checkpoints", sync_to_thread=True, status_code=200)
    def checkpoint(
        self, request: Request[Any, Any, Any], visitor: Visitor, sandbox_id: FromPath[str], form: ReadForm
    ) -> Response[str]:
        """Keep the world as it is."""
        sandbox = visitor.desk.own(visitor.signed_in, sandbox_id)
        try:
            name = form.text("name")
            once = once_of(sandbox.owner_id, form.key, "checkpoint", sandbox.id, name)
            visitor.desk.checkpoint(sandbox, name, once=once)
        except Refusal as refused:
            return shown(request, visitor, sandbox, refused=refused)
        return go(request, safe_path(form.text("back"), f"{MINE}/{sandbox_id}"))

    @post("/checkpoints/{checkpoint_id:str}/rewind", sync_to_thread=True, status_code=200)
    def rewind(
        self,
        request: Request[Any, Any, Any],
        visitor: Visitor,
        sandbox_id: FromPath[str],
        checkpoint_id: FromPath[str],
        form: ReadForm,
    ) -> Response[str]:
        """Go back to a checkpoint."""
        visitor.desk.rewind(visitor.desk.own(visitor.signed_in, sandbox_id), checkpoint_id)
        return go(request, safe_path(form.text("back"), f"{MINE}/{sandbox_id}"))

    @post("/checkpoints/{checkpoint_id:str}/delete", sync_to_thread=True, status_code=200)
    def forget(
        self,
        request: Request[Any, Any, Any],
        visitor: Visitor,
        sandbox_id: FromPath[str],
        checkpoint_id: FromPath[str],
    ) -> Response[str]:
        """Delete a checkpoint."""
        visitor.desk.forget(visitor.desk.own(visitor.signed_in, sandbox_id), checkpoint_id)
        return go(request, f"{MINE}/{sandbox_id}")

    @post("/fork", sync_to_thread=True, status_code=200)
    def fork(
        self, request: Request[Any, Any, Any], visitor: Visitor, sandbox_id: FromPath[str], form: ReadForm
    ) -> Response[str]:
        """A second sandbox from here or from a checkpoint."""
        account = visitor.signed_in
        sandbox = visitor.desk.own(account, sandbox_id)
        try:
            name, checkpoint = form.text("name"), form.text("checkpoint")
            once = once_of(account.id, form.key, "fork", sandbox.id, name, checkpoint)
            made = visitor.desk.fork(sandbox, account, name, checkpoint or None, once=once)
        except Refusal as refused:
            return shown(request, visitor, sandbox, refused=refused)
        return go(request, f"{MINE}/{made.id}")

    @post("/reset", sync_to_thread=True, status_code=200)
    def reset(
        self, request: Request[Any, Any, Any], visitor: Visitor, sandbox_id: FromPath[str]
    ) -> Response[str]:
        """Start anew from the same file and seed."""
        visitor.desk.reset(visitor.desk.own(visitor.signed_in, sandbox_id))
        return go(request, f"{MINE}/{sandbox_id}")

    @get("/export", sync_to_thread=True)
    def export(self, visitor: Visitor, sandbox_id: FromPath[str]) -> Response[bytes]:
        """The world as one file."""
        sandbox = visitor.desk.own(visitor.signed_in, sandbox_id)
        return exported(sandbox, visitor.desk.export(sandbox))

    @post("/delete", sync_to_thread=True, status_code=200)
    def delete(
        self, request: Request[Any, Any, Any], visitor: Visitor, sandbox_id: FromPath[str]
    ) -> Response[str]:
        """Delete it with its checkpoints."""
        visitor.desk.delete(visitor.desk.own(visitor.signed_in, sandbox_id))
        return go(request, MINE)


def exported(sandbox: Sandbox, data: bytes) -> Response[bytes]:
    """A world file as a download."""
    name = f"august-{sandbox.world_file}-{sandbox.id}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type="application/zip", headers=headers)


def shown(
    request: AnyRequest, visitor: Visitor, sandbox: Sandbox, *, refused: Refusal | None = None
) -> Response[str]:
    """The page, with what was refused on it."""
    with visitor.desk.world(sandbox).reading(SYSTEM) as ctx:
        now = ctx.now
    return render(
        request,
        "sandboxes/show.html",
        status=refused.status if refused else 200,
        account=visitor.account,
        sandbox=sandbox,
        now=now,
        title_of={file.key: file.title for file in visitor.desk.files.values()},
        checkpoints=visitor.desk.checkpoints(sandbox),
        refused=refused,
        key=fresh_key(),
    )
