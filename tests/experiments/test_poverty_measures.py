"""Poverty measures against cases worked by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.measures import poverty_index, shortfall, shortfall_area

# line 4000; gaps 0.5, 0.25, 0, 0; weights 1, 2, 3, 4: worked on paper
INCOMES = [2000.0, 3000.0, 4000.0, 9000.0]
WEIGHTS = [1.0, 2.0, 3.0, 4.0]
LINE = 4000.0


def test_weighted_case_by_hand():
    assert poverty_index(INCOMES, LINE, 0, WEIGHTS) == pytest.approx(3 / 10)
    assert poverty_index(INCOMES, LINE, 1, WEIGHTS) == pytest.approx((0.5 * 1 + 0.25 * 2) / 10)
    assert poverty_index(INCOMES, LINE, 2, WEIGHTS) == pytest.approx((0.25 * 1 + 0.0625 * 2) / 10)
    assert shortfall(INCOMES, LINE, WEIGHTS) == pytest.approx(2000 * 1 + 1000 * 2)


def test_unweighted_case_by_hand():
    assert poverty_index(INCOMES, LINE, 0) == pytest.approx(2 / 4)
    assert poverty_index(INCOMES, LINE, 1) == pytest.approx(0.75 / 4)
    assert poverty_index(INCOMES, LINE, 2) == pytest.approx(0.3125 / 4)


def test_nobody_is_poor_at_the_line():
    assert poverty_index([4000.0], 4000.0, 0) == 0
    assert poverty_index([3999.99], 4000.0, 0) == 1


def test_debt_counts_as_one_line_in_the_indices_and_in_full_in_money():
    assert poverty_index([-4000.0, 8000.0], 4000.0, 1) == pytest.approx(0.5)
    assert shortfall([-4000.0, 8000.0], 4000.0) == pytest.approx(8000.0)


def test_a_weight_stands_for_so_many_persons():
    assert poverty_index([1000.0, 5000.0], LINE, 2, [3.0, 1.0]) == pytest.approx(poverty_index([1000.0] * 3 + [5000.0], LINE, 2))


def test_the_area_is_the_yearly_sum_of_a_twelfth():
    months = [[3000.0, 5000.0]] * 6 + [[4000.0, 5000.0]] * 6
    assert shortfall_area(months, LINE, [2.0, 1.0]) == pytest.approx(6 * 2 * 1000 / 12)


@pytest.mark.parametrize(
    ("incomes", "line", "weights", "words"),
    [
        ([1.0], 0.0, None, "line"),
        ([1.0], math.nan, None, "line"),
        ([1.0, 2.0], 1.0, [1.0], "one weight"),
        ([1.0], 1.0, [-1.0], "negative"),
        ([1.0], 1.0, [0.0], "zero"),
        ([math.inf], 1.0, None, "finite"),
    ],
)
def test_bad_input_is_refused(incomes, line, weights, words):
    with pytest.raises(ValueError, match=words):
        poverty_index(incomes, line, 1, weights)


def test_a_negative_order_is_refused():
    with pytest.raises(ValueError, match="order"):
        poverty_index([1.0], 1.0, -1)


people = st.lists(st.floats(0, 20_000), min_size=1, max_size=30)


@given(people)
def test_higher_orders_are_smaller_for_incomes_of_zero_and_more(incomes):
    indices = [poverty_index(incomes, LINE, order) for order in range(3)]
    assert 1 >= indices[0] >= indices[1] >= indices[2] >= 0


@given(people, people)
def test_measures_add_up_over_groups(one, other):
    both = (len(one) * poverty_index(one, LINE, 1) + len(other) * poverty_index(other, LINE, 1)) / (len(one) + len(other))
    assert poverty_index(one + other, LINE, 1) == pytest.approx(both)
