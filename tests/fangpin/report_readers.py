"""What Word, Excel and the page say, read back as a reader's program would: text, cells, numbers."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile


@cache
def page_of(path: Path) -> Page:
    """A page, read once."""
    return Page(path)


@cache
def book_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The sheets of a workbook with their rows, read once."""
    import openpyxl

    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path, read_only=True)}


def word_text(path: Path) -> str:
    """All text of a Word file, tables included, a line a paragraph or cell."""
    import docx

    file = docx.Document(str(path))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in file.paragraphs), *cells])


def word_tables(path: Path) -> list[list[list[str]]]:
    """The tables of a Word file: rows of texts, the head first."""
    import docx

    return [[[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(str(path)).tables]


def member(path: Path, name: str) -> str:
    """A file inside an Office file."""
    with ZipFile(path) as packed:
        return packed.read(name).decode("utf-8")


def sheet_rows(path: Path, sheet: str) -> list[list[object]]:
    """The rows of a table's sheet below its heads."""
    return [list(row) for row in book_of(path)[sheet][4:] if any(cell is not None for cell in row)]


def sheet_heads(path: Path, sheet: str) -> list[str]:
    """The heads of a table's sheet."""
    return [str(cell) for cell in book_of(path)[sheet][3] if cell is not None]


class Page(HTMLParser):
    """The parts of a page that tests ask about."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.addresses, self.numbers = "", list[str](), list[str](), dict[str, float]()
        self.cells: dict[str, list[list[str]]] = {}
        self.table, self.inside = "", False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "xlink:href", "action", "data") and value]
        if tag == "table":
            self.table = str(given["id"]).removeprefix("t-")
            self.cells[self.table] = []
        if tag == "tr" and self.table:
            self.cells[self.table].append([])
        if tag in ("td", "th") and self.table:
            self.cells[self.table][-1].append("")
            self.inside = True
        if tag == "data" and "data-key" in given:
            self.numbers[str(given["data-key"])] = float(str(given["value"]))

    def handle_endtag(self, tag):
        if tag == "table":
            self.table = ""
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data):
        self.text += data
        if self.table and self.inside:
            self.cells[self.table][-1][-1] += data


def outside(page: Path) -> list[str]:
    """Addresses in a page that lead out of it."""
    text = page.read_text(encoding="utf-8")
    found = [one for one in page_of(page).addresses if not one.startswith(("#", "data:"))]
    return [*found, *re.findall(r"url\((?!#|data:)[^)]*\)", text), *re.findall(r"@import[^;]*", text)]
