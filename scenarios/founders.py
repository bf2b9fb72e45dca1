"""A population grown from a survey: members of every household of January 2013 in a file, checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from scenarios.problems import Report, listing
from scenarios.scenario import Scenario, scaled
from sim.founders import GIVEN, NOBODY_KNOWS, Founders, Members, arranged

COLUMNS = {"village": (0, 2**20), "number": (0, 2**20 - 2), "age": (0, 110), "sex": (0, 1)}
"""Columns that every file has, with the least and the largest value."""
ANSWERS = {"chronic_disease": 2, "disabled": 1, "wants_work": 1, "can_leave_home": 1}
"""Columns that may be missing, with the largest value; -1 is not known."""
LARGEST = 20
"""Members of a household at most."""
MARK = b"fangpin"
"""Key of the file's description in its metadata."""
DESCRIBED = ("source", "person_level", "place", "rural_households", "villages", "townships")
"""What the description must say."""


@dataclass(frozen=True)
class Population:
    """A file of founders.

    Attributes:
        founders: the households.
        about: its description: where it came from, hashes of the survey and its codebook, how many rural households of how many
            villages and townships it stands for.
    """

    founders: Founders
    about: Mapping[str, Any]


def describe(path: str, report: Report) -> dict[str, Any]:
    """Return the description of a file of founders; nothing, with a problem noted, where it is none.

    Args:
        path: the file.
        report: takes what is wrong.
    """
    hint = "`fangpin grow` makes one from a survey"
    if not Path(path).is_file():
        report.add("command line", "population", path, "a file of founders that exists", hint)
        return {}
    try:
        about = json.loads((pq.read_schema(path).metadata or {}).get(MARK, b"{}"))
    except (pa.ArrowInvalid, OSError, ValueError):
        report.add("command line", "population", f"{path}, no Parquet file", "a file of founders", hint)
        return {}
    missing = [key for key in DESCRIBED if key not in about]
    if missing:
        report.add(path, "metadata", f"without {listing(missing)}", listing(DESCRIBED), hint)
    return dict(about)


def read_population(path: str) -> Population:
    """Read a file of founders.

    Raises:
        ScenarioError: with everything that is wrong with it; counts and columns, never a value.
    """
    report = Report()
    about = describe(path, report)
    report.stop()
    read = pq.read_table(path)
    table = {name: read[name].to_numpy() for name in read.column_names}
    _check(table, path, report)
    report.stop()
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    count = len(table["village"])
    given = [np.asarray(table[name], np.int8) if name in table else np.full(count, NOBODY_KNOWS, np.int8) for name in GIVEN]
    village, number, age, sex = (np.asarray(table[name], np.int64) for name in COLUMNS)
    members = Members(village, number, age, sex, np.stack(given))
    return Population(arranged(members, digest, str(about["source"]), bool(about["person_level"])), about)


def _check(table: Mapping[str, np.ndarray], path: str, report: Report) -> None:
    """Note columns that are missing or hold what they cannot."""
    known = (*COLUMNS, *ANSWERS)
    for name in (one for one in COLUMNS if one not in table):
        report.add(path, name, "missing", listing(known))
    bounds = COLUMNS | {name: (NOBODY_KNOWS, high) for name, high in ANSWERS.items()}
    for name, (low, high) in bounds.items():
        if name not in table:
            continue
        values = table[name]
        wrong = (~np.isin(values, np.arange(low, high + 1))) if values.dtype.kind in "if" else np.ones(len(values), np.bool_)
        if wrong.any():
            report.add(path, name, f"{int(wrong.sum())} rows outside", f"whole numbers from {low} to {high}")
    if "village" in table and not len(table["village"]):
        report.add(path, "rows", "none", "one row for each member")
    if report.problems or any(name not in table for name in COLUMNS):
        return
    _, counts = np.unique(np.stack([table["village"], table["number"]]), axis=1, return_counts=True)
    if counts.max() > LARGEST:
        report.add(path, "members", f"{int((counts > LARGEST).sum())} households of more than {LARGEST}", f"up to {LARGEST}")


def populated(scenario: Scenario, path: str) -> Scenario:
    """Return the scenario with the households of a file in place of founders drawn by type; the file decides the county's size.

    Raises:
        ScenarioError: if the file is wrong, or was made for another place.
    """
    population = read_population(path)
    about, report = population.about, Report()
    if about["place"] != scenario.place:
        report.add(path, "place", f"made for {about['place']}", scenario.place, "grow one for each place: marginals differ")
    report.stop()
    households, villages, townships = (int(about[key]) for key in ("rural_households", "villages", "townships"))
    county = replace(scenario.county, households=households, villages=villages, townships=townships, founders=population.founders)
    return replace(scenario, county=county)


def at_size(scenario: Scenario, households: int, founders: str) -> Scenario:
    """Return the scenario of a stored run: with its founders, or shrunk to its households."""
    if founders:
        return populated(scenario, founders)
    return scaled(scenario, households) if households < scenario.county.households else scenario


def write_population(path: Path, members: Any, about: Mapping[str, Any]) -> None:
    """Write a file of founders, whole or not at all; equal members and descriptions give equal bytes.

    Args:
        path: the file; its folder is made.
        members: a table (pandas) with a row for each member, columns of `COLUMNS` and `ANSWERS`.
        about: its description, with all of `DESCRIBED`.
    """
    names = [name for name in (*COLUMNS, *ANSWERS) if name in members]
    columns = [pa.array(members[name].to_numpy().astype(np.int32)) for name in names]
    described = {MARK: json.dumps(dict(about), sort_keys=True, ensure_ascii=False).encode()}
    table = pa.Table.from_arrays(columns, names=names).replace_schema_metadata(described)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".tmp-{path.name}")
    pq.write_table(table, unfinished, compression="zstd")
    unfinished.replace(path)
