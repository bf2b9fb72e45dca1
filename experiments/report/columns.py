"""Widths of the columns of printed tables: numbers stay whole, words share what is left."""

from __future__ import annotations

from experiments.report.said import is_number

WIDTH_CM = 16.6
"""Width of the text."""
LETTER_CM = 0.168
"""Width of half a Chinese character in a table."""
DIGIT = 1.1
"""Width of a digit over that: fonts that stand in for the wanted one are wider, and numbers must not break."""
BOLD = 1.3
"""Width of a digit of a head over that."""
LEAST_WORDS = 15
"""Letters that a column of words keeps: seven Chinese characters."""


def print_size(columns: int) -> float:
    """Return the size of print in a table, in points: the smaller the more columns."""
    return 8.5 if columns <= 7 else 7.5 if columns <= 9 else 6.5


def padding(columns: int) -> float:
    """Return what stands around the text of a cell, in centimetres: less where many columns share the page."""
    return 0.5 if columns <= 5 else 0.26


def column_widths(heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[float]:
    """Return the widths of columns in centimetres, as wide as the page together.

    Words give way first, the longest before others, and never to less than a few letters; then intervals break between their
    ends; last of all everything is cut.
    """
    letter, around = LETTER_CM * print_size(len(heads)) / 8.5, padding(len(heads))
    numbers = [any(is_number(row[column]) for row in rows) for column in range(len(heads))]
    asked = [_asked(head, [row[column] for row in rows], numbers[column]) for column, head in enumerate(heads)]
    wanted, least = ([size[part] * letter + around for size in asked] for part in (0, 1))
    if sum(wanted) <= WIDTH_CM:
        return [size * WIDTH_CM / sum(wanted) for size in wanted]
    words = [column for column, number in enumerate(numbers) if not number]
    room = WIDTH_CM - sum(size for size, number in zip(wanted, numbers, strict=True) if number)
    if room >= sum(least[column] for column in words):
        cap = _cap([wanted[column] for column in words], room)
        wanted = [max(least[column], min(size, cap)) if column in words else size for column, size in enumerate(wanted)]
    else:
        kept = sum(least[column] for column in words)
        spare = max(0.0, WIDTH_CM - kept - _sum(least, numbers))
        share = min(1.0, spare / (_sum(wanted, numbers) - _sum(least, numbers) + 1e-9))
        wanted = [least[column] if column in words else least[column] + share * (size - least[column])
                  for column, size in enumerate(wanted)]  # fmt: skip
    return [size * WIDTH_CM / sum(wanted) for size in wanted]


def _sum(sizes: list[float], chosen: list[bool]) -> float:
    """Return the sum of some sizes."""
    return sum(size for size, one in zip(sizes, chosen, strict=True) if one)


def _asked(head: str, texts: list[str], number: bool) -> tuple[float, float]:
    """Return what a column wants and the least that it can do with, in letters: of numbers what stands between blanks."""
    from experiments.charts.style import text_width

    longest = float(max(map(text_width, texts), default=0))
    if not number:
        wanted = max(longest, min(text_width(head), 16))
        return wanted, min(wanted, LEAST_WORDS)
    pieces = [piece for text in texts for piece in text.split()]
    # heads are bold
    year = BOLD * min(text_width(head), 4)
    wanted = DIGIT * max(longest, year, min(text_width(head), 10))
    return wanted, min(wanted, DIGIT * max(year, *map(text_width, pieces)))


def _cap(sizes: list[float], room: float) -> float:
    """Return the width to which sizes are cut so that together they fit a room."""
    left = sorted(sizes)
    while left and left[0] <= room / len(left):
        room -= left.pop(0)
    return room / len(left) if left else max(sizes, default=0.0)
