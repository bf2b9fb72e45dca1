"""Folders whose population came from rows of persons: which they are, and what they must not tell."""

from __future__ import annotations

import json
from pathlib import Path

from experiments.study import PERSON_LEVEL, SYNTHETIC
from scenarios.problems import Report


def population_of(folder: Path) -> str:
    """Return where the population of a study's folder, or of one of its runs, came from: ``synthetic`` or ``person_level``.

    What either the study or any of its runs says of persons counts, so that a run that was moved still tells.
    """
    said = []
    for told in (folder / "study.json", folder.resolve().parent.parent / "study.json"):
        if told.is_file():
            found = json.loads(told.read_text(encoding="utf-8"))
            said.append(found.get("study", {}).get("population", SYNTHETIC))
    for told in (folder / "provenance.json", *folder.glob("runs/*/provenance.json")):
        if told.is_file():
            said.append(json.loads(told.read_text(encoding="utf-8")).get("population", SYNTHETIC))
    return SYNTHETIC if all(one == SYNTHETIC for one in said) else PERSON_LEVEL


def refuse_person_level(folder: Path, key: str) -> None:
    """Refuse to tell of single households of a study whose population came from rows of persons.

    Raises:
        ScenarioError: if it did.
    """
    if population_of(folder) != SYNTHETIC:
        report = Report()
        given = f"{folder}: its population came from rows of persons"
        report.add("command line", key, given, "runs of a synthetic population", "`fangpin release` makes tables of these runs")
        report.stop()
