"""交易管理 › 评价管理: received, pending from buyers (待买家评价), ratings at a glance."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.reviews import overview, queries, standing, words
from august.reviews.commands import invitations, windows
from august.reviews.rules import DAY, LABELS, Rating, case_of, lift_of, text_of
from august.sandboxes.door import Door
from august.web.forms import Form, fresh_key
from august.web.htmx import AnyRequest, safe_path
from august.web.i18n import locale_of, percent, speaking, t
from august.web.pages import ReadForm
from august.web.shell import Crumb
from august.web.tables import Listing, listing

DONE = {
    "replied": N_("The reply was sent."),
    "invited": N_("The invitations were sent."),
}
CASES = {
    "both": N_("product and store rating"),
    "store": N_("store rating only"),
    "neither": N_("no reviews yet"),
}
CHART_DAYS = 14


def _received(params: Mapping[str, str], door: Door) -> Listing:
    return listing(
        f"/w/{door.sandbox.id}/reviews",
        params,
        sorts=tuple(queries.RECEIVED_SORTS),
        default="-at",
        filters=queries.RECEIVED_FILTERS,
    )


def _pending(request: AnyRequest, door: Door) -> Listing:
    return listing(
        f"/w/{door.sandbox.id}/reviews/pending",
        request.query_params,
        sorts=tuple(queries.PENDING_SORTS),
        default="-received",
        filters=queries.PENDING_FILTERS,
    )


def _frame(ctx: Context, door: Door, tab: str) -> dict[str, Any]:
    """What all tabs of the page show."""
    owed, free = queries.pending_counts(ctx)
    return {
        "tab": tab,
        "unreplied": queries.unreplied(ctx),
        "owed": owed,
        "free": free,
        "labels": LABELS,
        "score": text_of,
        "form_key": fresh_key(),
        "crumbs": (
            Crumb(Phrase(N_("Orders"))),
            Crumb(Phrase(N_("Reviews")), f"/w/{door.sandbox.id}/reviews"),
        ),
    }


class ReviewsPage(Controller):
    """Reviews of the store, and what is done about them."""

    path = "/w/{sandbox_id:str}/reviews"

    @get(sync_to_thread=True)
    def received(self, request: AnyRequest, door: Door) -> Response[str]:
        """The reviews received."""
        return _received_page(request, door, request.query_params)

    @post("/{review:int}/reply", sync_to_thread=True, status_code=200)
    def reply(self, request: AnyRequest, door: Door, form: ReadForm, review: FromPath[int]) -> Response[Any]:
        """Answer a review; what is refused stays typed."""
        try:
            door.run("reviews.reply", {"review": review, "text": form.text("text")}, form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403, 404}:
                raise
            # The review is shown alone, wherever it stood in the list.
            alone = {"q": form.text("order")}
            return _received_page(
                request, door, alone, refused=refusal, review=review, text=form.text("text")
            )
        home = f"/w/{door.sandbox.id}/reviews"
        back = safe_path(form.text("back"), home)
        joint = "&" if "?" in back else "?"
        return Redirect(f"{back}{joint}done=replied#review-{review}", status_code=303)

    @get("/pending", sync_to_thread=True)
    def pending(self, request: AnyRequest, door: Door) -> Response[str]:
        """待买家评价: who may still review, and how good a moment it is to ask."""
        return _pending_page(request, door)

    @post("/invite", sync_to_thread=True, status_code=200)
    def invite(self, request: AnyRequest, door: Door, form: ReadForm) -> Response[Any]:
        """Invite the chosen buyers, or the one whose button was pressed."""
        try:
            payload = {"orders": _chosen(form), "message": form.text("message")}
            door.run("reviews.invite", payload, form.key)
        except Refusal as refusal:
            if refusal.status in {401, 403}:
                raise
            return _pending_page(request, door, refused=refusal, text=form.text("message"))
        return Redirect(f"/w/{door.sandbox.id}/reviews/pending?done=invited", status_code=303)

    @get("/overview", sync_to_thread=True)
    def overview(self, request: AnyRequest, door: Door) -> Response[str]:
        """Ratings, distribution, weeks, keywords, conversion."""
        asked = listing(
            f"/w/{door.sandbox.id}/reviews/overview",
            request.query_params,
            sorts=overview.SORTS,
            default="-count",
        )
        with door.reading() as ctx:
            frame = _frame(ctx, door, "overview")
            rating = standing.store_rating(ctx, ctx.merchant)
            with speaking(locale_of(request)):
                return door.page(
                    request,
                    "reviews/overview.html",
                    "products",
                    **frame,
                    asked=asked,
                    rating=rating,
                    store=ctx.merchant,
                    dimensions=overview.told(rating),
                    word=words.SCORE_WORDS.get(rating.word or ""),
                    case=case_of(0, rating.count),
                    spread=_spread(rating),
                    ratings=overview.ratings(ctx, asked, rating.count),
                    cases=CASES,
                    keywords=overview.keywords(ctx),
                    trend=_trend(overview.weeks(ctx)),
                    conversion=_conversion(overview.converted(ctx)),
                )


def _chosen(form: Form) -> list[int]:
    """The orders ticked, or the one of the button that was pressed."""
    one = form.text("order")
    if one:
        return form_ids(one)
    return form.ids("orders") if "orders" in form.values else []


def form_ids(text: str) -> list[int]:
    """A single number as a list; anything else is nobody's order."""
    return [int(text)] if text.isascii() and text.isdigit() and len(text) <= queries.ID_DIGITS else [0]


def _received_page(
    request: AnyRequest,
    door: Door,
    params: Mapping[str, str],
    *,
    refused: Refusal | None = None,
    review: int = 0,
    text: str = "",
) -> Response[str]:
    asked = _received(params, door)
    with door.reading() as ctx:
        return door.page(
            request,
            "reviews/received.html",
            "list",
            status=refused.status if refused else 200,
            **_frame(ctx, door, "received"),
            asked=asked,
            shelf=queries.received(ctx, asked),
            products=queries.reviewed_products(ctx),
            stars=queries.STARS,
            rules=windows(ctx),
            back=asked.link(page=asked.page),
            refused=refused,
            replying=review,
            typed=text,
            done=DONE.get(request.query_params.get("done", "")),
        )


def _pending_page(
    request: AnyRequest, door: Door, *, refused: Refusal | None = None, text: str | None = None
) -> Response[str]:
    asked = _pending(request, door)
    origin = str(request.base_url).rstrip("/")
    with door.reading() as ctx:
        lift = queries.lifts(ctx)
        with speaking(locale_of(request)):
            bars = [(day, lift_of(day * DAY, lift)) for day in range(CHART_DAYS + 1)]
            return door.page(
                request,
                "reviews/pending.html",
                "list",
                status=refused.status if refused else 200,
                **_frame(ctx, door, "pending"),
                asked=asked,
                shelf=queries.pending(ctx, asked),
                rules=invitations(ctx),
                golden=queries.moments(ctx),
                alone=lift.alone_percent,
                bars=bars,
                option=_lift_chart(bars),
                moments=words.MOMENTS,
                tones=words.MOMENT_TONES,
                message=words.INVITATION if text is None else text,
                translated=t(words.INVITATION),
                link=lambda line: f"{origin}{review_path(door.sandbox.id, line.order, line.buyer.id)}",
                refused=refused,
                done=DONE.get(request.query_params.get("done", "")),
            )


def review_path(sandbox: str, order: int, buyer: int) -> str:
    """Where a buyer reviews an order (Orders › Reviews › Pending reviews); the link that stores copy (V6)."""
    return f"/w/{sandbox}/shop/mine/reviews/{order}?as={buyer}"


def _lift_chart(bars: Sequence[tuple[int, int]]) -> dict[str, Any]:
    return {
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "xAxis": {"type": "category", "data": [day for day, _ in bars], "name": t(N_("Days since receipt"))},
        "yAxis": {"type": "value", "axisLabel": {"formatter": "{value}%"}},
        "series": [{"type": "bar", "name": t(N_("More reviews")), "data": [lift for _, lift in bars]}],
    }


def _spread(rating: Rating) -> list[tuple[int, int]]:
    """Stars and how many reviews have them, the best first."""
    return list(zip(range(5, 0, -1), reversed(rating.by_stars), strict=True))


def _trend(weeks: Sequence[overview.Week]) -> Mapping[str, Any]:
    """The chart of weeks and its table."""
    labels = [f"{week.first:%m-%d}" for week in weeks]
    option = {
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "xAxis": {"type": "category", "data": labels},
        "yAxis": [
            {"type": "value", "minInterval": 1},
            {"type": "value", "min": 1, "max": 5, "splitLine": {"show": False}},
        ],
        "series": [
            {"type": "bar", "name": t(N_("Number of reviews")), "data": [week.count for week in weeks]},
            {
                "type": "line",
                "name": t(N_("Product quality")),
                "yAxisIndex": 1,
                "connectNulls": True,
                "data": [None if week.score is None else week.score / 100 for week in weeks],
            },
        ],
    }
    rows = [(f"{week.first:%Y-%m-%d}", week.count, text_of(week.score)) for week in weeks]
    return {"option": option, "rows": rows}


def _conversion(bands: Sequence[Any]) -> Mapping[str, Any]:
    """The chart of conversion and its table."""
    labels = [_band_label(band) for band in bands]
    option = {
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "xAxis": {"type": "category", "data": labels},
        "yAxis": {"type": "value", "axisLabel": {"formatter": "{value}%"}},
        "series": [
            {
                "type": "bar",
                "name": t(N_("Inquiries of 100 visits")),
                "label": {"show": True, "position": "top", "color": "inherit", "textBorderWidth": 0},
                "data": [None if band.share is None else round(band.share * 100, 1) for band in bands],
            }
        ],
    }
    rows = [
        (label, band.visits, band.inquiries, percent(band.share))
        for label, band in zip(labels, bands, strict=True)
    ]
    return {"option": option, "rows": rows, "visits": sum(band.visits for band in bands)}


def _band_label(band: Any) -> str:
    if band.most is None:
        return t(N_("{least} reviews and more"), least=band.least)
    if band.most == band.least:
        return t(N_("no review")) if band.least == 0 else t(N_("{least} reviews"), least=band.least)
    return t(N_("{least} to {most} reviews"), least=band.least, most=band.most)
