"""The room's entry in the list."""

from august.kernel.features import Feature
from august.opportunities.measures import MEASURES

FEATURE = Feature("opportunities", measures=MEASURES)
