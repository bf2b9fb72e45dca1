"""`fangpin calibrate` from words to a posterior file, over a county of plain numbers: no model is compiled."""

import json

import numpy as np
import pandas as pd
import pytest
from pretended import TRUE_BILL, TRUE_SD, WAVES, command, pretend, surveyed

from experiments import latent as recorded
from experiments.draws import read_draws
from experiments.sources import origin_of
from fangpin.cli import run_command


@pytest.fixture(scope="module")
def made():
    """Put the pretended county in the place of the model; note the seed of every run."""
    with pytest.MonkeyPatch.context() as patch:
        yield pretend(patch)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A survey of a county with known parameters."""
    return surveyed(tmp_path_factory.mktemp("panels"))


@pytest.fixture(scope="module")
def out(data, made, tmp_path_factory):
    """The folder of a finished calibration."""
    folder = tmp_path_factory.mktemp("calibrated") / "out"
    assert command(data, folder) == 0
    return folder


def test_known_truth_is_found_and_what_nothing_moves_is_said(out, made):
    draws = pd.read_parquet(out / "posterior.parquet")
    low, high = draws["values.wage_innovation_sd"].quantile([0.005, 0.995])
    assert low < TRUE_SD < high and high - low < 0.1
    low, high = draws["values.bill_mean*"].quantile([0.005, 0.995])
    assert low < TRUE_BILL < high and high - low < 0.3
    told = json.loads((out / "calibration.json").read_text())
    assert told["not_identified"] == ["values.enrol_peers"]
    assert told["posterior"]["shrinkage"]["values.bill_mean*"] > 0.8 > 0.3 > told["posterior"]["shrinkage"]["values.enrol_peers"]
    assert told["point"]["sensitivity"]["values.bill_mean*"]["medical_log_mean"] > 0
    assert told["provenance"]["survey"]["waves"] == list(WAVES)
    for name in ("parameters", "pairs", "moments", "sensitivity"):
        assert all((out / "charts" / f"calibration-{name}.{kind}").exists() for kind in ("png", "svg", "pdf"))
    assert told["survey"]["taken_as_drawn"] == "households" and told["survey"]["sampling_units"] == 40
    page = (out / "calibration.html").read_text()
    assert page.count("data:image/svg+xml") == 4 and "http" not in page.replace("http://www.w3.org", "")
    assert "values.enrol_peers" in page.partition("What the data could not tell")[2].partition("<h2>")[0]
    # survey and codebook by hash, in the draws as well, and no folder
    survey = origin_of(out / "posterior.parquet")["survey"]
    assert survey == told["provenance"]["survey"]
    assert len(survey["survey_sha256"]) == len(survey["codebook_sha256"]) == 64
    assert str(out.parent) not in json.dumps(survey)
    assert len(read_draws(out / "posterior.parquet", 5, 1)) == 5


@pytest.mark.slow
def test_the_same_command_makes_no_run_and_the_same_draws(data, out, made, capsys):
    first, runs = (out / "posterior.parquet").read_bytes(), len(made)
    assert command(data, out) == 0
    assert len(made) == runs
    assert (out / "posterior.parquet").read_bytes() == first
    assert json.loads((out / "calibration.json").read_text())["runs"]["made_now"] == 0
    said = capsys.readouterr().out
    assert "not identified by these data" in said and "values.enrol_peers" in said


def test_a_stopped_calibration_goes_on(data, made, tmp_path, monkeypatch):
    usual, before = recorded.record_years, len(made)

    def record(*given, **named):
        if len(made) == before + 12:
            raise KeyboardInterrupt
        return usual(*given, **named)

    words = ("parameters=values.bill_mean*", "moments=health", "method=msm")
    monkeypatch.setattr(recorded, "record_years", record)
    assert command(data, tmp_path / "out", *words) == 130
    monkeypatch.setattr(recorded, "record_years", usual)
    assert command(data, tmp_path / "out", *words) == 0
    told = json.loads((tmp_path / "out" / "calibration.json").read_text())["runs"]
    assert told["asked"] == len(made) - before and told["made_now"] == told["asked"] - 12
    assert not (tmp_path / "out" / "posterior.parquet").exists()


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


@pytest.mark.slow
def test_pseudo_data_stand_beside_the_intervals(data, made, tmp_path, capsys):
    words = ("parameters=values.bill_mean*", "moments=health", "check=50")
    assert command(data, tmp_path / "out", *words) == 0
    told = json.loads((tmp_path / "out" / "calibration.json").read_text())["check"]
    assert told["sets"] == told["runs"] == 50 and told["coverage"]["90%"]["kept"] and told["ranks_even"]
    assert "90% intervals hold the truth" in capsys.readouterr().out
    assert (tmp_path / "out" / "charts" / "calibration-ranks.png").exists()


def broken(data, to, change):
    """Return a copy of the panel whose files of households were changed as tables."""
    to.mkdir()
    for path in data.glob("*.csv"):
        table = pd.read_csv(path)
        (change(table) if "famecon" in path.name else table).to_csv(to / path.name, index=False)
    return to


def doubled(table):
    """Say some households twice."""
    return pd.concat([table, table.head(7)])


def without_income(table):
    """Ask nobody for income: the code of a question that was not answered stands everywhere."""
    return table.assign(**{name: -8 for name in table if "inc" in name.lower()})


def in_two_units(table):
    """Write half of the amounts of income in 10,000 yuan."""
    names = [name for name in table if "inc" in name.lower()]
    half = table.index % 2 == 0
    return table.assign(**{name: np.where(half & (table[name] > 0), table[name] / 1e4, table[name]) for name in names})


@pytest.mark.parametrize(
    ("change", "said"),
    [(doubled, "twice"), (without_income, "income"), (in_two_units, "unit"), (lambda table: table.head(0), "rows")],
    ids=["doubled ids", "no income", "two units", "no rows"],
)
def test_files_that_are_wrong_are_refused_before_any_run(data, made, tmp_path, capsys, change, said):
    before = len(made)
    assert command(broken(data, tmp_path / "panel", change), tmp_path / "out") == 2
    told = capsys.readouterr().err
    assert said in told and "Traceback" not in told
    assert len(made) == before and not (tmp_path / "out").exists()


def test_persons_of_impossible_ages_and_codes_without_meaning(data, made, tmp_path, capsys):
    folder = broken(data, tmp_path / "panel", lambda table: table)
    path = next(folder.glob("*person*.csv"))
    table = pd.read_csv(path)
    ages = [name for name in table if "age" in name.lower() or "birth" in name.lower()]
    table[ages[0]] = 999 if "age" in ages[0].lower() else 1700
    table.to_csv(path, index=False)
    assert command(folder, tmp_path / "out") == 2
    assert "age" in capsys.readouterr().err


def test_one_wave_ten_rows_a_broken_file_and_the_wrong_codebook(data, made, tmp_path, capsys):
    before = len(made)
    one = tmp_path / "one"
    one.mkdir()
    for path in data.glob("*2018*.csv"):
        (one / path.name).write_bytes(path.read_bytes())
    assert command(one, tmp_path / "out") == 2
    assert "two waves or more" in capsys.readouterr().err
    few = broken(data, tmp_path / "few", lambda table: table.head(10))
    assert command(few, tmp_path / "out") == 1
    assert "moments for 3 parameters" in capsys.readouterr().err
    cut = broken(data, tmp_path / "cut", lambda table: table)
    path = next(cut.glob("*famecon*.csv"))
    path.write_bytes(path.read_bytes()[:-25])
    assert command(cut, tmp_path / "out2") == 2
    assert path.name in capsys.readouterr().err
    assert run_command(["calibrate", f"data={data}", "codebook=monitoring", f"out={tmp_path / 'out3'}"]) == 2
    assert "cfps" in capsys.readouterr().err
    assert len(made) <= before + 9
