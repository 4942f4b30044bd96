"""The room's entry in the list."""

from august.kernel.context import Context
from august.kernel.explain import Node
from august.kernel.features import Feature
from august.kernel.words import N_
from august.verified import commands
from august.verified.api import FilesApi, VerifiedApi
from august.verified.files_web import FilesPage
from august.verified.jobs import REVIEW
from august.verified.queries import digest, explained
from august.verified.rules import RULES
from august.verified.web import PAGES
from august.web.menu import MenuItem

DIGITS_MOST = 15
CENTER = N_("Verified Center")


def why(ctx: Context, key: str) -> Node:
    """Why a proof is verified or not: `proof/{number}`."""
    known = key.isascii() and key.isdigit() and len(key) <= DIGITS_MOST
    return explained(ctx, commands.own_proof(ctx, int(key) if known else 0))


FEATURE = Feature(
    "verified",
    controllers=(*PAGES, FilesPage, VerifiedApi, FilesApi),
    menu=(
        MenuItem(CENTER, N_("Industry service access"), "/verified/access", "shield-check", 10),
        MenuItem(CENTER, N_("Industry competitiveness"), "/verified", "award", 20),
    ),
    commands=(commands.apply, commands.withdraw, commands.add_case, commands.remove_case),
    jobs=(REVIEW,),
    rules=RULES,
    why={"proof": why},
    digest=digest,
)
