"""Pages of headings: read from the outline of a PDF, and estimated where no word processor tells them."""

from __future__ import annotations

from experiments.report.office import outline_pages
from experiments.report.paging import PAGE_CM, Paging


def entry(number: int, title: str, page: int) -> bytes:
    return b"%d 0 obj\n<</Title<FEFF%s>/Dest[%d 0 R/XYZ 0 700 0]/Parent 9 0 R>>\nendobj\n" % (
        number,
        title.encode("utf-16-be").hex().upper().encode(),
        page,
    )


PDF = (
    b"%PDF-1.7\n4 0 obj\n<</Type/Page/Parent 8 0 R>>\nendobj\n6 0 obj\n<</Type/Page/Parent 8 0 R>>\nendobj\n"
    b"8 0 obj\n<</Type/Pages/Kids[ 4 0 R 6 0 R ]/Count 2>>\nendobj\n"
) + b"".join((entry(20, "一、 问题与回答", 4), entry(21, "（一）小节", 4), entry(22, "二、方法", 6)))


def test_pages_of_headings_come_from_the_outline():
    assert outline_pages(PDF, ["一、问题与回答", "二、方法"]) == [1, 2]
    assert outline_pages(PDF, ["一、问题与回答", "三、结果"]) is None
    assert outline_pages(b"%PDF-1.7", ["一、问题与回答"]) is None


def test_a_heading_moves_on_with_what_it_heads():
    paging = Paging()
    paging.heading(1, False, True)
    paging.figure(PAGE_CM - 7.0)
    # nothing but the heading would fit below the figure
    paging.heading(1, False, True)
    paging.heading(1, True, True)
    paging.heading(2, False, False)
    assert paging.found == [1, 2, 3]


def test_a_long_table_takes_as_many_pages_as_its_rows_need():
    paging = Paging()
    row = ("一" * 10, "1.0")
    paging.table([8.3, 8.3], [row] * 200, "")
    paging.heading(1, False, True)
    lines = 200 * 0.4 / PAGE_CM
    assert lines < paging.found[0] <= lines + 3
