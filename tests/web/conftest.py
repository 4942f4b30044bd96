"""A small application with nothing but the glue."""

from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar, Response, get, post
from litestar.di import Provide
from litestar.testing import TestClient

from august.kernel.errors import Refusal
from august.kernel.words import N_, Phrase
from august.web import errors, forms, i18n, pages, requests, security
from august.web.htmx import AnyRequest, toast
from august.web.i18n import t
from august.web.templates import render


@get("/refused", sync_to_thread=True)
def refused() -> Response[str]:
    raise Refusal("a.b", N_("Too many attempts"), rules=("R1",), remedy=N_("Choose again."), status=429)


@get("/broken", sync_to_thread=True)
def broken() -> Response[str]:
    raise RuntimeError("secret inside")


@get("/said", sync_to_thread=True)
def said() -> Response[str]:
    return toast(Response(t("Cancel"), media_type="text/html"), t("Cancel"))


@get("/api/v1/refused", sync_to_thread=True)
def refused_api() -> Response[str]:
    raise Refusal("a.b", N_("Too many attempts"), fields={"x": Phrase(N_("Choose again."))}, status=429)


@post("/echo", sync_to_thread=True)
def echo(form: pages.ReadForm) -> dict[str, Any]:
    return form.values | {"key": form.key}


@get("/evil", sync_to_thread=True)
def evil(request: AnyRequest) -> Response[str]:
    return render(
        request,
        "errors/error.html",
        heading="<script>x</script>",
        text="\u202e",
        remedy=None,
        rules=(),
        fields={},
        number=200,
    )


@pytest.fixture
def client() -> Iterator[TestClient[Litestar]]:
    app = Litestar(
        [refused, broken, said, refused_api, echo, evil, *pages.CONTROLLERS, pages.static_files()],
        before_send=[security.before_send],
        middleware=[security.csrf("s" * 32), i18n.Speaking()],
        request_class=requests.StrictRequest,
        exception_handlers=errors.HANDLERS,
        dependencies={"form": Provide(forms.read_form)},
        openapi_config=None,
    )
    with TestClient(app) as made:
        yield made
