"""The lock files pin everything by hash and name no place to fetch it from."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r"\w+://|--(?:extra-)?index-url|--find-links|\"resolved\"")
PIN = re.compile(r"^[a-z0-9.-]+(?:\[[a-z,]+\])?==", re.IGNORECASE)


def problems(name: str, text: str) -> list[str]:
    """What is wrong with one lock file, a line each."""
    found = [
        f"{name}:{number}: names an address: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        if ADDRESS.search(line) and '"funding"' not in line and '"url"' not in line
    ]
    if name.endswith(".lock"):
        blocks = re.split(r"\n(?=\S)", text.strip())
        found += [
            f"{name}: {block.split()[0]} has no hash" for block in blocks if "--hash=sha256:" not in block
        ]
        found += [f"{name}: {block.split()[0]} is not pinned" for block in blocks if not PIN.match(block)]
    return found


def main() -> int:
    """Check all lock files; 1 when something is wrong."""
    names = "requirements.lock", "requirements-dev.lock", "frontend/package-lock.json"
    found = [line for name in names for line in problems(name, (ROOT / name).read_text(encoding="utf-8"))]
    print("\n".join(found) if found else f"locks: {len(names)} files, pinned and without addresses")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
