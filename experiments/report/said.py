"""How numbers are printed: the same in sentences and in cells, whatever the file."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from experiments.report.document import Cell, Paragraph, Table, Value

NOTHING = "–"


def number(value: float, digits: int) -> str:
    """Return a number with thousands separated; a dash where there is none, no minus before a zero."""
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text


def in_cell(cell: Cell, brief: bool = False) -> str:
    """Return a cell: the number with half of its interval where that is even, else with the ends; in brief without half."""
    if isinstance(cell, str):
        return cell
    text = number(cell.mean, cell.digits)
    if not cell.ranged or math.isnan(cell.mean) or (brief and cell.even):
        return text
    if cell.even:
        return f"{text} ±{number(cell.high - cell.mean, cell.digits)}"
    return f"{text} [{number(cell.low, cell.digits)}, {number(cell.high, cell.digits)}]"


def in_sentence(value: Value, lang: str) -> str:
    """Return a number with its unit and, in brackets, the ends of its interval."""
    blank = " " if lang == "en" and value.unit and value.unit[0].isalpha() else ""
    text = f"{number(value.mean, value.digits)}{blank}{value.unit}"
    if not value.ranged:
        return text
    return f"{text} [{number(value.low, value.digits)}, {number(value.high, value.digits)}]"


def sentence(one: Paragraph, lang: str) -> str:
    """Return a paragraph as text."""
    return "".join(in_sentence(part, lang) if isinstance(part, Value) else part for part in one.parts)


class Units(NamedTuple):
    """Where a table says its units: one of all in the caption, one for each column in its head, or one a row.

    Attributes:
        of_all: the unit of every number; empty where there are several.
        columns: unit of each column; empty where they differ within one.
        rows: unit of each row; empty where columns say it.
    """

    of_all: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]


def units(table: Table) -> Units:
    """Return where a table says its units."""
    columns = [_distinct(row.cells[place] for row in table.rows) for place in range(len(table.columns))]
    rows = [_distinct(row.cells) for row in table.rows]
    if len({unit for one in columns for unit in one}) <= 1 and all(columns):
        return Units(next(iter(columns[0]), ""), ("",) * len(columns), ("",) * len(rows))
    if all(len(one) <= 1 for one in columns):
        return Units("", tuple(next(iter(one), "") for one in columns), ("",) * len(rows))
    if all(len(one) <= 1 for one in rows):
        return Units("", ("",) * len(columns), tuple(next(iter(one), "") for one in rows))
    return Units("", tuple(" / ".join(sorted(one)) for one in columns), ("",) * len(rows))


def _distinct(cells: Iterable[Cell]) -> set[str]:
    """Return the units of some cells, those without one left out."""
    return {cell.unit for cell in cells if isinstance(cell, Value) and cell.unit}


class Grid(NamedTuple):
    """A table as text: heads, rows, and how many columns from the left are words."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int
    hidden: int


def grid(table: Table, lang: str, whole: bool = False) -> Grid:
    """Return a table as it is printed.

    Args:
        table: the table.
        lang: language of the words that are added.
        whole: whether all rows are wanted; else as many as documents show.
    """
    said, unit_head = units(table), "单位" if lang == "zh" else "unit"
    bars = ("（", "）") if lang == "zh" else (" (", ")")
    caption = f"{table.caption}{bars[0]}{said.of_all}{bars[1]}" if said.of_all else table.caption
    heads = [f"{name}{bars[0]}{unit}{bars[1]}" if unit else name for name, unit in zip(table.columns, said.columns, strict=True)]
    by_row = any(said.rows)
    rows = []
    for place, row in enumerate(table.rows):
        unit = (said.rows[place],) if by_row else ()
        labels = _without_repeats(row.labels, table.rows[place - 1].labels if place else ())
        rows.append((*labels, *unit, *(in_cell(cell, table.brief) for cell in row.cells)))
    shown = rows if whole else rows[: table.most]
    left = len(table.heads) + by_row
    return Grid(caption, (*table.heads, *([unit_head] if by_row else ()), *heads), tuple(shown), left, len(rows) - len(shown))


def _without_repeats(labels: tuple[str, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    """Return the labels of a row; the first ones, where they are those of the row before, are left out."""
    same = 0
    while before and same < len(labels) - 1 and labels[same] == before[same]:
        same += 1
    return ("",) * same + labels[same:]


def more_rows(count: int, lang: str) -> str:
    """Return where the rows are that a document leaves out."""
    return f"另有{count}行见Excel文件。" if lang == "zh" else f"{count} more rows stand in the workbook."


def is_number(text: str) -> bool:
    """Return whether a printed cell is a number, with or without an interval."""
    return text != NOTHING and text.startswith(tuple("0123456789-∞")) and not any(sign.isalpha() for sign in text)
