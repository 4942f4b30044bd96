"""The room's entry in the list."""

from datetime import datetime

from august.kernel.context import Context
from august.kernel.features import DigestLine, Feature
from august.kernel.words import N_
from august.traffic import queries
from august.traffic.api import TrafficApi
from august.traffic.web import VisitorsPage
from august.web.menu import MenuItem


def digest(ctx: Context, since: datetime, until: datetime) -> list[DigestLine]:
    """How many came during a jump."""
    exposures, visits, visitors = queries.passed(ctx, since, until)
    if not exposures:
        return []
    return [
        DigestLine(
            N_("Exposures: {exposures} · visits: {visits} by {visitors} visitors"),
            {"exposures": exposures, "visits": visits, "visitors": visitors},
            "/visitors?days=0",
        )
    ]


FEATURE = Feature(
    "traffic",
    controllers=(VisitorsPage, TrafficApi),
    menu=(MenuItem(N_("Analytics"), N_("Visitor details"), "/visitors", "eye", 20),),
    digest=digest,
)
