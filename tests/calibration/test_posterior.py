"""The posterior against the exact one of a linear model, and what is said of parameters that the data do not tell."""

from __future__ import annotations

import numpy as np
import pytest
from known_simulators import Curved, Linear, linear

from calibration.estimation.design import Box, box_around
from calibration.estimation.drawn import EDGE, table
from calibration.estimation.emulator import Likelihood, features, fit_emulator, needed_runs, run_design
from calibration.estimation.posterior import Plan, edge_shares, find_posterior, sample_posterior
from calibration.estimation.predictive import predict, predict_with_runs
from calibration.estimation.prior import Prior, Priors, uniform
from calibration.estimation.sampling import Sampling, prior_and
from calibration.estimation.simulated_moments import Search, estimate_point
from calibration.estimation.simulator import EstimationError, Guarded, seeds_of
from calibration.estimation.target import Target
from scenarios.prior import Prior as Belief

pytest.importorskip("emcee")

FLAT = Priors((uniform("p0", -3.0, 3.0), uniform("p1", -3.0, 3.0)))
BOX = Box(np.array([-1.0, -1.0]), np.array([1.0, 1.0]))
QUICK = Sampling(burn=200, steps=400, draws=1500)


def emulator_of(simulator, count=1024, box=BOX, seed=3):
    """Return an emulator on a box, with replicates at its middle."""
    guarded = Guarded(simulator)
    thetas, rows = run_design(guarded, box, count, seed, seeds_of(seed, count))
    middle = (box.lower + box.upper) / 2
    return fit_emulator(thetas, rows, box, guarded.moment_names, guarded.moments(middle, seeds_of(seed, 60, stream=5)))


def test_features_of_a_point():
    assert features(np.array([[2.0, 3.0]])).tolist() == [[1, 2, 3, 4, 6, 9]]


def test_a_quadratic_is_met_without_error():
    """Without noise but for a trace the surface is the function, also between the design's points."""
    simulator = linear(noise=1e-6)
    curved = Curved(simulator.slopes, simulator.start, simulator.root)
    emulator = emulator_of(curved, 64)
    points = BOX.design(16, 77)
    expected = np.array([curved.moments(point, [1])[0] for point in points])
    assert emulator.mean(points) == pytest.approx(expected, abs=1e-5)


def test_noise_and_misfit():
    """The residual covariance is that of a run; what a quadratic cannot follow shows in the misfit."""
    simulator = linear()
    emulator = emulator_of(simulator)
    assert emulator.noise == pytest.approx(simulator.root @ simulator.root.T, abs=0.012)
    assert emulator.misfit == pytest.approx(np.ones(5), abs=0.6)

    class Kinked(Linear):
        def moments(self, theta, seeds):
            rows = super().moments(theta, seeds)
            rows[:, 2] += 6 * abs(theta[0])
            return rows

    misfit = emulator_of(Kinked(simulator.slopes, simulator.start, simulator.root)).misfit
    assert misfit[2] > 2 and misfit[[0, 1, 3, 4]] == pytest.approx(np.ones(4), abs=0.6)


def test_leverages_add_up_to_the_terms_that_runs_ask_for():
    """At the design's points: all six where the surface bends beyond doubt, hardly more than one and two slopes where it is
    straight."""
    straight = emulator_of(linear(), 64)
    assert 3.0 < straight.leverage(BOX.design(64, 3)).sum() < 4.5
    known = linear(noise=1e-4)
    bent = emulator_of(Curved(known.slopes, known.start, known.root), 64)
    assert bent.leverage(BOX.design(64, 3)).sum() == pytest.approx(6.0, abs=0.01)


@pytest.mark.parametrize("extra", [0.0, 0.3])
def test_the_likelihood_is_the_gaussian_one(extra):
    """With many runs: the normal likelihood with the noise of a run, plus noise that only the data have."""
    simulator = linear()
    emulator = emulator_of(simulator, 4096)
    observed = simulator.moments(np.array([0.2, -0.3]), [5])[0]
    given = extra**2 * np.diag(np.arange(1.0, 6.0)) if extra else None
    likelihood = Likelihood(emulator, observed, given)
    total = simulator.root @ simulator.root.T + (0 if given is None else given)
    points = BOX.design(8, 9) / 2

    def exact(theta):
        left = observed - simulator.start - simulator.slopes @ theta
        return -0.5 * left @ np.linalg.solve(total, left)

    found, expected = likelihood(points), np.array([exact(point) for point in points])
    assert found - found[0] == pytest.approx(expected - expected[0], rel=0.06, abs=0.4)
    assert np.isneginf(likelihood(np.array([[1.01, 0.0]])))[0]


def test_data_of_a_survey_and_runs_of_a_population():
    """Runs without noise of the data's kind: the survey's covariance alone decides."""
    simulator = linear(noise=0.001)
    emulator = emulator_of(simulator, 256)
    given = 0.04 * np.eye(5)
    draws = sample_posterior(emulator, simulator.moments(np.zeros(2), [5])[0], FLAT, QUICK, given, noise_in_data=False)
    exact = np.linalg.inv(simulator.slopes.T @ simulator.slopes / 0.04)
    assert np.cov(draws.values.T) == pytest.approx(exact, rel=0.2, abs=0.0005)
    with pytest.raises(EstimationError, match="their own covariance is needed"):
        Likelihood(emulator, np.zeros(5), noise_in_data=False)


def found(simulator, truth, priors, seed=4):
    """Return a posterior from a run at a truth."""
    target = Target(simulator.moment_names, simulator.moments(truth, [501])[0], simulator.root @ simulator.root.T)
    point = estimate_point(simulator, target, priors, Search(seed=2))
    return find_posterior(simulator, point, priors, Plan(first=64, second=256, sampling=QUICK, seed=seed)), target


def test_a_linear_model_has_the_conjugate_posterior():
    """Flat and normal priors: mean and covariance in closed form."""
    simulator = linear()
    priors = Priors((FLAT.each[0], Prior(Belief("p1", "normal", -0.4, 0.4, basis="assumption: test"), -3.0, 3.0)))
    posterior, target = found(simulator, np.array([0.8, 0.1]), priors)
    weight = np.linalg.inv(target.covariance)
    prior_precision = np.diag([0.0, (1.959963984540054 / 0.4) ** 2])
    covariance = np.linalg.inv(simulator.slopes.T @ weight @ simulator.slopes + prior_precision)
    mean = covariance @ simulator.slopes.T @ weight @ (target.values - simulator.start)
    spread = np.sqrt(np.diag(covariance))
    assert np.abs(posterior.mean - mean).max() < 0.25 * spread.max()
    assert posterior.spread == pytest.approx(spread, rel=0.15)
    assert posterior.edge.max() <= EDGE and posterior.draws.effective > 200
    assert set(posterior.verdicts().values()) <= {"identified", "weakly identified"}


def test_equal_seeds_give_equal_draws():
    one, other = (found(linear(), np.array([0.8, 0.1]), FLAT)[0] for _ in range(2))
    assert (one.values == other.values).all() and one.runs == other.runs


def test_what_the_data_do_not_tell_keeps_its_prior():
    """A parameter that moves nothing: no shrinkage, and it is said plainly."""
    inner = linear()
    simulator = Linear(np.column_stack([inner.slopes, np.zeros(5)]), inner.start, inner.root)
    priors = Priors((*FLAT.each, uniform("p2", 0.0, 1.0, basis="assumption: nobody knows")))
    posterior, _ = found(simulator, np.array([0.8, 0.1, 0.5]), priors)
    assert posterior.verdicts() == {"p0": "identified", "p1": "identified", "p2": "not identified"}
    assert posterior.shrinkage[2] == pytest.approx(0.0, abs=0.12) and posterior.edge.max() <= EDGE
    assert posterior.interval(0.9)[2] == pytest.approx([0.05, 0.95], abs=0.05)
    row = table(posterior)[2]
    assert row["verdict"] == "not identified" and row["prior_assumed"] and row["sd"] == pytest.approx(row["prior_sd"], rel=0.1)


def test_edges_that_are_bounds_do_not_count():
    """Draws pile up at a prior's bound: no larger design would help; at another edge they are told."""
    values = np.column_stack([np.linspace(-0.999, -0.99, 50), np.linspace(-0.999, -0.99, 50)])
    priors = Priors((uniform("p0", -1.0, 3.0), uniform("p1", -3.0, 3.0)))
    assert edge_shares(values, BOX, priors).tolist() == [0.0, 1.0]


def test_a_design_moves_to_where_the_posterior_is():
    """A point estimate that is four errors off: later designs follow the draws."""
    simulator = linear()
    target = Target(simulator.moment_names, simulator.moments(np.array([0.8, 0.1]), [501])[0], simulator.root @ simulator.root.T)
    point = estimate_point(simulator, target, FLAT, Search(seed=2))
    wrong = point.__class__(**{**point.__dict__, "theta": point.theta + 4 * point.errors})
    posterior = find_posterior(simulator, wrong, FLAT, Plan(first=64, second=256, sampling=QUICK))
    assert np.abs(posterior.mean - point.theta).max() < point.errors.max()
    assert posterior.designs >= 2 and posterior.edge.max() <= EDGE


def test_too_few_runs_are_told():
    simulator = linear()
    needed = needed_runs(2, 5)
    thetas = BOX.design(8, 1)
    rows = np.array([simulator.moments(theta, [1])[0] for theta in thetas])
    with pytest.raises(EstimationError, match=f"8 runs for a surface of 6 terms and 5 moments: at least {needed}"):
        fit_emulator(thetas, rows, BOX, simulator.moment_names)


def test_moments_that_never_move_are_named():
    simulator = linear()
    thetas = BOX.design(64, 1)
    rows = np.array([simulator.moments(theta, [place])[0] for place, theta in enumerate(thetas)])
    rows[:, 1] = 0.5
    with pytest.raises(EstimationError, match="never move in the design: m1"):
        fit_emulator(thetas, rows, BOX, simulator.moment_names)


def test_boxes_stay_within_the_priors():
    box = box_around(np.array([2.9, 0.0]), np.array([1.0, np.inf]), FLAT)
    assert box.lower.tolist() == [1.9, -3.0] and box.upper.tolist() == [3.0, 3.0]


def test_predictive_checks_accept_the_truth_and_find_the_moment_that_is_off():
    simulator = linear(moments=8)
    posterior, target = found(simulator, np.array([0.8, 0.1]), FLAT)
    assert predict(posterior).overall > 0.01
    assert predict_with_runs(simulator, posterior, 64).overall > 0.01
    off = target.values + 8 * np.sqrt(target.covariance[3, 3]) * np.eye(8)[3]
    draws = sample_posterior(posterior.emulator, off, FLAT, QUICK)
    wrong = posterior.__class__(**{**posterior.__dict__, "draws": draws, "observed": off})
    told = predict(wrong)
    assert told.overall < 0.01 and told.not_fitting[0] == "m3"


def test_no_overlap_is_told():
    """A start without density stops with a question, not with an endless search."""
    target = prior_and(lambda thetas: np.full(len(thetas), -np.inf), FLAT)
    from calibration.estimation.sampling import sample

    with pytest.raises(EstimationError, match="do the priors and the design overlap"):
        sample(target, BOX.design(16, 1), QUICK)
