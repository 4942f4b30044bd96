"""What the commands about fees take."""

import msgspec


class BuyPackage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Nothing to say: there is one package."""
