"""How default values are set from published figures."""

import numpy as np
import pytest

from fangpin.defaults import BEFORE, CHANGES, DEFAULTS, FIGURES, TOLD_BY, fit_as_of, gauss_newton
from fangpin.validating import prepare_validation
from scenarios import observations
from sim.rules import month_index


def test_the_step_solves_what_answers_in_proportion():
    # three figures, two values: figures = 10, 20, 30 + (2, 0, 1) a + (0, -4, 1) b
    answers = np.array([[2.0, 0.0, 1.0], [0.0, -4.0, 1.0]])
    base, width = np.array([10.0, 20.0, 30.0]), np.array([1.0, 2.0, 3.0])
    truth = np.array([1.5, -0.5])
    found = gauss_newton(base, base + answers, base + truth @ answers, width)
    assert found.step == pytest.approx(truth)
    assert found.after == pytest.approx(0.0, abs=1e-18)
    # misses 3, 2, 1 over 1, 2, 3
    assert found.before == pytest.approx(9 + 1 + 1 / 9)


def test_errors_are_those_of_weighted_least_squares():
    # one value, two figures that answer by 1 and 2 tolerances: variance 1 / (1 + 4)
    found = gauss_newton(np.array([0.0, 0.0]), np.array([[3.0, 1.0]]), np.array([3.0, 1.0]), np.array([3.0, 0.5]))
    assert found.step == pytest.approx([1.0])
    assert found.error == pytest.approx([np.sqrt(1 / 5)])


def test_what_no_figure_tells_takes_no_step():
    base = np.array([1.0, 1.0])
    found = gauss_newton(base, np.array([[2.0, 1.0], [1.0, 1.0]]), np.array([2.0, 1.0]), np.array([1.0, 1.0]))
    assert found.step == pytest.approx([1.0, 0.0])
    assert found.singular[-1] == pytest.approx(0.0)


def test_figures_are_in_sample_and_changes_are_understood():
    known = {one.id: one for one in observations()}
    assert all(known[name].used_for for name in FIGURES)
    words = [word for word in DEFAULTS if not word.startswith("place=")]
    for changes in CHANGES.values():
        _, plan, problems = prepare_validation([*words, "place=nanyang", *changes])
        assert problems == [] and plan is not None


def test_as_of_a_month_only_what_was_told_by_then_is_fitted():
    everything, then = fit_as_of(None), fit_as_of(month_index(2022, 12))
    assert everything.figures == FIGURES and everything.values == tuple(CHANGES) and everything.before == ()
    assert "income_2021" in then.figures and "income_2022" not in then.figures
    assert "values.seen_ratio" not in then.values and then.before == BEFORE["values.seen_ratio"]
    # runs with other values put back lie in a folder of their own
    assert then.folder != everything.folder
    assert fit_as_of(month_index(2020, 1)).values == ()


def test_every_value_has_figures_that_tell_it_and_a_way_back():
    assert set(TOLD_BY) == set(BEFORE) == set(CHANGES)
    assert {name for names in TOLD_BY.values() for name in names} == set(FIGURES)
