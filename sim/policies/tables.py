"""Levers in force, month by month, as one table a mechanism: a row a lever, a column a field."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.policies.mechanisms import MECHANISMS
from sim.rules import Lever

ON, NUMBER = 0, 1
"""First columns of every table: in force (1 or 0), and the lever's number in the scenario."""


def columns_of(mechanism: str) -> tuple[str, ...]:
    """Return the names of a mechanism's table columns."""
    kind = MECHANISMS[mechanism]
    return ("on", "number", *kind.fields, *kind.words)


def column_of(mechanism: str, field: str) -> int:
    """Return the place of a field in its mechanism's table."""
    return columns_of(mechanism).index(field)


def lever_tables(levers: Sequence[Lever], month: int) -> dict[str, np.ndarray]:
    """Return every mechanism's table for one month; words stand as codes, in the order that the mechanism lists them."""
    tables = {}
    for mechanism, kind in MECHANISMS.items():
        rows = []
        for number, lever in enumerate(levers):
            if lever.mechanism != mechanism:
                continue
            numbers = [lever.values[field].at(month) for field in kind.fields]
            words = [float(choices.index(lever.words[word])) for word, choices in kind.words.items()]
            rows.append([float(lever.start <= month < lever.end), float(number), *numbers, *words])
        width = len(columns_of(mechanism))
        tables[mechanism] = np.array(rows, np.float64).reshape(-1, width)
    return tables
