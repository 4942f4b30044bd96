"""Copy what browsers need into dist/ under content-hash names, and list it in dist/manifest.json."""

import hashlib
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
STATIC = HERE / "static"
DIST = HERE / "dist"
COPIES = {
    "htmx.js": PACKAGES / "htmx.org/dist/htmx.min.js",
    "tabler.css": PACKAGES / "@tabler/core/dist/css/tabler.min.css",
    "echarts.js": PACKAGES / "echarts/dist/echarts.min.js",
}
ICONS = PACKAGES / "@tabler/icons/icons"
_map_comment = re.compile(rb"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")
_drawing = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_box = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" />')
OUTLINE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
FILLED = 'fill="currentColor" stroke="none"'


def icon_names() -> list[str]:
    """Read the names in icons.txt, in order."""
    lines = (line.strip() for line in (HERE / "icons.txt").read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def symbol(name: str) -> str:
    """Draw one icon as a symbol that carries its own paint, since `use` inherits none from the sprite."""
    filled = name.startswith("filled/")
    path = ICONS / (f"{name}.svg" if filled else f"outline/{name}.svg")
    found = _drawing.search(path.read_text("utf-8"))
    if found is None:
        raise ValueError(f"{path} holds no drawing")
    inside = " ".join(_box.sub("", found[1]).split())
    label = f"{name.removeprefix('filled/')}-filled" if filled else name
    return f'<symbol id="{label}" viewBox="0 0 24 24" {FILLED if filled else OUTLINE}>{inside}</symbol>'


def sprite() -> bytes:
    """Put all icons into one file."""
    symbols = "\n".join(symbol(name) for name in icon_names())
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'.encode()


def contents() -> dict[str, bytes]:
    """Collect every file by its plain name."""
    files = {name: _map_comment.sub(b"\n", path.read_bytes()) for name, path in COPIES.items()}
    files |= {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.is_file()}
    return files | {"icons.svg": sprite()}


def main() -> None:
    """Build dist/; files of earlier builds stay, so that a running server loses nothing."""
    if not PACKAGES.is_dir():
        sys.exit("frontend/node_modules is missing: run `npm ci` in frontend/ first (make does).")
    DIST.mkdir(exist_ok=True)
    manifest = {}
    for name, data in contents().items():
        stem, dot, ending = name.rpartition(".")
        manifest[name] = f"{stem}.{hashlib.sha256(data).hexdigest()[:12]}{dot}{ending}"
        (DIST / manifest[name]).write_bytes(data)
    # The manifest comes last and at once: whoever reads it finds every file it names.
    fresh = DIST / "manifest.json.new"
    fresh.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", "utf-8")
    fresh.replace(DIST / "manifest.json")
    print(f"{len(manifest)} files in frontend/dist")


if __name__ == "__main__":
    main()
