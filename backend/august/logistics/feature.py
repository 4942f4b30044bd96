"""The room's entry in the list."""

from august.kernel.features import Feature
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_
from august.logistics import commands, why
from august.logistics.api import LogisticsApi
from august.logistics.benefits_web import LogisticsBenefitsPage
from august.logistics.fcl_web import FclPage
from august.logistics.jobs import jobs
from august.logistics.queries import digest, find
from august.logistics.web import LogisticsOrderPage, LogisticsOrdersPage
from august.web.menu import MenuItem


def feature(rulebook: Rulebook) -> Feature:
    """Logistics of a house with these rules: dated jobs stand at the instants that rules name."""
    return Feature(
        "logistics",
        controllers=(LogisticsOrdersPage, LogisticsOrderPage, FclPage, LogisticsBenefitsPage, LogisticsApi),
        menu=(
            MenuItem(N_("Logistics"), N_("Logistics orders"), "/logistics-orders", "truck-delivery", 10),
            MenuItem(N_("Logistics"), N_("Full containers"), "/fcl", "ship", 20),
            MenuItem(N_("Logistics"), N_("Logistics benefits center"), "/logistics-benefits", "ticket", 30),
        ),
        commands=(commands.place, commands.book, commands.pay, commands.cancel),
        jobs=jobs(rulebook),
        why={"logistics_order": why.why_order, "coupon": why.why_coupon},
        digest=digest,
        find=find,
    )
