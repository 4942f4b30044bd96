"""金品中心 from the access table to a verified capability whose case shows its picture."""

import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, Sandbox, english, settled


def png(width: int = 64, height: int = 36) -> bytes:
    """A small real picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((40, 120, 90)) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    """Files on the trainee's disk."""
    made = {"contract.pdf": b"%PDF-1.4 contract", "site.png": png(), "page.pdf": b"<script>alert(1)</script>"}
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in made}


def days(sandbox: Sandbox, count: int) -> None:
    """Let Pacific days pass."""
    sandbox.api("POST", "/clock/advance", json={"days": count})


def test_the_access_table_says_who_may_apply(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/verified/access")
    rows = page.locator("#access tbody tr")
    expect(rows).to_have_count(10)
    machines = page.locator('[data-kind="overseas_after_sales"]')
    expect(machines).to_contain_text("may not apply")
    expect(machines).to_contain_text("open to Machinery")
    expect(page.locator('[data-kind="export"]')).to_contain_text("verified")
    page.locator('[data-kind="engineering"]').get_by_role("link", name="Apply for it").click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Apply: Engineering capability")


def test_a_capability_is_verified_and_its_case_shows_its_picture(
    page: Page, sandbox: Sandbox, papers: dict[str, Path], complaints: Complaints
) -> None:
    complaints.allow("422")
    english(page)
    sandbox.open("/verified/apply/engineering")
    page.locator("#details-statement").fill("We plan, make, deliver and install. " * 4)
    page.locator("#details-engineers").fill("many")
    page.locator("#details-years_active").fill("6")
    page.locator('input[type="file"]').set_input_files([papers["contract.pdf"], papers["site.png"]])
    expect(page.locator("[data-file-name]")).to_have_text("contract.pdf, site.png")
    page.get_by_role("button", name="Hand in").click()
    settled(page)
    # What was typed and what was uploaded are still there.
    expect(page.locator("#details-engineers-error")).to_have_text("A whole number is expected.")
    expect(page.locator('input[name="kept[]"]')).to_have_count(2)
    page.locator("#details-engineers").fill("12")
    page.get_by_role("button", name="Hand in").click()
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Engineering capability")
    expect(page.locator("#files li")).to_have_count(2)
    with page.expect_download() as saved:
        page.get_by_role("link", name="contract.pdf").click()
    assert saved.value.path().read_bytes() == b"%PDF-1.4 contract"

    days(sandbox, 6)
    sandbox.open("/verified/engineering")
    expect(page.locator("#capability")).to_contain_text("The capability is verified")
    page.locator("#title").fill("Hotel lobby in Dubai")
    page.locator("#country").select_option("AE")
    page.locator("#finished_on").fill("2022-05")
    page.locator("#description").fill("Sofas, tables and lamps for a lobby of two hundred seats, all put in.")
    page.locator('input[type="file"]').set_input_files(papers["site.png"])
    page.get_by_role("button", name="Add the case").click()
    settled(page)
    expect(page.locator("#toasts")).to_contain_text("The case was added.")
    picture = page.locator("[data-case] img")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") == 64
    assert sandbox.api("GET", "/verified/cases")["total"] == 1

    page.locator("[data-case]").get_by_role("button", name="Remove").click()
    page.locator("dialog[open]").get_by_role("button", name="Remove").click()
    settled(page)
    expect(page.get_by_text("No cases yet")).to_be_visible()


def test_a_rejected_application_says_why_and_can_be_handed_in_again(page: Page, sandbox: Sandbox) -> None:
    english(page)
    sandbox.open("/verified/apply/overseas_stock")
    page.locator("#details-country").select_option("US")
    page.locator("#details-area_m2").fill("99")
    page.locator("#details-products").fill("5")
    page.get_by_role("button", name="Hand in").click()
    settled(page)
    expect(page.locator("#criteria")).to_contain_text("In review until")
    days(sandbox, 4)
    page.reload()
    settled(page)
    expect(page.locator("#criteria")).to_contain_text("Rejected: 2 of 4 criteria are not met")
    expect(page.locator("#criteria")).to_contain_text("Warehouse area in m²: 99; at least 100")
    expect(page.locator("#timeline")).to_contain_text("Review failed")
    page.get_by_role("link", name="Apply again").click()
    settled(page)
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()


def test_what_is_no_document_is_refused_by_name(
    page: Page, sandbox: Sandbox, papers: dict[str, Path], complaints: Complaints
) -> None:
    complaints.allow("422")
    english(page)
    sandbox.open("/verified/apply/aeo")
    page.locator('input[type="file"]').set_input_files(papers["page.pdf"])
    page.get_by_role("button", name="Hand in").click()
    settled(page)
    expect(page.locator("form#apply")).to_contain_text("page.pdf: Only PDF, PNG and JPEG files are taken")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_pages_fit(page: Page, sandbox: Sandbox, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in "/verified", "/verified/access", "/verified/apply/engineering", "/verified/engineering":
        sandbox.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
