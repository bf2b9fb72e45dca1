"""Quantiles of priors: the middle 95% is what the file says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments.quantiles import prior_quantile
from scenarios.prior import Prior, read_priors

PRIORS = read_priors()


@pytest.mark.parametrize("prior", PRIORS.values(), ids=PRIORS)
def test_middle_95_per_cent(prior):
    """The middle 95% is what the file says; a beta keeps its mean and the width."""
    low, high = prior_quantile(prior, 0.025), prior_quantile(prior, 0.975)
    if prior.shape == "uniform":
        assert (prior_quantile(prior, 0), prior_quantile(prior, 1)) == pytest.approx((prior.low, prior.high))
    elif prior.shape == "beta":
        assert high - low == pytest.approx(prior.high - prior.low, abs=1e-6)
        grid = (np.arange(4000) + 0.5) / 4000
        assert np.mean([prior_quantile(prior, u) for u in grid]) == pytest.approx(prior.mean, abs=1e-3)
    else:
        assert (low, high) == pytest.approx((prior.low, prior.high))


def test_quantiles_are_those_of_scipy():
    assert prior_quantile(Prior("k", "normal", -1.0, 3.0), 0.3) == pytest.approx(
        stats.norm(1, 4 / (2 * 1.959963984540054)).ppf(0.3)
    )
    log = (np.log(8) - np.log(2)) / (2 * 1.959963984540054)
    assert prior_quantile(Prior("k", "lognormal", 2.0, 8.0), 0.9) == pytest.approx(stats.lognorm(log, scale=4).ppf(0.9))


@given(st.sampled_from(sorted(PRIORS)), st.floats(1e-6, 1 - 1e-6), st.floats(1e-6, 1 - 1e-6))
def test_quantiles_grow(key, one, two):
    low, high = sorted((one, two))
    assert prior_quantile(PRIORS[key], low) <= prior_quantile(PRIORS[key], high)
