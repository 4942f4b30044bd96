"""Who somebody is: accounts, sessions, login links, bearer tokens, limited attempts."""

import hashlib
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from august.kernel.clock import wall_now
from august.kernel.errors import Refusal
from august.kernel.texts import deceit, normal
from august.kernel.words import N_, Phrase
from august.sandboxes.models import Account, ApiToken, Attempt, LoginLink, Sandbox, WebSession

SESSION_LASTS = timedelta(days=14)
GUEST_LASTS = timedelta(days=60)
LINK_LASTS = timedelta(days=1)
ATTEMPT_WINDOW = timedelta(minutes=15)
ATTEMPTS_PER_ADDRESS = 5
ATTEMPTS_PER_PLACE = 50
PASSWORD_MIN, PASSWORD_MAX = 10, 200
NAME_MAX, EMAIL_MAX = 80, 254

_hasher = PasswordHasher()
# Checked when there is no such account, so that the answer takes as long.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def fresh_token() -> str:
    """256 random bits for a cookie, a link or a header."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def sign_up(session: Session, *, name: str, email: str, password: str, guest: Account | None) -> Account:
    """A new account; a guest who signs up becomes it and keeps the sandboxes."""
    name, email = normal(name), email.strip().lower()
    wrong: dict[str, Phrase] = {}
    if not 1 <= len(name) <= NAME_MAX:
        wrong["name"] = Phrase(N_("A name has 1 to {limit} characters."), {"limit": NAME_MAX})
    elif trouble := deceit(name):
        wrong["name"] = Phrase(trouble)
    if not _looks_like_email(email):
        wrong["email"] = Phrase(N_("This is not an e-mail address."))
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        wrong["password"] = Phrase(
            N_("A password has {least} to {most} characters."), {"least": PASSWORD_MIN, "most": PASSWORD_MAX}
        )
    if not wrong and session.scalars(select(Account).where(Account.email == email)).first():
        wrong["email"] = Phrase(N_("There is an account with this address already."))
    if wrong:
        raise Refusal("account.malformed", N_("The account was not created."), fields=wrong)
    account = guest if guest is not None and guest.kind == "guest" else Account(created=wall_now())
    account.kind, account.name, account.email = "user", name, email
    account.password = _hasher.hash(password)
    session.add(account)
    try:
        session.flush()
    except IntegrityError as error:
        told = Phrase(N_("There is an account with this address already."))
        raise Refusal(
            "account.malformed", N_("The account was not created."), fields={"email": told}
        ) from error
    return account


def _looks_like_email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    plain = text.isprintable() and not any(letter.isspace() for letter in text)
    return (
        bool(at and local and "@" not in local and "." in domain.strip(".") and plain)
        and len(text) <= EMAIL_MAX
    )


def guest(session: Session) -> Account:
    """A nameless account for a sandbox without registration (R8)."""
    account = Account(kind="guest", name="", created=wall_now())
    session.add(account)
    session.flush()
    return account


def check_attempts(session: Session, email: str, place: str) -> None:
    """Refuse (429) when too many sign-ins failed lately for this address or from this place."""
    since = wall_now() - ATTEMPT_WINDOW
    for who, limit in ((_address(email), ATTEMPTS_PER_ADDRESS), (_place(place), ATTEMPTS_PER_PLACE)):
        failed = select(func.count()).where(Attempt.who == who, Attempt.at > since)
        if session.execute(failed).scalar_one() >= limit:
            raise Refusal(
                "account.too_many_attempts",
                N_("Too many sign-ins failed. Try again in {minutes} minutes."),
                params={"minutes": int(ATTEMPT_WINDOW.total_seconds()) // 60},
                status=429,
            )


def note_failure(session: Session, email: str, place: str) -> None:
    """Count a failed sign-in."""
    at = wall_now()
    session.add_all([Attempt(who=_address(email), at=at), Attempt(who=_place(place), at=at)])


def _address(email: str) -> str:
    return hashed("address:" + email.strip().lower())


def _place(place: str) -> str:
    return hashed("place:" + place)


def verify(session: Session, email: str, password: str) -> Account | None:
    """The account of an address and its password; takes as long for an unknown address."""
    account = session.scalars(select(Account).where(Account.email == email.strip().lower())).first()
    kept = account.password if account is not None else None
    try:
        _hasher.verify(kept or _NOBODY, password[: PASSWORD_MAX + 1])
    except (VerificationError, InvalidHashError):
        return None
    if account is not None and kept and _hasher.check_needs_rehash(kept):
        account.password = _hasher.hash(password)
    return account


def wrong_credentials() -> Refusal:
    """One answer for an unknown address and a wrong password."""
    return Refusal("account.wrong", N_("Address and password do not fit together."))


def start_session(session: Session, account: Account, *, replaces: str | None = None) -> tuple[str, datetime]:
    """A new token for a browser and its end; the browser's earlier session ends (no fixation)."""
    end_session(session, replaces)
    now = wall_now()
    token, lasts = fresh_token(), GUEST_LASTS if account.kind == "guest" else SESSION_LASTS
    session.add(WebSession(token=hashed(token), account_id=account.id, created=now, expires=now + lasts))
    return token, now + lasts


def end_session(session: Session, token: str | None) -> None:
    """Forget a browser."""
    if token:
        session.execute(delete(WebSession).where(WebSession.token == hashed(token)))


def of_session(session: Session, token: str | None) -> Account | None:
    """The account a browser is signed in to."""
    if not token:
        return None
    asked = (
        select(Account)
        .join(WebSession, WebSession.account_id == Account.id)
        .where(WebSession.token == hashed(token), WebSession.expires > wall_now())
    )
    return session.scalars(asked).one_or_none()


def login_link(session: Session, sandbox: Sandbox) -> str:
    """A token for an address that signs a browser in as the owner; it lasts a day."""
    token = fresh_token()
    link = LoginLink(
        token=hashed(token),
        account_id=sandbox.owner_id,
        sandbox_id=sandbox.id,
        expires=wall_now() + LINK_LASTS,
    )
    session.add(link)
    return token


def of_link(session: Session, token: str) -> tuple[Account, str]:
    """The account and sandbox id of a login link; 404 when there is none or it is too old."""
    link = session.get(LoginLink, hashed(token))
    account = session.get(Account, link.account_id) if link is not None else None
    if link is None or account is None or link.expires <= wall_now():
        raise Refusal("login_link.unknown", N_("This sign-in link is unknown or too old."), status=404)
    return account, link.sandbox_id


def api_token(session: Session, sandbox: Sandbox) -> str:
    """A new bearer token for a sandbox."""
    token = fresh_token()
    session.add(ApiToken(token=hashed(token), sandbox_id=sandbox.id, created=wall_now()))
    return token


def of_bearer(session: Session, header: str | None) -> Sandbox:
    """The sandbox of an Authorization header; 401 when it is missing or unknown."""
    scheme, _, token = (header or "").partition(" ")
    known = session.get(ApiToken, hashed(token.strip())) if scheme.lower() == "bearer" else None
    sandbox = session.get(Sandbox, known.sandbox_id) if known is not None else None
    if sandbox is None:
        raise Refusal(
            "token.unknown",
            N_("This call needs the bearer token of its sandbox."),
            remedy=N_(
                "Send the header Authorization: Bearer <token> with the token that its creation returned."
            ),
            status=401,
        )
    return sandbox


def forget_old(session: Session) -> None:
    """Remove what has run out: sessions, links, attempts."""
    now = wall_now()
    session.execute(delete(WebSession).where(WebSession.expires <= now))
    session.execute(delete(LoginLink).where(LoginLink.expires <= now))
    session.execute(delete(Attempt).where(Attempt.at <= now - ATTEMPT_WINDOW))
