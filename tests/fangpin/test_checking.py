"""`fangpin check`: its words, its table, its exit code."""

from __future__ import annotations

import csv

import pytest

from experiments.checks.row import bounded, exact
from experiments.labels import Label
from fangpin import checking
from fangpin.cli import run_command

GOOD = exact("good", Label("好", "a good one"), 0.0, Label("零", "zero"), 7)
BAD = exact("bad", Label("坏", "a bad one"), 2.0, Label("零", "zero"), 7)
UNSURE = bounded("unsure", Label("不明", "an unsure one"), [0.0, 1.0], Label("一", "one"), 0.9, 1.1, 2)


@pytest.mark.parametrize(("rows", "code"), [([GOOD, UNSURE], 0), ([GOOD, BAD], 1)])
def test_a_check_that_fails_ends_with_one(monkeypatch, here, capsys, rows, code):
    monkeypatch.setattr(checking, "_measure", lambda bench, names: rows)
    assert run_command(["check", "lang=en", "households=500", "reps=1", "out=there"]) == code
    said = capsys.readouterr().out
    assert all(row.name.en in said for row in rows)
    with open(here / "there" / "checks.csv", encoding="utf-8", newline="") as handle:
        assert [line["check"] for line in csv.DictReader(handle)] == [row.id for row in rows]


def test_the_table_is_in_chinese_by_default(monkeypatch, here, capsys):
    monkeypatch.setattr(checking, "_measure", lambda bench, names: [GOOD, UNSURE])
    assert run_command(["check", "households=500", "reps=1"]) == 0
    said = capsys.readouterr().out
    assert "成立" in said and "无法判断" in said and not list(here.iterdir())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["place=national"], "one county"),
        (["policy=kept,cliff"], "one policy"),
        (["months=12"], "horizons of their own"),
        (["plase=nanyang"], "place"),
        (["only=township"], "townships"),
    ],
)
def test_what_cannot_be_understood_is_said(words, told, capsys):
    assert run_command(["check", *words]) == 2
    assert told in capsys.readouterr().err


def test_help_says_the_defaults(capsys):
    assert run_command(["check", "--help"]) == 0
    assert f"households={checking.HOUSEHOLDS}" in capsys.readouterr().out


def test_the_policies_beside_are_loaded():
    _, bench, problems = checking.prepare(["policy=cliff", "households=500", "reps=3"])
    assert problems == [] and bench is not None
    assert set(bench.rules) == {"cliff", "kept", "orderly"} and len(set(bench.seeds)) == 3


def test_only_the_named_checks_run(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(checking, "_measure", lambda bench, names: asked.extend(names) or [GOOD])
    assert run_command(["check", "households=500", "reps=1", "only=ledger,counties"]) == 0
    assert asked == ["ledger", "counties"]
