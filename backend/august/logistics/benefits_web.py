"""物流服务 › 物流权益中心: progress, offers with their conditions and quotas, coupons with both-zone ends."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from litestar import Controller, Response, get

from august.festival import quotas
from august.festival.offer import Offer
from august.festival.offers import charter, express, multimodal, small_parcel, us_west
from august.festival.quotas import Quota
from august.festival.rules import DAY
from august.kernel.clock import pacific
from august.kernel.context import Context
from august.kernel.words import N_, Phrase
from august.logistics import queries, words
from august.logistics.position import FREE, values
from august.logistics.standing import all_standings
from august.sandboxes.door import Door
from august.web.htmx import AnyRequest
from august.web.i18n import locale_of, speaking, t
from august.web.shell import Crumb

OFFERS: Sequence[Offer] = (express.OFFER, multimodal.OFFER, charter.OFFER, small_parcel.OFFER, us_west.OFFER)
CURVE_DAYS = 46
# Windows that no condition of the present asks for.
AFTERWARDS = ("Coupons used", "Container departed")
FESTIVAL_DAYS = tuple(
    (pacific(quotas.BEGAN) + timedelta(days=day)).strftime("%m-%d") for day in range(CURVE_DAYS)
)


class LogisticsBenefitsPage(Controller):
    """What the store has, could have and missed."""

    path = "/w/{sandbox_id:str}/logistics-benefits"

    @get(sync_to_thread=True)
    def index(self, request: AnyRequest, door: Door) -> Response[str]:
        """The benefits center of logistics."""
        with door.reading() as ctx, speaking(locale_of(request)):
            stands = all_standings(ctx)
            coupons = queries.coupons(ctx)
            found = {code: each.quota for code, each in stands.items() if each.quota is not None}
            rows = left_by_day(found)
            return door.page(
                request,
                "logistics/benefits.html",
                cards=[
                    (
                        offer,
                        stands[offer.code],
                        Phrase(offer.sentence, dict(offer.arguments(ctx.rulebook, ctx.now))),
                        [each for each in offer.terms(ctx.rulebook, ctx.now) if each.label in AFTERWARDS],
                    )
                    for offer in OFFERS
                ],
                express=values(ctx, "F6"),
                coupons=coupons,
                usable=sum(each.state in FREE for each in coupons),
                option=chart(ctx, rows, list(found)),
                curve_head=(t(N_("Day")), *(t(TITLES[code]) for code in found)),
                curve_rows=[(FESTIVAL_DAYS[day], *left) for day, left in rows],
                quotas=found,
                words=words,
                tracking=queries.coupon_orders(ctx),
                crumbs=(Crumb(Phrase(N_("Logistics"))), Crumb(Phrase(N_("Logistics benefits center")))),
            )


TITLES: Mapping[str, str] = {
    "express": N_("Express coupons"),
    "multimodal": words.OFFERS["multimodal"],
    "charter": words.OFFERS["charter"],
    "fcl_us_west": words.OFFERS["fcl_us_west"],
}


def left_by_day(found: Mapping[str, Quota]) -> list[tuple[int, list[float]]]:
    """For each day of the festival the percent of each quota that is left if this market takes no more."""
    return [
        (
            day,
            [
                round(100 * quota.rule.left((day + 1) * DAY, quota.claimed) / quota.rule.total, 1)
                for quota in found.values()
            ],
        )
        for day in range(CURVE_DAYS)
    ]


def chart(ctx: Context, rows: Sequence[tuple[int, Sequence[float]]], codes: Sequence[str]) -> dict[str, Any]:
    """The quotas as lines, and where the clock stands."""
    here = quotas.seconds_in(ctx.now) // DAY
    mark = (
        {"silent": True, "symbol": "none", "label": {"formatter": t(N_("now"))}, "data": [{"xAxis": here}]}
        if 0 <= here < len(rows)
        else None
    )
    return {
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "legend": {"top": 0, "type": "scroll"},
        "grid": {"left": 8, "right": 24, "top": 36, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": [FESTIVAL_DAYS[day] for day, _ in rows]},
        "yAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": [
            {
                "type": "line",
                "name": t(TITLES[code]),
                "showSymbol": False,
                "data": [left[i] for _, left in rows],
                **({"markLine": mark} if mark and i == 0 else {}),
            }
            for i, code in enumerate(codes)
        ],
    }
