"""The cheapest path of the played store to a star, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from august.catalog.models import Product
from august.kernel.clock import day_start, pt_day
from august.kernel.context import Context
from august.kernel.explain import money
from august.kernel.money import divide_half_up
from august.kernel.words import N_, Phrase
from august.reviews import queries as reviews
from august.stars import overview, queries, words
from august.stars.inputs import MEASURES
from august.stars.path import acts
from august.stars.path.search import Act, Path, Task, cheapest, helps
from august.stars.rules import ABILITIES, HUNDREDTHS, TRACKS, Track, judge, rules_at
from august.verified import queries as verified

PRODUCTS = frozenset({"services", "content", "showcase"})


@dataclass(frozen=True)
class Kind:
    """How acts of a kind are called; `action` leads to where one is done, None where one press does all."""

    title: str
    text: str
    action: str | None


KINDS: Mapping[str, Kind] = {
    "services": Kind(
        N_("Switch services on"),
        N_("Customization, samples and delivery-by for products that lack them; one press does it."),
        None,
    ),
    "content": Kind(
        N_("Mend content"),
        N_("Open the product and mend what its quality ball says."),
        N_("Mend"),
    ),
    "showcase": Kind(
        N_("Fill showcases"),
        N_("Put high-growth products into slots that are free; one press does it."),
        None,
    ),
    "answer": Kind(
        N_("Answer inquiries"),
        N_("Each first answer counts from the next Pacific midnight on."),
        N_("Answer"),
    ),
    "proof": Kind(
        N_("Apply for a proof"),
        N_("For companies that have what it asks, with documents: the form says what the review looks at."),
        N_("Apply for it"),
    ),
    "case": Kind(
        N_("Upload engineering cases"),
        N_("Cases count as soon as the capability is verified."),
        N_("Add a case"),
    ),
    "await": Kind(
        N_("Await reviews"),
        N_("What was handed in meets all criteria: there is nothing more to do for it."),
        N_("Show the application"),
    ),
}


@dataclass(frozen=True)
class Step:
    """One act: what it is about, where it is done, and from when on it counts."""

    key: str
    label: Any
    path: str
    minutes: int
    counts_at: datetime


@dataclass(frozen=True)
class Group:
    """The acts of one kind, in the order of the path."""

    kind: str
    words: Kind
    minutes: int
    steps: Sequence[Step]


@dataclass(frozen=True)
class Extra:
    """Something that may help, but by how much is not certain: it is on no path."""

    kind: str
    text: Phrase
    path: str
    action: str


@dataclass(frozen=True)
class Way:
    """The way to a star: `path` is None when it cannot be reached by one's own acts.

    All of it counts from `counts_at` on, in evaluations from `published_at` on; `undone_by` is the version of
    the rules that will be in force then, if the path does not reach the star by it.
    """

    target: int
    result: overview.Result
    path: Path | None
    groups: Sequence[Group]
    stuck: Mapping[Track, Sequence[str]]
    extras: Sequence[Extra]
    counts_at: datetime
    published_at: datetime
    undone_by: str | None


def way(ctx: Context, target: int | None = None) -> Way:
    """The cheapest path from how things stand to a star, the next one unless said otherwise."""
    result, proofs = overview.now(ctx), verified.overview(ctx)
    most = len(result.rules.frame.stars)
    aim = min(most, target or result.parts.star + 1)
    industry = queries.industries()[result.inputs["industry"]]
    known = acts.helpful(acts.all_acts(ctx, result.inputs, proofs))
    above = acts.efforts(ctx)
    margins = above.margin * HUNDREDTHS, above.slack * HUNDREDTHS
    task = Task(result.inputs, result.rules, industry, known, aim, *margins)
    path = cheapest(task)
    stuck: dict[Track, Sequence[str]] = {}
    if path is None:
        stuck = {track: [words.ABILITIES[each] for each in helps(task, track)] for track in TRACKS}
    chosen = path.acts if path is not None else ()
    counts_at = _midnight(ctx, path.days if path is not None else 0)
    return Way(
        target=aim,
        result=result,
        path=path,
        groups=_groups(ctx, chosen, proofs),
        stuck=stuck,
        extras=list(_extras(ctx, result, proofs)),
        counts_at=counts_at,
        published_at=_published(ctx, counts_at),
        undone_by=_undone(ctx, task, chosen, counts_at),
    )


def _midnight(ctx: Context, days: int) -> datetime:
    """The Pacific midnight so many days on."""
    return day_start(pt_day(ctx.now) + timedelta(days=days))


def _published(ctx: Context, counts_at: datetime) -> datetime:
    """When the first evaluation is published that is cut at this midnight or later (S1)."""
    day = pt_day(counts_at)
    if day.day > 1:
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return overview.publication(day_start(day), queries.frame(ctx).publish_day)


def _undone(ctx: Context, task: Task, chosen: Sequence[Act], counts_at: datetime) -> str | None:
    """The version of the rules by then, if it is another and the acts do not reach the star by it."""
    then = rules_at(ctx.rulebook, counts_at)
    if not chosen or then.version == task.rules.version:
        return None
    reached = judge(task.done(act.key for act in chosen), then, task.industry).star
    return then.version if reached < task.target else None


def _groups(ctx: Context, chosen: Sequence[Act], proofs: verified.Overview) -> list[Group]:
    numbers = [int(act.key.partition(":")[2]) for act in chosen if act.kind in PRODUCTS]
    named = select(Product.id, Product.title).where(Product.id.in_(numbers))
    titles = dict(ctx.session.execute(named).all()) if numbers else {}
    found = []
    for kind, told in KINDS.items():
        mine = [act for act in chosen if act.kind == kind]
        if mine:
            steps = [_step(ctx, act, titles, proofs) for act in mine]
            found.append(Group(kind, told, sum(step.minutes for step in steps), steps))
    return found


def _step(ctx: Context, act: Act, titles: Mapping[int, str], proofs: verified.Overview) -> Step:
    about = act.key.partition(":")[2]
    label, path = _about(act, about, titles, proofs)
    return Step(about, label, path, act.minutes, _midnight(ctx, act.days))


def _about(act: Act, about: str, titles: Mapping[int, str], proofs: verified.Overview) -> tuple[Any, str]:
    """What an act is about, and where it is done."""
    if act.kind in PRODUCTS:
        return titles.get(int(about), about), f"/products/{about}"
    if act.kind == "answer":
        return Phrase(N_("Inquiry {id}"), {"id": int(about)}), f"/inquiries/{about}"
    if act.kind == "case":
        return Phrase(N_("{count} more"), {"count": act.adds["cases"]}), "/verified/engineering#add-case"
    row = proofs.rows[about]
    if act.kind == "await" and row.proof is not None:
        return row.title, f"/verified/proofs/{row.proof.id}"
    return row.title, f"/verified/apply/{about}"


def _extras(ctx: Context, result: overview.Result, proofs: verified.Overview) -> Iterator[Extra]:
    """What is not certain: what invited buyers will write, and what a company exported (V6-lift, S3)."""
    count, lift = reviews.invitable(ctx)
    if count:
        rating = words.value_of("rating", MEASURES["rating"].of(result.inputs))
        params = {"count": count, "more": words.tenth(divide_half_up(lift * 10, 100)), "rating": rating}
        text = N_(
            "Buyers to invite to a review: {count}. By the published rates that brings about {more} reviews "
            "that would not come by themselves; their stars move the store rating, now {rating}."
        )
        yield Extra("invite", Phrase(text, params), "/reviews/pending?invited=no", N_("Invite buyers"))
    bonus, row = result.rules.bonus, proofs.rows["export"]
    most = bonus.export[-1]
    if row.step in {"apply", "again", "renew"} and result.inputs["export_cents"] < most.least_cents:
        params = {"points": bonus.export_cap, "least": money(bonus.export[0].least_cents, "USD")}
        text = N_(
            "Offline export of {least} a year or more counts up to {points} points while the strength bonus "
            "is open. How much it was only the company's own books tell."
        )
        yield Extra("export", Phrase(text, params), "/verified/apply/export", N_("Apply for it"))


def gains(way_: Way) -> list[tuple[str, str, str]]:
    """Each ability of the path's track: its points before and after."""
    if way_.path is None:
        return []
    track = way_.path.track
    before, after = way_.result.parts.abilities[track], way_.path.parts.abilities[track]
    return [
        (words.ABILITIES[ability], words.points_of(old), words.points_of(new))
        for ability, old, new in zip(ABILITIES[track], before, after, strict=True)
    ]
