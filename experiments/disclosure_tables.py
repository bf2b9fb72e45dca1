"""Tables of runs for publication: who fell, by year, policy, area and group, through the gate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from experiments.disclosure import ALL, Counts, NotProtected, Numbers, Outcome, Protected
from experiments.disclosure_gate import protect
from experiments.disclosure_register import Register, check_figures, known_of, release_entry
from experiments.harmless import sheet_cell
from experiments.results import Results, read_results
from experiments.runfiles import read_columns
from experiments.store import Store, write_whole
from experiments.study import Plan
from scenarios.problems import Report
from sim.indicators import GROUPS
from sim.relapse import BITS_FROM

POPULATION = "December 2020"
"""Who is counted in tables of runs: the households of the end of 2020, with those that split off later."""
HIDDEN = "hidden"
HEADER = ("population", "unit", "level", "area", "group", "year", "policy", "members", "fell", "fell_percent")


def counts_of_runs(plan: Plan, store: Store, unit: str) -> Counts:
    """Return who was there and who fell (net) by village and group, from stored runs of one county.

    Raises:
        ScenarioError: if the place lists several counties.
    """
    if plan.weighted:
        report = Report()
        report.add("command line", "DIR", f"{plan.study.place} lists counties", "one county", "run and release county by county")
        report.stop()
    results = read_results(plan, store)
    tables = {policy: _tables(plan, store, results, policy) for policy in plan.study.policies}
    places = sorted({place for rows in tables.values() for table in rows for place in _places(table)})
    first = tables[plan.study.policies[0]]
    fell: dict[Outcome, Numbers] = {}
    for policy, rows in tables.items():
        for year in results.years:
            fell[year, policy] = np.array([_counted(table, places, year) for table in rows])
    paths = tuple((plan.study.place, f"township {township + 1}", f"village {village + 1}") for township, village in places)
    return Counts(POPULATION, unit, paths, tuple(GROUPS), np.array([_counted(table, places, None) for table in first]), fell)


def _tables(plan: Plan, store: Store, results: Results, policy: str) -> list[dict[str, Any]]:
    """Return the tables of households of a policy's runs."""
    ours = [task for task in plan.tasks if task.policy == policy and (task.draw, task.replication) in results.replications]
    return [read_columns(store.folder(task), "households.parquet") for task in ours]


def _places(table: dict[str, Any]) -> set[tuple[int, int]]:
    """Return township and village of all households."""
    return set(zip(np.asarray(table["township"]).tolist(), np.asarray(table["village"]).tolist(), strict=True))


def _counted(table: dict[str, Any], places: list[tuple[int, int]], year: int | None) -> Numbers:
    """Return households and persons of 2020 by village and group; only those that newly fell in a year where one is named."""
    numbers = {place: number for number, place in enumerate(places)}
    pairs = zip(np.asarray(table["township"]).tolist(), np.asarray(table["village"]).tolist(), strict=True)
    village = np.array([numbers[pair] for pair in pairs], np.int64)
    persons = np.asarray(table["persons_2020"]).astype(np.float64)
    chosen = persons > 0
    if year is not None:
        chosen &= (np.asarray(table["years_net"]).astype(np.int64) >> (year - BITS_FROM)) & 1 == 1
    place = village * len(GROUPS) + np.asarray(table["group"]).astype(np.int64)
    size = len(places) * len(GROUPS)
    both = [np.bincount(place[chosen], weights, size) for weights in (np.ones(chosen.sum()), persons[chosen])]
    return np.array(both, np.float64).reshape(2, len(places), len(GROUPS))


def release(counts: Counts, register: Register, what: str, folder: Path | None = None) -> tuple[Protected, str]:
    """Put counts through the gate, write them into the register, and return them with the text of their CSV file.

    The register comes first: a figure that is out stands in it.

    Args:
        counts: exact counts.
        register: what was released before of the same source.
        what: what the counts are, for the register.
        folder: the folder of runs that they come from; what was released of it must stand in this register.

    Raises:
        ScenarioError: if an earlier release stands against it.
    """
    with register.locked():
        earlier = register.entries()
        if folder is not None:
            register.check_folder(folder)
        known = known_of(earlier, counts)
        check_figures(counts, known)
        try:
            protected = protect(counts, known)
        except NotProtected as error:
            report = Report()
            report.add(
                "register", "cells", str(error), "tables whose hidden cells stay hidden", "these can no longer be released"
            )
            report.stop()
        register.append(release_entry(counts, protected, what), folder)
    return protected, released_text(counts, protected)


def released_text(counts: Counts, protected: Protected) -> str:
    """Return released tables as CSV: a row a cell, year and policy."""
    return _text(counts, protected.members, protected.fell, 0)


def exact_text(counts: Counts) -> str:
    """Return exact tables as CSV, for a secure room."""
    fell = {key: counts.sums @ counts.means(values) for key, values in counts.fell.items()}
    return _text(counts, counts.sums @ counts.means(counts.members), fell, 6)


def _text(counts: Counts, members: Numbers, fell: dict[Outcome, Numbers], digits: int) -> str:
    """Return counts as CSV; the share rests on the counts shown beside it, so that it says no more than they do."""
    from experiments.tables import csv_text

    rows = []
    levels = _levels(len(counts.villages[0]))
    for (year, policy), values in fell.items():
        for cell, all_of_them, met in zip(counts.cells, members, values, strict=True):
            area = " / ".join(sheet_cell(part) for part in cell.area)
            share = "" if np.isnan(met) or not all_of_them else f"{100 * met / all_of_them:.{digits or 1}f}"
            group = "all" if cell.group == ALL else cell.group
            head = (counts.population, counts.unit, levels[len(cell.area) - 1], area, group, year, policy)
            rows.append((*head, _figure(all_of_them, digits), _figure(met, digits), share or HIDDEN))
    return csv_text(HEADER, rows)


def _levels(depth: int) -> list[str]:
    """Return what the levels from the top down are called."""
    named = ["county", "township", "village"]
    return named[-depth:] if depth <= len(named) else [f"level {level + 1}" for level in range(depth)]


def _figure(value: float, digits: int) -> str:
    """Return a count, or that it is hidden."""
    return HIDDEN if np.isnan(value) else f"{value:.{digits}f}"


def write_exact(folder: Path, counts: Counts, register: Register, who: str, why: str, what: str) -> Path:
    """Write exact tables for a secure room, after the register has taken down who asked for them, when and why."""
    with register.locked():
        register.entries()
        register.check_folder(folder)
        register.append({"kind": "secure", "who": who, "why": why, "what": what}, folder)
    return write_whole(folder / "secure" / "counts-exact-not-for-publication.csv", exact_text(counts), "utf-8-sig")
