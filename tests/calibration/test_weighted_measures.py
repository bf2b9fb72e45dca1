"""Weighted indices against figures worked by hand and printed examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from calibration.moments.weighted import fifth_shares, fifths, gini, lorenz, quantile, sen_index, watts_index
from experiments.measures import poverty_index

LINE = 125.0
COUNTRY_C = [100.0, 110.0, 150.0, 160.0]
"""Four persons of the worked example in Haughton and Khandker (2009), Handbook on Poverty and Inequality, World Bank, ch. 4."""

INCOMES = arrays(np.float64, st.integers(3, 30), elements=st.floats(1.0, 1e5))


def test_indices_of_four_persons():
    """Gaps 25 and 15 of 125: .2 and .12, so gap .32/4 = .08 as the handbook prints, squared gap (.04 + .0144)/4."""
    assert poverty_index(COUNTRY_C, LINE, 0) == 0.5
    assert poverty_index(COUNTRY_C, LINE, 1) == pytest.approx(0.08)
    assert poverty_index(COUNTRY_C, LINE, 2) == pytest.approx(0.0136)
    assert watts_index(COUNTRY_C, LINE) == pytest.approx((np.log(1.25) + np.log(125 / 110)) / 4)


def test_sen_of_four_persons():
    """H = .5, I = .16, Gini of (100, 110) = 10/(2*210) = 1/42: .5 (.16 + .84/42) = .09."""
    assert gini([100.0, 110.0]) == pytest.approx(1 / 42)
    assert sen_index(COUNTRY_C, LINE) == pytest.approx(0.09)


def test_sen_at_its_ends():
    assert sen_index([200.0, 300.0], LINE) == 0.0
    assert sen_index([0.0, 0.0, 300.0, 300.0], LINE) == 0.5
    # all poor alike: the headcount times the gap
    assert sen_index([100.0, 100.0, 300.0], LINE) == pytest.approx(poverty_index([100.0, 100.0, 300.0], LINE, 1))


def test_gini_by_hand():
    """Of (1, 2, 3, 4): sum over pairs of differences 20 (both ways) / (2 n^2 mean) = 20/80."""
    assert gini([4.0, 1.0, 3.0, 2.0]) == pytest.approx(0.25)
    assert gini([5.0] * 7) == pytest.approx(0.0)
    assert gini([0.0, 0.0, 0.0, 9.0]) == pytest.approx(0.75)


def test_lorenz_and_fifths_by_hand():
    persons, held = lorenz([3.0, 1.0], [1.0, 3.0])
    assert persons.tolist() == [0.0, 0.75, 1.0] and held.tolist() == [0.0, 0.5, 1.0]
    assert fifth_shares(np.arange(1.0, 11.0)).tolist() == pytest.approx([3 / 55, 7 / 55, 11 / 55, 15 / 55, 19 / 55])
    assert fifths([5.0, 1.0, 4.0, 2.0, 3.0]).tolist() == [4, 0, 3, 1, 2]


def test_quantile_by_hand():
    """Weights 1, 1, 2: a half of the weight lies at or below 20."""
    assert quantile([30.0, 10.0, 20.0], [0.25, 0.5, 0.51, 1.0], [2.0, 1.0, 1.0]).tolist() == [10.0, 20.0, 30.0, 30.0]


@given(INCOMES, st.data())
def test_weights_are_counts(values, data):
    """A weight of three is the same as three rows."""
    counts = data.draw(arrays(np.int64, len(values), elements=st.integers(1, 4)))
    rows = np.repeat(values, counts)
    line = float(np.median(values)) + 1
    assert gini(values, counts) == pytest.approx(gini(rows), abs=1e-9)
    assert sen_index(values, line, counts) == pytest.approx(sen_index(rows, line), abs=1e-9)
    assert watts_index(values, line, counts) == pytest.approx(watts_index(rows, line), abs=1e-9)
    assert quantile(values, 0.4, counts) == quantile(rows, 0.4)


@given(INCOMES, st.floats(0.1, 50.0))
def test_relative_indices_know_no_unit(values, factor):
    assert gini(values * factor) == pytest.approx(gini(values), abs=1e-9)
    assert sen_index(values * factor, 100 * factor) == pytest.approx(sen_index(values, 100), abs=1e-9)


@given(INCOMES, st.data())
def test_fifths_hold_equal_weight(values, data):
    """No group is more than one row away from its share."""
    weights = data.draw(arrays(np.float64, len(values), elements=st.floats(0.1, 3.0)))
    group = fifths(values, weights)
    sums = np.bincount(group, weights, minlength=5)
    assert np.abs(sums - weights.sum() / 5).max() <= weights.max() + 1e-9
    order = np.argsort(values, kind="stable")
    assert (np.diff(group[order]) >= 0).all()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: gini([-5.0, 1.0]), "above zero"),
        (lambda: watts_index([0.0, 200.0], LINE), "1 incomes of zero or less"),
        (lambda: gini([1.0, np.nan]), "finite"),
        (lambda: gini([1.0, 2.0], [1.0, -1.0]), "negative"),
        (lambda: gini([1.0, 2.0], [1.0]), "one weight for each"),
    ],
)
def test_what_has_no_index_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()
