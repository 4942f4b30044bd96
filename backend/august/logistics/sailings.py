"""When ships really leave and arrive: one fate of a sailing for everybody (F10-sailings, K4)."""

from datetime import datetime, timedelta

from august.catalog import carriers
from august.catalog.carriers import WEEK, Sailing
from august.kernel.clock import SECOND
from august.kernel.luck import Luck
from august.logistics.rules import SailingRules

PERCENT = 100
HOUR_SECONDS, DAY_SECONDS = 3600, 86_400


def within(luck: Luck, stream: str, span: tuple[int, int], unit: int, *ids: int) -> timedelta:
    """Somewhere between two numbers of units, to the second, by keyed luck."""
    low, high = span
    return timedelta(seconds=int((low + (high - low) * luck.uniform(stream, *ids)) * unit))


def leaves(luck: Luck, sailing: Sailing, rules: SailingRules) -> tuple[datetime, bool]:
    """When a sailing's containers really leave, and whether their own ship was skipped."""
    place = list(carriers.standing().services).index(sailing.service)
    number, departs, skipped = sailing.number, sailing.departs, False
    while luck.uniform("sailing.skipped", place, number) * PERCENT < rules.skipped_percent:
        number, departs, skipped = number + 1, departs + WEEK, True
    if luck.uniform("sailing.late", place, number) * PERCENT < rules.late_percent:
        departs += within(luck, "sailing.hours", rules.late_hours, HOUR_SECONDS, place, number)
    return departs.replace(microsecond=0), skipped


def lands(luck: Luck, order: int, port: carriers.Port, departed: datetime) -> datetime:
    """When a container that departed is at its door."""
    sea = within(luck, "sailing.sea", port.sea_days, DAY_SECONDS, order)
    return departed + sea + within(luck, "sailing.door", port.door_days, DAY_SECONDS, order) + SECOND
