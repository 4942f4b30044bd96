"""The room's entry in the list."""

from august.kernel.features import Feature
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_
from august.stars.api import StarsApi
from august.stars.commands import switch_on
from august.stars.evidence.api import EvidenceApi
from august.stars.evidence.web import EvidencePage
from august.stars.jobs import CUT, PREDICT, PUBLISH, preview
from august.stars.path.acts import EffortRules
from august.stars.queries import stars_of
from august.stars.rules import RULES
from august.stars.web import StarsPage
from august.stars.why import WHY
from august.web.menu import MenuItem

FEATURE = Feature(
    "stars",
    controllers=(StarsPage, EvidencePage, StarsApi, EvidenceApi),
    menu=(MenuItem(N_("Growth"), N_("Star level"), "/stars", "star", 10),),
    commands=(switch_on,),
    jobs=(PREDICT, CUT, PUBLISH),
    rules={**RULES, "S1-effort": EffortRules},
    why=WHY,
    measures={"star": stars_of},
)


def preview_of(rulebook: Rulebook) -> Feature:
    """What needs the rulebook: the instant from which the next version can be previewed."""
    return Feature("stars_preview", jobs=(preview(rulebook),))
