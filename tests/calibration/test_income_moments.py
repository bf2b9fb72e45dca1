"""Moments of income dynamics, spells and chronic poverty on arrays that can be worked by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from calibration.moments.chronic import gap_components, poverty_components, spell_shares
from calibration.moments.income import (
    autocovariance,
    autocovariance_steps,
    change_covariance,
    demeaned,
    log_income,
    mean_change,
    mobility,
    shared_covariance,
)
from calibration.moments.spells import durations, entry_rate, exit_hazards, exit_rate, return_hazards

NAN = np.nan


def ones(values):
    return np.ones(np.shape(values))


def test_autocovariances_by_hand():
    """Two households, three waves: products (1*2 + 2*0 + 1*1 + 1*0)/4 at lag 1; a gap takes its pair out."""
    left = np.array([[1.0, 2.0, 0.0], [1.0, 1.0, 0.0]])
    assert autocovariance(left, ones(left), 1) == (pytest.approx(0.75), 4)
    left[1, 1] = NAN
    assert autocovariance(left, ones(left), 1) == (pytest.approx(1.0), 2)
    assert autocovariance(left, ones(left), 2) == (0.0, 2)
    assert np.isnan(autocovariance(left, ones(left), 3)[0])


def test_weights_of_the_earlier_wave_count():
    left = np.array([[1.0, 1.0], [2.0, 2.0]])
    assert autocovariance(left, np.array([[3.0, 9.0], [1.0, 9.0]]), 1)[0] == pytest.approx((3 * 1 + 4) / 4)


def test_steps_add_up():
    left = np.random.default_rng(3).standard_normal((50, 6)).cumsum(axis=1)
    steps = autocovariance_steps(left, ones(left), 4)
    assert steps.sum() == pytest.approx(autocovariance(left, ones(left), 0)[0])
    assert steps[1:].sum() == pytest.approx(autocovariance(left, ones(left), 1)[0])


def test_white_noise_changes():
    """Changes of white noise: variance 2, neighbours -1, then 0."""
    left = np.random.default_rng(4).standard_normal((20_000, 6))
    found = [change_covariance(left, ones(left), lag)[0] for lag in range(3)]
    assert found == pytest.approx([2.0, -1.0, 0.0], abs=0.03)


def test_logs_have_a_floor():
    """Half the median of a wave stays, below 2% of it and losses go; who was not seen is neither."""
    incomes = np.array([[100.0], [0.9], [-5.0], [50.0], [NAN], [100.0], [100.0]])
    logs, low = log_income(incomes, ones(incomes))
    assert low.ravel().tolist()[:4] == [0.0, 1.0, 1.0, 0.0] and np.isnan(low[4, 0])
    assert np.isnan(logs[1, 0]) and logs[3, 0] == pytest.approx(np.log(50))
    assert np.nanmean(demeaned(logs, ones(logs))) == pytest.approx(0.0)


def test_growth_is_by_year():
    logs = np.array([[1.0, 1.2, 1.5], [1.0, 1.2, NAN]])
    assert mean_change(logs, ones(logs), np.array([2010.0, 2012.0, 2013.0])) == (pytest.approx((0.1 + 0.1 + 0.3) / 3), 3)


def test_shared_changes_are_those_of_all_pairs():
    """Equal to the mean over pairs of the same group, written out."""
    rng = np.random.default_rng(5)
    changes, weights, groups = rng.standard_normal((9, 2)), rng.uniform(0.5, 2, (9, 2)), np.array([1, 1, 1, 2, 2, 2, 2, 3, 3])
    changes[2, 1] = NAN
    top = bottom = 0.0
    for wave, (i, j) in itertools.product(range(2), itertools.permutations(range(9), 2)):
        if groups[i] == groups[j] and np.isfinite(changes[[i, j], wave]).all():
            share = weights[i, wave] * weights[j, wave]
            top, bottom = top + share * changes[i, wave] * changes[j, wave], bottom + share
    assert shared_covariance(changes, weights, groups)[0] == pytest.approx(top / bottom)


def test_mobility_of_a_swap():
    """Five households of one fifth each; the two lowest change places."""
    table, seen = mobility(np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0], [4.0, 4.0], [5.0, 5.0]]), np.ones((5, 2)))
    assert seen == 5 and table[0, 1] == table[1, 0] == table[2, 2] == 1.0 and table.sum() == 5.0


POOR = np.array([[1, 1, 0, 0, 1], [0, 1, 0, 1, 1], [0, 0, 1, 1, 1], [0, 0, 0, NAN, 0]])
"""Household 1 begins poor: its first spell has no known length, its time out of poverty has."""


def test_durations_begin_with_what_was_seen():
    expected = [[NAN, NAN, 1, 2, 1], [NAN, 1, 1, 1, 2], [NAN, NAN, 1, 2, 3], [NAN] * 5]
    np.testing.assert_array_equal(durations(POOR), expected)


def test_hazards_by_hand():
    """Entries: households 1 (wave 4), 2 (waves 1, 3), 3 (wave 2) of 2 + 2 + 2 + 2 at risk; exits: 1 and 2 once each of 2+2+2."""
    weights = ones(POOR)
    assert entry_rate(POOR, weights) == (pytest.approx(4 / 8), 8)
    assert exit_rate(POOR, weights) == (pytest.approx(2 / 6), 6)
    assert exit_hazards(POOR, weights, 2) == [(pytest.approx(1 / 3), 3), (0.0, 1)]
    assert return_hazards(POOR, weights, 2) == [(pytest.approx(1 / 2), 2), (1.0, 1)]


def test_fixed_states_have_flat_hazards():
    """Independent waves: hazards by duration are all the same, whatever the duration."""
    poor = (np.random.default_rng(6).random((40_000, 8)) < 0.3).astype(float)
    assert [rate for rate, _ in exit_hazards(poor, ones(poor), 3)] == pytest.approx([0.7] * 3, abs=0.02)
    assert [rate for rate, _ in return_hazards(poor, ones(poor), 3)] == pytest.approx([0.3] * 3, abs=0.02)


def test_components_by_hand():
    """Incomes .5 and 1.5 of the line in turn: mean 1 is not poor, so all of (.25 + 0)/2 is transient; one always at .5 is
    chronic."""
    swings, always = np.array([[50.0, 150.0]]), np.array([[50.0, 50.0]])
    lines = np.array([100.0, 100.0])
    assert poverty_components(swings, lines, np.ones(1)) == (0.125, 0.0, 0.125, 1)
    assert poverty_components(always, lines, np.ones(1)) == (0.25, 0.25, 0.0, 1)
    both = poverty_components(np.vstack([swings, always]), lines, np.array([3.0, 1.0]))
    assert both.total == pytest.approx((3 * 0.125 + 0.25) / 4) and both.transient_share == pytest.approx(0.375 / 0.625)


def test_lines_that_move_are_no_mobility():
    assert poverty_components(np.array([[50.0, 100.0]]), np.array([100.0, 200.0]), np.ones(1)).transient == 0.0


def test_gap_components_by_hand():
    """Gaps .5, .5 and 0, .4: squares mean .165 in all; the second household's power mean is the root of .08, its mean .2."""
    incomes, lines = np.array([[50.0, 50.0], [100.0, 60.0]]), np.array([100.0, 100.0])
    found = gap_components(incomes, lines, np.ones(2))
    assert found.total == pytest.approx(0.165**0.5) and found.households == 2
    assert found.transient == pytest.approx((0.08**0.5 - 0.2) / 2) and found.chronic == pytest.approx(
        found.total - found.transient
    )
    steady = gap_components(incomes[:1], lines, np.ones(1))
    assert steady.transient == pytest.approx(0.0) and steady.chronic == pytest.approx(0.5)
    weighted = gap_components(incomes, lines, np.array([3.0, 1.0]))
    assert weighted.total == pytest.approx(((3 * 0.25 + 0.08) / 4) ** 0.5)
    assert np.isnan(gap_components(incomes, lines, np.zeros(2)).total)


def test_spell_shares_by_hand():
    """Household 4 has a gap: it counts nowhere."""
    shares = spell_shares(np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 0.0], [NAN, 1.0]]), np.array([2.0, 1.0, 1.0, 5.0]))
    assert shares == (0.25, 0.25, 0.5, 3) and shares.transient_share == pytest.approx(1 / 3)


def test_measurement_error_is_transient_poverty():
    """Error in the answers raises transient poverty by both methods and leaves the truth as it is."""
    rng = np.random.default_rng(7)
    true = np.exp(0.5 * rng.standard_normal((4000, 1)) + 0.05 * rng.standard_normal((4000, 5)))
    told = true * np.exp(0.4 * rng.standard_normal(true.shape))
    lines, weights = np.full(5, 0.7), np.ones(4000)
    before, after = (poverty_components(values, lines, weights) for values in (true, told))
    assert after.transient > 5 * before.transient
    spells = [spell_shares((values < 0.7).astype(float), weights) for values in (true, told)]
    assert spells[1].transient_share > spells[0].transient_share + 0.2
