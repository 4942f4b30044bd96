"""Star levels as JSON: the same queries the pages read."""

from typing import Any

from litestar import Controller, get

from august.sandboxes.door import Door
from august.stars import overview, queries, words
from august.stars.models import Evaluation, Prediction
from august.stars.rules import ABILITIES, EACH, TRACKS, Parts, measured


def _parts(parts: Parts) -> dict[str, Any]:
    """Stars and points by track and ability; points as texts with two decimals."""
    return {
        "star": parts.star,
        "track": parts.track,
        "tracks": {
            track: {
                "star": parts.track_stars[track],
                "abilities": {
                    ability: {"points": words.hundredth(points), "star": star}
                    for ability, points, star in zip(
                        ABILITIES[track], parts.abilities[track], parts.stars[track], strict=True
                    )
                },
            }
            for track in TRACKS
        },
    }


def _kept(kept: Evaluation | Prediction) -> dict[str, Any]:
    return {
        "version": kept.version,
        "star": kept.star,
        "track": kept.track,
        "abilities": {
            track: {
                ability: words.hundredth(int(kept.abilities[number * EACH + place]))
                for place, ability in enumerate(ABILITIES[track])
            }
            for number, track in enumerate(TRACKS)
        },
    }


def _issued(each: Evaluation) -> dict[str, Any]:
    return {"month": each.month, "cut_at": each.cut_at, "published_at": each.published_at, **_kept(each)}


class StarsApi(Controller):
    """The star level of the player's store."""

    path = "/api/v1/sandboxes/{sandbox_id:str}/stars"
    tags = ("Stars",)

    @get("/now", sync_to_thread=True)
    def now(self, door: Door) -> dict[str, Any]:
        """The star as things stand, with what was measured, and the evaluation in force."""
        with door.reading() as ctx:
            result, current = overview.now(ctx), queries.current(ctx)
            return {
                "at": result.at,
                "version": result.version,
                **_parts(result.parts),
                "strength": result.parts.strength,
                "machinery": result.parts.machinery,
                "measures": measured(result.inputs, result.rules),
                "evaluated": None if current is None else _issued(current),
                "next_at": overview.publication(ctx.now, queries.frame(ctx).publish_day),
            }

    @get("/evaluations", sync_to_thread=True)
    def evaluations(self, door: Door) -> dict[str, Any]:
        """Every published evaluation, the newest first."""
        with door.reading() as ctx:
            return {"items": [_issued(each) for each in queries.history(ctx)]}

    @get("/predictions", sync_to_thread=True)
    def predictions(self, door: Door) -> dict[str, Any]:
        """The predictions of the last ninety days, the oldest first."""
        with door.reading() as ctx:
            return {"items": [{"at": each.at, **_kept(each)} for each in queries.predictions(ctx, 90)]}

    @get("/versions", sync_to_thread=True)
    def versions(self, door: Door) -> dict[str, Any]:
        """The same data under every version of the rules."""
        with door.reading() as ctx:
            columns, _ = overview.compared(ctx, overview.now(ctx))
            return {each.version: {"preview": each.preview, **_parts(each.parts)} for each in columns}
