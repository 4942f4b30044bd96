"""The room's entry in the list."""

from august.assurance import commands
from august.assurance.jobs import SETTLE
from august.assurance.rules import RULES
from august.kernel.features import Feature

FEATURE = Feature(
    "assurance",
    commands=(commands.activate, commands.deactivate, commands.claim_return),
    jobs=(SETTLE,),
    listeners={"trade.shipped": commands.last_piece_left},
    rules=RULES,
)
