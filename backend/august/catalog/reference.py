"""Questions that checks and pages ask of the seed data: categories, countries, lines, pictures."""

from functools import cache

from august.catalog import freight, taxonomy
from august.catalog.taxonomy import Leaf


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
def industries() -> tuple[tuple[str, dict[str, str]], ...]:
    """Code and name of every first-level industry."""
    return tuple((each.code, {"zh": each.zh, "en": each.en}) for each in taxonomy.standing().industries.values())
