"""The one ordered list of features, and the house they make."""

from functools import cache

from august.assurance.feature import FEATURE as ASSURANCE
from august.benefits.feature import FEATURE as BENEFITS
from august.calculators.feature import FEATURE as CALCULATORS
from august.catalog.feature import FEATURE as CATALOG
from august.fees.feature import FEATURE as FEES
from august.festival.feature import FEATURE as FESTIVAL
from august.finance.feature import FEATURE as FINANCE
from august.growth.feature import FEATURE as GROWTH
from august.help.feature import feature as help_center
from august.help.rules import RULES as HELP_RULES
from august.home.feature import FEATURE as HOME
from august.home.timeline import standing
from august.integrity.feature import FEATURE as INTEGRITY
from august.kernel.features import Feature
from august.kernel.house import House
from august.kernel.rulebook import load
from august.logistics.feature import feature as logistics
from august.logistics.rules import RULES as FREIGHT_RULES
from august.market.feature import feature as market
from august.merchants.feature import FEATURE as MERCHANTS
from august.messages.feature import feature as messages
from august.opportunities.feature import FEATURE as OPPORTUNITIES
from august.quality.feature import FEATURE as QUALITY
from august.reviews.feature import FEATURE as REVIEWS
from august.rulechannel.web import FEATURE as RULECHANNEL
from august.settings import SEEDS
from august.showcase.feature import FEATURE as SHOWCASE
from august.stars.feature import FEATURE as STARS
from august.stars.feature import preview_of
from august.storefront.feature import FEATURE as STOREFRONT
from august.trade.feature import FEATURE as TRADE
from august.traffic.feature import FEATURE as TRAFFIC
from august.venue.feature import FEATURE as VENUE
from august.verified.feature import FEATURE as VERIFIED

ROOMS: tuple[Feature, ...] = (
    HOME,
    MERCHANTS,
    CATALOG,
    QUALITY,
    OPPORTUNITIES,
    TRADE,
    ASSURANCE,
    FINANCE,
    INTEGRITY,
    REVIEWS,
    TRAFFIC,
    GROWTH,
    STARS,
    BENEFITS,
    SHOWCASE,
    VERIFIED,
    FESTIVAL,
    FEES,
    VENUE,
    STOREFRONT,
    RULECHANNEL,
    CALCULATORS,
)


@cache
def house() -> House:
    """Load and check the rules, then put the rooms together; SeedError when a seed is wrong."""
    declared = {rule: values for room in ROOMS for rule, values in room.rules.items()}
    declared |= {**FREIGHT_RULES, **HELP_RULES}
    rulebook = load(SEEDS / "rules", declared)
    standing()  # a wrong calendar is refused at the start, like a wrong rule
    rooms = (*ROOMS, logistics(rulebook), messages(rulebook), help_center(), preview_of(rulebook))
    return House((*rooms, market(rooms)), rulebook)
