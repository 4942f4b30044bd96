"""Rules that come into force are announced at that instant."""

from august.kernel.context import Context
from august.kernel.jobs import Dates, Job
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_
from august.messages.commands import send


def announce_rules(ctx: Context) -> None:
    """Tell everybody about each version that begins now."""
    for version in ctx.rulebook.all():
        if version.effective_from == ctx.now:
            send(
                ctx,
                N_("In force from now on: {rule}"),
                to=None,
                kind="rule",
                path=f"/rules?q={version.id}",
                rule=version.title,
            )


def announcements(rulebook: Rulebook) -> Job:
    """The job at every instant at which some rule begins; before all else of that instant."""
    starts = [version.effective_from for version in rulebook.all() if version.effective_from is not None]
    return Job(
        "messages.announce_rules", 5, Dates(starts), announce_rules, N_("Announce rules that come into force")
    )
