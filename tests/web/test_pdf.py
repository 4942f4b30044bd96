"""A table as PDF: pages, heads on each, Chinese, equal bytes."""

import re

from august.web.pdf import table_pdf

HEADS = ["订单", "Amount"]


def made(rows: int) -> bytes:
    return table_pdf(
        "服务费对账单 <b>",
        ["佛山木语家居 & Co."],
        HEADS,
        [[f"第 {number} 单", f"{number}.00"] for number in range(rows)],
        widths=[3, 1],
        numbers=frozenset({1}),
    )


def pages(data: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", data))


def test_a_long_table_goes_on_over_the_pages() -> None:
    short, long_ = made(1), made(120)
    assert short.startswith(b"%PDF-1.")
    assert (pages(short), pages(long_)) == (1, 4)


def test_the_font_is_named_and_not_put_in() -> None:
    assert b"/BaseFont /STSong-Light" in made(1)
    assert b"/FontFile" not in made(1)
    assert len(made(1)) < 8_000


def test_equal_tables_are_equal_bytes() -> None:
    assert made(40) == made(40)


def test_an_empty_table_is_its_heads() -> None:
    assert pages(made(0)) == 1
