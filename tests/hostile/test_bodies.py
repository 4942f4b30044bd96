"""Bodies, paths, headers and cookies that are broken, endless or in the wrong letters."""

import json
from typing import Any

import pytest

from tests.hostile.conftest import SOFA, Enemy

JSON = {"Content-Type": "application/json"}
DEEP = 100_000
# What no JSON reader of ours takes, and the status it is told with.
BROKEN: dict[str, tuple[bytes, int]] = {
    "cut": (b'{"product"', 400),
    "invalid UTF-8 in a text": (b'{"title": "\xff"}', 400),
    "invalid UTF-8 in a name": (b'{"\xc3": 1}', 400),
    "half a character": (b'{"title": "\\ud800"}', 400),
    "UTF-16": ('{"product": 1}'.encode("utf-16"), 400),
    "byte-order mark": (b'\xef\xbb\xbf{"product": 1}', 400),
    "no number": (b'{"product": NaN}', 400),
    "endless number": (b'{"product": 1e400}', 400),
    "arrays without end": (b"[" * DEEP, 400),
    "objects without end": (b'{"a":' * DEEP, 400),
    "deep arrays": (b"[" * DEEP + b"]" * DEEP, 400),
    "deep objects": (b'{"a":' * DEEP + b"1" + b"}" * DEEP, 400),
    "too large": (b" " * 13_000_000, 413),
}
# Readable, but no payload.
MISFITS: dict[str, Any] = {
    "list": [],
    "number": 1,
    "text": "x",
    "unknown field": {"product": 1, "colour": "red"},
    "no field": {},
    "huge": {"product": 10**400},
    "fraction": {"product": 1.5},
    "deep inside": {"product": json.loads("[" * 500 + "]" * 500)},
    "nobody": {"product": 1, "as": "me"},
    "no buyer": {"product": 1, "as": {"buyer": 10**30}},
    "no id": {"product": 1, "as": {"buyer": 0}},
}
DOORS = (
    "/commands/catalog.publish_product",
    "/commands/catalog.save_product",
    "/commands/no.such_command",
    "/clock/advance",
    "/fork",
    "/checkpoints",
    "/replay",
)


@pytest.mark.parametrize("what", BROKEN)
def test_broken_json_is_refused_at_every_door(enemy: Enemy, what: str) -> None:
    body, status = BROKEN[what]
    with enemy.unchanged():
        for door in DOORS:
            answer = enemy.call("POST", door, content=body, headers=JSON)
            assert (answer.status_code, answer.headers["content-type"]) == (
                status,
                "application/problem+json",
            ), door
        for door in ("/api/v1/sandboxes", "/api/v1/calculators/quality", "/api/v1/calculators/zones"):
            assert enemy.client.post(door, content=body, headers=JSON).status_code == status, door


@pytest.mark.parametrize("what", MISFITS)
def test_json_that_is_no_payload_is_refused(enemy: Enemy, what: str) -> None:
    with enemy.unchanged():
        for name in ("publish_product", "take_down", "copy_product"):
            answer = enemy.command(f"catalog.{name}", MISFITS[what])
            assert 400 <= answer.status_code < 500
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("number", [-1, 0, 2**62, 2**63 - 1, 2**63, 2**64, 10**30])
def test_numbers_that_are_no_id(enemy: Enemy, number: int) -> None:
    lines = [{"line": "express_standard", "countries": ["US"]}]
    asked: dict[str, dict[str, Any]] = {
        "catalog.publish_product": {"product": number},
        "catalog.take_down": {"product": number},
        "catalog.copy_product": {"product": number},
        "catalog.save_product": {**SOFA, "product": number, "version": 1},
        "catalog.bulk": {"products": [number], "delivery_by": True},
        "catalog.delete_view": {"view": number},
        "catalog.delete_freight_template": {"template": number},
        "catalog.save_freight_template": {
            "template": number,
            "name": "x",
            "origin": "foshan",
            "lines": lines,
        },
        "messages.mark_read": {"up_to": number},
    }
    with enemy.unchanged():
        for name, payload in asked.items():
            assert enemy.command(name, payload).status_code == 404, name
        answer = enemy.command("catalog.import_products", {"rows": [{**SOFA, "product": number}]})
        assert answer.status_code == 422


STRANGE = (
    "0", "-1", "9223372036854775807", "9223372036854775808", "9" * 40, "9" * 5000, "1.5", "x", "%00", "%ff",
    "%ED%A0%80", "%E2%80%AE", "%2e%2e", "..%2f..%2fetc%2fpasswd", "<script>", "'", "x" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("id_", STRANGE)
def test_paths_to_nothing(enemy: Enemy, id_: str) -> None:
    reads = (
        "/catalog/products/{}", "/catalog/products/{}/freight", "/quality/products/{}", "/clock/jumps/{}",
        "/why/quality/{}", "/why/growth/{}", "/why/{}/1", "/{}",
    )  # fmt: skip
    pages = (
        "@/products/{}", "@/freight-templates/{}", "@/clock/jumps/{}", "@/why/quality/{}", "@/why/{}/1",
        "@/{}", "/w/{}/products", "/sandboxes/{}", "/login/{}", "/pictures/{}.svg", "/static/{}", "/{}",
    )  # fmt: skip
    forms = (
        "@/products/{}", "@/products/{}/copy", "@/products/{}/take-down", "@/products/views/{}/delete",
        "@/freight-templates/{}", "@/freight-templates/{}/delete", "/sandboxes/{}/delete",
        "/sandboxes/" + enemy.box + "/checkpoints/{}/rewind",
        "/sandboxes/" + enemy.box + "/checkpoints/{}/delete",
    )  # fmt: skip
    with enemy.unchanged():
        for path in reads:
            assert 400 <= enemy.call("GET", path.format(id_)).status_code < 500, path
        for path in ("/commands/{}", "/checkpoints/{}/restore"):
            assert 400 <= enemy.call("POST", path.format(id_), json={}).status_code < 500, path
        for path in pages:
            assert 400 <= enemy.page("GET", path.format(id_)).status_code < 500, path
        for path in forms:
            assert 400 <= enemy.post(path.format(id_), {"name": "x"}).status_code < 500, path
        bare = enemy.client.get(f"/api/v1/sandboxes/{id_}", headers=enemy.bearer)
        assert 400 <= bare.status_code < 500


SEARCHES = (
    "%00", "%ff", "%ED%A0%80", "x" * 5000, "[", "%25", "_", "\\", "²", "%D9%A3", "-1", "9" * 5000, "<b>",
)  # fmt: skip


@pytest.mark.parametrize("text", SEARCHES)
def test_searches_for_nothing_sensible(enemy: Enemy, text: str) -> None:
    lists = (
        "@/products?q={}", "@/products?status={0}&band={0}&kind={0}&industry={0}", "@/products?{}={}",
        "@/products?page={0}&size={0}&sort={0}", "@/find?q={}", "@/rules?q={0}&state={0}&origin={0}",
        "@/quality?check={}", "@/growth?page={0}&sort={0}", "@/messages?page={}", "@/products?done={}",
        "/sign-in?next={}", "@/clock?hours={}", "@/clock?local={0}&zone={0}", "@/clock?until={}",
    )  # fmt: skip
    calls = ("/catalog/products?q={0}&page={0}&sort={0}", "/actions?page={}", "/clock/agenda?to={}")
    with enemy.unchanged():
        for path in lists:
            assert enemy.page("GET", path.format(text, text)).status_code in {200, 422}, path
        for path in calls:
            assert enemy.call("GET", path.format(text)).status_code in {200, 400, 422}, path


def form(*pairs: bytes) -> bytes:
    good = (b"kind=rts", b"leaf=sofa_beds", b"title=Sofa", b"unit=piece", b"moq=1", b"images%5B%5D=sofa-1")
    return b"&".join((*good, *pairs))


FORMS: dict[str, tuple[bytes, int]] = {
    "invalid UTF-8": (form(b"title=%FF"), 400),
    "half a character": (form(b"title=%ED%A0%80"), 400),
    "bytes as they are": (form(b"title=\xff\xfe"), 400),
    "invalid UTF-8 in a name": (form(b"%FF=x"), 400),
    "a text as long as a book": (form(b"description=" + b"x" * 50_001), 413),
    "100,000 fields": (form(*(b"a%d=1" % n for n in range(100_000))), 413),
    "a million marks": (b"&" * 1_000_000, 413),
    "11 MB": (form(b"title=" + b"x" * 11_000_000), 413),
    "13 MB": (form(b"title=" + b"x" * 13_000_000), 413),
    "a name in seven steps": (form(b"a-b-c-d-e-f-g=1"), 400),
    "a row too far": (form(b"tiers-1000-price_usd=1"), 400),
    "a field and its row": (form(b"tiers=1", b"tiers-0-price_usd=1"), 400),
    "a nameless row": (form(b"tiers--price_usd=1"), 400),
}
PARTS = b'--B\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
END = b"--B--\r\n"
MULTIPART: dict[str, tuple[bytes, int]] = {
    "invalid UTF-8": (PARTS % (b"title", b"", b"\xff") + END, 400),
    "half a character": (PARTS % (b"title", b"", b"\xed\xa0\x80") + END, 400),
    "unknown letters": (PARTS % (b"title", b"\r\nContent-Type: text/plain; charset=nope", b"x") + END, 400),
    "other letters": (PARTS % (b"title", b"\r\nContent-Type: text/plain; charset=utf-16", b"x") + END, 400),
    "cut": (PARTS % (b"title", b"", b"x"), 400),
    "junk": (b"junk", 400),
    "a head without end": (PARTS % (b"title", b"\r\nX: " + b"y" * 100_000, b"x") + END, 400),
    "2,000 parts": (PARTS % (b"title", b"", b"x") * 2000 + END, 400),
    "no name": (b"--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n" + END, 400),
}


@pytest.mark.parametrize("what", FORMS)
def test_broken_forms_are_refused(enemy: Enemy, what: str) -> None:
    body, status = FORMS[what]
    with enemy.unchanged():
        for path in ("@/products/new", "@/products/form/check", "@/freight-templates/new", "/sign-in"):
            assert enemy.send(path, body).status_code == status, path


@pytest.mark.parametrize("what", MULTIPART)
def test_broken_forms_in_parts_are_refused(enemy: Enemy, what: str) -> None:
    body, status = MULTIPART[what]
    with enemy.unchanged():
        for path in ("@/products/new", "@/products/import", "/sandboxes/import", "/sign-in"):
            assert enemy.send(path, body, "multipart/form-data; boundary=B").status_code == status, path
            kind = {"Content-Type": "multipart/form-data; boundary=B"}
            assert enemy.page("POST", path, content=body, headers=kind).status_code in {400, 403}, path


KINDS = "multipart/form-data", "multipart/form-data; boundary=", "text/plain", "application/json", "x", ""


@pytest.mark.parametrize("kind", KINDS)
def test_forms_in_no_known_form_are_refused(enemy: Enemy, kind: str) -> None:
    with enemy.unchanged():
        assert 400 <= enemy.send("@/products/new", form(), kind).status_code < 500


TOKENS = ("", "x", "x" * 5000, "é" * 128, "\u202e" * 100)


@pytest.mark.parametrize("token", TOKENS)
def test_form_tokens_of_any_letters_are_refused(enemy: Enemy, token: str) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    with enemy.unchanged():
        for headers in (
            {**kind, "X-CSRFToken": token.encode()},
            {**kind, "X-CSRFToken": token.encode(), "Cookie": b"csrftoken=" + token.encode()},
            {**kind, "Cookie": b"csrftoken=" + token.encode()},
        ):
            answer = enemy.client.post("/try", content=b"world=furniture", headers=headers)
            assert answer.status_code == 403
        part = PARTS % (b"_csrf_token", b'; filename="x"', b"x") + END
        sent = {"Content-Type": "multipart/form-data; boundary=B"}
        assert enemy.client.post("/try", content=part, headers=sent).status_code == 403


HEADERS: tuple[dict[str, bytes], ...] = (
    {"Cookie": b"lang=\xff; august=\xff\xfe; theme=\xff; csrftoken=\xff"},
    {"Cookie": b"august=%00%ff; lang=%00"},
    {"Cookie": b'august="\\777"; =;;; a; csrftoken'},
    {"Authorization": b"\xff\xfe"},
    {"Authorization": b"Bearer \x80"},
    {"Authorization": b"Bearer " + b"x" * 60_000},
    {"Accept-Language": b"\xff"},
    {"Accept-Encoding": b"\xff"},
    {"Referer": b"\xff"},
    {"HX-Request": b"true", "HX-Request-Type": b"partial", "HX-Current-URL": b"http://[bad"},
    {"HX-Request": b"true", "HX-Current-URL": b"\xff"},
    {"Range": b"bytes=x-y", "If-None-Match": b"\xff", "If-Modified-Since": b"never"},
    {"Idempotency-Key": b"\xff" * 10},
)


@pytest.mark.parametrize("headers", HEADERS, ids=str)
def test_headers_and_cookies_of_any_bytes_are_no_fault(enemy: Enemy, headers: dict[str, bytes]) -> None:
    enemy.client.cookies.clear()
    with enemy.unchanged():
        for method, path in (
            ("GET", "/"),
            ("GET", "@/products"),
            ("GET", "@/clock/bar"),
            ("POST", "/try"),
            ("POST", "@/products/new"),
            ("GET", "/no-such-page"),
            ("GET", "/static/no-such-file"),
            ("GET", enemy.base),
            ("POST", f"{enemy.base}/commands/catalog.take_down"),
        ):
            assert enemy.page(method, path, headers=headers).status_code < 500, path
    made = enemy.call("GET", "")
    assert made.status_code == 200


@pytest.mark.parametrize("host", [b"[::1", b"a b", b"x:abc", b"x:99999", b"\xff", b"<b>", b"x/y", b"x@y"])
def test_what_is_no_host_is_refused(enemy: Enemy, host: bytes) -> None:
    for path in ("/", enemy.base, "/no-such-page", "/static/x.js"):
        answer = enemy.client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", [b"localhost", b"august.example:8000", b"127.0.0.1:80", b"[::1]:8000"])
def test_hosts_are_let_in(enemy: Enemy, host: bytes) -> None:
    assert enemy.client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "FOO"])
def test_other_methods_are_refused(enemy: Enemy, method: str) -> None:
    with enemy.unchanged():
        for path in ("/", "/try", "@/products", "/pictures/sofa-1.svg", "/static/x.js", "/no-such-page"):
            assert 400 <= enemy.page(method, path).status_code < 500, path


def test_anothers_sandbox_is_as_unknown_as_none(enemy: Enemy) -> None:
    """Another guest, signed in and with a token of their own (R8)."""
    other = enemy.client.post("/api/v1/sandboxes", json={"world": "furniture", "seed": 8}).json()
    stranger = {"Authorization": f"Bearer {other['token']}"}
    enemy.sign_in(other["login_url"])
    pages = ("@/", "@/products", "@/products/1", "@/clock", "@/messages", "@/why/quality/1", "@/clock/bar")
    calls = ("", "/state-hash", "/catalog/products", "/export", "/actions", "/clock", "/checkpoints")
    forms = ("@/products/new", "@/products/1", "@/products/bulk", "@/clock/advance", "@/messages/read")
    managed = ("", "/export")
    with enemy.unchanged():
        for path in pages:
            assert enemy.page("GET", path).status_code == 404, path
        for path in forms:
            assert enemy.post(path, {"title": "x"}).status_code == 404, path
        for path in managed:
            assert enemy.page("GET", f"/sandboxes/{enemy.box}{path}").status_code == 404, path
        for path in ("/delete", "/reset", "/fork", "/checkpoints"):
            assert enemy.post(f"/sandboxes/{enemy.box}{path}", {"name": "x"}).status_code == 404, path
        for path in calls:
            answer = enemy.client.get(enemy.base + path, headers=stranger)
            assert (answer.status_code, answer.json()["code"]) == (404, "sandbox.unknown"), path
            assert enemy.client.get(enemy.base + path).status_code == 401, path
        for path in ("/commands/catalog.take_down", "/reset", "/fork", "/replay", "/clock/advance"):
            asked = {"product": 1} if "commands" in path else {"hours": 1} if "advance" in path else None
            assert enemy.client.post(enemy.base + path, headers=stranger, json=asked).status_code == 404, path
            assert enemy.client.post(enemy.base + path, json=asked).status_code == 401, path
        assert enemy.client.delete(enemy.base, headers=stranger).status_code == 404
    enemy.client.cookies.clear()
    assert enemy.page("GET", "@/products").headers["location"].startswith("/sign-in?next=")
