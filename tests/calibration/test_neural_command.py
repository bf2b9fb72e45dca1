"""`fangpin calibrate method=npe` from words to files, with a regression in the place of a network: no torch is needed."""

import importlib.util
import json

import pandas as pd
import pytest
from known_simulators import StandardNormal
from pretended import TRUE_BILL, command, pretend, surveyed

from calibration.estimation import network, neural
from experiments.draws import read_draws
from experiments.labels import Label
from experiments.sources import origin_of
from fangpin.calibration_earlier import differing
from fangpin.calibration_page import page
from fangpin.cli import run_command

ONE = ("parameters=values.bill_mean*", "moments=health")


@pytest.fixture(scope="module")
def made():
    """Put the pretended county in the place of the model, and a regression in that of the network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neural, "train", StandardNormal)
        patch.setattr(network, "missing_packages", lambda: [])
        yield pretend(patch)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A survey of a county with known parameters."""
    return surveyed(tmp_path_factory.mktemp("panels"))


@pytest.fixture(scope="module")
def both(data, made, tmp_path_factory):
    """The folder of a calibration with a second opinion that was asked for later."""
    folder = tmp_path_factory.mktemp("calibrated") / "out"
    assert command(data, folder, *ONE) == 0
    assert command(data, folder, *ONE, "method=npe", "check=50") == 0
    return folder


@pytest.mark.slow
def test_a_second_opinion_stands_beside_the_posterior_that_lies_there(both):
    told = json.loads((both / "calibration.json").read_text())
    assert told["provenance"]["survey"]["method"] == "posterior,npe"
    second = told["second"]
    row = second["parameters"][0]
    first = told["parameters"][0]
    assert row["difference_in_sd"] == pytest.approx((row["mean"] - first["mean"]) / first["sd"])
    assert row["width_ratio"] == pytest.approx(row["sd"] / first["sd"])
    assert second["disagree"] == ([row["parameter"]] if row["disagrees"] else [])
    held = second["coverage"]["90%"]
    assert held["posterior"] == told["check"]["coverage"]["90%"]["share"]
    assert held["npe"] == second["check"]["coverage"]["90%"]["share"]
    assert held["better"] in ("posterior", "npe", "neither")
    assert told["check"]["sets"] == second["check"]["sets"] == 50 and second["check"]["runs"] == 0


@pytest.mark.slow
def test_draws_of_both_have_the_same_form_and_say_how_they_were_found(both):
    first, second = both / "posterior.parquet", both / "posterior-npe.parquet"
    assert list(pd.read_parquet(first)) == list(pd.read_parquet(second)) and len(read_draws(second, 5, 1)) == 5
    assert origin_of(first)["method"] == "posterior" and "training" not in origin_of(first)
    training = origin_of(second)["training"]
    assert training["runs"] == 64 and training["seed"] == 1 and set(training["versions"]) == {"sbi", "torch"}
    low, high = pd.read_parquet(second)["values.bill_mean*"].quantile([0.005, 0.995])
    assert low < TRUE_BILL < high


@pytest.mark.slow
def test_the_page_holds_both(both):
    said = (both / "calibration.html").read_text()
    section = said.partition("A second opinion")[2].partition("<h2>")[0]
    assert "values.bill_mean*" in section and "same pseudo data 90% intervals" in section and "at points of the prior" in section
    assert (both / "charts" / "calibration-ranks-npe.png").exists()
    told = json.loads((both / "calibration.json").read_text())
    assert "第二意见" in page(told, Label("校准", "Calibration"), [], "zh")


@pytest.mark.slow
def test_the_same_again_makes_no_run_and_the_same_draws(data, both, made):
    runs, draws = len(made), (both / "posterior-npe.parquet").read_bytes()
    assert command(data, both, *ONE, "method=posterior,npe", "check=50") == 0
    assert len(made) == runs and (both / "posterior-npe.parquet").read_bytes() == draws


def test_another_question_is_not_compared():
    given = {"study": {"seed": 1}, "county_households": 450, "scenario_hash": "a", "engine": "b"}
    survey = {"moments": "health", "method": "posterior", "points": "64", "check": "60", "data": "panel", "survey_sha256": "c"}
    told = {"provenance": given | {"survey": survey}, "parameters": [{"parameter": "values.bill_mean*"}]}
    asked = {"check": "0", "method": "npe", "data": "renamed"}
    assert differing(told, given | {"survey": survey | asked}, ["values.bill_mean*"]) == []
    other = given | {"engine": "new", "survey": survey | asked | {"points": "128"}}
    assert differing(told, other, ["values.yield_sd"]) == ["engine", "points", "parameters"]


@pytest.mark.slow
def test_a_network_alone_writes_the_posterior(data, made, tmp_path, capsys):
    before = len(made)
    assert command(data, tmp_path / "out", *ONE, "method=npe", "check=50") == 0
    told = json.loads((tmp_path / "out" / "calibration.json").read_text())
    assert told["posterior"]["method"] == "npe" and "second" not in told and told["training"]["rounds"] >= 1
    assert told["check"]["sets"] == 50 and told["check"]["coverage"]["90%"]["kept"]
    assert told["runs"]["asked"] == told["runs"]["made_now"] == len(made) - before
    assert told["moments"][0]["p"] is not None and told["moments"][0]["surface_misfit"] is None
    assert origin_of(tmp_path / "out" / "posterior.parquet")["method"] == "npe"
    assert not (tmp_path / "out" / "posterior-npe.parquet").exists()
    said = capsys.readouterr().out
    assert "Training of the neural posterior" in said and "fangpin run parameters=" in said


@pytest.mark.parametrize("method", ["npe", "posterior,npe"])
def test_without_the_packages_it_is_refused_before_any_run(tmp_path, capsys, monkeypatch, method):
    usual = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name in network.PACKAGES else usual(name, *more))
    out = tmp_path / "out"
    assert run_command(["calibrate", "data=nowhere", "codebook=cfps", f"method={method}", f"out={out}"]) == 2
    said = capsys.readouterr().err
    assert "sbi, torch" in said and 'pip install "fangpin[npe]"' in said and "method=posterior" in said and not out.exists()


def test_methods_that_do_not_go_together_are_refused(tmp_path, capsys):
    assert run_command(["calibrate", "data=nowhere", "codebook=cfps", "method=npe,msm", f"out={tmp_path / 'out'}"]) == 2
    assert "posterior,npe" in capsys.readouterr().err
