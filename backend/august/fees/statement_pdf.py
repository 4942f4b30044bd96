"""The statement as PDF, in the language of its reader."""

from collections.abc import Mapping
from datetime import datetime

from august.fees import words
from august.fees.statement import Statement
from august.kernel.words import N_
from august.web.i18n import instant, money, say, t
from august.web.pdf import table_pdf

HEADS = (
    N_("Settled on"), N_("Order"), N_("Received"), N_("Refunded"), N_("Fees"), N_("Saved"), N_("Charged"),
    N_("Paid out"),
)  # fmt: skip
SUMS = ("received", "refunded", None, "saved", "charged", "payout")
WIDTHS = (24, 30, 14, 13, 40, 13, 13, 14)
NUMBERS = frozenset({2, 3, 5, 6, 7})


def statement_pdf(found: Statement, store: Mapping[str, str], now: datetime) -> bytes:
    """The same table as the page's, with its sums."""
    rows = [
        (
            instant(order.at),
            f"#{order.order} {order.company}",
            money(order.received),
            money(order.refunded),
            "; ".join(f"{t(words.FEES[fee.fee])} {money(fee.charged)}" for fee in order.fees),
            money(order.saved),
            money(order.charged),
            money(order.payout),
        )
        for order in found.orders
    ]
    sums = (t("Sum"), "", *(money(found.total(name)) if name else "" for name in SUMS))
    notes = (
        say(store),
        t("As of {at}. Of each order: received = paid out + refunded + fees.", at=now),
    )
    heads = [t(head) for head in HEADS]
    return table_pdf(
        t("Statement of service fees"), notes, heads, [*rows, sums], widths=WIDTHS, numbers=NUMBERS
    )
