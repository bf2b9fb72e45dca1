"""Which runs a folder is for: written when they are begun, so that they can be listed and any one made again."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from experiments.store import Store
from experiments.stored import run_folders
from experiments.study import Plan
from experiments.task import POINT, Task, library_versions, read_task
from scenarios.problems import one_line

NAME = "plan.json"
DONE, FAILED, MISSING = "done", "failed", "missing"
FILES = (".yaml", ".yml", ".csv", ".parquet")
"""Endings by which a name is a file of the user's."""


class Run(NamedTuple):
    """A run that a folder is for.

    Attributes:
        key: its key when it was asked for; of other versions than those of now it is another than the task's.
        task: what it is.
        state: ``done``, ``failed`` or ``missing``.
        error: the first line of its error file, or nothing.
    """

    key: str
    task: Task
    state: str
    error: str


@dataclass(frozen=True)
class Wanted:
    """What a folder was asked for last, and what is stored from before.

    Attributes:
        folder: where the runs are.
        runs: every run, in the order of the plan.
        others: keys of stored runs that are no part of it: of other versions.
        versions: libraries with which the runs were asked for.
        changes: what each parameter draw changes.
        levers, stress, founders: as in `experiments.study.Study`.
        base: the folder that names of files of one's own start from; empty where there are none.
    """

    folder: Path
    runs: tuple[Run, ...]
    others: tuple[str, ...]
    versions: dict[str, str]
    changes: dict[str, tuple[str, ...]]
    levers: tuple[str, ...]
    stress: tuple[str, ...]
    founders: str
    base: str


def write_wanted(plan: Plan, store: Store) -> None:
    """Write which runs a plan wants; what all of them share stands there once.

    Runs of earlier commands or rounds of the same versions that are stored stay listed, so that any one can be made again.

    Raises:
        Stopped: if it cannot be written.
    """
    rows = [{"key": task.key, **task.parts} for task in plan.tasks]
    earlier = _earlier(plan, store, {row["key"] for row in rows})
    rows += earlier.pop("rows", [])
    shared = {name: value for name, value in rows[0].items() if all(row.get(name) == value for row in rows)}
    study = plan.study
    told = {
        "versions": library_versions(),
        "levers": list(study.levers),
        "stress": list(study.stress),
        "founders": study.founders,
        "draws": earlier.get("draws", {}) | {draw.name: list(draw.changes) for draw in plan.draws if draw.values},
        "base": os.getcwd() if _has_files((study.place, *study.policies, *study.levers, *study.stress, study.founders)) else "",
        "all": shared,
        "runs": [{name: value for name, value in row.items() if name not in shared} for row in rows],
    }
    text = json.dumps(told, indent=None).replace('}, {"key"', '},\n{"key"') + "\n"
    path = store.root / NAME
    if not (path.is_file() and path.read_text(encoding="utf-8") == text):
        store.keep(NAME, text)


def _earlier(plan: Plan, store: Store, known: set[str]) -> dict[str, Any]:
    """Return the rows of stored runs that the folder was asked for before, and the draws; nothing of other versions."""
    path, study = store.root / NAME, plan.study
    if not path.is_file():
        return {}
    told = json.loads(path.read_text(encoding="utf-8"))
    same = (
        told["versions"] == library_versions() and told["levers"] == list(study.levers) and told["stress"] == list(study.stress)
    )
    rows = [{**told["all"], **row} for row in told["runs"]] if same else []
    engine = plan.tasks[0].engine
    kept = [row for row in rows if row["engine"] == engine and row["key"] not in known and _is_stored(row["key"], store)]
    return {"rows": kept, "draws": told["draws"] if kept else {}}


def _is_stored(key: str, store: Store) -> bool:
    """Return whether a run is there."""
    return (store.root / "runs" / key).is_dir()


def _has_files(names: Sequence[str]) -> bool:
    """Return whether one of the names is that of a file."""
    return any(ending in name for name in names for ending in FILES)


def read_wanted(folder: Path) -> Wanted:
    """Return what a folder was asked for, and what became of each run.

    Raises:
        FileNotFoundError: if the folder holds no plan.
    """
    path = folder / NAME
    if not path.is_file():
        raise FileNotFoundError(
            f"{one_line(folder)} holds no {NAME}; allowed: a folder that `fangpin run` or `fangpin sweep` wrote"
        )
    told = json.loads(path.read_text(encoding="utf-8"))
    stored = {path.name for path in run_folders(folder)}
    rows = [{**told["all"], **row} for row in told["runs"]]
    runs = tuple(_run(row, folder, stored) for row in rows)
    return Wanted(
        folder=folder,
        runs=runs,
        others=tuple(sorted(stored - {run.key for run in runs})),
        versions=told["versions"],
        changes={name: tuple(changes) for name, changes in told["draws"].items()},
        levers=tuple(told["levers"]),
        stress=tuple(told["stress"]),
        founders=told.get("founders", ""),
        base=told["base"],
    )


def _run(row: dict[str, Any], folder: Path, stored: set[str]) -> Run:
    """Return one run with its state."""
    key, task = row["key"], read_task(row)
    if key in stored:
        return Run(key, task, DONE, "")
    path = folder / "errors" / f"{key}.txt"
    if path.is_file():
        return Run(key, task, FAILED, path.read_text(encoding="utf-8").partition("\n")[0])
    return Run(key, task, MISSING, "")


def short_ids(keys: Sequence[str], least: int = 6) -> dict[str, str]:
    """Return the shortest beginning of each key that no other begins with, of some length at least."""
    ordered, found = sorted(keys), {}
    for place, key in enumerate(ordered):
        beside = [*ordered[max(0, place - 1) : place], *ordered[place + 1 : place + 2]]
        found[key] = key[: max(least, *(1 + _shared(key, other) for other in beside), 0)]
    return found


def _shared(one: str, other: str) -> int:
    """Return how many characters two keys begin with alike."""
    return next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def changes_of(wanted: Wanted, task: Task) -> tuple[str, ...]:
    """Return what the parameter draw of a run changes."""
    return () if task.draw == POINT else wanted.changes[task.draw]
