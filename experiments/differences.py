"""Policy minus base, paired by replication, and what the difference is made of. The parts add up exactly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from experiments.intervals import Estimate, estimate
from experiments.labels import CAUSE_LABELS, Label
from experiments.results import FEN_PER_MILLION_YUAN, Counts, Results
from sim.indicators import CAUSES

TOTAL = "total"
TOTAL_LABEL = Label("合计", "total")


class Difference(NamedTuple):
    """Persons who relapse under a policy more than under the base.

    Attributes:
        policy, base: what is compared.
        group: ``ex_poor`` (返贫) or ``marginal`` (致贫).
        cause: main cause, or ``total``.
        year: calendar year, or 0 for the whole horizon.
        estimate: persons of the simulated villages, mean and error of the paired difference.
        per_thousand: the same per thousand persons tested under the base (for the horizon: per yearly test).
    """

    policy: str
    base: str
    group: str
    cause: str
    year: int
    estimate: Estimate
    per_thousand: Estimate


def differs(row: Difference) -> bool:
    """Return whether the two policies differ in any replication."""
    return row.estimate.mean != 0 or row.estimate.error > 0


def equal_policies(results: Results) -> tuple[str, ...]:
    """Return the policies that differ from the base in no count and no cost of any replication."""
    base = results.place_of(results.study.base)
    tables = [results.counts, *results.costs.values()]
    others = [policy for policy in results.study.policies if policy != results.study.base]
    return tuple(
        policy
        for policy in others
        if all(np.array_equal(table[results.place_of(policy)], table[base], equal_nan=True) for table in tables)
    )


def alike(results: Results) -> list[tuple[str, ...]]:
    """Return the groups of policies that differ from each other in no count and no cost, that of the base left out."""
    same = set(equal_policies(results)) | {results.study.base}
    left = [policy for policy in results.study.policies if policy not in same]
    tables = [results.counts, *results.costs.values()]
    groups: dict[bytes, list[str]] = {}
    for policy in left:
        key = b"".join(np.ascontiguousarray(table[results.place_of(policy)]).tobytes() for table in tables)
        groups.setdefault(key, []).append(policy)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def cause_label(cause: str) -> Label:
    """Return the name of a cause, the total included."""
    return TOTAL_LABEL if cause == TOTAL else CAUSE_LABELS[cause]


def _relapses(results: Results, indicator: str, group: str, years: list[int]) -> Counts:
    """Return persons newly below the line, net, in the given years: policy, replication. Whole numbers."""
    total = sum(results.total(indicator, (group,), year) for year in years)
    return np.asarray(total).astype(np.int64)


def paired_counts(results: Results, policy: str, group: str, years: list[int]) -> dict[str, Counts]:
    """Return persons under the policy minus under the base by cause and in total, one per replication.

    Raises:
        ValueError: if the causes do not add up to the total in every replication.
    """
    ours, base = results.place_of(policy), results.place_of(results.study.base)
    parts = {}
    for cause in CAUSES:
        counts = _relapses(results, f"relapse_{cause}", group, years)
        parts[cause] = counts[ours] - counts[base]
    counts = _relapses(results, "relapse_net_persons", group, years)
    total = counts[ours] - counts[base]
    if (sum(parts.values()) != total).any():
        raise ValueError(f"{policy} minus {results.study.base}: causes add up to {sum(parts.values())}, not to {total}")
    return {**parts, TOTAL: total}


def cost_difference(results: Results, policy: str) -> Estimate:
    """Return what a policy's levers cost more than the base's over the horizon, in million yuan, paired."""
    ours, base = results.place_of(policy), results.place_of(results.study.base)
    fen = np.zeros(results.counts.shape[1])
    for lever in results.costs:
        for year in results.years:
            paid = results.cost(lever, year)
            fen += paid[ours] - paid[base]
    return estimate(fen / FEN_PER_MILLION_YUAN)


def _rows(results: Results, policy: str, group: str, years: list[int], year: int) -> list[Difference]:
    """Return the differences by cause over some years."""
    base = results.place_of(results.study.base)
    tested = _relapses(results, "tested_persons", group, years)[base]
    rows = []
    for cause, persons in paired_counts(results, policy, group, years).items():
        rate = np.divide(1000.0 * persons, tested, out=np.full(len(persons), np.nan), where=tested > 0)
        rows.append(Difference(policy, results.study.base, group, cause, year, estimate(persons), estimate(rate)))
    return rows


def difference_rows(results: Results, group: str = "ex_poor") -> list[Difference]:
    """Return the paired differences of every policy from the base: by cause, each year and the horizon (year 0)."""
    rows = []
    for policy in results.study.policies:
        if policy != results.study.base:
            for year in results.years:
                rows += _rows(results, policy, group, [year], year)
            rows += _rows(results, policy, group, results.years, 0)
    return rows


HEADER = (
    "policy",
    "base",
    "group",
    "cause",
    "year",
    "persons",
    "mc_error",
    "low95",
    "high95",
    "per_1000",
    "low95_per_1000",
    "high95_per_1000",
    "replications",
)


def difference_cells(row: Difference) -> tuple[object, ...]:
    """Return a difference as the cells of the CSV file."""
    from experiments.tables import plain

    persons, rate = row.estimate, row.per_thousand
    numbers = (persons.mean, persons.error, persons.low, persons.high, rate.mean, rate.low, rate.high)
    return (
        row.policy,
        row.base,
        row.group,
        row.cause,
        row.year or "all",
        *(plain(number) for number in numbers),
        persons.runs,
    )
