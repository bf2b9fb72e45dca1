"""A report between the stored results and the files: sections of paragraphs, tables and figures, with numbers that stay numbers.

Every figure that a reader meets is a `Value` made once from stored results. Words, tables and sheets show the same one, so that
they cannot disagree.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import TYPE_CHECKING, NamedTuple

from experiments.harmless import plain_name
from experiments.intervals import Estimate
from experiments.labels import Lang

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn

    from experiments.targets import Chance

MOST_ROWS = 40
"""Rows of a table that Word and the page show; the sheets have all."""


class Value(NamedTuple):
    """A number with where it comes from.

    Attributes:
        key: what it is, such as ``relapse_net/kept/2023``; equal keys have equal numbers.
        mean: the number; NaN where there is none.
        low, high: ends of its 95% interval, or of the band that the table names; NaN without one.
        runs: repetitions behind it; 0 where it is a plain number.
        digits: decimals shown.
        unit: its unit in words; empty for counts without one, and for probabilities.
        ends: whether the interval is always told by its ends, as that of a probability.
    """

    key: str
    mean: float
    low: float = math.nan
    high: float = math.nan
    runs: int = 0
    digits: int = 0
    unit: str = ""
    ends: bool = False

    @property
    def ranged(self) -> bool:
        """Whether it has an interval."""
        return not (math.isnan(self.low) or math.isnan(self.high))

    @property
    def even(self) -> bool:
        """Whether the interval reaches equally far to both sides."""
        above, below = self.high - self.mean, self.mean - self.low
        return self.ranged and not self.ends and math.isclose(above, below, rel_tol=1e-6, abs_tol=1e-12)

    def turned(self) -> Value:
        """Return the number for the opposite direction: fewer instead of more."""
        return self._replace(mean=-self.mean, low=-self.high, high=-self.low)

    def bare(self) -> Value:
        """Return the number without its interval."""
        return self._replace(low=math.nan, high=math.nan)


def chance_value(key: str, chance: Chance, percent: bool = False) -> Value:
    """Return a probability as a value, in per cent where it stands in a sentence."""
    scale, digits, unit = (100.0, 0, "%") if percent else (1.0, 2, "")
    share, low, high = (scale * part for part in chance[:3])
    return Value(key, share, low, high, chance.runs, digits, unit, True)


def value_of(key: str, found: Estimate, digits: int, unit: str = "", scale: float = 1.0) -> Value:
    """Return an estimate as a value."""
    return Value(key, found.mean * scale, found.low * scale, found.high * scale, found.runs, digits, unit)


Cell = Value | str
Part = Value | str


@dataclass(frozen=True)
class Paragraph:
    """Words with numbers among them.

    Attributes:
        parts: texts and values in their order.
        kind: ``text``, ``lead`` (the answer), ``item`` of a list, or ``note`` in small print.
    """

    parts: tuple[Part, ...]
    kind: str = "text"


def paragraph(text: str, kind: str = "text", /, **given: Part) -> Paragraph:
    """Return a paragraph from a text with names in braces, each filled with a value or a word."""
    parts: list[Part] = []
    for before, name, _, _ in Formatter().parse(text):
        if before:
            parts.append(before)
        if name is not None:
            parts.append(given[name])
    return Paragraph(tuple(parts), kind)


def plain(text: str, kind: str = "text") -> Paragraph:
    """Return a paragraph of words alone, braces and all."""
    return Paragraph((text,), kind)


class Row(NamedTuple):
    """A row of a table: what it is, and a cell for each column."""

    labels: tuple[str, ...]
    cells: tuple[Cell, ...]


class Chart(NamedTuple):
    """The chart that a sheet draws of its own cells: of a long table each row is a series, of another each column.

    Attributes:
        kind: ``line``, ``column`` or ``bar``.
        rows: places of the rows drawn; of a table that is not long they follow each other.
        title, axis: of the chart and of its axis of values.
        columns: how many columns of the table, from the first, are drawn.
    """

    kind: str
    rows: tuple[int, ...]
    title: str
    axis: str
    columns: int


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        key: short name in Latin letters, unique in the document: name of its sheet.
        caption: what it shows.
        heads: names of the columns of labels.
        across: what the columns are, such as years.
        columns: names of the columns of cells.
        rows: its rows.
        note: what must be known to read it.
        most: rows that documents show; sheets have all.
        sheet_only: whether it stands in the workbook alone.
        chart: what the workbook draws of it; None for nothing.
        long: whether its cells are observations of one thing, such as years: its sheet has a row for each. Else its columns are
            different things, and its sheet has a row for each of its rows.
        brief: whether documents leave out the halves of intervals; sheets have them.
    """

    key: str
    caption: str
    heads: tuple[str, ...]
    across: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    most: int = MOST_ROWS
    sheet_only: bool = False
    chart: Chart | None = None
    long: bool = True
    brief: bool = False

    def __post_init__(self) -> None:
        """Check that rows fit the heads.

        Raises:
            ValueError: if one does not.
        """
        for row in self.rows:
            if len(row.labels) != len(self.heads) or len(row.cells) != len(self.columns):
                raise ValueError(f"table {self.key}: a row has {len(row.labels)} labels and {len(row.cells)} cells")


@dataclass(frozen=True)
class Figure:
    """A chart drawn from the same results.

    Attributes:
        key: short name in Latin letters.
        caption: what it shows.
        draw: draws it.
    """

    key: str
    caption: str
    draw: Callable[[], Drawn]


Block = Paragraph | Table | Figure


@dataclass(frozen=True)
class Section:
    """A part of a report: heading, blocks, parts of its own; whether it stands on pages of its own in print."""

    heading: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = ()
    own_page: bool = False


@dataclass(frozen=True)
class Document:
    """A report.

    Attributes:
        lang: its language.
        title: its title.
        lines: what stands below the title: place, policies, years.
        sections: its sections.
        standing: a line on every page about who may see it; empty for none.
    """

    lang: Lang
    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    standing: str = ""
    words: dict[str, str] = field(default_factory=dict, compare=False)

    def numbered(self) -> Iterator[tuple[int, str, Section]]:
        """Yield every section with its level from 1 on and its number in print."""
        for place, section in enumerate(self.sections, 1):
            yield from _numbered(section, (place,), self.lang)

    def blocks(self) -> Iterator[Block]:
        """Yield every block in the order of the document."""
        for _, _, section in self.numbered():
            yield from section.blocks

    def tables(self) -> list[Table]:
        """Return all tables."""
        return [block for block in self.blocks() if isinstance(block, Table)]

    def figures(self) -> list[Figure]:
        """Return all figures."""
        return [block for block in self.blocks() if isinstance(block, Figure)]

    def spoken(self) -> list[Value]:
        """Return the values in sentences."""
        return [
            part for block in self.blocks() if isinstance(block, Paragraph) for part in block.parts if isinstance(part, Value)
        ]


_DIGITS = "零一二三四五六七八九"


def _chinese(number: int) -> str:
    """Return a number from 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else _DIGITS[tens]) + "十") + (_DIGITS[ones] if ones or not tens else "")


def _numbered(section: Section, path: tuple[int, ...], lang: Lang) -> Iterator[tuple[int, str, Section]]:
    """Yield a section and its parts; Chinese ones are numbered as official papers are: 一、（一）1."""
    level = len(path)
    if lang == "en":
        number = ".".join(map(str, path)) + " "
    else:
        number = (f"{_chinese(path[0])}、", f"（{_chinese(path[-1])}）", f"{path[-1]}. ")[min(level, 3) - 1]
    yield level, number, section
    for place, part in enumerate(section.parts, 1):
        yield from _numbered(part, (*path, place), lang)


def harmless(document: Document) -> Document:
    """Return the document with every text without control, direction and unassigned characters."""

    def cell(one: Cell) -> Cell:
        return one._replace(key=clean(one.key), unit=clean(one.unit)) if isinstance(one, Value) else clean(one)

    def block(one: Block) -> Block:
        if isinstance(one, Paragraph):
            return replace(one, parts=tuple(_part(part) for part in one.parts))
        if isinstance(one, Figure):
            return replace(one, caption=_capital(clean(one.caption)))
        rows = tuple(Row(tuple(map(clean, row.labels)), tuple(map(cell, row.cells))) for row in one.rows)
        heads, columns = tuple(map(clean, one.heads)), tuple(map(clean, one.columns))
        chart = one.chart and one.chart._replace(title=clean(one.chart.title), axis=clean(one.chart.axis))
        told = replace(one, caption=_capital(clean(one.caption)), across=clean(one.across), note=clean(one.note), chart=chart)
        return replace(told, heads=heads, columns=columns, rows=rows)

    def section(one: Section) -> Section:
        return Section(clean(one.heading), tuple(map(block, one.blocks)), tuple(map(section, one.parts)), one.own_page)

    return replace(
        document,
        title=clean(document.title),
        lines=tuple(map(clean, document.lines)),
        sections=tuple(map(section, document.sections)),
        standing=clean(document.standing),
    )


def _capital(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def clean(text: str) -> str:
    """Return a text in one line, without control, direction and unassigned characters."""
    return plain_name(text, None)


def _part(part: Part) -> Part:
    """Return a part of a paragraph, clean; the blanks at its ends stay."""
    if isinstance(part, Value):
        return part._replace(key=clean(part.key), unit=clean(part.unit))
    head = " " if part[:1].isspace() else ""
    tail = " " if part[1:] and part[-1:].isspace() else ""
    return head + clean(part) + tail


def all_of(sections: Sequence[Section | None]) -> tuple[Section, ...]:
    """Return the sections that there are."""
    return tuple(section for section in sections if section is not None)
