"""What simulated buyers and autopilots say in conversations; message ids, read in both languages."""

from august.kernel.words import N_

OPENINGS = (
    N_("Hello, I am interested in {product}. We need about {quantity} pieces. What is your best price?"),
    N_("Hi, can you send me a quotation for {quantity} pieces of {product}, and tell me the lead time?"),
    N_("Good day. We are looking for a supplier of {product}. Our first order would be {quantity} pieces."),
    N_("Hi there, do you have {product} available? We would like to order {quantity} pieces for our shop."),
    N_("Dear supplier, please quote {quantity} pieces of {product}, delivered to {country}."),
)
HAGGLING = (
    N_("Thank you for your answer. {asked} a piece is all we can pay. Can you do that?"),
    N_("Your price is a bit high for us. Another supplier offers {asked}. Could you match it?"),
    N_("We like the product, but our target is {asked} a piece for this quantity."),
)
AGREED = (
    N_("That works for us. Please send me the order so that I can pay."),
    N_("Good, we agree. Please draft the order."),
    N_("Great, let us go ahead. I am waiting for the order draft."),
)
DRAFTED = N_("I have sent you an order draft for {quantity} pieces at {price} a piece.")
QUOTED = N_(
    "Thank you for your inquiry. Our price for {quantity} pieces is {price} a piece, lead time {days} days."
)
CONCEDED = N_("For this quantity we can come down to {price} a piece.")
HELD = N_("{price} a piece is the best we can do for this quantity.")
LOST = {
    "price": (N_("Sorry, that is still above our budget. We will look further."),),
    "elsewhere": (
        N_("Thank you, we have decided for another supplier."),
        N_("Thanks for the quick information. We will come back to you when we need it."),
    ),
    # Who was ignored says nothing.
    "ignored": (),
}

# The fact on which a draft is judged: what the buyer agreed to pay for a piece.
AGREEMENT = "opportunities.agreed"

# How pages call things.
STATES = {"open": N_("In talks"), "agreed": N_("Agreed"), "ordered": N_("Ordered"), "lost": N_("Lost")}
STATE_TONES = {"open": "", "agreed": "accent", "ordered": "good", "lost": "bad"}
TURNS = {"seller": N_("Yours to answer"), "buyer": N_("The buyer's turn")}
KINDS = {"inquiry": N_("Inquiry"), "chat": N_("Chat")}
LOST_WHY = {
    "ignored": N_("nobody answered in time"),
    "price": N_("the price was too high"),
    "elsewhere": N_("decided otherwise"),
}
SOURCES = {
    "search": N_("Search"),
    "recommendation": N_("Recommendation"),
    "store": N_("Store visit"),
    "platform_prospect": N_("Platform prospect"),
}
TIMELINE = {
    "opportunities.asked": N_("The buyer asked"),
    "opportunities.replied": N_("You answered"),
    "opportunities.written": N_("The buyer wrote"),
    AGREEMENT: N_("The buyer agreed"),
    "opportunities.lost": N_("Lost: {why}"),
    "opportunities.assigned": N_("Given to {staff}"),
    "opportunities.freed": N_("Taken back from the sub-account"),
}
