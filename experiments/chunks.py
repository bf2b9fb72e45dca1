"""What is handed to a worker at a time: runs that share one lived past, few enough to lose little and to keep all busy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from itertools import islice
from typing import NamedTuple

from experiments.pasts import PAST_MONTHS
from experiments.task import Task, library_versions
from sim.rules import County, Rules

FIXED_HOUSEHOLDS = 700
"""A month costs as much as that of so many households more than there are: its part in Python, about 3 ms."""
HOUSEHOLD_MONTHS = 400_000
"""Rural households times months that one core lives in a second; measured, and only used to choose sizes."""
LONGEST = 15 * HOUSEHOLD_MONTHS
"""Cost of a chunk beyond which it is cut: about a quarter of a minute, lost when a worker is killed."""
HAND_OVER = HOUSEHOLD_MONTHS // 20
"""What it costs to hand a chunk to a worker and to take its runs back."""
START = 4 * HOUSEHOLD_MONTHS
"""What it costs to start worker processes: loading the compiled rules."""
THREADED = 0.75
"""How much of each further thread a model makes use of."""


@dataclass(frozen=True)
class Order:
    """One run, with all that a worker needs to make it.

    Attributes:
        key: the run's key.
        label: its name for people.
        county, rules, seed, months: what the model takes.
        past: key of the lived past that it goes on from (`experiments.pasts.PastKeys`).
        records: years of which households and persons are recorded, as `experiments.task.Task.records`.
    """

    key: str
    label: str
    county: County
    rules: Rules
    seed: int
    months: int
    past: str
    records: tuple[int, ...] = ()


@dataclass(frozen=True)
class Chunk:
    """Runs with one past, made one after the other by one worker.

    Attributes:
        orders: the runs.
        threads: threads of the model.
        engine: hash of the engine that must make them.
        versions: versions of libraries that must make them.
    """

    orders: tuple[Order, ...]
    threads: int
    engine: str
    versions: dict[str, str]


class Cut(NamedTuple):
    """Runs cut into chunks, with the cost of the slowest worker."""

    parts: list[tuple[Task, ...]]
    makespan: int


def cost(task: Task) -> int:
    """Return the household-months of a run itself."""
    return task.months * (task.households + FIXED_HOUSEHOLDS)


def past_cost(task: Task) -> int:
    """Return the household-months of a run's past."""
    return len(PAST_MONTHS) * (task.households + FIXED_HOUSEHOLDS)


def past_group(task: Task) -> tuple[str, str, int, int]:
    """Return what runs with one past agree in. Policies that differ before 2021 agree in it too; the worker tells them apart."""
    return task.draw, task.place, task.county, task.seed


def by_past(tasks: Iterable[Task]) -> list[list[Task]]:
    """Return runs grouped by their past, in the order in which the pasts come first."""
    groups: dict[tuple[str, str, int, int], list[Task]] = {}
    for task in tasks:
        groups.setdefault(past_group(task), []).append(task)
    return list(groups.values())


def cut(tasks: Sequence[Task], jobs: int) -> Cut:
    """Return the cut under which all workers are done soonest; of equal ones that with the smallest chunks.

    Several sizes are tried, with and without smaller chunks for the last groups. A worker that takes the next chunk of the
    past that it has just lived need not live it again; otherwise every chunk costs its past.

    Args:
        tasks: the runs to be made.
        jobs: workers.
    """
    groups = by_past(tasks)
    widest = max((len(group) for group in groups), default=1)
    sizes = sorted({1, widest, *(-(-widest // parts) for parts in (2, 3, 4, 6, 8, 16, 32, 64))})
    rest = len(groups) % jobs
    lasts = {0, rest} if jobs > 1 else {0}
    tried = [_laid_out(groups, size, last, jobs) for size in sizes for last in sorted(lasts)]
    return min((Cut(parts, _makespan(parts, jobs)) for parts in tried), key=lambda one: one.makespan)


def _laid_out(groups: Sequence[Sequence[Task]], size: int, last: int, jobs: int) -> list[tuple[Task, ...]]:
    """Return chunks of a size, no longer than allowed; the last groups are shared out among all workers."""
    parts: list[tuple[Task, ...]] = []
    for number, group in enumerate(groups):
        shared = number >= len(groups) - last
        wanted = -(-len(group) * last // jobs) if shared else size
        parts += _pieces(group, min(wanted, _longest(group)))
    return parts


def _longest(group: Sequence[Task]) -> int:
    """Return how many runs of a group a chunk may have: as long as allowed, and at least as much own work as past."""
    first = group[0]
    allowed = max(LONGEST, 2 * past_cost(first)) - past_cost(first)
    return max(1, allowed // max(1, cost(first)))


def _pieces(group: Sequence[Task], size: int) -> Iterator[tuple[Task, ...]]:
    """Yield a group in pieces of a size."""
    rest = iter(group)
    while piece := tuple(islice(rest, size)):
        yield piece


def _makespan(parts: Sequence[tuple[Task, ...]], jobs: int) -> int:
    """Return the cost of the slowest worker when each takes the next chunk as soon as it is free."""
    workers: list[tuple[int, tuple[str, str, int, int]]] = [(0, ("", "", 0, 0))] * max(1, jobs)
    heapify(workers)
    for part in parts:
        free, past = workers[0]
        own = past_group(part[0])
        lived = 0 if past == own else past_cost(part[0])
        heapreplace(workers, (free + lived + HAND_OVER + sum(cost(task) for task in part), own))
    return max(free for free, _ in workers)


def alone(tasks: Sequence[Task]) -> int:
    """Return the cost of making all runs one after the other."""
    return sum(past_cost(group[0]) + sum(cost(task) for task in group) for group in by_past(tasks))


def speed(threads: int) -> float:
    """Return how many times as fast as with one thread a model is."""
    return 1 + THREADED * (threads - 1)


def as_chunk(orders: Iterable[Order], threads: int, engine: str) -> Chunk:
    """Return runs as a chunk to hand out, those that differ before 2021 one after the other."""
    return Chunk(tuple(sorted(orders, key=lambda order: order.past)), threads, engine, dict(library_versions()))
