"""Early warning as cells of CSV files: how soon risk is found, what lists are worth, what a worker brings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from experiments.intervals import Estimate, estimate
from experiments.results import Numbers, Results
from experiments.tables import plain
from experiments.warning import ALL, LONGEST, OUTCOMES, RULES, Notes, finding, registry_size, worth
from experiments.warning_measures import WorkerValue, staff_capacity

FINDING_HEADER = (
    "policy",
    "group",
    "months",
    "spells",
    "found_share",
    "mc_error",
    "low95",
    "high95",
    "over_unseen_share",
    "repetitions",
)
LIST_HEADER = (
    "policy", "rule", "size_of", "size_share", "outcome", "precision", "precision_mc_error", "recall", "recall_mc_error",
    "repetitions",
)  # fmt: skip
WORKER_HEADER = ("policy", "base", "staff", "more", "outcome", "per_unit_and_year", "mc_error", "low95", "high95", "repetitions")
Cells = tuple[object, ...]


def _numbers(one: Estimate) -> tuple[str, ...]:
    """Return mean, error and interval."""
    return plain(one.mean), plain(one.error), plain(one.low), plain(one.high)


def finding_cells(notes: Mapping[str, Notes]) -> list[Cells]:
    """Return the share found by months waited, by policy and group."""
    rows: list[Cells] = []
    for policy, one in notes.items():
        for group in ("ex_poor", "marginal", ALL):
            found = [finding(table, group) for table in one.spells]
            spells = estimate([each.spells for each in found])
            for month in range(LONGEST + 1):
                share = estimate([each.found[month] for each in found])
                gone = estimate([each.unseen[month] for each in found])
                rows.append((policy, group, month, plain(spells.mean), *_numbers(share), plain(gone.mean), share.runs))
    return rows


def capacities(results: Results) -> dict[str, Numbers]:
    """Return the cases that verification can settle in the years whose lists are judged: by policy, one a repetition."""
    years = [year for year in results.years if results.months_in(year) == 12]
    shape = (len(results.study.policies), len(results.replications))
    total = np.sum([staff_capacity(results, year) for year in years], axis=0) if years else np.full(shape, np.nan)
    return {policy: total[place] for place, policy in enumerate(results.study.policies)}


def list_cells(notes: Mapping[str, Notes], staff: Mapping[str, Numbers]) -> list[Cells]:
    """Return what lists of two sizes are worth, by policy, rule and outcome."""
    rows: list[Cells] = []
    for policy, one in notes.items():
        sizes = {"registry": [registry_size(table) for table in one.lists], "staff": list(staff[policy])}
        for size_of, counts in sizes.items():
            for rule in RULES:
                if (rule, size_of) == ("registry", "staff"):
                    continue
                for name in OUTCOMES:
                    found = [worth(table, rule, name, size) for table, size in zip(one.lists, counts, strict=True)]
                    size, precision, recall = (estimate([each[k] for each in found]) for k in range(3))
                    numbers = (plain(size.mean), name, *_numbers(precision)[:2], *_numbers(recall)[:2])
                    rows.append((policy, rule, size_of, *numbers, precision.runs))
    return rows


def worker_cells(one: WorkerValue) -> Cells:
    """Return what one more worker brings."""
    value = estimate(one.values)
    return (one.policy, one.base, one.staff, plain(one.more), one.outcome, *_numbers(value), value.runs)
