"""A household of a stored run, followed: its run is made again, alone or under other policies with the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.compute as pc
import pyarrow.dataset as ds

from experiments.canonical import content_hash
from experiments.life import Life
from experiments.pasts import Pasts
from experiments.persons import refuse_person_level
from experiments.progress import Silent
from experiments.runfiles import PROVENANCE, read_provenance
from experiments.store import STUDY
from experiments.stored import read_study, run_folders
from scenarios.founders import at_size
from scenarios.load import load
from scenarios.problems import Report
from scenarios.scenario import Scenario, resolved
from sim.engine import engine_hash
from sim.indicators import CAUSES, GROUPS
from sim.model import Model


def follow(folder: Path, household: int, policies: Sequence[str] = (), threads: int | None = None) -> list[Life]:
    """Return a stored household's months.

    Args:
        folder: a run, or a study with runs; of several runs the first with the household counts.
        household: the household's id.
        policies: policies to live under, with the luck of the stored run; the run's own when none is named.
        threads: threads of the model.

    Raises:
        ScenarioError: when there is no such run or household, or when the files have changed since.
    """
    report = Report()
    task = _task_of(folder, household, report)
    asked = _asked(folder)
    more = {key: tuple(asked.get(key, ())) for key in ("levers", "stress")}
    founders = str(asked.get("founders", ""))
    own = _scenario(task, task["policy"], more, founders)
    _check(task, own, report)
    pasts = Pasts(task["seed"], threads or 1, Silent())
    lives = []
    for policy in policies or (task["policy"],):
        scenario = own if policy == task["policy"] else _scenario(task, policy, more, founders)
        past = pasts.of(scenario)
        model = Model(scenario.county, scenario.rules, task["seed"], past, task["months"], threads, trace=(household,))
        model.run_model()
        lives.append(Life(policy, scenario, tuple(model.tracer.months[household])))
    return lives


class Fallen(NamedTuple):
    """A household of a stored run that fell below the poverty line, net.

    Attributes:
        id: the household's id.
        group: its group.
        persons: its members of December 2020.
        falls: by policy in the order of the runs, month and main cause of its first fall; None where it never fell.
    """

    id: int
    group: str
    persons: int
    falls: tuple[tuple[int, str] | None, ...]


def fallen(folder: Path) -> tuple[list[str], list[Fallen]]:
    """Return the policies of a stored study, and the households that fell under any of them, in its first replication.

    Those that fell under some policies alone come first, for they show what the policies do; then by month.

    Raises:
        ScenarioError: when there is no such run.
    """
    report = Report()
    tasks = sorted(_tasks(folder, report), key=lambda one: one[1]["replication"])
    asked = _asked(folder).get("policies", [])
    same = [(run, task) for run, task in tasks if _luck(task) == _luck(tasks[0][1])]
    same.sort(key=lambda one: asked.index(one[1]["policy"]) if one[1]["policy"] in asked else len(asked))
    policies = [str(task["policy"]) for _, task in same]
    found: dict[int, list[dict[str, Any] | None]] = {}
    for place, (run, _) in enumerate(same):
        table = ds.dataset(run / "households.parquet", format="parquet")
        for row in table.to_table(filter=pc.field("first_relapse_net") >= 0).to_pylist():
            found.setdefault(row["id"], [None] * len(same))[place] = row
    return policies, ordered_fallen(found)


def ordered_fallen(found: dict[int, list[dict[str, Any] | None]]) -> list[Fallen]:
    """Return households in order: those that fell under some policies alone first, then by month.

    Args:
        found: by id, the household's row of the table of households under each policy; None where it never fell.
    """
    listed = [_fallen(number, rows) for number, rows in found.items()]
    return sorted(listed, key=lambda one: (None not in one.falls, min(fall for fall in one.falls if fall)[0], one.id))


def _fallen(number: int, rows: Sequence[dict[str, Any] | None]) -> Fallen:
    """Return a household from its rows under each policy."""
    any_row = next(row for row in rows if row)
    falls = tuple((row["first_relapse_net"], CAUSES[row["cause_net"]]) if row else None for row in rows)
    return Fallen(number, GROUPS[any_row["group"]], any_row["persons_2020"], falls)


def _luck(task: dict[str, Any]) -> tuple[Any, ...]:
    """Return what two runs must have in common to be compared household by household."""
    return task["place"], task["seed"], tuple(task["overrides"])


def runs_in(folder: Path) -> list[Path]:
    """Return the folders of the runs in a folder, or the folder itself when it is one."""
    return [folder] if (folder / PROVENANCE).exists() else run_folders(folder)


def _tasks(folder: Path, report: Report) -> list[tuple[Path, dict[str, Any]]]:
    """Return the runs of a folder with their tasks."""
    runs = runs_in(folder)
    if not runs:
        report.add("command line", "--from", str(folder), "a folder that `fangpin run` wrote")
        report.stop()
    refuse_person_level(folder, "--from")
    return [(run, read_provenance(run)["task"]) for run in runs]


def _task_of(folder: Path, household: int, report: Report) -> dict[str, Any]:
    """Return the task of the first run that holds the household."""
    tasks = _tasks(folder, report)
    for run, task in sorted(tasks, key=lambda one: (one[1]["replication"], one[1]["policy"])):
        table = ds.dataset(run / "households.parquet", format="parquet")
        if table.count_rows(filter=pc.field("id") == household):
            return task
    hint = f"`fangpin life --from {folder}` lists those that fell below the line"
    report.add("command line", "--household", str(household), f"a household of {folder}", hint)
    report.stop()
    raise AssertionError


def _asked(folder: Path) -> dict[str, Any]:
    """Return what a study was asked for, from its own folder or that of one of its runs; nothing where no study is near."""
    for study in (folder, folder.resolve().parent.parent):
        if (study / STUDY).exists():
            return read_study(study)
    return {}


def _scenario(task: dict[str, Any], policy: str, more: dict[str, tuple[str, ...]], founders: str) -> Scenario:
    """Return the scenario of a task under a policy."""
    scenario = load(task["place"], policy, tuple(task["overrides"]), **more)
    return at_size(scenario, task["households"], founders)


def _check(task: dict[str, Any], scenario: Scenario, report: Report) -> None:
    """Refuse to tell another story than the stored one."""
    if content_hash(resolved(scenario)) != task["scenario_hash"]:
        report.add(
            "command line", "--from", "a run whose scenario has changed since", "a run of these files", "make the run again"
        )
    if engine_hash() != task["engine"]:
        report.add(
            "command line", "--from", "a run of another version of the model", "a run of this version", "make the run again"
        )
    report.stop()
