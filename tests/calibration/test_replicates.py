"""Replicate weights give the errors that the textbooks' formulas give, and those that a real sample has."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.moments.replicates import collapse, covariance, replicate


def error_of(values, units, strata, method, count=4000):
    """Return the standard error of a weighted mean; each value stands in a unit, each unit in a stratum."""
    made = replicate(np.asarray(strata), method, count)
    shares = made.factors[:, units]
    rows = (shares * values).sum(axis=1) / shares.sum(axis=1)
    return float(np.sqrt(covariance(rows[:, None], np.array([values.mean()]), made)[0, 0]))


def test_jackknife_of_a_mean_is_the_textbook_error():
    """One stratum, each value its own unit: s / sqrt(n)."""
    values = np.random.default_rng(1).standard_normal(40)
    assert error_of(values, np.arange(40), np.zeros(40, int), "jackknife") == pytest.approx(values.std(ddof=1) / np.sqrt(40))


def test_bootstrap_agrees():
    values = np.random.default_rng(1).standard_normal(40)
    found = error_of(values, np.arange(40), np.zeros(40, int), "bootstrap")
    assert found == pytest.approx(values.std(ddof=1) / np.sqrt(40), rel=0.05)


@pytest.mark.parametrize("method", ["jackknife", "bootstrap"])
def test_strata_and_clusters(method):
    """Two strata with means 0 and 10, five clusters of four equal values each: only the clusters within strata count.

    The linearised error of the mean: the mean of the two strata's means, each with the variance of five cluster means over five.
    """
    rng = np.random.default_rng(2)
    means = np.concatenate([rng.standard_normal(5), 10 + rng.standard_normal(5)])
    values, units = np.repeat(means, 4), np.repeat(np.arange(10), 4)
    by_stratum = [means[:5].var(ddof=1) / 5, means[5:].var(ddof=1) / 5]
    expected = np.sqrt(sum(by_stratum) / 4)
    # the jackknife of a ratio (here of sums over counts) differs from linearisation by terms in 1/n
    assert error_of(values, units, np.repeat([0, 1], 5), method) == pytest.approx(expected, rel=0.06)


def test_errors_are_those_of_repeated_samples():
    """300 samples of 30 clusters: the mean jackknife variance is the variance of the estimates, naive errors are a third."""
    rng = np.random.default_rng(3)
    found, errors = [], []
    for _ in range(300):
        values = (np.repeat(rng.standard_normal(30), 8) + 0.5 * rng.standard_normal(240)).astype(float)
        found.append(values.mean())
        errors.append(error_of(values, np.repeat(np.arange(30), 8), np.zeros(30, int), "jackknife") ** 2)
    assert np.mean(errors) == pytest.approx(np.var(found, ddof=1), rel=0.2)


def test_lone_units_are_put_together():
    joined, count = collapse(np.array([0, 0, 1, 2, 2, 3]))
    assert count == 2 and np.unique(joined, return_counts=True)[1].min() >= 2


def test_what_cannot_be_done_is_said():
    with pytest.raises(ValueError, match="single sampling unit"):
        replicate(np.zeros(1, int))
    with pytest.raises(ValueError, match="allowed: bootstrap, jackknife"):
        replicate(np.zeros(5, int), "linear")
