"""What is counted of a store, and the measures made of the counts (S2)."""

from collections.abc import Mapping

import msgspec
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
TIERS = ("visitor", "L0", "L1", "L2", "L3", "L4")
LABELS = ("none", "blue", "gold")
PROFESSIONAL = ("trademark", "fortune500", "aeo", "oem")
SERVICES = ("overseas_after_sales", "models_3d", "software_copyright", "overseas_stock")
# Counts over the last 30 or 90 complete PT days before the cut; products, showcases and proofs as they
# stand at it. Evaluations store them in this order: append, never insert.
INPUTS = (
    "industry",
    "custom_products", "custom_growth", "custom_high", "custom_power", "custom_strong",
    "custom_shown", "custom_shown_high", "custom_shown_strong",
    "rts_tradable", "rts_high", "rts_strong", "rts_shown", "rts_shown_high", "rts_shown_strong",
    "visits", "visitors", "converted", "own_visitors", "own_converted",
    *(f"inquiries_{label}" for label in LABELS),
    *(f"buyers_{tier}" for tier in TIERS),
    "replies", "reply_seconds", "asked", "answered_in_day",
    "custom_gmv", "custom_orders", "custom_paid", "custom_payers", "custom_repeat",
    "rts_gmv", "rts_orders", "rts_paid", "rts_payers", "rts_repeat",
    "local_gmv",
    "points", "stars_sum", "stars_count", "due", "on_time", "paid", "disputes",
    "shipments", "traced", "rts_due", "rts_certain",
    "export_cents", *(f"proof_{kind}" for kind in PROFESSIONAL), *(f"service_{kind}" for kind in SERVICES),
    "engineering", "cases",
)  # fmt: skip


class Measure(msgspec.Struct, frozen=True):
    """A count, or one over another times `scale`, half up; `none` where there is nothing to divide by."""

    top: str
    bottom: str | None = None
    scale: int = 1
    none: int = 0

    def of(self, inputs: Mapping[str, int]) -> int:
        """The measure of one store."""
        top = inputs[self.top]
        if self.bottom is None:
            return top * self.scale
        bottom = inputs[self.bottom]
        return (2 * top * self.scale + bottom) // (2 * bottom) if bottom else self.none

    def of_all(self, columns: Mapping[str, Ints]) -> Ints:
        """The measure of n stores."""
        top = columns[self.top]
        if self.bottom is None:
            return top * self.scale
        bottom = columns[self.bottom]
        some = np.maximum(bottom, 1)
        return np.where(bottom > 0, (2 * top * self.scale + some) // (2 * some), self.none)


BP, HUNDREDTHS = 10_000, 100
HALF_A_DAY = 43_200
NEUTRAL_RATING = 430
# Shares are hundredths of a percent, ratings and growth hundredths of a point, waits seconds, money cents.
MEASURES: Mapping[str, Measure] = {
    "growth": Measure("custom_growth", "custom_products", HUNDREDTHS),
    "high_share": Measure("custom_high", "custom_products", BP),
    "power": Measure("custom_power", "custom_products", HUNDREDTHS // 2),
    "strong_share": Measure("custom_strong", "custom_products", BP),
    "shown_high": Measure("custom_shown_high", "custom_shown", BP),
    "shown_strong": Measure("custom_shown_strong", "custom_shown", BP),
    "tradable": Measure("rts_tradable"),
    "rts_high": Measure("rts_high"),
    "rts_strong": Measure("rts_strong"),
    "rts_shown_high": Measure("rts_shown_high", "rts_shown", BP),
    "rts_shown_strong": Measure("rts_shown_strong", "rts_shown", BP),
    "traffic": Measure("visits"),
    "conversion": Measure("converted", "visitors", BP),
    "own_conversion": Measure("own_converted", "own_visitors", BP),
    "reply": Measure("reply_seconds", "replies", 1, HALF_A_DAY),
    "communication": Measure("answered_in_day", "asked", BP, BP),
    "custom_gmv": Measure("custom_gmv"),
    "custom_payment": Measure("custom_paid", "custom_orders", BP),
    "custom_repurchase": Measure("custom_repeat", "custom_payers", BP),
    "rts_gmv": Measure("rts_gmv"),
    "rts_payment": Measure("rts_paid", "rts_orders", BP),
    "rts_repurchase": Measure("rts_repeat", "rts_payers", BP),
    "rts_payers": Measure("rts_payers"),
    "points": Measure("points"),
    "rating": Measure("stars_sum", "stars_count", HUNDREDTHS, NEUTRAL_RATING),
    "on_time": Measure("on_time", "due", BP, BP),
    "dispute_rate": Measure("disputes", "paid", BP),
    "trace": Measure("traced", "shipments", BP, BP),
    "certainty": Measure("rts_certain", "rts_due", BP, BP),
}
