"""DW美西港到门: US$100 off a container that departs in time (F10)."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from august.festival.offer import Offer, Term
from august.festival.quotas import BEGAN
from august.kernel.clock import SECOND, Window
from august.kernel.explain import money
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_
from august.logistics.standing import reduction


def arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    """The numbers of the sentence."""
    rules, quota = rulebook.values("F10", at), rulebook.values("K5", at).quotas["fcl_us_west"]
    return {"off": money(rules.off_cents, "USD"), "quota": quota.total, "mine": quota.merchant}


def terms(rulebook: Rulebook, at: datetime) -> tuple[Term, ...]:
    """Booked in September, departed by the end of October."""
    rules = rulebook.values("F10", at)
    return (
        Term(N_("Container booked"), Window(BEGAN, rules.booked_by.at + SECOND), "PT"),
        Term(N_("Container departed"), Window(BEGAN, rules.departed_by.at + SECOND), "PT"),
    )


OFFER = Offer(
    code="fcl_us_west",
    rule="F10",
    kind="logistics",
    title=N_("US$100 off US-West port-to-door"),
    sentence=N_(
        "{off} off each container on a marked sailing that departs in time; {quota} orders, {mine} a store"
    ),
    arguments=arguments,
    terms=terms,
    stand=partial(reduction, code="fcl_us_west"),
    path="/fcl",
)
