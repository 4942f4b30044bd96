"""The drawings behind product pictures: 400 x 400, colours filled in by name."""


def _box(x: int, y: int, w: int, h: int, fill: str, rx: int = 6) -> str:
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{rx}" fill="{{{fill}}}"/>'


def _disc(x: int, y: int, r: int, fill: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{r}" fill="{{{fill}}}"/>'


def _path(d: str, fill: str) -> str:
    return f'<path d="{d}" fill="{{{fill}}}"/>'


def _line(d: str, colour: str, width: int = 8) -> str:
    return (
        f'<path d="{d}" fill="none" stroke="{{{colour}}}" stroke-width="{width}"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )


LEGS = _box(80, 300, 14, 40, "shade", 3) + _box(306, 300, 14, 40, "shade", 3)

SHAPES: dict[str, tuple[str, ...]] = {
    "sofa": (
        _box(70, 160, 260, 90, "main", 26)
        + _box(50, 200, 56, 105, "shade", 22)
        + _box(294, 200, 56, 105, "shade", 22)
        + _box(96, 228, 104, 56, "light", 14)
        + _box(200, 228, 104, 56, "light", 14)
        + _box(80, 270, 240, 36, "main", 10)
        + LEGS,
        _box(60, 150, 280, 100, "main", 18)
        + _box(60, 236, 280, 66, "shade", 16)
        + _box(74, 170, 80, 70, "light", 12)
        + _box(160, 170, 80, 70, "light", 12)
        + _box(246, 170, 80, 70, "light", 12)
        + _box(60, 296, 110, 30, "main", 10)
        + LEGS,
    ),
    "chair": (
        _box(130, 90, 140, 130, "main", 34)
        + _box(118, 210, 164, 40, "light", 16)
        + _line("M136 250L118 340M264 250L282 340M160 250L156 330M240 250L244 330", "shade", 10),
        _box(148, 80, 104, 140, "main", 20)
        + _box(126, 214, 148, 30, "light", 12)
        + _line("M200 244V306M200 306L140 336M200 306L260 336", "shade", 10),
    ),
    "table": (
        _box(60, 170, 280, 26, "main", 8)
        + _box(60, 190, 280, 8, "shade", 2)
        + _line("M86 198L74 330M314 198L326 330", "shade", 14),
        '<ellipse cx="200" cy="180" rx="150" ry="34" fill="{main}"/>'
        '<ellipse cx="200" cy="174" rx="150" ry="30" fill="{light}"/>'
        + _path("M186 206H214L232 320H168Z", "shade")
        + _box(140, 316, 120, 16, "shade", 8),
    ),
    "bed": (
        _box(70, 110, 260, 120, "main", 18)
        + _box(60, 210, 280, 90, "light", 16)
        + _box(90, 190, 96, 40, "back", 14)
        + _box(214, 190, 96, 40, "back", 14)
        + _box(60, 256, 280, 54, "shade", 12)
        + LEGS,
    ),
    "cabinet": (
        _box(80, 110, 240, 200, "main", 8)
        + _box(92, 122, 104, 176, "light", 4)
        + _box(204, 122, 104, 176, "light", 4)
        + _disc(186, 210, 6, "shade")
        + _disc(214, 210, 6, "shade")
        + _box(96, 310, 14, 26, "shade", 3)
        + _box(290, 310, 14, 26, "shade", 3),
        _box(60, 180, 280, 110, "main", 8)
        + _box(70, 190, 84, 90, "light", 4)
        + _box(158, 190, 84, 42, "light", 4)
        + _box(158, 238, 84, 42, "light", 4)
        + _box(246, 190, 84, 90, "light", 4)
        + _line("M84 290L78 330M316 290L322 330", "shade", 10),
    ),
    "lamp": (
        _path("M150 90H250L286 200H114Z", "light")
        + _box(193, 200, 14, 120, "shade", 4)
        + _box(148, 316, 104, 16, "main", 8),
        _line("M200 40V120", "shade", 6)
        + _path("M110 220Q120 120 200 116Q280 120 290 220Z", "main")
        + _disc(200, 226, 26, "light"),
    ),
    "dress": (
        _path("M160 70L180 96H220L240 70L256 120L232 176L290 330H110L168 176L144 120Z", "main")
        + _box(166, 170, 68, 14, "shade", 4),
        _path("M152 80H248L240 170L280 250L266 334H134L120 250L160 170Z", "main")
        + _path("M160 170H240L244 184H156Z", "light")
        + _path("M124 252L276 252L270 276H130Z", "shade"),
    ),
    "skirt": (
        _box(140, 110, 120, 24, "shade", 6)
        + _path("M142 134H258L306 310H94Z", "main")
        + _line("M168 140L150 306M200 140V306M232 140L250 306", "light", 5),
    ),
    "tshirt": (
        _path("M150 90Q200 130 250 90L330 140L300 196L268 178V320H132V178L100 196L70 140Z", "main")
        + _path("M150 90Q200 130 250 90L236 84Q200 110 164 84Z", "shade"),
        _path("M150 86H250L320 150L300 260H272V320H128V260H100L80 150Z", "main")
        + _line("M200 96V320", "light", 5)
        + _disc(200, 150, 5, "shade")
        + _disc(200, 200, 5, "shade")
        + _disc(200, 250, 5, "shade")
        + _path("M160 84L200 124L240 84L226 76H174Z", "shade"),
    ),
    "jacket": (
        _path("M146 84H254L326 140L306 300H272V326H128V300H94L74 140Z", "main")
        + _line("M200 100V324", "shade", 6)
        + _box(146, 240, 36, 44, "light", 6)
        + _box(218, 240, 36, 44, "light", 6)
        + _path("M150 84Q200 44 250 84L200 130Z", "shade"),
    ),
    "jeans": (
        _path("M136 80H264L286 336H222L200 160L178 336H114Z", "main")
        + _box(134, 74, 132, 22, "shade", 4)
        + _line("M150 110Q166 134 180 108M220 108Q234 134 250 110", "light", 5),
    ),
    "hat": (
        '<ellipse cx="200" cy="256" rx="140" ry="34" fill="{shade}"/>'
        + _path("M116 250Q116 120 200 120Q284 120 284 250Q200 280 116 250Z", "main")
        + _path("M116 236Q200 268 284 236V252Q200 282 116 252Z", "light"),
        _path("M100 250Q104 130 200 130Q296 130 300 250Z", "main")
        + _path("M92 250H300Q350 256 356 282Q270 262 92 268Z", "shade")
        + _disc(200, 130, 9, "light"),
    ),
    "scarf": (
        _path("M120 110Q200 60 280 110Q300 160 200 176Q100 160 120 110Z", "main")
        + _path("M170 160L150 330H206L214 172Z", "shade")
        + _path("M214 168L230 320H282L250 156Z", "main")
        + _line("M156 290H204M228 286H276", "light", 7),
    ),
    "bag": (
        _line("M144 150Q150 80 200 80Q250 80 256 150", "shade", 12)
        + _box(96, 146, 208, 180, "main", 22)
        + _box(96, 196, 208, 14, "shade", 2)
        + _box(180, 186, 40, 36, "light", 6),
        _box(116, 96, 168, 230, "main", 50)
        + _box(136, 214, 128, 92, "light", 18)
        + _line("M170 96Q170 66 200 66Q230 66 230 96", "shade", 10)
        + _line("M146 240H254", "shade", 5),
    ),
    "suitcase": (
        _line("M160 112V66H240V112", "shade", 10)
        + _box(112, 108, 176, 210, "main", 20)
        + _line("M146 120V306M182 120V306M218 120V306M254 120V306", "light", 6)
        + _disc(140, 328, 12, "shade")
        + _disc(260, 328, 12, "shade"),
    ),
    "shoe": (
        _path("M70 210L150 190Q180 240 250 246Q330 254 334 290H70Z", "main")
        + _box(66, 286, 272, 24, "light", 12)
        + _line("M150 214L176 200M172 230L198 214M196 242L222 228", "shade", 6),
    ),
    "boot": (
        _path("M130 80H220V226Q300 232 312 296H130Z", "main")
        + _box(122, 292, 196, 26, "shade", 8)
        + _line("M150 110H200M150 140H200M150 170H200", "light", 6),
    ),
    "ring": (
        '<circle cx="200" cy="190" r="96" fill="none" stroke="{main}" stroke-width="8"/>'
        + _path("M200 270L228 304L200 342L172 304Z", "light")
        + _path("M200 270L228 304H172Z", "shade"),
    ),
    "box": (
        _path("M200 110L320 160V280L200 334L80 280V160Z", "main")
        + _path("M200 110L320 160L200 212L80 160Z", "light")
        + _path("M200 212V334L320 280V160Z", "shade"),
        _box(90, 170, 220, 150, "main", 6)
        + _box(80, 140, 240, 44, "shade", 6)
        + _box(188, 140, 24, 180, "light", 0)
        + _line("M200 140Q150 80 150 116Q160 140 200 140Q250 80 250 116Q240 140 200 140", "light", 8),
    ),
    "bottle": (
        _box(172, 70, 56, 34, "shade", 6)
        + _path("M176 104H224V134Q262 150 262 190V330H138V190Q138 150 176 134Z", "main")
        + _box(138, 210, 124, 80, "light", 0),
        _box(164, 84, 72, 30, "shade", 8)
        + _box(140, 110, 120, 220, "main", 24)
        + _box(156, 160, 88, 120, "light", 10),
    ),
    "plate": (
        '<ellipse cx="200" cy="230" rx="150" ry="60" fill="{main}"/>'
        '<ellipse cx="200" cy="222" rx="110" ry="40" fill="{light}"/>'
        + _path("M140 110H260Q256 190 200 192Q144 190 140 110Z", "shade"),
    ),
    "vase": (
        _path("M170 110H230L224 160Q290 210 262 300L246 336H154L138 300Q110 210 176 160Z", "main")
        + _line("M190 110Q170 60 140 50M204 110Q206 50 220 36M214 110Q250 70 268 74", "shade", 5)
        + _disc(140, 50, 14, "light")
        + _disc(220, 40, 14, "light")
        + _disc(268, 74, 12, "light"),
    ),
    "blind": (
        _box(70, 70, 260, 22, "shade", 4)
        + "".join(
            _box(80, y, 240, 14, "main" if i % 2 else "light", 3) for i, y in enumerate(range(100, 310, 22))
        ),
    ),
    "mat": (
        _path("M90 130H250V320H90Z", "main")
        + _path("M250 130Q310 130 310 190Q310 230 270 230Q250 226 250 200Z", "shade")
        + _disc(278, 190, 16, "light"),
    ),
    "dumbbell": (
        _box(110, 190, 180, 26, "shade", 8)
        + _box(80, 140, 44, 126, "main", 12)
        + _box(276, 140, 44, 126, "main", 12)
        + _box(56, 164, 28, 78, "light", 8)
        + _box(316, 164, 28, 78, "light", 8),
    ),
    "tent": (
        _path("M200 90L350 320H50Z", "main")
        + _path("M200 90L260 320H140Z", "shade")
        + _path("M200 130L226 320H174Z", "light"),
    ),
    "toy": (
        _box(90, 220, 100, 90, "main", 8)
        + _box(200, 220, 110, 90, "light", 8)
        + _box(140, 124, 110, 90, "shade", 8)
        + _disc(166, 116, 12, "shade")
        + _disc(222, 116, 12, "shade"),
    ),
    "bear": (
        _disc(136, 110, 32, "shade")
        + _disc(264, 110, 32, "shade")
        + _disc(200, 160, 84, "main")
        + _disc(200, 280, 74, "main")
        + _disc(200, 184, 34, "light")
        + _disc(172, 144, 8, "back")
        + _disc(228, 144, 8, "back")
        + _disc(200, 174, 10, "shade"),
    ),
    "car": (
        _path("M60 250L96 180H250L306 232L344 244V286H60Z", "main")
        + _path("M116 194H176V232H98Z", "light")
        + _path("M188 194H242L276 232H188Z", "light")
        + _disc(120, 290, 34, "shade")
        + _disc(280, 290, 34, "shade")
        + _disc(120, 290, 14, "back")
        + _disc(280, 290, 14, "back"),
    ),
    "bicycle": (
        '<circle cx="110" cy="260" r="66" fill="none" stroke="{shade}" stroke-width="10"/>'
        '<circle cx="290" cy="260" r="66" fill="none" stroke="{shade}" stroke-width="10"/>'
        + _line(
            "M110 260L170 160H262L290 260M170 160L206 260H110M206 260L262 160"
            "L250 124H276M170 160L160 134H140",
            "main",
            9,
        ),
    ),
    "gear": (
        "".join(
            '<rect x="184" y="72" width="32" height="256" rx="6" fill="{shade}"'
            f' transform="rotate({angle} 200 200)"/>'
            for angle in (0, 45, 90, 135)
        )
        + _disc(200, 200, 100, "main")
        + _disc(200, 200, 42, "back"),
    ),
    "machine": (
        _box(60, 200, 280, 110, "main", 8)
        + _box(84, 120, 120, 84, "light", 8)
        + _box(220, 150, 96, 54, "shade", 8)
        + _disc(110, 256, 18, "back")
        + _disc(160, 256, 18, "back")
        + _box(220, 236, 96, 44, "back", 6)
        + _box(70, 310, 40, 22, "shade", 4)
        + _box(290, 310, 40, 22, "shade", 4),
        _box(80, 90, 240, 220, "main", 10)
        + _box(100, 112, 130, 110, "back", 8)
        + _box(248, 112, 54, 60, "light", 6)
        + _disc(262, 200, 8, "shade")
        + _disc(286, 200, 8, "shade")
        + _box(100, 246, 200, 16, "shade", 4)
        + _line("M166 112V160L150 190H182L166 160", "shade", 6)
        + _box(64, 306, 272, 20, "shade", 6),
    ),
    "excavator": (
        _box(80, 280, 180, 44, "shade", 22)
        + _path("M96 190H196V278H96Z", "main")
        + _box(150, 140, 60, 70, "light", 6)
        + _line("M200 230L276 130L336 220", "main", 18)
        + _path("M316 212H356L346 256L312 246Z", "shade"),
    ),
    "tile": (
        _path("M200 110L350 200L200 290L50 200Z", "main")
        + _path("M125 155L275 245L200 290L50 200Z", "light")
        + _line("M125 155L275 245M275 155L125 245", "back", 5)
        + _path("M50 200L200 290V308L50 218Z", "shade"),
    ),
    "window": (
        _box(80, 80, 240, 240, "shade", 6)
        + _box(96, 96, 98, 208, "light", 2)
        + _box(206, 96, 98, 208, "light", 2)
        + _line("M120 190L160 130M232 200L280 130", "back", 6)
        + _box(184, 190, 8, 40, "main", 3),
    ),
    "door": (
        _box(122, 60, 156, 280, "shade", 4)
        + _box(134, 72, 132, 268, "main", 2)
        + _box(152, 92, 96, 90, "light", 3)
        + _box(152, 210, 96, 104, "light", 3)
        + _disc(250, 204, 8, "shade"),
    ),
    "drum": (
        _box(116, 100, 168, 220, "main", 14)
        + '<ellipse cx="200" cy="102" rx="84" ry="24" fill="{light}"/>'
        + _box(110, 160, 180, 14, "shade", 6)
        + _box(110, 250, 180, 14, "shade", 6)
        + _disc(240, 100, 9, "shade"),
    ),
    "earphone": (
        _line("M100 230Q100 100 200 100Q300 100 300 230", "shade", 16)
        + _box(78, 216, 48, 90, "main", 22)
        + _box(274, 216, 48, 90, "main", 22)
        + _box(120, 226, 16, 70, "light", 8)
        + _box(264, 226, 16, 70, "light", 8),
    ),
    "speaker": (
        _box(116, 70, 168, 260, "main", 24)
        + _disc(200, 136, 36, "shade")
        + _disc(200, 136, 14, "light")
        + _disc(200, 246, 62, "shade")
        + _disc(200, 246, 26, "light"),
    ),
    "battery": (
        _box(110, 130, 180, 180, "main", 16)
        + _box(140, 104, 36, 30, "shade", 4)
        + _box(224, 104, 36, 30, "shade", 4)
        + _path("M210 160L164 232H196L186 288L238 208H204Z", "light"),
    ),
    "watch": (
        _box(160, 50, 80, 300, "shade", 24)
        + _box(124, 116, 152, 168, "main", 40)
        + _box(142, 134, 116, 132, "back", 26)
        + _line("M200 160V204L228 222", "main", 7),
    ),
    "brush": (
        "".join(
            _box(x, 180, 16, 150, "shade", 8)
            + _box(x - 4, 160, 24, 30, "light", 4)
            + _path(f"M{x - 8} 162Q{x + 8} {top} {x + 24} 162Z", "main")
            for x, top in ((110, 40), (170, 20), (230, 40), (290, 70))
        ),
    ),
    "camera": (
        _box(70, 150, 200, 90, "main", 30)
        + _disc(120, 195, 34, "shade")
        + _disc(120, 195, 18, "light")
        + _path("M240 170L330 130V150L270 210Z", "shade")
        + _box(318, 100, 20, 160, "light", 4),
    ),
    "chip": (
        _box(70, 110, 260, 190, "main", 10)
        + _box(150, 160, 100, 90, "shade", 6)
        + _line(
            "M96 140H140M96 170H140M96 240H140M260 180H304M260 210H304M260 240H304M190 126V154M214 126V154",
            "light",
            6,
        ),
    ),
    "screen": (
        _box(70, 90, 260, 180, "shade", 12)
        + _box(84, 104, 232, 152, "light", 4)
        + _box(180, 270, 40, 40, "main", 2)
        + _box(130, 306, 140, 18, "main", 8)
        + _line("M110 210L160 160L200 190L280 130", "main", 7),
    ),
    "kiosk": (
        _box(110, 60, 180, 280, "main", 12)
        + _box(126, 80, 110, 180, "back", 6)
        + _box(246, 90, 30, 50, "light", 4)
        + "".join(
            _box(136 + 32 * i, y, 22, 36, "shade" if i % 2 else "light", 4)
            for y in (92, 146, 200)
            for i in range(3)
        )
        + _box(126, 280, 110, 34, "shade", 6),
    ),
    "ship": (
        _path("M50 250H350L310 320H100Z", "shade")
        + _box(100, 200, 60, 50, "main", 2)
        + _box(164, 200, 60, 50, "light", 2)
        + _box(164, 146, 60, 50, "main", 2)
        + _box(228, 200, 60, 50, "main", 2)
        + _box(300, 160, 28, 90, "back", 2),
    ),
}
