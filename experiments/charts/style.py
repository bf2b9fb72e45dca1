"""The look of all charts: colours that all eyes can tell apart, line styles for grey paper, equal bytes every time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import east_asian_width

from experiments.charts.fonts import FALLBACK, chinese_family, no_missing_glyphs
from experiments.unpublished import STAMP, is_marked

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Line(NamedTuple):
    """How one policy is drawn: colour (Okabe and Ito 2008), dashes and marker."""

    colour: str
    dashes: str | tuple[int, tuple[int, ...]]
    marker: str


LINES = (
    Line("#0072B2", "-", "o"),
    Line("#D55E00", (0, (5, 2)), "s"),
    Line("#009E73", (0, (1, 1)), "^"),
    Line("#CC79A7", (0, (5, 1, 1, 1)), "D"),
    Line("#E69F00", (0, (3, 1, 1, 1, 1, 1)), "v"),
    Line("#56B4E9", (0, (8, 2)), "P"),
    Line("#000000", (0, (2, 3)), "X"),
)


def line_of(number: int) -> Line:
    """Return the line of a policy by its place in the study."""
    return LINES[number % len(LINES)]


def text_width(text: str) -> int:
    """Return the width of a text in letters: a Chinese character takes two, of several lines the longest counts."""
    return max(sum(2 if east_asian_width(char) in "WF" else 1 for char in line) for line in text.split("\n"))


def line_count(text: str) -> int:
    """Return the number of lines of a text."""
    return text.count("\n") + 1


def wrapped(text: str, width: int) -> str:
    """Return a text broken into lines of at most so many letters: between words, or anywhere in Chinese; its own breaks stay."""
    lines = [""]
    for part in re.findall(r"\n|[\u2e80-\uffef]|[^\u2e80-\uffef\n ]+|[ ]+", text):
        full = text_width(lines[-1] + part) > width and lines[-1] != "" and not part.isspace() and part not in "，。：；、”）"
        if part == "\n" or full:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += "" if part == "\n" else part
    return "\n".join(lines)


def settings() -> Any:
    """Return matplotlib's settings for our charts."""
    return {
        "font.family": [chinese_family(), FALLBACK],
        "font.size": 10,
        "axes.unicode_minus": False,
        # names are no formulas
        "text.parse_math": False,
        "axes.titlesize": 11,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "grid.color": "#DDDDDD",
        "grid.linewidth": 0.6,
        "axes.axisbelow": True,
        "legend.frameon": False,
        "svg.hashsalt": "fangpin",
        "svg.fonttype": "path",
        "pdf.fonttype": 3,
        "figure.dpi": 100,
    }


@contextmanager
def charted() -> Iterator[None]:
    """Draw in our style, and fail on a character that cannot be drawn."""
    import matplotlib

    with matplotlib.rc_context(settings()), no_missing_glyphs():
        yield


def _stamp(figure: Figure, folder: Path) -> None:
    """Write across a chart of rows of persons that it is not for publication: a picture travels without its folder."""
    if not any(is_marked(place) for place in (folder, folder.resolve().parent)):
        return
    size = min(24.0, 2.2 * figure.get_figwidth())
    text = f"{STAMP.zh}\n{STAMP.en}"
    figure.text(
        0.5, 0.5, text, size=size, rotation=20, ha="center", va="center", color="#a00000", alpha=0.35, zorder=1000
    )  # fmt: skip


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG, SVG and PDF, without dates or versions inside, and return the paths.

    Raises:
        MissingGlyphError: if a character cannot be drawn.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.{kind}" for kind in ("png", "svg", "pdf")]
    with charted():
        _stamp(figure, folder)
        figure.savefig(paths[0], dpi=160, metadata={"Software": None})
        figure.savefig(paths[1], metadata={"Date": None, "Creator": None})
        figure.savefig(paths[2], metadata={"CreationDate": None, "Creator": None, "Producer": None})
    return paths
