"""What states of financing are called and how they look."""

from collections.abc import Mapping

from august.kernel.words import N_

LC_TONES: Mapping[str, str] = {
    "applied": "",
    "approved": "accent",
    "presented": "",
    "accepted": "accent",
    "drawn": "middle",
    "overdue": "bad",
    "repaid": "good",
    "withdrawn": "",
    "ended": "",
}
OA_TONES: Mapping[str, str] = {
    "unshipped": "",
    "running": "accent",
    "soon": "middle",
    "overdue": "bad",
    "paid": "good",
    "closed": "",
}
DONE: Mapping[str, str] = {
    "apply": N_("The bank has the application."),
    "present": N_("The documents are with the bank."),
    "draw": N_("The money was drawn, less the fee."),
    "repay": N_("The advance was repaid."),
    "withdraw": N_("The application was withdrawn."),
}
