"""The to-dos of a store: each says what happens when it is left, and leads to where it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from august.catalog.queries import status_counts
from august.kernel.context import Context
from august.kernel.words import N_
from august.messages.queries import unread
from august.quality.queries import spread


@dataclass(frozen=True)
class Todo:
    """One thing to do: msgid, consequence, place; lower urgency numbers come first."""

    urgency: int
    text: str
    consequence: str
    path: str
    tone: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Day:
    """What the home page shows."""

    todos: list[Todo]
    statuses: Mapping[str, int]
    bands: Mapping[str, int]
    average: str
    unread: int


def day(ctx: Context) -> Day:
    """The store's day at the world's now."""
    statuses, quality, news = status_counts(ctx), spread(ctx), unread(ctx)
    return Day(todos(statuses, quality.by_band, news), statuses, quality.by_band, quality.average, news)


def todos(statuses: Mapping[str, int], bands: Mapping[str, int], news: int) -> list[Todo]:
    """What is to be done, the most urgent first; nothing of what is not there."""
    found = [
        (
            bands.get("red", 0),
            Todo(
                1,
                N_("Products with a red quality ball: {count}"),
                N_("Their search rank and buyers' experience suffer severely."),
                "/products?band=red",
                "bad",
            ),
        ),
        (
            bands.get("amber", 0),
            Todo(
                2,
                N_("Products with an amber quality ball: {count}"),
                N_("They do not count as certain products, which lowers their search rank."),
                "/products?band=amber",
                "middle",
            ),
        ),
        (
            statuses.get("draft", 0),
            Todo(
                3,
                N_("Drafts waiting to be published: {count}"),
                N_("No buyer sees a draft."),
                "/products?status=draft",
                "",
            ),
        ),
        (
            news,
            Todo(
                4,
                N_("Unread messages: {count}"),
                N_("Rules may have changed without your noticing."),
                "/messages",
                "",
            ),
        ),
    ]
    return [
        Todo(todo.urgency, todo.text, todo.consequence, todo.path, todo.tone, {"count": count})
        for count, todo in found
        if count
    ]
