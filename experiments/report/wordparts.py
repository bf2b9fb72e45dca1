"""Pieces of a Word file that python-docx has no words for: fields, links, fonts for Chinese characters."""

from __future__ import annotations

from typing import Any

BODY = {"zh": ("Times New Roman", "宋体"), "en": ("Calibri", "宋体")}
HEADS = {"zh": ("Arial", "黑体"), "en": ("Calibri", "黑体")}
"""Fonts by language: of Latin letters, and of Chinese characters. They are on every Windows; elsewhere the reader's program
takes another Chinese font."""
BLUE, GREY = "1F3864", "595959"


def cm(size: float) -> Any:
    """Return a length."""
    from docx.shared import Cm

    return Cm(size)


def element(name: str) -> Any:
    """Return a new element."""
    from docx.oxml import OxmlElement

    return OxmlElement(name)


def small(run: Any) -> None:
    """Set small grey print."""
    from docx.shared import Pt, RGBColor

    run.font.size, run.font.color.rgb = Pt(8.5), RGBColor.from_string(GREY)


def fonts(style: Any, names: tuple[str, str]) -> None:
    """Set the fonts of a style for Latin letters and for Chinese characters."""
    from docx.oxml.ns import qn

    style.font.name = names[0]
    found = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in ("w:ascii", "w:hAnsi", "w:cs"):
        found.set(qn(key), names[0])
    found.set(qn("w:eastAsia"), names[1])
    for key in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        found.attrib.pop(qn(key), None)


def language(styles: Any, lang: str) -> None:
    """Set the language of the text, which hyphenation, line breaks and spelling follow."""
    from docx.oxml.ns import qn

    for found in styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), "en-US")
        found.set(qn("w:eastAsia"), "zh-CN")
    kept = styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:rFonts')}")
    if kept is not None:
        kept.attrib.clear()
        kept.set(qn("w:ascii"), BODY[lang][0])
        kept.set(qn("w:hAnsi"), BODY[lang][0])
        kept.set(qn("w:eastAsia"), BODY[lang][1])


def char(line: Any, kind: str) -> Any:
    """Add the begin, the middle or the end of a field."""
    from docx.oxml.ns import qn

    mark = element("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    line.add_run()._r.append(mark)
    return mark


def begin(line: Any, code: str, dirty: bool = False) -> None:
    """Begin a field; a dirty one is worked out again when Word opens the file."""
    from docx.oxml.ns import qn

    mark = char(line, "begin")
    if dirty:
        mark.set(qn("w:dirty"), "true")
    text = element("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {code} "
    line.add_run()._r.append(text)
    char(line, "separate")


def end(line: Any) -> None:
    """End a field."""
    char(line, "end")


def field(line: Any, code: str, shown: str) -> None:
    """Add a field with what it shows until it is worked out."""
    begin(line, code)
    line.add_run(shown)
    end(line)


def link(line: Any, mark: str, text: str) -> Any:
    """Add an entry of the contents: a link to the heading with its page; return the run that shows the page."""
    from docx.oxml.ns import qn

    linked = element("w:hyperlink")
    linked.set(qn("w:anchor"), mark)
    linked.set(qn("w:history"), "1")
    before = len(line._p)
    line.add_run(text)
    line.add_run("\t")
    begin(line, f"PAGEREF {mark} \\h")
    page = line.add_run("")
    end(line)
    for run in list(line._p)[before:]:
        linked.append(run)
    line._p.append(linked)
    return page


def margins(table: Any, size: float) -> None:
    """Set how far text stands from the sides of a table's cells, in centimetres."""
    from docx.oxml.ns import qn

    kept = element("w:tblCellMar")
    for side in ("w:left", "w:right"):
        one = element(side)
        one.set(qn("w:w"), str(round(size / 2.54 * 1440)))
        one.set(qn("w:type"), "dxa")
        kept.append(one)
    properties = table._tbl.tblPr
    # before the look, which the schema wants last
    look = properties.find(qn("w:tblLook"))
    properties.insert(len(properties) if look is None else list(properties).index(look), kept)


def describe(line: Any, text: str) -> None:
    """Give a picture its description, for readers that cannot see it."""
    from docx.oxml.ns import qn

    for found in line._p.iter(qn("wp:docPr")):
        found.set("descr", text)
