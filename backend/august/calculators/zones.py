"""One local time in both business zones (T1, T2)."""

from typing import Literal

from august.calculators.registry import Answer, Calculator, Question
from august.kernel.clock import BEIJING, PACIFIC, beijing, from_local, pacific
from august.kernel.errors import Refusal
from august.kernel.explain import Node
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_, Phrase

ZONES = {"pacific": PACIFIC, "beijing": BEIJING}
LABELS = {"pacific": N_("Pacific time"), "beijing": N_("Beijing time")}


class ZonesQuestion(Question, frozen=True):
    """A wall-clock time of one zone."""

    zone: Literal["pacific", "beijing"]
    local: str


def answer(asked: ZonesQuestion, _rulebook: Rulebook) -> Answer:
    """Convert with the tz database, never by fixed hours (T2); refuses an unreadable or skipped time."""
    try:
        at = from_local(ZONES[asked.zone], asked.local)
    except Refusal as refusal:
        raise Refusal(
            refusal.code,
            refusal.message.msgid,
            params=refusal.params,
            rules=refusal.rules,
            remedy=refusal.remedy,
            fields={"local": refusal.message},
        ) from None
    there = {"pacific": pacific(at), "beijing": beijing(at)}
    apart = there["beijing"].utcoffset(), there["pacific"].utcoffset()
    hours = (apart[0] - apart[1]).total_seconds() / 3600 if apart[0] and apart[1] else 0.0
    why = Node(
        N_("{local} {zone} is {utc} in UTC."),
        {"local": asked.local, "zone": Phrase(LABELS[asked.zone]), "utc": f"{at:%Y-%m-%d %H:%M:%S}"},
        rule="T2",
        children=(
            Node(
                N_("On that day Beijing is {hours} hours ahead of Pacific time."),
                {"hours": hours},
                rule="T2",
                outcome="note",
            ),
        ),
        outcome="ok",
    )
    decision = {"utc": at.isoformat(), **{zone: time.isoformat() for zone, time in there.items()}}
    return Answer(decision, why, at)


CALCULATOR = Calculator("zones", ZonesQuestion, answer)
