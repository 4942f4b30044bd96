"""成长 › 商家星等级 › what an indicator or a bonus was counted from."""

from collections.abc import Mapping
from dataclasses import replace

from litestar import Controller, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from august.kernel.context import Context
from august.kernel.words import Phrase
from august.sandboxes.door import Door
from august.stars import words
from august.stars.evidence import lists as evidence
from august.stars.evidence import words as evidence_words
from august.stars.evidence.lists import Sheet, Source, Subject
from august.stars.evidence.rows import listed
from august.stars.rules import TRACKS, Track
from august.stars.web import frame
from august.web.htmx import AnyRequest
from august.web.shell import Crumb
from august.web.tables import Listing, listing

SIZE = 25
SORTS = ("at", "value")
FILTERS = ("of", "show")


def offered(ctx: Context, track: str, name: str) -> dict[str, tuple[Source, Subject]]:
    """The sources under whose rules the track has such an indicator or bonus; 404 without any."""
    known: Track | None = next((each for each in TRACKS if each == track), None)
    if known is None:
        raise NotFoundException
    found = {}
    for key, source in evidence.sources(ctx).items():
        asked = evidence.subject(ctx, source, known, name)
        if asked is not None:
            found[key] = (source, asked)
    if not found:
        raise NotFoundException
    return found


def chosen(ctx: Context, choices: Mapping[str, tuple[Source, Subject]], of: str) -> Sheet:
    """The sheet of the source that is asked for, else of the first."""
    return evidence.sheet(ctx, *choices.get(of, next(iter(choices.values()))))


def listing_of(request: AnyRequest, sheet: Sheet) -> Listing:
    """What the address asks of the rows: the newest first, undated ones by value."""
    default = "-at" if sheet.ledger.heads.at else "-value"
    asked = listing(request.url.path, request.query_params, sorts=SORTS, default=default, filters=FILTERS)
    return replace(asked, size=SIZE)


class EvidencePage(Controller):
    """The rows that an indicator or a bonus is counted from."""

    path = "/w/{sandbox_id:str}/stars/{track:str}/{name:str}/evidence"

    @get(sync_to_thread=True)
    def index(
        self, request: AnyRequest, door: Door, track: FromPath[str], name: FromPath[str]
    ) -> Response[str]:
        """A page of rows under what all of them add up to."""
        with door.reading() as ctx:
            choices = offered(ctx, track, name)
            sheet = chosen(ctx, choices, request.query_params.get("of", ""))
            asked = listing_of(request, sheet)
            found, page = listed(ctx, sheet, asked)
            shell = frame(door, f"/{track}")
            title = Phrase(evidence_words.name_of(sheet))
            home = f"/w/{door.sandbox.id}/stars/{track}"
            crumbs = (*shell["crumbs"], Crumb(Phrase(words.TRACKS[sheet.subject.track]), home), Crumb(title))
            return door.page(
                request,
                "stars/evidence.html",
                "rows",
                **(shell | {"crumbs": crumbs}),
                title=title,
                sheet=sheet,
                sources=[source for source, _ in choices.values()],
                asked=asked,
                rows=found,
                page=page,
                parts=_parts(sheet),
                told=evidence_words,
            )


def _parts(sheet: Sheet) -> list[tuple[str, int]]:
    """How many rows there are in all, and by what became of them."""
    return [
        ("", len(sheet.ledger)),
        *((part, int(rows.sum())) for part, rows in evidence.parts(sheet).items()),
    ]
