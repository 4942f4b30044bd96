"""The room's entry in the list."""

from august.kernel.features import Feature
from august.merchants.commands import set_autopilot

FEATURE = Feature("merchants", commands=(set_autopilot,))
