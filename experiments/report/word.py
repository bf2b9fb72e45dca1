"""The report as a Word file: native headings, a contents field, captions that number themselves, Chinese fonts in the styles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from experiments.report.columns import WIDTH_CM, column_widths, padding, print_size
from experiments.report.document import Block, Document, Paragraph, Table
from experiments.report.paging import Paging
from experiments.report.pictures import Pictures
from experiments.report.said import grid, is_number, more_rows, sentence
from experiments.report.wordparts import (
    BLUE,
    BODY,
    GREY,
    HEADS,
    begin,
    cm,
    describe,
    element,
    end,
    field,
    fonts,
    language,
    link,
    margins,
    small,
)
from experiments.report.zipped import DATE, with_fixed_dates

TALLEST_CM = 21.0
LONGEST = 255
"""Letters of a property that Word takes."""
CONTENTS_STYLE = "toc 1"
LEVELS = 1
"""Levels of headings in the contents: few, so that the answer stands on the first page."""


Pager = Callable[[bytes, Sequence[str]], Sequence[int] | None]
"""Works out on which pages the headings of a file stand; None where it cannot."""


def word_bytes(document: Document, pictures: Pictures, pager: Pager | None = None) -> bytes:
    """Return the report as a ``.docx`` file; equal for equal reports.

    Args:
        document: the report.
        pictures: its figures, drawn (`experiments.report.pictures.draw_all`).
        pager: tells the pages that the contents name; without one they are estimated. Word works them out anew.
    """
    import docx

    paper = _Paper(docx.Document(), document, pictures)
    paper.write()
    found = pager(paper.content(), [text for _, text in paper.entries]) if pager else None
    if found:
        paper.name_pages(found)
    return with_fixed_dates(paper.content())


class _Paper:
    """A Word file being written."""

    def __init__(self, file: Any, document: Document, pictures: Pictures) -> None:
        """Start from the writer's plain template."""
        self.file, self.document, self.lang = file, document, document.lang
        self.pictures = pictures
        self.tables = self.figures = self.marks = 0
        self.entries = [(level, f"{number}{one.heading}") for level, number, one in document.numbered() if level <= LEVELS]
        self.pages: list[Any] = []
        self.paging = Paging()

    def write(self) -> None:
        """Write everything."""
        self._page()
        self._styles()
        self._properties()
        self._front()
        for level, number, section in self.document.numbered():
            heading = self.file.add_heading(f"{number}{section.heading}", min(level, 4))
            heading.paragraph_format.page_break_before = section.own_page
            self.paging.heading(level, section.own_page, level <= LEVELS)
            if level <= LEVELS:
                self._bookmark(heading)
            for block in section.blocks:
                self._block(block)
        self.name_pages(self.paging.found)

    def name_pages(self, pages: Sequence[int]) -> None:
        """Write the pages of the headings into the contents."""
        for run, page in zip(self.pages, pages, strict=True):
            run.text = str(page)

    def content(self) -> bytes:
        """Return the file as it stands."""
        made = BytesIO()
        self.file.save(made)
        return made.getvalue()

    # the paper ----------------------------------------------------------------------------------------------------

    def _page(self) -> None:
        """Set A4, margins, and what stands at the foot of every page."""
        from docx.shared import Cm

        section = self.file.sections[0]
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.2)
        section.top_margin, section.bottom_margin = Cm(2.2), Cm(2.0)
        foot = section.footer.paragraphs[0]
        foot.alignment = 1
        parts = (self.document.title, self.document.standing)
        foot.add_run(" · ".join(part for part in parts if part) + " · ")
        field(foot, "PAGE", "1")
        foot.add_run(" / ")
        field(foot, "NUMPAGES", "1")
        for run in foot.runs:
            small(run)

    def _styles(self) -> None:
        """Give every style its fonts; those of a theme would go before them."""
        from docx.shared import Pt, RGBColor

        styles = self.file.styles
        for name, size, bold in (("Normal", 10.5, False), ("Title", 22, True), ("Subtitle", 11, False), ("Heading 1", 16, True),
                                 ("Heading 2", 13, True), ("Heading 3", 11.5, True), ("Heading 4", 10.5, True),
                                 ("Caption", 9.5, True), ("List Bullet", 10.5, False)):  # fmt: skip
            style = styles[name]
            fonts(style, (HEADS if bold or name == "Subtitle" else BODY)[self.lang])
            style.font.size, style.font.bold = Pt(size), bold
            if bold:
                style.font.color.rgb = RGBColor.from_string(BLUE if name != "Caption" else GREY)
            style.font.italic = False
        _contents_style(styles)
        normal = styles["Normal"].paragraph_format
        normal.space_after, normal.line_spacing = Pt(6), 1.25
        styles["Caption"].paragraph_format.keep_with_next = True
        for name in ("Heading 1", "Heading 2", "Heading 3"):
            styles[name].paragraph_format.space_before, styles[name].paragraph_format.space_after = Pt(14), Pt(6)
        language(styles, self.lang)

    def _properties(self) -> None:
        """Set title and language; dates are fixed, so that equal reports are equal files."""
        core = self.file.core_properties
        core.title, core.author, core.last_modified_by = self.document.title[:LONGEST], "fangpin", "fangpin"
        core.subject, core.comments, core.keywords = self.document.standing[:LONGEST], "", ""
        core.created = core.modified = DATE
        core.language = "zh-CN" if self.lang == "zh" else "en"
        core.revision = 1

    def _front(self) -> None:
        """Write title, what stands below it, and the contents."""
        self.file.add_paragraph(self.document.title, style="Title")
        for line in self.document.lines:
            self.file.add_paragraph(line, style="Subtitle").paragraph_format.space_after = 0
        if self.document.standing:
            self.file.add_paragraph(self.document.standing, style="Subtitle")
        self._contents()

    def _contents(self) -> None:
        """Write the contents as a field that holds headings and pages already; Word works it out anew when it opens the file."""
        run = self.file.add_paragraph().add_run("目录" if self.lang == "zh" else "Contents")
        run.bold = True
        self.paging.lines(1)
        for place, (_, text) in enumerate(self.entries):
            line = self.file.add_paragraph(style=CONTENTS_STYLE)
            if place == 0:
                begin(line, f'TOC \\o "1-{LEVELS}" \\h \\z \\u', dirty=True)
            self.pages.append(link(line, _mark(place), text))
            if place == len(self.entries) - 1:
                end(line)
        self.paging.lines(len(self.entries))

    def _bookmark(self, heading: Any) -> None:
        """Mark a heading, so that the contents lead to it."""
        from docx.oxml.ns import qn

        start, end = element("w:bookmarkStart"), element("w:bookmarkEnd")
        for one in (start, end):
            one.set(qn("w:id"), str(self.marks))
        start.set(qn("w:name"), _mark(self.marks))
        # a paragraph's properties stay its first child
        heading._p.insert(1, start)
        heading._p.append(end)
        self.marks += 1

    # blocks -------------------------------------------------------------------------------------------------------

    def _block(self, block: Block) -> None:
        """Write a block."""
        if isinstance(block, Paragraph):
            self._paragraph(block)
        elif isinstance(block, Table):
            if not block.sheet_only:
                self._table(block)
        else:
            picture = self.pictures[self.figures]
            width = min(WIDTH_CM, TALLEST_CM * picture.width / picture.height)
            self.paging.figure(width * picture.height / picture.width)
            self._caption("图" if self.lang == "zh" else "Figure", self.figures + 1, block.caption)
            self.file.add_picture(BytesIO(picture.png), width=cm(width))
            describe(self.file.paragraphs[-1], block.caption)
            self.figures += 1

    def _paragraph(self, block: Paragraph) -> None:
        """Write a paragraph: the answer in bold, items with a dot, notes in small print."""
        style = "List Bullet" if block.kind == "item" else "Normal"
        text = sentence(block, self.lang)
        self.paging.text(text)
        run = self.file.add_paragraph(style=style).add_run(text)
        if block.kind in ("lead", "asked"):
            run.bold = True
        if block.kind == "note":
            small(run)

    def _caption(self, word: str, number: int, text: str) -> None:
        """Write a caption whose number is a field."""
        caption = self.file.add_paragraph(style="Caption")
        caption.add_run(f"{word} ")
        field(caption, f"SEQ {word} \\* ARABIC", str(number))
        caption.add_run(f"  {text}")

    def _table(self, table: Table) -> None:
        """Write a table with its caption above and its note below."""
        printed = grid(table, self.lang)
        notes = [table.note] if table.note else []
        if printed.hidden:
            notes.append(more_rows(printed.hidden, self.lang))
        self.tables += 1
        self._caption("表" if self.lang == "zh" else "Table", self.tables, printed.caption)
        drawn = self.file.add_table(rows=1 + len(printed.rows), cols=len(printed.heads), style="Table Grid")
        drawn.autofit = False
        margins(drawn, 0.38 * padding(len(printed.heads)))
        widths = column_widths(printed.heads, printed.rows)
        self.paging.table(widths, (printed.heads, *printed.rows), " ".join(notes))
        for place, width in enumerate(widths):
            drawn.columns[place].width = cm(width)
        right = [any(is_number(row[column]) for row in printed.rows) for column in range(len(printed.heads))]
        cells = drawn._cells
        for place, texts in enumerate((printed.heads, *printed.rows)):
            for column, text in enumerate(texts):
                cell = cells[place * len(printed.heads) + column]
                cell.width = cm(widths[column])
                _fill(cell, text, place, column >= printed.left and right[column], len(printed.heads))
            _whole(drawn.rows[place], head=place == 0)
        run = self.file.add_paragraph().add_run(" ".join(notes))
        small(run)


def _contents_style(styles: Any) -> None:
    """Add the style of entries of the contents by the name that Word knows: dots lead to the page at the right edge."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER

    style = styles.add_style(CONTENTS_STYLE, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    style.base_style = styles["Normal"]
    style.paragraph_format.tab_stops.add_tab_stop(cm(WIDTH_CM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    style.paragraph_format.space_after = cm(0.05)
    style.paragraph_format.line_spacing = 1.0


def _mark(place: int) -> str:
    """Return the name of the bookmark of a heading."""
    return f"_Toc{place + 1:06d}"


def _fill(cell: Any, text: str, row: int, right: bool, columns: int) -> None:
    """Write a cell: numbers to the right, heads in bold on grey; the head stays with the first rows."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    line = cell.paragraphs[0]
    line.paragraph_format.space_after, line.paragraph_format.line_spacing = Pt(0), 1.0
    line.paragraph_format.keep_with_next = row < 2
    run = line.add_run(text)
    run.font.size, run.font.bold = Pt(print_size(columns)), row == 0
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    if row == 0:
        shade = element("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), "E7ECF4")
        cell._tc.get_or_add_tcPr().append(shade)


def _whole(row: Any, head: bool) -> None:
    """Keep a row on one page; the head comes again on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(element("w:cantSplit"))
    if head:
        properties.append(element("w:tblHeader"))
