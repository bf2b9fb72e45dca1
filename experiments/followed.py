"""A household of a stored run, followed: its run is made again, alone or under other policies with the same luck."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.dataset as ds

from experiments.canonical import content_hash
from experiments.life import Life
from experiments.pasts import Pasts
from experiments.progress import Silent
from scenarios.load import load
from scenarios.problems import Report
from scenarios.scenario import Scenario, resolved, scaled
from sim.engine import engine_hash
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
    own = _scenario(task, task["policy"], report)
    _check(task, own, report)
    pasts = Pasts(task["seed"], threads or 1, Silent())
    lives = []
    for policy in policies or (task["policy"],):
        scenario = own if policy == task["policy"] else _scenario(task, policy, report)
        past = pasts.of(scenario)
        model = Model(scenario.county, scenario.rules, task["seed"], past, task["months"], threads, trace=(household,))
        model.run_model()
        lives.append(Life(policy, scenario, tuple(model.tracer.months[household])))
    return lives


def runs_in(folder: Path) -> list[Path]:
    """Return the folders of the runs in a folder, or the folder itself when it is one."""
    if (folder / "provenance.json").exists():
        return [folder]
    return sorted(path.parent for path in folder.glob("runs/*/provenance.json"))


def _task_of(folder: Path, household: int, report: Report) -> dict[str, Any]:
    """Return the task of the first run that holds the household."""
    runs = runs_in(folder)
    if not runs:
        report.add("command line", "--from", str(folder), "a folder that `fangpin run` wrote")
        report.stop()
    tasks = [(run, json.loads((run / "provenance.json").read_text(encoding="utf-8"))["task"]) for run in runs]
    for run, task in sorted(tasks, key=lambda one: (one[1]["replication"], one[1]["policy"])):
        table = ds.dataset(run / "households.parquet", format="parquet")
        if table.count_rows(filter=pc.field("id") == household):
            return task
    ids = ds.dataset(runs[0] / "households.parquet", format="parquet").head(3)["id"].to_pylist()
    hint = f"ids stand in households.parquet, such as {', '.join(str(number) for number in ids)}"
    report.add("command line", "--household", str(household), f"a household of {folder}", hint)
    report.stop()
    raise AssertionError


def _scenario(task: dict[str, Any], policy: str, report: Report) -> Scenario:
    """Return the scenario of a task under a policy."""
    scenario = load(task["place"], policy, tuple(task["overrides"]))
    return scaled(scenario, task["households"]) if task["households"] < scenario.county.households else scenario


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
