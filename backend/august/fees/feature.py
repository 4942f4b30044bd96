"""The room's entry in the list."""

from august.fees import commands, jobs
from august.fees.rules import RULES
from august.kernel.features import Feature

FEATURE = Feature(
    "fees",
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
)
