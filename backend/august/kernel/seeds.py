"""Seed files: YAML that knows its line numbers and refuses whatever it does not know."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import yaml

from august.kernel.clock import BEIJING, PACIFIC, SECOND, from_local
from august.kernel.errors import Refusal

T = TypeVar("T", bound=msgspec.Struct)

LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ZONES = {"PT": PACIFIC, "BJ": BEIJING}
NEEDED = ("id", "version", "origin", "source", "effective_from", "title", "text")
KEYS = (*NEEDED, "effective_to", "see", "values")
LANGUAGES = ("zh", "en")
STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


class SeedError(Exception):
    """A seed file is wrong; says where."""

    def __init__(self, file: Path, line: int, msg: str) -> None:
        """Name the file, the line (from 1) and the mistake."""
        self.file, self.line, self.msg = file, line, msg
        super().__init__(f"{file}, line {line}: {msg}")


class Entry:
    """One rule as written, with the line of everything in it."""

    def __init__(self, path: Path, node: yaml.MappingNode) -> None:
        """Check the keys; SeedError for a wrong, missing or repeated one."""
        self.path, self.node = path, node
        self.line = _line(node)
        self._parts: dict[str, tuple[int, yaml.Node]] = {}
        for key, value in node.value:
            if key.value not in KEYS:
                raise self.error(f"unknown key {key.value!r}; known are {', '.join(KEYS)}", _line(key))
            self._parts[key.value] = (_line(key), value)
        for key in NEEDED:
            if key not in self._parts:
                raise self.error(f"{key!r} is missing")

    def error(self, msg: str, line: int | None = None) -> SeedError:
        """A mistake in this entry, at its first line unless told."""
        return SeedError(self.path, line or self.line, msg)

    def has(self, key: str) -> bool:
        """Tell whether the entry has the key."""
        return key in self._parts

    def line_of(self, key: str) -> int:
        """The line of a key that is there."""
        return self._parts[key][0]

    def word(self, key: str) -> str:
        """The text of a key, as written; refuses an empty one."""
        line, node = self._parts[key]
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.error(f"{key!r} must be a text and must not be empty", line)
        return str(node.value).strip()

    def one_of(self, key: str, options: Sequence[str]) -> Any:
        """The text of a key that must be one of the options."""
        word = self.word(key)
        if word not in options:
            raise self.error(f"{key!r} is {word!r}, must be one of {', '.join(options)}", self.line_of(key))
        return word

    def bilingual(self, key: str) -> dict[str, str]:
        """A text in both languages."""
        line, node = self._parts[key]
        texts = _plain(node) if isinstance(node, yaml.MappingNode) else {}
        complete = set(texts) == set(LANGUAGES) and all(
            isinstance(text, str) and text.strip() for text in texts.values()
        )
        if not complete:
            raise self.error(f"{key!r} must have a text in zh and in en, and nothing else", line)
        return {language: texts[language].strip() for language in LANGUAGES}

    def names(self, key: str) -> list[tuple[str, int]]:
        """A list of names with their lines; none when the key is absent."""
        if key not in self._parts:
            return []
        line, node = self._parts[key]
        if not isinstance(node, yaml.SequenceNode):
            raise self.error(f"{key!r} must be a list", line)
        return [(str(each.value), _line(each)) for each in node.value]

    def instant(self, key: str, *, closes: bool) -> datetime | None:
        """A moment such as ``PT 2022-08-19 00:00:00`` in UTC; ``always`` and an absent key are None.

        One that `closes` is the last second inside, so the second after it is returned (T3).
        """
        if key not in self._parts or (text := self.word(key)) == "always":
            return None
        zone, _, local = text.partition(" ")
        try:
            at = from_local(ZONES[zone], local)
        except (KeyError, Refusal):
            raise self.error(
                f"{key!r} is {text!r}, must look like 'PT 2022-08-19 00:00:00', 'BJ ...' or 'always'",
                self.line_of(key),
            ) from None
        return at + SECOND if closes else at

    def convert(self, key: str, kind: type[T]) -> T:
        """The values of the entry as their declared struct; names the line of the first misfit."""
        line, node = self._parts.get(key, (self.line, None))
        try:
            return msgspec.convert({} if node is None else _plain(node), kind)
        except msgspec.ValidationError as misfit:
            wrong = line if node is None else _misfit(node, str(misfit))
            raise self.error(f"{key!r} of rule {self.word('id')}: {misfit}", wrong) from None


def read(path: Path) -> Iterator[Entry]:
    """Every rule of one file; SeedError when it is not a YAML list of mappings."""
    tree = _compose(path)
    if tree is None:
        return
    if not isinstance(tree, yaml.SequenceNode):
        raise SeedError(path, _line(tree), "a rule file is a list of rules")
    for node in tree.value:
        _refuse_twins(path, node)
        if not isinstance(node, yaml.MappingNode):
            raise SeedError(path, _line(node), "a rule is a mapping")
        yield Entry(path, node)


class Document(Generic[T]):
    """A whole seed file as its declared struct, able to name the line of anything in it."""

    def __init__(self, path: Path, kind: type[T]) -> None:
        """Read and convert; SeedError, naming the line, for whatever does not fit."""
        tree = _compose(path)
        if tree is None:
            raise SeedError(path, 1, "the file is empty")
        _refuse_twins(path, tree)
        self.path, self._tree = path, tree
        try:
            self.value: T = msgspec.convert(_plain(tree), kind)
        except msgspec.ValidationError as misfit:
            raise SeedError(path, _misfit(tree, str(misfit)), str(misfit)) from None

    def error(self, place: str, msg: str) -> SeedError:
        """A mistake at a place such as ``$.lines[2].zones[0].countries``."""
        return SeedError(self.path, _line(_down(self._tree, place)), msg)


def _compose(path: Path) -> yaml.Node | None:
    try:
        tree: yaml.Node | None = yaml.compose(path.read_text("utf-8"), Loader=LOADER)
    except yaml.MarkedYAMLError as mistake:
        mark = mistake.problem_mark or mistake.context_mark
        raise SeedError(path, mark.line + 1 if mark else 1, f"not YAML: {mistake.problem}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as mistake:
        raise SeedError(path, 1, f"not YAML: {mistake}") from None
    return tree


def _refuse_twins(path: Path, node: yaml.Node) -> None:
    """YAML would let the last of two equal keys win in silence."""
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            _refuse_twins(path, each)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise SeedError(path, _line(key), "a key must be a word")
            if key.value in seen:
                raise SeedError(path, _line(key), f"key {key.value!r} is there twice")
            seen.add(key.value)
            _refuse_twins(path, value)


def _plain(node: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _child(node: yaml.Node, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == name:
                return key, value
    return None


def _down(node: yaml.Node, path: str) -> yaml.Node:
    """The node a validation path such as ``$.bands[0].least`` means, or the nearest one above it."""
    for name, index in STEP.findall(path):
        if name:
            found = _child(node, name)
            if found is None:
                break
            node = found[1]
        elif index != "..." and isinstance(node, yaml.SequenceNode) and int(index) < len(node.value):
            node = node.value[int(index)]
    return node


def _misfit(node: yaml.Node, text: str) -> int:
    """The line a validation message is about: `<reason> - at `<path>``."""
    reason, _, path = text.partition(" - at `")
    place = _down(node, path.rstrip("`"))
    # The path of an unknown field leads only to the mapping around it.
    named = re.search(r"unknown field `([^`]+)`", reason)
    found = _child(place, named[1]) if named else None
    return _line(found[0] if found else place)
