"""The room's entry in the list."""

from august.kernel.features import Feature
from august.kernel.words import N_
from august.trade import commands, drafting, views, why
from august.trade.api import TradeApi
from august.trade.digest import digest
from august.trade.order_web import DraftPage, OrderPage
from august.trade.queries import find
from august.trade.rules import RULES
from august.trade.web import OrdersPage
from august.web.menu import MenuItem

FEATURE = Feature(
    "trade",
    controllers=(OrdersPage, DraftPage, OrderPage, TradeApi),
    menu=(MenuItem(N_("Orders"), N_("All orders"), "/orders", "clipboard-list", 10),),
    commands=(
        drafting.draft_order,
        commands.confirm,
        commands.withdraw,
        commands.ready,
        commands.ship,
        commands.ship_batch,
        commands.cancel_booking,
        views.save_view,
        views.delete_view,
        drafting.order_now,
        commands.accept,
        commands.decline,
        commands.pay_first,
        commands.pay_final,
        commands.receive,
    ),
    rules=RULES,
    why={"order-late": why.late, "order-deadline": why.ends},
    digest=digest,
    find=find,
)
