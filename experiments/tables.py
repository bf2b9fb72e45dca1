"""Tables by year and policy with Monte-Carlo error: rates, counts and cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from experiments.intervals import Estimate, estimate
from experiments.labels import Label
from experiments.quantities import QUANTITIES
from experiments.results import FEN_PER_MILLION_YUAN, Results


class Row(NamedTuple):
    """One quantity of one policy in one year.

    Attributes:
        policy: name of the policy.
        measure: id of the quantity.
        label, over, unit: what it is, whom it is divided by, and the unit of the numbers.
        year: calendar year.
        months: months of the year that the run covers.
        digits: decimals worth showing.
        estimate: mean and error over replications, in the unit.
    """

    policy: str
    measure: str
    label: Label
    over: Label
    unit: Label
    year: int
    months: int
    digits: int
    estimate: Estimate


def summary_rows(results: Results) -> list[Row]:
    """Return every quantity by policy and year."""
    rows = []
    for quantity in QUANTITIES:
        for year in results.years:
            values = quantity.value(results, year) * quantity.scale
            for place, policy in enumerate(results.study.policies):
                rows.append(
                    Row(
                        policy,
                        quantity.id,
                        quantity.label,
                        quantity.over,
                        quantity.unit,
                        year,
                        results.months_in(year),
                        quantity.digits,
                        estimate(values[place]),
                    )
                )
    return rows


COST_UNIT = Label("百万元/年", "million yuan/year")


def cost_rows(results: Results) -> list[Row]:
    """Return what each lever cost by policy and year, in million yuan of the simulated villages."""
    rows = []
    for lever in results.costs:
        for year in results.years:
            values = results.cost(lever, year) / FEN_PER_MILLION_YUAN
            for place, policy in enumerate(results.study.policies):
                rows.append(
                    Row(
                        policy,
                        f"cost:{lever}",
                        results.name(lever),
                        Label("", ""),
                        COST_UNIT,
                        year,
                        results.months_in(year),
                        3,
                        estimate(values[place]),
                    )
                )
    return rows


HEADER = (
    "policy",
    "measure",
    "label",
    "over",
    "unit",
    "year",
    "months",
    "mean",
    "mc_error",
    "low95",
    "high95",
    "replications",
)


def row_cells(row: Row) -> tuple[object, ...]:
    """Return a row as the cells of the CSV file, in English."""
    estimated = row.estimate
    numbers = (
        plain(estimated.mean),
        plain(estimated.error),
        plain(estimated.low),
        plain(estimated.high),
        estimated.runs,
    )
    return (row.policy, row.measure, row.label.en, row.over.en, row.unit.en, row.year, row.months, *numbers)


def plain(value: float) -> str:
    """Return a number for a CSV file: ten significant digits, empty where there is none."""
    return "" if np.isnan(value) else format(value, ".10g")


def csv_text(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return rows as the text of a CSV file; names that a spreadsheet would take for formulas are made harmless."""
    import csv
    import io

    from experiments.harmless import sheet_cell

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([sheet_cell(cell, None) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()
