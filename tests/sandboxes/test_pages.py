"""What a newcomer does outside a world."""

import html
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, update

from august.kernel.clock import wall_now
from august.sandboxes.models import Account, Sandbox
from august.web.forms import MAX_TEXT
from tests.sandboxes.tiny import BORN, Browser


def test_the_landing_page_leaves_no_session(person: Browser) -> None:
    answer = person.get("/")
    assert answer.status_code == 200
    assert "Tiny world" in answer.text
    assert "august" not in person.client.cookies


def test_a_guest_gets_a_store_in_one_click(person: Browser) -> None:
    box = person.try_it()
    assert person.get(f"/w/{box}/clock").status_code == 200
    assert person.get("/sandboxes").status_code == 200
    assert person.get(f"/sandboxes/{box}").status_code == 200


def test_sign_up_keeps_the_guests_sandboxes_and_rotates_the_session(person: Browser) -> None:
    box = person.try_it()
    before = person.client.cookies["august"]
    person.sign_up()
    assert person.client.cookies["august"] != before
    assert person.get(f"/sandboxes/{box}").status_code == 200
    person.client.cookies.set("august", before, domain="testserver.local", path="/")
    assert person.get("/sandboxes").headers["location"] == "/sign-in?next=/sandboxes"


def test_a_planted_session_is_not_adopted(person: Browser) -> None:
    person.client.cookies.set("august", "planted", domain="testserver.local", path="/")
    person.sign_up()
    assert person.client.cookies["august"] != "planted"


def test_sign_out_and_in(person: Browser) -> None:
    person.sign_up()
    assert person.post("/sign-out").status_code == 303
    assert person.get("/sandboxes").status_code == 303
    told = {"email": "ANN@example.com", "password": "correct horse", "next": "//evil.example"}
    answer = person.post("/sign-in", told)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sandboxes")


def test_wrong_passwords_are_counted(person: Browser) -> None:
    person.sign_up()
    person.post("/sign-out")
    wrong = {"email": "ann@example.com", "password": "wrong horse battery"}
    assert [person.post("/sign-in", wrong).status_code for _ in range(6)] == [422] * 5 + [429]
    right = {"email": "ann@example.com", "password": "correct horse"}
    assert person.post("/sign-in", right).status_code == 429


def test_a_bad_sign_up_names_every_field_and_keeps_what_was_typed(person: Browser) -> None:
    answer = person.post("/sign-up", {"name": "", "email": "ann", "password": "short"})
    assert answer.status_code == 422
    for part in ('id="name-error"', 'id="email-error"', 'id="password-error"', 'value="ann"'):
        assert part in answer.text
    assert "short" not in answer.text


def test_a_post_without_its_token_is_refused(person: Browser) -> None:
    assert person.client.post("/try", data={"world": "tiny"}).status_code == 403


def test_create_save_rewind_fork_reset_export_import_delete(person: Browser) -> None:
    person.sign_up()
    made = person.post("/sandboxes", {"world": "tiny", "seed": "7", "name": "Mine"})
    box = made.headers["location"].split("/")[2]
    sandbox = person.desk.get(box)
    assert (sandbox.name, sandbox.seed) == ("Mine", 7)
    born = person.desk.world(sandbox).state_hash()
    person.post(f"/sandboxes/{box}/checkpoints", {"name": "First"})
    person.jumps.complete(sandbox, person.jumps.target(person.desk.world(sandbox), days=1))
    moved = person.desk.world(sandbox).state_hash()
    assert moved != born
    fork = person.post(f"/sandboxes/{box}/fork", {"name": "Other"}).headers["location"].split("/")[2]
    assert person.desk.world(person.desk.get(fork)).state_hash() == moved
    first = next(one for one in person.desk.checkpoints(sandbox) if not one.automatic)
    assert person.post(f"/sandboxes/{box}/checkpoints/{first.id}/rewind").status_code == 303
    assert person.desk.world(sandbox).state_hash() == born
    person.post(f"/sandboxes/{fork}/reset")
    assert person.desk.world(person.desk.get(fork)).state_hash() == born
    file = person.get(f"/sandboxes/{box}/export")
    assert file.headers["content-type"] == "application/zip"
    sent = person.post("/sandboxes/import", files={"file": ("w.zip", file.content, "application/zip")})
    copy = person.desk.get(sent.headers["location"].split("/")[2])
    assert (copy.name, copy.world_file, copy.seed) == ("Mine", "tiny", 7)
    assert person.desk.world(copy).state_hash() == born
    assert person.post(f"/sandboxes/{box}/delete").status_code == 303
    assert person.get(f"/sandboxes/{box}").status_code == 404


def test_a_file_that_is_no_world_is_refused(person: Browser) -> None:
    person.sign_up()
    sent = person.post("/sandboxes/import", files={"file": ("w.zip", b"nonsense", "application/zip")})
    assert sent.status_code == 422
    assert "This file cannot be imported" in sent.text


def test_a_bad_seed_and_name_are_refused(person: Browser) -> None:
    person.sign_up()
    asked = {"world": "tiny", "seed": "-1", "name": "x"}
    assert person.post("/sandboxes", asked).status_code == 422
    assert person.post("/sandboxes", {**asked, "seed": "1", "name": "x" * 5000}).status_code == 422


def test_anothers_sandbox_is_unknown(person: Browser) -> None:
    box = person.try_it()
    person.post("/sign-out")
    person.sign_up("bob@example.com")
    assert person.get(f"/w/{box}/clock").status_code == 404
    assert person.get(f"/sandboxes/{box}").status_code == 404
    assert person.post(f"/sandboxes/{box}/delete").status_code == 404
    assert person.get("/w/doesnotexi/clock").status_code == 404


def test_an_expired_session_asks_beside_the_form(person: Browser) -> None:
    person.sign_up()
    made = person.post("/sandboxes", {"world": "tiny", "seed": "7", "name": "Mine"})
    box = made.headers["location"].split("/")[2]
    person.post("/sign-out")
    htmx = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = person.post(f"/w/{box}/clock/advance", {"to": "x"}, headers=htmx)
    assert answer.status_code == 401
    assert (answer.headers["hx-retarget"], answer.headers["hx-reswap"]) == ("#sign-in-again", "innerHTML")
    assert '<dialog open id="sign-in-here"' in answer.text
    again = {"email": "ann@example.com", "password": "wrong horse battery", "within": "dialog"}
    answer = person.post("/sign-in", again, headers=htmx)
    assert answer.status_code == 422
    assert '<dialog open id="sign-in-here"' in answer.text
    answer = person.post("/sign-in", {**again, "password": "correct horse"}, headers=htmx)
    assert (answer.status_code, answer.text) == (200, "")
    assert "HX-Trigger" in answer.headers
    assert person.get(f"/w/{box}/clock").status_code == 200


def test_an_expired_session_stops_a_poll(person: Browser) -> None:
    box = person.try_it()
    person.post("/sign-out")
    htmx = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Current-URL": f"http://x/w/{box}/clock"}
    answer = person.get(f"/w/{box}/clock/bar", headers=htmx)
    assert answer.status_code == 401
    assert "hx-get" not in answer.text
    assert f"/sign-in?next=%2Fw%2F{box}%2Fclock" in answer.text


def kept(page: str) -> dict[str, str]:
    """The hidden fields of the form that is to be sent once more."""
    form = page[page.index('<form id="again"') :]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[: form.index("</form>")])
    return {name: html.unescape(text) for name, text in found if name != "_csrf_token"}


def test_a_plain_form_after_an_expired_session_is_kept_and_sent_once_more(person: Browser) -> None:
    person.sign_up()
    person.post("/sign-out")
    name, lines = '"><script>x</script> 深', "first\nsecond"
    typed = {"world": "tiny", "seed": "7", "name": name, "lines": lines, "_key": "k-1"}
    answer = person.post("/sandboxes", typed)
    assert answer.status_code == 401
    assert answer.headers["cache-control"] == "no-store"
    assert "<script>x" not in answer.text
    assert kept(answer.text) == typed
    assert 'action="/sandboxes"' in answer.text
    # Sent without signing in it is kept again, and nothing is made.
    assert kept(person.post("/sandboxes", typed).text) == typed
    htmx = {"HX-Request": "true", "HX-Request-Type": "partial"}
    again = {"email": "ann@example.com", "password": "correct horse", "within": "page"}
    assert person.post("/sign-in", again, headers=htmx).text == ""
    assert person.post("/sandboxes", kept(answer.text)).status_code == 303


def test_without_scripts_the_form_within_signs_in_as_everywhere(person: Browser) -> None:
    person.sign_up()
    person.post("/sign-out")
    again = {"email": "ann@example.com", "password": "correct horse", "within": "page"}
    assert person.post("/sign-in", again).headers["location"] == "/sandboxes"


def test_passwords_and_what_is_too_large_are_not_given_back(person: Browser) -> None:
    person.get("/")
    secret = {"name": "x", "password": "correct horse", "newPassword": "battery staple"}
    answer = person.post("/sandboxes", secret)
    assert kept(answer.text) == {"name": "x"}
    assert "horse" not in answer.text
    assert "staple" not in answer.text
    answer = person.post("/w/doesnotexi/clock/stop", {"name": "x" * (MAX_TEXT + 1)})
    assert answer.status_code == 401
    assert "too large to be kept here" in answer.text
    assert 'id="again"' not in answer.text


def test_files_are_to_be_chosen_again(person: Browser) -> None:
    person.get("/")
    file = {"file": ("w.zip", b"secret inside", "application/zip")}
    answer = person.post("/sandboxes/import", {"name": "x"}, files=file)
    assert answer.status_code == 401
    assert kept(answer.text) == {"name": "x"}
    assert "Choose the file w.zip again" in answer.text
    assert 'enctype="multipart/form-data"' in answer.text
    assert "secret inside" not in answer.text


def test_what_another_site_sends_is_never_given_back(person: Browser) -> None:
    person.get("/")
    answer = person.client.post("/sandboxes", data={"name": "planted"}, follow_redirects=False)
    assert answer.status_code == 403
    assert "planted" not in answer.text


def boxes(person: Browser) -> list[str]:
    """The ids of the sandboxes listed."""
    found = re.findall(r'href="/sandboxes/([a-z2-7]{10})"', person.get("/sandboxes").text)
    return list(dict.fromkeys(found))


def test_forms_that_make_something_carry_a_key(person: Browser) -> None:
    assert person.get("/").text.count('name="_key"') == 1
    person.sign_up()
    assert person.get("/sandboxes").text.count('name="_key"') == 2
    asked = {"world": "tiny", "seed": "7", "name": "Mine"}
    box = person.post("/sandboxes", asked).headers["location"].split("/")[2]
    person.post(f"/sandboxes/{box}/checkpoints", {"name": "One"})
    # The checkpoint's, the checkpoint's fork's, the fork's.
    assert person.get(f"/sandboxes/{box}").text.count('name="_key"') == 3


def test_a_form_sent_twice_makes_one_sandbox(person: Browser) -> None:
    person.sign_up()
    asked = {"world": "tiny", "seed": "", "name": "", "_key": "k"}
    first, second = (person.post("/sandboxes", asked).headers["location"] for _ in range(2))
    assert first == second
    box = first.split("/")[2]
    assert boxes(person) == [box]
    # Other contents are another form, another account's form as well.
    assert person.post("/sandboxes", {**asked, "name": "Other"}).headers["location"] != first
    person.post("/sign-out")
    person.sign_up("bob@example.com")
    assert person.post("/sandboxes", asked).headers["location"] != first


def test_fork_checkpoint_and_import_sent_twice_make_one(person: Browser) -> None:
    person.sign_up()
    asked = {"world": "tiny", "seed": "7", "name": "Mine"}
    box = person.post("/sandboxes", asked).headers["location"].split("/")[2]
    for _ in range(2):
        assert person.post(f"/sandboxes/{box}/checkpoints", {"name": "One", "_key": "c"}).status_code == 303
    (saved,) = person.desk.checkpoints(person.desk.get(box))
    told = {"name": "Fork", "checkpoint": saved.id, "_key": "f"}
    forks = {person.post(f"/sandboxes/{box}/fork", told).headers["location"] for _ in range(2)}
    assert len(forks) == 1
    assert person.post(f"/sandboxes/{box}/fork", {**told, "checkpoint": ""}).headers["location"] not in forks
    file = {"file": ("w.zip", person.get(f"/sandboxes/{box}/export").content, "application/zip")}
    sent = [person.post("/sandboxes/import", {"_key": "i"}, files=file) for _ in range(2)]
    assert sent[0].headers["location"] == sent[1].headers["location"]
    assert len(boxes(person)) == 4
    # What was deleted can be made anew by the same form.
    person.post(f"/sandboxes/{box}/checkpoints/{saved.id}/delete")
    person.post(f"/sandboxes/{box}/checkpoints", {"name": "One", "_key": "c"})
    assert len(person.desk.checkpoints(person.desk.get(box))) == 1


@pytest.mark.parametrize("rows", [2, 6])
def test_of_forms_sent_at_once_one_counts(person: Browser, tmp_path: Path, rows: int) -> None:
    person.sign_up()
    with person.desk.control.reading() as session:
        account = session.scalars(select(Account)).one()
    start = threading.Barrier(rows, timeout=30)

    def create(_: int) -> str:
        start.wait()
        return person.desk.create(account, "tiny", 7, "Mine", once="o").id

    def checkpoint(_: int) -> str:
        start.wait()
        return person.desk.checkpoint(sandbox, "One", once="o").id

    with ThreadPoolExecutor(rows) as pool:
        assert len(set(pool.map(create, range(rows)))) == 1
        (sandbox,) = person.desk.mine(account)
        assert len(set(pool.map(checkpoint, range(rows)))) == 1
    (saved,) = person.desk.checkpoints(sandbox)
    # The worlds of those that came too late are gone.
    left = {path.stem for path in tmp_path.rglob("[cw]_*.sqlite")}
    assert left == {sandbox.world_id, saved.world_id}


def test_a_newcomer_who_presses_twice_gets_one_store(person: Browser) -> None:
    asked = {"world": "tiny", "_key": "k"}
    first = person.post("/try", asked)
    # The second press was on its way before the first was answered.
    del person.client.cookies["august"]
    second = person.post("/try", asked)
    assert first.headers["location"] == second.headers["location"]
    assert len(boxes(person)) == 1
    # Signed in, the same press is still the same store.
    assert person.post("/try", asked).headers["location"] == first.headers["location"]


def test_a_newcomers_form_opens_no_store_to_others(person: Browser) -> None:
    asked = {"world": "tiny", "_key": "k"}
    first = person.post("/try", asked).headers["location"]
    # Another browser has another token.
    token = person.client.cookies["csrftoken"]
    del person.client.cookies["august"], person.client.cookies["csrftoken"]
    assert person.post("/try", asked).headers["location"] != first
    # A guest's store is entered so for a moment only, an account's never.
    del person.client.cookies["august"]
    person.client.cookies.set("csrftoken", token, domain="testserver.local", path="/")
    with person.desk.control.writing() as session:
        session.execute(update(Sandbox).values(created=BORN))
    assert person.post("/try", asked).headers["location"] != first
    del person.client.cookies["august"]
    with person.desk.control.writing() as session:
        session.execute(update(Sandbox).values(created=wall_now()))
        session.execute(update(Account).values(kind="user"))
    assert person.post("/try", asked).headers["location"] != first
