"""Golden studies: what `compare`, `goal` and `shapley` say of two small studies, made by the commands themselves.

Refreshed together with the golden county: ``python tests/golden/golden.py``; say in CHANGELOG.md what moved and why.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from fangpin.cli import run_command

FILE = Path(__file__).with_name("small_studies.json")
SIZE = ("households=600", "months=36", "workers=1", "threads=1", "lang=en")
COMMANDS = (
    ("run", "policy=kept,cliff", "reps=2", "out=study", *SIZE),
    ("compare", "study", "lang=en"),
    ("goal", "study", "lang=en"),
    ("shapley", "players=price,line", "reps=2", "out=shares", *SIZE),
)
SHARES = "shares/tables/shapley-relapse_net_persons-ex_poor.csv"
TABLES: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "compare": ("study/tables/compare.csv", {"year": "all"}, ("policy", "outcome")),
    "costs": ("study/tables/costs.csv", {"policy": "cliff"}, ("account", "level")),
    "cost_effectiveness": ("study/tables/cost_effectiveness.csv", {}, ("policy",)),
    "distribution": ("study/tables/distribution.csv", {"policy": "cliff", "by": "fifth"}, ("measure", "class")),
    "who": ("study/tables/who.csv", {"policy": "cliff"}, ("by", "class")),
    "goal": ("study/tables/goal.csv", {"year": "all"}, ("policy", "definition", "threshold")),
    "shapley": (SHARES, {}, ("player",)),
}
"""Each table: its file, which rows are kept, and the columns that name a row."""
LEFT_OUT = ("label", "over", "unit", "base", "year", "replications", "repetitions")
"""Columns that are words for people, or the same everywhere."""
Table = dict[str, dict[str, str]]


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def tables(folder: Path) -> dict[str, Table]:
    """Run the commands in an empty folder and return what is golden of their tables, by table and row."""
    with inside(folder), redirect_stdout(StringIO()), _without_charts():
        for words in COMMANDS:
            assert run_command(words) == 0, words
        return {name: _read(*where) for name, where in TABLES.items()}


@contextmanager
def _without_charts() -> Iterator[None]:
    """Leave the charts out: they take half of the time and have tests of their own."""
    with (
        patch("experiments.charts.style.save", lambda *given, **named: []),
        patch("matplotlib.figure.Figure.draw_without_rendering", lambda figure: None),
    ):
        yield


def _read(file: str, kept: dict[str, str], names: tuple[str, ...]) -> Table:
    """Return the rows of a table that are kept, by their names."""
    with open(file, encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if all(row[key] == value for key, value in kept.items())]
    assert rows, file
    found = {" ".join(row[name] for name in names): _numbers(row, (*names, *kept)) for row in rows}
    assert len(found) == len(rows), f"{file}: rows of one name"
    return found


def _numbers(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """Return what a row says besides its names."""
    return {key: value for key, value in row.items() if key not in (*names, *LEFT_OUT)}


def write(folder: Path) -> None:
    """Make the golden file anew.

    Args:
        folder: an empty folder to work in.
    """
    FILE.write_text(json.dumps(tables(folder), indent=0) + "\n", encoding="utf-8")
