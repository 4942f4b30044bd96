"""The room's entry in the list."""

from august.finance.rules import RULES
from august.kernel.features import Feature

FEATURE = Feature("finance", rules=RULES)
