"""The room's entry in the list."""

from august.fees import commands, jobs
from august.fees.api import FeesApi
from august.fees.digest import digest
from august.fees.rules import RULES
from august.fees.web import FeesPage
from august.fees.why import why
from august.kernel.features import Feature
from august.kernel.words import N_
from august.web.menu import MenuItem

FEATURE = Feature(
    "fees",
    controllers=(FeesPage, FeesApi),
    menu=(MenuItem(N_("Funds"), N_("Service fees"), "/fees", "receipt", 10),),
    commands=(commands.buy_package,),
    jobs=(jobs.AFTER_TICK,),
    listeners={
        "trade.paid": commands.on_booked,
        "trade.balance_paid": commands.on_booked,
        "trade.booking_cancelled": commands.on_cancelled,
        "trade.received": commands.on_ended,
        "trade.withdrawn": commands.on_ended,
        "trade.declined": commands.on_ended,
        "integrity.settled": commands.on_ended,
    },
    rules=RULES,
    why={"service_fee": why},
    digest=digest,
)
