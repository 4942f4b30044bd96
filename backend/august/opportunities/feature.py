"""The room's entry in the list."""

from august.kernel.features import Feature
from august.kernel.words import N_
from august.opportunities.api import OpportunitiesApi
from august.opportunities.commands import ask, assign, reply, write
from august.opportunities.explain import why_inquiry, why_reply_time
from august.opportunities.measures import MEASURES
from august.opportunities.rules import RULES
from august.opportunities.talk_web import InquiryPage
from august.opportunities.telling import digest, find
from august.opportunities.web import ChatPage, InquiriesPage
from august.web.menu import MenuItem

FEATURE = Feature(
    "opportunities",
    controllers=(InquiriesPage, InquiryPage, ChatPage, OpportunitiesApi),
    menu=(
        MenuItem(N_("Opportunities"), N_("Inquiries"), "/inquiries", "mail", 10),
        MenuItem(N_("Opportunities"), N_("Chats"), "/chat", "messages", 30),
    ),
    commands=(reply, assign, ask, write),
    rules=RULES,
    why={"inquiry": why_inquiry, "reply-time": why_reply_time},
    digest=digest,
    find=find,
    measures=MEASURES,
)
