"""`fangpin score`: its words, forecasts made and scored on the pretended model, frozen ones scored later, refusals."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import fakes
import numpy as np
import pytest
from pretended_forecasts import made

import fangpin
from experiments.fans import Series
from experiments.frozen import freeze
from experiments.hindsight import Hindsight
from experiments.labels import Label
from fangpin import scoring
from fangpin.cli import run_command
from fangpin.scored import YEARS
from fangpin.scoring import read_score
from sim.rules import month_index

SMALL = ("place=national", "households=700", "parameters=none", "reps=2")


def test_words_are_taken_apart(here):
    asked = read_score(("place=national", "asof=2021-12,2022-12", "lang=en", "reps=3"))
    assert asked.common == ("place=national", "reps=3") and asked.asof == ("2021-12", "2022-12") and asked.lang == "en"
    assert str(asked.folder) == "runs/score-national" and not asked.problems
    assert read_score(("place=national",)).asof == YEARS


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere",), "a folder of `fangpin forecast`"),
        (("asof=2022",), "months such as 2022-12"),
        (("place=national", "lang=fr"), "zh or en"),
        ((), "no folder runs"),
        (("place=natonal", "asof=2022-12"), "did you mean"),
        (("place=nanyang", "asof=2022-12", "months=60"), "horizon="),
        (("place=nanyang", "asof=2031-12"), "a month"),
    ],
)
def test_what_cannot_be_understood_is_told_and_nothing_written(here, capsys, words, said):
    assert run_command(("score", *words)) == 2
    assert said in capsys.readouterr().err
    assert not (here / "runs").exists()


def test_folders_stand_alone(here, capsys):
    (here / "a").mkdir()
    assert run_command(("score", "a", "reps=3")) == 2
    assert "folders with lang= and out= alone" in capsys.readouterr().err
    assert run_command(("score", "a")) == 2
    assert "no frozen forecast" in capsys.readouterr().err


def test_without_its_package_it_says_what_to_install(here, capsys, monkeypatch):
    monkeypatch.setattr(scoring.importlib.util, "find_spec", lambda name: None)
    assert run_command(("score", "place=national")) == 2
    assert 'pip install "fangpin[calibration]"' in capsys.readouterr().err


def frozen(folder):
    """A frozen forecast of China's workers and persons on dibao, as known at the end of 2022."""
    place, unit = Label("全国", "China"), Label("百万人", "million persons")
    series = tuple(Series(name, Label(name, name), unit, 1) for name in ("workers_total", "dibao_total"))
    values = {one.id: 33 + np.random.default_rng(2).normal(size=(1, 8, 5)) for one in series}
    told = made(policies=("documented",))
    forecast = replace(told, place=place, series=series, values=values, points=(), asof=month_index(2022, 12))
    return freeze(forecast, fakes.plan(), Hindsight(chosen_with={"values.bill_mean": ("bill_2023",)}), folder)


def test_a_frozen_forecast_is_scored_by_its_folder(here, capsys):
    one = frozen(here / "runs" / "mine")
    assert run_command(("score", "runs/mine", "lang=en")) == 0
    said = capsys.readouterr().out
    assert "the model loses to" in said or "the model beats" in said
    assert "as of 2022-12: warning: default values that still rest on figures told later" in said
    assert "values.bill_mean ← bill_2023" in (here / "runs" / "score" / "tables" / "score-en.md").read_text(encoding="utf-8")
    assert "weak hints" in said and "managed, administrative figures (apart)" in said
    tables = here / "runs" / "score" / "tables"
    rows = list(csv.DictReader((tables / "scores.csv").read_text(encoding="utf-8").splitlines()))
    assert {"model", "persistence"} <= {row["forecaster"] for row in rows}
    assert {"evidence", "managed"} <= {row["pool"] for row in rows} and {row["place"] for row in rows} == {"China"}
    assert all(int(row["year"]) >= 2022 and row["asof"] == "2022-12" for row in rows)
    left = (tables / "left-out.csv").read_text(encoding="utf-8")
    assert "reimbursed_share" in left and "not comparable" in left
    names = {path.name for path in (here / "runs" / "score" / "charts").iterdir()}
    assert {f"{name}-en.{end}" for name in ("hindcast-2022-12", "pit", "scores") for end in ("png", "svg", "pdf")} <= names
    # one that is broken is refused by name
    told = json.loads((one / "forecast.json").read_text(encoding="utf-8"))
    (one / "forecast.json").write_text(json.dumps({**told, "repeats": []}), encoding="utf-8")
    assert run_command(("score", "runs/mine")) == 2
    assert "unreadable" in capsys.readouterr().err
    (one / "draws.parquet").unlink()
    with pytest.raises(fangpin.CommandError, match=r"no draws\.parquet"):
        fangpin.score("runs/mine")


@pytest.mark.slow
def test_forecasts_are_made_and_scored(engine, here, capsys):
    assert run_command(("score", *SMALL, "asof=2022-12", "lang=en")) == 0
    tables = here / "runs" / "score-national" / "tables"
    rows = list(csv.DictReader((tables / "scores.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["forecaster"] for row in rows} == {"model", "persistence", "trend", "ar1"}
    made_in = here / "runs" / "forecast-national-asof-2022-12"
    assert run_command(("score", str(made_in), "out=later", "lang=en")) == 0
    assert (here / "later" / "tables" / "scores.csv").read_bytes() == (tables / "scores.csv").read_bytes()


def test_a_county_without_figures_of_its_own_is_no_test(engine, here, capsys):
    assert run_command(("score", "place=nanyang", "households=500", "parameters=none", "reps=2", "asof=2022-12")) == 0
    assert "place=national" in capsys.readouterr().out


def test_a_report_of_a_broken_forecast_names_it(engine, here, capsys):
    words = ("households=500", "parameters=none", "reps=2", "policy=documented", "outcome=relapse_net")
    assert run_command(("forecast", *words)) == 0
    (draws,) = (here / "runs" / "forecast-nanyang" / "forecasts").glob("*/draws.parquet")
    draws.write_bytes(draws.read_bytes()[:-9])
    capsys.readouterr()
    assert run_command(("report", "runs/forecast-nanyang", "format=html")) == 2
    said = capsys.readouterr().err
    assert "unreadable" in said and draws.parent.name in said and "Traceback" not in said
