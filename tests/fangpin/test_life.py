"""The command `fangpin life` as a user gives it."""

from __future__ import annotations

import csv

import pyarrow.parquet as pq
import pytest

from fangpin.cli import run_command
from fangpin.life import read_wish

FAMILY = """
id: mine
name: {zh: 一家, en: a family}
place: nanyang
household: {group: ex_poor, farm: 3000, assets: 5000}
members:
  man: {sex: male, born: 1975-03, job: {kind: migrant, wage: 4500, months: 8}}
  wife: {sex: female, born: 1977-08}
events:
  - {month: 2021-05, member: wife, admitted: 20000}
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_story_is_told_and_written(here, capsys):
    assert run_command(["life", "g02", "policy=kept,cliff", "months=30", "lang=en"]) == 0
    told = capsys.readouterr().out
    assert "applies for dibao (assessed 133 a month, standard 457)" in told and "Support kept" in told
    rows = list(csv.DictReader((here / "lives/g02/account-cliff.csv").open(encoding="utf-8-sig")))
    assert len(rows) == 30 and rows[0]["month"] == "2021-01" and float(rows[0]["post_income"]) == 700
    assert float(rows[27]["paid.dibao"]) == pytest.approx(648.78, abs=0.01) and rows[24]["post_income"] == "0.0"
    assert (here / "lives/g02/life-en.png").stat().st_size > 10_000 and (here / "lives/g02/life-en.svg").exists()


def test_a_family_of_ones_own_in_a_county(here, capsys):
    (here / "mine.yaml").write_text(FAMILY, encoding="utf-8")
    assert run_command(["life", "mine.yaml", "policy=documented", "months=12", "households=900"]) == 0
    told = capsys.readouterr().out
    assert "住院20,000元" in told and "一家" in told
    rows = list(csv.DictReader((here / "lives/mine/account-documented.csv").open(encoding="utf-8-sig")))
    assert {row["members"] for row in rows} == {"2"}
    assert float(rows[4]["bills"]) == pytest.approx(20_000, abs=1) and float(rows[4]["own_medical"]) < 20_000


def test_a_household_of_a_run_lives_the_same_life_again(here, capsys):
    assert run_command(["run", "policy=kept", "households=500", "months=14", "reps=1", "out=study"]) == 0
    run = next((here / "study/runs").iterdir())
    table = pq.read_table(run / "households.parquet").to_pydict()
    household = next(number for number, persons in zip(table["id"], table["persons_2020"], strict=True) if persons > 2)
    assert run_command(["life", "--from", "study", "--household", str(household), "lang=en"]) == 0
    assert f"household {household}" in capsys.readouterr().out
    rows = list(csv.DictReader((here / f"lives/household-{household}/account-kept.csv").open(encoding="utf-8-sig")))
    assert len(rows) == 14
    assert run_command(["life", "--from", "study", "--household", "7"]) == 2
    assert "`fangpin life --from study` lists" in capsys.readouterr().err


def test_who_fell_in_a_run_is_listed_to_be_followed(here, capsys):
    words = [
        "run",
        "policy=kept,cliff",
        "households=1500",
        "months=24",
        "reps=1",
        "out=study",
        "values.poverty_line@2022-01=9000",
    ]
    assert run_command(words) == 0
    capsys.readouterr()
    assert run_command(["life", "--from", "study", "lang=en"]) == 0
    told = capsys.readouterr().out
    assert "ex-poor household:" in told
    command = told.strip().splitlines()[-1].partition("fangpin ")[2].split()
    assert command[:4] == ["life", "--from", "study", "--household"] and command[5] in ("policy=kept,cliff", "policy=cliff,kept")
    assert run_command([*command, "lang=en"]) == 0
    story = capsys.readouterr().out
    assert "yearly test: below the poverty line, net (main cause:" in story
    rows = list(csv.DictReader((here / f"lives/household-{command[4]}/decisions.csv").open(encoding="utf-8-sig")))
    assert {row["policy"] for row in rows} == {"kept", "cliff"}


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["g99"], "family: unknown name 'g99'"),
        (["--from", "runs", "--household", "abc"], "--household: abc; allowed: the id of a household"),
        (["--from", "runs", "--household"], "--household: nothing; allowed: the id of a household"),
        (["g02", "polcy=kept"], "polcy"),
        (["g02", "lang=fr"], "zh or en"),
        ([], "fangpin life FAMILY"),
        (["--from", "nowhere"], "a folder that `fangpin run` wrote"),
        (["--from", "nowhere", "--household", "1"], "a folder that `fangpin run` wrote"),
        (["g02", "policy=kapt"], "did you mean 'kept'"),
    ],
)
def test_mistakes_are_told(here, capsys, words, part):
    assert run_command(["life", *words]) == 2
    said = capsys.readouterr()
    assert part in said.err + said.out
    assert not (here / "lives").exists()


def test_all_mistakes_at_once():
    _, problems = read_wish(["g02", "g03", "lang=fr", "seed=-1"])
    assert len(problems) == 3
