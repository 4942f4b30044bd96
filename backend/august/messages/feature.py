"""The room's entry in the list."""

from august.kernel.features import Feature
from august.kernel.rulebook import Rulebook
from august.messages.commands import mark_read
from august.messages.jobs import announcements
from august.messages.web import MessagesPage, digest


def feature(rulebook: Rulebook) -> Feature:
    """The message box of a house with these rules."""
    return Feature(
        "messages",
        controllers=(MessagesPage,),
        commands=(mark_read,),
        jobs=(announcements(rulebook),),
        digest=digest,
    )
