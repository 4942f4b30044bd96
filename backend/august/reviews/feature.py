"""The room's entry in the list."""

from august.kernel.features import Feature
from august.reviews.measures import MEASURES

FEATURE = Feature("reviews", measures=MEASURES)
