"""消息盒子, 企业公告, 客户服务中心: an announcement leads to its rules, covered categories are found."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, Sandbox, english, settled

QUESTION = "无忧退货保障覆盖哪些行业类目"


def test_from_the_message_box_to_the_announcement_about_the_service_fee(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/")
    page.get_by_role("button", name="Message box").click()
    box = page.locator("#message-box")
    expect(box.locator("li")).to_have_count(6)
    box.get_by_role("link", name="View more: history").click()
    settled(page)
    page.get_by_role("navigation", name="Kinds of messages").get_by_role(
        "link", name=re.compile("OneTouch announcements")
    ).click()
    settled(page)
    expect(page.get_by_label("You are here")).to_contain_text("OneTouch announcements")
    page.locator("#q").fill("service fee")
    settled(page)
    page.locator("#messages").get_by_role("link", name=re.compile("Service fee at half")).click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("US$40,000")
    expect(page.locator("#windows")).to_contain_text("2022-09-30 23:59:59 PT")
    expect(page.locator("#windows")).to_contain_text("2022-10-01 14:59:59 Beijing")
    expect(page.locator("#links").get_by_role("link", name="Funds › Service fees")).to_be_visible()
    page.locator("#links").get_by_role("link", name="Rule F2", exact=True).click()
    settled(page)
    expect(page.locator("#rules")).to_contain_text("Service fee at half after US$40,000 received")


def test_an_announcement_leads_to_its_rule(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/onetouch/news")
    page.get_by_label("Kind").select_option("enterprise")
    settled(page)
    page.get_by_role("link", name=re.compile("overview")).click()
    settled(page)
    page.locator("#links").get_by_role("link", name="Rule F11").click()
    settled(page)
    expect(page).to_have_url(re.compile(r"/rules\?q=F11$"))
    expect(page.locator("#rules")).to_contain_text("Where the rules are read")


def test_an_announcement_is_there_from_its_instant_on(
    page: Page, sandbox: Sandbox, complaints: Complaints
) -> None:
    complaints.allow("404")
    sandbox.open("/onetouch/news/charter")
    expect(page.get_by_role("main")).to_contain_text("没有这条公告")
    sandbox.api("POST", "/clock/advance", json={"to": "2022-08-25T14:00:00+08:00"})
    sandbox.open("/onetouch/news/charter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("中美包机")
    sandbox.open("/messages?kind=onetouch")
    expect(page.locator("#messages .list-group-item").first).to_contain_text("中美包机")
    page.locator("#messages").get_by_role("button", name="标为已读").first.click()
    settled(page)
    expect(page.locator("#messages").get_by_role("button", name="标为已读")).to_have_count(0)


def test_the_covered_categories_are_found_by_the_keyboard(page: Page, sandbox: Sandbox) -> None:
    sandbox.open("/help")
    search = page.get_by_role("searchbox", name="搜索帮助")
    expect(search).to_be_focused()
    search.fill(QUESTION)
    results = page.locator("#results")
    expect(results.locator("[data-group=article] .list-group-item").first).to_contain_text("标题完全一致")
    settled(page)
    search.press("ArrowDown")
    page.keyboard.press("Enter")
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(QUESTION)
    expect(page.locator("#covered tbody tr")).to_have_count(29)
    expect(page.locator("#covered")).to_contain_text("家用电器")


def test_nothing_found_suggests(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/help?q=zzzz")
    expect(page.locator("#results")).to_contain_text("Nothing found for zzzz")
    page.get_by_role("link", name="What to do on the first day").click()
    settled(page)
    page.get_by_role("link", name="Go to Home").click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")


def test_a_page_leads_to_its_help(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/showcase")
    page.get_by_role("link", name="Help on this page").click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("The showcase and its orders")
