"""A folder of runs, opened from its files alone: whatever shipped data have changed since, it can be read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.labels import Label
from experiments.results import Block, Results, added_blocks, block_of, times_block
from experiments.runfiles import read_columns
from experiments.study import Repeat, Study
from experiments.task import POINT


class Run(NamedTuple):
    """One stored run.

    Attributes:
        policy, county, repeat: which it is: the county by its number, the repeat as the names of draw and replication.
        place: name of the county.
        stands_for: how many persons of the whole place one of its persons stands for.
        folder: where its files are.
    """

    policy: str
    county: int
    repeat: Repeat
    place: str
    stands_for: int
    folder: Path

    def columns(self, name: str) -> dict[str, Any]:
        """Return the columns of one of its tables; none where the run was written without it."""
        return read_columns(self.folder, name) if (self.folder / name).is_file() else {}


@dataclass(frozen=True)
class Stored:
    """The runs of a folder that can be compared in pairs.

    Attributes:
        root: the folder.
        study: what was asked for, with the base that is wanted.
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

    @property
    def weighted(self) -> bool:
        """Whether the counties stand for a whole place."""
        return any(run.stands_for != 1 for run in self.runs.values())


def open_stored(folder: Path) -> Stored:
    """Open a folder of runs.

    Of runs of several versions of the engine only those of the newest count; of equal ones the latest.

    Args:
        folder: a folder that `fangpin run` or `fangpin sweep` wrote.

    Raises:
        FileNotFoundError: if the folder holds no study or no whole repetition.
    """
    told = folder / "study.json"
    if not told.is_file():
        raise FileNotFoundError(f"{folder} holds no study.json; allowed: a folder that `fangpin run` or `fangpin sweep` wrote")
    said = json.loads(told.read_text(encoding="utf-8"))["study"]
    found = _latest(folder)
    policies = tuple(policy for policy in said["policies"] if any(key[0] == policy for key in found))
    counties = tuple(sorted({key[1] for key in found}))
    repeats = sorted({key[2] for key in found}, key=lambda repeat: (repeat[1], repeat[0]))
    whole = tuple(one for one in repeats if all((policy, county, one) in found for policy in policies for county in counties))
    if not whole:
        raise FileNotFoundError(f"{folder} holds no repetition that is whole; run the command again to finish it")
    return Stored(folder, _study(said, policies, len(whole)), whole, counties, found, len(repeats) - len(whole))


def _study(said: dict[str, Any], policies: tuple[str, ...], replications: int) -> Study:
    """Return the study that a folder tells of."""
    told = str(said.get("reference", ""))
    return Study(
        place=str(said["place"]),
        policies=policies,
        households=said["households"],
        months=int(said["months"]),
        replications=replications,
        seed=int(said["seed"]),
        overrides=tuple(said.get("overrides", ())),
        levers=tuple(said.get("levers", ())),
        stress=tuple(said.get("stress", ())),
        parameters=str(said.get("parameters", "")),
        reference=told if told in policies else "",
    )


def _latest(folder: Path) -> dict[tuple[str, int, Repeat], Run]:
    """Return the runs of the newest engine, the latest of equal ones."""
    told = [(path.parent, _told(path)) for path in sorted(folder.glob("runs/*/provenance.json")) if path.parent.name[0] != "."]
    if not told:
        return {}
    told.sort(key=lambda one: (one[1]["clock"]["finished"], one[0].name))
    engine = told[-1][1]["task"]["engine"]
    runs = (_run(path, one) for path, one in told if one["task"]["engine"] == engine)
    return {(run.policy, run.county, run.repeat): run for run in runs}


def _told(path: Path) -> dict[str, Any]:
    """Return what a run says of itself, without its scenario."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return {key: told.get(key) for key in ("task", "clock", "county")}


def _run(folder: Path, told: dict[str, Any]) -> Run:
    """Return a run as its provenance tells of it."""
    task, county = told["task"], told["county"] or {}
    repeat = (str(task.get("draw", POINT)), int(task["replication"]))
    stands_for = int(county.get("stands_for", 1))
    return Run(task["policy"], int(task["county"]), repeat, str(county.get("name", task["place"])), stands_for, folder)


def stored_results(stored: Stored, names: dict[str, Label] | None = None, place: Label | None = None) -> Results:
    """Return counts and costs of the folder's runs, added over counties by weight.

    Raises:
        OtherVersion: if the runs count other things than this version.
    """
    blocks = (times_block(_block(stored, county), _stands_for(stored, county)) for county in stored.counties)
    block = reduce(added_blocks, blocks)
    return Results(
        study=stored.study,
        replications=stored.repeats,
        **block._asdict(),
        names=names or {},
        place=place or Label(stored.study.place, stored.study.place),
        weighted=stored.weighted,
    )


def _stands_for(stored: Stored, county: int) -> int:
    """Return how many of the whole place one of a county stands for."""
    return next(run.stands_for for run in stored.runs.values() if run.county == county)


def _block(stored: Stored, county: int) -> Block:
    """Read the runs of one county."""
    policies = stored.study.policies
    return block_of([[stored.runs[policy, county, repeat].folder for repeat in stored.repeats] for policy in policies])


def mean_over(values: Iterable[np.ndarray]) -> np.ndarray:
    """Return the mean of arrays over those that are not NaN, place by place; NaN where none is."""
    stacked = np.array(list(values), dtype=np.float64)
    known = ~np.isnan(stacked)
    total = np.where(known, stacked, 0.0).sum(axis=0)
    count = known.sum(axis=0)
    found: np.ndarray = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return found
