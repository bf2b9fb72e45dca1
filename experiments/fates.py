"""Fates of families in stored runs: who fell under one policy and not under another, who was never seen, township by township.

A family is a household of January 2013 with all that split off from it. Families of the same number, replication and county have
the same luck under every policy, so that they are compared one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.results import Numbers, Results
from experiments.runfiles import read_columns
from experiments.store import Store
from experiments.study import Plan
from sim.indicators import CAUSES, GROUPS
from sim.relapse import BITS_FROM
from sim.rules import month_index
from sim.state import BY_NAME

CHANNELS = BY_NAME["household", "flag_channel"].values
"""Channels that see a household."""
FELL = ("ex_poor", "marginal")
"""Groups whose falls are meant where a set names none."""
_SINCE = month_index(2021)
_BITS = -1 << (2021 - BITS_FROM)


class Table(NamedTuple):
    """The families of one run, and how many of the whole place one of it stands for."""

    columns: Mapping[str, NDArray[Any]]
    times: int


@dataclass(frozen=True)
class Fates:
    """The runs of a study, family by family.

    Attributes:
        results: the study's results.
        plan, store: where its runs are.
    """

    results: Results
    plan: Plan
    store: Store

    @cached_property
    def tables(self) -> list[list[list[Table]]]:
        """Tables by policy, replication and county."""
        return self._read("households.parquet")

    @cached_property
    def accounts(self) -> list[list[list[Table]]]:
        """Accounts by policy, replication and county."""
        return self._read("accounts.parquet")

    def _read(self, name: str) -> list[list[list[Table]]]:
        times = [case.multiplier if self.results.weighted else 1 for case in self.plan.cases]
        tasks = {(task.policy, task.draw, task.replication, task.county): task for task in self.plan.tasks}
        return [
            [
                [
                    Table(read_columns(self.store.folder(tasks[policy, *repeat, county]), name), multiplier)
                    for county, multiplier in enumerate(times)
                ]
                for repeat in self.results.replications
            ]
            for policy in self.results.study.policies
        ]

    def each(self, count: Callable[[Mapping[str, NDArray[Any]]], float]) -> Numbers:
        """Return a count of families by policy and replication, added over counties."""
        return np.array([[sum(count(one.columns) * one.times for one in row) for row in rows] for rows in self.tables])

    def moved(self, better: bool, base: int, groups: Sequence[str]) -> Numbers:
        """Return the families that fell under the reference and not under each policy (better), or the other way."""
        found = np.zeros((len(self.tables), len(self.tables[0])))
        for place, rows in enumerate(self.tables):
            for number, row in enumerate(rows):
                for mine, theirs in zip(row, self.tables[base][number], strict=True):
                    now, before = fallen(mine.columns, groups), fallen(theirs.columns, groups)
                    found[place, number] += mine.times * int(((before & ~now) if better else (now & ~before)).sum())
        return found

    def unmet(self) -> Numbers:
        """Return the demand that accounts could not meet, in million yuan, by policy and replication."""
        return np.array(
            [
                [sum(one.times * float(np.sum(one.columns["unmet"])) for one in row) / 1e8 for row in rows]
                for rows in self.accounts
            ]
        )

    def undetected(self, cause: str, groups: Sequence[str]) -> Numbers:
        """Return the share of families with a first fall since 2021, by cause or ``all``, that the registry never held."""

        def of(columns: Mapping[str, NDArray[Any]], never: bool) -> int:
            chosen = _first_falls(columns, groups)
            if cause != "all":
                chosen &= columns["cause_net"] == CAUSES.index(cause)
            return int((chosen & (columns["identified"] == 0)).sum() if never else chosen.sum())

        top, bottom = self.each(lambda columns: of(columns, True)), self.each(lambda columns: of(columns, False))
        return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)

    def seen_by(self, channel: str, groups: Sequence[str]) -> Numbers:
        """Return the families with a first fall since 2021 that a channel saw; ``none``: that no channel ever did."""
        code = CHANNELS.index(channel)
        return self.each(lambda columns: int((_first_falls(columns, groups) & (columns["channel"] == code)).sum()))

    def worst_township(self, groups: Sequence[str]) -> Numbers:
        """Return the largest share of a township's families that fell since 2021."""
        shares = [[max(_largest(one.columns, groups) for one in row) for row in rows] for rows in self.tables]
        return np.array(shares)

    def township_rows(self) -> list[tuple[object, ...]]:
        """Return a row a policy, county and township: families, fallen, ever monitored; means over replications."""
        found: list[tuple[object, ...]] = []
        for policy, rows in zip(self.results.study.policies, self.tables, strict=True):
            for place, case in enumerate(self.plan.cases):
                runs = [row[place].columns for row in rows]
                for township in np.unique(runs[0]["township"]):
                    found.append((policy, case.name, int(township), *_township_means(runs, int(township))))
        return found


TOWNSHIP_HEADER = (
    "policy", "county", "township", "families", "fell_net", "fell_by_guarantees", "confirmed", "at_risk", "ever_monitored",
    "net_income_per_head",
)  # fmt: skip


def fallen(columns: Mapping[str, NDArray[Any]], groups: Sequence[str]) -> NDArray[np.bool_]:
    """Mark the families of some groups that fell newly below the line, net, in a year from 2021 on."""
    within = np.isin(columns["group"], [GROUPS.index(group) for group in groups])
    return np.asarray(within & ((columns["years_net"].astype(np.int64) & _BITS) != 0))


def _first_falls(columns: Mapping[str, NDArray[Any]], groups: Sequence[str]) -> NDArray[np.bool_]:
    """Mark the families of some groups whose first fall, net, was in 2021 or later."""
    within = np.isin(columns["group"], [GROUPS.index(group) for group in groups])
    return np.asarray(within & (columns["first_relapse_net"] >= _SINCE))


def _largest(columns: Mapping[str, NDArray[Any]], groups: Sequence[str]) -> float:
    """Return the largest share of fallen families among the townships."""
    within = np.isin(columns["group"], [GROUPS.index(group) for group in groups])
    townships = columns["township"].astype(np.int64)
    all_of = np.bincount(townships[within])
    down = np.bincount(townships[fallen(columns, groups)], minlength=len(all_of))
    return float(np.max(down[all_of > 0] / all_of[all_of > 0], initial=0.0))


def _township_means(runs: Sequence[Mapping[str, NDArray[Any]]], township: int) -> tuple[float, ...]:
    """Return means over replications of what the families of a township lived through, the ex-poor and marginal ones."""
    cells = []
    for columns in runs:
        within = np.isin(columns["group"], [GROUPS.index(group) for group in FELL]) & (columns["township"] == township)
        heads = int(columns["members"][within].sum())
        cells.append(
            (
                float(within.sum()),
                float((within & fallen(columns, FELL)).sum()),
                *(
                    float((within & (columns[name] >= _SINCE)).sum())
                    for name in ("first_relapse_guarantee", "first_relapse_registry", "first_at_risk")
                ),
                float((within & (columns["identified"] == 1)).sum()),
                float(columns["net_12m"][within].sum()) / 100 / heads if heads else np.nan,
            )
        )
    return tuple(float(value) for value in np.mean(cells, axis=0))
