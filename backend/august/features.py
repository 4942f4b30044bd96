"""The one ordered list of features, and the house they make."""

from functools import cache

from august.calculators.feature import FEATURE as CALCULATORS
from august.catalog.feature import FEATURE as CATALOG
from august.growth.feature import FEATURE as GROWTH
from august.home.feature import FEATURE as HOME
from august.kernel.features import Feature
from august.kernel.house import House
from august.kernel.rulebook import load
from august.messages.feature import feature as messages
from august.quality.feature import FEATURE as QUALITY
from august.rulechannel.web import FEATURE as RULECHANNEL
from august.settings import SEEDS

ROOMS: tuple[Feature, ...] = (HOME, CATALOG, QUALITY, GROWTH, RULECHANNEL, CALCULATORS)


@cache
def house() -> House:
    """Load and check the rules, then put the rooms together; SeedError when a seed is wrong."""
    declared = {rule: values for room in ROOMS for rule, values in room.rules.items()}
    rulebook = load(SEEDS / "rules", declared)
    return House((*ROOMS, messages(rulebook)), rulebook)
