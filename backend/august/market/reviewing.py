"""Reviews step by step: buyers write by themselves or when invited, within thirty days (V1, V6)."""

import msgspec

from august.kernel.plain import Row
from august.market.demand import along, between
from august.market.tick import DAY, HOUR, Tick
from august.reviews.words import KEYWORDS, TEXTS
from august.trade import effects
from august.trade.steps import on_time

PERCENT = 100
WRITE_DAYS = 30
# What the player's goods deserve: as the average store's, a little more or less by their score.
SKILL, SKILL_PER_TENTH, MIDDLE = 4.55, 0.012, 40
SPREAD = 1.1
# Stars for service: the best, what a refund request leaves, and the hours of waiting that cost one star.
BEST, DISPUTED, HOURS_A_STAR, MOST_LOST = 5.0, 3.2, 22.0, 2.2
ON_TIME, LATE = 5.0, 2.2
PHOTOS_MOST = 3


def await_review(tick: Tick, order: Row, at: int) -> None:
    """From its receipt on an order can be reviewed for thirty days."""
    tick.push("review", tick.pending.add(effects.awaited_review(order, at)))


def plan(tick: Tick, row: Row) -> tuple[int, str]:
    """Invited, written or given up, whichever comes first."""
    ends = row["received_at"] + WRITE_DAYS * DAY
    found = [(ends, "give_up")]
    policy = tick.policy(row, "invite")
    if row["invited_at"] is None and policy is not None and tick.percent("review.invite", row, policy.invite):
        found.append((tick.after(row["received_at"], policy.invite_days, DAY, "review.when", row), "invite"))
    writes = writes_at(tick, row)
    if writes is not None:
        found.append((writes, "write"))
    return min(found)


def writes_at(tick: Tick, row: Row) -> int | None:
    """When the buyer writes: one draw decides, and an invitation only lifts the bar."""
    habits = tick.demand.reviews
    roll = tick.share("review.mood", row) * PERCENT
    if roll < habits.alone_percent:
        return tick.after(row["received_at"], habits.hours, HOUR, "review.at", row)
    if row["invited_at"] is None:
        return None
    days = (row["invited_at"] - row["received_at"]) / DAY
    if roll < habits.alone_percent + along(habits.lift, days):
        return tick.after(row["invited_at"], habits.invited_hours, HOUR, "review.at", row)
    return None


def act(tick: Tick, row: Row, at: int, action: str) -> None:
    """Take the step."""
    if action == "invite":
        tick.change("review", row, {"invited_at": at, "due": 0})
        tick.note("reviews.invited", ("order", row["order_id"]), row, at, "policy")
        return
    if action == "write":
        _write(tick, row, at)
    tick.pending.remove(row)


def _write(tick: Tick, row: Row, at: int) -> None:
    """The buyer judges goods, service and punctuality."""
    order = tick.orders.get(row["order_id"])
    quality = _stars(skill(tick, row), tick.share("review.quality", row))
    service = _stars(_service(tick, order), tick.share("review.service", row))
    shipment = _stars(ON_TIME if on_time(order) else LATE, tick.share("review.shipment", row))
    texts = TEXTS[quality]
    good = quality >= 4  # noqa: PLR2004 - four stars and more praise
    words = KEYWORDS["good" if good else "bad"]
    photos = int(tick.share("review.photos", row) * PHOTOS_MOST) + 1
    pictured = tick.percent("review.pictured", row, tick.demand.reviews.photo_percent)
    tick.reviews.append(
        {
            **{name: row[name] for name in ("order_id", "merchant_id", "buyer_id", "product_id")},
            "at": at,
            "quality": quality,
            "service": service,
            "shipment": shipment,
            "text": texts[int(tick.share("review.text", row) * len(texts))],
            "params": "{}",
            "keywords": _json([words[int(tick.share("review.word", row) * len(words))]]),
            "photos": _json([_photo(tick, row, n) for n in range(photos)] if pictured else []),
            "invited": row["invited_at"] is not None,
            "changed_at": None,
            "reply": None,
            "replied_at": None,
            "counts": True,
        }
    )
    tick.note("reviews.written", ("order", row["order_id"]), row, at, "buyer", stars=quality)


def _json(words: list[str]) -> str:
    return msgspec.json.encode(words).decode()


def _photo(tick: Tick, row: Row, number: int) -> str:
    images = tick.product(row["product_id"])["images"]
    stem = str(images[0]).rpartition("-")[0] if images else "box"
    return f"{stem}-{900_000 + (row['luck'] + number) % 90_000}"


def skill(tick: Tick, row: Row) -> float:
    """The stars that a store's goods deserve."""
    store = tick.store(row)
    if store.is_player:
        tenths: int = tick.product(row["product_id"])["quality_tenths"]
        return SKILL + SKILL_PER_TENTH * (tenths - MIDDLE)
    policy = store.policies["ship"]
    return SKILL if policy is None else tick.model.days[policy].skill


def _service(tick: Tick, order: Row) -> float:
    """Quick answers please, refund requests do not; the store's habits count like the own wait."""
    if order["disputes"]:
        return DISPUTED
    habit = tick.reply_hours(order["merchant_id"])
    waited = None if order["inquiry_id"] is None else tick.first_wait(order["inquiry_id"])
    if waited is None:
        waited = habit
    return BEST - min(MOST_LOST, (waited + habit) / 2 / HOURS_A_STAR)


def _stars(deserved: float, roll: float) -> int:
    """Whole stars around what was deserved."""
    return int(min(5, max(1, int(deserved + between((-SPREAD, SPREAD * 0.6), roll) + 0.5))))
