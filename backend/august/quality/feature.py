"""The room's entry in the list."""

from august.kernel.features import Feature
from august.kernel.words import N_
from august.quality import facts, rules
from august.quality.api import QualityApi
from august.quality.jobs import RECOMPUTE
from august.quality.queries import why
from august.quality.web import DiagnosisPage
from august.web.menu import MenuItem

FEATURE = Feature(
    "quality",
    controllers=(DiagnosisPage, QualityApi),
    menu=(MenuItem(N_("Products"), N_("Product diagnosis centre"), "/quality", "stethoscope", 50),),
    jobs=(RECOMPUTE,),
    rules={**rules.RULES, **facts.RULES},
    why={"quality": why},
)
