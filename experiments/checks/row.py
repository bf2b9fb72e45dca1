"""A check's result: what was measured, what was expected, and whether it holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from experiments.intervals import estimate
from experiments.labels import Label

HOLDS, FAILS, CANNOT_TELL = "holds", "fails", "cannot tell"


class Row(NamedTuple):
    """One check.

    Attributes:
        id: short name, for the CSV file and the tests.
        name: what is measured.
        measured, low, high: what was measured with its 95% interval over replications; all equal where it is exact.
        expected: words: what a sound model gives.
        least, most: bounds within which the measured number must lie.
        verdict: `HOLDS` when the interval lies within the bounds, `FAILS` when it lies outside, else `CANNOT_TELL`.
        size: how many events, persons or months stand behind it.
    """

    id: str
    name: Label
    measured: float
    low: float
    high: float
    expected: Label
    least: float
    most: float
    verdict: str
    size: int


def judge(low: float, high: float, least: float, most: float) -> str:
    """Return the verdict on an interval against bounds; an interval that is not known tells nothing."""
    if math.isnan(low) or math.isnan(high):
        return CANNOT_TELL
    if least <= low and high <= most:
        return HOLDS
    return FAILS if high < least or low > most else CANNOT_TELL


def exact(id: str, name: Label, measured: float, expected: Label, size: int, value: float = 0.0) -> Row:
    """Return a check that no luck touches: the number must be equal to a value, and something must have been looked at."""
    verdict = CANNOT_TELL if size == 0 else judge(measured, measured, value, value)
    return Row(id, name, measured, measured, measured, expected, value, value, verdict, size)


def bounded(id: str, name: Label, values: Sequence[float], expected: Label, least: float, most: float, size: int) -> Row:
    """Return a check of a mean over replications, one value each."""
    found = estimate(values)
    verdict = judge(found.low, found.high, least, most)
    return Row(id, name, found.mean, found.low, found.high, expected, least, most, verdict, size)


def between(
    id: str, name: Label, measured: tuple[float, float, float], expected: Label, least: float, most: float, size: int
) -> Row:
    """Return a check of a number whose interval (mean, low, high) is worked out elsewhere, such as a binomial one."""
    mean, low, high = measured
    return Row(id, name, mean, low, high, expected, least, most, judge(low, high, least, most), size)


HEADER = ("check", "name", "measured", "low95", "high95", "expected", "least", "most", "verdict", "size")


def cells(row: Row) -> tuple[object, ...]:
    """Return a check as the cells of the CSV file."""
    from experiments.tables import plain

    numbers = [plain(number) for number in (row.measured, row.low, row.high)]
    bounds = [plain(number) for number in (row.least, row.most)]
    return (row.id, row.name.en, *numbers, row.expected.en, *bounds, row.verdict, row.size)
