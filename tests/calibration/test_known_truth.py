"""Known truth with the model itself: eight parameters free, 200 pseudo data sets, every seed fixed here. Hundreds of runs of a
village, so it is slow; what it found stands in docs/calibration.md."""

import json

import pytest

from fangpin.cli import run_command

FREE = (
    "values.wage_persistence,values.wage_innovation_sd,values.yield_sd,values.job_loss_migrant,values.job_finding*,"
    "values.admission_level*,values.bill_mean*,values.bill_log_sd"
)
SETS = 200


@pytest.mark.slow
def test_intervals_of_eight_parameters_hold_the_truth(tmp_path):
    made, out = tmp_path / "panel", tmp_path / "out"
    assert run_command(["survey", "made", str(made), "shape=cfps", "households=600", "waves=2016,2018,2020", "seed=7"]) == 0
    words = [f"data={made}", "codebook=cfps", "households=600", f"parameters={FREE}", "moments=income,health,work"]
    assert run_command(["calibrate", *words, "points=128", "reps=1", f"check={SETS}", f"out={out}"]) == 0
    told = json.loads((out / "calibration.json").read_text())
    check = told["check"]
    assert check["sets"] == SETS and len(check["parameters"]) == 8
    assert check["ranks_even"]
    for one in check["parameters"].values():
        assert abs(one["mean_standardised_error"]) < 4 * one["monte_carlo_error"]
    assert told["runs"]["asked"] < 1_500
    for level, share in (("50%", 0.5), ("90%", 0.9)):
        assert check["coverage"][level]["low"] <= share <= check["coverage"][level]["high"]
