"""The command `fangpin validate`: runs made or stored, held against what was observed."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pytest

import fangpin
from experiments.charts.validation import drawable
from experiments.facts import KINDS
from fangpin.cli import run_command
from fangpin.validating import validation_of_folder


def table(path):
    with path.open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_runs_are_made_and_judged(engine, here, capsys, lang):
    assert run_command(["validate", "place=nanyang", "households=500", "reps=3", "months=24", f"lang={lang}"]) == 0
    told = capsys.readouterr().out
    for part in {"zh": ("真正的检验", "90%区间", "全国总数"), "en": ("the test", "90% band", "totals of the country")}[lang]:
        assert part in told
    folder = here / "runs/validate-nanyang"
    rows = table(folder / "tables/validation.csv")
    assert {row["verdict"] for row in rows} <= {"agrees", "differs", "cannot tell", "not judged"}
    assert {row["sample"] for row in rows} == {"in", "out"}
    assert all(row["used_for"] for row in rows if row["sample"] == "in")
    assert all((row["verdict"] == "not judged") == (row["tag"] == "not_comparable") for row in rows)
    # 24 months: nothing of 2023 and later, and no total of the country
    assert max(int(row["year"]) for row in rows) == 2022
    assert not [row for row in rows if row["unit"].startswith("million")]
    frame = pd.read_parquet(folder / "tables/validation.parquet")
    assert list(frame["id"]) == [row["id"] for row in rows]
    assert {"name_zh", "low", "high", "kind"} <= set(frame)
    for ending in ("png", "svg", "pdf"):
        assert (folder / f"charts/validation-{lang}.{ending}").stat().st_size > 1_000


def test_a_stored_folder_says_the_same_as_the_run_and_simulates_nothing(engine, here, capsys, monkeypatch):
    run_command(["run", "households=500", "reps=3"])
    capsys.readouterr()
    monkeypatch.setattr(type(engine), "build_model", None)
    assert run_command(["validate", "runs/nanyang", "lang=en"]) == 0
    assert "3 repetitions: luck alone" in capsys.readouterr().out
    ours = table(here / "runs/nanyang/tables/validation.csv")
    theirs = [row for row in table(here / "runs/nanyang/tables/facts.csv") if row["tag"] != "identity"]
    assert ours == theirs
    rows = fangpin.validate("runs/nanyang")
    assert [row["id"] for row in rows] == [row["id"] for row in ours]
    assert {row["kind"] for row in rows} <= set(KINDS)
    judged = [row for row in rows if row["verdict"] == "agrees"]
    for row in judged:
        low, high = row["tolerance"]
        assert (low is None or low <= row["low"]) and (high is None or row["high"] <= high)


def test_parameter_draws_are_in_the_band(engine, here, capsys):
    pd.DataFrame({"draw": [0, 1, 2], "values.bill_mean*": [0.8, 1.0, 1.3]}).to_csv("draws.csv", index=False)
    words = ["validate", "place=nanyang", "households=500", "reps=3", "months=12", "parameters=draws.csv", "lang=en"]
    assert run_command(words) == 0
    assert "luck and 3 parameter draws" in capsys.readouterr().out


def test_what_validate_cannot_understand(engine, here, capsys):
    assert run_command(["validate", "nowhere"]) == 2
    assert "nowhere holds no study.json" in capsys.readouterr().err
    assert run_command(["validate", "stress=x", "set=y", "rep=3"]) == 2
    told = capsys.readouterr().err
    assert "stress" in told and "no sets, stresses" in told and "did you mean reps?" in told
    run_command(["run", "households=500", "reps=2", "months=12"])
    capsys.readouterr()
    assert run_command(["validate", "runs/nanyang", "reps=3", "lang=fr"]) == 2
    told = capsys.readouterr().err
    assert "reps=3" in told and "zh or en" in told
    assert not (here / "runs/validate-national").exists()


def test_help(capsys):
    assert run_command(["validate", "--help"]) == 0
    told = capsys.readouterr().out
    assert "place=national" in told and "{" not in told


def test_every_judged_line_stands_in_the_chart(engine, here):
    run_command(["run", "households=500", "reps=3"])
    lines = validation_of_folder(here / "runs/nanyang").lines
    drawn = {line.id for ours in drawable(lines).values() for line in ours}
    judged = {line.id for line in lines if not np.isnan(line.miss) and line.simulated.mean > 0 and line.observed > 0}
    assert drawn == judged and drawn


def test_the_same_from_python(engine, here):
    answer = fangpin.ask("validate", place="nanyang", households=500, reps=2, months=12)
    assert answer.folder.name == "validate-nanyang"
    assert len(answer.table("validation")) == len(fangpin.validate(answer.folder))
