"""Ratings, windows and the best moment to invite, all pure (V1, V2, V6)."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from august.kernel.explain import Node
from august.kernel.money import divide_half_up
from august.kernel.rulebook import RuleValues
from august.kernel.words import N_, Phrase

DAY = 86_400
HUNDREDTHS = 100
Ints = npt.NDArray[np.int64]
Case = Literal["both", "store", "neither"]
Moment = Literal["best", "good", "late"]
DIMENSIONS = ("quality", "service", "shipment")


class WindowRules(RuleValues, frozen=True):
    """The numbers of rule V1."""

    write_days: int
    change_days: int
    reply_days: int
    stars_most: int
    text_most: int
    keywords_most: int
    photos_most: int


class ScoreWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a score is called from so many hundredths on."""

    name: str
    least: int


class ScoreRules(RuleValues, frozen=True):
    """The numbers of rule V2-score."""

    words: tuple[ScoreWord, ...]
    trend_weeks: int

    def __post_init__(self) -> None:
        """Refuse words that do not fall to zero."""
        least = [word.least for word in self.words]
        if least != sorted(least, reverse=True) or least[-1] != 0:
            msg = "the words of a score must fall and end at 0"
            raise ValueError(msg)


class MomentRules(RuleValues, frozen=True):
    """The numbers of rule V6."""

    best_days: int
    good_days: int


class InviteRules(RuleValues, frozen=True):
    """The numbers of rule V6-invite."""

    invite_days: int
    message_most: int
    orders_most: int


class LiftRules(RuleValues, frozen=True):
    """The numbers of rule V6-lift: `lift` is a curve of (days since receipt, percent)."""

    alone_percent: int
    lift: tuple[tuple[int, int], ...]


class ConversionRules(RuleValues, frozen=True):
    """The numbers of rule V6-conversion: `bands` are the least numbers of reviews, from none on."""

    days: int
    bands: tuple[int, ...]


RULES: dict[str, type[RuleValues]] = {
    "V1": WindowRules,
    "V2-score": ScoreRules,
    "V6": MomentRules,
    "V6-invite": InviteRules,
    "V6-lift": LiftRules,
    "V6-conversion": ConversionRules,
}


def closes(start: int, days: int) -> int:
    """The first second after a window of so many days (V1)."""
    return start + days * DAY


def is_open(start: int, days: int, at: int) -> bool:
    """Whether an instant lies in the window of so many days after another one (V1)."""
    return start <= at < closes(start, days)


class Stars(msgspec.Struct, frozen=True):
    """One review as ratings see it."""

    quality: int
    service: int
    shipment: int
    counts: bool = True


class Tally(msgspec.Struct, frozen=True):
    """Reviews added up: how many count, their stars by dimension, how many have 1 to 5 stars for quality."""

    count: int = 0
    quality: int = 0
    service: int = 0
    shipment: int = 0
    by_stars: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    uncounted: int = 0


class Rating(msgspec.Struct, frozen=True):
    """Scores in hundredths (None without reviews), the number of reviews, and why."""

    count: int
    score: int | None
    quality: int | None
    service: int | None
    shipment: int | None
    by_stars: tuple[int, int, int, int, int]
    word: str | None
    why: Node


def tally(reviews: Iterable[Stars]) -> Tally:
    """Add up the reviews that count (V1-counts)."""
    told = list(reviews)
    counted = [each for each in told if each.counts]
    found = [sum(each.quality == stars for each in counted) for stars in range(1, 6)]
    return Tally(
        count=len(counted),
        quality=sum(each.quality for each in counted),
        service=sum(each.service for each in counted),
        shipment=sum(each.shipment for each in counted),
        by_stars=(found[0], found[1], found[2], found[3], found[4]),
        uncounted=len(told) - len(counted),
    )


def score(stars: int, count: int) -> int | None:
    """The mean in hundredths, rounded down, so that 500 means five stars throughout; None of nothing."""
    return stars * HUNDREDTHS // count if count else None


def scores(stars: Ints, counts: Ints) -> Ints:
    """`score` of whole columns; 0 where there is no review."""
    return np.asarray(stars * HUNDREDTHS // np.maximum(counts, 1), dtype=np.int64)


def word_of(hundredths: int | None, rules: ScoreRules) -> str | None:
    """What a score is called."""
    if hundredths is None:
        return None
    return next(word.name for word in rules.words if hundredths >= word.least)


def text_of(hundredths: int | None) -> str:
    """A score as it is written: 4.87; a dash without reviews."""
    if hundredths is None:
        return "\u2013"
    return f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}"


def case_of(product: int, store: int) -> Case:
    """Which of the three pictures buyers see, by the numbers of reviews (V2)."""
    if product:
        return "both"
    return "store" if store else "neither"


LABELS = {
    "quality": N_("Product quality"),
    "service": N_("Supplier service"),
    "shipment": N_("On-time shipment"),
}


def rate_product(found: Tally, rules: ScoreRules) -> Rating:
    """The rating of a product: the mean of its stars for quality (V2)."""
    mean = score(found.quality, found.count)
    lines = (*_spread(found), _division("quality", found.quality, found.count), *_left_out(found))
    return _rating(found, mean, rules, lines)


def rate_store(found: Tally, rules: ScoreRules) -> Rating:
    """The rating of a store: the mean of all stars of its three dimensions (V2)."""
    every = found.quality + found.service + found.shipment
    mean = score(every, len(DIMENSIONS) * found.count)
    lines = tuple(_division(name, getattr(found, name), found.count) for name in DIMENSIONS)
    whole = Node(
        N_("All three dimensions: {stars} stars ÷ {count} = {score}, rounded down"),
        {"stars": every, "count": len(DIMENSIONS) * found.count, "score": text_of(mean)},
        rule="V2-score",
    )
    shown = (*lines, whole) if found.count else ()
    return _rating(found, mean, rules, (*shown, *_spread(found), *_left_out(found)))


def _rating(found: Tally, mean: int | None, rules: ScoreRules, lines: tuple[Node, ...]) -> Rating:
    if mean is None:
        why = Node(
            N_("No reviews that count yet: there is no score."),
            rule="V2",
            children=_left_out(found),
            outcome="note",
            remedy=N_("Invite buyers within a day of their receipt."),
        )
    else:
        why = Node(
            N_("Score {score} from {count} reviews"),
            {"score": text_of(mean), "count": found.count},
            rule="V2-score",
            children=lines,
            outcome="ok",
        )
    return Rating(
        count=found.count,
        score=mean,
        quality=score(found.quality, found.count),
        service=score(found.service, found.count),
        shipment=score(found.shipment, found.count),
        by_stars=found.by_stars,
        word=word_of(mean, rules),
        why=why,
    )


def _division(name: str, stars: int, count: int) -> Node:
    return Node(
        N_("{what}: {stars} stars ÷ {count} reviews = {score}, rounded down"),
        {"what": Phrase(LABELS[name]), "stars": stars, "count": count, "score": text_of(score(stars, count))},
    )


def _spread(found: Tally) -> tuple[Node, ...]:
    """How many reviews have how many stars, the best first."""
    return tuple(
        Node(N_("{stars} stars for product quality: {count} reviews"), {"stars": stars, "count": count})
        for stars, count in zip(range(5, 0, -1), reversed(found.by_stars), strict=True)
        if count
    )


def _left_out(found: Tally) -> tuple[Node, ...]:
    if not found.uncounted:
        return ()
    text = N_("Reviews of improper orders that do not count: {count}")
    return (Node(text, {"count": found.uncounted}, rule="V1-counts", outcome="note"),)


def moment_of(seconds: int, rules: MomentRules) -> Moment:
    """How good a moment it is to invite, so many seconds after receipt (V6)."""
    if seconds <= rules.best_days * DAY:
        return "best"
    return "good" if seconds <= rules.good_days * DAY else "late"


def lift_of(seconds: int, rules: LiftRules) -> int:
    """How many more of 100 buyers review when invited so many seconds after receipt, half up (V6-lift)."""
    curve = [(days * DAY, percent) for days, percent in rules.lift]
    if seconds <= curve[0][0]:
        return curve[0][1]
    for (left, low), (right, high) in pairwise(curve):
        if seconds <= right:
            return low + divide_half_up((high - low) * (seconds - left), right - left)
    return curve[-1][1]


class Moments(msgspec.Struct, frozen=True):
    """Things that happened to products: a product and an epoch second for each."""

    product: Ints
    at: Ints


class Band(msgspec.Struct, frozen=True):
    """Visits to products that had from `least` to `most` reviews, and the inquiries that came of them."""

    least: int
    most: int | None
    visits: int
    inquiries: int

    @property
    def share(self) -> float | None:
        """Inquiries for a visit; None without visits."""
        return self.inquiries / self.visits if self.visits else None


def had_reviews(things: Moments, reviews: Moments) -> Ints:
    """For each thing, how many reviews its product had before that second."""
    order = np.lexsort((reviews.at, reviews.product))
    products, instants = reviews.product[order], reviews.at[order]
    first = np.searchsorted(products, things.product, side="left")
    # Instants of one product stand in order; shifted by the product they stand in order altogether.
    span = int(max(instants.max(initial=0), things.at.max(initial=0))) + 1
    place = np.searchsorted(products * span + instants, things.product * span + things.at, side="left")
    return np.asarray(place - first, dtype=np.int64)


def conversion(
    visits: Moments, inquiries: Moments, reviews: Moments, rules: ConversionRules
) -> Sequence[Band]:
    """What became of visits, by the number of reviews that buyers saw (V6-conversion)."""
    edges = np.array(rules.bands[1:], dtype=np.int64)
    seen = np.searchsorted(edges, had_reviews(visits, reviews), side="right")
    asked = np.searchsorted(edges, had_reviews(inquiries, reviews), side="right")
    came = np.bincount(seen, minlength=len(rules.bands))
    wrote = np.bincount(asked, minlength=len(rules.bands))
    above: tuple[int | None, ...] = (*(each - 1 for each in rules.bands[1:]), None)
    return [
        Band(least, most, int(came[i]), int(wrote[i]))
        for i, (least, most) in enumerate(zip(rules.bands, above, strict=True))
    ]
