"""Neural posterior estimation without a network: regions, rounds, whitening, pseudo data. Where what a regression leaves is
standard normal no network is needed, and the posterior is known in closed form. With sbi: test_neural_sbi.py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from known_simulators import Linear, StandardNormal, exact_posterior, linear, normal_priors

from calibration.estimation import network, neural
from calibration.estimation.design import Box
from calibration.estimation.headstart import Headstart
from calibration.estimation.incomes import PRIORS
from calibration.estimation.network import Training
from calibration.estimation.neural import NeuralPlan, check_neural, find_neural
from calibration.estimation.region import Region
from calibration.estimation.simulator import EstimationError

TWO = normal_priors(2)
TRUTH = np.array([0.8, 0.1])


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    monkeypatch.setattr(neural, "train", StandardNormal)


def found(simulator=None, priors=TWO, plan=None, **more):
    """Return the posterior of a run at the truth."""
    simulator = simulator or linear()
    return find_neural(simulator, simulator.moments(TRUTH, [2024])[0], priors, plan or NeuralPlan(256, 1), **more)


def test_a_linear_simulator_gives_the_exact_posterior():
    """256 runs know a mean to 6 / 256 of a variance (.15 sd) and a standard deviation to 4.7%: within three of these."""
    simulator = linear()
    mean, spread = exact_posterior(simulator, simulator.moments(TRUTH, [2024])[0])
    posterior = found(simulator)
    assert np.abs((posterior.mean - mean) / spread).max() < 0.45
    assert np.abs(posterior.spread / spread - 1).max() < 0.14
    assert set(posterior.verdicts().values()) == {"identified"}
    assert posterior.runs == posterior.learned.rows == 256 and posterior.rounds == 1 and posterior.beyond > 0.1


def test_noise_of_the_data_that_runs_lack_is_in_what_is_learned():
    simulator, extra = linear(), 0.25
    mean, spread = exact_posterior(simulator, simulator.moments(TRUTH, [2024])[0], extra=extra)
    posterior = found(simulator, plan=NeuralPlan(1024, 1), data_covariance=extra * np.eye(5))
    assert np.abs((posterior.mean - mean) / spread).max() < 0.15
    assert np.abs(posterior.spread / spread - 1).max() < 0.08
    assert (posterior.spread > 1.2 * found(simulator).spread).all()


def test_a_parameter_that_nothing_moves_comes_out_as_the_prior():
    simulator = linear()
    blind = Linear(np.column_stack([simulator.slopes, np.zeros(5)]), simulator.start, simulator.root)
    priors = normal_priors(3)
    posterior = find_neural(blind, blind.moments(np.array([0.8, 0.1, 0.0]), [2024])[0], priors, NeuralPlan(512, 2))
    assert posterior.verdicts()["p2"] == "not identified" and abs(posterior.spread[2] - 1) < 0.1
    assert posterior.verdicts()["p0"] == "identified"


def test_rounds_cut_the_prior_to_where_draws_are():
    """Scores of a cut prior bend what is linear, which only a network would see: standard deviations are within 40% here."""
    simulator = linear(noise=0.05)
    mean, spread = exact_posterior(simulator, simulator.moments(TRUTH, [2024])[0])
    told = []
    posterior = found(simulator, plan=NeuralPlan(256, 3), stage=lambda stage, runs: told.append((stage, runs)))
    assert posterior.rounds > 1 and posterior.runs == 256 * posterior.rounds
    assert told[0] == ("prior", 768) and told[1] == ("train", 0)
    box = posterior.region.box
    assert (box.width < 0.4 * 12).all() and ((mean - 3 * spread > box.lower) & (mean + 3 * spread < box.upper)).all()
    assert np.abs((posterior.mean - mean) / spread).max() < 0.4 and np.abs(posterior.spread / spread - 1).max() < 0.4
    assert posterior.edge.max() <= 0.01


def test_a_box_that_does_not_hold_the_posterior_is_said():
    posterior = found(box=Box(np.array([-3.0, -3.0]), np.array([0.3, 3.0])))
    assert posterior.rounds == 1 and posterior.values[:, 0].max() <= 0.3
    assert posterior.verdicts()["p0"] == "design too small"


def test_the_same_seed_gives_the_same_draws_and_another_others():
    assert np.array_equal(found().values, found().values)
    assert not np.array_equal(found().values, found(plan=NeuralPlan(256, 1, seed=2)).values)


def test_a_right_posterior_passes_the_check():
    """Seeds were fixed before the first run."""
    simulator = linear()
    check = check_neural(simulator, found(simulator), 200, seed=6)
    assert check.ranks_even and check.coverage(0.5).kept and check.coverage(0.9).kept
    assert check.runs == len(check.truths) == 200
    assert all(abs(mean) < 4 * error for mean, error in check.mean_errors().values())


def test_a_check_on_the_sets_of_another_makes_no_run():
    simulator, posterior = linear(), found()
    own = check_neural(simulator, posterior, 60, seed=6)
    rows = simulator.moments(TRUTH, range(60))
    again = check_neural(simulator, posterior, 60, seed=6, given=(own.truths, rows))
    assert again.runs == 0 and np.array_equal(again.truths, own.truths)


def test_a_wrong_truth_is_found():
    simulator, other = linear(), linear()
    other.start = other.start + 0.6
    assert not check_neural(other, found(simulator), 100, seed=6).ranks_even


class Holed(Linear):
    """Some moments are not defined at some points: one where the first parameter is high, another nearly everywhere."""

    def moments(self, theta, seeds):
        """Return one row for each seed."""
        rows = super().moments(theta, seeds)
        rows[:, 3] = np.where(theta[0] > 2.0, np.nan, rows[:, 3])
        rows[:, 4] = np.where(theta[0] < 1.0, rows[:, 4], np.nan) if theta[1] < 1.0 else np.nan
        return rows


def test_runs_without_a_moment_and_moments_without_runs_are_left_out():
    """2.3% of the prior lies above 2; half of it and more does not define the last moment."""
    usual = linear()
    simulator = Holed(usual.slopes, usual.start, usual.root)
    posterior = found(simulator)
    assert posterior.summary.left_out == ("m4",) and len(posterior.summary.places) == 4
    assert 240 < posterior.learned.rows < 256
    check = check_neural(simulator, posterior, 100, seed=6)
    assert len(check.truths) == 100 and (check.truths[:, 0] <= 2.0).all() and check.coverage(0.9).share > 0.85


def test_too_few_moments_are_refused_by_name():
    usual = linear(moments=2)
    simulator = Holed(np.vstack([usual.slopes, usual.slopes, usual.slopes[:1]]), np.zeros(5), np.eye(5))
    simulator.moments = lambda theta, seeds: np.where(theta[0] < 0, np.nan, np.ones((len(seeds), 5)))
    with pytest.raises(EstimationError, match=r"0 moments for 2 parameters .* m0, m1"):
        find_neural(simulator, np.ones(5), TWO, NeuralPlan(64, 1))


def test_data_unlike_any_run_are_told():
    simulator = linear()
    posterior = find_neural(simulator, simulator.start + 100.0, TWO, NeuralPlan(256, 1))
    assert posterior.beyond == 0.0


def test_missing_packages_are_one_refusal(monkeypatch):
    monkeypatch.setattr(network, "missing_packages", lambda: ["sbi", "torch"])
    with pytest.raises(EstimationError, match=r"sbi, torch missing: pip install torch --index-url .*fangpin\[npe\]"):
        network.train(np.zeros((10, 1)), np.zeros((10, 1)), Training())


@settings(max_examples=20)
@given(some.lists(some.floats(0.01, 0.99), min_size=8, max_size=8), some.floats(0.001, 0.3), some.floats(0.5, 1.0))
def test_scores_of_a_region_lead_back_to_its_points(shares, low, high):
    box = Box(PRIORS.at(np.full(8, low))[0], PRIORS.at(np.full(8, high))[0])
    region = Region.of(PRIORS, box)
    points = region.at(shares)
    assert region.holds(points).all()
    assert np.allclose(region.shares(points), shares, atol=1e-6)
    assert np.allclose(region.from_scores(region.scores(points)), points, rtol=1e-6)


def test_the_whole_prior_is_a_region():
    region = Region.whole(PRIORS)
    assert np.allclose(region.at(np.full(8, 0.5)), PRIORS.medians)
    assert np.allclose(region.scores(PRIORS.medians), 0.0, atol=1e-6)


def test_a_headstart_by_hand():
    """Parameter = 2 moment + 1 with rests +1, -1, -1, +1 at moments -1.5, -0.5, 0.5, 1.5: slope, intercept and rests left out.

    The rests sum to nothing against one and against the moment, so least squares finds both; leverages are .25 + m^2 / 5.
    """
    moments = np.array([-1.5, -0.5, 0.5, 1.5])
    rests = np.array([1.0, -1.0, -1.0, 1.0])
    start, left = Headstart.fit((2 * moments + 1 + rests)[:, None], moments[:, None])
    assert start.slopes[:, 0] == pytest.approx([1.0, 2.0])
    alone = rests / (1 - (0.25 + moments**2 / 5))
    assert start.root[0, 0] == pytest.approx(np.sqrt((alone**2).mean()))
    assert left[:, 0] * start.root[0, 0] == pytest.approx(alone)
    assert start.scores(np.array([[2.0]]), np.array([[[0.0], [1.0]]]))[0, :, 0] == pytest.approx([5.0, 5.0 + start.root[0, 0]])
