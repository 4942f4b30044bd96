"""What the frame around every page asks for: jump-to (Ctrl-K) and the "why?" drawer."""

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.params import FromPath, FromQuery

from august.kernel.errors import Refusal
from august.kernel.features import Hit
from august.kernel.words import N_
from august.sandboxes.door import Door
from august.web.forms import clean
from august.web.i18n import current, explain_json, locale_of, speaking, t

MOST_HITS = 20


class FindPage(Controller):
    """Ctrl-K; also opens as a page of its own."""

    path = "/w/{sandbox_id:str}/find"

    @get(sync_to_thread=True)
    def find(self, request: Request[Any, Any, Any], door: Door, q: FromQuery[str] = "") -> Response[str]:
        """Pages and things whose name, number or id holds the words."""
        words = clean(q)[:100]
        with speaking(locale_of(request)), door.reading() as ctx:
            hits = self._pages(door, words)
            for feature in door.world.house.features:
                if words and feature.find is not None:
                    hits += [Hit(hit.label, t(hit.kind), hit.path) for hit in feature.find(ctx, words)]
        return door.page(request, "shell/find.html", "hits", hits=hits[:MOST_HITS])

    @staticmethod
    def _pages(door: Door, words: str) -> list[Hit]:
        """Menu entries in the reader's language or in English."""
        needle = words.casefold()
        items = [item for feature in door.world.house.features for item in feature.menu]
        return [
            Hit(t(item.label), t(N_("Page")), item.path)
            for item in items
            if needle in f"{item.label}\n{t(item.label)}".casefold()
        ]


class WhyPage(Controller):
    """The explanation of a number; also opens as a page of its own."""

    path = "/w/{sandbox_id:str}/why/{kind:str}/{key:str}"

    @get(sync_to_thread=True)
    def why(
        self, request: Request[Any, Any, Any], door: Door, kind: FromPath[str], key: FromPath[str]
    ) -> Response[str]:
        """The explanation tree of a number."""
        explain = door.world.house.explainers.get(kind)
        if explain is None:
            raise Refusal(
                "why.unknown",
                N_("Nothing called {kind} can be explained."),
                params={"kind": kind[:40]},
                status=404,
            )
        with speaking(locale_of(request)), door.reading() as ctx:
            tree = explain_json(explain(ctx, key), current(), ctx.rulebook, ctx.now)
        return door.page(request, "shell/why.html", "tree", tree=tree)
