"""Terms that are drawn towards zero as far as the runs ask for, and what becomes of intervals without it."""

from __future__ import annotations

import numpy as np
import pytest
from known_simulators import Linear
from scipy import optimize

from calibration.estimation import emulator
from calibration.estimation.checks import pooled_coverage, truths_in
from calibration.estimation.design import Box
from calibration.estimation.prior import Priors, uniform
from calibration.estimation.shrinkage import shrink
from calibration.estimation.simulator import Guarded, seeds_of

GROUPS = np.array([0, 1, 2, 2, 2])


def data(slopes, rows=40, columns=3, noise=1.0):
    """Return terms with a one first, and columns that follow them with noise."""
    rng = np.random.default_rng(5)
    terms = np.column_stack([np.ones(rows), rng.uniform(-1, 1, (rows, 4))])
    return terms, terms @ slopes + noise * rng.standard_normal((rows, columns))


def test_penalties_have_the_largest_marginal_likelihood():
    """Worked out on the covariance of the observations themselves: coefficients integrated out, one intercept projected out."""
    slopes = np.outer([3.0, 1.5, 0.6, -0.4, 0.3], [1.0, -1.0, 0.5])
    terms, columns = data(slopes)
    found = shrink(terms, columns, GROUPS)
    basis = np.linalg.svd(terms[:, :1])[0][:, 1:]
    left, above = basis.T @ terms[:, 1:], basis.T @ columns

    def minus_log(logs):
        each = np.exp(-logs)[GROUPS[1:] - 1]
        total = np.eye(39) + left * each @ left.T
        return 0.5 * 3 * np.linalg.slogdet(total)[1] + 0.5 * 39 * np.linalg.slogdet(above.T @ np.linalg.solve(total, above))[1]

    best = optimize.minimize(minus_log, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-9})
    assert np.log(found.penalties[1:3]) == pytest.approx(best.x, abs=0.01)
    total = np.eye(39) + left / found.penalties[1:] @ left.T
    assert found.covariance == pytest.approx(above.T @ np.linalg.solve(total, above) / 39)
    assert found.degrees == 39 and found.penalties[0] == 0


def test_without_groups_it_is_least_squares():
    terms, columns = data(np.ones((5, 3)))
    found = shrink(terms, columns, np.zeros(5, int))
    expected, left, *_ = np.linalg.lstsq(terms, columns, rcond=None)
    assert found.coefficients == pytest.approx(expected)
    assert np.diag(found.covariance) == pytest.approx(left / 35) and found.degrees == 35


def test_a_term_that_does_nothing_vanishes_and_one_that_does_stays():
    slopes = np.zeros((5, 3))
    slopes[:2] = [[1.0, 2.0, 3.0], [5.0, -5.0, 5.0]]
    terms, columns = data(slopes, rows=400, noise=0.5)
    found = shrink(terms, columns, GROUPS)
    assert found.coefficients[:2] == pytest.approx(slopes[:2], abs=0.15)
    free = np.linalg.lstsq(terms, columns, rcond=None)[0]
    assert np.abs(found.coefficients[2:]).max() < 0.5 * np.abs(free[2:]).max()


PRIORS = Priors(tuple(uniform(f"p{place}", -1.0, 1.0) for place in range(8)))
BOX = Box(PRIORS.lower, PRIORS.upper)


def coverage(simulator, design):
    """Return the share of 90% intervals that hold truths known beforehand, exact but for 4,000 points of the prior."""
    seeds, points = seeds_of(design, 328), BOX.design(128, design)
    fitted = emulator.fit_emulator(points, Guarded(simulator).batch(points, seeds[:128]), BOX, simulator.moment_names)
    truths, tries = truths_in(BOX, PRIORS, 200, design), truths_in(BOX, PRIORS, 4000, 99)
    inside = np.empty((200, 8), bool)
    for number, (truth, row) in enumerate(zip(truths, Guarded(simulator).batch(truths, seeds[128:]), strict=True)):
        logs = emulator.Likelihood(fitted, row)(tries)
        weights = np.exp(logs - logs.max())
        below = (weights[:, None] * (tries < truth)).sum(axis=0) / weights.sum()
        inside[number] = (below > 0.05) & (below < 0.95)
    return pooled_coverage(inside, 0.9).share


@pytest.mark.slow
def test_slopes_that_are_noise_are_no_knowledge(monkeypatch):
    """Eight parameters of which two move anything, 45 terms, 128 runs: least squares takes noise for knowledge and its intervals
    fall short by more than three points; shrunk terms keep the promise. Designs 1 to 3, fixed beforehand."""
    rng = np.random.default_rng(3)
    simulator = Linear(np.hstack([rng.standard_normal((10, 2)), np.zeros((10, 6))]), np.zeros(10), np.eye(10))
    shrunk = np.mean([coverage(simulator, design) for design in (1, 2, 3)])
    monkeypatch.setattr(emulator, "groups_of", lambda size: np.zeros(1 + size + size * (size + 1) // 2, int))
    free = np.mean([coverage(simulator, design) for design in (1, 2, 3)])
    assert shrunk == pytest.approx(0.9, abs=0.012)
    assert free < 0.87
