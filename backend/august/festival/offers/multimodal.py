"""多式联运: steps of reduction for stores new to multimodal lines (F7)."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from august.festival.offer import Offer, Term
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_
from august.logistics.standing import reduction


def arguments(rulebook: Rulebook, at: datetime) -> Mapping[str, Any]:
    """The numbers of the sentence."""
    rules, quota = rulebook.values("F7", at), rulebook.values("K5", at).quotas["multimodal"]
    return {
        "steps": [f"{least // 100} − {off // 100}" for least, off in rules.steps],
        "quota": quota.total,
        "mine": quota.merchant,
    }


def terms(rulebook: Rulebook, at: datetime) -> tuple[Term, ...]:
    """Freight is paid in time; the release gives the end alone."""
    rules = rulebook.values("F7", at)
    return (Term(N_("Freight paid"), rules.paid.window, "BJ"),)


OFFER = Offer(
    code="multimodal",
    rule="F7",
    kind="logistics",
    title=N_("Multimodal: the more, the more is off"),
    sentence=N_("Base freight in CNY: {steps}; {quota} orders, {mine} a store"),
    arguments=arguments,
    terms=terms,
    stand=partial(reduction, code="multimodal"),
    path="/logistics-benefits#multimodal",
)
