"""What the commands about benefits take."""

import msgspec


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A command's argument: every field has its name, no other is taken."""


class Claim(Payload, frozen=True):
    """Take a benefit that was issued and waits."""

    grant: int


class ActivateTrial(Payload, frozen=True):
    """Begin the trial of Data Advisor that was issued."""
