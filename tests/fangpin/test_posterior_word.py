"""`parameters=posterior`: the newest of the place below runs/, told, refused where there is none or where it knows the future."""

from __future__ import annotations

import json
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.sources import with_origin
from experiments.study import Study
from fangpin.cli import run_command
from fangpin.forecastwords import read_forecast
from fangpin.hindsight import without_hindsight
from fangpin.posterior import later_than, settled, waves_of
from fangpin.validating import prepare_validation
from scenarios import ScenarioError
from sim.rules import month_index

SMALL = ("place=nanyang", "households=500", "reps=2", "lang=en", "parameters=posterior")


def calibrated(folder, place="nanyang", waves=(2016, 2018), made=1_000_000_000):
    """A folder as `fangpin calibrate` leaves it: draws of one parameter, and what they rest on."""
    folder.mkdir(parents=True)
    survey = {"waves": list(waves)}
    table = pa.table({"draw": [0, 1, 2], "values.bill_mean*": [0.9, 1.0, 1.1]})
    pq.write_table(with_origin(table, {"survey": survey}), folder / "posterior.parquet")
    told = {"provenance": {"study": {"place": place}, "survey": survey}}
    (folder / "calibration.json").write_text(json.dumps(told), encoding="utf-8")
    os.utime(folder / "posterior.parquet", (made, made))
    return (folder / "posterior.parquet").as_posix()


def test_the_newest_of_the_place_is_taken(here):
    calibrated(here / "runs" / "old")
    calibrated(here / "runs" / "deep" / "new", made=1_000_000_100)
    calibrated(here / "runs" / "elsewhere", place="longyan", made=1_000_000_200)
    assert settled(Study(place="nanyang", parameters="posterior")).parameters == "runs/deep/new/posterior.parquet"
    assert settled(Study(place="longyan", parameters="posterior")).parameters == "runs/elsewhere/posterior.parquet"
    assert settled(Study(place="nanyang", parameters="priors")).parameters == "priors"


def test_without_one_it_says_how_to_make_it(here):
    calibrated(here / "runs" / "elsewhere", place="longyan")
    (here / "runs" / "broken").mkdir()
    (here / "runs" / "broken" / "posterior.parquet").write_bytes(b"")
    (here / "runs" / "broken" / "calibration.json").write_text("{", encoding="utf-8")
    with pytest.raises(ScenarioError) as raised:
        settled(Study(place="nanyang", parameters="posterior"))
    said = str(raised.value)
    assert "none of nanyang below runs/" in said and "fangpin calibrate data=... codebook=... place=nanyang" in said
    assert "runs/elsewhere/posterior.parquet is of longyan" in said


@pytest.mark.parametrize("command", ["run", "sweep", "forecast", "validate"])
def test_commands_refuse_it_where_there_is_none(here, capsys, command):
    assert run_command((command, *SMALL)) == 2
    said = capsys.readouterr().err
    assert said.count("fangpin calibrate data=") == 1
    assert not (here / "runs").exists()


def test_runs_name_the_file_and_continue_with_it(engine, here, capsys):
    path = calibrated(here / "runs" / "calibrate-nanyang")
    assert run_command(("run", *SMALL, "policy=documented,kept", "months=12")) == 0
    said = capsys.readouterr().out
    assert "runs/calibrate-nanyang/posterior.parquet" in said and "survey of 2016, 2018" in said
    told = json.loads((here / "runs" / "nanyang" / "study.json").read_text(encoding="utf-8"))
    assert "runs/calibrate-nanyang/posterior.parquet" in json.dumps(told) and path.endswith("posterior.parquet")
    assert run_command(("run", *SMALL, "policy=documented,kept", "months=12")) == 0
    assert "there already" in capsys.readouterr().out


def test_a_forecast_draws_from_it_and_a_hindcast_refuses_one_of_later_waves(engine, here, capsys):
    calibrated(here / "runs" / "calibrate-nanyang", waves=(2018, 2022))
    words = ("forecast", *SMALL, "policy=documented", "outcome=relapse_net")
    assert run_command(words) == 0
    assert "2 parameter draws" in capsys.readouterr().out
    assert run_command((*words, "asof=2021-12")) == 2
    said = capsys.readouterr().err
    assert "fitted to a survey of 2022" in said and "nothing later than 2021-12" in said
    assert not (here / "runs" / "forecast-nanyang-asof-2021-12").exists()


def test_draws_that_do_not_say_what_they_rest_on_are_named_in_a_hindcast(here):
    (here / "mine.csv").write_text("values.bill_mean*\n0.9\n1.1\n", encoding="utf-8")
    wanted, _ = read_forecast(("parameters=mine.csv", "policy=documented", "asof=2022-12"))
    _, hindsight, problems = without_hindsight(wanted)
    assert problems == [] and hindsight.chosen_with["parameters=mine.csv"] == ("data that it does not name",)


def test_validation_takes_it(here):
    calibrated(here / "runs" / "calibrate-nanyang")
    _, plan, problems = prepare_validation(SMALL)
    assert problems == [] and plan is not None and plan.study.parameters == "runs/calibrate-nanyang/posterior.parquet"


def test_waves_are_those_of_the_table_itself(tmp_path):
    path = calibrated(tmp_path / "a", waves=(2020,))
    assert waves_of(path) == (2020,)
    assert later_than(path, month_index(2020, 12)) == [] and len(later_than(path, month_index(2020, 11))) == 1
    assert later_than("priors", month_index(2020, 12)) == []
