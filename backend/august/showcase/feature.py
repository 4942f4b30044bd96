"""The room's entry in the list."""

from august.kernel.features import Feature
from august.kernel.words import N_
from august.showcase.api import ShowcaseApi
from august.showcase.commands import left_the_shelf, open_order, remove, replace, show, show_best
from august.showcase.jobs import ENDINGS
from august.showcase.queries import showcased, why
from august.showcase.rules import RULES
from august.showcase.web import ShowcasePage
from august.web.menu import MenuItem

FEATURE = Feature(
    "showcase",
    controllers=(ShowcasePage, ShowcaseApi),
    menu=(MenuItem(N_("Marketing"), N_("Showcase"), "/showcase", "award", 20),),
    commands=(show, show_best, remove, replace, open_order),
    jobs=(ENDINGS,),
    listeners={"catalog.product_taken_down": left_the_shelf},
    rules=RULES,
    why={"showcase": why},
    measures={"showcased": showcased},
)
