"""How well a text fits the words of a search (F11-search); all pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from august.kernel.rulebook import RuleValues

WHOLE = 1000
PERCENT = 10
SHORT = 3
# Chinese characters with the digits among them; then whatever else makes up words.
CJK = "\u3400-\u9fff\uf900-\ufaff"
RUNS = re.compile(rf"[0-9]*[{CJK}][{CJK}0-9]*|[^\W{CJK}]+")
# Between a digit and a Chinese character a space means nothing.
LOOSE = re.compile(rf"(?<=[0-9]) (?=[{CJK}])|(?<=[{CJK}]) (?=[0-9])")
# Best first: how a text can fit.
RANKS = ("title", "phrase_in_title", "words_in_title", "phrase_in_text", "words_in_text", "some_words")


class SearchRules(RuleValues, frozen=True):
    """The numbers of rule F11-search: `ignored` words do not count, half of the others must be there."""

    least_percent: int
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """The words of a search: the whole phrase and its terms, folded."""

    phrase: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """What is searched, folded: its names (the title, other words for it), and all that it says."""

    names: tuple[str, ...]
    body: str

    @property
    def heading(self) -> str:
        """All names together."""
        return "\n".join(self.names)


@dataclass(frozen=True, order=True)
class Fit:
    """How a text fits; the smaller, the better. Shares are thousandths of the terms that are missing."""

    rank: int
    title_lacks: int
    lacks: int

    @property
    def why(self) -> str:
        """The name of the rank."""
        return RANKS[self.rank]


def folded(text: str) -> str:
    """A text as it is compared: one form of each character, small letters, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def bare(text: str) -> str:
    """A folded text without the marks between its words."""
    return LOOSE.sub("", " ".join(RUNS.findall(folded(text))))


def asked(query: str, rules: SearchRules) -> Asked:
    """The terms of a search: English words, and pairs of neighbouring Chinese characters."""
    phrase = bare(query)
    kept = phrase
    for word in sorted((word for word in rules.ignored if not word.isascii()), key=len, reverse=True):
        kept = kept.replace(word, " ")
    left = [run for run in RUNS.findall(kept) if run not in rules.ignored]
    # A search of nothing but such words means them.
    runs = left or RUNS.findall(phrase)
    return Asked(phrase, tuple(dict.fromkeys(term for run in runs for term in _terms(run))))


def _terms(run: str) -> Sequence[str]:
    if not re.search(f"[{CJK}]", run):
        return (_stem(run),)
    return [run[i : i + 2] for i in range(max(1, len(run) - 1))]


def _stem(word: str) -> str:
    """Without the s of the plural, so that either finds the other; short words stay."""
    least = 4
    return word[:-1] if len(word) >= least and word.endswith("s") and not word.endswith("ss") else word


def text_of(names: Sequence[str], texts: Sequence[str]) -> Text:
    """A text made ready to be searched."""
    return Text(tuple(bare(name) for name in names), bare("\n".join(texts)))


def fit(query: Asked, text: Text, rules: SearchRules) -> Fit | None:
    """How well a text fits the search; None when it does not."""
    if not query.terms:
        return None
    heading = text.heading
    in_title = sum(_says(heading, term) for term in query.terms)
    anywhere = sum(_says(heading, term) or _says(text.body, term) for term in query.terms)
    count = len(query.terms)
    if query.phrase in text.names:
        rank = 0
    elif _says(heading, query.phrase):
        rank = 1
    elif in_title == count:
        rank = 2
    elif _says(text.body, query.phrase):
        rank = 3
    elif anywhere == count:
        rank = 4
    elif anywhere * WHOLE >= count * rules.least_percent * PERCENT:
        rank = 5
    else:
        return None
    return Fit(rank, WHOLE - in_title * WHOLE // count, WHOLE - anywhere * WHOLE // count)


def _says(text: str, term: str) -> bool:
    """Chinese anywhere, other words from their beginning; short ones and numbers only as a whole."""
    if term not in text:
        return False
    return not term.isascii() or re.search(_pattern(term), text) is not None


def _pattern(term: str) -> str:
    if not term.isascii():
        return re.escape(term)
    whole = len(term) < SHORT or term.isdigit()
    return rf"(?<![a-z0-9]){re.escape(term)}" + (r"(?![a-z0-9])" if whole else "")


def marked(shown: str, query: Asked) -> list[tuple[str, bool]]:
    """A text in pieces, those that the search found marked."""
    spans = []
    for term in {query.phrase, *query.terms}:
        if term:
            spans += [found.span() for found in re.finditer(_pattern(term), shown, re.IGNORECASE)]
    pieces, place = [], 0
    for start_at, end in _joined(spans):
        pieces += [(shown[place:start_at], False), (shown[start_at:end], True)]
        place = end
    return [piece for piece in (*pieces, (shown[place:], False)) if piece[0]]


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def snippet(text: str, query: Asked, before: int = 24, length: int = 150) -> str:
    """The part of a text around the first thing found in it, on one line."""
    flat = " ".join(text.split())
    pieces = marked(flat, query)
    place = 0
    for piece, hit in pieces:
        if hit:
            break
        place += len(piece)
    found = place < len(flat)
    start = max(0, min(place - before, len(flat) - length)) if found else 0
    shown = flat[start : start + length]
    return f"{'…' if start else ''}{shown}{'…' if start + length < len(flat) else ''}"


RULES = {"F11-search": SearchRules}
