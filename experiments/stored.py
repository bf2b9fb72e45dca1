"""A folder of runs, opened from its files alone: whatever shipped data have changed since, it can be read.

The one door to stored runs: which of them can be compared in pairs, what they tell of themselves, and the results they add up
to. Nothing is simulated and no scenario loaded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from experiments.harmless import WIDEST_PLACE, shown_names
from experiments.results import Results, read_results
from experiments.runfiles import PROVENANCE, read_columns, read_provenance, read_shared
from experiments.store import STUDY, Store
from experiments.study import CountyCase, Plan, Repeat, Study
from experiments.task import POINT, Task, read_task
from scenarios.problems import one_line


class NoRuns(FileNotFoundError):
    """A folder that holds no study, or no replication that is whole."""


class Run(NamedTuple):
    """One stored run.

    Attributes:
        policy, county, repeat: which it is: the county by its number, the repeat as the names of draw and replication.
        place: name of the county.
        stands_for: how many persons of the whole place one of its persons stands for.
        folder: where its files are.
        told: what its provenance says of task, clock, county and names.
    """

    policy: str
    county: int
    repeat: Repeat
    place: str
    stands_for: int
    folder: Path
    told: Mapping[str, Any]

    def columns(self, name: str) -> dict[str, Any]:
        """Return the columns of one of its tables; none where the run was written without it."""
        return read_columns(self.folder, name) if (self.folder / name).is_file() else {}

    def scenario(self) -> dict[str, Any]:
        """Return its resolved scenario; read anew each time, for it is large."""
        scenario: dict[str, Any] = read_shared(self.folder, read_provenance(self.folder).get("scenario", {}))
        return scenario


@dataclass(frozen=True)
class StoredTask(Task):
    """A run as it was stored: its folder has the key that it was stored under, whatever is installed today."""

    stored: str = ""

    @property
    def key(self) -> str:
        """The key that it was stored under."""
        return self.stored


@dataclass(frozen=True)
class Stored:
    """The runs of a folder that can be compared in pairs.

    Attributes:
        root: the folder.
        study: what was asked for, with the policies that have runs and the base that is wanted.
        repeats: repetitions that are whole for every policy and county.
        counties: numbers of the counties.
        runs: by policy, county and repeat.
        left_out: repetitions that are not whole.
    """

    root: Path
    study: Study
    repeats: tuple[Repeat, ...]
    counties: tuple[int, ...]
    runs: dict[tuple[str, int, Repeat], Run]
    left_out: int = 0

    def of(self, policy: str, repeat: Repeat) -> list[Run]:
        """Return the runs of a policy in a repetition, one a county."""
        return [self.runs[policy, county, repeat] for county in self.counties]

    def against(self, base: str) -> Stored:
        """Return the same with another policy to compare with."""
        return replace(self, study=replace(self.study, reference=base))

    def plan(self) -> Plan:
        """Return it as a plan that can be read, not run: its scenarios are no more than names, its tasks know their folders."""
        tasks = tuple(
            _task(self.runs[policy, county, repeat])
            for repeat in self.repeats
            for county in self.counties
            for policy in self.study.policies
        )
        cases = tuple(_case(self, county) for county in self.counties)
        weighted = any(case.name != self.study.place for case in cases)
        return Plan(self.study, _place_names(self.study, cases[0]), cases, tasks, weighted)

    def results(self) -> Results:
        """Return counts and costs, added over counties by weight.

        Raises:
            OtherVersion: if the runs count other things than this version.
        """
        return read_results(self.plan(), Store(self.root))


def open_stored(folder: Path) -> Stored:
    """Open a folder of runs.

    Of runs of several versions of the engine only those of the newest count; of equal ones the latest.

    Args:
        folder: a folder that `fangpin run` or another command with runs wrote.

    Raises:
        NoRuns: if the folder holds no study or no whole replication.
    """
    said = read_study(folder)
    found = _latest(folder)
    policies = tuple(policy for policy in said["policies"] if any(key[0] == policy for key in found))
    counties = tuple(sorted({key[1] for key in found}))
    repeats = sorted({key[2] for key in found}, key=lambda repeat: (repeat[1], repeat[0]))
    whole = tuple(one for one in repeats if all((policy, county, one) in found for policy in policies for county in counties))
    if not whole:
        raise NoRuns(f"{one_line(folder)} holds no replication that is whole; run the command again to finish it")
    return Stored(folder, _study(said, policies, len(whole)), whole, counties, found, len(repeats) - len(whole))


def reopen(folder: Path) -> tuple[Plan, Store]:
    """Return a folder of runs as the plan and store that tables and measures read.

    Raises:
        NoRuns: if the folder holds no study or no whole replication.
    """
    return open_stored(folder).plan(), Store(folder)


def read_study(folder: Path) -> dict[str, Any]:
    """Return what a folder's study is, as it was written.

    Raises:
        NoRuns: if the folder holds none.
    """
    told = folder / STUDY
    if not told.is_file():
        raise NoRuns(f"{one_line(folder)} holds no {STUDY}; allowed: a folder that `fangpin run` or `fangpin sweep` wrote")
    study: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))["study"]
    return study


def run_folders(folder: Path) -> list[Path]:
    """Return the folders of the whole runs in a folder, by their keys; drafts of runs that were broken off are none."""
    return [path.parent for path in sorted(folder.glob(f"runs/*/{PROVENANCE}")) if not path.parent.name.startswith(".")]


def _study(said: Mapping[str, Any], policies: tuple[str, ...], replications: int) -> Study:
    """Return the study that a folder tells of."""
    known = {field.name for field in fields(Study)}
    parts: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in said.items() if key in known
    }
    study = Study(**{**parts, "policies": policies, "replications": replications})
    return study if study.reference in policies else replace(study, reference="")


def _latest(folder: Path) -> dict[tuple[str, int, Repeat], Run]:
    """Return the runs of the newest engine, the latest of equal ones."""
    names: dict[tuple[str, int], Any] = {}
    told = [(path, _told(path, names)) for path in run_folders(folder)]
    if not told:
        return {}
    told.sort(key=lambda one: (one[1]["clock"]["finished"], one[0].name))
    engine = told[-1][1]["task"]["engine"]
    runs = (_run(path, one) for path, one in told if one["task"]["engine"] == engine)
    return {(run.policy, run.county, run.repeat): run for run in runs}


def _told(folder: Path, names: dict[tuple[str, int], Any]) -> dict[str, Any]:
    """Return what a run says of itself, without its scenario; names once for a policy and county, for there are many."""
    told = read_provenance(folder)
    task = told["task"]
    key = task["policy"], task["county"]
    called = names.get(key) or names.setdefault(key, read_shared(folder, told.get("names") or {}))
    return {"task": task, "clock": told["clock"], "county": told.get("county") or {}, "names": called}


def _run(folder: Path, told: dict[str, Any]) -> Run:
    """Return a run as its provenance tells of it."""
    task, county = told["task"], told["county"]
    repeat = (str(task.get("draw", POINT)), int(task["replication"]))
    stands_for = int(county.get("stands_for", 1))
    return Run(task["policy"], int(task["county"]), repeat, str(county.get("name", task["place"])), stands_for, folder, told)


def _task(run: Run) -> StoredTask:
    """Return a run as a task."""
    return StoredTask(**vars(read_task(run.told["task"])), stored=run.folder.name)


def _case(stored: Stored, county: int) -> CountyCase:
    """Return a county as the tables know it: who it is, what it stands for, and what its policies and levers are called."""
    ours = {policy: stored.runs[policy, county, stored.repeats[0]] for policy in stored.study.policies}
    run = next(iter(ours.values()))
    return CountyCase(
        name=run.place,
        names=shown_names(run.told["names"].get("place", {"zh": run.place, "en": run.place}), WIDEST_PLACE),
        weight=float(run.told["county"].get("weight", 1.0)),
        multiplier=run.stands_for,
        scenarios={policy: _called(one) for policy, one in ours.items()},
        resolved={},
    )


def _called(run: Run) -> SimpleNamespace:
    """Return what tables ask of a scenario: names and the county."""
    names, task = run.told["names"], run.told["task"]
    levers = names.get("levers", {})
    return SimpleNamespace(
        policy_names=names.get("policy", {"zh": run.policy, "en": run.policy}),
        levers=tuple(SimpleNamespace(id=lever, names=called) for lever, called in levers.items()),
        county=SimpleNamespace(number=run.county, households=task["households"]),
    )


def _place_names(study: Study, case: CountyCase) -> Mapping[str, str]:
    """Return what the study's place is called."""
    from scenarios import ScenarioError, place_names

    try:
        return shown_names(place_names(study.place), WIDEST_PLACE)
    except ScenarioError:
        return case.names
