"""`fangpin sensitivity` as its users meet it. The model is pretended."""

from __future__ import annotations

import csv

import pytest

from experiments.design import LUCK_INPUT
from fangpin.cli import run_command
from fangpin.sensing import read_sensitivity

pytest.importorskip("SALib")

WORDS = [
    "sensitivity",
    "over=values.bill_mean*,values.enrol_price",
    "samples=2",
    "luck=3",
    "months=24",
    "households=500",
    "out=o",
]


def test_the_command(engine, here, capsys):
    assert run_command(WORDS) == 0
    rows = list(csv.DictReader((here / "o/tables/sensitivity.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["input"] for row in rows} == {"values.bill_mean*", "values.enrol_price", LUCK_INPUT}
    assert (here / "o/charts/sensitivity-relapse_net-zh.png").exists()
    made = engine.models
    assert made == 8 * 2
    assert run_command(WORDS) == 0
    assert engine.models == made
    capsys.readouterr()
    assert run_command([*WORDS, "seed=2"]) == 2
    assert "another" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("over=values.bill_men", "did you mean values.bill_mean"),
        ("method=sobl", "did you mean sobol"),
        ("samples=1", "from 2"),
        ("premium_subsidy_taper_ex_poor.path=interval(1,0)", "low below high"),
        ("premium_subsidy_taper_ex_poor.path=0.5", "interval(low,high)"),
        ("policy=documented,kept,cliff", "two to compare"),
        ("premium_subsidy_taper_ex_poor.pth=interval(0,1)", "premium_subsidy_taper_ex_poor"),
    ],
)
def test_each_mistake_is_said_and_nothing_is_written(engine, here, capsys, word, said):
    words = [one for one in WORDS if one.partition("=")[0] != word.partition("=")[0]]
    assert run_command([*words, word]) == 2
    assert said in capsys.readouterr().err
    assert engine.models == 0
    assert not (here / "o").exists()


def test_words_of_a_run_that_have_no_meaning_here_say_what_has():
    told = [str(problem) for problem in read_sensitivity(["reps=2", "parameters=priors", "sample=8"])[1]]
    assert "reps: 2; allowed: no word of a sensitivity. luck= says" in told[0]
    assert "over= names the priors" in told[1]
    assert "did you mean samples?" in told[2] and ", reps," not in told[2]
