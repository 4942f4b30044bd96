"""The room's entry in the list."""

from august.assurance import commands, covering, queries
from august.assurance.api import AssuranceApi
from august.assurance.jobs import SETTLE
from august.assurance.rules import RULES
from august.assurance.web import EasyReturnPage
from august.kernel.features import Feature
from august.kernel.words import N_
from august.web.menu import MenuItem

FEATURE = Feature(
    "assurance",
    controllers=(EasyReturnPage, AssuranceApi),
    menu=(MenuItem(N_("Orders"), N_("Easy Return"), "/easy-return", "shield-check", 40),),
    commands=(commands.activate, commands.deactivate, commands.claim_return),
    jobs=(SETTLE,),
    listeners={"trade.shipped": commands.last_piece_left},
    rules=RULES,
    why={"easy-return": queries.why, "delivery-by": queries.why_delivery},
    digest=queries.digest,
    measures={"easy_return": covering.easy_returned},
)
