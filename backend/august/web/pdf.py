"""Tables as PDF, in a font that every reader of PDF has for Chinese and for English."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer

# Named in the file, not put into it: the reader brings it.
FONT = "STSong-Light"
TEXT = ParagraphStyle("text", fontName=FONT, fontSize=8, leading=10, wordWrap="CJK")
NUMBER = ParagraphStyle("number", parent=TEXT, alignment=TA_RIGHT)
TITLE = ParagraphStyle("title", parent=TEXT, fontSize=14, leading=18)
MARGIN = 14 * mm
LINE, HEAD = HexColor("#c8ccd2"), HexColor("#f1f3f5")


def table_pdf(
    title: str,
    notes: Sequence[str],
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
    numbers: frozenset[int],
) -> bytes:
    """A titled table over as many pages as it needs, its heads on each; equal input gives equal bytes.

    `widths` are shares of the page's width, `numbers` the columns that are set to the right.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    size = landscape(A4)
    usable = size[0] - 2 * MARGIN
    whole = sum(widths)
    cells = [
        [Paragraph(escape(text), NUMBER if place in numbers else TEXT) for place, text in enumerate(row)]
        for row in (heads, *rows)
    ]
    drawn = LongTable(cells, colWidths=[usable * width / whole for width in widths], repeatRows=1)
    drawn.setStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
            ("BACKGROUND", (0, 0), (-1, 0), HEAD),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    story: list[Any] = [Paragraph(escape(title), TITLE)]
    story += [Paragraph(escape(note), TEXT) for note in notes]
    buffer = BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=size, title=title, author="August", invariant=1,
        leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
    )  # fmt: skip
    document.build([*story, Spacer(1, 4 * mm), drawn], onFirstPage=_number, onLaterPages=_number)
    return buffer.getvalue()


def _number(canvas: Any, document: Any) -> None:
    """The page's number at its foot."""
    canvas.setFont(FONT, 8)
    canvas.drawRightString(document.pagesize[0] - MARGIN, 8 * mm, str(document.page))
