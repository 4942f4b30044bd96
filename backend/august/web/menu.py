"""The sidebar: what features contribute, in the order of the platform's own menus."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from august.kernel.words import N_

# Section msgid and icon, in the order of the seller workbench.
SECTIONS: Sequence[tuple[str, str]] = (
    (N_("Home"), "home"),
    (N_("Products"), "package"),
    (N_("Orders"), "clipboard-list"),
    (N_("Marketing"), "speakerphone"),
    (N_("Customers"), "users"),
    (N_("Opportunities"), "bulb"),
    (N_("Media"), "photo"),
    (N_("Analytics"), "chart-bar"),
    (N_("Logistics"), "truck"),
    (N_("Verified Center"), "shield-check"),
    (N_("Funds"), "coin"),
    (N_("Growth"), "trending-up"),
    (N_("Rules and violations"), "gavel"),
    (N_("Service Center"), "headset"),
    (N_("Services and tools"), "tool"),
    (N_("Sandbox"), "box"),
)
SHORT = 24


@dataclass(frozen=True)
class MenuItem:
    """One entry: section and label are msgids, `path` is relative to the sandbox, order counts within."""

    section: str
    label: str
    path: str
    icon: str = "point"
    order: int = 0


@dataclass(frozen=True)
class Entry:
    """A menu entry ready to be shown."""

    label: str
    href: str
    icon: str
    active: bool


@dataclass(frozen=True)
class Section:
    """A part of the sidebar; `open` shows its entries, `alone` makes it one plain link."""

    label: str
    icon: str
    entries: Sequence[Entry]
    open: bool

    @property
    def alone(self) -> bool:
        """Whether the section is nothing but its one page."""
        return len(self.entries) == 1 and self.entries[0].label == self.label


def build(items: Iterable[MenuItem], base: str, path: str) -> tuple[Section, ...]:
    """Make the sidebar of the sandbox at `base` (`/w/<id>`) while its page `path` (whole) is shown."""
    items = sorted(items, key=lambda item: item.order)
    icons = dict(SECTIONS)
    named = list(dict.fromkeys([*icons, *(item.section for item in items)]))
    current = _closest((base + item.path for item in items), base, path)
    # A short menu is all open; a long one opens where its reader is.
    short = len(items) <= SHORT
    sections = []
    for name in named:
        entries = tuple(_entry(item, base, current) for item in items if item.section == name)
        if entries:
            opened = short or any(entry.active for entry in entries)
            sections.append(Section(name, icons.get(name, "point"), entries, opened))
    return tuple(sections)


def help_of(about: Mapping[str, str], path: str) -> str | None:
    """The article about a page: its own, or that of the page it lies under."""
    under = [page for page in about if path == page or (page != "/" and path.startswith(page + "/"))]
    return about[max(under, key=len)] if under else None


def _entry(item: MenuItem, base: str, current: str) -> Entry:
    href = base + item.path
    return Entry(item.label, href, item.icon, active=href == current)


def _closest(hrefs: Iterable[str], base: str, path: str) -> str:
    """Find the longest entry that the page lies under, so that /products/new does not light /products too."""
    # Everything lies under the home page, which is lit only when it is shown itself.
    home = base + "/"
    if path == base:
        path = home
    under = [href for href in hrefs if path == href or (href != home and path.startswith(href + "/"))]
    return max(under, key=len, default="")
