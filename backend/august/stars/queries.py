"""Stars as issued and as they would be: evaluations, predictions, what stands behind them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, bindparam, func, select

from august.catalog import taxonomy
from august.kernel.bulk import insert_columns
from august.kernel.clock import day_start, pacific, pt_day
from august.kernel.columns import packed, to_epoch
from august.kernel.context import Context
from august.kernel.plain import number_columns, plain, tuples
from august.kernel.tables import next_id
from august.merchants.models import Merchant
from august.stars.counts import counts
from august.stars.inputs import INPUTS
from august.stars.models import Evaluation, Prediction
from august.stars.rules import (
    TRACKS,
    FrameRules,
    Parts,
    Rules,
    inputs_of,
    judge,
    judge_all,
    rules_at,
    rules_of,
)

Ints = npt.NDArray[np.int64]
# Stores that are judged and written at once.
AT_ONCE = 20_000


def frame(ctx: Context) -> FrameRules:
    """The numbers of S1 in force now."""
    values: FrameRules = ctx.rulebook.values("S1", ctx.now)
    return values


def industries() -> tuple[str, ...]:
    """First-level industries in the order in which column `industry` counts them."""
    return tuple(taxonomy.standing().industries)


def today(ctx: Context) -> datetime:
    """The PT midnight up to which data are complete now."""
    return day_start(pt_day(ctx.now))


def month_before(cut: datetime) -> str:
    """The PT month that ends at a cut, such as 2022-08."""
    return pacific(cut - timedelta(seconds=1)).strftime("%Y-%m")


def evaluate_all(ctx: Context, cut: datetime, published: datetime | None = None) -> None:
    """Evaluate every store at a month's end and keep the results, by default not yet published (S1)."""
    ids, columns = counts(ctx, cut)
    keep_all(ctx, cut, ids, columns, published)


def keep_all(
    ctx: Context, cut: datetime, ids: Ints, columns: Mapping[str, Ints], published: datetime | None
) -> None:
    """Judge counted stores and write their evaluations, some thousands at a time: memory stays flat (S8)."""
    rules, connection = rules_at(ctx.rulebook, cut), ctx.session.connection()
    first = next_id(connection, Evaluation)
    for start in range(0, len(ids), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        some = {name: columns[name][part] for name in INPUTS}
        made = judge_all(some, rules, industries())
        fresh = {
            "id": range(first + start, first + start + len(some["industry"])),
            "merchant_id": ids[part].tolist(),
            "month": repeat(month_before(cut)),
            "version": repeat(rules.version),
            "cut_at": repeat(to_epoch(cut)),
            "published_at": repeat(None if published is None else to_epoch(published)),
            "star": made.star.tolist(),
            "track": [TRACKS[number] for number in made.track.tolist()],
            "abilities": packed(made.abilities, "i4"),
            "inputs": packed(np.stack(list(some.values()), axis=1), "i8"),
        }
        insert_columns(connection, Evaluation, fresh)


def begin(ctx: Context) -> None:
    """What a world is born with: the evaluation published last before its birth."""
    born = ctx.now
    month = pacific(born).replace(day=1).date()
    published = day_start(month.replace(day=rules_at(ctx.rulebook, born).frame.publish_day))
    if published > born:
        month = (month - timedelta(days=1)).replace(day=1)
        published = day_start(month.replace(day=pacific(published).day))
    ctx.now = day_start(month)
    evaluate_all(ctx, ctx.now, published)
    ctx.now = born
    remember(ctx)


def current(ctx: Context, store: int | None = None) -> Evaluation | None:
    """The evaluation in force now: the one published last; None before the first."""
    asked = select(Evaluation).where(
        Evaluation.merchant_id == (store or ctx.merchant), Evaluation.published_at <= ctx.now
    )
    return ctx.session.scalars(asked.order_by(Evaluation.month.desc()).limit(1)).first()


def history(ctx: Context) -> list[Evaluation]:
    """The store's published evaluations, the newest first."""
    asked = select(Evaluation).where(
        Evaluation.merchant_id == ctx.merchant, Evaluation.published_at <= ctx.now
    )
    return list(ctx.session.scalars(asked.order_by(Evaluation.month.desc())))


def predictions(ctx: Context, days: int) -> list[Prediction]:
    """The store's predictions of so many days up to now, the oldest first."""
    since = ctx.now - timedelta(days=days)
    asked = select(Prediction).where(Prediction.merchant_id == ctx.merchant, Prediction.at > since)
    return list(ctx.session.scalars(asked.order_by(Prediction.at)))


def predicted(ctx: Context) -> tuple[dict[str, int], Rules]:
    """What the store's star is made of by today: its counts, and the rules in force (S1)."""
    _, columns = counts(ctx, today(ctx), ctx.merchant, live=True)
    return {name: int(column[0]) for name, column in columns.items()}, rules_at(ctx.rulebook, ctx.now)


def decide(inputs: Mapping[str, int], rules: Rules) -> Parts:
    """The star of one store's counts."""
    return judge(inputs, rules, industries()[inputs["industry"]])


def as_issued(ctx: Context, kept: Evaluation | Prediction) -> tuple[dict[str, int], Rules]:
    """The counts an issued result was made from, and the rules it was made by."""
    return inputs_of(kept.inputs), rules_of(ctx.rulebook, kept.version)


def under(ctx: Context, inputs: Mapping[str, int], versions: Sequence[str]) -> dict[str, Parts]:
    """The same counts under several versions of the rules."""
    return {version: decide(inputs, rules_of(ctx.rulebook, version)) for version in versions}


def peers(ctx: Context) -> dict[str, Ints] | None:
    """The counts of all stores as of the evaluation published last; None before the first."""
    last = select(func.max(Evaluation.month)).where(Evaluation.published_at <= ctx.now).scalar_subquery()
    rows = ctx.session.scalars(select(Evaluation.inputs).where(Evaluation.month == last)).all()
    if not rows:
        return None
    whole = np.stack(rows).astype(np.int64)
    return {name: whole[:, place] for place, name in enumerate(INPUTS)}


def stars_of(ctx: Context, _products: npt.NDArray[np.int64], stores: Ints) -> Ints:
    """The evaluated stars of stores, 0 before their first: what ranks equals in search (K1)."""
    now = {"now": to_epoch(ctx.now)}
    # Published on the 5th, in the order of months: the last one of each store stays.
    owners, stars = number_columns(ctx.session.connection(), _published(), now)
    known = dict(zip(owners.tolist(), stars.tolist(), strict=True))
    ids, places = np.unique(stores, return_inverse=True)
    return np.array([known.get(int(each), 0) for each in ids], dtype=np.int64)[places]


@cache
def _published() -> Select[Any]:
    """Store and star of the evaluations published until `now`, month by month."""
    table = plain(Evaluation)
    asked = select(table.c.merchant_id, table.c.star).where(table.c.published_at <= bindparam("now"))
    return asked.order_by(table.c.month)


@cache
def _unpredicted() -> Select[Any]:
    """The played stores without a prediction as of an instant."""
    store, made = plain(Merchant), plain(Prediction)
    done = select(made.c.merchant_id).where(made.c.at == bindparam("at"))
    return select(store.c.id).where(store.c.is_player, store.c.id.not_in(done)).order_by(store.c.id)


def remember(ctx: Context) -> None:
    """Keep today's prediction of the played stores."""
    rules = rules_at(ctx.rulebook, ctx.now)
    # A world is born with its first one.
    for (store,) in tuples(ctx.session.connection(), _unpredicted(), {"at": to_epoch(today(ctx))}):
        _, columns = counts(ctx, today(ctx), store)
        inputs = {name: int(column[0]) for name, column in columns.items()}
        parts = decide(inputs, rules)
        ctx.session.add(
            Prediction(
                merchant_id=store,
                at=today(ctx),
                version=rules.version,
                star=parts.star,
                track=parts.track,
                abilities=np.array([*parts.abilities["custom"], *parts.abilities["rts"]]),
                inputs=np.array([inputs[name] for name in INPUTS]),
            )
        )
