"""Where a run came from: the only file of a run that may differ between equal runs."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from experiments.sources import sources
from experiments.study import CountyCase, Plan
from experiments.task import SCHEMA_VERSION, Task, library_versions
from experiments.worker import Made


@cache
def git_state() -> dict[str, Any]:
    """Return commit and cleanliness of the source tree, or nothing where it is not a git work tree."""
    folder = Path(__file__).resolve().parent.parent
    if not (folder / ".git").exists():
        return {}
    answers = [_git(folder, "rev-parse", "HEAD"), _git(folder, "status", "--porcelain", "--untracked-files=no")]
    if answers[0] is None or answers[1] is None:
        return {}
    return {"commit": answers[0], "clean": answers[1] == ""}


def _git(folder: Path, *words: str) -> str | None:
    """Return the output of a git command, or None when git does not answer."""
    command = ["git", "-C", str(folder), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _own_version() -> str:
    """Return the installed version of fangpin, or a word where it runs from a source tree."""
    try:
        return importlib.metadata.version("fangpin")
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def assumption_lines(scenario: Any) -> list[str]:
    """Return the assumed figures of a scenario and of the rules, a line each: key, month of start, value, unit, source."""
    from sim.fixed import FIXED

    fixed = [f"rules.{one.name} = {one.value:g} {one.unit}: assumption: {one.meaning}" for one in FIXED]
    return [*(_assumption_line(assumed) for assumed in scenario.assumptions()), *fixed]


def _assumption_line(assumed: Any) -> str:
    """Return one assumed figure as a line."""
    since = f"@{assumed.month}" if assumed.month else ""
    value = "table" if assumed.value is None else f"{assumed.value:g} {assumed.unit}".strip()
    return f"{assumed.key}{since} = {value}: {assumed.source} ({assumed.level})"


def shared_parts(plan: Plan, task: Task, scenario: Any) -> dict[str, Any]:
    """Return what a run's provenance has in common with other runs: names, what is assumed, the resolved scenario.

    Args:
        plan: the plan that the run belongs to.
        task: the run.
        scenario: its scenario.
    """
    return {
        "names": _names(plan.case(task), task.policy),
        "assumptions": assumption_lines(scenario),
        "scenario": plan.resolved_of(task, scenario),
    }


def describe_run(plan: Plan, task: Task, made: Made, shared: Mapping[str, str]) -> dict[str, Any]:
    """Return the provenance of a run.

    Args:
        plan: the plan that the run belongs to.
        task: the run.
        made: when and where it was made.
        shared: for each of `shared_parts` the name under which the study's folder holds it.
    """
    case = plan.case(task)
    seconds = (datetime.fromisoformat(made.finished) - datetime.fromisoformat(made.started)).total_seconds()
    return {
        "schema": SCHEMA_VERSION,
        "key": task.key,
        "population": plan.study.population,
        "sources": sources(plan.study),
        "task": task.parts,
        "clock": {"started": made.started, "finished": made.finished, "seconds": round(seconds, 3)},
        "machine": made.machine,
        "versions": {"fangpin": _own_version(), **library_versions(), "python_full": platform.python_version()},
        "git": git_state(),
        "county": {"name": case.name, "weight": case.weight, "stands_for": case.multiplier},
        **shared,
    }


def _names(case: CountyCase, policy: str) -> dict[str, Any]:
    """Return what county, policy and levers are called, so that tables need no scenario."""
    scenario = case.scenarios[policy]
    levers = {lever.id: dict(lever.names) for lever in scenario.levers}
    return {"place": dict(case.names), "policy": dict(scenario.policy_names), "levers": levers}
