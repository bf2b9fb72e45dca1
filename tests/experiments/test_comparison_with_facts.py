"""Simulated against observed: verdicts, bounds, what is judged and what is not."""

import fakes
import numpy as np
import pytest

from experiments.facts import SIMULATED, compare_with_facts, comparison_cells, mean_wage, verdict, wage_identity, wage_sums
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


def test_a_figure_within_ten_per_cent_agrees(results):
    # the pretended model has 0.4 workers a person
    assert compare(results).agrees is True
    assert compare(results, value=0.37).agrees is True
    missed = compare(results, value=0.5)
    assert missed.agrees is False
    assert missed.miss == pytest.approx(-0.2)
    assert verdict(missed) == "misses"


def test_a_bound_is_missed_only_from_its_wrong_side(results):
    assert compare(results, value=0.2, bound="at_least").agrees is True
    assert compare(results, value=0.8, bound="at_least").agrees is False
    assert compare(results, value=0.8, bound="at_most").agrees is True
    assert compare(results, value=0.2, bound="at_most").agrees is False


def test_what_is_not_comparable_is_listed_and_not_judged(results):
    line = compare(results, tag="not_comparable", value=9.0)
    assert line.agrees is None
    assert verdict(line) == "not judged"
    assert line.simulated.mean == pytest.approx(0.4)


def test_years_outside_the_run_are_left_out(results):
    assert compare_with_facts(results, [fact(year=2012), fact(year=2026)]) == []


def test_the_lived_past_is_compared_too(results):
    assert compare(results, year=2018).agrees is True


def test_the_documented_policy_is_the_factual_one(results):
    line = compare(results, indicator="enrolment_rate", year=2024, value=0.97)
    assert line.miss == pytest.approx(0, abs=1e-9)


def test_gross_income_counts_every_source(results):
    line = compare(results, indicator="income_gross_pc", unit="yuan/person/year", value=1.0)
    assert line.simulated.mean == pytest.approx(12 * (0.28 * 2700 + 200), rel=1e-6)


def test_every_indicator_of_the_shipped_figures_is_simulated(results):
    assert set(INDICATORS) <= set(SIMULATED)
    lines = compare_with_facts(results, observations())
    assert {line.tag for line in lines} == {"input", "emergent", "administrative_target", "not_comparable"}
    assert [line.tag for line in lines] == sorted((line.tag for line in lines), key=TAG_ORDER.index)
    assert all(len(comparison_cells(line)) == 12 for line in lines)


TAG_ORDER = ["input", "emergent", "administrative_target", "not_comparable"]


def test_the_wage_identity_by_hand(results):
    # wage of the parameters: 0.4 away at 4000, 0.6 here at 2800, times exp(-0.2 + 0.3**2 / 2)
    wage = (0.4 * 4000 + 0.6 * 2800) * np.exp(-0.155)
    assert mean_wage(fakes.rules(), 2022) == pytest.approx(wage)
    line = wage_identity(results, wage_sums(results, fakes.rules(), 2022), 2022)
    assert line.simulated.mean == pytest.approx(0.28 * 12 * wage)
    assert line.observed == pytest.approx(0.28 * 12 * 2700)
    assert line.agrees is True


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
    stocks = ("total", "share", "identified_in_year")
    for one in observations():
        assert one.month == 12 or one.indicator.endswith(stocks), one.id
