"""What codes and events of logistics are called."""

from collections.abc import Mapping

from august.kernel.words import N_
from august.trade.words import ACTORS as TRADE_ACTORS

CARGO: Mapping[str, str] = {
    "general": N_("General cargo"),
    "electronics": N_("Electronics (3C), with batteries"),
    "cosmetics": N_("Beauty and personal care"),
    "special": N_("Special goods"),
    "plant": N_("Plant extracts"),
}
FAMILIES: Mapping[str, str] = {
    "express": N_("Express"),
    "charter": N_("China-US charter"),
    "multimodal": N_("Multimodal"),
    "small_parcel": N_("Small parcel"),
    "fcl": N_("Full container"),
}
OFFERS: Mapping[str, str] = {
    "multimodal": N_("Multimodal reduction"),
    "charter": N_("Charter at 95%"),
    "small_parcel": N_("Small parcel at 89%"),
    "fcl_us_west": N_("US$100 off US-West"),
    "coupon": N_("Freight coupon"),
}
COUPONS: Mapping[str, str] = {
    "issued": N_("can be used"),
    "locked": N_("locked by an order"),
    "redeemed": N_("redeemed"),
    "returned": N_("returned, can be used"),
    "expired": N_("expired"),
    "void": N_("void"),
}
TONES: Mapping[str, str] = {
    "placed": "middle",
    "paid": "accent",
    "picked_up": "accent",
    "departed": "accent",
    "delivered": "good",
    "cancelled": "",
    "issued": "good",
    "returned": "good",
    "locked": "middle",
    "redeemed": "accent",
    "expired": "",
    "void": "bad",
}
WHY_CANCELLED: Mapping[str, str] = {
    "seller": N_("You cancelled it."),
    "unpaid": N_("It was not paid in time."),
}
WHY_LOST: Mapping[str, str] = {
    "departed_late": N_("It did not depart in time."),
    "penalty": N_("The store was penalised."),
}
EVENTS: Mapping[str, str] = {
    "logistics.placed": N_("Placed"),
    "logistics.booked": N_("Booked"),
    "logistics.paid": N_("Freight paid"),
    "logistics.picked_up": N_("Picked up"),
    "logistics.skipped": N_("Moved to the next ship: the sailing was skipped"),
    "logistics.departed": N_("Left port"),
    "logistics.delivered": N_("Delivered"),
    "logistics.cancelled": N_("Cancelled"),
    "logistics.benefit_lost": N_("Reduction lost"),
    "logistics.express_earned": N_("Fifth shipment: coupons earned"),
    "logistics.express_missed": N_("Fifth shipment, no coupons left"),
    "logistics.coupon_issued": N_("Issued"),
    "logistics.coupon_locked": N_("Locked by an order"),
    "logistics.coupon_redeemed": N_("Redeemed"),
    "logistics.coupon_returned": N_("Returned"),
    "logistics.coupon_expired": N_("Expired"),
    "logistics.coupon_void": N_("Void"),
}
ACTORS: Mapping[str, str] = {**TRADE_ACTORS, "system": N_("the carrier")}
