"""Why a conversation stands where it does, and what the average reply time is made of."""

from sqlalchemy import select

from august.catalog.models import Product
from august.kernel.context import Context
from august.kernel.errors import Refusal
from august.kernel.explain import Node, money
from august.kernel.tables import Event
from august.kernel.words import N_, Phrase
from august.merchants.models import Buyer
from august.opportunities import habits
from august.opportunities.commands import own_inquiry
from august.opportunities.measures import UNKNOWN_HOURS, WINDOW_DAYS, window
from august.opportunities.models import Inquiry
from august.opportunities.queries import Service, service, target_hours, waiting
from august.opportunities.rules import at_value, hours_between, limit_span, margin, signed_percent, spell
from august.opportunities.talk import list_price, named_price, said
from august.opportunities.words import AGREEMENT, LOST_WHY, STATES

ID_DIGITS = 15  # what fits a BIGINT
SLOWEST = 3
PERMILLE = 1000


def _number(key: str) -> int:
    return int(key) if key.isascii() and key.isdigit() and len(key) <= ID_DIGITS else 0


def why_inquiry(ctx: Context, key: str) -> Node:
    """Why an inquiry is in its state: `inquiry/{id}`."""
    inquiry = own_inquiry(ctx, _number(key))
    if inquiry.state == "lost":
        return _lost(ctx, inquiry)
    if inquiry.state == "ordered":
        return Node(
            N_("Ordered: order {order} came of this conversation."),
            {"order": str(inquiry.order_id)},
            rule="K3-talk",
            children=(_reply(ctx, inquiry), _price(ctx, inquiry)),
            outcome="ok",
        )
    turn = _buyers_turn(inquiry) if inquiry.turn == "buyer" else _stores_turn(ctx, inquiry)
    return Node(
        N_("{state}, since {at}"),
        {"state": Phrase(STATES[inquiry.state]), "at": inquiry.last_at},
        rule="K3-talk",
        children=(turn, _reply(ctx, inquiry), _price(ctx, inquiry)),
        outcome="note",
    )


def _stores_turn(ctx: Context, inquiry: Inquiry) -> Node:
    found = waiting(ctx, inquiry)
    least, most = habits.standing().deals.waits(inquiry.state)
    span = Node(
        N_("Buyers wait {least} to {most} hours from their last line; this one's own hour is not told."),
        {"least": least, "most": most},
    )
    if found is None or found.tone == "bad":
        return Node(
            N_("It is your turn: the buyer has waited {waited} and may leave at any time."),
            {"waited": spell(hours_between(inquiry.last_at, ctx.now))},
            rule="K3-patience",
            children=(span,),
            outcome="bad",
            remedy=N_("Answer now."),
        )
    return Node(
        N_("It is your turn: the buyer leaves at the earliest at {earliest}, at the latest at {latest}."),
        {"earliest": found.earliest, "latest": found.latest},
        rule="K3-patience",
        children=(span,),
        outcome="note",
        remedy=N_("Answer before the earliest of these instants."),
    )


def _buyers_turn(inquiry: Inquiry) -> Node:
    least, most = habits.standing().deals.answer
    return Node(
        N_("It is the buyer's turn since {at}: buyers answer within {least} to {most} hours."),
        {"at": inquiry.last_at, "least": least, "most": most},
        rule="K3-talk",
        outcome="note",
    )


def _reply(ctx: Context, inquiry: Inquiry) -> Node:
    """The first reply against the target, and what its speed is worth."""
    target = target_hours(ctx)
    first = inquiry.first_reply_at
    if first is None:
        until = inquiry.last_at if inquiry.state == "lost" else ctx.now
        hours = hours_between(inquiry.at, until)
        message = N_("There was no reply in {hours}; the target is {target} hours.")
    else:
        hours = hours_between(inquiry.at, first)
        message = N_("The first reply came after {hours}; the target is {target} hours.")
    deals = habits.standing().deals
    worth = Node(
        N_("Answered after that time a buyer is {percent}% as likely to buy as after {quick} hours."),
        {"percent": round(at_value(deals.reply, hours) * 100), "quick": deals.quick},
        rule="K2-reply",
    )
    return Node(
        message,
        {"hours": spell(hours), "target": target},
        rule="K2-reply",
        children=(worth,),
        outcome="bad" if hours > target else "ok",
    )


def _price(ctx: Context, inquiry: Inquiry) -> Node:
    """The quote beside the list price; what the buyer can pay is not told while it matters."""
    listed = _list_cents(ctx, inquiry)
    if inquiry.quote_cents is None:
        return Node(
            N_("Nothing was quoted: the list price counts, {list} a piece for {quantity} pieces."),
            {"list": money(listed, "USD"), "quantity": inquiry.quantity},
            rule="K2-price",
            outcome="note",
        )
    found = margin(inquiry.quote_cents, listed, inquiry.quantity)
    return Node(
        N_("Quoted {quote} a piece, {percent} against the list price {list} for {quantity} pieces."),
        {
            "quote": money(found.quote_cents, "USD"),
            "percent": found.percent,
            "list": money(listed, "USD"),
            "quantity": inquiry.quantity,
        },
        rule="K2-price",
        outcome="note",
    )


def _list_cents(ctx: Context, inquiry: Inquiry) -> int:
    return list_price(ctx, ctx.session.get_one(Product, inquiry.product_id), inquiry)


def _lost(ctx: Context, inquiry: Inquiry) -> Node:
    """Once it is lost everything is told."""
    why = inquiry.lost_why or "elsewhere"
    last = {"ignored": _ignored, "price": _too_dear, "elsewhere": _elsewhere}[why](ctx, inquiry)
    return Node(
        N_("Lost at {at}: {why}."),
        {"at": inquiry.last_at, "why": Phrase(LOST_WHY[why])},
        rule="K3-talk",
        children=(last, *(() if why == "price" else (_reply(ctx, inquiry),))),
        outcome="bad",
    )


def _ignored(ctx: Context, inquiry: Inquiry) -> Node:
    lines = said(ctx, inquiry.id)
    spoke = max((line.at for line in lines if line.side == "buyer"), default=inquiry.at)
    agreed = select(Event.id).where(
        Event.object_kind == "inquiry",
        Event.object_id == inquiry.id,
        Event.kind == AGREEMENT,
        Event.at >= spoke,
    )
    # An order draft was awaited when an agreement was the buyer's last word.
    state = "open" if ctx.session.scalar(agreed.limit(1)) is None else "agreed"
    least, most = habits.standing().deals.waits(state)
    return Node(
        N_("The buyer's last line stood unanswered for {hours}; buyers wait {least} to {most} hours."),
        {"hours": spell(hours_between(spoke, inquiry.last_at)), "least": least, "most": most},
        rule="K3-patience",
        outcome="bad",
        remedy=N_("Answer every line within the target, or leave answering to the autopilot."),
    )


def _too_dear(ctx: Context, inquiry: Inquiry) -> Node:
    """The arithmetic of the buyer's limit, from the price the buyer named."""
    limit, listed = named_price(said(ctx, inquiry.id)), _list_cents(ctx, inquiry)
    offered = inquiry.quote_cents or listed
    children = [_price(ctx, inquiry)]
    if limit is None:
        return Node(
            N_("The quote stayed above what the buyer could pay."),
            rule="K2-price",
            children=tuple(children),
            outcome="bad",
        )
    deals, buyer = habits.standing().deals, ctx.session.get_one(Buyer, inquiry.buyer_id)
    low, high = limit_span(listed, deals.top, deals.span, buyer.price_sensitivity)
    if low <= limit <= high:
        share = margin(limit, listed, inquiry.quantity).permille + PERMILLE
        children += [
            Node(
                N_("{limit} is {share} of the list price {list}."),
                {
                    "limit": money(limit, "USD"),
                    "share": _percent(share),
                    "list": money(listed, "USD"),
                },
            ),
            Node(
                N_(
                    "A buyer's most is {top} of the list price, less up to {span} times the price "
                    "sensitivity {sensitivity}: {low} to {high}; where in between is this buyer's luck."
                ),
                {
                    "top": _percent(round(deals.top * PERMILLE)),
                    "span": _percent(round(deals.span * PERMILLE)),
                    "sensitivity": buyer.price_sensitivity,
                    "low": money(low, "USD"),
                    "high": money(high, "USD"),
                },
                rule="K4",
            ),
        ]
    else:
        children.append(
            Node(N_("The list price was another one when the buyer named that price."), outcome="note")
        )
    return Node(
        N_("The buyer could pay {limit} a piece; {offered} was offered: {difference} too much."),
        {
            "limit": money(limit, "USD"),
            "offered": money(offered, "USD"),
            "difference": money(offered - limit, "USD"),
        },
        rule="K2-price",
        children=tuple(children),
        outcome="bad",
        remedy=N_("When a buyer names a price, weigh the margin it leaves against losing the order."),
    )


def _percent(permille: int) -> str:
    return signed_percent(permille).lstrip("+±")


def _elsewhere(_ctx: Context, inquiry: Inquiry) -> Node:
    deals = habits.standing().deals
    hours = hours_between(inquiry.at, inquiry.first_reply_at or inquiry.last_at)
    factor = at_value(deals.reply, hours)
    return Node(
        N_("Answered after {hours}, {chance}% of buyers go on: {intent}% × {factor}. This one did not."),
        {
            "hours": spell(hours),
            "chance": round(deals.intent * factor * 100, 1),
            "intent": round(deals.intent * 100, 1),
            "factor": round(factor, 2),
            "quick": deals.quick,
        },
        rule="K4",
        outcome="note",
        remedy=N_("Answer faster: within {quick} hours no buyer is lost for the wait."),
    )


def why_reply_time(ctx: Context, key: str) -> Node:
    """What the average reply time of a store is made of: `reply-time/{store}`, one's own."""
    if _number(key) != ctx.merchant:
        raise Refusal(
            "store.unknown", N_("There is no store {id} to look into."), params={"id": key[:20]}, status=404
        )
    found = service(ctx)
    children = [_made_of(ctx, found), *_slowest(ctx, found), _asking(found), _ignored_count(found)]
    if found.hours is None:
        return Node(
            N_(
                "No first reply in the last {days} days: the market takes the store for one that "
                "takes {hours} hours."
            ),
            {"days": WINDOW_DAYS, "hours": UNKNOWN_HOURS},
            rule="K2-reply",
            children=tuple(children),
            outcome="note",
        )
    return Node(
        N_("Average reply time of the last {days} days: {hours}; the target is {target} hours"),
        {"days": WINDOW_DAYS, "hours": spell(found.hours), "target": found.target},
        rule="K2-reply",
        children=tuple(children),
        outcome="ok" if found.tone == "good" else "bad",
        remedy=None
        if found.tone == "good"
        else N_("Answer new inquiries first: only the first reply counts."),
    )


def _made_of(ctx: Context, found: Service) -> Node:
    span = window(ctx)
    return Node(
        N_("From {start} to {end}: first replies {count}, together {hours} hours"),
        {
            "start": span.start,
            "end": span.last_second,
            "count": found.replies,
            "hours": round((found.hours or 0) * found.replies, 1),
        },
        rule="T4",
    )


def _slowest(ctx: Context, found: Service) -> list[Node]:
    if not found.replies:
        return []
    span = window(ctx)
    rows = ctx.session.scalars(
        select(Inquiry).where(
            Inquiry.merchant_id == ctx.merchant,
            Inquiry.first_reply_at >= span.start,
            Inquiry.first_reply_at < span.end,
        )
    )
    waits = [
        (hours_between(each.at, each.first_reply_at), each.id)
        for each in rows
        if each.first_reply_at is not None
    ]
    worst = sorted(waits, key=lambda wait: (-wait[0], wait[1]))[:SLOWEST]
    return [
        Node(
            N_("Inquiry {id} waited {hours} for its first reply"),
            {"id": str(number), "hours": spell(hours)},
            outcome="bad" if hours > found.target else "ok",
        )
        for hours, number in worst
    ]


def _asking(found: Service) -> Node:
    curve = habits.standing().asking_by_reply
    hours = UNKNOWN_HOURS if found.hours is None else found.hours
    return Node(
        N_("Visitors ask {percent}% as often as at a store that takes {base} hours."),
        {
            "percent": round(100 * at_value(curve, hours) / at_value(curve, UNKNOWN_HOURS)),
            "base": UNKNOWN_HOURS,
        },
        rule="K2-reply",
    )


def _ignored_count(found: Service) -> Node:
    return Node(
        N_("Buyers who left without an answer in the same days: {count}. They are not in the average."),
        {"count": found.ignored},
        rule="K3-patience",
        outcome="bad" if found.ignored else "ok",
    )
