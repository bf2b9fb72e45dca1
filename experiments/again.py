"""A run made again, alone, from what its folder says; and whether its files are the same to the byte."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.canonical import content_hash
from experiments.chunks import Order, as_chunk
from experiments.engine import engine_hash
from experiments.pasts import PastKeys
from experiments.progress import Progress
from experiments.runfiles import PROVENANCE
from experiments.task import library_versions
from experiments.wanted import Run, Wanted, changes_of
from experiments.worker import Lived, difference, make_runs

SAME, OTHER, GONE, NEW = "same", "different", "only stored", "only made now"


@dataclass(frozen=True)
class Again:
    """What came of making a run again.

    Attributes:
        error: why it could not be made; empty where it could.
        files: by name, whether it is the same as the stored one; nothing where none is stored.
    """

    error: str
    files: dict[str, str]

    @property
    def same(self) -> bool:
        """Whether there were stored files and all of them came out the same."""
        return bool(self.files) and set(self.files.values()) == {SAME}


def differences_now(wanted: Wanted, run: Run, scenario_hash: str) -> list[str]:
    """Return what is not as it was when the run was asked for: engine, libraries, scenario; each may change its bytes."""
    here = {"engine": engine_hash(), **library_versions()}
    there = {"engine": run.task.engine, **wanted.versions}
    found = [difference(here, there)] if here != there else []
    if scenario_hash != run.task.scenario_hash:
        found.append("the files of its scenario have changed since")
    return found


def load_scenario(wanted: Wanted, run: Run) -> tuple[Any, str]:
    """Return the scenario of a run, with the values of its draw, and the hash of the scenario without them.

    Raises:
        ScenarioError: if it cannot be read any more.
    """
    from scenarios.founders import at_size
    from scenarios.load import load
    from scenarios.scenario import resolved

    task, changes = run.task, changes_of(wanted, run.task)

    def loaded(overrides: tuple[str, ...]) -> Any:
        found = load(task.place, task.policy, overrides, wanted.levers, wanted.stress)
        return at_size(found, task.households, wanted.founders)

    with contextlib.chdir(wanted.base) if wanted.base else contextlib.nullcontext():
        plain = loaded(task.overrides)
        return (loaded((*task.overrides, *changes)) if changes else plain), content_hash(resolved(plain))


def make_again(run: Run, scenario: Any, folder: Path, threads: int, progress: Progress) -> Again:
    """Make a run once more and compare its files with the stored ones.

    Args:
        run: the run.
        scenario: its scenario.
        folder: the study's folder.
        threads: threads of the model.
        progress: where to tell of months lived.
    """
    task = run.task
    past = PastKeys().of(scenario, task.seed)
    order = Order(run.key, task.label, scenario.county, scenario.rules, task.seed, task.months, past, task.records)
    (made,) = make_runs(as_chunk([order], threads, engine_hash()), Lived(), progress)
    if made.error:
        return Again(made.error, {})
    stored = {path.name: path for path in (folder / "runs" / run.key).glob("*") if path.name != PROVENANCE}
    return Again(
        "", {name: _compared(made.files.get(name), stored.get(name)) for name in sorted({*made.files, *stored})} if stored else {}
    )


def _compared(made: bytes | None, stored: Path | None) -> str:
    """Return whether a file is the same as the stored one."""
    if made is None or stored is None:
        return GONE if made is None else NEW
    return SAME if stored.read_bytes() == made else OTHER
