"""The same simulated moments by an independent implementation: optimagic's estimate_msm (Python 3.12 and later)."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.estimation.incomes import PRIORS, IncomeProcess
from calibration.estimation.prior import Priors
from calibration.estimation.simulated_moments import Search, estimate_point
from calibration.estimation.simulator import seeds_of
from calibration.estimation.target import Target

optimagic = pytest.importorskip("optimagic")
estimagic = pytest.importorskip("estimagic")

TRUTH = np.array([9.0, 0.06, 0.15, 0.6, 0.12, 0.12, 0.15, 0.01])


def test_estimate_and_errors_agree():
    """Income process, eight parameters, optimal weights: estimates within a tenth of an error, errors within a tenth of
    themselves.

    Both see the same four replicates with common random numbers; the other one weights by the covariance times 1 + 1/R.
    Moments that
    count households are left out: with them the distance has ledges, and two searches stop on different ones.
    """
    simulator = IncomeProcess(households=600, villages=30, waves=10, lags=7, counted=False)
    covariance = np.cov(simulator.moments(TRUTH, seeds_of(1, 150, stream=90)).T)
    observed = simulator.moments(TRUTH, [31])[0]
    target = Target(tuple(simulator.moment_names), observed, covariance)
    ours = estimate_point(simulator, target, PRIORS, Search(seed=3))
    other = _other(simulator, observed, covariance * 1.25, seeds_of(3, 4), ours.theta, PRIORS)
    width = PRIORS.upper - PRIORS.lower
    theta, errors = PRIORS.lower + np.asarray(other.params) * width, np.asarray(other.se()) * width
    assert not ours.at_bound.any()
    assert np.abs((theta - ours.theta) / ours.errors).max() < 0.1
    assert errors == pytest.approx(ours.errors, rel=0.1)


def _other(
    simulator: IncomeProcess, observed: np.ndarray, covariance: np.ndarray, seeds: list[int], near: np.ndarray, priors: Priors
):
    """Return the other implementation's result, started away from our estimate."""
    width = priors.upper - priors.lower
    start = np.clip((near - priors.lower) / width + 0.03, 0.15, 0.85)

    def simulate(params: np.ndarray) -> np.ndarray:
        return simulator.moments(priors.lower + np.asarray(params) * width, seeds).mean(axis=0)

    return estimagic.estimate_msm(
        simulate,
        empirical_moments=observed,
        moments_cov=covariance,
        params=start,
        optimize_options="pounders",
        bounds=optimagic.Bounds(lower=np.zeros(len(width)), upper=np.ones(len(width))),
        weights="optimal",
    )
