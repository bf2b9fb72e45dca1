"""A figure with its date, its source and how well founded it is."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from sim.rules import Dated, month_index

GRADES = ("law", "official_statistic", "survey_estimate", "published_study", "assumption")
"""Grades of evidence, best first."""

NOT_USED = "not used by this lever"
"""Source of a field that a lever of this kind does not need; it is zero."""

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}\Z")
FIRST_MONTH, LAST_MONTH = month_index(2000), month_index(2060, 12)


@dataclass(frozen=True)
class Origin:
    """Where a figure comes from.

    Attributes:
        file, line: place in the files; ``override`` and 0 for a change given by hand.
        level: nation, province, place, policy or override.
        source: publisher, title and date, or what is assumed.
        grade: one of `GRADES`.
        fact: id in the collection of facts, or empty.
    """

    file: str
    line: int
    level: str
    source: str
    grade: str
    fact: str = ""


@dataclass(frozen=True)
class Cited:
    """One figure in the unit of the file (yuan, not fen), the month from which it holds (None: always), its origin."""

    month: int | None
    value: float
    origin: Origin


@dataclass(frozen=True)
class Series:
    """A named value as the files give it.

    Attributes:
        entries: figures in order of their dates.
        unit: unit of the figures; those that begin with ``yuan`` reach the engine in fen.
        low, high: allowed range, both ends included.
        linear: straight lines between the dates instead of steps.
        of: key of the series that the figures are ratios of, ``lever.field`` or ``values.name``; empty for figures of their own.
    """

    entries: tuple[Cited, ...]
    unit: str
    low: float
    high: float
    linear: bool = False
    of: str = ""

    @property
    def scale(self) -> int:
        """Return 100 for money, else 1."""
        return 100 if self.unit.startswith("yuan") else 1

    def dated(self) -> Dated:
        """Return the engine's object: month numbers, and money in whole fen."""
        return Dated(self._months(), tuple(self._engine(entry.value) for entry in self.entries), self.linear)

    def at(self, month: int) -> float:
        """Return the figure in force in a month, in the unit of the file."""
        return Dated(self._months(), tuple(entry.value for entry in self.entries), self.linear).at(month)

    def changed(self, entries: tuple[Cited, ...]) -> Series:
        """Return the series with other figures from their first date on, and the old ones before it."""
        first = entries[0].month
        if first is None or first <= FIRST_MONTH:
            return replace(self, entries=entries)
        before = [entry for entry in self.entries if entry.month is None or entry.month < first]
        if not before:
            before = [Cited(FIRST_MONTH, self.at(FIRST_MONTH), self.entries[0].origin)]
        if self.linear and (before[-1].month or FIRST_MONTH) < first - 1:
            before.append(Cited(first - 1, self.at(first - 1), before[-1].origin))
        return replace(self, entries=(*before, *entries))

    def _months(self) -> tuple[int, ...]:
        """Return the month numbers of the figures."""
        return tuple(FIRST_MONTH if entry.month is None else entry.month for entry in self.entries)

    def _engine(self, value: float) -> float:
        """Turn a figure of the file into the engine's unit."""
        return float(math.floor(value * 100 + 0.5)) if self.scale == 100 else float(value)


def parse_month(text: object) -> int | None:
    """Return the month number of ``2021-04``; None when it is no month between 2000-01 and 2060-12."""
    if not isinstance(text, str) or not _MONTH.match(text):
        return None
    month = int(text[5:])
    number = month_index(int(text[:4]), month)
    return number if 1 <= month <= 12 and FIRST_MONTH <= number <= LAST_MONTH else None


def show_month(number: int) -> str:
    """Return ``2021-04`` for a month number."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
