"""The room's entry in the list."""

from august.finance import lending, paying
from august.finance.jobs import SETTLE
from august.finance.rules import RULES
from august.kernel.features import Feature

FEATURE = Feature(
    "finance",
    commands=(
        lending.apply_lc,
        lending.present,
        lending.draw,
        lending.repay,
        lending.withdraw_lc,
        paying.pay_later,
    ),
    jobs=(SETTLE,),
    listeners={"trade.booking_cancelled": paying.booking_cancelled},
    rules=RULES,
)
