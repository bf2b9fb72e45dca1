"""Folders whose population came from rows of persons: which they are, what they must not tell, and the mark that they carry."""

from __future__ import annotations

import json
from pathlib import Path

from experiments.labels import Label
from experiments.study import PERSON_LEVEL, SYNTHETIC
from scenarios.problems import Report

NOTICE = Label(
    "人口来自逐人数据：本文件夹的一切不得公布；公布用 `fangpin release`",
    "population from rows of persons: nothing of this folder may be published; `fangpin release` makes what may",
)
STAMP = Label("人口来自逐人数据：不得公布", "population from rows of persons: not for publication")
"""Stands on every chart of such a folder, so that it is told when the picture travels alone."""
MARK = "NOT-FOR-PUBLICATION.txt"
"""A file of this name lies in every such folder."""


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


def is_marked(folder: Path) -> bool:
    """Return whether a folder carries the mark of rows of persons; one look, however many runs it holds."""
    return (folder / MARK).is_file()


def mark(folder: Path) -> None:
    """Write into a folder that nothing of it may be published."""
    (folder / MARK).write_text(f"{NOTICE.zh}\n{NOTICE.en}\n", encoding="utf-8")
