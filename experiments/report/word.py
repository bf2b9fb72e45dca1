"""The report as a Word file: native headings, a contents field, captions that number themselves, Chinese fonts in the styles."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from experiments.report.document import Block, Document, Paragraph, Table
from experiments.report.pictures import Pictures
from experiments.report.said import grid, is_number, more_rows, sentence
from experiments.report.zipped import DATE, with_fixed_dates

BODY = {"zh": ("Times New Roman", "宋体"), "en": ("Calibri", "宋体")}
HEADS = {"zh": ("Arial", "黑体"), "en": ("Calibri", "黑体")}
"""Fonts by language: of Latin letters, and of Chinese characters. They are on every Windows; elsewhere the reader's program
takes another Chinese font."""
WIDTH_CM = 16.6
"""Width of the text."""
TALLEST_CM = 21.0
LETTER_CM, PADDING_CM = 0.168, 0.5
"""Width of half a Chinese character in a table, and of what stands around the text of a cell."""
LONGEST = 255
"""Letters of a property that Word takes."""
LEVELS = 1
"""Levels of headings in the contents: few, so that the answer stands on the first page."""
BLUE, GREY = "1F3864", "595959"


def word_bytes(document: Document, pictures: Pictures) -> bytes:
    """Return the report as a ``.docx`` file; equal for equal reports.

    Args:
        document: the report.
        pictures: its figures, drawn (`experiments.report.pictures.draw_all`).
    """
    import docx

    paper = _Paper(docx.Document(), document, pictures)
    paper.write()
    content = BytesIO()
    paper.file.save(content)
    return with_fixed_dates(content.getvalue())


class _Paper:
    """A Word file being written."""

    def __init__(self, file: Any, document: Document, pictures: Pictures) -> None:
        """Start from the writer's plain template."""
        self.file, self.document, self.lang = file, document, document.lang
        self.pictures = pictures
        self.tables = self.figures = self.marks = 0

    def write(self) -> None:
        """Write everything."""
        self._page()
        self._styles()
        self._properties()
        self._front()
        for level, number, section in self.document.numbered():
            heading = self.file.add_heading(f"{number}{section.heading}", min(level, 4))
            heading.paragraph_format.page_break_before = section.own_page
            if level <= LEVELS:
                self._bookmark(heading)
            for block in section.blocks:
                self._block(block)

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
        _field(foot, "PAGE", "1")
        foot.add_run(" / ")
        _field(foot, "NUMPAGES", "1")
        for run in foot.runs:
            _small(run)

    def _styles(self) -> None:
        """Give every style its fonts; those of a theme would go before them."""
        from docx.shared import Pt, RGBColor

        styles = self.file.styles
        for name, size, bold in (("Normal", 10.5, False), ("Title", 22, True), ("Subtitle", 11, False), ("Heading 1", 16, True),
                                 ("Heading 2", 13, True), ("Heading 3", 11.5, True), ("Heading 4", 10.5, True),
                                 ("Caption", 9.5, True), ("List Bullet", 10.5, False)):  # fmt: skip
            style = styles[name]
            _fonts(style, (HEADS if bold or name == "Subtitle" else BODY)[self.lang])
            style.font.size, style.font.bold = Pt(size), bold
            if bold:
                style.font.color.rgb = RGBColor.from_string(BLUE if name != "Caption" else GREY)
            style.font.italic = False
        normal = styles["Normal"].paragraph_format
        normal.space_after, normal.line_spacing = Pt(6), 1.25
        styles["Caption"].paragraph_format.keep_with_next = True
        for name in ("Heading 1", "Heading 2", "Heading 3"):
            styles[name].paragraph_format.space_before, styles[name].paragraph_format.space_after = Pt(14), Pt(6)
        _language(styles, self.lang)

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
        """Write the contents as a field with the headings in it already; Word adds page numbers when it works the field out."""
        entries = [(level, f"{number}{one.heading}") for level, number, one in self.document.numbered() if level <= LEVELS]
        head = self.file.add_paragraph()
        run = head.add_run("目录" if self.lang == "zh" else "Contents")
        run.bold = True
        first = self.file.add_paragraph()
        _begin(first, f'TOC \\o "1-{LEVELS}" \\h \\z \\u', dirty=True)
        line = first
        for place, (level, text) in enumerate(entries):
            line = first if place == 0 else self.file.add_paragraph()
            line.paragraph_format.left_indent = _cm(0.6 * (level - 1))
            line.paragraph_format.space_after = _cm(0.05)
            line.paragraph_format.line_spacing = 1.0
            _link(line, _mark(place), text)
        _end(line)

    def _bookmark(self, heading: Any) -> None:
        """Mark a heading, so that the contents lead to it."""
        from docx.oxml.ns import qn

        start, end = _element("w:bookmarkStart"), _element("w:bookmarkEnd")
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
            self._caption("图" if self.lang == "zh" else "Figure", self.figures + 1, block.caption)
            picture = self.pictures[self.figures]
            width = min(WIDTH_CM, TALLEST_CM * picture.width / picture.height)
            self.file.add_picture(BytesIO(picture.png), width=_cm(width))
            _describe(self.file.paragraphs[-1], block.caption)
            self.figures += 1

    def _paragraph(self, block: Paragraph) -> None:
        """Write a paragraph: the answer in bold, items with a dot, notes in small print."""
        style = "List Bullet" if block.kind == "item" else "Normal"
        run = self.file.add_paragraph(style=style).add_run(sentence(block, self.lang))
        if block.kind in ("lead", "asked"):
            run.bold = True
        if block.kind == "note":
            _small(run)

    def _caption(self, word: str, number: int, text: str) -> None:
        """Write a caption whose number is a field."""
        caption = self.file.add_paragraph(style="Caption")
        caption.add_run(f"{word} ")
        _field(caption, f"SEQ {word} \\* ARABIC", str(number))
        caption.add_run(f"  {text}")

    def _table(self, table: Table) -> None:
        """Write a table with its caption above and its note below."""
        printed = grid(table, self.lang)
        self.tables += 1
        self._caption("表" if self.lang == "zh" else "Table", self.tables, printed.caption)
        drawn = self.file.add_table(rows=1 + len(printed.rows), cols=len(printed.heads), style="Table Grid")
        drawn.autofit = False
        widths = _widths(printed.heads, printed.rows)
        for place, width in enumerate(widths):
            drawn.columns[place].width = _cm(width)
        right = [any(is_number(row[column]) for row in printed.rows) for column in range(len(printed.heads))]
        cells = drawn._cells
        for place, texts in enumerate((printed.heads, *printed.rows)):
            for column, text in enumerate(texts):
                cell = cells[place * len(printed.heads) + column]
                cell.width = _cm(widths[column])
                _fill(cell, text, place == 0, column >= printed.left and right[column], len(printed.heads))
            _whole(drawn.rows[place], head=place == 0)
        notes = [table.note] if table.note else []
        if printed.hidden:
            notes.append(more_rows(printed.hidden, self.lang))
        run = self.file.add_paragraph().add_run(" ".join(notes))
        _small(run)


def _mark(place: int) -> str:
    """Return the name of the bookmark of a heading."""
    return f"_Toc{place + 1:06d}"


def _cm(size: float) -> Any:
    """Return a length."""
    from docx.shared import Cm

    return Cm(size)


def _element(name: str) -> Any:
    """Return a new element."""
    from docx.oxml import OxmlElement

    return OxmlElement(name)


def _small(run: Any) -> None:
    """Set small grey print."""
    from docx.shared import Pt, RGBColor

    run.font.size, run.font.color.rgb = Pt(8.5), RGBColor.from_string(GREY)


def _fonts(style: Any, names: tuple[str, str]) -> None:
    """Set the fonts of a style for Latin letters and for Chinese characters."""
    from docx.oxml.ns import qn

    style.font.name = names[0]
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(key), names[0])
    fonts.set(qn("w:eastAsia"), names[1])
    for key in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(key), None)


def _language(styles: Any, lang: str) -> None:
    """Set the language of the text, which hyphenation, line breaks and spelling follow."""
    from docx.oxml.ns import qn

    for found in styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), "en-US")
        found.set(qn("w:eastAsia"), "zh-CN")
    fonts = styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:rFonts')}")
    if fonts is not None:
        fonts.attrib.clear()
        fonts.set(qn("w:ascii"), BODY[lang][0])
        fonts.set(qn("w:hAnsi"), BODY[lang][0])
        fonts.set(qn("w:eastAsia"), BODY[lang][1])


def _char(line: Any, kind: str) -> Any:
    """Add the begin, the middle or the end of a field."""
    from docx.oxml.ns import qn

    mark = _element("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    line.add_run()._r.append(mark)
    return mark


def _begin(line: Any, code: str, dirty: bool = False) -> None:
    """Begin a field; a dirty one is worked out again when Word opens the file."""
    from docx.oxml.ns import qn

    mark = _char(line, "begin")
    if dirty:
        mark.set(qn("w:dirty"), "true")
    text = _element("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {code} "
    line.add_run()._r.append(text)
    _char(line, "separate")


def _end(line: Any) -> None:
    """End a field."""
    _char(line, "end")


def _field(line: Any, code: str, shown: str) -> None:
    """Add a field with what it shows until it is worked out."""
    _begin(line, code)
    line.add_run(shown)
    _end(line)


def _link(line: Any, mark: str, text: str) -> None:
    """Add an entry of the contents: a link to the heading."""
    from docx.oxml.ns import qn

    link = _element("w:hyperlink")
    link.set(qn("w:anchor"), mark)
    link.set(qn("w:history"), "1")
    before = len(line._p)
    line.add_run(text)
    for run in list(line._p)[before:]:
        link.append(run)
    line._p.append(link)


def _describe(line: Any, text: str) -> None:
    """Give a picture its description, for readers that cannot see it."""
    from docx.oxml.ns import qn

    for found in line._p.iter(qn("wp:docPr")):
        found.set("descr", text)


def _fill(cell: Any, text: str, head: bool, right: bool, columns: int) -> None:
    """Write a cell: numbers to the right, heads in bold on grey."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    line = cell.paragraphs[0]
    line.paragraph_format.space_after, line.paragraph_format.line_spacing = Pt(0), 1.0
    run = line.add_run(text)
    run.font.size, run.font.bold = Pt(_print_size(columns)), head
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    if head:
        shade = _element("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), "E7ECF4")
        cell._tc.get_or_add_tcPr().append(shade)


def _whole(row: Any, head: bool) -> None:
    """Keep a row on one page; the head comes again on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(_element("w:cantSplit"))
    if head:
        properties.append(_element("w:tblHeader"))


def _print_size(columns: int) -> float:
    """Return the size of print in a table, in points: the smaller the more columns."""
    return 8.5 if columns <= 7 else 7.5 if columns <= 9 else 6.5


def _widths(heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[float]:
    """Return the widths of columns in centimetres: numbers stay whole, words take what is left by their lengths."""
    from experiments.charts.style import text_width

    letter = LETTER_CM * _print_size(len(heads)) / 8.5
    numbers = [any(is_number(row[column]) for row in rows) for column in range(len(heads))]
    wanted = []
    for column, head in enumerate(heads):
        longest = max((text_width(row[column]) for row in rows), default=0)
        size = max(longest, min(text_width(head), 10 if numbers[column] else 16))
        wanted.append(size * letter + PADDING_CM)
    kept = sum(size for size, number in zip(wanted, numbers, strict=True) if number)
    words = sum(size for size, number in zip(wanted, numbers, strict=True) if not number)
    if kept + words <= WIDTH_CM:
        return [size * WIDTH_CM / (kept + words) for size in wanted]
    # the longest words give way first, and never to less than a few letters
    room = max(WIDTH_CM - kept, 0.3 * WIDTH_CM)
    cap = _cap([size for size, number in zip(wanted, numbers, strict=True) if not number], room)
    cut = [size if number else min(size, cap) for size, number in zip(wanted, numbers, strict=True)]
    return [size * WIDTH_CM / sum(cut) for size in cut]


def _cap(sizes: list[float], room: float) -> float:
    """Return the width to which sizes are cut so that together they fit a room."""
    left = sorted(sizes)
    while left and left[0] <= room / len(left):
        room -= left.pop(0)
    return room / len(left) if left else max(sizes, default=0.0)
