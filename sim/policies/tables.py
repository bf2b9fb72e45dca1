"""Levers in force, month by month, as one table a mechanism: a row a lever, a column a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.policies.mechanisms import MECHANISMS, Mechanism
from sim.policies.review import SUPPORTS
from sim.policies.targets import TARGETS
from sim.rules import EVERYBODY, Dated, Lever

PICKED = ("top_up", "clearing")
"""Mechanisms of which a household meets at most one lever: the first in force that it qualifies for, special before general."""
ON, NUMBER = 0, 1
"""First columns of every table: in force (1 or 0), and the lever's number in the scenario."""


def columns_of(mechanism: str) -> tuple[str, ...]:
    """Return the names of a mechanism's table columns."""
    kind = MECHANISMS[mechanism]
    return ("on", "number", *kind.fields, *kind.words)


def column_of(mechanism: str, field: str) -> int:
    """Return the place of a field in its mechanism's table."""
    return columns_of(mechanism).index(field)


class LeverTables:
    """The tables of a scenario's levers; what never changes is written once."""

    def __init__(self, levers: Sequence[Lever]) -> None:
        """Lay out a row for every lever; words stand as codes, in the order that the mechanism lists them."""
        self.levers = levers
        self._fixed: dict[str, np.ndarray] = {}
        self._spans: list[tuple[str, int, int, int]] = []
        self._paths: list[tuple[str, int, int, Dated, bool]] = []
        self._turns: list[tuple[str, int, Lever]] = []
        for mechanism in MECHANISMS:
            own = [(number, lever) for number, lever in enumerate(levers) if lever.mechanism == mechanism]
            if mechanism in PICKED:
                own.sort(key=lambda pair: pair[1].who == EVERYBODY)
            self._fixed[mechanism] = np.zeros((len(own), len(columns_of(mechanism))))
            for row, (number, lever) in enumerate(own):
                self._lay(mechanism, row, number, lever)

    def _lay(self, mechanism: str, row: int, number: int, lever: Lever) -> None:
        """Write one lever's row and remember what changes in it."""
        kind = MECHANISMS[mechanism]
        table = self._fixed[mechanism]
        table[row, NUMBER] = number
        self._spans.append((mechanism, row, lever.start, lever.end))
        for column, field in enumerate(kind.fields, start=2):
            path = lever.values[field]
            table[row, column] = path.values[0]
            if len(path.values) > 1:
                self._paths.append((mechanism, row, column, path, field in SUPPORTS.get(mechanism, ())))
        _choose(table[row], kind, lever.words)
        if lever.turns:
            self._turns.append((mechanism, row, lever))

    def at(self, month: int, delay: int = 0) -> dict[str, np.ndarray]:
        """Return every mechanism's table for one month.

        Args:
            month: month number.
            delay: months that falling supports are behind their plan, see `sim.policies.review`.
        """
        tables = {mechanism: table.copy() for mechanism, table in self._fixed.items()}
        for mechanism, row, start, end in self._spans:
            tables[mechanism][row, ON] = start <= month < end + delay
        for mechanism, row, column, path, support in self._paths:
            now = path.at(month)
            tables[mechanism][row, column] = max(now, path.at(month - delay)) if support and delay else now
        for mechanism, row, lever in self._turns:
            _choose(tables[mechanism][row], MECHANISMS[mechanism], lever.words_in(month))
        return tables


def blended(tables: Mapping[int, dict[str, np.ndarray]], shares: Mapping[int, float]) -> dict[str, np.ndarray]:
    """Return the tables by which the county's offices go: supports as the mean over its parts, in force where any part has it.

    Args:
        tables: by the months that supports are behind their plan.
        shares: share of the county of each.
    """
    parts = list(tables.values())
    if len(parts) == 1:
        return parts[0]
    mixed = {mechanism: table.copy() for mechanism, table in parts[0].items()}
    for mechanism, table in mixed.items():
        table[:, ON] = np.max([part[mechanism][:, ON] for part in parts], axis=0)
        for field in SUPPORTS.get(mechanism, ()):
            column = column_of(mechanism, field)
            table[:, column] = sum(share * tables[delay][mechanism][:, column] for delay, share in shares.items())
    return mixed


def _choose(row: np.ndarray, kind: Mechanism, chosen: Mapping[str, str]) -> None:
    """Write a lever's choices into its row as codes."""
    for column, (word, choices) in enumerate(kind.words.items(), start=2 + len(kind.fields)):
        row[column] = choices.index(chosen[word])


def in_force(mechanism: str, table: np.ndarray) -> np.ndarray:
    """Return the rows of a mechanism that are in force; all of farm insurance, whose rows number the policies that are held."""
    return table if mechanism == "farm_insurance" else table[table[:, ON] == 1.0]


def by_target(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the multipliers in force whose factor is not one, sorted by target, and where each target's rows begin."""
    factor, target = table[:, column_of("multiplier", "factor")], table[:, column_of("multiplier", "target")]
    active = np.flatnonzero((table[:, ON] == 1.0) & (factor != 1.0))
    active = active[np.argsort(target[active], kind="stable")]
    return table[active], np.searchsorted(target[active], np.arange(len(TARGETS) + 1)).astype(np.int32)
