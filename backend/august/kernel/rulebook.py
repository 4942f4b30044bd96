"""The rulebook: dated, sourced rules read from YAML seeds, refused loudly when they are wrong."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

import msgspec

from august.kernel.errors import Refusal
from august.kernel.seeds import Entry, SeedError, read
from august.kernel.words import N_

__all__ = ["Origin", "RuleValues", "RuleVersion", "Rulebook", "SeedError", "load"]

LONG_AGO = datetime.min.replace(tzinfo=UTC)
Origin = Literal["release", "decision", "assumption"]


class RuleValues(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the numbers of a rule look like; features declare one subclass per rule id."""


class RuleVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One wording of a rule with the time it is in force: [effective_from, effective_to)."""

    id: str
    version: str
    origin: Origin
    source: str
    effective_from: datetime | None
    effective_to: datetime | None
    title: dict[str, str]
    text: dict[str, str]
    see: tuple[str, ...]
    values: Any
    chapter: str
    line: int

    def in_force(self, at: datetime) -> bool:
        """Tell whether this version counts at the instant."""
        return (self.effective_from is None or self.effective_from <= at) and (
            self.effective_to is None or at < self.effective_to
        )


class Rulebook:
    """All rules with all their versions; never changes after loading."""

    def __init__(self, versions: Mapping[str, tuple[RuleVersion, ...]], fingerprint: str) -> None:
        """Take the versions of each rule, oldest first, and a hash of the seeds they came from."""
        self._versions = dict(versions)
        self.fingerprint = fingerprint

    def __contains__(self, rule_id: str) -> bool:
        """Tell whether there is such a rule at any time."""
        return rule_id in self._versions

    def at(self, rule_id: str, instant: datetime) -> RuleVersion:
        """The version in force at the instant; refuses when none is; KeyError for an unknown id."""
        for version in self._versions[rule_id]:
            if version.in_force(instant):
                return version
        raise Refusal(
            "rule.not_in_force",
            N_("Rule {rule} is not in force at {at}."),
            params={"rule": rule_id, "at": instant},
            rules=(rule_id,),
        )

    def values(self, rule_id: str, instant: datetime) -> Any:
        """The typed numbers of the version in force at the instant (errors as `at`)."""
        return self.at(rule_id, instant).values

    def applies(self, rule_id: str, instant: datetime) -> bool:
        """Tell whether any version of the rule is in force at the instant."""
        return any(version.in_force(instant) for version in self._versions[rule_id])

    def versions(self, rule_id: str) -> tuple[RuleVersion, ...]:
        """Every version of one rule, oldest first; KeyError for an unknown id."""
        return self._versions[rule_id]

    def all(self) -> tuple[RuleVersion, ...]:
        """Every version of every rule, in the order of the seed files."""
        return tuple(version for versions in self._versions.values() for version in versions)

    def in_force(self, instant: datetime) -> tuple[RuleVersion, ...]:
        """The versions that count at the instant, in the order of the seed files."""
        return tuple(version for version in self.all() if version.in_force(instant))


def load(directory: Path, declared: Mapping[str, type[msgspec.Struct]]) -> Rulebook:
    """Read every ``*.yaml`` of the directory; `declared` says what the values of a rule look like.

    Raises SeedError, naming file and line, for a wrong key, an unknown rule in `see`, overlapping
    versions, a missing source, or values that do not fit their declared struct.
    """
    entries: dict[str, list[tuple[Entry, RuleVersion]]] = {}
    digest = blake2b(digest_size=16)
    for path in sorted(directory.glob("*.yaml")):
        digest.update(path.name.encode() + b"\x00" + path.read_bytes() + b"\x00")
        for entry in read(path):
            version = _version(entry, declared)
            entries.setdefault(version.id, []).append((entry, version))
    for rule_id in declared:
        if rule_id not in entries:
            raise SeedError(directory, 1, f"no rule {rule_id!r}, though its values are declared")
    versions: dict[str, tuple[RuleVersion, ...]] = {}
    for rule_id, found in entries.items():
        versions[rule_id] = tuple(_in_order(found))
        for entry, version in found:
            for name, line in entry.names("see"):
                if name not in entries:
                    raise entry.error(f"rule {version.id} refers to unknown rule {name!r}", line)
    return Rulebook(versions, digest.hexdigest())


def _version(entry: Entry, declared: Mapping[str, type[msgspec.Struct]]) -> RuleVersion:
    rule_id = entry.word("id")
    start, end = entry.instant("effective_from", closes=False), entry.instant("effective_to", closes=True)
    if start and end and end <= start:
        raise entry.error(f"rule {rule_id} ends before it begins", entry.line_of("effective_to"))
    kind = declared.get(rule_id)
    if kind is not None and not kind.__struct_config__.forbid_unknown_fields:
        raise TypeError(kind)
    if kind is None and entry.has("values"):
        raise entry.error(f"rule {rule_id} has values that no feature declares", entry.line_of("values"))
    return RuleVersion(
        id=rule_id,
        version=entry.word("version"),
        origin=entry.one_of("origin", ("release", "decision", "assumption")),
        source=entry.word("source"),
        effective_from=start,
        effective_to=end,
        title=entry.bilingual("title"),
        text=entry.bilingual("text"),
        see=tuple(name for name, _ in entry.names("see")),
        values=entry.convert("values", kind) if kind is not None else None,
        chapter=entry.path.stem,
        line=entry.line,
    )


def _in_order(found: list[tuple[Entry, RuleVersion]]) -> Iterator[RuleVersion]:
    """The versions by time; refuses two that count at once and two of the same name."""
    ordered = sorted(found, key=lambda pair: pair[1].effective_from or LONG_AGO)
    names: set[str] = set()
    for index, (entry, version) in enumerate(ordered):
        if version.version in names:
            raise entry.error(f"rule {version.id} has two versions {version.version!r}")
        names.add(version.version)
        if index:
            before = ordered[index - 1][1]
            if before.effective_to is None or (
                version.effective_from is None or version.effective_from < before.effective_to
            ):
                raise entry.error(
                    f"version {version.version} of rule {version.id} overlaps version {before.version}"
                    f" ({before.chapter}.yaml, line {before.line})"
                )
        yield version
