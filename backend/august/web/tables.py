"""Lists on pages: pages, sorting, and filters that stay in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from urllib.parse import urlencode

from august.web.forms import clean

SIZES = (10, 20, 50, 100)
MOST_DIGITS = 10  # more pages than any list has, and still a plain integer


@dataclass(frozen=True)
class Page:
    """Which slice of how many rows; a page beyond the end becomes the last one."""

    size: int
    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, ceil(self.total / self.size))

    @property
    def number(self) -> int:
        """The page shown."""
        return min(max(1, self.page), self.pages)

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        """The number of the first row shown, 0 of an empty list."""
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.offset + self.size, self.total)

    @property
    def shown(self) -> Sequence[int | None]:
        """Page numbers worth a link, None for a gap: 1 … 4 5 6 … 20."""
        near = {1, self.pages, *range(self.number - 1, self.number + 2)}
        wanted = sorted(page for page in near if 1 <= page <= self.pages)
        links: list[int | None] = []
        for page in wanted:
            if links and (links[-1] or 0) + 1 < page:
                links.append(None)
            links.append(page)
        return links


@dataclass(frozen=True)
class Listing:
    """What the address asks of a list: filters, sort column and direction, page and size."""

    path: str
    filters: Mapping[str, str]
    sort: str
    descending: bool
    page: int = 1
    size: int = 20
    sorts: Sequence[str] = field(default=(), repr=False)

    def get(self, name: str, otherwise: str = "") -> str:
        """One filter's text."""
        return self.filters.get(name, otherwise)

    @property
    def filtered(self) -> bool:
        """Whether any filter is set."""
        return bool(self.filters)

    @property
    def order(self) -> str:
        """The sort as it stands in the address: `price` or `-price`."""
        return f"-{self.sort}" if self.descending else self.sort

    def link(self, **changes: Any) -> str:
        """Make the address with some things changed (None removes); a changed filter goes back to page 1."""
        kept: dict[str, Any] = {**self.filters, "sort": self.order, "size": self.size, "page": self.page}
        if set(changes) - {"page"}:
            kept["page"] = 1
        kept |= changes
        if kept.get("page") == 1:
            del kept["page"]
        said = {name: value for name, value in kept.items() if value not in (None, "")}
        return f"{self.path}?{urlencode(said)}"

    def sort_link(self, column: str) -> str:
        """Make the address that sorts by a column, the other way round when it already does."""
        return self.link(sort=f"-{column}" if column == self.sort and not self.descending else column)

    def arrow(self, column: str) -> str:
        """Tell the column's `aria-sort`: ascending, descending or none."""
        if column != self.sort:
            return "none"
        return "descending" if self.descending else "ascending"

    def slice_of(self, total: int) -> Page:
        """Cut the page at hand out of `total` rows."""
        return Page(self.size, self.page, total)


def listing(
    path: str, params: Mapping[str, str], *, sorts: Sequence[str], default: str, filters: Sequence[str] = ()
) -> Listing:
    """Read a list's address: unknown sorts, odd sizes and silly pages fall back quietly.

    `default` is a sort such as `-updated`; only the named `filters` are kept, cut at 200 characters.
    """
    asked = params.get("sort", default)
    if asked.removeprefix("-") not in sorts:
        asked = default
    kept = {name: text for name in filters if (text := clean(params.get(name, ""))[:200])}
    size = _count(params.get("size"), 20)
    return Listing(
        path=path,
        filters=kept,
        sort=asked.removeprefix("-"),
        descending=asked.startswith("-"),
        page=_count(params.get("page"), 1),
        size=size if size in SIZES else 20,
        sorts=tuple(sorts),
    )


def _count(text: str | None, otherwise: int) -> int:
    plain = text is not None and text.isascii() and text.isdigit() and len(text) < MOST_DIGITS
    return int(text or 0) or otherwise if plain else otherwise
