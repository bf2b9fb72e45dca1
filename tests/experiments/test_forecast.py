"""Forecasts: quantiles and bands, what was known when, differences in pairs, frozen copies, charts."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pretended_forecasts import OBSERVED, made

from experiments.asof import INPUTS, holding, known, later_inputs, published, used_later
from experiments.charts.fan import draw_difference, draw_fan, draw_goal_years
from experiments.fans import BANDS, LEVELS, Forecast, Point, Series, bands, ends_too_soon, quantiles, summary_rows, year_to_extend
from experiments.frozen import Clash, freeze, frozen_in, read_frozen
from experiments.goal import GoalRow
from experiments.hindsight import Hindsight
from experiments.labels import Label
from experiments.targets import Chance
from scenarios import load, observations, observations_of
from sim.rules import month_index

DECEMBER_2022 = month_index(2022, 12)


def test_bands_hold_the_share_that_they_name():
    # 0..100: quantiles are the figures themselves
    values = np.arange(101.0)[::-1, None]
    assert [(share, low[0], high[0]) for share, low, high in bands(values)] == [
        (0.9, pytest.approx(5), pytest.approx(95)),
        (0.7, pytest.approx(15), pytest.approx(85)),
        (0.5, pytest.approx(25), pytest.approx(75)),
    ]
    for share, low, high in bands(values):
        assert ((values >= low) & (values <= high)).mean() == pytest.approx(share, abs=0.015)


@given(arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(1, 4)), elements=st.floats(-1e6, 1e6) | st.just(np.nan)))
def test_quantiles_never_fall_and_years_without_values_have_none(values):
    found = quantiles(values)
    empty = np.isnan(values).all(axis=0)
    assert np.isnan(found[:, empty]).all() and np.isfinite(found[:, ~empty]).all()
    assert (np.diff(found[:, ~empty], axis=0) >= -1e-9).all()


def test_the_levels_are_the_ends_of_the_bands():
    ends = {round(end, 6) for share in BANDS for end in ((1 - share) / 2, (1 + share) / 2)}
    assert {*ends, 0.5} == set(LEVELS)


def test_differences_are_paired_by_repetition():
    forecast = made(luck=50.0)
    # luck is far larger than the difference and the same under both
    assert forecast.difference("relapse_net", "documented") == pytest.approx(np.full((8, 5), 2.0))
    rows = [row for row in summary_rows(forecast) if row[:3] == ("relapse_net", "documented", "kept")]
    assert [row[5:12] for row in rows] == [pytest.approx((2.0,) * 7)] * 5


def test_a_source_is_as_old_as_the_last_date_that_it_names():
    assert published("Office, press conference, 2022-02-23: figures of 2021") == month_index(2022, 2)
    assert published("notice of 2024-10 on collection for 2025") == month_index(2024, 10)
    assert published("Statistical Communiqué 2023") == month_index(2023, 12)
    assert published("assumption: 500 in 2020 and 780 in 2026", years=False) is None
    assert published("4,245 yuan, recalled") is None


def test_what_is_dated_later_is_not_known():
    facts = {fact.id: fact for fact in observations()}
    then = {fact.id for fact in known(facts.values(), DECEMBER_2022)}
    # the figure of 2022 was told in February 2023
    assert "income_2021" in then and "income_2022" not in then
    assert {fact.id for fact in known(facts.values(), month_index(2023, 2))} > then
    assert set(facts) == {fact.id for fact in known(facts.values(), None)}
    assert "offfarm_share_2024" in {fact.id for fact in used_later(observations_of("nanyang"), DECEMBER_2022)}


@pytest.mark.parametrize("inputs", INPUTS)
def test_later_inputs_are_not_used_and_the_past_stays(inputs):
    scenarios = [load("nanyang", policy) for policy in ("documented", "kept")]
    later = later_inputs(scenarios, DECEMBER_2022)
    changes = holding(later, DECEMBER_2022, inputs)
    assert f"values.premium@2023-01={inputs}" in changes
    kept = {one.key for one in later if not one.held}
    assert "premium_subsidy_taper_ex_poor.share" in kept and not any(key in " ".join(changes) for key in kept)
    held, plain = load("nanyang", "documented", changes), scenarios[0]
    assert {one.key for one in later_inputs([held], DECEMBER_2022) if one.why == ""} == set()
    for name in ("premium", "farm_income", "poverty_line"):
        ours, theirs = held.rules.values[name], plain.rules.values[name]
        assert [ours.at(month) for month in range(month_index(2013), month_index(2023))] == pytest.approx(
            [theirs.at(month) for month in range(month_index(2013), month_index(2023))], abs=1
        )
        goes_on = ours.at(month_index(2025, 12)) / ours.at(DECEMBER_2022)
        assert goes_on == 1.0 if inputs == "held" else 1.0 < goes_on <= 1.1**3 + 1e-6
        assert ours.at(month_index(2025, 12)) != theirs.at(month_index(2025, 12))


def test_the_end_of_the_transition_asks_for_two_more_years():
    end = month_index(2025, 12)
    assert ends_too_soon(made(transition_end=end))
    assert not ends_too_soon(made(transition_end=month_index(2026, 12)))
    assert not ends_too_soon(made(transition_end=month_index(2023, 12)))
    assert year_to_extend(end) == 2027


def test_a_frozen_forecast_comes_back_and_is_never_written_again(tmp_path):
    import fakes

    forecast, plan = made(), fakes.plan()
    folder = freeze(forecast, plan, Hindsight(chosen_with={"values.a": ("x",)}), tmp_path)
    written = (folder / "forecast.json").read_bytes()
    assert freeze(forecast, plan, Hindsight(), tmp_path) == folder
    assert (folder / "forecast.json").read_bytes() == written
    assert json.loads(written)["hindsight"]["chosen_with"] == {"values.a": ["x"]}
    back = read_frozen(*frozen_in(tmp_path))
    assert back.points == forecast.points and back.years == forecast.years and back.repeats == forecast.repeats
    assert back.series == forecast.series and back.policies == forecast.policies and back.asof == forecast.asof
    assert all(np.array_equal(back.values[name], forecast.values[name], equal_nan=True) for name in forecast.values)
    with pytest.raises(Clash, match="other draws"):
        freeze(made(luck=3.0), plan, Hindsight(), tmp_path)


def _lines(axes):
    return [line for line in axes.get_lines() if len(line.get_xdata()) > 1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_median_is_dashed_after_the_last_observation(lang):
    figure = draw_fan(made(), "relapse_net", lang)
    solid, dashed = [line for line in _lines(figure.axes[0]) if line.get_linewidth() == 2.0]
    assert list(solid.get_xdata()) == [2021, 2022] and solid.get_linestyle() == "-"
    assert list(dashed.get_xdata()) == [2022, 2023, 2024, 2025] and dashed.get_linestyle() == "--"
    assert len(figure.axes[0].collections) == len(BANDS)


def test_without_observations_all_of_the_median_is_dashed():
    figure = draw_fan(made(points=()), "relapse_net", "en")
    (median,) = [line for line in _lines(figure.axes[0]) if line.get_linewidth() == 2.0]
    assert list(median.get_xdata()) == [2021, 2022, 2023, 2024, 2025] and median.get_linestyle() == "--"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_difference_has_a_zero_line_and_needs_two_policies(lang):
    figure = draw_difference(made(), "relapse_net", lang)
    assert any(list(line.get_ydata()) == [0, 0] for line in figure.axes[0].get_lines())
    with pytest.raises(ValueError, match="two policies"):
        draw_difference(made(policies=("kept",)), "relapse_net", lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_goal_by_year_has_a_line_for_each_threshold(lang):
    rows = tuple(
        GoalRow(policy, "", "relapse_net", bar, year, None, Chance(0.5, 0.3, 0.7, 8), "cannot tell")
        for policy in ("documented", "kept")
        for bar in (0.01, 0.02)
        for year in (2021, 2022, 0)
    )
    figure = draw_goal_years(made(goal=rows), lang)
    assert len(figure.axes) == 2
    assert len(figure.axes[0].containers) == 2


def test_what_bands_hold_is_said():
    assert "luck only" in made().contains.en and "parameter draws" not in made().contains.en
    drawn = made(draws=True).contains.en
    assert "8 parameter draws" in drawn


def test_a_point_of_june_stands_half_a_year_before_december():
    assert Point("x", "s", 2024, 6, 1.0, "China", "emergent", "exact", "").time == 2023.5
    assert isinstance(made(), Forecast) and made().one("relapse_net") == Series(
        "relapse_net", Label("返贫率", "relapse"), Label("%", "%"), 2
    )


def test_a_figure_of_the_year_before_is_drawn_where_it_can_be_seen():
    figure = draw_fan(made(points=OBSERVED[:1]), "relapse_net", "en")
    left, _ = figure.axes[0].get_xlim()
    assert left < OBSERVED[0].time < made().years[0]
    assert draw_fan(made(points=()), "relapse_net", "en").axes[0].get_xlim()[0] > 2020


def test_frozen_draws_that_were_touched_are_refused(tmp_path):
    import fakes

    folder = freeze(made(), fakes.plan(), Hindsight(), tmp_path / "a")
    other = freeze(made(luck=3.0), fakes.plan(), Hindsight(), tmp_path / "b")
    (folder / "draws.parquet").write_bytes((other / "draws.parquet").read_bytes())
    with pytest.raises(ValueError, match="is not what was frozen"):
        read_frozen(folder)
