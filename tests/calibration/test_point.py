"""Simulated moments against generalised least squares, which they are when moments are linear."""

from __future__ import annotations

import numpy as np
import pytest
from known_simulators import Linear, linear
from scipy import stats

from calibration.estimation.incomes import PARAMETERS, PRIORS, IncomeProcess, autocovariances
from calibration.estimation.prior import Priors, uniform
from calibration.estimation.simulated_moments import Search, estimate_point
from calibration.estimation.simulator import EstimationError, Guarded, seeds_of
from calibration.estimation.target import Target

FLAT = Priors((uniform("p0", -10.0, 10.0), uniform("p1", -10.0, 10.0)))


def target_of(simulator, theta, seed=99):
    """Return observed moments at a truth, with the covariance of a run."""
    return Target(simulator.moment_names, simulator.moments(theta, [seed])[0], simulator.root @ simulator.root.T)


def exact(simulator, target, seeds):
    """Return estimate, covariance, J and gain of generalised least squares with the mean noise of the seeds."""
    omega = target.covariance * (1 + 1 / len(seeds))
    weight = np.linalg.inv(omega)
    mean = simulator.moments(np.zeros(2), seeds).mean(axis=0)
    covariance = np.linalg.inv(simulator.slopes.T @ weight @ simulator.slopes)
    gain = covariance @ simulator.slopes.T @ weight
    theta = gain @ (target.values - mean)
    left = mean + simulator.slopes @ theta - target.values
    return theta, covariance, left @ weight @ left, gain


def test_a_linear_model_is_least_squares():
    """Estimate, errors, J, its p-value and the sensitivity of Andrews, Gentzkow and Shapiro, all in closed form."""
    simulator = linear()
    target = target_of(simulator, np.array([1.0, -2.0]))
    point = estimate_point(simulator, target, FLAT, Search(seed=5))
    theta, covariance, j, gain = exact(simulator, target, seeds_of(5, 4))
    assert point.theta == pytest.approx(theta, abs=1e-4)
    assert point.covariance == pytest.approx(covariance, rel=1e-6)
    assert point.j == pytest.approx(j, rel=1e-3) and point.degrees == 3
    assert point.p == pytest.approx(stats.chi2(3).sf(j), rel=1e-3)
    scale = np.sqrt(np.diag(target.covariance) * 1.25)
    assert point.sensitivity == pytest.approx(gain * scale / point.errors[:, None], rel=1e-6)
    assert point.jacobian == pytest.approx(simulator.slopes, rel=1e-6)


def test_diagonal_weights_have_the_sandwich():
    simulator = linear()
    target = target_of(simulator, np.array([1.0, -2.0]))
    point = estimate_point(simulator, target, FLAT, Search(seed=5, weights="diagonal"))
    omega = target.covariance * 1.25
    weight = np.diag(1 / np.diag(omega))
    bread = np.linalg.inv(simulator.slopes.T @ weight @ simulator.slopes) @ simulator.slopes.T @ weight
    assert point.covariance == pytest.approx(bread @ omega @ bread.T, rel=1e-6)
    assert (point.errors >= estimate_point(simulator, target, FLAT, Search(seed=5)).errors - 1e-9).all()


def test_j_and_errors_hold_over_repetitions():
    """200 data sets: estimates are within 90% intervals as often as promised, J is chi-square."""
    simulator = linear()
    truth = np.array([0.5, 0.3])
    inside, js = [], []
    for number in range(200):
        point = estimate_point(simulator, target_of(simulator, truth, 10_000 + number), FLAT, Search(seed=number))
        inside.append(np.abs(point.theta - truth) < 1.645 * point.errors)
        js.append(point.j)
    assert 0.85 < np.mean(inside) < 0.95
    assert stats.kstest(js, stats.chi2(3).cdf).pvalue > 0.01


def test_residuals_are_standardised():
    """A moment that is six errors off is the one that does not fit."""
    simulator = linear(moments=12)
    target = target_of(simulator, np.array([1.0, -2.0]))
    values = target.values.copy()
    values[4] += 6 * np.sqrt(target.covariance[4, 4])
    point = estimate_point(simulator, Target(target.names, values, target.covariance), FLAT, Search(seed=5))
    assert point.not_fitting[0] == "m4" and point.p < 0.01


def test_what_is_not_identified_is_said():
    """Two parameters that enter only as their sum: a singular value of zero, infinite errors, the direction named."""
    simulator = Linear([[1.0, 1.0], [2.0, 2.0], [-1.0, -1.0]], np.zeros(3), 0.1 * np.eye(3))
    point = estimate_point(simulator, target_of(simulator, np.array([0.5, 0.2])), FLAT, Search(seed=5))
    assert point.singular[1] < 1e-8 * point.singular[0]
    assert np.isinf(point.errors).all()
    ((ratio, direction),) = point.weak_directions(FLAT)
    assert ratio > 1e6 and "p0" in direction and "p1" in direction
    assert point.theta.sum() == pytest.approx(0.7, abs=0.3)


def test_one_of_three_is_not_identified():
    """A parameter that moves nothing has no error; the others keep theirs."""
    inner = linear()
    simulator = Linear(np.column_stack([inner.slopes, np.zeros(5)]), inner.start, inner.root)
    priors = Priors((*FLAT.each, uniform("p2", 0.0, 1.0)))
    target = target_of(simulator, np.array([1.0, -2.0, 0.5]))
    point = estimate_point(simulator, target, priors, Search(seed=5))
    assert np.isinf(point.errors).tolist() == [False, False, True]
    assert point.theta[:2] == pytest.approx(exact(inner, target, seeds_of(5, 4))[0], abs=2e-3)


def test_a_bound_is_told():
    simulator = linear()
    narrow = Priors((uniform("p0", -10.0, 0.2), uniform("p1", -10.0, 10.0)))
    point = estimate_point(simulator, target_of(simulator, np.array([1.0, -2.0])), narrow, Search(seed=5))
    assert point.at_bound.tolist() == [True, False]


def test_equal_seeds_give_equal_results_and_no_run_twice():
    simulator, asked = linear(), []

    class Watched(Linear):
        def moments(self, theta, seeds):
            asked.extend((theta.tobytes(), seed) for seed in seeds)
            return super().moments(theta, seeds)

    watched = Watched(simulator.slopes, simulator.start, simulator.root)
    target = target_of(simulator, np.array([1.0, -2.0]))
    points = [estimate_point(one, target, FLAT, Search(seed=5, screen=16)) for one in (simulator, watched)]
    assert (points[0].theta == points[1].theta).all()
    assert len(asked) == len(set(asked)) == points[1].runs


def test_the_income_process_is_found():
    """Eight parameters from one made panel, each within four standard errors; the number of runs stays in the hundreds."""
    simulator = IncomeProcess(households=600, villages=30)
    truth = np.array([9.0, 0.06, 0.15, 0.8, 0.12, 0.12, 0.15, 0.01])
    covariance = np.cov(simulator.moments(truth, seeds_of(1, 120, stream=90)).T)
    observed = simulator.moments(truth, [4242])[0]
    target = Target(tuple(simulator.moment_names), observed, covariance)
    point = estimate_point(simulator, target, PRIORS, Search(seed=3))
    assert np.abs((point.theta - truth) / point.errors).max() < 4
    assert point.p > 0.001 and point.runs < 1500 and point.parameters == PARAMETERS


def test_the_income_process_has_the_covariances_it_says():
    """Simulated autocovariance steps against the closed form, within five Monte-Carlo errors."""
    simulator = IncomeProcess(households=1200, villages=60)
    theta = np.array([9.0, 0.06, 0.15, 0.8, 0.12, 0.12, 0.15, 0.01])
    rows = simulator.moments(theta, seeds_of(2, 60))
    each = autocovariances(theta, 5)
    expected = [*(each[:-1] - each[1:]), each[-1]]
    # a wave's mean takes part of its villages' shocks with it: a bias of 1/60 of their variance and less
    error = rows[:, 2:8].std(axis=0) / np.sqrt(60) * 5 + 0.001
    assert (np.abs(rows[:, 2:8].mean(axis=0) - expected) < error).all()
    assert rows[:, 8].mean() == pytest.approx(2 * 0.01, abs=0.002)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s, t: estimate_point(s, t, Priors(FLAT.each[:1])), "priors of p0; the simulator's parameters are p0, p1"),
        (lambda s, t: estimate_point(s, t.only(("m1", "m0")), FLAT), "observed moments m1, m0; the simulator returns m0"),
        (lambda s, t: estimate_point(s, t, FLAT, Search(weights="best")), "allowed: optimal, diagonal"),
        (lambda s, t: estimate_point(s, t, FLAT, Search(replicates=0)), "0 replicates"),
        (lambda s, t: Target(t.names, t.values * np.nan, t.covariance), "m0, m1, m2, m3, m4. Leave them out"),
        (lambda s, t: Target(t.names, t.values, np.ones((5, 5))), "singular along"),
        (lambda s, t: Target(t.names, t.values, np.eye(4)), "one value for each name"),
    ],
)
def test_what_does_not_fit_together_is_said(call, said):
    simulator = linear()
    with pytest.raises(ValueError, match=said):
        call(simulator, target_of(simulator, np.zeros(2)))


def test_a_simulator_that_breaks_its_promise():
    """Infinite moments and wrong shapes stop with the parameters that made them."""

    class Broken(Linear):
        def moments(self, theta, seeds):
            rows = super().moments(theta, seeds)
            rows[:, 3] = np.log(theta[0]) if theta[0] > 0 else np.nan
            return rows

    simulator = linear()
    broken = Guarded(Broken(simulator.slopes, simulator.start, simulator.root))
    with pytest.raises(EstimationError, match="not finite: m3; at p0=-1, p1=2"):
        broken.moments(np.array([-1.0, 2.0]), [1])
    with pytest.raises(EstimationError, match="one seed for each point"):
        broken.batch(np.zeros((3, 2)), [1, 2])
