"""What a start of the program is told from outside."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[2]
# Rules, worlds and data are part of a release, like its code.
SEEDS = ROOT / "seeds"
NO = {"0", "no", "off", "false"}


class Settings(msgspec.Struct, frozen=True):
    """Where to listen, where data lies, and what strangers may do."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: str | None = None
    frontend: Path = ROOT / "frontend"
    secret: str | None = None
    guests: bool = True
    # A guest's sandboxes go after this many idle days (R8).
    guest_days: int = 7
    secure_cookies: bool = False
    # The few real-time chores; tests and one-off commands do without.
    chores: bool = True

    @property
    def worlds(self) -> Path:
        """The folder of SQLite worlds."""
        return self.data / "worlds"

    @property
    def files(self) -> Path:
        """The folder of uploaded files, shared by all worlds."""
        return self.data / "files"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from AUGUST_* variables and DATABASE_URL; ValueError names a variable that makes no sense."""
    env = os.environ if environ is None else environ
    return Settings(
        data=Path(env.get("AUGUST_DATA") or "data").absolute(),
        host=env.get("AUGUST_HOST") or "127.0.0.1",
        port=_number(env, "AUGUST_PORT", 8000),
        database_url=_driver(env.get("AUGUST_DATABASE_URL") or env.get("DATABASE_URL")),
        secret=env.get("AUGUST_SECRET") or None,
        guests=env.get("AUGUST_GUESTS", "1").strip().lower() not in NO,
        guest_days=_number(env, "AUGUST_GUEST_DAYS", 7),
        secure_cookies=env.get("AUGUST_SECURE_COOKIES", "0").strip().lower() not in NO,
    )


def _number(env: Mapping[str, str], name: str, otherwise: int) -> int:
    text = env.get(name) or str(otherwise)
    if not text.isascii() or not text.isdigit():
        msg = f"{name} must be a whole number, not {text!r}"
        raise ValueError(msg)
    return int(text)


def _driver(url: str | None) -> str | None:
    """Name the driver we bring: plain postgres addresses would look for another one."""
    for plain in ("postgres://", "postgresql://"):
        if url and url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url or None
