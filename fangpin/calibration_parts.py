"""Parts of the page of a calibration: headings, paragraphs, figures and tables as HTML."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from html import escape

from experiments.labels import Label, Lang

_FIGURES = re.compile(r"[-+]?[\d.,e+-]+%?( – [-+]?[\d.,e+-]+)?")
"""A cell that holds one figure, or an interval."""


def escaped(label: Label, lang: Lang) -> str:
    """Return a text for a page."""
    return escape(label.said(lang))


def heading(label: Label, lang: Lang) -> str:
    """Return a heading."""
    return f"<h2>{escaped(label, lang)}</h2>"


def paragraph(label: Label, lang: Lang) -> str:
    """Return a paragraph."""
    return f"<p>{escaped(label, lang)}</p>"


def figure(value: float | None, digits: int = 3) -> str:
    """Return a figure; a dash for one that is not known."""
    return "–" if value is None or not math.isfinite(value) else f"{value:.{digits}g}"


def table(heads: Sequence[Label], rows: Sequence[Sequence[str]], lang: Lang, off: Sequence[bool] = ()) -> str:
    """Return a table; rows that are off stand out."""
    marked = list(off) or [False] * len(rows)
    text = [not any(_FIGURES.fullmatch(row[place]) for row in rows) for place in range(len(heads))]
    kinds = ['class="text"' if left else "" for left in text]
    top = "".join(f"<th {kind}>{escaped(head, lang)}</th>" for head, kind in zip(heads, kinds, strict=True))
    body = "".join(
        ('<tr class="off">' if odd else "<tr>")
        + "".join(f"<td {kind}>{escape(cell)}</td>" for cell, kind in zip(row, kinds, strict=True))
        + "</tr>\n"
        for row, odd in zip(rows, marked, strict=True)
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>\n{body}</tbody></table>"
