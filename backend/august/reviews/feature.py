"""The room's entry in the list."""

from august.kernel.features import Feature
from august.kernel.words import N_
from august.reviews.api import ReviewsApi
from august.reviews.commands import change, invite, reply, write
from august.reviews.measures import MEASURES
from august.reviews.queries import digest, find
from august.reviews.rules import RULES
from august.reviews.standing import why_product, why_store
from august.reviews.web import ReviewsPage
from august.web.menu import MenuItem

FEATURE = Feature(
    "reviews",
    controllers=(ReviewsPage, ReviewsApi),
    menu=(MenuItem(N_("Orders"), N_("Reviews"), "/reviews", "star", 30),),
    commands=(reply, invite, write, change),
    rules=RULES,
    why={"rating-product": why_product, "rating-store": why_store},
    digest=digest,
    find=find,
    measures=MEASURES,
)
