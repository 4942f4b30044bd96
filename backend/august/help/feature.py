"""The room's entry in the list."""

from august.help import seeds
from august.help.api import HelpApi
from august.help.rules import RULES
from august.help.web import HelpPage, find
from august.kernel.features import Feature
from august.kernel.words import N_
from august.web.menu import MenuItem


def feature() -> Feature:
    """The customer service center with the articles that seeds hold; SeedError when one is wrong."""
    return Feature(
        "help",
        controllers=(HelpPage, HelpApi),
        menu=(MenuItem(N_("Service Center"), N_("Customer service center"), "/help", "headset", 10),),
        rules=RULES,
        find=find,
        help=seeds.standing().about(),
    )
