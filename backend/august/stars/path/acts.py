"""What the played store can do for its star with a certain effect, and how long that takes."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select

from august.kernel.context import Context
from august.kernel.rulebook import RuleValues
from august.opportunities.models import Inquiry
from august.showcase.queries import standing
from august.stars.path.proofs import proof_acts
from august.stars.path.prospects import Prospect, State, prospects
from august.stars.path.search import Act, Inputs
from august.verified.queries import Overview


class EffortRules(RuleValues, frozen=True):
    """The numbers of rule S1-effort: minutes an act takes, and the points to stand above a threshold."""

    services: int
    content: int
    showcase: int
    answer: int
    proof: int
    case: int
    margin: int
    slack: int


def efforts(ctx: Context) -> EffortRules:
    """The minutes in force now."""
    values: EffortRules = ctx.rulebook.values("S1-effort", ctx.now)
    return values


def all_acts(ctx: Context, inputs: Inputs, proofs: Overview) -> list[Act]:
    """Everything the store can do with a certain effect on its counts."""
    found, minutes = prospects(ctx), efforts(ctx)
    return [
        *(act for each in found for act in product_acts(each, minutes)),
        *showcase_acts(found, standing(ctx).free, minutes.showcase),
        *answer_acts(ctx, minutes.answer),
        *proof_acts(ctx, proofs, inputs, minutes.proof, minutes.case),
    ]


def product_acts(product: Prospect, minutes: EffortRules) -> Iterator[Act]:
    """Services to switch on, then content to mend, with what they add to the counts."""
    first = f"services:{product.id}"
    if product.lacks:
        adds = _difference(product, product.before, product.served)
        yield Act(first, "services", minutes.services, adds)
    if product.broken:
        adds = _difference(product, product.served, product.whole)
        after = (first,) if product.lacks else ()
        yield Act(f"content:{product.id}", "content", minutes.content * product.broken, adds, after)


def showcase_acts(found: Sequence[Prospect], free: int, minutes: int) -> Iterator[Act]:
    """Put what is or can become high-growth into slots that are free now."""
    waiting = [product for product in found if not product.on_show and product.whole.high]
    waiting.sort(key=lambda product: (-product.before.growth, product.id))
    for product in waiting[:free]:
        stage, after = _stage(product)
        counts = stage.counts(product.track, on_show=True)
        adds = {name: counts[name] for name in counts if "shown" in name and counts[name]}
        yield Act(f"show:{product.id}", "showcase", minutes, {f"{product.track}_shown": 1, **adds}, after)


def _stage(product: Prospect) -> tuple[State, tuple[str, ...]]:
    """The first state in which a product is high-growth, and the acts that bring it there."""
    if product.before.high:
        return product.before, ()
    if product.served.high:
        return product.served, (f"services:{product.id}",)
    return product.whole, (f"content:{product.id}",) if product.broken else (f"services:{product.id}",)


def answer_acts(ctx: Context, minutes: int) -> Iterator[Act]:
    """First answers that wait: each brings its own wait into the average."""
    asked = select(Inquiry.id, Inquiry.at).where(
        Inquiry.merchant_id == ctx.merchant,
        Inquiry.state == "open",
        Inquiry.turn == "seller",
        Inquiry.first_reply_at.is_(None),
    )
    for number, at in ctx.session.execute(asked.order_by(Inquiry.id)):
        seconds = int((ctx.now - at).total_seconds())
        yield Act(f"answer:{number}", "answer", minutes, {"replies": 1, "reply_seconds": seconds})


def _difference(product: Prospect, before: State, after: State) -> Mapping[str, int]:
    old = before.counts(product.track, on_show=product.on_show)
    new = after.counts(product.track, on_show=product.on_show)
    return {name: new[name] - old[name] for name in new if new[name] != old[name]}


def helpful(acts: Sequence[Act]) -> dict[str, Act]:
    """The acts by their keys, without those that change nothing and that nothing waits for."""
    waited = {key for act in acts for key in act.after}
    return {act.key: act for act in acts if act.adds or act.key in waited}
