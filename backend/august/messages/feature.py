"""The room's entry in the list."""

from august.kernel.features import Feature
from august.kernel.rulebook import Rulebook
from august.kernel.words import N_
from august.messages.api import MessagesApi, NewsApi
from august.messages.commands import mark_one, mark_read
from august.messages.jobs import QUOTAS, publications, rule_starts
from august.messages.news_web import NewsPage
from august.messages.web import MessagesPage, digest
from august.web.menu import MenuItem


def feature(rulebook: Rulebook) -> Feature:
    """The message box of a house with these rules."""
    return Feature(
        "messages",
        controllers=(MessagesPage, NewsPage, MessagesApi, NewsApi),
        menu=(MenuItem(N_("Service Center"), N_("Enterprise announcements"), "/onetouch/news", "news", 20),),
        commands=(mark_read, mark_one),
        jobs=(rule_starts(rulebook), publications(), QUOTAS),
        digest=digest,
    )
