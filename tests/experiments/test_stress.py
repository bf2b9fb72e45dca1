"""Reverse stress test: paths of shocks, and the search for the mildest that breaks a goal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.chances import chance_of
from experiments.stress import BROKEN, FOUND, HEADER, UNBROKEN, Shock, Trial, answer_of, reverse, trial_cells

COURSE = np.array([2.0, 2.0, 4.0, 4.0])


def shock(moved: list[float], low: float = 0.0, high: float = 10.0) -> Shock:
    return Shock("values.x", "ratio", COURSE, np.array(moved), low, high)


def months(k: int) -> str:
    return f"2021-{k + 1:02d}"


def test_a_path_moves_in_proportion():
    half_again = shock([2.0, 3.0, 6.0, 4.0])
    assert half_again.path(0).tolist() == COURSE.tolist()
    assert half_again.path(2).tolist() == [2.0, 4.0, 8.0, 4.0]


def test_changes_are_written_where_the_path_turns_from_its_course():
    assert shock([2.0, 3.0, 6.0, 4.0]).changes(1, months) == (
        "values.x@2021-02=3.0",
        "values.x@2021-03=6.0",
        "values.x@2021-04=4.0",
    )
    assert shock([1.0, 1.0, 2.0, 2.0]).changes(0.5, months) == ("values.x@2021-01=1.5", "values.x@2021-03=3.0")
    assert shock([1.0, 1.0, 2.0, 2.0]).changes(0, months) == ()


def test_the_range_bounds_the_size():
    assert shock([2.0, 3.0, 6.0, 4.0]).largest() == 3
    assert shock([1.0, 1.0, 2.0, 2.0]).largest() == 2
    assert shock([1.0, 1.0, 2.0, 2.0], low=1.0).largest() == 1
    assert shock(COURSE.tolist()).largest() == np.inf


def trial(size: float, times: int, runs: int = 20) -> Trial:
    chance = chance_of(np.array([1.0] * times + [0.0] * (runs - times)))
    assert chance is not None
    return Trial(size, chance, 0.02)


@given(critical=st.floats(0.01, 1.99))
def test_the_bracket_holds_the_critical_size(critical):
    tried: list[float] = []

    def evaluate(number: int, sizes: Sequence[float]) -> list[Trial]:
        assert number == 1 or len(sizes) == 3
        tried.extend(sizes)
        return [trial(size, 20 if size < critical else 0) for size in sizes]

    answer = reverse(evaluate, upto=2.0, wanted=0.5, tolerance=0.05)
    assert answer.outcome == FOUND
    assert answer.below < critical <= answer.above
    assert answer.above - answer.below <= 0.05 * 2 + 1e-9
    assert len(tried) == len(set(tried)) <= 5 + 3 * 3
    assert (answer.surely_holds, answer.surely_breaks) == (answer.below, answer.above)
    assert not answer.returns


def test_a_goal_that_nothing_breaks_and_one_that_is_broken():
    calls: list[int] = []

    def always(times: int) -> object:
        def evaluate(number: int, sizes: Sequence[float]) -> list[Trial]:
            calls.append(number)
            return [trial(size, times) for size in sizes]

        return evaluate

    unbroken = reverse(always(20), 2.0, 0.5, 0.05)  # type: ignore[arg-type]
    assert unbroken.outcome == UNBROKEN
    assert np.isnan(unbroken.above)
    assert reverse(always(0), 2.0, 0.5, 0.05).outcome == BROKEN  # type: ignore[arg-type]
    assert calls == [1, 1]


def test_what_intervals_leave_open_is_said():
    trials = [trial(0, 20), trial(0.5, 12), trial(1, 8), trial(1.5, 0), trial(2, 13)]
    answer = answer_of(trials, 0.5)
    assert (answer.below, answer.above) == (0.5, 1)
    assert (answer.surely_holds, answer.surely_breaks) == (0, 1.5)
    assert answer.returns
    assert [one.verdict(0.5) for one in answer.trials] == ["holds", "cannot tell", "cannot tell", "breaks", "cannot tell"]
    assert len(trial_cells(trials[0], 0.5)) == len(HEADER)
    assert trials[1].chance.share == pytest.approx(0.6)
