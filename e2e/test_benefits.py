"""权益中心: the table, a claim, why, the record; 数据参谋: a trial begun and running."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from litestar import Litestar
from playwright.sync_api import Page, expect
from sqlalchemy import delete, update

from august.app import create_app
from august.benefits.models import Grant
from august.benefits.rules import times_of
from august.features import house
from august.kernel.context import SYSTEM
from august.kernel.tables import Clock
from august.market.grow import BORN
from august.merchants.models import Merchant
from august.messages.models import Message
from august.stars.models import Evaluation
from e2e.conftest import ROOT, Complaints, Sandbox, english, settled
from e2e.serving import served
from tests.tools.bare import evaluation
from tests.tools.worlds import provide

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WINDOWS = house().rulebook.values("S7-windows", BORN)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    """An August of this file's own, whose worlds the tests reach into."""
    folder: Path = tmp_path_factory.mktemp("benefits")
    return create_app(provide(folder))


@pytest.fixture(scope="session")
def base_url(app: Litestar) -> Iterator[str]:
    """Its address."""
    with served(app) as address:
        yield address


def publish(app: Litestar, sandbox: Sandbox, month: str, star: int, *, before: int | None = None) -> None:
    """Let it be an hour after the publication of a month, as if there had been none or one before."""
    desk = app.state["desk"]
    world = desk.world(desk.get(sandbox.id))
    at: datetime = times_of(month, WINDOWS).published
    with world.writing(SYSTEM) as ctx:
        for table in (Grant, Evaluation, Message):
            ctx.session.execute(delete(table))
        ctx.session.get_one(Clock, 1).now = ctx.now = at
        if before is not None:
            ctx.session.add(evaluation("2022-01", before, at))
        ctx.session.add(evaluation(month, star, at))
        ctx.session.flush()
        ctx.emit("stars.published", ("merchant", 1), month=month, star=star, track="custom")
        ctx.session.commit()


def gold_supplier(app: Litestar, sandbox: Sandbox) -> None:
    """Let the store be a member of the other kind."""
    desk = app.state["desk"]
    with desk.world(desk.get(sandbox.id)).writing(SYSTEM) as ctx:
        ctx.session.execute(update(Merchant).where(Merchant.id == 1).values(membership="cgs"))
        ctx.session.commit()


def test_a_right_is_claimed_and_recorded(app: Litestar, page: Page, sandbox: Sandbox) -> None:
    publish(app, sandbox, "2022-08", 2)
    english(page)
    sandbox.open("/")
    page.locator('[data-todo="benefits"]').click()
    settled(page)
    row = page.locator('#held tr[data-code="rfq_pin"]')
    expect(row).to_contain_text("to be claimed")
    expect(row).to_contain_text("3 of 3")
    expect(row).to_contain_text("2022-09-30 23:59 PT")
    expect(row).to_contain_text("2022-10-01 14:59 Beijing")
    row.get_by_role("button", name="Claim it: Pinned RFQ quotes").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("The benefit was claimed.")
    expect(row).to_contain_text("claimed")
    expect(row.get_by_role("button")).to_have_count(0)
    expect(page.locator('#stock tr[data-code="rfq_pin"]')).to_contain_text("8,997")
    told = sandbox.api("GET", "/benefits")
    assert (told["star"], told["waiting"]) == (2, 0)

    page.locator("#history select").select_option("claimed")
    settled(page)
    expect(page.locator("#history tbody tr")).to_have_count(1)
    expect(page.locator("#history")).to_contain_text("2★ (2022-08)")
    page.locator("#history select").select_option("revoked")
    settled(page)
    expect(page.get_by_text("No benefit is in this state")).to_be_visible()

    sandbox.open("/messages")
    expect(page.get_by_text("Benefits of your 2★", exact=False)).to_be_visible()
    expect(page.get_by_text("To be claimed by hand", exact=False)).to_contain_text("Pinned RFQ quotes")


def test_claimed_slots_are_opened_and_used(app: Litestar, page: Page, sandbox: Sandbox) -> None:
    """The reward of a star more: claimed at the center, opened and filled where showcases are ordered."""
    publish(app, sandbox, "2022-08", 4, before=2)
    english(page)
    sandbox.open("/showcase")
    page.get_by_role("button", name="Fill the free slots with the best").click()
    settled(page)
    expect(page.get_by_role("button", name="Fill the free slots with the best")).to_be_disabled()
    sandbox.open("/benefits")
    row = page.locator('#held tr[data-code="showcase_slots"]')
    row.get_by_role("button", name="Claim it").click()
    settled(page)
    expect(row).to_contain_text("8 of 8")
    sandbox.open("/showcase")
    page.get_by_role("button", name="Open the order").click()
    settled(page)
    before = sandbox.api("GET", "/showcase")["used"]
    page.get_by_role("button", name="Fill the free slots with the best").click()
    settled(page)
    assert sandbox.api("GET", "/showcase")["used"] > before


def test_the_table_marks_my_column_and_says_why(app: Litestar, page: Page, sandbox: Sandbox) -> None:
    publish(app, sandbox, "2022-08", 3)
    english(page)
    sandbox.open("/benefits")
    expect(page.locator("#table thead .august-here")).to_have_text("3★")
    pin = page.locator("#rfq_pin")
    expect(pin).to_contain_text("not yours")
    pin.get_by_role("link", name="Why?").click()
    settled(page)
    expect(page.locator("#why-body")).to_contain_text("You have no right to: Pinned RFQ quotes")
    expect(page.locator("#why-body")).to_contain_text("It is meant for lower stars; yours brings others.")
    page.keyboard.press("Escape")
    expect(page.locator("#loan_mybank .august-here")).to_have_text("9.0%")


def test_a_late_claim_is_refused_on_the_page(
    app: Litestar, page: Page, sandbox: Sandbox, complaints: Complaints
) -> None:
    complaints.allow("409")
    publish(app, sandbox, "2022-08", 2)
    english(page)
    sandbox.open("/benefits")
    button = page.get_by_role("button", name="Claim it: Pinned RFQ quotes")
    desk = app.state["desk"]
    with desk.world(desk.get(sandbox.id)).writing(SYSTEM) as ctx:
        ctx.session.get_one(Clock, 1).now = times_of("2022-08", WINDOWS).month_end
        ctx.session.commit()
    button.click()
    settled(page)
    expect(page.get_by_role("alert")).to_contain_text("could be claimed until 2022-09-30 23:59 PT")


def test_a_trial_is_begun_under_analytics(app: Litestar, page: Page, sandbox: Sandbox) -> None:
    gold_supplier(app, sandbox)
    publish(app, sandbox, "2022-08", 3, before=2)
    english(page)
    sandbox.open("/benefits")
    page.get_by_role("link", name="Begin the trial").click()
    settled(page)
    page.get_by_role("button", name="Begin the trial").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("The trial has begun.")
    expect(page.locator("#trial")).to_contain_text("2022-10-05 23:59 PT")
    expect(page.get_by_role("button", name="Begin the trial")).to_have_count(0)


def test_without_a_star_the_pages_teach(app: Litestar, page: Page, sandbox: Sandbox) -> None:
    desk = app.state["desk"]
    with desk.world(desk.get(sandbox.id)).writing(SYSTEM) as ctx:
        for table in (Grant, Evaluation):
            ctx.session.execute(delete(table))
        ctx.session.commit()
    english(page)
    sandbox.open("/benefits")
    expect(page.get_by_text("No star was published yet")).to_be_visible()
    expect(page.get_by_text("Nothing was issued yet")).to_be_visible()
    expect(page.locator("#table tbody tr[id]")).to_have_count(18)
    sandbox.open("/data-advisor")
    expect(page.get_by_text("No trial was issued to you")).to_be_visible()
    expect(page.get_by_text("Stars are published on the 5th of each month.")).to_be_visible()


@pytest.mark.parametrize(("lang", "theme"), [("zh_CN", "dark"), ("en", "light")])
def test_no_page_is_wider_than_a_phone_or_has_a_barrier(
    app: Litestar, page: Page, sandbox: Sandbox, lang: str, theme: str
) -> None:
    gold_supplier(app, sandbox)
    publish(app, sandbox, "2022-08", 3, before=2)
    for name, value in {"lang": lang, "theme": theme}.items():
        page.context.add_cookies([{"name": name, "value": value, "url": sandbox.base_url}])
    page.set_viewport_size({"width": 390, "height": 844})
    axe = AXE.read_text(encoding="utf-8")
    found = []
    for path in ("/benefits", "/data-advisor", "/why/benefit/data_advisor"):
        sandbox.open(path)
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            found.append(f"{path} is wider than the screen")
        page.evaluate(axe)
        violations = page.evaluate("async () => (await axe.run()).violations")
        found += [f"{path} {one['id']}: {node['html'][:160]}" for one in violations for node in one["nodes"]]
    assert "\n".join(found) == ""
