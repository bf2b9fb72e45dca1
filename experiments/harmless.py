"""Names that come from outside, made harmless for files that other programs open: CSV and Excel sheets, pages."""

from __future__ import annotations

import html
import re
import unicodedata

LONGEST = 120
"""Letters of a name that are kept."""
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


def page_text(text: str) -> str:
    """Return a text for HTML, in an element or in a quoted attribute."""
    return html.escape(plain_name(text), quote=True)
