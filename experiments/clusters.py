"""Clusters: villages and townships in which many households fall in one year, and how unevenly townships are hit.

A goal of no large-scale return to poverty can fail in one place while the county's rate stays low.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.intervals import Estimate, estimate
from experiments.results import Results
from experiments.runfiles import read_columns
from experiments.store import Store
from experiments.study import Plan
from sim.indicators import GROUPS
from sim.relapse import BITS_FROM
from sim.rules import month_index

CLUSTER_RATE = 0.10
"""A cluster: a village or township of which more than this share of a group's households newly falls in a year (assumption)."""
CLUSTER_HOUSEHOLDS = 5
"""And at least so many households (assumption)."""
LEVELS = ("village", "township")
DEFINITIONS = {"net": "years_net", "core": "years_core"}
"""Definitions of a fall and the column that holds the years of new falls: income net; income or guarantees but for insurance."""
CLUSTER_GROUPS = ("ex_poor", "marginal")
"""Returns (返贫) and falls of the never-poor (致贫), apart."""


class ClusterRow(NamedTuple):
    """Clusters of one policy, group, definition, level and year.

    Attributes:
        policy, group, definition, level, year: what is counted.
        units: villages or townships with households of the group.
        clusters: how many of them are clusters; mean and error over replications.
        fallen: households that newly fell.
        dispersion: over-dispersion of the units' counts; 1 where each household falls on its own.
    """

    policy: str
    group: str
    definition: str
    level: str
    year: int
    units: float
    clusters: Estimate
    fallen: Estimate
    dispersion: Estimate


class Spread(NamedTuple):
    """How falls are spread over places in one run and year."""

    units: int
    clusters: int
    fallen: int
    dispersion: float


def spread(place: NDArray[np.int64], fell: NDArray[np.bool_]) -> Spread:
    """Return clusters and over-dispersion of households that fell or not, by their place.

    The over-dispersion is Pearson's: the sum over places of (falls - expected)² / expected, over the places less one. With places
    of equal size it is the variance of the counts over their mean. NaN where nobody falls or there is one place.
    """
    households = np.bincount(place)
    falls = np.bincount(place, weights=fell, minlength=len(households))[households > 0]
    households = households[households > 0]
    cluster = (falls > CLUSTER_RATE * households) & (falls >= CLUSTER_HOUSEHOLDS)
    total = int(falls.sum())
    dispersion = np.nan
    if total > 0 and len(households) > 1:
        expected = households * total / households.sum()
        dispersion = float(((falls - expected) ** 2 / expected).sum() / (len(households) - 1))
    return Spread(len(households), int(cluster.sum()), total, dispersion)


def run_spreads(table: dict[str, Any], years: list[int]) -> dict[tuple[str, str, str, int], Spread]:
    """Return the spreads of one run by group, definition, level and year, from its table of households."""
    spreads = {}
    lived = np.asarray(table["persons_2020"]) > 0
    for group in CLUSTER_GROUPS:
        chosen = lived & (np.asarray(table["group"]) == GROUPS.index(group))
        for definition, column in DEFINITIONS.items():
            bits = np.asarray(table[column])[chosen].astype(np.int64)
            for level in LEVELS:
                place = np.asarray(table[level])[chosen].astype(np.int64)
                for year in years:
                    spreads[group, definition, level, year] = spread(place, (bits >> (year - BITS_FROM)) & 1 == 1)
    return spreads


def tested_years(results: Results) -> list[int]:
    """Return the years whose September test lies within the run."""
    return [year for year in results.years if month_index(year, 9) in results.months]


def cluster_rows(results: Results, plan: Plan, store: Store) -> list[ClusterRow]:
    """Return clusters by policy, group, definition, level and year, with Monte-Carlo error."""
    years = tested_years(results)
    rows = []
    for policy in results.study.policies:
        tasks = [task for task in plan.tasks if task.policy == policy and (task.draw, task.replication) in results.replications]
        runs = [run_spreads(read_columns(store.folder(task), "households.parquet"), years) for task in tasks]
        for key in runs[0]:
            group, definition, level, year = key
            spreads = [run[key] for run in runs]
            rows.append(
                ClusterRow(
                    policy,
                    group,
                    definition,
                    level,
                    year,
                    float(np.mean([one.units for one in spreads])),
                    estimate(np.array([one.clusters for one in spreads], np.float64)),
                    estimate(np.array([one.fallen for one in spreads], np.float64)),
                    estimate(np.array([one.dispersion for one in spreads])),
                )
            )
    return rows


HEADER = (
    "policy",
    "group",
    "definition",
    "level",
    "year",
    "places",
    "clusters",
    "clusters_mc_error",
    "clusters_low95",
    "clusters_high95",
    "households_fallen",
    "dispersion",
    "dispersion_mc_error",
    "replications",
)


def cluster_cells(row: ClusterRow) -> tuple[object, ...]:
    """Return a row as the cells of the CSV file."""
    from experiments.tables import plain

    clusters = row.clusters
    numbers = (row.units, clusters.mean, clusters.error, clusters.low, clusters.high, row.fallen.mean)
    spread_numbers = (row.dispersion.mean, row.dispersion.error)
    what = (row.policy, row.group, row.definition, row.level, row.year)
    return (*what, *(plain(number) for number in (*numbers, *spread_numbers)), clusters.runs)
