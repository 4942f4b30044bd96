"""The room's entry in the list."""

from august.home.api import HomeApi
from august.home.frame import FindPage, WhyPage
from august.home.timeline_web import TimelinePage
from august.home.web import HomePage
from august.kernel.features import Feature
from august.kernel.words import N_
from august.web.menu import MenuItem

FEATURE = Feature(
    "home",
    controllers=(HomePage, HomeApi, TimelinePage, FindPage, WhyPage),
    menu=(
        MenuItem(N_("Home"), N_("Home"), "/", "home"),
        MenuItem(N_("Sandbox"), N_("Timeline"), "/timeline", "calendar-event", 10),
    ),
)
