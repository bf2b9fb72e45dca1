"""`parameters=posterior`: the draws that `fangpin calibrate` lately made for a place, and what data they rest on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scenarios.problems import Problem, ScenarioError

if TYPE_CHECKING:
    from experiments.labels import Label
    from experiments.study import Study

WORD = "posterior"
FOLDER = "runs"
"""Below the current folder, where commands put their results; folders elsewhere are named by their file."""
DEEPEST = 3
"""Folders below it that are looked into."""


class Found(NamedTuple):
    """One posterior.

    Attributes:
        path: of its draws.
        place: that it was made for.
        made: when its draws were written, in seconds.
    """

    path: Path
    place: str
    made: float


def posteriors(below: str | Path = FOLDER) -> list[Found]:
    """Return the posteriors that `fangpin calibrate` left below a folder, the newest first."""
    found = []
    for depth in range(DEEPEST + 1):
        for path in Path(below).glob("*/" * depth + f"{WORD}.parquet"):
            place = _told(path).get("study", {}).get("place", "")
            if place:
                found.append(Found(path, str(place), path.stat().st_mtime))
    return sorted(found, key=lambda one: (-one.made, str(one.path)))


def settled(study: Study, below: str | Path = FOLDER) -> Study:
    """Return the study with the newest posterior of its place where it asks for ``posterior``.

    Raises:
        ScenarioError: where there is none: with the command that makes one.
    """
    if study.parameters != WORD:
        return study
    found = posteriors(below)
    mine = next((one for one in found if one.place == study.place), None)
    if mine is not None:
        return replace(study, parameters=mine.path.as_posix())
    others = "; ".join(f"{one.path} is of {one.place}" for one in found[:3])
    hint = f"fangpin calibrate data=... codebook=... place={study.place} makes one; a file elsewhere is named by its path"
    given = f"{WORD}, and none of {study.place} below {below}/" + (f" ({others})" if others else "")
    raise ScenarioError([Problem("command line", "parameters", given, "draws of `fangpin calibrate`", hint)])


def waves_of(path: str) -> tuple[int, ...]:
    """Return the years of the survey behind a table of draws; none where it does not say."""
    from experiments.sources import origin_of

    waves = origin_of(path).get("survey", {}).get("waves", []) or _told(Path(path)).get("survey", {}).get("waves", [])
    return tuple(int(wave) for wave in waves)


def later_than(path: str, asof: int) -> list[Problem]:
    """Return a problem where draws rest on a survey of a year that had not ended in the month of a hindcast."""
    from scenarios.cited import show_month
    from sim.rules import month_index

    waves = [wave for wave in waves_of(path) if month_index(wave, 12) > asof]
    if not waves:
        return []
    given = f"{path}, fitted to a survey of {', '.join(map(str, waves))}"
    hint = f"calibrate on waves up to then, or parameters=priors for asof={show_month(asof)}"
    return [Problem("command line", "parameters", given, f"draws that rest on nothing later than {show_month(asof)}", hint)]


def described(source: str) -> Label | None:
    """Return what a table of draws of `fangpin calibrate` says of itself; None for priors and tables of another making."""
    from experiments.labels import Label

    waves = waves_of(source) if source.endswith(".parquet") and Path(source).is_file() else ()
    if not waves:
        return None
    made = datetime.fromtimestamp(Path(source).stat().st_mtime).strftime("%Y-%m-%d %H:%M")
    years = ", ".join(map(str, waves))
    return Label(f"{source}：校准所得，调查轮次 {years}，写于 {made}", f"{source}: fitted to a survey of {years}, written {made}")


def _told(path: Path) -> Mapping[str, Any]:
    """Return what stands beside draws on how they were made; nothing where it is not there or cannot be read."""
    try:
        found = json.loads((path.parent / "calibration.json").read_text(encoding="utf-8"))["provenance"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}
