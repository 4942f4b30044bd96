"""The cheapest path of the played store to a star, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from august.catalog.models import Product
from august.kernel.context import Context
from august.kernel.words import N_
from august.stars import acts, overview, queries, words
from august.stars.path import Act, Path, Task, cheapest, helps
from august.stars.rules import ABILITIES, HUNDREDTHS, TRACKS, Track

KINDS: Mapping[str, tuple[str, str]] = {
    "services": (
        N_("Switch services on"),
        N_("Customization, samples and delivery-by for products that lack them; one press does it."),
    ),
    "content": (N_("Mend content"), N_("Open the product and mend what its quality ball says.")),
    "showcase": (
        N_("Fill showcases"),
        N_("Put high-growth products into slots that are free; one press does it."),
    ),
    "proof": (
        N_("Apply for a proof"),
        N_("The review takes some days; verified proofs count."),
    ),
    "case": (N_("Upload engineering cases"), N_("Cases count as soon as the capability is verified.")),
    "answer": (N_("Answer inquiries"), N_("Each first answer counts from the next Pacific midnight on.")),
}


PRODUCTS = frozenset({"services", "content", "showcase"})


@dataclass(frozen=True)
class Step:
    """One act: what it is about and where it is done."""

    key: str
    label: str
    path: str
    minutes: int


@dataclass(frozen=True)
class Group:
    """The acts of one kind, in the order of the path."""

    kind: str
    title: str
    text: str
    minutes: int
    steps: Sequence[Step]


@dataclass(frozen=True)
class Way:
    """The way to a star: `path` is None when it cannot be reached by one's own acts."""

    target: int
    result: overview.Result
    path: Path | None
    groups: Sequence[Group]
    stuck: Mapping[Track, Sequence[str]]


def way(ctx: Context, target: int | None = None) -> Way:
    """The cheapest path from how things stand to a star, the next one unless said otherwise."""
    result = overview.now(ctx)
    most = len(result.rules.frame.stars)
    aim = min(most, target or result.parts.star + 1)
    industry = queries.industries()[result.inputs["industry"]]
    known = acts.helpful(acts.all_acts(ctx))
    above = acts.efforts(ctx)
    margins = above.margin * HUNDREDTHS, above.slack * HUNDREDTHS
    task = Task(result.inputs, result.rules, industry, known, aim, *margins)
    path = cheapest(task)
    stuck: dict[Track, Sequence[str]] = {}
    if path is None:
        stuck = {track: [words.ABILITIES[each] for each in helps(task, track)] for track in TRACKS}
    return Way(aim, result, path, _groups(ctx, path.acts if path is not None else ()), stuck)


def _groups(ctx: Context, chosen: Sequence[Act]) -> list[Group]:
    numbers = [int(act.key.partition(":")[2]) for act in chosen if act.kind in PRODUCTS]
    named = select(Product.id, Product.title).where(Product.id.in_(numbers))
    titles = dict(ctx.session.execute(named).all())
    found = []
    for kind, (title, text) in KINDS.items():
        mine = [act for act in chosen if act.kind == kind]
        if mine:
            steps = [_step(act, titles) for act in mine]
            found.append(Group(kind, title, text, sum(step.minutes for step in steps), steps))
    return found


def _step(act: Act, titles: Mapping[int, str]) -> Step:
    about = act.key.partition(":")[2]
    if act.kind in PRODUCTS:
        title = titles.get(int(about), about)
        return Step(about, title, f"/products/{about}", act.minutes)
    return Step(about, about, acts.PLACES[act.kind], act.minutes)


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
