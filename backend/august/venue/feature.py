"""The room's entry in the list."""

from august.kernel.features import Feature
from august.kernel.words import N_
from august.venue import commands, coupons, look
from august.venue.api import FestivalApi
from august.venue.board_web import BoardPage
from august.venue.campaign import venue
from august.venue.jobs import DAILY
from august.venue.rules import RULES
from august.venue.shop_web import FestivalShop
from august.venue.web import FestivalPage
from august.web.menu import MenuItem

FEATURE = Feature(
    "venue",
    controllers=(FestivalPage, BoardPage, FestivalShop, FestivalApi),
    menu=(
        MenuItem(N_("Marketing"), N_("Festival enrolment"), "/festival", "flame", 10),
        MenuItem(N_("Analytics"), N_("Festival dashboard"), "/festival/board", "presentation", 30),
    ),
    commands=(
        commands.enrol,
        commands.enrol_batch,
        commands.change_price,
        commands.withdraw,
        commands.set_target,
        coupons.take_coupon,
        coupons.order_with_coupon,
    ),
    jobs=(DAILY,),
    rules=RULES,
    why={"venue": look.why, "festival-coupon": coupons.why},
    digest=look.digest,
    measures={"venue": venue},
)
