"""`fangpin calibrate` from words to a posterior file, over a county of plain numbers: no model is compiled."""

import json

import numpy as np
import pandas as pd
import pytest
from villages import latent

from calibration.codebook import load_codebook
from calibration.luck import normals
from calibration.made import exact, make_survey
from calibration.shape import write_shape
from experiments import latent as recorded
from experiments.draws import read_draws
from experiments.latent import Latent
from fangpin.cli import run_command

WAVES = (2016, 2018, 2020)
FREE = "values.wage_innovation_sd,values.bill_mean*,values.enrol_peers"
TRUE_SD, TRUE_BILL = 0.2, 1.15
MEAN_BILL = 850_000.0
"""Nothing hangs on it: bills of the pretended county are in units of this, in fen."""


def county(innovation: float, bill: float, seed: int, households: int = 400) -> Latent:
    """Return villages whose yearly incomes vary by the one parameter and whose medical spending is proportional to the other."""
    found = latent(households, tuple(range(2014, 2021)))
    homes = found.households.copy()
    ids, waves = homes["household"].to_numpy(), homes["wave"].to_numpy()
    moved = np.exp(3 * innovation * normals(seed, "passing", ids, waves) + 0.05 * normals(seed, "own", ids))
    sources = [name for name in homes if name.startswith("income_")] + ["gross", "kept_away"]
    homes[sources] = homes[sources].mul(moved, axis=0)
    homes["medical_spending"] *= bill * np.exp(0.3 * normals(seed, "bills", ids, waves))
    return Latent(homes, found.persons, "villages")


@pytest.fixture
def made(monkeypatch):
    """Put the pretended county in the place of the model; count its runs."""
    seeds = []

    def record(county_, rules, years, seed, threads=None, source="", advance=None):
        seeds.append(seed)
        month = 2020 * 12
        return county(rules.values["wage_innovation_sd"].at(month), rules.values["bill_mean"].at(month) / MEAN_BILL, seed % 2**31)

    monkeypatch.setattr(recorded, "record_years", record)
    return seeds


@pytest.fixture
def truth():
    """What the loader gives for the place without a change: the unit of the factor on bills."""
    from scenarios import load

    return load("nanyang", "documented").rules.values["bill_mean"].at(2020 * 12) / MEAN_BILL


@pytest.fixture
def data(tmp_path, truth):
    """A survey of a county with known parameters."""
    folder = tmp_path / "panels"
    folder.mkdir()
    book = load_codebook("cfps")
    panel = make_survey(county(TRUE_SD, TRUE_BILL * truth, 77), exact(WAVES, book.meta.operator))
    write_shape(panel, book, folder, "csv")
    return folder


def command(data, out, *more):
    """Return the exit code of a small calibration."""
    words = [f"data={data}", "codebook=cfps", f"parameters={FREE}", "moments=income,health", "households=450", "error=no"]
    return run_command(["calibrate", *words, "points=32", "reps=2", "workers=1", "lang=en", f"out={out}", *more])


def test_known_truth_is_found_and_what_nothing_moves_is_said(data, made, tmp_path, capsys):
    out = tmp_path / "out"
    assert command(data, out) == 0
    said = capsys.readouterr().out
    draws = pd.read_parquet(out / "posterior.parquet")
    low, high = draws["values.wage_innovation_sd"].quantile([0.005, 0.995])
    assert low < TRUE_SD < high and high - low < 0.1
    low, high = draws["values.bill_mean*"].quantile([0.005, 0.995])
    assert low < TRUE_BILL < high and high - low < 0.3
    told = json.loads((out / "calibration.json").read_text())
    assert told["not_identified"] == ["values.enrol_peers"]
    assert "not identified by these data" in said and "values.enrol_peers" in said
    assert told["runs"]["asked"] == told["runs"]["made_now"] == len(made)
    assert told["posterior"]["shrinkage"]["values.bill_mean*"] > 0.8 > 0.3 > told["posterior"]["shrinkage"]["values.enrol_peers"]
    assert told["point"]["sensitivity"]["values.bill_mean*"]["medical_log_mean"] > 0
    assert told["provenance"]["survey"]["waves"] == list(WAVES)
    assert (out / "charts" / "calibration-parameters.png").exists() and (out / "charts" / "calibration-moments.svg").exists()
    assert len(read_draws(out / "posterior.parquet", 5, 1)) == 5


def test_the_same_command_makes_no_run_and_the_same_draws(data, made, tmp_path):
    out = tmp_path / "out"
    assert command(data, out) == 0
    first, runs = (out / "posterior.parquet").read_bytes(), len(made)
    assert command(data, out) == 0
    assert len(made) == runs
    assert (out / "posterior.parquet").read_bytes() == first
    assert json.loads((out / "calibration.json").read_text())["runs"]["made_now"] == 0


def test_a_stopped_calibration_goes_on(data, made, tmp_path, monkeypatch):
    out, usual = tmp_path / "out", recorded.record_years

    def record(*given, **named):
        if len(made) == 20:
            raise KeyboardInterrupt
        return usual(*given, **named)

    monkeypatch.setattr(recorded, "record_years", record)
    assert command(data, out, "method=msm") == 130
    monkeypatch.setattr(recorded, "record_years", usual)
    assert command(data, out, "method=msm") == 0
    told = json.loads((out / "calibration.json").read_text())
    assert told["runs"]["asked"] == len(made) and told["runs"]["made_now"] == len(made) - 20
    assert not (out / "posterior.parquet").exists()


def test_all_that_is_wrong_is_told_at_once(tmp_path, capsys):
    words = ["data=nowhere", "codebook=cfsp", "parameters=values.bill_maen*", "moments=standrad", "method=mms", "points=few"]
    out = tmp_path / "out"
    assert run_command(["calibrate", *words, "place=nanyan", "months=12", f"out={out}"]) == 2
    said = capsys.readouterr().err
    for word in ("cfps", "values.bill_mean*", "standard", "msm", "points", "nanyang", "months"):
        assert word in said
    assert not out.exists()


def test_a_place_of_several_counties_is_refused(data, tmp_path, capsys):
    assert command(data, tmp_path / "out", "place=national") == 2
    assert "one county" in capsys.readouterr().err
