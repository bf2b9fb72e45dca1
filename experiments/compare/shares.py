"""For whom: falls and net income by income fifth of 2020, household type, group, township and county, policy against base.

A household that has ever fallen after 2020 counts with its members of 2020, over all members of 2020 of its class. Classes are
those of 2020, so that they are the same under every policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.intervals import Estimate, estimate
from experiments.results import Numbers, ratio
from experiments.stored import Run, Stored
from sim.indicators import GROUPS
from sim.standing import HOUSEHOLD_TYPES

DIMENSIONS = ("fifth", "type", "group", "township", "county")
FELL, INCOME, GAIN = "fell", "net_income", "net_income_sum"
"""Measures: per cent of persons whose household ever fell, net; mean net income per head of the last December, in yuan; net
income of all stored calendar years, in million yuan: its difference is what a class gains or loses, and adds up over classes."""
UNITS = {FELL: "per cent of persons", INCOME: "yuan/person/year", GAIN: "million yuan"}
SUMS = 5
"""Sums kept of a class: persons, those who fell, income, those whose income is known, income of all years."""
MILLION = 1e6
WATCHED_GROUPS = (0, 1)
"""Ex-poor and marginal households: the others are not asked whether they return or fall."""


class Share(NamedTuple):
    """A measure of one class under a policy and the base.

    Attributes:
        policy: the policy; the base itself stands with no difference.
        measure: one of `UNITS`.
        by, value: dimension and class.
        persons: persons of 2020 in the class, mean over repetitions.
        level: the measure.
        difference: policy minus base, paired.
    """

    policy: str
    measure: str
    by: str
    value: str
    persons: float
    level: Estimate
    difference: Estimate


def share_rows(stored: Stored, policies: Sequence[str] = ()) -> list[Share]:
    """Return falls and income by every class for some policies, by default all."""
    policies, base = policies or stored.study.policies, stored.study.base
    sums = {policy: [_place(stored.of(policy, repeat)) for repeat in stored.repeats] for policy in {*policies, base}}
    keys = sorted({key for rows in sums.values() for row in rows for key in row}, key=_order)
    found = []
    for policy in policies:
        for measure in UNITS:
            for key in keys:
                ours, theirs = (_measured(sums[one], key, measure) for one in (policy, base))
                persons = float(np.mean([row.get(key, np.zeros(SUMS))[0] for row in sums[policy]]))
                if not np.isnan(ours).all():
                    found.append(Share(policy, measure, *key, persons, estimate(ours), estimate(ours - theirs)))
    return found


def _order(key: tuple[str, str]) -> tuple[int, str, int, str]:
    """Return what classes are ordered by: dimension, then names, numbers as numbers."""
    head, _, tail = key[1].rpartition("/")
    names = HOUSEHOLD_TYPES if key[0] == "type" else GROUPS if key[0] == "group" else ()
    place = names.index(tail) if tail in names else int(tail) if tail.isdigit() else -1
    return (DIMENSIONS.index(key[0]), head, place, tail)


def _place(runs: list[Run]) -> dict[tuple[str, str], Numbers]:
    """Return the sums of one repetition, added over counties by weight."""
    found: dict[tuple[str, str], Numbers] = {}
    for run in runs:
        for key, sums in run_sums(run.columns("households.parquet"), run.place).items():
            found[key] = found.get(key, np.zeros(SUMS)) + run.stands_for * sums
    return found


def run_sums(table: dict[str, Any], county: str) -> dict[tuple[str, str], Numbers]:
    """Return the sums of every class (`SUMS`), by dimension and class.

    Households without a member in 2020 are left out; those that are neither ex-poor nor marginal stand by group alone.
    """
    persons = np.asarray(table["persons_2020"]).astype(np.float64)
    group = np.asarray(table["group"]).astype(int)
    income = _last_income(table)
    known = ~np.isnan(income)
    weights = np.stack([
        persons, persons * (np.asarray(table["first_relapse_net"]) >= 0), np.where(known, income, 0.0) * persons, persons * known,
        persons * _all_income(table),
    ])  # fmt: skip
    watched = np.isin(group, WATCHED_GROUPS)
    found: dict[tuple[str, str], Numbers] = {}
    for by, classes in _dimensions(table, county).items():
        there = (persons > 0) & (watched | (by == "group")) & (classes != "-1")
        for value in sorted(set(classes[there].tolist())):
            chosen = there & (classes == value)
            found[by, value] = weights[:, chosen].sum(axis=1)
    return found


def _dimensions(table: dict[str, Any], county: str) -> dict[str, Any]:
    """Return the class of every household by dimension, as text; dimensions that the run does not hold are left out."""
    count = len(table["id"])
    found = {
        "group": np.array(GROUPS, dtype=object)[np.asarray(table["group"]).astype(int)],
        "township": np.array([f"{county}/{number}" for number in np.asarray(table["township"])], dtype=object),
        "county": np.full(count, county, dtype=object),
    }
    if "type_2020" in table:
        found["type"] = np.array(HOUSEHOLD_TYPES, dtype=object)[np.asarray(table["type_2020"]).astype(int)]
        found["fifth"] = np.array([str(number) for number in np.asarray(table["fifth_2020"])], dtype=object)
    return found


def _last_income(table: dict[str, Any]) -> Numbers:
    """Return net income per head of the last December that is stored; NaN where none is."""
    years = sorted(name for name in table if name.startswith("net_head_"))
    if not years:
        return np.full(len(table["id"]), np.nan)
    return np.asarray(table[years[-1]], dtype=np.float64)


def _all_income(table: dict[str, Any]) -> Numbers:
    """Return net income per head of all stored calendar years together, in yuan; a year without anybody counts nothing."""
    total = np.zeros(len(table["id"]))
    for name in sorted(name for name in table if name.startswith("net_head_")):
        total += np.nan_to_num(np.asarray(table[name], dtype=np.float64))
    return total


def _measured(rows: list[dict[tuple[str, str], Numbers]], key: tuple[str, str], measure: str) -> Numbers:
    """Return a measure of a class by repetition."""
    sums = np.array([row.get(key, np.zeros(SUMS)) for row in rows]).T
    if measure == GAIN:
        return np.asarray(sums[4] / MILLION, dtype=np.float64)
    return 100 * ratio(sums[1], sums[0]) if measure == FELL else ratio(sums[2], sums[3])


HEADER = (
    "policy", "measure", "unit", "by", "class", "persons_2020", "value", "mc_error", "difference", "difference_low95",
    "difference_high95", "replications",
)  # fmt: skip


def share_cells(row: Share) -> tuple[object, ...]:
    """Return a row as the cells of the CSV file."""
    from experiments.tables import plain

    numbers = (row.persons, row.level.mean, row.level.error, row.difference.mean, row.difference.low, row.difference.high)
    return (row.policy, row.measure, UNITS[row.measure], row.by, row.value, *map(plain, numbers), row.level.runs)
