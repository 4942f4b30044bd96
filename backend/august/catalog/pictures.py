"""Product pictures drawn by the server: a shape and a number give one pleasant SVG, always the same."""

import re
from functools import lru_cache
from hashlib import blake2b

from august.catalog.shapes import SHAPES
from august.kernel.errors import Refusal
from august.kernel.words import N_

NAME = re.compile(r"([a-z]+)-(\d{1,6})")
# main, shade, light, background, floor: quiet colours that go together.
PALETTES = (
    ("#b9825b", "#8a5a3b", "#e2bd9c", "#f6efe7", "#e9dccd"),
    ("#5f7f95", "#3f5a6c", "#a9c1cf", "#eef3f5", "#dbe5ea"),
    ("#7d8f69", "#576a45", "#bccaa9", "#f2f5ec", "#e0e7d5"),
    ("#b5655a", "#86443b", "#e0aaa1", "#f8eeec", "#ecd9d5"),
    ("#6b6a8c", "#484768", "#b3b2cc", "#f0f0f5", "#dfdfe9"),
    ("#c59a3f", "#94712a", "#ecd59b", "#faf5e8", "#efe5c9"),
    ("#4f8a83", "#33635d", "#9fcac4", "#ebf4f2", "#d5e7e4"),
    ("#77706a", "#524c47", "#bdb6ae", "#f3f1ee", "#e3dfda"),
    ("#a3668b", "#764463", "#d6aec7", "#f7eff4", "#eadae4"),
    ("#3f5f8f", "#29436a", "#9ab3d6", "#edf1f7", "#d8e1ed"),
)
GROUNDS = (
    '<rect x="0" y="300" width="400" height="100" fill="{floor}"/>',
    '<circle cx="200" cy="200" r="165" fill="{floor}"/>',
    '<path d="M0 330Q200 270 400 330V400H0Z" fill="{floor}"/>',
    '<rect x="36" y="36" width="328" height="328" rx="28" fill="{floor}"/>',
)


def is_picture(name: str) -> bool:
    """Whether a name such as ``sofa-123`` can be drawn."""
    found = NAME.fullmatch(name)
    return found is not None and found[1] in SHAPES


@lru_cache(maxsize=512)
def picture_svg(name: str) -> str:
    """The picture as a self-contained 400 x 400 SVG; a refusal (404) for an unknown name."""
    found = NAME.fullmatch(name)
    if found is None or found[1] not in SHAPES:
        raise Refusal(
            "picture.unknown", N_("There is no picture {name}."), params={"name": name[:60]}, status=404
        )
    dice = blake2b(name.encode(), digest_size=8).digest()
    main, shade, light, back, floor = PALETTES[dice[0] % len(PALETTES)]
    colours = {"main": main, "shade": shade, "light": light, "back": back, "floor": floor}
    ground = GROUNDS[dice[1] % len(GROUNDS)]
    drawings = SHAPES[found[1]]
    drawing = drawings[dice[2] % len(drawings)]
    # Mirrored and scaled a little, so that two sofas of one store are not one sofa.
    scale = 88 + dice[3] % 17
    mirror = "-" if dice[4] % 2 else ""
    place = f"translate(200 205) scale({mirror}{scale / 100:.2f} {scale / 100:.2f}) translate(-200 -200)"
    body = (ground + f'<g transform="{place}">{drawing}</g>').format(**colours)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">'
        f'<rect width="400" height="400" fill="{back}"/>{body}</svg>'
    )
