"""Two posteriors beside each other, by hand: distances, widths, and whose intervals are nearer their promise."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from known_simulators import normal_priors

from calibration.estimation.checks import Check
from calibration.estimation.comparison import Difference, coverages, differences


def drawn(*columns):
    """Return draws of parameters p0, p1, ..."""
    values = np.column_stack(columns)
    return SimpleNamespace(priors=normal_priors(len(columns)), mean=values.mean(axis=0), spread=values.std(axis=0))


def test_distances_are_in_posterior_standard_deviations():
    """First: mean 2, sd 1, and mean 0, sd 2. Second: mean 2.25, sd 1.2, and mean -3, sd 3."""
    first = drawn([1.0, 3.0], [-2.0, 2.0])
    second = drawn([1.05, 3.45], [-6.0, 0.0])
    one, two = differences(first, second)
    assert (one.parameter, one.difference, one.width) == ("p0", pytest.approx(0.25), pytest.approx(1.2))
    assert (two.difference, two.width) == (pytest.approx(-1.5), pytest.approx(1.5))
    assert not one.apart and two.apart


@pytest.mark.parametrize(
    ("difference", "width", "apart"),
    [(0.49, 1.0, False), (-0.5, 1.0, True), (0.0, 1.49, False), (0.0, 1.5, True), (0.0, 0.66, True), (0.0, float("nan"), True)],
)
def test_what_counts_as_apart(difference, width, apart):
    assert Difference("p", difference, width).apart is apart


def test_a_posterior_without_width_is_infinitely_far():
    (one,) = differences(drawn([1.0, 1.0]), drawn([1.0, 3.0]))
    assert one.difference == np.inf and one.apart


def checked(held, truths=None):
    """Return a check of one parameter of which these sets held the truth at 90%."""
    inside = np.asarray(held, bool)[:, None]
    truths = np.arange(len(inside), dtype=float)[:, None] if truths is None else truths
    return Check(("p0",), truths, np.zeros(inside.shape, int), np.zeros(inside.shape), {0.9: inside}, 99, 0)


def test_coverage_is_compared_set_by_set():
    """100 sets: the first holds 70, the second 90, 22 held by the second alone and 2 by the first alone."""
    first = checked([True] * 68 + [False] * 22 + [True] * 2 + [False] * 8)
    second = checked([True] * 90 + [False] * 10)
    found = coverages(first, second, 0.9)
    moved = np.concatenate([np.zeros(68), np.ones(22), -np.ones(2), np.zeros(8)])
    assert (found.first, found.second, found.difference) == pytest.approx((0.70, 0.90, 0.20))
    assert found.error == pytest.approx(moved.std(ddof=1) / 10)
    assert found.nearer == "second" and coverages(second, first, 0.9).nearer == "first"


def test_a_difference_within_its_own_error_decides_nothing():
    first, second = checked([True] * 88 + [False] * 12), checked([True] * 90 + [False] * 10)
    assert coverages(first, second, 0.9).nearer == "neither"
    assert coverages(first, first, 0.9).nearer == "neither"


def test_other_pseudo_data_are_not_compared():
    first = checked([True] * 50)
    with pytest.raises(ValueError, match="the same truths"):
        coverages(first, checked([True] * 50, first.truths + 1), 0.9)
    with pytest.raises(ValueError, match="the same truths"):
        coverages(first, checked([True] * 60), 0.9)
