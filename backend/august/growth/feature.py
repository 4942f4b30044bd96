"""The room's entry in the list."""

from august.growth.jobs import RECOMPUTE
from august.growth.queries import why
from august.growth.rules import RULES
from august.growth.web import GrowthPage
from august.kernel.features import Feature
from august.kernel.words import N_
from august.web.menu import MenuItem

FEATURE = Feature(
    "growth",
    controllers=(GrowthPage,),
    menu=(MenuItem(N_("Products"), N_("Product growth"), "/growth", "trending-up", 60),),
    jobs=(RECOMPUTE,),
    rules=RULES,
    why={"growth": why},
)
