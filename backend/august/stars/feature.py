"""The room's entry in the list."""

from august.kernel.features import Feature
from august.stars.jobs import CUT, PREDICT, PUBLISH
from august.stars.queries import stars_of
from august.stars.rules import RULES

FEATURE = Feature(
    "stars",
    jobs=(PREDICT, CUT, PUBLISH),
    rules=RULES,
    measures={"star": stars_of},
)
