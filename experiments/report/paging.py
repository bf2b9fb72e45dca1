"""On which pages headings will stand: an estimate from the sizes of what is printed, for contents that are read before a word
processor has worked out the pages itself."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.report.columns import LETTER_CM, WIDTH_CM, padding, print_size

PAGE_CM = 25.2
"""Height of the text on a page."""
LINE_CM, AFTER_CM = 0.56, 0.21
"""Height of a line of text and of the room below a paragraph."""
BODY_LETTER_CM = 0.19
"""Width of half a Chinese character in the text."""
HEADING_CM = {1: 1.45, 2: 1.3, 3: 1.2}
CAPTION_CM = 0.8
ROW_CM = 0.4
"""Height of a line of a table in the largest print of tables."""
FRONT_CM = 2.2
"""Height of the title."""


class Paging:
    """Pages filled from the top: every method adds what is printed next."""

    def __init__(self) -> None:
        """Begin below the title."""
        self.page, self.at = 1, FRONT_CM
        self.found: list[int] = []
        """Pages of the headings that the contents name."""

    def heading(self, level: int, own_page: bool, named: bool) -> None:
        """Add a heading; it stands with the next lines, so that it moves on with them."""
        size = HEADING_CM.get(level, LINE_CM + AFTER_CM)
        if own_page or self.at + size + 2 * LINE_CM > PAGE_CM:
            self._turn()
        self.at += size
        if named:
            self.found.append(self.page)

    def text(self, text: str) -> None:
        """Add a paragraph."""
        self.lines(_lines(text, WIDTH_CM, BODY_LETTER_CM))
        self.at += AFTER_CM

    def lines(self, count: int) -> None:
        """Add so many lines of text."""
        for _ in range(count):
            self._whole(LINE_CM)

    def figure(self, height: float) -> None:
        """Add a figure with its caption above, both on one page."""
        self._whole(CAPTION_CM + height + AFTER_CM)

    def table(self, widths: Sequence[float], rows: Sequence[Sequence[str]], note: str) -> None:
        """Add a table with its caption and its note: rows stay whole, the head comes again on every page."""
        size = print_size(len(widths)) / 8.5
        sizes = [
            max(
                (_row_lines(text, width - padding(len(widths)), size) for text, width in zip(row, widths, strict=True)), default=1
            )
            for row in rows
        ]
        head = sizes[0] * ROW_CM * size
        self._whole(CAPTION_CM + head + ROW_CM)
        self.at -= ROW_CM
        for count in sizes[1:]:
            before = self.page
            self._whole(count * ROW_CM * size)
            self.at += head if self.page > before else 0.0
        self.lines(_lines(note, WIDTH_CM, LETTER_CM) if note else 1)
        self.at += AFTER_CM

    def _whole(self, height: float) -> None:
        """Add something that no page's end may cut."""
        if self.at + height > PAGE_CM and self.at > 0:
            self._turn()
        self.at += height

    def _turn(self) -> None:
        """Begin the next page."""
        self.page, self.at = self.page + 1, 0.0


def _row_lines(text: str, width: float, size: float) -> int:
    """Return the lines of a cell."""
    return _lines(text, max(width, LETTER_CM) + 0.05, LETTER_CM * size)


def _lines(text: str, width: float, letter: float) -> int:
    """Return how many lines a text takes."""
    from experiments.charts.style import text_width

    return max(1, math.ceil(text_width(text) * letter / width))
