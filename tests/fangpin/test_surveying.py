"""The command that reads surveys and makes them."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "calibration"))

from villages import latent

from calibration.codebook import load_codebook
from calibration.made import Design, make_survey
from calibration.shape import write_shape
from fangpin.cli import run_command


@pytest.fixture(scope="module")
def panels(tmp_path_factory):
    """Return a folder with a made survey."""
    folder = tmp_path_factory.mktemp("panels")
    write_shape(make_survey(latent(), Design((2016, 2018, 2020))), load_codebook("cfps"), folder, "csv")
    return folder


def test_a_survey_is_not_made_where_a_file_stands(tmp_path, capsys):
    (tmp_path / "taken").write_text("x")
    for name in ("taken", "taken/below"):
        assert run_command(["survey", "made", str(tmp_path / name), "lang=en"]) == 2
        assert "an existing or new folder" in capsys.readouterr().err
    assert run_command(["survey", "made", str(tmp_path / "new"), "encoding=gb2323"]) == 2
    assert "gb2323" in capsys.readouterr().err and not (tmp_path / "new").exists()


def test_which_households_a_county_is_compared_with(panels, capsys):
    assert run_command(["survey", str(panels), "codebook=cfps", "place=nanyang", "lang=en"]) == 0
    assert "sample=all, as households of the kind" in capsys.readouterr().out
    assert run_command(["survey", str(panels), "codebook=cfps", "sample=poorer", "lang=en"]) == 0
    assert "the poorer by consumption a head" in capsys.readouterr().out
    for words in (["sample=pooer"], ["place=national"], ["place=nayang"], ["sample=registered"]):
        assert run_command(["survey", str(panels), "codebook=cfps", *words]) == 2
    said = capsys.readouterr().err
    for part in ("did you mean 'poorer'", "one county", "did you mean 'nanyang'", "registered, which no column tells"):
        assert part in said


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        ("en", ("survey (residents", "interval 2 years", "not in the files:", "check each against your release", "observed (%)")),
        ("zh", ("住户调查口径", "间隔 2 年", "文件中没有：", "逐一核对", "工资性收入")),
    ],
)
def test_what_is_in_a_survey_is_told(panels, capsys, lang, parts):
    assert run_command(["survey", str(panels), "codebook=cfps", f"lang={lang}"]) == 0
    told = capsys.readouterr().out
    assert all(part in told for part in parts), told
    assert "made_2018_famecon.csv" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["PANELS"], "codebook: missing; allowed: cfps, charls, monitoring"),
        (["PANELS", "codebook=cfsp"], "did you mean 'cfps'?"),
        (["PANELS", "codebook=cfps", "encodng=x"], "did you mean 'encoding'?"),
        (["nowhere.dta", "codebook=cfps"], "nowhere.dta: file: no such file"),
        (["made", "OUT", "waves=2016,1999", "households=x", "shape=cfps"], "2 problems"),
        (["made", "OUT", "shape=monitoring", "format=dta"], "cannot hold Chinese names"),
        (["made", "shape=cfps"], "OUT: missing"),
    ],
)
def test_what_cannot_be_done_is_told(panels, capsys, words, said, tmp_path):
    named = [{"PANELS": str(panels), "OUT": str(tmp_path / "out")}.get(word, word) for word in words]
    assert run_command(["survey", *named]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_help_and_its_place_in_the_help(capsys):
    assert run_command(["survey", "--help"]) == 0
    assert "fangpin survey made OUT" in capsys.readouterr().out
    run_command([])
    assert "fangpin survey" in capsys.readouterr().out
