"""Results by county where a place lists several: the same quantities, each county as simulated, and what it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from experiments import tables
from experiments.results import read_results
from experiments.store import Store
from experiments.study import CountyCase, Plan

HEADER = ("county", "name", "weight", "stands_for", *tables.HEADER)


class CountyRows(NamedTuple):
    """A county and its rows of the summary: rates of the county itself, counts of its simulated villages."""

    case: CountyCase
    rows: list[tables.Row]


def county_rows(plan: Plan, store: Store) -> Iterator[CountyRows]:
    """Yield the summary of each county; one county is read at a time."""
    for case in plan.cases:
        yield CountyRows(case, tables.summary_rows(read_results(plan, store, case)))


def counties_text(plan: Plan, store: Store) -> str:
    """Return the table of results by county as the text of a CSV file, in English."""
    cells = [
        (case.name, case.names["en"], tables.plain(case.weight), case.multiplier, *tables.row_cells(row))
        for case, rows in county_rows(plan, store)
        for row in rows
    ]
    return tables.csv_text(HEADER, cells)
