"""The market's numbers in words: what each says, in which unit, and whose word it is (K6)."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from august.kernel.rulebook import Origin
from august.kernel.words import N_
from august.market.demand import Stage

# share: between 0 and 1; times: a multiplier; the rest are written with their unit.
Unit = Literal["share", "percent", "times", "count", "hours", "days"]


class Said(msgspec.Struct, frozen=True):
    """A number's sentence, the unit of its value, of a curve's left side, and its origin."""

    text: str
    unit: Unit = "count"
    over: Unit | Literal["tenths"] = "count"
    origin: Origin = "assumption"


class Step(msgspec.Struct, frozen=True):
    """A stage of the market: its name and how it goes."""

    title: str
    text: str


STAGES: Mapping[Stage, Step] = {
    "search": Step(
        N_("Being shown"),
        N_(
            "Who looks for something draws lots over all products of a category; each product's lot is"
            " multiplied by its search score, and the ten best are shown, the best on top."
        ),
    ),
    "click": Step(
        N_("Being clicked"),
        N_("The chance of a click falls from place to place of the list, multiplied by the click score."),
    ),
    "ask": Step(
        N_("Being asked or ordered"),
        N_(
            "A visit becomes an inquiry, a chat or a direct order by a chance that the question score and the"
            " buyer's tier multiply."
        ),
    ),
}
PARTS: Mapping[str, str] = {
    "crowd": N_("Buyers who look"),
    "deals": N_("Conversations and orders"),
    "trouble": N_("Complaints and refund requests"),
    "reviews": N_("Reviews and invitations"),
}
SAID: Mapping[str, Mapping[str, Said]] = {
    "crowd": {
        "base": Said(N_("Looks a day of the least active buyer")),
        "slope": Said(N_("More looks a day of the most active buyer")),
        "quarters": Said(N_("How the four quarters of a Pacific day share the looks"), "share"),
        "prospect_percent": Said(N_("Looks that the platform's own prospecting brings"), "percent"),
        "return_percent": Said(N_("Looks of a customer that go straight back to the same store"), "percent"),
        "shown": Said(N_("Products that a search shows")),
        "store_shown": Said(N_("Products that a returning customer sees in the store")),
        "click": Said(N_("Chance that the first product of a list is clicked"), "share"),
        "decay": Said(N_("What every further place of the list keeps of that chance"), "share"),
        "click_most": Said(N_("The highest chance of a click"), "share"),
        "ask": Said(N_("Chance that a visit becomes a question or an order"), "share"),
        "ask_most": Said(N_("The highest chance of a question or an order"), "share"),
        "inquiry_percent": Said(N_("Of those who ask: by inquiry"), "percent"),
        "chat_percent": Said(
            N_("Of those who ask: by chat; the rest order at once where that is possible"), "percent"
        ),
        "tier_ask": Said(N_("How readily each tier of buyers asks"), "times"),
        "tier_festival": Said(
            N_("How much more readily each tier asks about products of the open festival venue"), "times"
        ),
        "quantities": Said(N_("An order is the minimum quantity times one of these, all equally likely")),
    },
    "deals": {
        "patience": Said(N_("How long a buyer waits for an answer"), "hours"),
        "answer": Said(N_("How long a buyer takes to answer"), "hours"),
        "agreed_patience": Said(N_("How long a buyer who agreed waits for the order draft"), "hours"),
        "intent": Said(N_("Chance that an answered buyer means to buy"), "share"),
        "reply": Said(
            N_("What that chance is multiplied by, by the hours until the first answer"), "times", "hours"
        ),
        "top": Said(N_("The highest price a buyer pays, as a share of the list price"), "share"),
        "span": Said(N_("How much lower it lies for the most price-sensitive and unlucky buyer"), "share"),
        "rounds": Said(N_("How often a buyer haggles before leaving")),
        "confirm_percent": Said(N_("Drafts at the agreed price that are accepted"), "percent"),
        "unasked_percent": Said(N_("Drafts that nobody asked for that are accepted"), "percent"),
        "dearer": Said(
            N_("What both are multiplied by, by the drafted price against the agreed or list price"),
            "times",
            "share",
        ),
        "confirm_hours": Said(N_("How long a buyer looks at a draft"), "hours"),
        "pay_percent": Said(N_("Accepted orders that are paid"), "percent"),
        "pay_hours": Said(N_("How long the first payment takes"), "hours"),
        "balance_hours": Said(N_("How long the final payment takes once it is asked for"), "hours"),
        "receive_hours": Said(N_("How long a buyer takes to confirm the receipt"), "hours"),
        "oa_pay_percent": Said(N_("OA orders that are paid when their days have passed"), "percent"),
        "ta_percent": Said(N_("Orders under Trade Assurance; the rest by e-collection"), "percent"),
        "export_percent": Said(N_("Orders by export mode"), "percent"),
        "terms_percent": Said(N_("Terms of customization orders"), "percent"),
        "lc_percent": Said(N_("Letters of credit among OA orders of Trade Assurance"), "percent"),
        "depart_hours": Said(N_("Between the hand-over and the departure of goods"), "hours"),
        "cleared_share": Said(N_("Share of the way at which customs is cleared"), "share"),
    },
    "trouble": {
        "grace_days": Said(N_("How long after the promised day a buyer begins to complain"), "days"),
        "late_percent": Said(N_("Buyers of a late order who complain each time"), "percent"),
        "late_again_days": Said(N_("Time until the next complaint about the same lateness"), "days"),
        "goods": Said(
            N_("Arrived orders with a complaint about the goods, by the product's quality score"),
            "percent",
            "tenths",
        ),
        "regret_percent": Said(N_("Paid orders whose buyer changes the mind before shipment"), "percent"),
        "slip_percent": Said(N_("Of those: the seller is named as the cause by mistake"), "percent"),
        "correct_percent": Said(N_("Wrong reasons that are corrected when the seller asks"), "percent"),
        "withdraw_percent": Said(N_("Requests without a fault of the seller that are withdrawn"), "percent"),
        "take_offer": Said(
            N_("Chance that a partial refund is taken, by its share of the claim"), "share", "share"
        ),
        "buyer_hours": Said(N_("How long a buyer takes for the next step"), "hours"),
        "verdict_hours": Said(N_("How long the platform takes to decide"), "hours"),
        "offer_share": Said(N_("What an autopilot offers, as a share of the claim"), "share"),
    },
    "reviews": {
        "alone_percent": Said(N_("Buyers who review without being asked"), "percent"),
        "lift": Said(
            N_("How many more do so when invited, by the days since the receipt"),
            "percent",
            "days",
            "release",
        ),
        "hours": Said(N_("How long after the receipt an uninvited review comes"), "hours"),
        "invited_hours": Said(N_("How long after the invitation an invited review comes"), "hours"),
        "photo_percent": Said(N_("Reviews with photos"), "percent"),
    },
}
# What a store can do about a column that curves look at.
REMEDIES: Mapping[str, str] = {
    "quality_tenths": N_("Mend what fails in the product's quality ball."),
    "growth": N_("Raise the growth score: content, services, visits, opportunities, orders."),
    "showcased": N_("Put the product into a free showcase slot."),
    "venue": N_("Enrol the product in the festival: its venue is shown and asked about more."),
    "reviews": N_("Invite buyers to a review within a day of the receipt; the first five weigh most."),
    "rating": N_("Better goods and service bring better reviews; a few fours among fives do no harm."),
    "price_ratio": N_("Come nearer to the median price of the category."),
    "promised": N_("Open delivery-by lines to all core countries in the freight template."),
    "has_sample": N_("Offer samples."),
    "has_customization": N_("Offer customization."),
    "reply_hours": N_("Answer faster: the average counts all first answers of 30 days."),
    "star": N_("Raise the evaluated star: its page names the cheapest path."),
    "easy_return": N_("Activate Easy Return: it covers Ready-to-Ship products of its categories."),
}
SEATS: Mapping[str, str] = {
    "diligent": N_("Diligent"),
    "average": N_("Average"),
    "careless": N_("Careless"),
}


class Chore(msgspec.Struct, frozen=True):
    """A chore in words: what it is, and which numbers of a policy it goes by."""

    title: str
    text: str
    numbers: tuple[str, ...]


CHORES: Mapping[str, Chore] = {
    "reply": Chore(
        N_("Answer inquiries"),
        N_("Answers, haggles, drafts agreed orders and confirms what buyers ordered."),
        ("reply", "silent", "draft", "concede"),
    ),
    "ship": Chore(
        N_("Ship orders"), N_("Asks for final payments and ships within the lead time or not."), ("ship",)
    ),
    "invite": Chore(
        N_("Invite to reviews"), N_("Invites buyers who have their goods."), ("invite", "invite_days")
    ),
    "disputes": Chore(
        N_("Answer refund requests"),
        N_("Asks for the right reason, offers a part for poor goods, pays back for lateness."),
        ("answer",),
    ),
    "restock": Chore(N_("Fill the shelves"), N_("Orders new stock of Ready to Ship products."), ("restock",)),
}
DAYS: Mapping[str, Said] = {
    "reply": Said(N_("Until an answer"), "hours"),
    "silent": Said(N_("Inquiries that get none"), "percent"),
    "draft": Said(N_("Until the order draft"), "hours"),
    "concede": Said(N_("Least share of the list price that is agreed to"), "share"),
    "ship": Said(N_("Ships after this share of the lead time"), "share"),
    "invite": Said(N_("Buyers who are invited"), "percent"),
    "invite_days": Said(N_("Days after the receipt"), "days"),
    "answer": Said(N_("Until an answer"), "hours"),
    "restock": Said(N_("Low shelves filled at the end of a day"), "percent"),
}
# What keys of the numbers stand for; a tier is its own word.
KEYS: Mapping[str, str] = {
    "visitor": N_("Not signed in"),
    "onetouch": N_("Export through OneTouch"),
    "market": N_("Market procurement export"),
    "self": N_("The store's own export"),
    "easy": N_("Easy shipping"),
    "full": N_("All at once"),
    "before_shipment": N_("The rest before shipment"),
    "oa": N_("The rest after shipment (OA)"),
    "none": N_("No letter of credit"),
}
