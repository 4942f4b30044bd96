"""The room's entry in the list."""

from august.assurance.rules import RULES
from august.kernel.features import Feature

FEATURE = Feature("assurance", rules=RULES)
