"""The Verified Center as JSON, and the files that commands refer to."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from august.kernel.files import MOST_BYTES
from august.kernel.money import amount
from august.sandboxes.door import Door
from august.verified import queries
from august.verified.commands import own_proof
from august.verified.files_web import served
from august.verified.models import Proof
from august.web.htmx import AnyRequest


class FilesApi(Controller):
    """Files that commands refer to by their hashes."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/files"
    tags = ("Files",)

    @post(status_code=201, request_max_body_size=MOST_BYTES + 1)
    async def upload(self, request: AnyRequest, door: Door) -> dict[str, Any]:
        """Keep the body, a PDF, PNG or JPEG of at most 5 MB; the same content has the same hash."""
        stored = door.world.files.put(await request.body())
        return {"hash": stored.hash, "size": stored.size, "kind": stored.kind}

    @get("/{name:str}", sync_to_thread=True)
    def show(self, door: Door, name: FromPath[str]) -> Response[bytes]:
        """A file that a proof or a case of the player's store refers to."""
        with door.reading() as ctx:
            return served(ctx, name)


def told(proof: Proof) -> dict[str, Any]:
    """A proof as programs read it."""
    return {
        "id": proof.id,
        "kind": proof.kind,
        "state": proof.state,
        "submitted_at": proof.submitted_at,
        "due_at": proof.due_at,
        "decided_at": proof.decided_at,
        "details": proof.details,
        "files": proof.files,
        "findings": proof.findings,
    }


class VerifiedApi(Controller):
    """Proofs and engineering cases of the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/verified"
    tags = ("Verified Center",)

    @get("/proofs", sync_to_thread=True)
    def proofs(self, door: Door) -> dict[str, Any]:
        """Every kind: whether the store may apply, how it stands, what can be done next."""
        with door.reading() as ctx:
            found = queries.overview(ctx)
        items = [
            {
                "kind": row.kind,
                "open": row.open,
                "conditions": {each.name: each.met for each in row.conditions},
                "state": row.state,
                "step": row.step,
                "days": row.days,
                "proof": None if row.proof is None else told(row.proof),
            }
            for row in found.rows.values()
        ]
        return {"industry": found.store.industry, "cases": found.cases, "items": items}

    @get("/proofs/{proof:int}", sync_to_thread=True)
    def proof(self, door: Door, proof: FromPath[int]) -> dict[str, Any]:
        """One proof with its criteria; money in US cents."""
        with door.reading() as ctx:
            return told(own_proof(ctx, proof))

    @get("/cases", sync_to_thread=True)
    def cases(self, door: Door) -> dict[str, Any]:
        """The engineering cases the store shows, the newest first."""
        with door.reading() as ctx:
            found = queries.cases(ctx)
        items = [
            {
                "id": case.id,
                "title": case.title,
                "country": case.country,
                "finished_on": case.finished_on,
                "value_usd": None if case.value_cents is None else amount(case.value_cents),
                "description": case.description,
                "files": case.files,
                "added_at": case.added_at,
            }
            for case in found
        ]
        return {"items": items, "total": len(items)}
