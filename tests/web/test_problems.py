import msgspec
import pytest
from litestar.exceptions import HTTPException, NotFoundException, ValidationException

from august.kernel.errors import Refusal
from august.kernel.words import Phrase
from august.web.problems import MEDIA_TYPE, problem, problem_response, refusal_of


def test_a_refusal_is_told_in_the_readers_language() -> None:
    no = Refusal(
        "money.unreadable",
        "{text} is not an amount of money.",
        params={"text": "x"},
        rules=("M1",),
        fields={"price": Phrase("This is required.")},
        remedy="Set a price.",
    )
    assert problem(no, "en") == {
        "type": "urn:august:problem:money.unreadable",
        "title": "What was sent does not fit",
        "status": 422,
        "code": "money.unreadable",
        "detail": "x is not an amount of money.",
        "rules": ["M1"],
        "fields": {"price": "This is required."},
        "remedy": "Set a price.",
    }
    told = problem(no, "zh_CN")
    assert (told["detail"], told["fields"]) == ("x 不是金额。", {"price": "此项必填。"})


def test_the_answer_has_the_status_and_the_media_type() -> None:
    answer = problem_response(Refusal("a.b", "No", status=409), "en", {"Retry-After": "3"})
    assert (answer.status_code, answer.media_type) == (409, MEDIA_TYPE)
    assert answer.headers["Retry-After"] == "3"


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (Refusal("a.b", "No", status=403), "a.b", 403),
        (NotFoundException(), "http.404", 404),
        (HTTPException(status_code=418), "http.418", 418),
        (HTTPException(status_code=503), "http.503", 503),
        (ValueError("the inside"), "http.500", 500),
        (msgspec.ValidationError("Object contains unknown field `x`"), "payload.invalid", 422),
    ],
)
def test_every_exception_becomes_a_refusal_without_its_inside(
    error: Exception, code: str, status: int
) -> None:
    no = refusal_of(error)
    assert (no.code, no.status) == (code, status)
    assert "inside" not in str(problem(no, "en"))


def test_the_frameworks_own_validation_names_its_fields() -> None:
    no = refusal_of(ValidationException(extra=[{"key": "page", "message": "Expected int"}]))
    assert problem(no, "en")["fields"] == {"page": "Expected int"}
    assert no.status == 422
