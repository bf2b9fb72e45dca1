"""The naive rivals of a forecast: worked by hand, honest about few figures, calibrated on worlds that they describe."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from experiments.rivals import RIVALS, Known, Predicted, autoregression, linear_trend, persistence
from scenarios.scored import Spread

SPREAD = Spread(0.03, 2.0)


def known(*values, first=2018):
    return [Known(first + place, float(value)) for place, value in enumerate(values)]


def test_persistence_by_hand():
    # changes 3 and 4: (9 + 16 + 2 x 3.21²) / (2 + 2), three years ahead
    said = persistence(known(100, 103, 107), 2023, SPREAD)
    assert said.location == 107 and said.degrees == 4
    assert said.scale == pytest.approx(np.sqrt((9 + 16 + 2 * 3.21**2) / 4) * np.sqrt(3))


def test_a_change_over_two_years_counts_for_one_year_by_its_square():
    two = [Known(2019.0, 100.0), Known(2021.0, 104.0)]
    assert persistence(two, 2022, SPREAD).scale == pytest.approx(np.sqrt((16 / 2 + 2 * 3.12**2) / 3))


def test_one_figure_gives_persistence_alone_and_none_nothing():
    assert persistence(known(50), 2019, SPREAD) == Predicted(50.0, pytest.approx(1.5), 2.0)
    assert linear_trend(known(50), 2019, SPREAD) is None and autoregression(known(1, 2, 3), 2022, SPREAD) is None
    assert all(rival([], 2020, SPREAD) is None for _, rival in RIVALS.values())


def test_a_straight_line_goes_on():
    said = linear_trend(known(10, 12, 14, 16), 2023, SPREAD)
    assert said.location == pytest.approx(20) and said.degrees == 4
    # no residual: the guess alone, 0.48 with weight 2 of 4, times the reach of 1 + 1/4 + 3.5²/5
    assert said.scale == pytest.approx(0.48 * np.sqrt(2 / 4) * np.sqrt(1 + 1 / 4 + 3.5**2 / 5))


def test_an_alternating_series_returns_to_its_mean_and_a_trend_does_not():
    said = autoregression(known(10, 11, 10, 11, 10, 11), 2024, SPREAD)
    assert 10.3 < said.location < 10.8
    assert autoregression(known(10, 11, 12, 13, 14), 2023, SPREAD).location > 14


def test_the_spread_grows_with_the_years_ahead():
    figures = known(100, 104, 101, 107, 105)
    for _, rival in RIVALS.values():
        scales = [rival(figures, year, SPREAD).scale for year in (2023, 2024, 2026)]
        assert scales == sorted(scales) and scales[0] > 0


def test_crps_is_the_integral_of_the_squared_distance_of_distributions():
    said = Predicted(10.0, 2.0, 5.0)
    below = integrate.quad(lambda x: said.cdf(x) ** 2, -400, 12)[0]
    above = integrate.quad(lambda x: (1 - said.cdf(x)) ** 2, 12, 400)[0]
    assert said.crps(12.0) == pytest.approx(below + above, rel=1e-5)
    assert said.cdf(10.0) == pytest.approx(0.5)


@pytest.mark.parametrize(("name", "make"), [
    ("persistence", lambda random: np.cumsum(random.normal(0, 3, 9)) + 100),
    ("trend", lambda random: 100 + 2 * np.arange(9) + random.normal(0, 3, 9)),
])  # fmt: skip
def test_a_rival_is_calibrated_in_a_world_of_its_own(name, make):
    random = np.random.default_rng(5)
    pits = []
    for _ in range(400):
        values = make(random)
        pits.append(RIVALS[name][1](known(*values[:8], first=2010), 2018, SPREAD).cdf(values[8]))
    assert stats.kstest(pits, "uniform").pvalue > 0.01


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=7), st.integers(1, 8))
def test_whatever_was_known_the_answer_is_a_distribution(values, ahead):
    figures = known(*values)
    for _, rival in RIVALS.values():
        said = rival(figures, figures[-1].time + ahead, SPREAD)
        assert said is None or (np.isfinite(said.location) and said.scale > 0 and said.degrees >= 2)
