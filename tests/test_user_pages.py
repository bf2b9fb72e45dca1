"""The pages for planners, analysts and researchers: every command that they show is carried out, in order, on a small county."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from fangpin.cli import run_command

DOCS = Path(__file__).parent.parent / "docs"
SIZES = {"households": "700", "months": "24", "reps": "2"}
"""What the tests put in place of a page's own sizes, and add to commands that make runs."""
SIZED = {
    "run": ("households", "months", "reps"),
    "sweep": ("households", "months", "reps"),
    "forecast": ("households", "reps"),
    "validate": ("households", "reps"),
    "marginal": ("households", "months", "reps"),
    "search": ("households", "months", "reps"),
    "sensitivity": ("households", "months"),
    "calibrate": ("households",),
    "grow": ("households",),
    "survey": (),
}
"""The commands that take sizes, and which."""
SMALLER = {
    "search": ("most=4",),
    "sensitivity": ("samples=2", "luck=2"),
    "calibrate": ("reps=1", "points=16", "check=0"),
}
"""Further words that keep a command of a test short."""


def commands(page: str) -> list[list[str]]:
    """Return the commands of a page's blocks."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines() if line.startswith("fangpin ")]


def small(words: list[str]) -> list[str]:
    """Return the words with the sizes of the tests."""
    command, *rest = words
    # a population file decides the size itself
    keys = [
        key for key in SIZED.get(command, ()) if key != "households" or not any(word.startswith("population=") for word in rest)
    ]
    sizes = {key: SIZES[key] for key in keys} | dict(word.split("=", 1) for word in SMALLER.get(command, ()))
    kept = [word for word in rest if word.partition("=")[0] not in sizes and word.partition("=")[0] not in SIZES]
    return [command, *kept, *(f"{key}={value}" for key, value in sizes.items())]


@pytest.mark.slow
@pytest.mark.parametrize("page", ["planner", "analyst", "researcher"])
def test_every_command_of_a_page_works_in_its_order(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    found = commands(page)
    assert len(found) >= 5
    for words in found:
        assert run_command(small(words)) == 0, (words, capsys.readouterr().err[-2000:])
        assert capsys.readouterr().out.strip(), words
