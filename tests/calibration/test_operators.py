"""Measurement apart from behaviour: figures worked by hand, and error that looks like transient poverty."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.luck import normals, uniforms
from calibration.operators import catastrophic, count_income, heap, misreport, recall_event, recall_income, top_code
from sim.burden import test_burden as model_burden


def test_the_same_family_under_three_definitions_of_income():
    # five members, one away: 60,000 in all, of which he kept 18,000; 1,600 of premiums, 3,200 reimbursed
    given_family = {
        "gross": 60000.0,
        "members": 5.0,
        "absent": 1.0,
        "kept_away": 18000.0,
        "premiums": 1600.0,
        "reimbursed": 3200.0,
    }
    assert count_income("registry", **given_family).per_head == 12000.0
    assert count_income("latent", **given_family).per_head == 12000.0
    # (60,000 - 18,000 - 1,600 + 3,200) / 4
    assert count_income("survey", **given_family).per_head == 10900.0


def test_a_household_without_residents_has_no_income_per_head():
    assert np.isnan(count_income("survey", 1000.0, [2.0], absent=2.0).per_head[0])


def test_an_unknown_operator_is_refused():
    with pytest.raises(ValueError, match="registry, survey, latent"):
        count_income("net", 1.0, 1.0)


def test_classical_error_keeps_mean_and_sign_and_leaves_zero_alone():
    noise = normals(7, "test", np.arange(200_000))
    reported = misreport(np.full(200_000, 1000.0), noise, 0.5)
    assert abs(reported.mean() / 1000.0 - 1.0) < 0.01
    assert abs(np.log(reported).std() - 0.5) < 0.005
    assert misreport([-800.0, 0.0, np.nan], [0.0, 1.0, 1.0], 0.5).tolist()[:2] == [-800.0 * np.exp(-0.125), 0.0]


def test_mean_reverting_error_shrinks_the_distance_from_the_centre():
    # 4,000 around 1,000 with half the log distance lost: 2,000; without error at the centre itself
    np.testing.assert_allclose(misreport([4000.0, 1000.0, 250.0], 0.0, 0.0, 0.5, 1000.0), [2000.0, 1000.0, 500.0])


@given(st.floats(-1e7, 1e7), st.floats(-5, 5))
def test_no_error_changes_nothing(amount, noise):
    assert misreport(amount, noise, 0.0) == amount


def test_survey_error_raises_measured_transient_poverty_and_changes_no_true_state():
    households, waves, line = 4000, 4, 4000.0
    ids = np.arange(households)
    lasting = 9000.0 * np.exp(0.6 * normals(3, "lasting", ids))[:, None]
    shocks = np.stack([normals(3, "shock", ids, wave) for wave in range(waves)], axis=1)
    true = lasting * np.exp(0.3 * shocks)
    before = true.copy()
    noise = np.stack([normals(3, "error", ids, wave) for wave in range(waves)], axis=1)
    measured = misreport(true, noise, 0.3)

    def transient(incomes):
        """Squared gap of the waves less that of the mean income (Jalan and Ravallion 1998)."""
        gaps = np.maximum(0.0, 1.0 - incomes / line) ** 2
        return gaps.mean() - (np.maximum(0.0, 1.0 - incomes.mean(axis=1) / line) ** 2).mean()

    assert transient(measured) > 1.5 * transient(true) > 0.0
    np.testing.assert_array_equal(true, before)


def test_remembered_income_mixes_two_years_and_knows_when_there_was_none():
    assert recall_income([10000.0, 8000.0], [6000.0, np.nan], 0.25).tolist() == [9000.0, 8000.0]


def test_events_are_forgotten_and_moved_into_the_year():
    now, before, luck = [1.0, 1.0, 0.0, 0.0, 0.0, np.nan], [0.0, 0.0, 1.0, 1.0, 0.0, 1.0], [0.05, 0.5, 0.05, 0.5, 0.05, 0.0]
    said = recall_event(now, before, luck, forgotten=0.1, telescoped=0.2)
    np.testing.assert_array_equal(said, [0.0, 1.0, 1.0, 0.0, 0.0, np.nan])


def test_top_codes_and_heaping():
    np.testing.assert_array_equal(top_code([5.0, 500.0, np.nan], 100.0), [5.0, 100.0, np.nan])
    assert heap([12345.0, 12345.0, -870.0, 0.0], [0.1, 0.9, 0.1, 0.1], share=0.5).tolist() == [10000.0, 12345.0, -900.0, 0.0]
    assert heap([12345.0], [0.1], 0.5, digits=2).tolist() == [12000.0]


def test_three_definitions_of_catastrophic_spending_differ():
    # own 4,000; consumption 20,000 with 8,000 of food, so capacity is 12,000; income 45,000
    spent = {"medical": [4000.0], "consumption": [20000.0], "food": [8000.0], "income": [45000.0]}
    assert catastrophic("capacity", **spent)[0] == 0.0  # a third
    assert catastrophic("income", **spent)[0] == 0.0  # 8.9%
    assert catastrophic("consumption", **spent)[0] == 1.0  # 20%
    assert catastrophic("consumption", **spent, bar=0.25)[0] == 0.0
    assert catastrophic("capacity", [4800.0], [20000.0], [8000.0])[0] == 1.0  # the bar itself is reached
    assert catastrophic("income", [1.0], income=[-5.0])[0] == 1.0  # any spending is too much without income
    assert np.isnan(catastrophic("income", [1.0], income=[np.nan])[0])
    with pytest.raises(ValueError, match="capacity"):
        catastrophic("capacity", [1.0])


@given(st.integers(0, 100_000), st.integers(0, 100_000), st.integers(-5_000, 90_000), st.floats(0.05, 0.9))
def test_the_definitions_are_those_of_the_model(medical, living, income, food_share):
    bits = int(model_burden(3, 100 * medical, 100 * living, 100 * income, food_share).over)
    spent = medical + living
    ours = [
        catastrophic("capacity", float(medical), float(spent), food_share * living),
        catastrophic("income", float(medical), income=float(income)),
        catastrophic("consumption", float(medical), float(spent)),
        catastrophic("consumption", float(medical), float(spent), bar=0.25),
    ]
    # amounts on a bar to the last bit may fall either way
    edges = (
        medical - 0.4 * (medical + (1 - food_share) * living),
        medical - 0.1 * income,
        medical - 0.1 * spent,
        medical - 0.25 * spent,
    )
    for place, (one, edge) in enumerate(zip(ours, edges, strict=True)):
        assert bool(one) == bool(bits >> place & 1) or abs(edge) < 1e-6


def test_luck_is_of_the_unit_and_not_of_its_neighbours():
    alone = uniforms(5, "error", [17], 2020)
    among = uniforms(5, "error", [3, 17, 99], 2020)
    assert alone[0] == among[1] and not np.isin(uniforms(5, "error", [17], 2018), among).any()
    assert not np.isin(uniforms(5, "other", [17], 2020), among).any()


def test_luck_is_uniform():
    from scipy.stats import kstest

    assert kstest(uniforms(1, "even", np.arange(20_000), 2018), "uniform").pvalue > 0.01
    pairs = np.corrcoef(uniforms(1, "even", np.arange(20_000), 2018), uniforms(1, "even", np.arange(20_000), 2020))
    assert abs(pairs[0, 1]) < 0.03
