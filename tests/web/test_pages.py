"""Pages over the wire: fragments, headers, languages, tokens, refusals."""

import json
import re

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from august.web.security import POLICY

Client = TestClient[Litestar]
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def token(client: Client) -> str:
    client.get("/dev/components")
    return client.cookies["csrftoken"]


def test_a_page_is_whole_and_is_never_kept(client: Client) -> None:
    answer = client.get("/dev/components")
    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>")
    assert answer.text.rstrip().endswith("</html>")
    assert (answer.headers["vary"], answer.headers["cache-control"]) == ("HX-Request-Type", "no-store")


def test_htmx_gets_the_fragment_only(client: Client) -> None:
    whole = client.get("/dev/components/why").text
    fragment = client.get("/dev/components/why", headers=PARTIAL).text
    assert fragment.startswith('<ul class="august-why">')
    assert "<html" not in fragment
    assert fragment in whole
    boosted = client.get("/dev/components/why", headers=PARTIAL | {"HX-Request-Type": "full"}).text
    assert boosted.startswith("<!doctype html>")


@pytest.mark.parametrize(
    "path", ["/dev/components", "/no/such/page", "/refused", "/broken", "/api/v1/nothing"]
)
def test_every_answer_carries_the_policy(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_page_that_is_not_there_leads_back_into_its_store(client: Client) -> None:
    assert 'href="/w/abc/"' in client.get("/w/abc/no/such/page").text
    assert 'href="/w/' not in client.get("/no/such/page").text


def test_nothing_is_inline(client: Client) -> None:
    page = client.get("/dev/components").text
    assert not re.search(r"<style|\sstyle=|\son\w+=|hx-on|<script(?![^>]*(src=|application/json))", page)


def test_chinese_by_default_english_by_cookie(client: Client) -> None:
    assert 'lang="zh-CN"' in client.get("/dev/components").text
    client.cookies.set("lang", "en")
    page = client.get("/dev/components").text
    assert 'lang="en"' in page
    assert "<h1>Components</h1>" in page


def test_a_handler_speaks_the_readers_language_and_headers_stay_ascii(client: Client) -> None:
    answer = client.get("/said")
    assert answer.text == "取消"
    assert answer.headers["hx-trigger"].isascii()
    assert json.loads(answer.headers["hx-trigger"])["august:toast"] == {"text": "取消", "tone": "success"}
    client.cookies.set("lang", "en")
    assert client.get("/said").text == "Cancel"


def test_choosing_language_and_theme_goes_back(client: Client) -> None:
    form = {"_csrf_token": token(client), "lang": "en", "theme": "dark", "back": "/dev/components?page=2"}
    answer = client.post("/preferences", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/dev/components?page=2")
    assert 'lang="en" data-bs-theme="dark"' in client.get("/dev/components").text


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nX: y"]
)
def test_going_back_stays_on_this_site(client: Client, back: str) -> None:
    form = {"_csrf_token": token(client), "lang": "xx", "back": back}
    answer = client.post("/preferences", data=form, follow_redirects=False)
    # White space at the ends is trimmed like in every field; inside a path it is refused.
    assert answer.headers["location"] == "/"
    assert "lang" not in answer.cookies


def test_a_form_without_its_token_is_refused(client: Client) -> None:
    token(client)
    answer = client.post("/preferences", data={"lang": "en"}, follow_redirects=False)
    assert answer.status_code == 403
    assert "刷新" in answer.text


def test_htmx_sends_the_token_in_a_header(client: Client) -> None:
    sent = {"HX-Request": "true", "X-CSRFToken": token(client)}
    answer = client.post("/preferences", data={"back": "/dev/components"}, headers=sent)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (200, "/dev/components")


def test_a_refusal_is_a_page_that_says_why_and_what_to_do(client: Client) -> None:
    client.cookies.set("lang", "en")
    answer = client.get("/refused")
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text
    assert "Rules: R1" in answer.text
    assert "Choose again." in answer.text


def test_a_refused_fragment_leaves_the_page_alone(client: Client) -> None:
    answer = client.get("/refused", headers=PARTIAL)
    assert (answer.status_code, answer.text, answer.headers["hx-reswap"]) == (429, "", "none")
    assert json.loads(answer.headers["hx-trigger"])["august:toast"] == {
        "text": "尝试次数过多",
        "tone": "danger",
    }


def test_a_fault_tells_nothing_of_its_inside(client: Client) -> None:
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert "secret inside" not in answer.text


def test_a_refused_call_is_problem_json_in_the_asked_language(client: Client) -> None:
    answer = client.get("/api/v1/refused", headers={"Accept-Language": "en"})
    assert answer.headers["content-type"].startswith("application/problem+json")
    told = answer.json()
    assert (told["status"], told["code"], told["rules"]) == (429, "a.b", [])
    assert told["fields"] == {"x": "Choose again."}


def test_what_people_write_is_escaped(client: Client) -> None:
    page = client.get("/evil").text
    assert "<script>x" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page


def test_forms_arrive_nested(client: Client) -> None:
    sent = {"_csrf_token": token(client), "_key": "k1", "tiers-0-price": "9.90", "tiers-3-price": "8"}
    answer = client.post("/echo", data=sent | {"ids[]": ["1", "2"]})
    assert answer.json() == {"tiers": [{"price": "9.90"}, {"price": "8"}], "ids": ["1", "2"], "key": "k1"}


def test_assets_are_kept_for_a_year(client: Client) -> None:
    found = re.search(r"/static/august\.[0-9a-f]{12}\.css", client.get("/dev/components").text)
    assert found is not None
    answer = client.get(found[0])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "max-age=31536000, public, immutable"
