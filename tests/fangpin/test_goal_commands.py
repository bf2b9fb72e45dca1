"""The commands that ask of the goal: `fangpin goal`, `fangpin warning`, `fangpin stress`."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from experiments.study import Study
from fangpin.cli import run_command
from fangpin.shocks import open_shock
from scenarios import ScenarioError


def table(path):
    with path.open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_goal_and_warning_of_a_run(engine, here, capsys, lang):
    run_command(["run", "households=500", "reps=3"])
    capsys.readouterr()
    assert run_command(["goal", f"lang={lang}", "thresholds=1%,2", "definition=relapse_net,poor_stock"]) == 0
    told = capsys.readouterr().out
    assert ("无法判断" if lang == "zh" else "cannot tell") in told
    rows = table(here / "runs/nanyang/tables/goal.csv")
    assert {row["threshold"] for row in rows} == {"0.01", "0.02", ""}
    assert {row["county"] for row in rows} == {"place"}
    assert (here / f"runs/nanyang/charts/goal-{lang}.png").is_file()
    assert run_command(["warning", "runs/nanyang", f"lang={lang}"]) == 0
    assert ("惯性基准" if lang == "zh" else "persistence") in capsys.readouterr().out
    assert {row["rule"] for row in table(here / "runs/nanyang/tables/warning-lists.csv")} >= {"registry", "persistence"}
    assert (here / f"runs/nanyang/charts/warning-{lang}.svg").is_file()


def test_what_goal_cannot_understand(engine, here, capsys):
    assert run_command(["goal"]) == 2
    assert "no results under runs/" in capsys.readouterr().err
    assert run_command(["goal", "nowhere"]) == 2
    assert "study.json" in capsys.readouterr().err
    run_command(["run", "households=500", "months=12", "reps=1"])
    capsys.readouterr()
    assert run_command(["goal", "thresholds=2,none"]) == 2
    assert "'none'" in capsys.readouterr().err
    assert run_command(["goal", "definition=relapse_nett"]) == 2
    assert "did you mean 'relapse_net'" in capsys.readouterr().err


STRESS = ["stress", "shock=medical_normalisation/illness_wave", "households=500", "reps=2", "out=s", "lang=en"]


def test_stress_makes_its_runs_once(engine, here, capsys):
    """The pretended model feels no illness: nothing breaks a wide limit, and a narrow one is broken from the start."""
    assert run_command([*STRESS, "outcome=relapse_net", "limit=50%"]) == 0
    assert "does not break within the range, up to size 2" in capsys.readouterr().out
    made = engine.models
    assert made == 5 * 2
    assert run_command([*STRESS, "outcome=relapse_net", "limit=0.01%"]) == 0
    assert "broken without any shock" in capsys.readouterr().out
    assert engine.models == made
    rows = table(here / "s/stress.csv")
    assert [row["size"] for row in rows] == ["0", "0.5", "1", "1.5", "2"]
    # two repetitions are no ground for a verdict
    assert {row["verdict"] for row in rows} == {"cannot tell"}


def test_what_stress_cannot_understand(engine, here, capsys):
    assert run_command(["stress", "limit=2", "outcome=relapse_nett"]) == 2
    told = capsys.readouterr().err
    assert "shock" in told
    assert "did you mean 'relapse_net'" in told
    assert "limit" in told
    assert run_command(["stress", "shock=values.job_finding*0.5", "upto=5"]) == 2
    assert "leaves its range" in capsys.readouterr().err
    assert run_command(["stress", "shock=fiscal_envelope_mix/binding_envelope"]) == 2
    assert "turns fiscal_input_level.envelope" in capsys.readouterr().err
    assert run_command(["stress", "shock=medical_normalisation/illness"]) == 2
    assert "illness_wave" in capsys.readouterr().err
    assert run_command(["stress", "shock=values.premum*2"]) == 2
    assert "values.premium" in capsys.readouterr().err
    assert run_command(["stress", "shok=x", "shock=values.job_finding*0.5"]) == 2
    told = capsys.readouterr().err
    assert "shok: x; allowed: shock, limit, outcome, upto, chance, tolerance, place," in told and "did you mean 'shock'" in told
    assert not (here / "runs").exists()


def test_a_shock_of_a_set_is_the_sets_own_path():
    """The wave of illness is half as many needs again in 2023: admissions at 1.5 times their level, before and after at 1."""
    (found,) = open_shock("medical_normalisation/illness_wave", Study(households=500))
    ratio = found.moved / found.course
    assert ratio[:24] == pytest.approx(np.ones(24))
    assert ratio[24:36] == pytest.approx(np.full(12, 1.5))
    assert ratio[36:] == pytest.approx(np.ones(24))


def test_a_value_times_a_factor_from_a_month_on():
    (found,) = open_shock("values.job_finding@2023-04*0.5", Study(households=500))
    ratio = found.moved / found.course
    assert ratio[:27] == pytest.approx(np.ones(27))
    assert ratio[27:] == pytest.approx(np.full(33, 0.5))
    with pytest.raises(ScenarioError, match="moves nothing"):
        open_shock("values.job_finding*1", Study(households=500))
