"""The room's entry in the list."""

from august.fees.rules import RULES
from august.kernel.features import Feature

FEATURE = Feature("fees", rules=RULES)
