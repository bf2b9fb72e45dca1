"""A folder of stored runs as a plan again: what its runs tell of themselves, without the scenarios that they came from.

Shipped data and rules may have changed since; what was stored can still be read. Nothing is simulated and no scenario loaded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from experiments.store import Store
from experiments.study import CountyCase, Plan, Study
from experiments.task import Task

Run = Mapping[str, Any]


class NoRuns(FileNotFoundError):
    """A folder that holds no study, or no replication that is whole."""


@dataclass(frozen=True)
class StoredTask(Task):
    """A run as it was stored: its folder has the key that it was stored under, whatever is installed today."""

    stored: str = ""

    @property
    def key(self) -> str:
        """The key that it was stored under."""
        return self.stored


def reopen(folder: Path) -> tuple[Plan, Store]:
    """Return plan and store of a folder that `fangpin run` or another command with runs wrote.

    Only replications that are whole for every policy and county are in the plan; where runs of several versions lie side by
    side, only those of the newest version.

    Raises:
        NoRuns: if the folder holds no study or no whole replication.
    """
    told = folder / "study.json"
    if not told.is_file():
        raise NoRuns(f"{folder} holds no study.json; allowed: a folder that `fangpin run` wrote")
    given = json.loads(told.read_text(encoding="utf-8"))["study"]
    known = {field.name for field in fields(Study)}
    parts: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in given.items() if key in known
    }
    study = Study(**parts)
    runs = _whole(_newest(folder), study.policies)
    if not runs:
        raise NoRuns(f"{folder} holds no replication that is whole; run the command again to finish it")
    tasks = tuple(_task(run) for run in runs)
    repeats = {(task.draw, task.replication) for task in tasks}
    plan = Plan(
        replace(study, replications=len(repeats)),
        _place_names(study, runs[0]),
        tuple(_case(run, runs) for run in _first_of_counties(runs)),
        tasks,
        weighted=any(task.place != study.place for task in tasks),
    )
    return plan, Store(folder)


def _newest(folder: Path) -> list[Run]:
    """Return what the runs of the newest version tell of themselves, of equal tasks the last that was made."""
    found = []
    for path in sorted(folder.glob("runs/*/provenance.json")):
        if not path.parent.name.startswith("."):
            found.append({**json.loads(path.read_text(encoding="utf-8")), "key": path.parent.name})
    found.sort(key=lambda run: str(run["clock"]["finished"]))
    version = found[-1]["task"]["engine"] if found else ""
    latest = {_names(run): run for run in found if run["task"]["engine"] == version}
    return list(latest.values())


def _names(run: Run) -> tuple[str, int, int, str]:
    """Return what tells a run from the others of its study."""
    task = run["task"]
    return task["policy"], task["county"], task["replication"], task["draw"]


def _whole(runs: Sequence[Run], policies: Sequence[str]) -> list[Run]:
    """Return the runs of the repetitions that hold every policy and county, in the order in which the runner makes them."""
    held = {_names(run) for run in runs}
    counties = sorted({run["task"]["county"] for run in runs})
    repeats = {(run["task"]["draw"], run["task"]["replication"]) for run in runs}
    whole = {
        (draw, number)
        for draw, number in repeats
        if all((policy, county, number, draw) in held for policy in policies for county in counties)
    }
    kept = [
        run for run in runs if (run["task"]["draw"], run["task"]["replication"]) in whole and run["task"]["policy"] in policies
    ]
    return sorted(
        kept, key=lambda run: (run["task"]["replication"], run["task"]["draw"], run["task"]["county"], _place(run, policies))
    )


def _place(run: Run, policies: Sequence[str]) -> int:
    """Return the place of a run's policy in the study."""
    return list(policies).index(run["task"]["policy"])


def _task(run: Run) -> StoredTask:
    """Return a run as a task."""
    known = {field.name for field in fields(Task)}
    told = {key: value for key, value in run["task"].items() if key in known}
    return StoredTask(**{**told, "overrides": tuple(told["overrides"])}, stored=run["key"])


def _first_of_counties(runs: Sequence[Run]) -> list[Run]:
    """Return the first run of each county, in the order of their numbers."""
    first: dict[int, Run] = {}
    for run in runs:
        first.setdefault(run["task"]["county"], run)
    return [first[number] for number in sorted(first)]


def _case(run: Run, runs: Sequence[Run]) -> CountyCase:
    """Return a county as the tables know it: who it is, what it stands for, and what its policies and levers are called."""
    number, told = run["task"]["county"], run.get("county", {})
    name = told.get("name", run["task"]["place"])
    ours = {one["task"]["policy"]: one for one in runs if one["task"]["county"] == number}
    return CountyCase(
        name=name,
        names=run.get("names", {}).get("place", {"zh": name, "en": name}),
        weight=float(told.get("weight", 1.0)),
        multiplier=int(told.get("stands_for", 1)),
        scenarios={policy: _called(one) for policy, one in ours.items()},
        resolved={policy: one["scenario"] for policy, one in ours.items()},
    )


def _called(run: Run) -> SimpleNamespace:
    """Return what tables ask of a scenario: names and the county."""
    names, policy = run.get("names", {}), run["task"]["policy"]
    levers = names.get("levers", {})
    return SimpleNamespace(
        policy_names=names.get("policy", {"zh": policy, "en": policy}),
        levers=tuple(SimpleNamespace(id=lever, names=called) for lever, called in levers.items()),
        county=SimpleNamespace(number=run["task"]["county"], households=run["task"]["households"]),
    )


def _place_names(study: Study, run: Run) -> Mapping[str, str]:
    """Return what the study's place is called."""
    from scenarios import ScenarioError, place_names

    try:
        return place_names(study.place)
    except ScenarioError:
        named: Mapping[str, str] = run.get("names", {}).get("place", {"zh": study.place, "en": study.place})
        return named
