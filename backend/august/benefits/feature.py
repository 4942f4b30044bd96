"""The room's entry in the list."""

from august.benefits import commands, jobs
from august.benefits.api import BenefitsApi
from august.benefits.look import digest, find, why
from august.benefits.rules import RULES
from august.benefits.web import BenefitsPage, TrialPage
from august.kernel.features import Feature
from august.kernel.words import N_
from august.web.menu import MenuItem

FEATURE = Feature(
    "benefits",
    controllers=(BenefitsPage, TrialPage, BenefitsApi),
    menu=(
        MenuItem(N_("Growth"), N_("Benefits center"), "/benefits", "gift", 20),
        MenuItem(N_("Analytics"), N_("Data Advisor"), "/data-advisor", "chart-dots", 10),
    ),
    commands=(commands.claim, commands.activate_trial),
    jobs=(jobs.MONTH_END, jobs.DAILY),
    listeners={"stars.published": jobs.published},
    rules=RULES,
    why={"benefit": why},
    digest=digest,
    find=find,
)
