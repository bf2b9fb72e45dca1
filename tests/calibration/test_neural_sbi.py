"""Neural posterior estimation with sbi: slow, and only where the extra `npe` is installed. Seeds were fixed beforehand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from known_simulators import exact_posterior, linear, normal_priors
from pretended import TRUE_BILL, command, pretend, surveyed

from calibration.estimation.checks import check_posterior, pseudo_data
from calibration.estimation.comparison import coverages, differences
from calibration.estimation.incomes import PRIORS, IncomeProcess
from calibration.estimation.network import missing_packages
from calibration.estimation.neural import NeuralPlan, check_neural, find_neural
from calibration.estimation.posterior import Plan, find_posterior
from calibration.estimation.sampling import Sampling
from calibration.estimation.simulated_moments import Search, estimate_point
from calibration.estimation.simulator import Guarded, seeds_of
from calibration.estimation.target import Target

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing_packages()), reason=f"not installed: {', '.join(missing_packages())} (the extra npe)"),
]
TRUTH = np.array([9.0, 0.06, 0.15, 0.8, 0.12, 0.12, 0.15, 0.01])
"""Of the income process, in the order of its parameters."""


def test_a_linear_simulator_gives_the_exact_posterior():
    """256 runs: means within .3 of a standard deviation, standard deviations within 15%, ranks even, coverage as promised."""
    simulator = linear()
    observed = simulator.moments(np.array([0.8, 0.1]), [2024])[0]
    mean, spread = exact_posterior(simulator, observed)
    posterior = find_neural(simulator, observed, normal_priors(2), NeuralPlan(256, 1))
    assert np.abs((posterior.mean - mean) / spread).max() < 0.3
    assert np.abs(posterior.spread / spread - 1).max() < 0.15
    check = check_neural(simulator, posterior, 200, seed=7)
    assert check.ranks_even and check.coverage(0.9).kept and check.coverage(0.5).kept
    again = find_neural(simulator, observed, normal_priors(2), NeuralPlan(256, 1))
    assert np.array_equal(again.values, posterior.values), "the same seed on the same machine"


def test_the_income_process_over_three_rounds():
    """Eight parameters free, 768 runs: truths inside, 90% coverage not below its promise."""
    simulator = IncomeProcess()
    observed = simulator.moments(TRUTH, [2024])[0]
    posterior = find_neural(simulator, observed, PRIORS, NeuralPlan(256))
    assert (np.abs(posterior.mean - TRUTH) < 3 * posterior.spread).all() and posterior.runs <= 768
    assert (posterior.spread < PRIORS.spreads).all()
    check = check_neural(simulator, posterior, 200, seed=7)
    assert check.coverage(0.9).high > 0.9 and check.coverage(0.5).high > 0.5


def test_the_income_process_beside_the_emulator():
    """On the emulator's box and pseudo data: means within a standard deviation, widths within twice."""
    simulator = IncomeProcess()
    covariance = np.cov(simulator.moments(TRUTH, seeds_of(1, 300, stream=90)).T)
    target = Target(tuple(simulator.moment_names), simulator.moments(TRUTH, [2024])[0], covariance)
    point = estimate_point(simulator, target, PRIORS, Search(seed=2))
    few = Sampling(burn=200, steps=400)
    first = find_posterior(simulator, point, PRIORS, Plan(first=64, second=256, sampling=few))
    second = find_neural(simulator, point.observed, PRIORS, NeuralPlan(256), box=first.emulator.box)
    for one in differences(first, second):
        assert abs(one.difference) < 1.0 and 0.5 < one.width < 2.0
    check = check_posterior(simulator, first, sets=60, seed=7, sampling=Sampling(burn=80, steps=160, draws=19))
    rows = pseudo_data(Guarded(simulator), first, check.truths, 7)
    found = coverages(check, check_neural(simulator, second, 60, 7, (check.truths, rows)), 0.9)
    print({one.parameter: (round(one.difference, 2), round(one.width, 2)) for one in differences(first, second)}, found)
    assert found.second > 0.8


def test_a_whole_command(tmp_path, monkeypatch, capsys):
    pretend(monkeypatch)
    (tmp_path / "panel").mkdir()
    words = ("parameters=values.bill_mean*,values.enrol_peers", "moments=health", "method=posterior,npe", "check=50")
    assert command(surveyed(tmp_path / "panel"), tmp_path / "out", *words) == 0
    told = json.loads((tmp_path / "out" / "calibration.json").read_text())
    second = {row["parameter"]: row for row in told["second"]["parameters"]}
    assert second["values.bill_mean*"]["low"] < TRUE_BILL < second["values.bill_mean*"]["high"]
    assert second["values.enrol_peers"]["verdict"] == "not identified"
    assert told["second"]["training"]["versions"]["torch"] and told["second"]["coverage"]["90%"]["npe"] > 0.75
    assert "A second opinion" in capsys.readouterr().out
