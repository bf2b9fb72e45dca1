"""A sweep: every combination of the values of some axes, each a policy of one study."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from experiments.differences import TOTAL, cost_difference, paired_counts
from experiments.intervals import Estimate, estimate
from experiments.quantities import QUANTITIES, Quantity
from experiments.results import Numbers, Results
from scenarios.cell import Cell, split_cell

POLICY = "policy"
"""The axis of the policies that cells build on."""
MOST_CELLS = 2_000
"""A sweep of more cells than this is refused."""


@dataclass(frozen=True)
class Axis:
    """One thing that is varied.

    Attributes:
        key: ``policy``, a group, or the key of a change by hand.
        values: its values, as text.
    """

    key: str
    values: tuple[str, ...]

    def change(self, value: str) -> str:
        """Return one value as a change of a cell."""
        return f"{self.key}={value}"


def cell_names(policies: Sequence[str], axes: Sequence[Axis]) -> tuple[str, ...]:
    """Return the cells of a sweep by their names: policies outermost, the last axis fastest."""
    changes = [[axis.change(value) for value in axis.values] for axis in axes]
    return tuple(Cell(policy, tuple(chosen)).name for policy in policies for chosen in product(*changes))


def count_cells(policies: Sequence[str], axes: Sequence[Axis]) -> int:
    """Return how many cells a sweep has."""
    return len(policies) * math.prod(len(axis.values) for axis in axes)


def find_cell(policies: Sequence[str], wanted: str) -> list[str]:
    """Return the cells that a name or a part of one means: all whose policy and changes include those given.

    Args:
        policies: cells by their names.
        wanted: a whole name, or parts separated by ``;`` or ``,``: ``premium=kept,jobs=kept``.
    """
    if wanted in policies:
        return [wanted]
    parts = {part.strip() for part in wanted.replace(",", ";").split(";") if part.strip()}
    return [policy for policy in policies if parts <= {split_cell(policy).policy, *split_cell(policy).changes}]


def axis_values(policy: str, keys: Sequence[str]) -> list[str]:
    """Return the values of axes in a cell, empty where it does not say."""
    cell = split_cell(policy)
    said = {POLICY: cell.policy} | {key: value for key, _, value in (change.partition("=") for change in cell.changes)}
    return [said.get(key, "") for key in keys]


def quantity_named(name: str) -> Quantity:
    """Return a quantity of the tables by its id.

    Raises:
        KeyError: if there is none.
    """
    return {quantity.id: quantity for quantity in QUANTITIES}[name]


def horizon_mean(results: Results, quantity: Quantity) -> Numbers:
    """Return a quantity averaged over the complete years of the horizon, in its unit: policy, repetition."""
    years = [year for year in results.years if results.months_in(year) == 12] or results.years
    values: Numbers = np.mean([quantity.value(results, year) for year in years], axis=0) * quantity.scale
    return values


@dataclass(frozen=True)
class CellRow:
    """A cell of a sweep.

    Attributes:
        policy: its name.
        value: the outcome, mean over the years.
        difference: the same minus that of the base, paired by repetition; None for the base.
        relapses: persons relapsing (ex-poor, net) over the horizon more than under the base, paired.
        cost: million yuan of all levers over the horizon more than under the base, paired.
    """

    policy: str
    value: Estimate
    difference: Estimate | None
    relapses: Estimate | None
    cost: Estimate | None


def cell_rows(results: Results, outcome: Quantity) -> list[CellRow]:
    """Return every cell with its outcome and its paired differences from the base."""
    values = horizon_mean(results, outcome)
    base = results.place_of(results.study.base)
    rows = []
    for place, policy in enumerate(results.study.policies):
        if place == base:
            rows.append(CellRow(policy, estimate(values[place]), None, None, None))
            continue
        relapses = estimate(paired_counts(results, policy, "ex_poor", results.years)[TOTAL])
        difference = estimate(values[place] - values[base])
        rows.append(CellRow(policy, estimate(values[place]), difference, relapses, cost_difference(results, policy)))
    return rows


def header(axes: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns of ``tables/sweep.csv``."""
    paired = [f"{name}{part}" for name in ("difference", "relapses", "cost_million_yuan") for part in ("", "_low95", "_high95")]
    return ("cell", *axes, "outcome", "unit", "mean", "mc_error", "low95", "high95", *paired, "replications")


def cells_of(row: CellRow, axes: Sequence[str], outcome: Quantity) -> tuple[object, ...]:
    """Return a cell as a row of ``tables/sweep.csv``; nothing where the base would be compared with itself."""
    from experiments.tables import plain

    numbers = [plain(number) for number in (row.value.mean, row.value.error, row.value.low, row.value.high)]
    for part in (row.difference, row.relapses, row.cost):
        numbers += ["", "", ""] if part is None else [plain(number) for number in (part.mean, part.low, part.high)]
    return (row.policy, *axis_values(row.policy, axes), outcome.id, outcome.unit.en, *numbers, row.value.runs)
