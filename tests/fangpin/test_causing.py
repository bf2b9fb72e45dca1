"""`fangpin causes` on stored runs of a pretended model."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "experiments"))

import fakes

from experiments.runner import run_plan
from experiments.store import Store
from fangpin.cli import run_command


@pytest.fixture
def folder(monkeypatch, tmp_path):
    fakes.Engine().install(monkeypatch)
    plan, store = fakes.plan(), Store(tmp_path / "study")
    store.open(plan.study)
    run_plan(plan, store)
    return store.root


def test_tables_in_both_languages(folder, capsys):
    assert run_command(["causes", str(folder), "group=all", "lang=en"]) == 0
    said = capsys.readouterr().out
    assert "job lost or left → hospital stay" in said
    assert "unstable employment" in said
    assert "the line rose *" in said
    for name in ("causes", "chains", "relapses"):
        assert (folder / "tables" / f"{name}.csv").read_text(encoding="utf-8").count("\n") > 2
    assert run_command(["causes", str(folder)]) == 0
    assert "因务工就业不稳" in capsys.readouterr().out


def test_one_household(folder, capsys):
    assert run_command(["causes", str(folder), "household=1", "policy=kept", "lang=en"]) == 0
    said = capsys.readouterr().out
    assert "kept: newly below at the test of 2022-09 (gross income; net income), household 1, 3 persons" in said
    assert "2022-05" in said and "3,000" in said and "9,000" in said
    assert "documented" not in said
    assert run_command(["causes", str(folder), "household=5", "lang=en"]) == 0
    assert "no new fall" in capsys.readouterr().out


def test_mistakes_are_told_together(folder, capsys):
    assert run_command(["causes", str(folder), "definition=nett", "group=poor", "least=x", "rep=0"]) == 2
    said = capsys.readouterr().err
    for word in ("definition", "nett", "group", "poor", "least", "rep"):
        assert word in said
    assert run_command(["causes", str(folder), "household=1", "policy=clif", "rep=9"]) == 2
    said = capsys.readouterr().err
    assert "clif" in said and "1 to 3" in said


def test_a_folder_without_runs(tmp_path, capsys):
    assert run_command(["causes", str(tmp_path)]) == 2
    assert "fangpin run" in capsys.readouterr().err
