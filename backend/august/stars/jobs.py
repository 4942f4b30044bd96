"""What time does to stars: predicted every PT day, evaluated at a month's end, published on the 5th (S1)."""

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import select

from august.kernel.clock import PACIFIC
from august.kernel.context import Context
from august.kernel.jobs import Dates, Job
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_
from august.merchants.models import Merchant
from august.messages.commands import send
from august.stars.models import Evaluation
from august.stars.queries import evaluate_all, remember, today

PUBLISHED = "stars.published"


def predict(ctx: Context) -> None:
    """After growth, showcases and proofs of the same midnight."""
    remember(ctx)


def cut(ctx: Context) -> None:
    """Evaluate all stores on the data of the month that ends now."""
    evaluate_all(ctx, today(ctx))


def publish(ctx: Context) -> None:
    """Bring the last month's evaluations into force and tell the played stores."""
    waiting = ctx.session.scalars(
        select(Evaluation).where(Evaluation.published_at.is_(None)).order_by(Evaluation.id)
    ).all()
    players = set(ctx.session.scalars(select(Merchant.id).where(Merchant.is_player)))
    for result in waiting:
        result.published_at = ctx.now
        if result.merchant_id in players:
            told = {"month": result.month, "star": result.star}
            send(
                ctx,
                N_("Your evaluated star for {month}: {star}."),
                to=result.merchant_id,
                kind="star",
                path="/stars",
                **told,
            )
            ctx.emit(PUBLISHED, ("merchant", result.merchant_id), **told, track=result.track)


PREDICT = Job(
    "stars.predict",
    60,
    CronTrigger(hour=0, timezone=PACIFIC),
    predict,
    N_("Predict star levels"),
    routine=True,
)
CUT = Job(
    "stars.cut",
    70,
    CronTrigger(day=1, hour=0, timezone=PACIFIC),
    cut,
    N_("Evaluate star levels on the month's data"),
)
PUBLISH = Job(
    "stars.publish",
    10,
    CronTrigger(day=5, hour=0, timezone=PACIFIC),
    publish,
    N_("Publish star levels"),
)


def preview(rulebook: Rulebook) -> Job:
    """The job at the instant from which the next version can be looked at."""
    starts = [one.effective_from for one in rulebook.versions("S2-next") if one.effective_from is not None]

    def tell(ctx: Context) -> None:
        """Tell everybody where to look."""
        text = N_("The October version of star levels can be previewed now; it evaluates nobody yet.")
        send(ctx, text, to=None, kind="star", path="/stars?compare=1")

    return Job("stars.preview", 12, Dates(starts), tell, N_("Preview the next version of star levels"))
