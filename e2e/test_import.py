"""Products from a table: every bad cell is named, and one bad line refuses them all."""

import csv
import io

from playwright.sync_api import Page, expect

from e2e.conftest import Complaints, Sandbox, english, settled


def table(page: Page, sandbox: Sandbox) -> tuple[list[str], list[dict[str, str]]]:
    """The store's own export: its header and its lines."""
    answer = page.request.get(sandbox.url("/products/export?kind=csv"))
    assert answer.ok
    reader = csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig")))
    return list(reader.fieldnames or ()), list(reader)


def upload(page: Page, header: list[str], rows: list[dict[str, str]]) -> None:
    """Send lines as a CSV through the import page."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header)
    writer.writeheader()
    writer.writerows(rows)
    payload = {"name": "products.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}
    page.locator("#table").set_input_files(payload)  # type: ignore[arg-type]
    page.locator('form[enctype="multipart/form-data"] button').click()
    settled(page)


def test_one_bad_line_refuses_all_lines(page: Page, sandbox: Sandbox, complaints: Complaints) -> None:
    english(page)
    complaints.allow("422")
    header, rows = table(page, sandbox)
    before = sandbox.api("GET", "/state-hash")["hash"]
    good = {**rows[0], "id": "", "title": "Oak Side Table with One Drawer"}
    late = {**good, "moq": "many"}
    nowhere = {**good, "leaf": "no-such-leaf"}
    sandbox.open("/products/import")
    upload(page, header, [good, late, nowhere])
    expect(page.get_by_role("alert")).to_contain_text("Nothing was imported")
    cells = page.locator("#import-errors tbody tr")
    expect(cells.filter(has_text="moq")).to_have_count(1)
    assert cells.filter(has_text="moq").locator("td").first.inner_text() == "3"
    assert sandbox.api("GET", "/state-hash")["hash"] == before


def test_a_good_table_makes_drafts(page: Page, sandbox: Sandbox) -> None:
    english(page)
    header, rows = table(page, sandbox)
    good = {**rows[0], "id": "", "title": "Oak Side Table with One Drawer"}
    sandbox.open("/products/import")
    upload(page, header, [good])
    expect(page).to_have_url(sandbox.url("/products?done=imported"))
    sandbox.open("/products?status=draft&q=Oak+Side+Table+with+One+Drawer")
    expect(page.locator("#products tbody tr")).to_have_count(1)
    after, lines = table(page, sandbox)
    assert after == header
    assert len(lines) == len(rows) + 1
