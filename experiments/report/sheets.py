"""The report as a workbook: contents, the text, one tidy sheet a table with units, and charts drawn of its own cells."""

from __future__ import annotations

import math
from collections.abc import Callable
from io import BytesIO
from typing import Any, NamedTuple

from experiments.harmless import sheet_cell
from experiments.report.document import Cell, Chart, Document, Paragraph, Table, Value
from experiments.report.said import sentence, units
from experiments.report.zipped import DATE, with_fixed_dates

LONGEST = 255
"""Letters of a property that Excel takes."""
LONGEST_SHEET = 31
"""Letters of a sheet's name that Excel takes."""
HEAD_ROW = 3
"""Row of the heads of a table, counted from 0: caption, note and the way back stand above."""
SHORT = 40
"""Rows up to which a chart stands below its table."""
WORDS = {
    "unit": ("单位", "unit"),
    "value": ("数值", "value"),
    "half": ("±（95%半宽）", "± (half of 95%)"),
    "low": ("下限", "low"),
    "high": ("上限", "high"),
    "runs": ("重复次数", "repetitions"),
    "word": ("文字", "word"),
}
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito (2008), as in all charts."""
DASHES = ("solid", "dash", "round_dot", "dash_dot", "long_dash", "long_dash_dot", "square_dot")
MARKERS = ("circle", "square", "triangle", "diamond", "x", "plus", "star")


def sheet_bytes(document: Document) -> bytes:
    """Return the report as an ``.xlsx`` file; equal for equal reports."""
    import xlsxwriter

    content = BytesIO()
    # no text is ever taken for a formula, a number or an address
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
               "nan_inf_to_errors": False}  # fmt: skip
    book = xlsxwriter.Workbook(content, options)
    _Book(book, document).write()
    book.close()
    return with_fixed_dates(content.getvalue())


class _Book:
    """A workbook being written."""

    def __init__(self, book: Any, document: Document) -> None:
        """Prepare the formats."""
        self.book, self.document, self.lang = book, document, document.lang
        font = {"font_name": "微软雅黑" if self.lang == "zh" else "Calibri", "font_size": 10}
        self.plain = book.add_format(font)
        self.title = book.add_format({**font, "bold": True, "font_size": 14})
        self.heading = book.add_format({**font, "bold": True, "font_size": 12})
        self.head = book.add_format(
            {**font, "bold": True, "bg_color": "#E7ECF4", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.note = book.add_format({**font, "font_color": "#595959"})
        self.wrapped = book.add_format({**font, "text_wrap": True, "valign": "top"})
        self.bold = book.add_format({**font, "text_wrap": True, "valign": "top", "bold": True})
        self.link = book.add_format({**font, "font_color": "#1F3864", "underline": 1})
        self.font, self.numbers = font, dict[int, Any]()

    def said(self, word: str) -> str:
        """Return a word of the heads."""
        return WORDS[word][0 if self.lang == "zh" else 1]

    def say(self, zh: str, en: str) -> str:
        """Return a text in the report's language."""
        return zh if self.lang == "zh" else en

    def number(self, digits: int) -> Any:
        """Return the format of numbers with so many decimals."""
        if digits not in self.numbers:
            shape = "#,##0" + ("." + "0" * digits if digits else "")
            self.numbers[digits] = self.book.add_format({**self.font, "num_format": shape})
        return self.numbers[digits]

    def write(self) -> None:
        """Write all sheets."""
        self.book.set_properties({"title": self.document.title[:LONGEST], "author": "fangpin", "created": DATE,
                                  "subject": self.document.standing[:LONGEST], "comments": ""})  # fmt: skip
        contents = self.book.add_worksheet(self.say("目录", "contents"))
        text = self.book.add_worksheet(self.say("正文", "text"))
        spoken = self.book.add_worksheet(self.say("文中数字", "numbers in text"))
        sheets = [
            (table, self.book.add_worksheet(name)) for table, name in zip(self.document.tables(), self._names(), strict=True)
        ]
        self._contents(contents, [(table, sheet.get_name(), self._table(sheet, table)) for table, sheet in sheets])
        self._text(text)
        self._spoken(spoken)

    def _names(self) -> list[str]:
        """Return the names of the sheets: the keys of the tables, which are our own and never a name from outside."""
        return [table.key[:LONGEST_SHEET] for table in self.document.tables()]

    # sheets -------------------------------------------------------------------------------------------------------

    def _contents(self, sheet: Any, tables: list[tuple[Table, str, int]]) -> None:
        """Write which sheets there are, what each holds and how many rows it has."""
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 90)
        sheet.set_column(2, 2, 10)
        sheet.write_string(0, 0, sheet_cell(self.document.title, None), self.title)
        lines = (*self.document.lines, *([self.document.standing] if self.document.standing else []))
        for place, line in enumerate(lines, 1):
            sheet.write_string(place, 0, sheet_cell(line, None), self.note)
        row = len(lines) + 2
        for column, head in enumerate((self.say("表", "sheet"), self.say("内容", "what it holds"), self.say("行数", "rows"))):
            sheet.write_string(row, column, head, self.head)
        own = [(self.say("正文", "text"), self.say("报告全文", "the report's text")),
               (self.say("文中数字", "numbers in text"), self.say("句子里的每个数字", "every number in a sentence"))]  # fmt: skip
        for place, (name, what) in enumerate(own, row + 1):
            sheet.write_url(place, 0, f"internal:'{name}'!A1", self.link, name)
            sheet.write_string(place, 1, what, self.plain)
        for place, (table, name, count) in enumerate(tables, row + 1 + len(own)):
            sheet.write_url(place, 0, f"internal:'{name}'!A1", self.link, name)
            sheet.write_string(place, 1, sheet_cell(table.caption, None), self.plain)
            sheet.write_number(place, 2, count, self.number(0))
        self._paper(sheet)

    def _text(self, sheet: Any) -> None:
        """Write the paragraphs of the report under their headings."""
        sheet.set_column(0, 0, 120)
        row = 0
        for _, number, section in self.document.numbered():
            sheet.write_string(row, 0, sheet_cell(f"{number}{section.heading}", None), self.heading)
            row += 1
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    form = self.bold if block.kind in ("lead", "asked") else self.wrapped
                    sheet.write_string(row, 0, sheet_cell(sentence(block, self.lang), None), form)
                    row += 1
        self._paper(sheet)

    def _spoken(self, sheet: Any) -> None:
        """Write every number that stands in a sentence, with what it is."""
        heads = (self.say("代号", "key"), *(self.said(word) for word in ("unit", "value", "low", "high", "runs")))
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self.head)
        for place, value in enumerate(self.document.spoken(), 1):
            sheet.write_string(place, 0, sheet_cell(value.key, None), self.plain)
            sheet.write_string(place, 1, sheet_cell(value.unit, None), self.plain)
            for column, number in enumerate((value.mean, value.low, value.high), 2):
                self._number(sheet, place, column, number, value.digits)
            if value.runs:
                sheet.write_number(place, 5, value.runs, self.number(0))
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 5, 14)
        sheet.freeze_panes(1, 1)
        self._paper(sheet, 0)

    def _number(self, sheet: Any, row: int, column: int, number: float, digits: int) -> None:
        """Write a number; nothing where there is none."""
        if math.isfinite(number):
            sheet.write_number(row, column, number, self.number(digits))

    # tables -------------------------------------------------------------------------------------------------------

    def _table(self, sheet: Any, table: Table) -> int:
        """Write a table, an observation a row, and its chart; return how many rows it has."""
        sheet.write_string(0, 0, sheet_cell(table.caption, None), self.heading)
        sheet.write_string(1, 0, sheet_cell(table.note, None), self.note)
        sheet.write_url(
            2, 0, f"internal:'{self.say('目录', 'contents')}'!A1", self.link, self.say("返回目录", "back to contents")
        )
        laid = _long(table, self.said) if table.long else _wide(table, self.said)
        for column, head in enumerate(laid.heads):
            sheet.write_string(HEAD_ROW, column, sheet_cell(head, None), self.head)
        for place, cells in enumerate(laid.rows, HEAD_ROW + 1):
            for column, cell in enumerate(cells):
                self._cell(sheet, place, column, cell)
        sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + max(len(laid.rows), 1), len(laid.heads) - 1)
        sheet.freeze_panes(HEAD_ROW + 1, 0)
        self._columns(sheet, laid)
        self._paper(sheet, HEAD_ROW)
        if table.chart is not None and table.rows:
            self._chart(sheet, table, table.chart, laid)
        return len(laid.rows)

    def _cell(self, sheet: Any, row: int, column: int, cell: Laid) -> None:
        """Write a word as text and a number as a number."""
        if isinstance(cell, str):
            sheet.write_string(row, column, sheet_cell(cell, None), self.plain)
        elif cell is not None:
            self._number(sheet, row, column, *cell)

    def _columns(self, sheet: Any, laid: Sheet) -> None:
        """Set the widths of the columns."""
        from experiments.charts.style import text_width

        for column, head in enumerate(laid.heads):
            texts = [row[column] for row in laid.rows]
            longest = max([text_width(text) for text in texts if isinstance(text, str)] + [min(text_width(head), 14)])
            sheet.set_column(column, column, min(max(longest + 2, 9), 70))

    def _paper(self, sheet: Any, heads: int | None = None) -> None:
        """Set how a sheet is printed: A4 across, as wide as the page, the row of heads on every page."""
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if heads is not None:
            sheet.repeat_rows(heads)
        sheet.set_footer("&L&A&R&P / &N")

    def _chart(self, sheet: Any, table: Table, wanted: Chart, laid: Sheet) -> None:
        """Draw a chart of the sheet's own cells."""
        chart = self.book.add_chart({"type": wanted.kind})
        name = sheet.get_name()
        if table.long:
            self._by_row(chart, table, wanted, name)
        else:
            self._by_column(chart, wanted, name, laid)
        chart.set_title({"name": chart_text(wanted.title), "overlay": False, "name_font": {"size": 11}})
        values = {"name": chart_text(wanted.axis), "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}}
        names = {"reverse": wanted.kind == "bar", "label_position": "low"}
        # bars lie: what is counted stands across
        across = wanted.kind == "bar"
        chart.set_x_axis(values if across else names)
        chart.set_y_axis(names if across else values)
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 760, "height": 440})
        # below a short table, so that print stays large; beside a long one
        below = len(laid.rows) <= SHORT
        place = (HEAD_ROW + len(laid.rows) + 2, 0) if below else (HEAD_ROW, len(laid.heads) + 1)
        sheet.insert_chart(*place, chart, {"description": sheet_cell(wanted.title, None)})

    def _by_row(self, chart: Any, table: Table, wanted: Chart, name: str) -> None:
        """Add a series for each row of a long sheet: its observations lie below each other."""
        labels = len(table.heads)
        for number, row in enumerate(wanted.rows):
            first = HEAD_ROW + 1 + row * len(table.columns)
            last = first + wanted.columns - 1
            half = f"='{name}'!${_letter(labels + 3)}${first + 1}:${_letter(labels + 3)}${last + 1}"
            even = all(isinstance(cell, Value) and cell.even for cell in table.rows[row].cells[: wanted.columns])
            bars = {"y_error_bars": {"type": "custom", "plus_values": half, "minus_values": half}} if even else {}
            chart.add_series({
                "name": [name, first, labels - 1],
                "categories": [name, first, labels, last, labels],
                "values": [name, first, labels + 2, last, labels + 2],
                "line": {"color": COLOURS[number % len(COLOURS)], "width": 2, "dash_type": DASHES[number % len(DASHES)]},
                "marker": {"type": MARKERS[number % len(MARKERS)], "size": 6},
                **bars,
            })  # fmt: skip

    def _by_column(self, chart: Any, wanted: Chart, name: str, laid: Sheet) -> None:
        """Add a series for each column of a wide sheet."""
        first, last = HEAD_ROW + 1 + wanted.rows[0], HEAD_ROW + 1 + wanted.rows[-1]
        for number, column in enumerate(laid.values[: wanted.columns]):
            chart.add_series({
                "name": [name, HEAD_ROW, column],
                "categories": [name, first, 0, last, laid.labels - 1],
                "values": [name, first, column, last, column],
                "fill": {"color": COLOURS[number % len(COLOURS)]},
                "border": {"color": "#333333", "width": 0.5},
            })  # fmt: skip


Laid = str | tuple[float, int] | None
"""A cell of a sheet: a word, a number with its decimals, or nothing."""


class Sheet(NamedTuple):
    """A table as it is laid out in a sheet.

    Attributes:
        heads: of all columns.
        rows: cells.
        labels: how many columns from the left are labels.
        values: places of the columns of values, one for each column of the table; of a long sheet the one.
    """

    heads: list[str]
    rows: list[list[Laid]]
    labels: int
    values: list[int]


def _long(table: Table, said: Callable[[str], str]) -> Sheet:
    """Lay a table out with a row for each of its cells: labels, column, unit, value, half, ends, repetitions, word."""
    ends = ("unit", "value", "half", "low", "high", "runs", "word")
    rows: list[list[Laid]] = []
    for row in table.rows:
        for name, cell in zip(table.columns, row.cells, strict=True):
            told: list[Laid] = ["", None, None, None, None, None, cell] if isinstance(cell, str) else _told(cell)
            rows.append([*row.labels, name, *told])
    labels = len(table.heads)
    return Sheet([*table.heads, table.across, *(said(word) for word in ends)], rows, labels, [labels + 2])


def _told(value: Value) -> list[Laid]:
    """Return unit, number, half of the interval, its ends, repetitions, and no word."""
    half = value.high - value.mean if value.even else math.nan
    numbers: list[Laid] = [(number, value.digits) for number in (value.mean, half, value.low, value.high)]
    return [value.unit, *numbers, (float(value.runs), 0) if value.runs else None, ""]


def _wide(table: Table, said: Callable[[str], str]) -> Sheet:
    """Lay a table out as it is, the ends of intervals in columns of their own, units in heads or in a column."""
    told = units(table)
    by_row = any(told.rows)
    heads, values = [*table.heads, *([said("unit")] if by_row else [])], []
    labels = len(heads)
    ranged = [any(isinstance(row.cells[place], Value) and row.cells[place].ranged for row in table.rows)  # type: ignore[union-attr]
              for place in range(len(table.columns))]  # fmt: skip
    for place, name in enumerate(table.columns):
        unit = told.of_all or told.columns[place]
        values.append(len(heads))
        heads.append(f"{name} [{unit}]" if unit else name)
        heads += [f"{name} {said(word)}" for word in ("low", "high")] if ranged[place] else []
    rows: list[list[Laid]] = []
    for number, row in enumerate(table.rows):
        line: list[Laid] = [*row.labels, *([told.rows[number]] if by_row else [])]
        for place, cell in enumerate(row.cells):
            line += _placed(cell, ranged[place])
        rows.append(line)
    return Sheet(heads, rows, labels, values)


def _placed(cell: Cell, ranged: bool) -> list[Laid]:
    """Return a cell of a wide sheet, with the ends of its interval where the column has them."""
    if isinstance(cell, str):
        return [cell, None, None] if ranged else [cell]
    numbers = (cell.mean, cell.low, cell.high) if ranged else (cell.mean,)
    return [(number, cell.digits) for number in numbers]


def chart_text(text: str) -> str:
    """Return a text for a chart of the workbook: the mark by which its writer knows references to cells becomes a wide one."""
    return sheet_cell(text).replace("!", "！")


def _letter(column: int) -> str:
    """Return the name of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
