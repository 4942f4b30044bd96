"""The pages and the JSON of conversations on a small stage, in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from august.app import seat
from august.features import house
from august.merchants.models import Autopilot
from august.sandboxes.service import WorldFile
from august.sandboxes.site import Plan, site
from august.settings import Settings
from tests.opportunities.stage import BORN, ago, grow, inquiry, opening
from tests.tools.statements import counting

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


class Reader:
    """A browser in a guest's sandbox, and the token of its API."""

    def __init__(self, client: TestClient[Any], world: str) -> None:
        self.client = client
        made = client.post("/api/v1/sandboxes", json={"world": world, "seed": 7, "name": "Try"})
        assert made.status_code == 201, made.text
        self.told = made.json()
        self.id = self.told["id"]
        client.get(self.told["login_url"])

    def get(self, path: str, lang: str = "en", **headers: str) -> Any:
        self.client.cookies.set("lang", lang)
        return self.client.get(f"/w/{self.id}{path}", headers=headers, follow_redirects=False)

    def post(self, path: str, data: dict[str, str], **headers: str) -> Any:
        typed = {**data, "_csrf_token": self.client.cookies["csrftoken"]}
        return self.client.post(f"/w/{self.id}{path}", data=typed, headers=headers, follow_redirects=False)

    def api(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.told['token']}"}
        return self.client.get(f"/api/v1/sandboxes/{self.id}{path}", headers=headers)


def many() -> list[Any]:
    """The first conversation and forty more, each with its lines."""
    found: list[Any] = [inquiry(1, staff_id=1), opening(1, ago(10))]
    for number in range(2, 42):
        found += [inquiry(number, buyer_id=1 + number % 3), *(opening(number, ago(10)) for _ in range(5))]
    return found


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    folder: Path = tmp_path_factory.mktemp("pages")
    words = {"zh": "小", "en": "Small"}
    rows = [
        inquiry(1, staff_id=1),
        inquiry(2, buyer_id=2, at=ago(40), kind="chat"),
        inquiry(3, buyer_id=3, turn="buyer", first_reply_at=ago(1), last_at=ago(1)),
        opening(1, ago(10), product="<b>Sofa</b>"),
        opening(2, ago(40)),
    ]
    files = (
        WorldFile("talks", words, words, BORN, grow(rows)),
        WorldFile("many", words, words, BORN, grow(many())),
        WorldFile(
            "piloted",
            words,
            words,
            BORN,
            grow([inquiry(1), Autopilot(merchant_id=1, chore="reply", policy="diligent")]),
        ),
        WorldFile("silent", words, words, BORN, grow(())),
    )
    settings = Settings(data=folder, chores=False)
    with TestClient(site(settings, Plan(house(), files, seat))) as made:
        yield made


@pytest.fixture
def reader(client: TestClient[Any]) -> Reader:
    client.cookies.clear()
    return Reader(client, "talks")


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
@pytest.mark.parametrize("path", ["/inquiries", "/inquiries/1", "/inquiries/3", "/chat", "/chat/2"])
def test_every_page_shows(reader: Reader, path: str, lang: str) -> None:
    answer = reader.get(path, lang)
    assert answer.status_code == 200
    assert "Smith Imports LLC" in answer.text or "Martin SARL" in answer.text or "Visser BV" in answer.text
    # Whose tier is what is not told beyond L1+.
    assert not re.search(r"\bL[0-4]\b(?!\+)", re.sub(r'title="[^"]*"', "", answer.text))


def test_an_original_stands_above_its_translation(reader: Reader) -> None:
    page = reader.get("/inquiries/1", "zh_CN").text
    original = page.index("Hello, I am interested in &lt;b&gt;Sofa&lt;/b&gt;")
    assert original < page.index("你好，我对 &lt;b&gt;Sofa&lt;/b&gt; 感兴趣")
    assert "你好" not in reader.get("/inquiries/1", "en").text


def test_a_part_is_only_the_part(reader: Reader) -> None:
    for path, begins in (("/inquiries", '<div id="list"'), ("/inquiries/1", '<div id="talk"')):
        text = reader.get(path, **HTMX).text
        assert text.strip().startswith(begins), path
        assert "<html" not in text


def test_an_answer_without_scripts_leads_back(reader: Reader) -> None:
    typed = {"text": "Hello", "quote_usd": "97.50", "view": ""}
    answer = reader.post("/inquiries/1/reply", typed)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/w/{reader.id}/inquiries/1?done=sent")
    page = reader.get("/inquiries/1?done=sent").text
    assert "US$97.50" in page
    assert 'id="composer"' not in page
    chat = reader.post("/inquiries/2/reply", {"text": "Hello", "view": "chat"})
    assert chat.headers["location"] == f"/w/{reader.id}/chat/2?done=sent"


def test_a_refused_answer_stays_typed(reader: Reader) -> None:
    typed = {"text": 'So <b>"cheap"</b>', "quote_usd": "cheap", "_key": "k1"}
    for headers in ({}, HTMX):
        answer = reader.post("/inquiries/1/reply", typed, **headers)
        assert answer.status_code == 422
        assert "So &lt;b&gt;&#34;cheap&#34;&lt;/b&gt;" in answer.text
        assert 'value="cheap"' in answer.text
        assert 'id="quote_usd-error"' in answer.text
        assert 'name="_key" value="k1"' in answer.text
    chat = reader.post("/inquiries/1/reply", {**typed, "view": "chat"}, **HTMX)
    assert chat.text.strip().startswith('<div id="inbox"')
    assert 'id="quote_usd-error"' in chat.text


def test_an_answer_out_of_turn_stays_typed_too(reader: Reader) -> None:
    answer = reader.post("/inquiries/3/reply", {"text": "One more thing"}, **HTMX)
    assert answer.status_code == 409
    assert "One more thing" in answer.text
    assert "readonly" in answer.text
    assert 'role="alert"' in answer.text


def test_a_quick_reply_goes_under_what_is_typed(reader: Reader) -> None:
    answer = reader.post(
        "/inquiries/1/words", {"text": "Dear Ann,", "quote_usd": "", "quick": "price"}, **HTMX
    )
    assert answer.text.strip().startswith('<form id="composer"')
    assert (
        "Dear Ann,\nThank you for your inquiry. Our price for 10 pieces is US$100.00 a piece" in answer.text
    )
    assert 'name="quote_usd" value="100.00"' in answer.text
    # A price typed before is the one that is said.
    own = reader.post("/inquiries/1/words", {"text": "", "quote_usd": "88", "quick": "price"}, **HTMX)
    assert "US$88.00 a piece" in own.text
    odd = reader.post("/inquiries/1/words", {"text": "Stays", "quick": "nothing-like-this"}, **HTMX)
    assert "Stays</textarea>" in odd.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("95", "-5.0% against the list price of US$100.00; all 10 pieces come to US$950.00 (-US$50.00)."),
        ("", "±0.0% against"),
        ("abc", "Write a price like 12.50"),
        ("0", "Write a price like 12.50"),
    ],
)
def test_a_typed_price_is_set_beside_the_list_price(reader: Reader, typed: str, told: str) -> None:
    assert told in reader.get(f"/inquiries/1/margin?quote_usd={typed}", **HTMX).text


def test_a_store_that_answers_itself_is_told_so(client: TestClient[Any]) -> None:
    client.cookies.clear()
    told = "The autopilot answers for you"
    assert told not in Reader(client, "talks").get("/inquiries/1").text
    assert told in Reader(client, "piloted").get("/inquiries/1").text


def test_a_sub_account_is_chosen_on_the_page(reader: Reader) -> None:
    answer = reader.post("/inquiries/1/assign", {"staff": "2"}, **HTMX)
    assert '<option value="2" selected>' in answer.text
    assert "august:toast" in answer.headers["hx-trigger"]
    assert reader.post("/inquiries/1/assign", {"staff": "3"}, **HTMX).status_code == 422
    assert '<option value="" selected>' not in reader.post("/inquiries/1/assign", {"staff": ""}).text


@pytest.mark.parametrize("path", ["/inquiries/99", "/chat/99", "/inquiries/99/margin"])
def test_unknown_conversations_are_404(reader: Reader, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_empty_lists_teach(client: TestClient[Any]) -> None:
    client.cookies.clear()
    reader = Reader(client, "silent")
    assert "No inquiries yet" in reader.get("/inquiries").text
    assert "Nobody waits for you" in reader.get("/inquiries?turn=seller").text
    assert "No inquiry fits these filters" in reader.get("/inquiries?q=zzz").text
    assert "Nobody is talking to you" in reader.get("/chat").text
    assert reader.api("/opportunities/reply-time").json() == {
        "days": 30, "hours": None, "replies": 0, "target_hours": 24, "ignored": 0, "waiting": 0,
    }  # fmt: skip


def test_the_json_reads_the_same(reader: Reader) -> None:
    told = reader.api("/opportunities/inquiries?size=10").json()
    assert [each["id"] for each in told["items"]] == [2, 1, 3]
    assert (told["total"], told["page"], told["pages"], told["size"]) == (3, 1, 1, 10)
    assert told["counts"] == {"all": 3, "mine": 2, "theirs": 1, "agreed": 0, "ordered": 0, "lost": 0}
    first = told["items"][1]
    assert (first["company"], first["l1_plus"], first["staff"], first["state"]) == (
        "Smith Imports LLC",
        True,
        1,
        "open",
    )
    assert "tier" not in first
    one = reader.api("/opportunities/inquiries/1").json()
    assert [(each["side"], each["text"][:5]) for each in one["lines"]] == [("buyer", "Hello")]
    assert reader.api("/opportunities/inquiries/99").status_code == 404
    assert reader.api("/why/inquiry/2").json()["outcome"] == "note"
    assert reader.api("/why/reply-time/2").status_code == 404


@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("/inquiries?size=100", 15),
        ("/inquiries/1", 23),
        ("/chat", 25),
        ("/chat/1", 25),
        ("/inquiries/1/margin?quote_usd=95", 11),
        ("/find?q=smith", 14),
        ("/why/inquiry/1", 10),
        ("/why/reply-time/1", 11),
    ],
)
def test_a_full_inbox_costs_no_more_statements(client: TestClient[Any], path: str, statements: int) -> None:
    costs = []
    for world in ("talks", "many"):
        client.cookies.clear()
        reader = Reader(client, world)
        reader.get(path)
        with counting() as told:
            assert reader.get(path).status_code == 200
        costs.append(len(told))
    assert costs == [statements, statements]
