"""Questions that checks and pages ask of the seed data: categories, countries, lines, pictures."""

from collections.abc import Collection, Mapping
from functools import cache

from august.catalog import lines, pictures, taxonomy
from august.catalog.taxonomy import Leaf

OFFERED = 8
# Picture numbers have six digits at most.
FIRST_MOST = 900_000
Names = Mapping[str, str]


def leaf(code: str) -> Leaf | None:
    """The leaf category of a code, or None."""
    return taxonomy.standing().leaf(code)


def is_leaf(code: str) -> bool:
    """Whether the code names a leaf category."""
    return leaf(code) is not None


def leaves_of(industry: str) -> list[str]:
    """The codes of an industry's leaves; none for an unknown industry."""
    return [each.code for each in taxonomy.standing().leaves_of(industry)]


@cache
def industries() -> tuple[tuple[str, Names], ...]:
    """Code and names of every first-level industry."""
    found = taxonomy.standing().industries.values()
    return tuple((each.code, {"zh": each.zh, "en": each.en}) for each in found)


@cache
def leaf_names() -> Mapping[str, Names]:
    """The names of every leaf category by code."""
    return {leaf.code: {"zh": leaf.zh, "en": leaf.en} for leaf in taxonomy.standing().leaves.values()}


@cache
def leaf_groups() -> tuple[tuple[Names, tuple[tuple[str, Names], ...]], ...]:
    """Every industry's names with its leaves, for a grouped list."""
    return tuple(
        (names, tuple((code, leaf_names()[code]) for code in leaves_of(industry)))
        for industry, names in industries()
    )


def is_country(code: str) -> bool:
    """Whether goods can be sent there."""
    return code in lines.standing().countries


def is_origin(code: str) -> bool:
    """Whether freight templates can start there."""
    return code in lines.standing().origins


def line_countries(code: str) -> Collection[str] | None:
    """The countries a logistics line reaches; None for an unknown line."""
    line = lines.standing().lines.get(code)
    return None if line is None else line.zones.keys()


def is_picture(name: str) -> bool:
    """Whether the server draws a picture of that name."""
    return pictures.is_picture(name)


def suggestions(of: Leaf | None, product: int) -> list[str]:
    """Pictures offered for a product of a leaf category: other products are offered others."""
    first = product * OFFERED % FIRST_MOST
    return [] if of is None else [f"{of.shape}-{first + n}" for n in range(OFFERED)]


def attribute_label(code: str) -> Names:
    """The name of an attribute; one the seeds do not know is called what it was typed as."""
    known = taxonomy.standing().attributes.get(code)
    return {"zh": known.zh, "en": known.en} if known else {"zh": code, "en": code}
