"""Stored runs of a study as one block of counts, ready for rates. Reads only; the model is never called.

Where a place lists counties, counts and costs are sums over them, each county times the whole number of persons that one of its
simulated persons stands for. One county is read at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.harmless import shown_name, shown_names
from experiments.labels import Label
from experiments.runfiles import read_columns, read_record, read_summary
from experiments.store import Store
from experiments.study import CountyCase, Plan, Repeat, Study
from sim.indicators import GROUPS, INDEX
from sim.rules import month_index, year_of

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]

FEN_PER_MILLION_YUAN = 100_000_000
UNNAMED = Label("", "")


@dataclass(frozen=True)
class Results:
    """All counts of a study, or of one of its counties.

    Attributes:
        study: what was asked for.
        replications: the repetitions that every policy completed: name of the parameter draw and number of the replication.
        first_month: month number of the first month of `counts`, in the lived past.
        counts: whole numbers by policy, replication, month, group and indicator.
        rural_population: persons of all income groups in the simulated villages, by policy and replication.
        costs: fen by policy, replication and month, for each lever of the ledger.
        summaries: the small facts of the runs of each policy.
        names: what policies and levers are called.
        place: name of the place.
        weighted: whether counts stand for a whole place of several counties; else they are those of the simulated villages.
    """

    study: Study
    replications: tuple[Repeat, ...]
    first_month: int
    counts: Counts
    rural_population: Counts
    costs: dict[str, Counts]
    summaries: tuple[tuple[dict[str, Any], ...], ...]
    names: dict[str, Label]
    place: Label = UNNAMED
    weighted: bool = False

    @property
    def scope(self) -> Label:
        """Whom counts and costs are about."""
        if self.weighted:
            return Label("按县加权，全部农村户", "weighted over counties, all rural households")
        return Label("模拟村内", "simulated villages")

    @property
    def months(self) -> range:
        """The month numbers that are covered, lived past included."""
        return range(self.first_month, self.first_month + self.counts.shape[2])

    @property
    def years(self) -> list[int]:
        """The calendar years of the horizon, an incomplete last one included."""
        return list(range(2021, year_of(self.study.last_month) + 1))

    def months_in(self, year: int) -> int:
        """Return how many months of a year are covered: 12 for all but an incomplete last year."""
        return len(self._places(month_index(year), month_index(year, 12)))

    def _places(self, first: int, last: int) -> range:
        """Return the places of the months from first to last that are covered."""
        start = max(first, self.months.start) - self.first_month
        return range(start, max(start, min(last + 1, self.months.stop) - self.first_month))

    def monthly(self, indicator: str, groups: tuple[str, ...]) -> Counts:
        """Return an indicator summed over groups: policy, replication, month."""
        chosen = self.counts[..., INDEX[indicator]]
        total: Counts = chosen[..., [GROUPS.index(group) for group in groups]].sum(axis=-1)
        return total

    def total(self, indicator: str, groups: tuple[str, ...], year: int, first: int = 1) -> Numbers:
        """Return the sum of an indicator over twelve months: policy, replication.

        Args:
            indicator: name of the indicator.
            groups: groups to add up.
            year: the year that the twelve months belong to.
            first: month of year in which they begin; from 2 on they begin in the year before.
        """
        start = month_index(year - (first > 1), first)
        places = self._places(start, start + 11)
        return self.monthly(indicator, groups)[:, :, places.start : places.stop].sum(axis=2).astype(np.float64)

    def mean(self, indicator: str, groups: tuple[str, ...], year: int) -> Numbers:
        """Return the mean over the months of a year: policy, replication; NaN where no month is covered."""
        covered = self.months_in(year)
        if covered == 0:
            return self._nothing()
        return self.total(indicator, groups, year) / covered

    def at_end(self, indicator: str, groups: tuple[str, ...], year: int, month: int = 12) -> Numbers:
        """Return an indicator in a month of a year: policy, replication; NaN outside the months covered."""
        place = month_index(year, month) - self.first_month
        if not 0 <= place < self.counts.shape[2]:
            return self._nothing()
        return self.monthly(indicator, groups)[:, :, place].astype(np.float64)

    def cost(self, lever: str, year: int) -> Numbers:
        """Return fen paid for a lever in a year: policy, replication."""
        places = self._places(month_index(year), month_index(year, 12))
        return self.costs[lever][:, :, places.start : places.stop].sum(axis=2).astype(np.float64)

    def name(self, key: str) -> Label:
        """Return what a policy or a lever is called; its own id where nobody named it."""
        return self.names.get(key) or Label(shown_name(key), shown_name(key))

    def place_of(self, policy: str) -> int:
        """Return the place of a policy along the first axis."""
        return self.study.policies.index(policy)

    def _nothing(self) -> Numbers:
        """Return NaN for each policy and replication."""
        return np.full(self.counts.shape[:2], np.nan)


def ratio(top: Numbers | Counts, bottom: Numbers | Counts) -> Numbers:
    """Return a quotient, NaN where there is nobody to divide by."""
    below = np.asarray(bottom, dtype=np.float64)
    return np.divide(top, below, out=np.full(np.broadcast(top, below).shape, np.nan), where=below > 0)


def complete_replications(plan: Plan, store: Store) -> tuple[Repeat, ...]:
    """Return the repetitions whose runs are all stored: only these can be compared in pairs."""
    missing = {(task.draw, task.replication) for task in plan.tasks if not store.has(task)}
    return tuple(repeat for repeat in plan.repeats if repeat not in missing)


def _lever_costs(folder: Path, first_month: int, months: int) -> dict[str, Counts]:
    """Return fen by month for each lever in the ledger of a run."""
    return costs_of(read_columns(folder, "ledger.parquet"), first_month, months)


def costs_of(ledger: Mapping[str, Any], first_month: int, months: int) -> dict[str, Counts]:
    """Return fen by month for each lever from the columns of a ledger.

    Args:
        ledger: its columns ``lever``, ``fen`` and ``month``.
        first_month: month number of the first month wanted.
        months: how many are wanted.
    """
    levers, fen = np.asarray(ledger["lever"]).astype(str), np.asarray(ledger["fen"], dtype=np.int64)
    places = np.asarray(ledger["month"], dtype=np.int64) - first_month
    inside = (places >= 0) & (places < months)
    costs = {}
    for lever in sorted(set(levers.tolist())):
        row = np.zeros(months, dtype=np.int64)
        chosen = inside & (levers == lever)
        np.add.at(row, places[chosen], fen[chosen])
        costs[lever] = row
    return costs


def _gather_costs(rows: list[list[dict[str, Counts]]], months: int) -> dict[str, Counts]:
    """Return costs by lever: policy, replication, month; zero where a run has no such lever."""
    levers = sorted({lever for row in rows for costs in row for lever in costs})
    nothing = np.zeros(months, dtype=np.int64)
    return {lever: np.array([[costs.get(lever, nothing) for costs in row] for row in rows]) for lever in levers}


def read_names(plan: Plan) -> dict[str, Label]:
    """Return the names of policies and levers that the scenarios give."""
    names: dict[str, Label] = {}
    scenarios = [(policy, scenario) for case in plan.cases for policy, scenario in case.scenarios.items()]
    for policy, scenario in scenarios:
        names |= lever_names(scenario)
        names[policy] = Label(**shown_names(scenario.policy_names))
    return names


def lever_names(scenario: Any) -> dict[str, Label]:
    """Return what the levers of a scenario are called."""
    return {lever.id: Label(**shown_names(lever.names)) for lever in scenario.levers}


class Block(NamedTuple):
    """The stored runs of one county: counts, rural persons and costs by policy and replication, and their summaries."""

    first_month: int
    counts: Counts
    rural_population: Counts
    costs: dict[str, Counts]
    summaries: tuple[tuple[dict[str, Any], ...], ...]


def _read_county(plan: Plan, store: Store, case: CountyCase, replications: tuple[Repeat, ...]) -> Block:
    """Read the runs of one county, as simulated."""
    tasks = [task for task in plan.tasks_in(case) if (task.draw, task.replication) in replications]
    return block_of([[store.folder(task) for task in tasks if task.policy == policy] for policy in plan.study.policies])


def block_of(chosen: list[list[Path]]) -> Block:
    """Return the runs in some folders, a row a policy and a run a repetition, as simulated."""
    records = [[read_record(folder) for folder in row] for row in chosen]
    first_month = records[0][0][0]
    counts = np.array([[record for _, record in row] for row in records])
    months = counts.shape[2]
    summaries = tuple(tuple(read_summary(folder) for folder in row) for row in chosen)
    return Block(
        first_month=first_month,
        counts=counts,
        rural_population=np.array([[summary["rural_population"] for summary in row] for row in summaries], dtype=np.int64),
        costs=_gather_costs([[_lever_costs(folder, first_month, months) for folder in row] for row in chosen], months),
        summaries=summaries,
    )


def times_block(block: Block, multiplier: int) -> Block:
    """Return a county's block for all whom it stands for."""
    return block._replace(
        counts=block.counts * multiplier,
        rural_population=block.rural_population * multiplier,
        costs={lever: fen * multiplier for lever, fen in block.costs.items()},
    )


def added_blocks(one: Block, other: Block) -> Block:
    """Return the sum of two blocks; a lever that one of them lacks costs nothing there."""
    costs = {lever: one.costs.get(lever, 0) + other.costs.get(lever, 0) for lever in sorted({*one.costs, *other.costs})}
    return Block(
        first_month=one.first_month,
        counts=one.counts + other.counts,
        rural_population=one.rural_population + other.rural_population,
        costs={lever: np.asarray(fen) for lever, fen in costs.items()},
        summaries=tuple((*mine, *theirs) for mine, theirs in zip(one.summaries, other.summaries, strict=True)),
    )


def read_results(plan: Plan, store: Store, case: CountyCase | None = None) -> Results:
    """Return the results of all replications that are complete.

    Args:
        plan: the study.
        store: its folder.
        case: one of the plan's counties, to read it alone and as simulated; by default all of them, weighted.

    Raises:
        ValueError: if no replication is complete.
    """
    replications = complete_replications(plan, store)
    if not replications:
        raise ValueError(f"{store.root}: no replication is complete for every policy")
    if case is not None:
        block = _read_county(plan, store, case, replications)
    else:
        read = (times_block(_read_county(plan, store, one, replications), one.multiplier) for one in plan.cases)
        block = reduce(added_blocks, read)
    names = case.names if case else plan.names
    return Results(
        study=plan.study,
        replications=replications,
        **block._asdict(),
        names=read_names(plan),
        place=Label(names["zh"], names["en"]),
        weighted=plan.weighted and case is None,
    )
