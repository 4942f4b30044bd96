"""The application: every feature's house behind the site of the sandboxes."""

from litestar import Litestar
from sqlalchemy import select

from august.features import house
from august.kernel.context import Context
from august.market.feature import model
from august.market.grow import world_files
from august.merchants.models import Merchant
from august.messages.queries import unread
from august.sandboxes.site import Plan, site
from august.settings import SEEDS, Settings
from august.web.i18n import current
from august.web.shell import Named


def seat(ctx: Context) -> Named:
    """The store that is played, named in the reader's language."""
    store = ctx.session.scalars(select(Merchant).where(Merchant.is_player)).one()
    return Named(store.id, store.name_zh if current() == "zh_CN" else store.name_en)


def plan() -> Plan:
    """All features and worlds of this release; SeedError when a seed is wrong."""
    home = house()
    return Plan(home, world_files(SEEDS, home.rulebook, model(home.features)), seat, unread)


def create_app(settings: Settings) -> Litestar:
    """The whole application for these settings."""
    return site(settings, plan())
