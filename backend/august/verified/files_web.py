"""Uploaded files: taken from forms, given back to whoever's world refers to them."""

import re
from urllib.parse import quote

from litestar import Controller, Response, get
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.files import MOST_BYTES, TYPES, Files
from august.kernel.words import N_, Phrase
from august.sandboxes.door import Door
from august.verified import queries
from august.web.forms import Form

UNPLAIN = re.compile("[^A-Za-z0-9._ -]")
# A form may bring ten files, and the rest of it.
FORM_LIMIT = 10 * MOST_BYTES + 1_000_000


class FilesPage(Controller):
    """The files that proofs and cases refer to."""

    path = "/w/{sandbox_id:str}/files"

    @get("/{name:str}", sync_to_thread=True)
    def show(self, door: Door, name: FromPath[str]) -> Response[bytes]:
        """Give one back."""
        with door.reading() as ctx:
            return served(ctx, name)


def served(ctx: Context, name: str) -> Response[bytes]:
    """A file of this world as something to save, never as a page; 404 when it is not here."""
    about = queries.file_of(ctx, name)
    content = ctx.files.get(name) if about is not None and ctx.files is not None else None
    if about is None or content is None:
        raise Refusal(
            "file.unknown",
            N_("This file is not here."),
            remedy=N_("A sandbox brought from elsewhere comes without its files: upload it again."),
            status=404,
        )
    plain, whole = UNPLAIN.sub("_", about["name"]), quote(about["name"], safe="")
    return Response(
        content,
        media_type=TYPES[about["kind"]],
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=86400",
        },
    )


def taken(files: Files, form: Form, most: int) -> list[dict[str, str]]:
    """Keep what a form brought, after what an earlier sending of it brought already."""
    kept = brought(form)
    chosen = form.batches.get("files", [])
    if len(kept) + len(chosen) > most:
        told = Phrase(N_("At most {limit} files are possible."), {"limit": most})
        raise Refusal("file.too_many", told.msgid, params=told.params, fields={"files": told})
    return [*kept, *(_put(files, each) for each in chosen)]


def _put(files: Files, sent: UploadFile) -> dict[str, str]:
    """Keep one file; what is wrong with it is told beside the field, by its name."""
    try:
        stored = files.put(sent.file.read(MOST_BYTES + 1))
    except Refusal as refusal:
        told = Phrase(N_("{name}: {problem}"), {"name": sent.filename[:80], "problem": refusal.message})
        raise Refusal(
            refusal.code,
            refusal.message.msgid,
            params=refusal.params,
            remedy=refusal.remedy,
            fields={"files": told},
            status=refusal.status,
        ) from None
    return {"hash": stored.hash, "name": sent.filename[:120]}


def brought(form: Form) -> list[dict[str, str]]:
    """The files of an earlier sending, as `hash name`; one without a name goes by its hash."""
    sent = form.values.get("kept", [])
    told = [str(each).partition(" ") for each in sent] if isinstance(sent, list) else []
    return [{"hash": name[:64], "name": (title or name)[:120]} for name, _, title in told]
