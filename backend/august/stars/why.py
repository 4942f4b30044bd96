"""Why kinds of star levels: `star/now`, `star/<month>`, `star-ability/<track>.<ability>`."""

from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.words import N_
from august.stars import overview, queries
from august.stars.explain import why_ability, why_star
from august.stars.rules import ABILITIES, TRACKS


def star(ctx: Context, key: str) -> Node:
    """The star as things stand (`now`, or the store's number), or an evaluation by its month."""
    if key in {"now", str(ctx.merchant)}:
        result = overview.now(ctx)
    else:
        kept = next((each for each in queries.history(ctx) if each.month == key), None)
        if kept is None:
            raise _unknown(key)
        result = overview.issued(ctx, kept)
    industry = queries.industries()[result.inputs["industry"]]
    return why_star(result.inputs, result.rules, result.parts, industry, result.at)


def ability(ctx: Context, key: str) -> Node:
    """One ability of a track as things stand."""
    name, _, part = key.partition(".")
    track = next((each for each in TRACKS if each == name), None)
    if track is None or part not in ABILITIES[track]:
        raise _unknown(key)
    result = overview.now(ctx)
    industry = queries.industries()[result.inputs["industry"]]
    return why_ability(result.inputs, result.rules, result.parts, track, part, industry, result.at)


def _unknown(key: str) -> Refusal:
    return Refusal("star.unknown", N_("There is no star level {key}."), params={"key": key[:40]}, status=404)


WHY = {"star": star, "star-ability": ability}
