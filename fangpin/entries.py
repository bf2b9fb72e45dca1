"""The entries as plain data for Python users: places, policies, levers, what stands behind one, and observed figures."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any


def places() -> dict[str, dict[str, Any]]:
    """Return every place by its id: names, level, parent, counties, rural households, what it overrides."""
    from scenarios.catalogue import place_catalogue

    return place_catalogue()


def policies() -> dict[str, dict[str, Any]]:
    """Return every policy by its id: names, meaning, what it changes."""
    from scenarios.catalogue import policy_catalogue

    return policy_catalogue()


def levers(
    place: str = "nanyang",
    policy: str = "documented",
    *,
    group: str = "",
    grade: str = "",
    kind: str = "",
    mechanism: str = "",
    levers: Sequence[str | PathLike[str]] = (),
) -> dict[str, dict[str, Any]]:
    """Return the levers of the catalogue by their ids as they stand in a place: names, kind, state, clauses, entries, knobs.

    Args:
        place, policy: names or files.
        group: only those of one group, such as ``health``.
        grade: only those whose best figure has this grade, such as ``law`` or ``assumption``; ``sourced``: any but assumption.
        kind: only direct, proxy or context ones, or those ``outside`` the catalogue.
        mechanism: only those with an entry of one mechanism.
        levers: files of levers of your own.

    Raises:
        ScenarioError: if one of them is not known.
    """
    from scenarios.inventory import Choice, lever_inventory

    return lever_inventory(place, policy, Choice(group, grade, kind, mechanism), levers)


def explain(
    key: str, place: str = "nanyang", policy: str = "documented", *, levers: Sequence[str | PathLike[str]] = ()
) -> dict[str, Any]:
    """Return all that the files say of a lever, an entry, ``entry.field``, ``values.<name>`` or ``tables.<name>``.

    Args:
        key: the name.
        place, policy: names or files.
        levers: files of levers of your own.

    Raises:
        ScenarioError: if nothing has that name.
    """
    from scenarios.explain import explain as explained

    return explained(key, place, policy, levers)


def coverage(place: str = "") -> dict[str, Any]:
    """Return, clause by clause, the levers and targets that represent the plan of a place, or of all five plans.

    Raises:
        ScenarioError: if the place is not known or has no plan.
    """
    from scenarios.coverage import coverage as covered

    return covered(place)


def facts(folder: str | PathLike[str] | None = None) -> list[dict[str, Any]]:
    """Return the observed figures, with the simulated ones beside them where a folder of results is given.

    Args:
        folder: a folder that ``fangpin run`` wrote.

    Returns:
        one dict a figure: ``id``, ``names``, ``year``, ``month``, ``place``, ``unit``, ``tag``, ``sample`` (``in`` where a
        default value was chosen with it), ``kind`` (the tag, ``fitted`` for emergent ones in sample), ``used_for``,
        ``observed``, ``source``, ``confidence``, ``bound``, ``note``, ``indicator``, and with a folder ``simulated``,
        ``mc_error``, ``low``, ``high``, ``miss`` and ``verdict``; the check of wages that a run makes of itself has the id
        ``identity``.

    Raises:
        FileNotFoundError: if the folder holds no comparison.
    """
    from scenarios import observations

    observed = {one.id: one for one in observations()}
    if folder is None:
        return [_observed(one) for one in observed.values()]
    return [{**_row(row), **(_observed(observed[row["id"]]) if row["id"] in observed else {})} for row in _compared(Path(folder))]


def validate(folder: str | PathLike[str]) -> list[dict[str, Any]]:
    """Return what the stored runs of a folder say of every observed figure that they speak of, as `fangpin validate DIR` does.

    Args:
        folder: a folder that ``fangpin run``, ``validate`` or another command with runs wrote.

    Returns:
        dicts as those of `facts` with a folder, and ``tolerance``: the range within which a simulated figure agrees, None for
        an open end.

    Raises:
        FileNotFoundError: if the folder holds no whole replication.
    """
    from fangpin.validating import validation_rows

    return validation_rows(Path(folder))


def targets(folder: str | PathLike[str], plan: str = "", every: bool = False) -> list[dict[str, Any]]:
    """Return whether the runs of a folder keep what a plan commits to, one dict for each target, statement and policy.

    Args:
        folder: a folder that ``fangpin run`` wrote.
        plan: id of a plan; by default that of the run's place.
        every: whether targets of other plans are judged as well.

    Raises:
        FileNotFoundError: if the folder holds no whole replication.
    """
    from fangpin.targeting import target_rows

    return target_rows(Path(folder), plan, every)


def compare(folder: str | PathLike[str], base: str = "") -> list[dict[str, Any]]:
    """Return the paired differences of the policies of a folder, one dict for each policy, outcome and year.

    Args:
        folder: a folder that ``fangpin run`` or ``fangpin sweep`` wrote.
        base: the policy to compare with, or a part of a cell's name; by default that of the study.

    Returns:
        dicts with ``policy``, ``base``, ``outcome``, ``names``, ``unit``, ``year`` (None for the horizon), ``value``,
        ``base_value``, ``difference`` (mean, error, low, high, runs), ``p``, ``p_holm``, ``verdict`` and ``pairing``: how many
        unpaired runs one paired run is worth.

    Raises:
        FileNotFoundError: if the folder holds no whole repetition.
        ScenarioError: if no policy of the folder is meant by ``base``.
    """
    from fangpin.compared import Unmeant
    from fangpin.comparing import compare_rows
    from scenarios import ScenarioError

    try:
        return compare_rows(Path(folder), base)
    except Unmeant as error:
        raise ScenarioError([error.problem]) from error


def _observed(one: Any) -> dict[str, Any]:
    """Return an observed figure as plain data."""
    from experiments.facts import kind_of

    keys = (
        "id", "year", "month", "place", "unit", "tag", "sample", "used_for", "indicator", "source", "confidence", "bound", "note",
    )  # fmt: skip
    told = {key: getattr(one, key) for key in keys}
    return {"names": dict(one.names), "observed": one.value, "kind": kind_of(one.tag, one.sample), **told}


def _compared(folder: Path) -> list[dict[str, str]]:
    """Return the rows of a folder's comparison.

    Raises:
        FileNotFoundError: if there is none.
    """
    from scenarios.problems import one_line

    path = folder / "tables" / "facts.csv"
    if not path.is_file():
        raise FileNotFoundError(f"{one_line(folder)} holds no tables/facts.csv; allowed: a folder that `fangpin run` wrote")
    with open(path, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


NUMBERS = ("observed", "simulated", "mc_error", "low", "high", "miss")


def _row(row: dict[str, str]) -> dict[str, Any]:
    """Return a row of the comparison as plain data; None where a number is missing."""
    from experiments.facts import kind_of

    numbers = {key: float(row[key]) if row.get(key) else None for key in NUMBERS}
    words = {key: row.get(key, "") for key in ("id", "place", "unit", "tag", "sample", "source", "verdict")}
    names, kind = {"zh": row["name"], "en": row["name"]}, kind_of(words["tag"], words["sample"])
    return {"names": names, "year": int(row["year"]), "kind": kind, **words, **numbers}
