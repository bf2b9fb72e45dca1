"""`fangpin search` as its users meet it. The model is pretended."""

from __future__ import annotations

import csv

import pytest

from fangpin.cli import run_command

pytest.importorskip("pymoo")

SPACE = """id: small
name: {zh: 小, en: small}
meaning: {zh: 小, en: small}
base: kept
rules:
  premium:
    name: {zh: 资助, en: subsidy}
    taper: [premium_subsidy_taper_ex_poor.path]
    start: [never, 2022]
    years: [1, 2]
    end: [0, 0.5]
simple:
  kept: {}
  at_once_2022: {premium: {start: 2022, years: 1, end: 0}}
"""
WORDS = ["search", "space=small.yaml", "months=24", "households=500", "reps=2", "most=10", "out=o"]


@pytest.fixture(autouse=True)
def space(here):
    (here / "small.yaml").write_text(SPACE, encoding="utf-8")


def test_the_command_and_what_it_leaves(engine, here, capsys):
    assert run_command(WORDS) == 0
    told = capsys.readouterr().out
    rows = list(csv.DictReader((here / "o/tables/search.csv").read_text(encoding="utf-8").splitlines()))
    assert len({row["policy"] for row in rows}) == len(rows) == 5
    assert {row["simple_rule"] for row in rows} == {"kept", "at_once_2022", ""}
    first = [row for row in rows if row["on_frontier"] == "1"]
    assert first and all(row["fresh_cost"] for row in first[:10])
    assert (here / "o/charts/frontier-zh.png").exists()
    policy = (here / "o/best.txt").read_text(encoding="utf-8").splitlines()[-1]
    assert policy == first[0]["policy"]
    assert "前沿" in told and "最好的简单规则" in told


def test_the_same_command_again_runs_nothing_and_says_the_same(engine, here, capsys):
    run_command(WORDS)
    first, made = capsys.readouterr().out, engine.models
    assert run_command(WORDS) == 0
    assert engine.models == made
    assert capsys.readouterr().out == first


def test_the_best_path_can_be_run_as_a_policy(engine, here, capsys):
    run_command(WORDS)
    policy = (here / "o/best.txt").read_text(encoding="utf-8").splitlines()[-1]
    assert run_command(["run", f"policy={policy},documented", "months=24", "households=500", "reps=2", "out=again"]) == 0


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("minimise=relaps", "did you mean relapse"),
        ("budget=much", "budget=-5"),
        ("robust=cva", "did you mean cvar"),
        ("space=exit", "did you mean exits"),
        ("most=1", "from 2"),
        ("bugdet=1", "did you mean budget"),
        ("policy=cliff", "the base of the space"),
        ("place=nanyan", "did you mean nanyang"),
    ],
)
def test_each_mistake_is_said_and_nothing_is_written(engine, here, capsys, word, said):
    assert run_command([*(one for one in WORDS if one.partition("=")[0] != word.partition("=")[0]), word]) == 2
    assert said in capsys.readouterr().err
    assert not (here / "o").exists()
