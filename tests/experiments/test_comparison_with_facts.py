"""Simulated against observed: verdicts, bounds, what is judged and what is not."""

import fakes
import numpy as np
import pytest

from experiments.facts import (
    ENOUGH,
    HEADER,
    KINDS,
    SIMULATED,
    band_of,
    compare_with_facts,
    comparison_cells,
    judge,
    mean_wage,
    tolerance_of,
    wage_identity,
    wage_sums,
)
from experiments.results import read_results
from scenarios.observed import INDICATORS, Observation, observations


@pytest.fixture
def results(stored):
    return read_results(*stored)


def fact(**changes):
    given = {
        "id": "f",
        "facts": (),
        "names": {"zh": "名", "en": "name"},
        "year": 2021,
        "unit": "share",
        "place": "China",
    }
    given |= {"tag": "emergent", "indicator": "workers_per_person", "source": "a bulletin", "confidence": "source seen"}
    return Observation(**{**given, "value": 0.4, **changes})


def compare(results, **changes):
    (line,) = compare_with_facts(results, [fact(**changes)])
    return line


def test_a_figure_within_the_tolerance_agrees(results):
    # the pretended model has 0.4 workers a person in every replication: a tenth of a share, at most three points
    assert compare(results).verdict == "agrees"
    assert compare(results, value=0.38).verdict == "agrees"
    missed = compare(results, value=0.45)
    assert missed.verdict == "differs"
    assert missed.miss == pytest.approx(0.4 / 0.45 - 1)
    assert missed.tolerance == pytest.approx((0.42, 0.48))


def test_a_bound_is_missed_only_from_its_wrong_side(results):
    assert compare(results, value=0.2, bound="at_least").verdict == "agrees"
    assert compare(results, value=0.8, bound="at_least").verdict == "differs"
    assert compare(results, value=0.8, bound="at_most").verdict == "agrees"
    assert compare(results, value=0.2, bound="at_most").verdict == "differs"


def test_what_is_not_comparable_is_listed_and_not_judged(results):
    line = compare(results, tag="not_comparable", value=9.0)
    assert np.isnan(line.miss)
    assert line.verdict == "not judged"
    assert line.simulated.mean == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("changes", "width"),
    [
        ({"unit": "yuan/person/year", "indicator": "income_gross_pc", "value": 12_000.0}, 1_200.0),
        (
            {"unit": "yuan/person/year", "indicator": "income_gross_pc", "value": 12_000.0, "confidence": "recalled, unverified"},
            3_000,
        ),
        ({"value": 0.99}, 0.03),
        ({"value": 0.1}, 0.01),
        ({"value": 16.9, "unit": "%", "indicator": "income_growth"}, 2.0),
    ],
)
def test_tolerances(changes, width):
    low, high = tolerance_of(fact(**changes))
    assert (low, high) == pytest.approx((changes["value"] - width, changes["value"] + width))


@pytest.mark.parametrize(
    ("band", "verdict"),
    [
        ((0.95, 1.05), "agrees"),
        ((1.11, 1.3), "differs"),
        ((0.2, 0.89), "differs"),
        ((0.85, 1.0), "cannot tell"),
        ((0.5, 2.0), "cannot tell"),
        ((np.nan, np.nan), "cannot tell"),
    ],
)
def test_the_verdict_by_hand(band, verdict):
    """All of the band within, none of it within, or neither: a band that is wide says nothing, however well it is centred."""
    assert judge(band, (0.9, 1.1)) == verdict


def test_the_band_of_few_is_that_of_one_more():
    # mean 11, deviation 1, t at 95% with two degrees 2.920: 11 -+ 2.920 * sqrt(4/3)
    assert band_of(np.array([10.0, 11.0, 12.0])) == pytest.approx((11 - 3.3717, 11 + 3.3717), abs=1e-3)
    # what never is below zero has no band there
    assert band_of(np.array([0.0, 4.0]))[0] == 0.0
    assert np.isnan(band_of(np.array([5.0]))).all()
    assert band_of(np.arange(float(ENOUGH + 1))) == pytest.approx((0.05 * ENOUGH, 0.95 * ENOUGH))


def test_the_band_of_few_covers_one_more_nine_times_in_ten():
    random = np.random.default_rng(20261122)
    inside = 0
    for _ in range(2_000):
        draws = random.normal(3.0, 2.0, 7)
        low, high = band_of(np.concatenate((draws[:6], [np.nan])))
        inside += low <= draws[6] <= high
    # 1,800 expected, standard deviation 13.4; none of the draws reaches the floor at zero unless all are above it
    assert abs(inside - 1_800) < 45


def test_figures_in_sample_are_told_apart(results):
    chosen = compare(results, used_for=("values.wants_work_men",))
    assert (chosen.sample, chosen.kind) == ("in", "fitted")
    assert (compare(results).sample, compare(results).kind) == ("out", "emergent")
    managed = compare(results, tag="administrative_target", used_for=("values.exit_line",))
    assert (managed.sample, managed.kind) == ("in", "administrative_target")


def test_years_outside_the_run_are_left_out(results):
    assert compare_with_facts(results, [fact(year=2012), fact(year=2026)]) == []


def test_the_lived_past_is_compared_too(results):
    assert compare(results, year=2018).verdict == "agrees"


def test_the_documented_policy_is_the_factual_one(results):
    line = compare(results, indicator="enrolment_rate", year=2024, value=0.97)
    assert line.miss == pytest.approx(0, abs=1e-9)


def test_gross_income_counts_every_source(results):
    line = compare(results, indicator="income_gross_pc", unit="yuan/person/year", value=1.0)
    assert line.simulated.mean == pytest.approx(12 * (0.28 * 2700 + 200), rel=1e-6)


def test_every_indicator_of_the_shipped_figures_is_simulated(results):
    assert set(INDICATORS) <= set(SIMULATED)
    lines = compare_with_facts(results, observations())
    # the pretended model has no hospital bills, the only figure that is a value itself
    assert {line.kind for line in lines} == set(KINDS) - {"identity", "input"}
    assert [line.kind for line in lines] == sorted((line.kind for line in lines), key=KINDS.index)
    assert all(len(comparison_cells(line)) == len(HEADER) for line in lines)


def test_the_wage_identity_by_hand(results):
    # wage of the parameters: 0.4 away at 4000, 0.6 here at 2800, times exp(-0.2 + 0.3**2 / 2)
    wage = (0.4 * 4000 + 0.6 * 2800) * np.exp(-0.155)
    assert mean_wage(fakes.rules(), 2022) == pytest.approx(wage)
    line = wage_identity(results, wage_sums(results, fakes.rules(), 2022), 2022)
    assert line.simulated.mean == pytest.approx(0.28 * 12 * wage)
    assert line.observed == pytest.approx(0.28 * 12 * 2700)
    assert line.verdict == "agrees"


TOTAL = {"unit": "million persons", "indicator": "workers_total", "value": 0.0012}


def test_totals_compare_only_with_a_run_of_their_place(results, engine, tmp_path):
    from experiments.runner import run_plan
    from experiments.store import Store

    # a county says nothing of the country's total
    assert compare_with_facts(results, [fact(**TOTAL)]) == []
    assert compare_with_facts(results, [fact(**TOTAL, tag="not_comparable")]) == []
    plan, store = fakes.weighted_plan(), Store(tmp_path / "weighted")
    run_plan(plan, store)
    whole = read_results(plan, store)
    # 0.4 workers for each of 3,000 persons, 107 times
    assert compare(whole, **TOTAL).simulated.mean == pytest.approx(107 * 1200 / 1e6)
    assert compare_with_facts(whole, [fact(**TOTAL, place="Henan")]) == []


def test_a_stock_is_compared_in_its_own_month(results):
    cleared = {"indicator": "cleared_share", "value": 0.5, "year": 2022}
    # 30 cleared of 50 + month % 100 identified
    for month in (6, 12):
        line = compare(results, **cleared, month=month)
        assert line.simulated.mean == pytest.approx(30 / (50 + (2022 * 12 + month - 1) % 100))


def test_growth_is_that_of_income_per_head(results):
    line = compare(results, indicator="income_growth", unit="%", value=10.0)
    assert line.simulated.mean == pytest.approx(0.0)


def test_only_stocks_have_a_month_of_their_own():
    stocks = ("total", "share", "identified_in_year", "since_2021")
    for one in observations():
        assert one.month == 12 or one.indicator.endswith(stocks), one.id
