"""The room's entry in the list."""

from datetime import datetime

from august.home import figures
from august.home.api import HomeApi
from august.home.frame import FindPage, WhyPage
from august.home.timeline_web import TimelinePage
from august.home.web import HomePage
from august.kernel.context import Context
from august.kernel.explain import money
from august.kernel.features import DigestLine, Feature
from august.kernel.words import N_
from august.web.menu import MenuItem


def digest(ctx: Context, since: datetime, until: datetime) -> list[DigestLine]:
    """What a jump brought in business."""
    inquiries, orders, cents = figures.between(ctx, since, until)
    if not inquiries and not cents:
        return []
    told = {"inquiries": inquiries, "orders": orders, "gmv": money(cents, "USD")}
    return [DigestLine(N_("New inquiries: {inquiries} · orders paid: {orders} · GMV: {gmv}"), told, "/")]


FEATURE = Feature(
    "home",
    controllers=(HomePage, HomeApi, TimelinePage, FindPage, WhyPage),
    menu=(
        MenuItem(N_("Home"), N_("Home"), "/", "home"),
        MenuItem(N_("Sandbox"), N_("Timeline"), "/timeline", "calendar-event", 10),
    ),
    digest=digest,
)
