"""Help as data: articles, terms, and the categories that Easy Return covers."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from august.catalog import taxonomy
from august.kernel.rulebook import Origin
from august.kernel.seeds import LANGUAGES, Document
from august.settings import SEEDS
from august.web.menu import SECTIONS

HELP = SEEDS / "help"
COVERED = SEEDS / "data" / "covered_categories.yaml"
Words = dict[str, str]
Lists = dict[str, tuple[str, ...]]


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the help's seeds: unknown keys are refused."""


class Article(Strict, frozen=True):
    """A help article: the page it is about, other words to ask for it, a text and steps."""

    id: str
    area: str
    title: Words
    text: Words
    page: str | None = None
    rules: tuple[str, ...] = ()
    ask: Lists = {}
    steps: Lists = {}
    list: Literal["covered_categories", "glossary"] | None = None

    @property
    def path(self) -> str:
        """Where it is read."""
        return f"/help/{self.id}"


class Term(Strict, frozen=True):
    """A word of the platform and what it means."""

    id: str
    term: Words
    text: Words
    rules: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where it is read."""
        return f"/help/glossary#{self.id}"


class CategorySeed(Strict, frozen=True):
    """A covered first-level category; `code` is its industry in this market, if there is one."""

    code: str | None
    zh: str
    en: str


class CoveredSeed(Strict, frozen=True):
    """The whole of covered_categories.yaml."""

    origin: Origin
    source: str
    rule: str
    categories: tuple[CategorySeed, ...]


class Articles(Strict, frozen=True):
    """A file of articles."""

    articles: tuple[Article, ...]


class Terms(Strict, frozen=True):
    """The file of terms."""

    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Help:
    """Everything that is written for the reader."""

    articles: dict[str, Article]
    terms: dict[str, Term]
    covered: CoveredSeed

    def about(self) -> dict[str, str]:
        """The article of each page that has one; the first that names the page counts."""
        found: dict[str, str] = {}
        for article in self.articles.values():
            if article.page is not None:
                found.setdefault(article.page, article.path)
        return found


@cache
def standing(folder: Path = HELP, covered: Path = COVERED) -> Help:
    """The help of this release; SeedError names file and line of what is wrong."""
    articles: dict[str, Article] = {}
    for path in sorted(folder.glob("[0-9]*.yaml")):
        pages = Document(path, Articles)
        for i, article in enumerate(pages.value.articles):
            place = f"$.articles[{i}]"
            _complete(pages, place, article)
            if article.id in articles:
                raise pages.error(f"{place}.id", f"two articles are called {article.id!r}")
            articles[article.id] = article
    words = Document(folder / "glossary.yaml", Terms)
    terms: dict[str, Term] = {}
    for i, term in enumerate(words.value.terms):
        if term.id in terms:
            raise words.error(f"$.terms[{i}].id", f"two terms are called {term.id!r}")
        _bilingual(words, f"$.terms[{i}].term", term.term)
        _bilingual(words, f"$.terms[{i}].text", term.text)
        terms[term.id] = term
    return Help(articles, terms, _covered(covered))


def _complete(document: Document[Articles], place: str, article: Article) -> None:
    if article.area not in dict(SECTIONS):
        raise document.error(f"{place}.area", f"no part of the menu is called {article.area!r}")
    _bilingual(document, f"{place}.title", article.title)
    _bilingual(document, f"{place}.text", article.text)
    for name, lists in (("ask", article.ask), ("steps", article.steps)):
        if lists and set(lists) != set(LANGUAGES):
            raise document.error(f"{place}.{name}", "it must be there in zh and in en, and nothing else")
    if len({len(steps) for steps in article.steps.values()}) > 1:
        raise document.error(f"{place}.steps", "both languages must have as many steps")


def _bilingual(document: Document[Articles] | Document[Terms], place: str, words: Words) -> None:
    if set(words) != set(LANGUAGES) or not all(text.strip() for text in words.values()):
        raise document.error(place, "it must be there in zh and in en, and nothing else")


def _covered(path: Path) -> CoveredSeed:
    document = Document(path, CoveredSeed)
    known = taxonomy.standing().industries
    for i, category in enumerate(document.value.categories):
        if category.code is not None and category.code not in known:
            raise document.error(f"$.categories[{i}].code", f"no industry is called {category.code!r}")
    return document.value
