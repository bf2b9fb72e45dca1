"""Checks that pass when intervals are right and fail when they are not."""

from __future__ import annotations

import numpy as np
import pytest
from known_simulators import linear
from scipy import stats

from calibration.estimation.checks import LEVELS, Check, check_posterior, pooled_coverage, rank_test, truths_in
from calibration.estimation.design import Box
from calibration.estimation.incomes import PRIORS, IncomeProcess
from calibration.estimation.posterior import Plan, find_posterior
from calibration.estimation.prior import Priors, uniform
from calibration.estimation.sampling import Sampling
from calibration.estimation.simulated_moments import Search, estimate_point
from calibration.estimation.simulator import seeds_of
from calibration.estimation.target import Target

pytest.importorskip("emcee")

FLAT = Priors((uniform("p0", -3.0, 3.0), uniform("p1", -3.0, 3.0)))
FEW = Sampling(burn=80, steps=160, draws=19)
TRUTH = np.array([9.0, 0.06, 0.15, 0.8, 0.12, 0.12, 0.15, 0.01])
"""Of the income process, in the order of its parameters."""


def posterior_of(simulator, truth, priors, covariance=None, plan=None):
    """Return a posterior from a run at a truth."""
    given = simulator.root @ simulator.root.T if covariance is None else covariance
    target = Target(tuple(simulator.moment_names), simulator.moments(truth, [2024])[0], given)
    point = estimate_point(simulator, target, priors, Search(seed=2))
    return find_posterior(simulator, point, priors, plan or Plan(first=64, second=256, sampling=Sampling(burn=200, steps=400)))


def test_rank_test_is_the_chi_square():
    """Ten bins of 100 ranks: 20 in the first, 80 spread evenly in nine."""
    ranks = np.concatenate([np.zeros(20, int), 10 + np.arange(90)[np.linspace(0, 89, 80).astype(int)]])
    counts = np.bincount(ranks // 10, minlength=10)
    assert rank_test(ranks, 99) == pytest.approx(stats.chisquare(counts).pvalue)
    assert rank_test(np.arange(100), 99) == pytest.approx(1.0)


@pytest.mark.parametrize(("draws", "sets", "bins"), [(98, 100, 10), (99, 40, 10)])
def test_rank_test_refuses_what_it_cannot_do(draws, sets, bins):
    with pytest.raises(ValueError, match="bins for ranks"):
        rank_test(np.zeros(sets, int), draws, bins)


def test_pooled_coverage_of_independent_cells():
    """Independent cells: close to the exact binomial interval over all of them."""
    inside = np.random.default_rng(1).random((200, 4)) < 0.9
    found = pooled_coverage(inside, 0.9)
    exact = stats.binomtest(int(inside.sum()), 800).proportion_ci()
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=0.01)
    assert found.kept and found.cells == 800


def test_pooled_coverage_of_sets_that_stand_together():
    """Parameters that are all inside or all outside: as many trials as sets, and a wider interval."""
    inside = np.repeat(np.random.default_rng(1).random((200, 1)) < 0.9, 4, axis=1)
    found = pooled_coverage(inside, 0.9)
    exact = stats.binomtest(int(inside[:, 0].sum()), 200).proportion_ci()
    assert found.effective == pytest.approx(199, abs=2) and (found.low, found.high) == pytest.approx(
        (exact.low, exact.high), abs=0.005
    )


def test_coverage_at_its_ends():
    assert pooled_coverage(np.ones((10, 2), bool), 0.9)[1:4] == (1.0, pytest.approx(1 - 0.1684, abs=0.001), 1.0)
    assert pooled_coverage(np.zeros((10, 2), bool), 0.9).low == 0.0


def test_truths_are_of_the_prior_within_the_box():
    box = Box(PRIORS.lower + 0.3 * (PRIORS.upper - PRIORS.lower), PRIORS.lower + 0.6 * (PRIORS.upper - PRIORS.lower))
    truths = truths_in(box, PRIORS, 4000, 1)
    assert box.holds(truths).all()
    prior = PRIORS.each[2]
    below = np.array([prior.share_below(value) for value in truths[:, 2]])
    ends = prior.share_below(box.lower[2]), prior.share_below(box.upper[2])
    assert stats.kstest((below - ends[0]) / (ends[1] - ends[0]), "uniform").pvalue > 0.001


@pytest.fixture(scope="module")
def found():
    simulator = linear()
    return simulator, posterior_of(simulator, np.array([0.8, 0.1]), FLAT)


def test_a_right_posterior_passes(found):
    """Seeds were fixed before the first run."""
    simulator, posterior = found
    check = check_posterior(simulator, posterior, sets=60, seed=6, sampling=FEW)
    assert check.ranks_even and all(check.coverage(level).kept for level in LEVELS)
    assert all(abs(mean) < 4 * error for mean, error in check.mean_errors().values())
    assert check.runs == 60 and set(check.rank_tests()) == {"p0", "p1"}
    assert set(check.coverage_by_parameter(0.9)) == {"p0", "p1"}


def test_intervals_that_are_too_narrow_are_found(found):
    """The same posterior with half its noise: ranks pile up at the ends, coverage falls short."""
    simulator, posterior = found
    emulator = posterior.emulator
    sure = emulator.__class__(**{**emulator.__dict__, "covariance": emulator.covariance / 9})
    wrong = posterior.__class__(**{**posterior.__dict__, "emulator": sure})
    check = check_posterior(simulator, wrong, sets=60, seed=6, sampling=FEW)
    assert not check.ranks_even and check.coverage(0.9).high < 0.9


def test_a_wrong_truth_is_found(found):
    """Pseudo data from another model than the emulator's: bias in standardised errors."""
    simulator, posterior = found
    other = linear()
    other.start = other.start + 0.6
    check = check_posterior(simulator, posterior, sets=50, seed=6, sampling=FEW, truth=other)
    assert not check.ranks_even
    assert max(abs(mean) / error for mean, error in check.mean_errors().values()) > 5


def test_noise_of_the_data_enters_the_check(found):
    """Noise that only the data have is added to pseudo data, and the likelihood knows of it."""
    simulator, posterior = found
    noisy = posterior.__class__(**{**posterior.__dict__, "data_covariance": 0.09 * np.eye(5)})
    check = check_posterior(simulator, noisy, sets=60, seed=8, sampling=FEW)
    assert check.coverage(0.9).kept and check.ranks_even


def study(tail=0):
    """Return the check of the income process: eight parameters free, 200 pseudo data sets, all seeds fixed here."""
    simulator = IncomeProcess()
    covariance = np.cov(simulator.moments(TRUTH, seeds_of(1, 300, stream=90)).T)
    posterior = posterior_of(simulator, TRUTH, PRIORS, covariance, Plan(seed=1))
    truth = IncomeProcess(tail=tail) if tail else None
    return posterior, check_posterior(simulator, posterior, sets=200, seed=7, truth=truth)


def tell(check):
    """Print what stands in docs/calibration.md."""
    for level in LEVELS:
        print(check.coverage(level))
    print(check.rank_tests(), check.mean_errors())


@pytest.mark.slow
def test_eight_parameters_over_200_sets():
    """Known truth: pooled 50% and 90% coverage contain their levels, ranks are even, errors are not biased, all is identified."""
    posterior, check = study()
    tell(check)
    assert "not identified" not in posterior.verdicts().values() and posterior.edge.max() <= 0.01
    assert all(check.coverage(level).kept for level in LEVELS)
    assert check.ranks_even
    assert all(abs(mean) < 3 * error for mean, error in check.mean_errors().values())
    assert posterior.runs + check.runs < 2500


@pytest.mark.slow
def test_heavy_tails_are_a_wrong_model():
    """Truth with Student shocks of four degrees: variances vary more than normal panels show, so intervals fall short, and it
    shows."""
    _, check = study(tail=4)
    tell(check)
    assert check.coverage(0.9).high < 0.9 and not check.ranks_even


def test_a_check_holds_its_parts():
    check = Check(("a",), np.zeros((50, 1)), np.arange(50)[:, None] * 2, np.zeros((50, 1)), {0.9: np.ones((50, 1), bool)}, 99, 50)
    assert check.ranks_even and check.coverage(0.9).share == 1.0
