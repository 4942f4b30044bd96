"""The room's entry in the list."""

from august.finance import lending, paying, queries
from august.finance.api import FinanceApi
from august.finance.jobs import SETTLE
from august.finance.rules import RULES
from august.finance.web import LcPage, OaPage
from august.kernel.features import Feature
from august.kernel.words import N_
from august.web.menu import MenuItem

FEATURE = Feature(
    "finance",
    controllers=(LcPage, OaPage, FinanceApi),
    menu=(
        MenuItem(N_("Orders"), N_("OA credit"), "/oa-credit", "credit-card", 50),
        MenuItem(N_("Funds"), N_("LC financing"), "/lc-financing", "certificate", 20),
    ),
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
    why={"lc-fee": queries.why_fee},
)
