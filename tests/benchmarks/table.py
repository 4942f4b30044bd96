"""Numbers of a benchmark as a table on the terminal."""

import sys
from collections.abc import Sequence


def quantile(values: Sequence[float], share: float) -> float:
    """The value that so great a share of the values does not exceed; of none it is not defined."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; the first column is words, the others are numbers."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    lines = ["", "", title]
    for row in (head, ["-" * width for width in widths], *rows):
        numbers = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append("  ".join([row[0].ljust(widths[0]), *numbers]))
    sys.stdout.write("\n".join(lines) + "\n")
