"""The files of a report: each format by its writer, written in one step."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.report.document import Document
from experiments.store import TEMPORARY

if TYPE_CHECKING:
    from experiments.report.word import Pager

WORD, SHEETS, PAGE = "docx", "xlsx", "html"
FORMATS = (WORD, SHEETS, PAGE)
NEEDED = {WORD: "docx", SHEETS: "xlsxwriter", PAGE: "jinja2"}
"""Packages that formats need, by the names that they are imported by."""


def lacking(formats: Sequence[str]) -> list[str]:
    """Return the formats whose package is not installed."""
    from importlib.util import find_spec

    return [one for one in formats if find_spec(NEEDED[one]) is None]


def report_bytes(document: Document, formats: Sequence[str] = FORMATS, pager: Pager | None = None) -> dict[str, bytes]:
    """Return the files of a report by format; equal for equal reports. Charts are drawn once for all.

    Args:
        document: the report.
        formats: some of `FORMATS`.
        pager: tells the pages in Word's contents (`experiments.report.office.pages_of`); without one they are estimated.
    """
    from experiments.report.page import page_bytes
    from experiments.report.pictures import draw_all
    from experiments.report.sheets import sheet_bytes
    from experiments.report.word import word_bytes

    pictures = draw_all(document, png=WORD in formats, svg=PAGE in formats) if {WORD, PAGE} & set(formats) else ()
    makers = {
        WORD: lambda: word_bytes(document, pictures, pager),
        SHEETS: lambda: sheet_bytes(document),
        PAGE: lambda: page_bytes(document, pictures),
    }
    return {one: makers[one]() for one in formats}


def write_report(document: Document, folder: Path, formats: Sequence[str] = FORMATS) -> list[Path]:
    """Write a report into a folder as ``report-<lang>.<format>`` and return the paths.

    Where LibreOffice is installed it tells the pages that the contents of the Word file name.

    Raises:
        OSError: if the folder cannot be written.
    """
    from experiments.report import office

    made = report_bytes(document, formats, office.pages_of)
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / f"report-{document.lang}.{one}", content) for one, content in made.items()]


def _write(path: Path, content: bytes) -> Path:
    """Write a file in one step, so that nobody sees half of it."""
    draft = path.with_name(f"{TEMPORARY}{path.name}")
    draft.write_bytes(content)
    os.replace(draft, path)
    return path
