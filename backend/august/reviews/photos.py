"""Pictures that a buyer can put beside a review: drawn by the server, each order its own."""

from collections.abc import Sequence

OFFERED = 6
FIRST, SPAN = 900_000, 90_000


def offered(images: Sequence[str], luck: int) -> list[str]:
    """The names of the pictures offered for an order of a product with these images."""
    stem = str(images[0]).rpartition("-")[0] if images else "box"
    return [f"{stem}-{FIRST + (luck + number) % SPAN}" for number in range(OFFERED)]
