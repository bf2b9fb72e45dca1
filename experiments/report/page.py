"""The report as one HTML file: everything inside it, nothing asked of any other machine, every text escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.report.document import Block, Cell, Document, Paragraph, Table, Value
from experiments.report.lettering import font_address, letters_of
from experiments.report.pictures import Picture, Pictures
from experiments.report.said import grid, in_cell, in_sentence, is_number, more_rows

TEMPLATE = Path(__file__).with_name("page.html")


def page_bytes(document: Document, pictures: Pictures) -> bytes:
    """Return the report as one ``.html`` file; equal for equal reports.

    Args:
        document: the report.
        pictures: its figures, drawn (`experiments.report.pictures.draw_all`).
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    # no loader: the template can include no other file
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    template = made.from_string(TEMPLATE.read_text(encoding="utf-8"))
    headings = [
        {"kind": "heading", "level": min(level + 1, 4), "mark": f"s{place}", "text": f"{number}{section.heading}"}
        for place, (level, number, section) in enumerate(document.numbered(), 1)
    ]
    given: dict[str, Any] = dict(
        lang=document.lang,
        title=document.title,
        lines=document.lines,
        standing=document.standing,
        contents=[{**one, "level": one["level"]} for one in headings if one["level"] == 2],
        parts=_parts(document, headings, pictures),
        spans=lambda parts: _spans(parts, document.lang),
    )
    # the letters are known once the page is
    letters = letters_of(template.render(font="", **given))
    font = Markup(font_address(letters)) if letters else ""
    return template.render(font=font, **given).encode("utf-8")


def _parts(document: Document, headings: list[dict[str, Any]], pictures: Pictures) -> list[dict[str, Any]]:
    """Return headings, paragraphs, tables and figures in their order."""
    found: list[dict[str, Any]] = []
    tables = figures = 0
    for heading, (_, _, section) in zip(headings, document.numbered(), strict=True):
        found.append(heading)
        for block in section.blocks:
            if isinstance(block, Table):
                if not block.sheet_only:
                    tables += 1
                    found.append(_table(block, tables, document.lang))
            elif isinstance(block, Paragraph):
                found.append({"kind": block.kind, "spans": block.parts})
            else:
                found.append(_figure(block, figures, pictures[figures], document.lang))
                figures += 1
    return found


def _figure(block: Block, place: int, picture: Picture, lang: str) -> dict[str, Any]:
    """Return a figure; its SVG is our own drawing, so that it is not escaped."""
    from markupsafe import Markup

    assert not isinstance(block, Paragraph | Table)
    word = "图" if lang == "zh" else "Figure"
    return {"kind": "figure", "key": block.key, "caption": f"{word} {place + 1}  {block.caption}", "svg": Markup(picture.svg)}


def _table(table: Table, number: int, lang: str) -> dict[str, Any]:
    """Return a table as its cells, numbers with their full value."""
    printed = grid(table, lang)
    rows = []
    for row, texts in zip(table.rows, printed.rows, strict=False):
        labels = [{"text": text, "value": None} for text in texts[: printed.left]]
        rows.append([*labels, *(_cell(cell, table.brief) for cell in row.cells)])
    numbers = [any(is_number(row[column]) for row in printed.rows) for column in range(len(printed.heads))]
    notes = [table.note] if table.note else []
    notes += [more_rows(printed.hidden, lang)] if printed.hidden else []
    word = "表" if lang == "zh" else "Table"
    caption = f"{word} {number}  {printed.caption}"
    return {"kind": "table", "key": table.key, "caption": caption, "heads": printed.heads, "numbers": numbers, "rows": rows,
            "notes": notes}  # fmt: skip


def _cell(cell: Cell, brief: bool) -> dict[str, Any]:
    """Return a cell: its text, and its full value where it is a number."""
    return {"text": in_cell(cell, brief), "value": repr(cell.mean) if isinstance(cell, Value) else None}


def _spans(parts: tuple[Value | str, ...], lang: str) -> Any:
    """Return the parts of a sentence, escaped; numbers carry what they are and their full value."""
    from markupsafe import Markup, escape

    pieces = []
    for part in parts:
        if isinstance(part, Value):
            shown = escape(in_sentence(part, lang))
            pieces.append(Markup('<data value="{}" data-key="{}">{}</data>').format(repr(part.mean), part.key, shown))
        else:
            pieces.append(escape(part))
    return Markup("").join(pieces)
