"""The room's entry in the list."""

from august.festival import quotas
from august.festival.offers import registry
from august.festival.rules import RULES
from august.kernel.features import Feature

FEATURE = Feature("festival", rules=RULES, why={"quota": quotas.why, "festival-offer": registry.why})
