"""The room's entry in the list."""

from august.festival import commands, coupons, look, quotas
from august.festival.api import FestivalApi
from august.festival.board_web import BoardPage
from august.festival.campaign import venue
from august.festival.jobs import DAILY
from august.festival.offers import registry
from august.festival.rules import RULES
from august.festival.shop_web import FestivalShop
from august.festival.web import FestivalPage
from august.kernel.features import Feature
from august.kernel.words import N_
from august.web.menu import MenuItem

FEATURE = Feature(
    "festival",
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
    why={
        "quota": quotas.why,
        "venue": look.why,
        "festival-offer": registry.why,
        "coupon": coupons.why,
    },
    digest=look.digest,
    measures={"venue": venue},
)
