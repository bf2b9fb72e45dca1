"""Early warning: how soon households at risk are found, and what a list of them is worth.

The truth is the model's own: a household is at risk in a month when its net income of twelve months lies below the monitoring
line, whatever the county sees of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.engine import FIRST_MONTH
from experiments.labels import Label
from experiments.results import Numbers, Results, ratio
from experiments.runfiles import read_columns
from experiments.store import Store
from experiments.study import Plan
from sim.indicators import GROUPS
from sim.watch import FOUND, KNOWN, OPEN, STANDINGS, UNSEEN

Columns = Mapping[str, NDArray[np.int64]]
WITHIN = (0, 1, 3, 6, 12)
"""Months after the beginning of risk at which the share found is told; 0: in the same month or before."""
LONGEST = 24
"""Months that curves of finding go to."""
GRID = np.linspace(0.0, 0.4, 81)
"""Sizes of a list, as shares of all simulated households, at which curves are worked out."""
ALL = "all"
"""All groups together."""

RULES = {
    "registry": Label("监测名单（在册）", "the registry"),
    "score": Label("按风险分值排序", "ranked by risk score"),
    "persistence": Label("惯性基准：上年是否有风险", "persistence: at risk last year"),
    "random": Label("随机", "at random"),
}
"""How a list of households is made in December. Score and persistence suppose that the county saw every household's income."""
OUTCOMES = {
    "at_risk": Label("次年有风险", "at risk in the next year"),
    "newly_at_risk": Label("次年新有风险（12月时没有）", "newly at risk: not so in December"),
    "fell": Label("次年新返贫致贫（扣除刚性支出）", "newly below the poverty line, net"),
}
"""What the list is held against."""


class Notes(NamedTuple):
    """What the runs of one policy noted, one table a repetition: spells of risk, and December lists."""

    spells: tuple[Columns, ...]
    lists: tuple[Columns, ...]


class Finding(NamedTuple):
    """How the spells of risk that began within the run were found, by months waited from 0 to `LONGEST`.

    Attributes:
        spells: how many began.
        known: share of households that were in the registry before.
        found: share found within so many months, those known before included.
        unseen: share out of risk again within so many months and never found.
        median: months until half of all spells are found; infinite where that never happens.
    """

    spells: float
    known: float
    found: Numbers
    unseen: Numbers
    median: float


class Worth(NamedTuple):
    """What a list is worth: its size over all households, precision and recall."""

    size: float
    precision: float
    recall: float


def read_notes(plan: Plan, store: Store, results: Results) -> dict[str, Notes]:
    """Return the notes of every policy; households of each county count as often as they stand for others."""
    found = {}
    for policy in results.study.policies:
        read: dict[str, list[Columns]] = {"spells": [], "lists": []}
        for repeat in results.replications:
            tasks = [task for task in plan.tasks_of(repeat) if task.policy == policy]
            for name, tables in read.items():
                tables.append(_joined([_counted(plan, store, task, name) for task in tasks]))
        found[policy] = Notes(tuple(read["spells"]), tuple(read["lists"]))
    return found


def _counted(plan: Plan, store: Store, task: object, name: str) -> Columns:
    """Return one table of a run with households times what the county stands for."""
    table = {key: np.asarray(values, np.int64) for key, values in read_columns(store.folder(task), f"{name}.parquet").items()}  # type: ignore[arg-type]
    return {**table, "households": table["households"] * plan.case(task).multiplier}  # type: ignore[arg-type]


def _joined(tables: Sequence[Columns]) -> Columns:
    """Return tables one below the other."""
    return {key: np.concatenate([table[key] for table in tables]) for key in tables[0]}


def _of_group(table: Columns, group: str) -> Columns:
    """Return the rows of one group, or of all."""
    if group == ALL:
        return table
    chosen = table["group"] == GROUPS.index(group)
    return {key: values[chosen] for key, values in table.items()}


# how soon -----------------------------------------------------------------------------------------------------


def finding(spells: Columns, group: str = ALL, first: int = FIRST_MONTH) -> Finding:
    """Return how soon the spells of risk were found that began from a month on.

    Shares by waiting time are Aalen and Johansen's (1978): being found and leaving risk unseen compete, spells that are still
    unseen when the run ends are followed until then.
    """
    table = _of_group(spells, group)
    chosen = table["began"] >= first
    end, weight = table["end"][chosen], table["households"][chosen].astype(np.float64)
    waited = np.where(end == KNOWN, 0, table["months"][chosen])
    total = float(weight.sum())
    found, unseen = np.full(LONGEST + 1, np.nan), np.full(LONGEST + 1, np.nan)
    if total == 0:
        return Finding(total, np.nan, found, unseen, np.nan)
    left, at_risk, seen, gone = 1.0, total, 0.0, 0.0
    for month in range(LONGEST + 1):
        now = waited == month
        caught = weight[now & ((end == KNOWN) | (end == FOUND))].sum()
        ended = weight[now & (end == UNSEEN)].sum()
        if at_risk > 0:
            seen, gone = seen + left * caught / at_risk, gone + left * ended / at_risk
            left *= 1 - (caught + ended) / at_risk
        at_risk -= caught + ended + weight[now & (end == OPEN)].sum()
        found[month], unseen[month] = seen, gone
    known = float(weight[end == KNOWN].sum() / total)
    half = np.flatnonzero(found >= 0.5)
    return Finding(total, known, found, unseen, float(half[0]) if len(half) else np.inf)


# what a list is worth -----------------------------------------------------------------------------------------


def outcome(lists: Columns, name: str) -> NDArray[np.bool_]:
    """Return which rows had an outcome of `OUTCOMES`."""
    if name == "fell":
        return lists["fell"] == 1
    came = lists["came_at_risk"] == 1
    return came & (lists["standing"] != STANDINGS.index("now")) if name == "newly_at_risk" else came


def ranks(lists: Columns, rule: str) -> NDArray[np.int64]:
    """Return how early a rule lists each row: the highest first, equal ones by lot."""
    return {
        "registry": lists["monitored"],
        "score": lists["score"],
        "persistence": lists["standing"],
        "random": np.zeros_like(lists["score"]),
    }[rule]


def caught_by(lists: Columns, rule: str, name: str, sizes: Numbers) -> Numbers:
    """Return the households with an outcome on lists of given sizes, in households.

    Of households that rank equally a list takes as many as there is room for, by lot: the number with the outcome is the mean
    over all lots.
    """
    rank, hit = ranks(lists, rule), outcome(lists, name)
    weight = lists["households"].astype(np.float64)
    levels = np.unique(rank)[::-1]
    counted = np.array([weight[rank == level].sum() for level in levels])
    hits = np.array([weight[(rank == level) & hit].sum() for level in levels])
    return np.interp(sizes, np.concatenate(([0.0], counted.cumsum())), np.concatenate(([0.0], hits.cumsum())))


def worth(lists: Columns, rule: str, name: str, size: float) -> Worth:
    """Return precision and recall of a list of a size, in households; NaN where nobody is listed, or nobody had the outcome."""
    caught = float(caught_by(lists, rule, name, np.array([size]))[0])
    total = float(lists["households"][outcome(lists, name)].sum())
    households = float(lists["households"].sum())
    return Worth(
        size / households if households else np.nan, caught / size if size > 0 else np.nan, caught / total if total else np.nan
    )


def registry_size(lists: Columns) -> float:
    """Return the households in the registry in the Decembers of the lists."""
    return float(lists["households"][lists["monitored"] == 1].sum())


def curves(lists: Columns, rule: str, name: str) -> tuple[Numbers, Numbers]:
    """Return precision and recall of a rule's lists by size (`GRID`)."""
    sizes = GRID * float(lists["households"].sum())
    caught, total = caught_by(lists, rule, name, sizes), float(lists["households"][outcome(lists, name)].sum())
    return ratio(caught, sizes), caught / total if total else np.full(len(GRID), np.nan)
