"""What the commands of the Verified Center take."""

import msgspec


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A command's argument: every field has its name, no other is taken."""


class FileRef(Payload, frozen=True):
    """A file uploaded before, by the hash that came back, and what the store calls it."""

    hash: str
    name: str


class Apply(Payload, frozen=True):
    """Have a strength verified: what rule S3-review asks of its kind, as typed, and documents."""

    kind: str
    details: dict[str, str] = {}
    files: list[FileRef] = []


class Withdraw(Payload, frozen=True):
    """Take an application back while it is in review."""

    proof: int


class AddCase(Payload, frozen=True, kw_only=True):
    """An engineering case; `finished_on` is a month such as 2022-05, `value_usd` may stay empty."""

    title: str
    country: str
    finished_on: str
    description: str
    value_usd: str = ""
    files: list[FileRef]


class RemoveCase(Payload, frozen=True):
    """Show an engineering case no longer."""

    case: int
