"""Monte-Carlo error over replications."""

import numpy as np
import pytest

from experiments.intervals import estimate, student_quantile


def test_a_sample_worked_by_hand():
    # mean 3, variance 2.5, standard error sqrt(2.5 / 5); t(4) = 2.776445
    found = estimate([1, 2, 3, 4, 5])
    assert found.mean == 3
    assert found.error == pytest.approx(0.70710678)
    assert found.high - found.mean == pytest.approx(2.776445 * 0.70710678, rel=1e-6)
    assert found.low == pytest.approx(6 - found.high)
    assert found.runs == 5


def test_one_replication_has_a_mean_and_no_error():
    found = estimate([2.5])
    assert (found.mean, found.runs) == (2.5, 1)
    assert np.isnan([found.error, found.low, found.high]).all()


def test_nothing_observed():
    assert np.isnan(estimate([]).mean)
    assert estimate([np.nan]).runs == 0


def test_quantile_of_the_t_distribution():
    assert student_quantile(7) == pytest.approx(2.364624, rel=1e-6)


def test_intervals_cover_the_truth_as_often_as_they_say():
    random = np.random.default_rng(3)
    inside = [found.low <= 0 <= found.high for found in (estimate(random.normal(size=8)) for _ in range(2000))]
    assert 0.935 < np.mean(inside) < 0.965
