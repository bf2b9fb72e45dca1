"""The serial runner: list the missing runs, make them replication by replication and county by county, store each at once."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import groupby

from experiments import engine
from experiments.output import collect_output
from experiments.pasts import PAST_MONTHS, Pasts
from experiments.progress import Progress, Silent
from experiments.provenance import describe_run
from experiments.store import Store
from experiments.study import Plan
from experiments.task import Task


@dataclass
class Tally:
    """What became of the runs of a study.

    Attributes:
        found: runs that were there already.
        made: runs made now.
        failed: runs that ended with an error, each with its error file.
    """

    found: list[Task] = field(default_factory=list)
    made: list[Task] = field(default_factory=list)
    failed: list[Task] = field(default_factory=list)


def default_threads() -> int:
    """Return the number of processors."""
    return os.cpu_count() or 1


def missing_tasks(plan: Plan, store: Store) -> list[Task]:
    """Return the runs that are not stored yet."""
    return [task for task in plan.tasks if not store.has(task)]


def work_left(plan: Plan, store: Store) -> int:
    """Return the simulated months that are left to do, lived pasts included."""
    missing = missing_tasks(plan, store)
    pasts = len({(task.draw, task.replication, task.county) for task in missing})
    return pasts * len(PAST_MONTHS) + sum(task.months for task in missing)


def _make(plan: Plan, store: Store, task: Task, pasts: Pasts, threads: int, progress: Progress) -> None:
    """Make one run and store it."""
    started = datetime.now(UTC)
    scenario = plan.scenario(task)
    past = pasts.of(scenario)
    model = engine.build_model(scenario.county, scenario.rules, task.seed, past, task.months, threads)
    for _ in range(task.months):
        model.step()
        progress.advance(1)
    store.write(task, collect_output(model, past), describe_run(plan, task, started, threads))


def _attempt(make: Callable[[], None], store: Store, task: Task, tally: Tally) -> None:
    """Make a run; on an error leave its error file and go on. An interrupt by the user passes through."""
    try:
        make()
    except Exception:
        store.write_error(task, f"{task.label}\nkey {task.key}\nseed {task.seed}\n\n{traceback.format_exc()}")
        tally.failed.append(task)
    else:
        tally.made.append(task)


def _run_county(plan: Plan, store: Store, tasks: list[Task], threads: int, progress: Progress, tally: Tally) -> None:
    """Make the missing runs of one county and replication; they share their lived past, which is forgotten afterwards."""
    pasts = Pasts(tasks[0].seed, threads, progress)
    for task in tasks:
        progress.say(task.label)
        _attempt(partial(_make, plan, store, task, pasts, threads, progress), store, task, tally)


def run_plan(plan: Plan, store: Store, threads: int | None = None, progress: Progress | None = None) -> Tally:
    """Make every run of a plan that is not stored yet.

    Killed at any moment and started again, it makes only what is missing, with the same bytes.

    Args:
        plan: the study with its scenarios.
        store: the study's folder, opened.
        threads: threads of the model; the number of processors by default. They do not change results.
        progress: where to tell what is going on.

    Returns:
        what was found, made and failed.
    """
    missing = missing_tasks(plan, store)
    tally = Tally(found=[task for task in plan.tasks if task not in missing])
    for _, tasks in groupby(missing, key=lambda task: (task.draw, task.replication, task.county)):
        _run_county(plan, store, list(tasks), threads or default_threads(), progress or Silent(), tally)
    return tally
