"""The to-dos of a store in order of urgency: what waits, what comes of it, how long there is (K3)."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from august.kernel.words import N_, Phrase

Tone = Literal["bad", "middle", "plain"]
TONES: tuple[Tone, ...] = ("bad", "middle", "plain")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# S1: an average reply above 24 hours caps an ability of the star level.
SLOW_REPLY = 24 * HOUR
LONG_AGREED = 48 * HOUR
DISPUTE_ENDS, CONFIRM_ENDS, BENEFITS_END = 2 * DAY, DAY, 3 * DAY
LONG = 48


class Queue(msgspec.Struct, frozen=True):
    """How many things of a kind wait, since when the oldest does, and when the first one runs out."""

    count: int = 0
    since: datetime | None = None
    until: datetime | None = None


class Attention(msgspec.Struct, frozen=True):
    """One line of the to-dos: what, what comes of leaving it, where it is done; `pilot` does it by itself."""

    key: str
    tone: Tone
    text: Phrase
    consequence: str
    path: str
    queue: Queue
    waiting: Phrase | None = None
    left: Phrase | None = None
    pilot: str | None = None


Judge = Callable[[Queue, datetime], Tone]


class Kind(msgspec.Struct, frozen=True):
    """A kind of to-do: its words and place, the chore an autopilot may do, and how urgent it is."""

    key: str
    text: str
    consequence: str
    path: str
    judge: Judge
    chore: str | None = None
    waiting: str = N_("the oldest has waited {time}")


def _always(tone: Tone) -> Judge:
    return lambda _queue, _now: tone


def _waited(most: timedelta) -> Judge:
    """Urgent once the oldest has waited that long."""
    return lambda queue, now: "bad" if queue.since is not None and now - queue.since >= most else "middle"


def _ends(least: timedelta) -> Judge:
    """Urgent once no more than that is left."""
    return lambda queue, now: "bad" if queue.until is not None and queue.until - now <= least else "middle"


# The order decides among equally urgent ones.
KINDS: tuple[Kind, ...] = (
    Kind(
        "disputes",
        N_("Refund requests waiting for your answer: {count}"),
        N_("Unanswered, a request counts as accepted at its deadline, and the money goes back."),
        "/disputes?state=opened",
        _ends(DISPUTE_ENDS),
        "disputes",
    ),
    Kind(
        "late",
        N_("Orders late for shipment: {count}"),
        N_("Buyers ask their money back for a reason that is your fault, and your on-time rate falls."),
        "/orders?risk=late",
        _always("bad"),
        "ship",
        N_("the oldest is late by {time}"),
    ),
    Kind(
        "inquiries",
        N_("Inquiries waiting for your answer: {count}"),
        N_("Who hears nothing leaves, a slow answer sells less, and your average reply time counts for all."),
        "/inquiries?state=open&turn=seller",
        _waited(SLOW_REPLY),
        "reply",
    ),
    Kind(
        "deals",
        N_("Agreed deals waiting for your order draft: {count}"),
        N_("The buyer has agreed and wants to pay; without a draft the deal is lost after some days."),
        "/inquiries?state=agreed&turn=seller",
        _waited(LONG_AGREED),
        "reply",
    ),
    Kind(
        "confirm",
        N_("Orders waiting for your confirmation: {count}"),
        N_("Unconfirmed, an order lapses at its deadline, and the buyer is gone."),
        "/orders?state=asked",
        _ends(CONFIRM_ENDS),
        "reply",
    ),
    Kind(
        "soon",
        N_("Orders to ship soon: {count}"),
        N_("Each one that leaves late may come back as a refund request."),
        "/orders?risk=soon",
        _always("middle"),
        "ship",
    ),
    Kind(
        "benefits",
        N_("Benefits to claim: {count}"),
        N_("RFQ benefits end with the month, last only while stock does, and are lost unclaimed."),
        "/benefits",
        _ends(BENEFITS_END),
    ),
    Kind(
        "invite_today",
        N_("Buyers to invite to a review today: {count}"),
        N_("They have just received their goods: an invitation works best now."),
        "/reviews/pending?invited=no",
        _always("middle"),
        "invite",
    ),
    Kind(
        "red",
        N_("Products with a red quality ball: {count}"),
        N_("Their search rank and buyers' experience suffer severely."),
        "/products?band=red",
        _always("middle"),
    ),
    Kind(
        "invite",
        N_("More buyers to invite to a review: {count}"),
        N_("For some days after the receipt an invitation still works well, afterwards hardly."),
        "/reviews/pending?invited=no",
        _always("plain"),
        "invite",
    ),
    Kind(
        "amber",
        N_("Products with an amber quality ball: {count}"),
        N_("They do not count as certain products, which lowers their search rank."),
        "/products?band=amber",
        _always("plain"),
    ),
    Kind(
        "drafts",
        N_("Drafts waiting to be published: {count}"),
        N_("No buyer sees a draft."),
        "/products?status=draft",
        _always("plain"),
    ),
    Kind(
        "balances",
        N_("Orders waiting for the buyer's final payment: {count}"),
        N_("The goods are ready and wait until the rest is paid."),
        "/orders?state=balance_due",
        _always("plain"),
    ),
    Kind(
        "news",
        N_("Unread messages: {count}"),
        N_("Rules may have changed without your noticing."),
        "/messages",
        _always("plain"),
    ),
)


def attention(
    queues: Mapping[str, Queue], now: datetime, pages: Collection[str], pilots: Mapping[str, str]
) -> tuple[Attention, ...]:
    """What is to be done, the most urgent first: nothing that is not there, nothing without its page.

    `pilots` names the policy of each chore that is done by itself; such a line is never urgent.
    """
    found = []
    for place, kind in enumerate(KINDS):
        queue = queues.get(kind.key, Queue())
        if not queue.count or room_of(kind.path) not in pages:
            continue
        pilot = pilots.get(kind.chore) if kind.chore else None
        tone: Tone = "plain" if pilot else kind.judge(queue, now)
        line = Attention(
            key=kind.key,
            tone=tone,
            text=Phrase(kind.text, {"count": queue.count}),
            consequence=kind.consequence,
            path=kind.path,
            queue=queue,
            waiting=_timed(kind.waiting, now - queue.since) if queue.since else None,
            left=_timed(N_("{time} left"), queue.until - now) if queue.until else None,
            pilot=pilot,
        )
        found.append((pilot is not None, TONES.index(tone), place, line))
    return tuple(line for *_, line in sorted(found, key=lambda each: each[:3]))


def room_of(path: str) -> str:
    """The page of the menu that a path lies under: `/reviews` of `/reviews/pending?invited=no`."""
    return "/" + path.partition("?")[0].split("/")[1]


def _timed(msgid: str, time: timedelta) -> Phrase:
    return Phrase(msgid, {"time": span(time)})


def span(time: timedelta) -> Phrase:
    """A time in words, rounded down: minutes, hours up to two days, then days; never below zero."""
    minutes = max(0, time // timedelta(minutes=1))
    hours = minutes // 60
    if hours < 1:
        return Phrase(N_("{minutes} min"), {"minutes": minutes})
    if hours < LONG:
        return Phrase(N_("{hours} h"), {"hours": hours})
    return Phrase(N_("{days} days"), {"days": hours // 24})
