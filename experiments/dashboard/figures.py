"""The figures that the page compares: rates by year and totals so far, both sides and their difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from experiments.compare.outcomes import cost, relapses
from experiments.labels import Label
from experiments.quantities import QUANTITIES
from experiments.results import Results

SHOWN = ("relapse_gross", "relapse_net", "relapse_registry", "falling_net", "at_risk", "identified")
"""Quantities of a year that the page shows."""
SO_FAR = 0
"""Stands for all months so far in the place of a year."""


class Compared(NamedTuple):
    """One quantity of both sides.

    Attributes:
        label, unit: what it is.
        digits: decimals worth showing.
        values: by year, 0 for all months so far, of the first and the second side.
    """

    label: Label
    unit: Label
    digits: int
    values: dict[int, tuple[float, float]]

    def cells(self, years: Sequence[int]) -> list[list[str]]:
        """Return three lines of texts: the first side, the second, and the first less the second; empty where there is none."""
        lines: list[list[str]] = [[], [], []]
        for year in years:
            one, other = self.values.get(year, (None, None))
            if one is None or other is None:
                texts = ["", "", ""]
            else:
                # what rounds to nothing has no sign
                change = round(one - other, self.digits) + 0.0
                texts = [f"{one:,.{self.digits}f}", f"{other:,.{self.digits}f}", f"{change:+,.{self.digits}f}"]
            for line, text in zip(lines, texts, strict=True):
                line.append(text)
        return lines


def compared(results: Results) -> list[Compared]:
    """Return what exists so far: the totals, then the quantities by year.

    Args:
        results: of both sides, one replication.
    """
    rows = []
    for one in (relapses(results), cost(results)):
        values = {year: _pair(one.values[year]) for year in results.years if results.months_in(year)}
        values[SO_FAR] = _pair(sum(one.values.values()))
        rows.append(Compared(one.label, one.unit, one.digits, values))
    for quantity in QUANTITIES:
        if quantity.id in SHOWN:
            found = {
                year: _pair(quantity.value(results, year) * quantity.scale) for year in results.years if results.months_in(year)
            }
            exist = {year: pair for year, pair in found.items() if pair[0] == pair[0] and pair[1] == pair[1]}
            rows.append(Compared(quantity.label, quantity.unit, quantity.digits, exist))
    return [row for row in rows if row.values]


def _pair(values: object) -> tuple[float, float]:
    """Return the value of each side."""
    column = np.asarray(values, dtype=np.float64)[:, 0]
    return float(column[0]), float(column[1])
