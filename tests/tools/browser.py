"""Find a Chromium for the browser tests, or install one with the fonts for Chinese pages."""

import os
import shutil
import sys
from pathlib import Path

if __package__:
    from tests.tools.postgres import install
else:
    from postgres import install  # type: ignore[import-not-found,no-redef,unused-ignore]

NAMES = "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"
FONTS = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
ADVICE = "The browser tests need a browser: apt-get install chromium-headless-shell fonts-noto-cjk"


def find() -> str | None:
    """The browser's path: AUGUST_BROWSER when set, else the first of the usual names."""
    wanted = os.environ.get("AUGUST_BROWSER")
    return wanted or next((path for name in NAMES if (path := shutil.which(name))), None)


def find_or_install() -> str:
    """The browser's path; ends the process with one clear line when there is no way to have one."""
    path = find()
    if path is None:
        _ = install("chromium-headless-shell", "fonts-noto-cjk") or install("chromium", "fonts-noto-cjk")
        path = find()
    elif not FONTS.exists() and not install("fonts-noto-cjk"):
        print("Without fonts-noto-cjk the pictures show boxes for Chinese text.", file=sys.stderr)
    if path is None:
        raise SystemExit(ADVICE)
    return path


if __name__ == "__main__":
    find_or_install()
