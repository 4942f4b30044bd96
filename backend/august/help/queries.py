"""One search over help, rules, announcements, covered categories, terms and pages (F11-search)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from august.catalog import taxonomy
from august.help import rules, seeds
from august.help.rules import Asked, Fit, SearchRules, Text, text_of
from august.help.seeds import Article
from august.help.words import KINDS, WHY
from august.kernel.context import Context
from august.kernel.rulebook import Rulebook, RuleVersion
from august.messages import announcements, news
from august.messages.announcements import Announcement
from august.web.i18n import catalogue, fill, say, t
from august.web.menu import MenuItem

RULE = "F11-search"
SHOWN, MOST_SUGGESTED = 5, 5
# What a reader is offered before the first word.
POPULAR = (
    "covered-categories",
    "first-day",
    "quality-ball",
    "invite-reviews",
    "stars",
    "announcements",
    "clock",
)


@dataclass(frozen=True)
class Entry:
    """Something that can be found; `shown` and `text` carry both languages."""

    kind: str
    path: str
    shown: dict[str, str]
    text: dict[str, str]
    search: Text


@dataclass(frozen=True)
class Hit:
    """Something found, in the reader's language: pieces that the search meant are marked."""

    kind: str
    path: str
    title: Sequence[tuple[str, bool]]
    snippet: Sequence[tuple[str, bool]]
    why: str

    @property
    def name(self) -> str:
        """The title as plain text."""
        return "".join(piece for piece, _ in self.title)


@dataclass(frozen=True)
class Group:
    """What was found of one kind: how many, and the best of them."""

    kind: str
    count: int
    hits: Sequence[Hit]


@dataclass(frozen=True)
class Found:
    """The answer to a search: groups by their best hit; what else may be meant when there is none."""

    query: str
    groups: Sequence[Group]
    suggestions: Sequence[Hit]

    @property
    def total(self) -> int:
        """How much was found."""
        return sum(group.count for group in self.groups)


def search_rules(ctx: Context) -> SearchRules:
    """The numbers of F11-search in force now."""
    values: SearchRules = ctx.rulebook.values(RULE, ctx.now)
    return values


def search(ctx: Context, menu: Sequence[MenuItem], query: str, kind: str = "") -> Found:
    """Everything that fits, in groups; all of one kind when it is asked for, else the best of each."""
    numbers = search_rules(ctx)
    words = rules.asked(query, numbers)
    found: dict[str, list[tuple[Fit, Entry]]] = {}
    entries = list(_entries(ctx, menu))
    for entry in entries:
        fit = rules.fit(words, entry.search, numbers)
        if fit is not None:
            found.setdefault(entry.kind, []).append((fit, entry))
    for pairs in found.values():
        pairs.sort(key=lambda pair: pair[0])
    order = list(KINDS)
    kinds = sorted(found, key=lambda each: (found[each][0][0].rank, order.index(each)))
    groups = [
        Group(
            each,
            len(found[each]),
            [_hit(entry, words, fit) for fit, entry in found[each][: None if kind else SHOWN]],
        )
        for each in kinds
        if kind in ("", each)
    ]
    return Found(query, groups, [] if groups else suggestions(entries, words))


def suggestions(entries: Sequence[Entry], words: Asked) -> list[Hit]:
    """What holds any of the words, else what most readers want."""
    loose = SearchRules(least_percent=1, ignored=())
    near = []
    for entry in entries:
        fit = rules.fit(words, entry.search, loose)
        if fit is not None:
            near.append((fit, entry))
    near.sort(key=lambda pair: pair[0])
    if near:
        return [_hit(entry, words, fit) for fit, entry in near[:MOST_SUGGESTED]]
    return [_plain(seeds.standing().articles[name]) for name in POPULAR]


def popular() -> list[Article]:
    """What a reader is offered before the first word."""
    return [seeds.standing().articles[name] for name in POPULAR]


def _hit(entry: Entry, words: Asked, fit: Fit) -> Hit:
    return Hit(
        entry.kind,
        entry.path,
        rules.marked(say(entry.shown), words),
        rules.marked(rules.snippet(say(entry.text), words), words),
        t(WHY[fit.why]),
    )


def _plain(article: Article) -> Hit:
    text = " ".join(say(article.text).split())
    return Hit("article", article.path, [(say(article.title), False)], [(text, False)], "")


def _entries(ctx: Context, menu: Sequence[MenuItem]) -> Iterable[Entry]:
    yield from _written()
    yield from _announced(ctx)
    yield from _versions(ctx)
    yield from _pages(tuple(menu))


@lru_cache(maxsize=1)
def _written() -> list[Entry]:
    """Articles, terms and categories: they never change."""
    book, tree = seeds.standing(), taxonomy.standing()
    found = []
    for article in book.articles.values():
        text = {lang: "\n".join((article.text[lang], *article.steps.get(lang, ()))) for lang in article.text}
        names = (*article.title.values(), *(word for words in article.ask.values() for word in words))
        found.append(_entry("article", article.path, article.title, text, names))
    found += [_entry("term", term.path, term.term, term.text) for term in book.terms.values()]
    for number, each in enumerate(book.covered.categories, start=1):
        below = tree.industries[each.code].seconds if each.code is not None else ()
        text = {
            "zh": f"无忧退货保障承保类目 {'、'.join(second.zh for second in below)}",
            "en": f"Covered by Easy Return {', '.join(second.en for second in below)}",
        }
        path = f"/help/covered-categories#category-{number}"
        found.append(_entry("category", path, {"zh": each.zh, "en": each.en}, text))
    return found


def _announced(ctx: Context) -> Iterable[Entry]:
    for each in news.articles(ctx):
        yield _announcement(each.one.id) if not each.params else _told(each.one, each.params)


@lru_cache(maxsize=128)
def _announcement(code: str) -> Entry:
    return _told(announcements.standing()[code], {})


def _told(one: Announcement, params: Mapping[str, Any]) -> Entry:
    title, text = ({lang: fill(words[lang], params) for lang in words} for words in (one.title, one.text))
    return _entry("announcement", f"/onetouch/news/{one.id}", title, text)


def _versions(ctx: Context) -> Iterable[Entry]:
    """Each rule once: the version in force, else the newest."""
    for versions in _rules(ctx.rulebook):
        yield next((entry for version, entry in versions if version.in_force(ctx.now)), versions[-1][1])


@lru_cache(maxsize=2)
def _rules(rulebook: Rulebook) -> list[list[tuple[RuleVersion, Entry]]]:
    found: dict[str, list[tuple[RuleVersion, Entry]]] = {}
    for version in rulebook.all():
        text = {lang: f"{version.text[lang]}\n{version.source}" for lang in version.text}
        names = (*version.title.values(), version.id)
        entry = _entry("rule", f"/rules?q={version.id}", version.title, text, names)
        found.setdefault(version.id, []).append((version, entry))
    return list(found.values())


@lru_cache(maxsize=4)
def _pages(menu: tuple[MenuItem, ...]) -> list[Entry]:
    chinese = catalogue("zh_CN")
    found = []
    for item in menu:
        shown = {"en": item.label, "zh": chinese.get(item.label, item.label)}
        place = {"en": item.section, "zh": chinese.get(item.section, item.section)}
        text = {lang: f"{place[lang]} › {shown[lang]}" for lang in shown}
        found.append(_entry("page", item.path, shown, text))
    return found


def _entry(
    kind: str, path: str, shown: dict[str, str], text: dict[str, str], names: Iterable[str] | None = None
) -> Entry:
    return Entry(kind, path, shown, text, text_of(tuple(names or shown.values()), tuple(text.values())))


def not_covered() -> list[dict[str, str]]:
    """Industries of this market outside of what Easy Return covers."""
    covered = {each.code for each in seeds.standing().covered.categories}
    return [
        {"zh": each.zh, "en": each.en}
        for code, each in taxonomy.standing().industries.items()
        if code not in covered
    ]
