"""Names that come from outside, made harmless: in sheets and pages that other programs open, in charts and in the terminal."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping

LONGEST = 120
"""Letters of a name that are kept."""
WIDEST_PLACE = 60
"""Width of the name of a place that is shown, in half Chinese characters: it stands in titles of charts."""
UNDRAWN = "〓"
"""Stands for a sign that no font of the charts can draw: the printers' mark for a missing type."""
FORMULA = ("=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First letters that a spreadsheet takes for a formula or a command, full-width ones included."""
_NUMBER = re.compile(r"[+-]?(\d[\d,]*\.?\d*|\.\d+)([eE][+-]?\d+)?%?")
_DROPPED = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_JOINER = "\u200d"


def plain_name(text: str, longest: int | None = LONGEST) -> str:
    """Return a name in one line, without control, direction and unassigned characters, no longer than so many letters.

    Right-to-left letters stay, marks that turn the direction of what follows go: they would disguise the rest of a line.
    """
    spaced = re.sub(r"\s+", " ", text)
    kept = "".join(sign for sign in spaced if sign == _JOINER or unicodedata.category(sign) not in _DROPPED).strip()
    return kept if longest is None or len(kept) <= longest else kept[: longest - 1] + "…"


def sheet_cell(text: str, longest: int | None = LONGEST) -> str:
    """Return a text as a cell of a CSV file or a sheet: what would start a formula gets an apostrophe before it.

    Numbers stay, and so does a sign alone, such as the unit %.
    """
    name = plain_name(text, longest)
    hostile = len(name) > 1 and name.startswith(FORMULA) and not _NUMBER.fullmatch(name)
    return f"'{name}" if hostile else name


def shown_name(text: str, widest: int | None = None) -> str:
    """Return a name as tables, charts and the terminal show it: harmless, with signs that no font can draw as `UNDRAWN`.

    Args:
        text: the name.
        widest: width in half Chinese characters beyond which it is cut; None for as long as names may be.
    """
    from experiments.charts.fonts import undrawable
    from experiments.charts.style import text_width

    name = plain_name(text)
    lacking = undrawable(name)
    name = "".join(UNDRAWN if sign in lacking else sign for sign in name)
    if widest is not None and text_width(name) > widest:
        while text_width(name) > widest - 1:
            name = name[:-1]
        name += "…"
    # a legend leaves out what begins with this sign
    return f"＿{name[1:]}" if name.startswith("_") else name


def shown_names(names: Mapping[str, str], widest: int | None = None) -> dict[str, str]:
    """Return names by language as they are shown."""
    return {lang: shown_name(str(name), widest) for lang, name in names.items()}


def printable(text: str) -> str:
    """Return a text without the signs that command a terminal or turn the direction of what follows; lines stay."""
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))


def page_text(text: str) -> str:
    """Return a text for HTML, in an element or in a quoted attribute."""
    return html.escape(plain_name(text), quote=True)
