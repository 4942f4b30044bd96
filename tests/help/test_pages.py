"""The pages of help, announcements and messages: links lead somewhere, nothing is injected."""

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from august.help import seeds
from august.kernel.clock import PACIFIC, from_local
from august.kernel.context import SYSTEM
from august.kernel.jobs import _set_clock
from august.kernel.world import World
from august.messages.announcements import standing
from august.messages.commands import announce, send
from august.sandboxes.service import Desk
from august.sandboxes.site import site
from august.settings import Settings
from tests.tools.statements import counting
from tests.tools.worlds import young

FRAME = 8
EVIL = "<script>alert(1)</script>"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
LATE = from_local(PACIFIC, "2023-01-02 00:00:00")


class Reader:
    """A guest whose world has heard every announcement."""

    def __init__(self, client: TestClient[Litestar]) -> None:
        self.client = client
        made = client.post("/api/v1/sandboxes", json={"world": "furniture", "seed": 7, "name": "Try"}).json()
        self.id, self.token = made["id"], made["token"]
        client.get(made["login_url"])
        self.desk: Desk = client.app.state["desk"]

    @property
    def world(self) -> World:
        return self.desk.world(self.desk.get(self.id))

    def at(self, now: datetime) -> None:
        with self.world.writing(SYSTEM) as ctx:
            _set_clock(ctx, now)
            ctx.session.commit()

    def get(self, path: str, lang: str = "en", **headers: str) -> Any:
        self.client.cookies.set("lang", lang)
        return self.client.get(f"/w/{self.id}{path}", headers=headers)

    def post(self, path: str, **data: str) -> Any:
        typed = {**data, "_csrf_token": self.client.cookies["csrftoken"]}
        return self.client.post(f"/w/{self.id}{path}", data=typed, follow_redirects=False)

    def api(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.get(f"/api/v1/sandboxes/{self.id}{path}", headers=headers)

    def links(self, path: str) -> set[str]:
        """Where the middle of a page leads, inside the sandbox."""
        text = self.get(path).text.partition("<main")[2]
        return {link.replace("&amp;", "&") for link in re.findall(rf'href="/w/{self.id}(/[^"]*)"', text)}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    app = site(Settings(data=tmp_path_factory.mktemp("help"), chores=False), young())
    with TestClient(app) as client:
        made = Reader(client)
        with made.world.writing(SYSTEM) as ctx:
            for code, one in standing().items():
                if one.at is None:
                    announce(ctx, code, total=EVIL)
            send(ctx, EVIL + "{word}", to=1, kind="order", path="/orders", word=EVIL)
            ctx.session.commit()
        made.at(LATE)
        yield made


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_no_announcement_leads_nowhere(reader: Reader, lang: str) -> None:
    links = set()
    for one in standing().values():
        answer = reader.get(f"/onetouch/news/{one.id}", lang)
        assert answer.status_code == 200
        assert one.title["zh" if lang == "zh_CN" else "en"] in unescape(answer.text)
        links |= reader.links(f"/onetouch/news/{one.id}")
    assert len({link for link in links if link.startswith("/onetouch/news/")}) == len(standing())
    for link in links:
        assert reader.get(link).status_code == 200, link


def test_no_help_article_leads_nowhere(reader: Reader) -> None:
    links = set()
    for article in seeds.standing().articles.values():
        links |= reader.links(article.path)
        if article.page is not None:
            assert article.page in links
    for link in links:
        assert reader.get(link).status_code == 200, link


def test_a_page_tells_where_its_help_is(reader: Reader) -> None:
    for path, article in {
        "/products": "manage-products",
        "/products/new": "publish-product",
        "/orders/new": "draft-order",
        "/stars/custom": "stars",
        "/": "first-day",
        "/messages": "messages",
    }.items():
        assert f"/w/{reader.id}/help/{article}" in reader.get(path).text.partition("<main")[2], path
    assert "Help on this page" not in reader.get("/find").text


@pytest.mark.parametrize(
    "path",
    [
        "/messages?q={}",
        "/messages?kind={}&state={}",
        "/messages",
        "/messages/latest",
        "/onetouch/news?q={}",
        "/onetouch/news?month={}&kind={}&topic={}",
        "/onetouch/news/sold-out-charter",
        "/help?q={}",
        "/help?q=order&kind={}",
        "/find?q={}",
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_nothing_is_injected(reader: Reader, path: str, headers: dict[str, str]) -> None:
    answer = reader.get(path.replace("{}", EVIL), **headers)
    assert answer.status_code == 200
    assert EVIL not in answer.text


@pytest.mark.parametrize("path", ["/onetouch/news/no-such", "/help/no-such", f"/help/{'x' * 300}"])
def test_what_is_not_there(reader: Reader, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_windows_stand_there_to_the_second_in_both_zones(reader: Reader) -> None:
    text = reader.get("/onetouch/news/correction-daylight-saving").text
    assert "2022-11-30 23:59:59 PT" in text
    assert "2022-12-01 15:59:59 Beijing" in text


def test_the_list_holds_what_was_announced_by_then(reader: Reader) -> None:
    reader.at(from_local(PACIFIC, "2022-08-31 23:59:59"))
    try:
        assert "The festival begins" not in reader.get("/onetouch/news").text
        assert reader.get("/onetouch/news/festival-begins").status_code == 404
        assert reader.api("/announcements/festival-begins").status_code == 404
        reader.at(from_local(PACIFIC, "2022-09-01 00:00:00"))
        assert "The festival begins" in reader.get("/onetouch/news").text
        assert reader.api("/announcements/festival-begins").json()["windows"][0]["zones"] == ["PT"]
    finally:
        reader.at(LATE)


def test_one_is_marked_then_all(reader: Reader) -> None:
    text = reader.get("/messages?state=unread").text
    first = re.findall(r"/messages/(\d+)/read", text)[0]
    unread = reader.api("/messages").json()["unread"]
    back = f"/w/{reader.id}/messages?state=unread"
    answer = reader.post(f"/messages/{first}/read", back=back)
    assert (answer.status_code, answer.headers["location"]) == (303, back)
    assert reader.api("/messages").json()["unread"] == unread - 1
    answer = reader.post("/messages/read", back="//evil.example")
    assert answer.headers["location"] == f"/w/{reader.id}/messages"
    assert reader.api("/messages").json()["unread"] == 0


def test_the_search_as_json(reader: Reader) -> None:
    told = reader.api("/help/search?q=无忧退货保障覆盖哪些行业类目").json()
    assert told["groups"][0]["hits"][0]["path"] == "/help/covered-categories"
    assert told["total"] == sum(group["count"] for group in told["groups"])
    assert len(reader.api("/help/covered-categories").json()["categories"]) == 29
    assert len(reader.api("/help/articles").json()["items"]) == len(seeds.standing().articles)
    assert reader.api("/help/articles/no-such").status_code == 404
    assert reader.api("/help/search").json()["total"] == 0


@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("/help", 0),
        ("/help?q=order", 2),
        ("/help/covered-categories", 1),
        ("/onetouch/news", 2),
        ("/onetouch/news/service-fee", 2),
        ("/messages?q=quota", 3),
        ("/messages/latest", 2),
    ],
)
def test_few_statements(reader: Reader, path: str, statements: int) -> None:
    reader.get(path)
    with counting() as sent:
        reader.get(path)
    assert len(sent) == FRAME + statements
