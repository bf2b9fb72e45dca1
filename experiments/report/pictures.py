"""Charts as bytes: the same figure as PNG for Word and as SVG for the page, without dates or versions inside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from experiments.charts.style import charted
from experiments.report.document import Document, Figure

DOTS = 150
"""Dots per inch of PNG pictures."""


class Picture(NamedTuple):
    """A drawn chart: PNG bytes, its size in inches, and SVG text; what was not asked for is empty."""

    png: bytes
    width: float
    height: float
    svg: str


Pictures = Sequence[Picture]


def draw_all(document: Document, png: bool = True, svg: bool = True) -> Pictures:
    """Return the pictures of a document's figures in their order.

    Raises:
        experiments.charts.fonts.MissingGlyphError: if a character cannot be drawn.
    """
    return [draw(figure, place, png, svg) for place, figure in enumerate(document.figures())]


def draw(figure: Figure, place: int, png: bool, svg: bool) -> Picture:
    """Return one chart as bytes; of an SVG the ids begin with its place, so that many can stand in one page."""
    drawn = figure.draw()
    dots, lines = BytesIO(), BytesIO()
    with charted():
        if png:
            drawn.savefig(dots, format="png", dpi=DOTS, metadata={"Software": None})
        if svg:
            drawn.savefig(lines, format="svg", metadata={"Date": None, "Creator": None})
    width, height = drawn.get_size_inches()
    text = _own_ids(lines.getvalue().decode("utf-8"), f"c{place + 1}-") if svg else ""
    return Picture(dots.getvalue(), float(width), float(height), text)


def _own_ids(svg: str, start: str) -> str:
    """Return the element ``svg`` with ids of its own, without prolog and comments, as wide as its place allows."""
    text = svg[svg.index("<svg") :]
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{start}', text)
    text = re.sub(r'href="#', f'href="#{start}', text)
    text = re.sub(r"url\(#", f"url(#{start}", text)
    head, _, rest = text.partition(">")
    head = re.sub(r' (width|height)="[^"]*"', "", head)
    return f"{head}>{rest}"
