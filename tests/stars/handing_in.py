"""Applications that a review accepts, made from its own criteria, and cases that count."""

from datetime import date
from typing import Any

from august.kernel import commands
from august.kernel.clock import pt_day
from august.kernel.world import World
from august.verified.queries import review_rules
from august.verified.rules import Ask
from tests.tools.bare import PLAYER

PDF = b"%PDF-1.7 a contract"
PNG = b"\x89PNG\r\n\x1a\n a picture"
CASE = {
    "title": "Hotel Lakeview",
    "country": "US",
    "finished_on": "2022-05",
    "description": "Two hundred rooms furnished from the drawing to the last handle, on time.",
}


def stated(ask: Ask, today: date) -> str:
    """What meets a criterion."""
    match ask.sort:
        case "text":
            return "x" * max(ask.least, 1)
        case "year":
            return str(today.year - 1)
        case "date":
            return today.replace(year=today.year + 1, day=1).isoformat()
        case "choice":
            return (ask.accepted or ask.options)[0]
        case "country":
            return "US"
    return str(max(ask.least, 1))


def files(world: World, kind: bytes, count: int) -> list[dict[str, str]]:
    assert world.files is not None
    return [{"hash": world.files.put(kind + bytes([n])).hash, "name": f"{n}"} for n in range(count)]


def hand_in(world: World, kind: str, **changes: str) -> None:
    """Apply for a proof; `changes` are stated otherwise."""
    with world.reading(PLAYER) as ctx:
        review, today = review_rules(ctx).of(kind), pt_day(ctx.now)
    details = {ask.name: stated(ask, today) for ask in review.asks} | changes
    payload: dict[str, Any] = {"kind": kind, "details": details, "files": files(world, PDF, review.documents)}
    commands.run(world, PLAYER, "verified.apply", payload, None)


def show_cases(world: World, count: int) -> None:
    for _ in range(count):
        commands.run(world, PLAYER, "verified.add_case", {**CASE, "files": files(world, PNG, 1)}, None)
