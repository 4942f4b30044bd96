"""The room's entry in the list."""

from august.integrity import commands
from august.integrity.api import IntegrityApi
from august.integrity.queries import digest, find, why
from august.integrity.rules import RULES
from august.integrity.web import DisputePage, DisputesPage
from august.kernel.features import Feature
from august.kernel.words import N_
from august.web.menu import MenuItem

FEATURE = Feature(
    "integrity",
    controllers=(DisputesPage, DisputePage, IntegrityApi),
    menu=(MenuItem(N_("Orders"), N_("Refund disputes"), "/disputes", "receipt-refund", 20),),
    commands=(
        commands.open_dispute,
        commands.accept,
        commands.offer,
        commands.remind,
        commands.explain,
        commands.change_reason,
        commands.withdraw,
        commands.take_offer,
        commands.escalate,
    ),
    rules=RULES,
    why={"dispute": why},
    digest=digest,
    find=find,
)
