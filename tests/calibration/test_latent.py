"""A simulated county, recorded and surveyed: the truth adds up, an exact survey shows it, and a real one does not change it."""

import numpy as np
import pandas as pd
import pytest

from calibration.made import Design, exact, make_survey, years_needed
from calibration.operators import count_income
from experiments.latent import live_county
from scenarios import load, scaled

WAVES = (2018, 2020, 2022)


@pytest.fixture(scope="module")
def truth():
    """A village before and after 2020."""
    scenario = scaled(load("nanyang", "documented"), 414)
    return live_county(scenario, years_needed(Design(WAVES)), seed=5)


def test_years_of_waves_and_those_before_are_recorded(truth):
    assert sorted(truth.households["wave"].unique()) == [2017, 2018, 2019, 2020, 2021, 2022]


def test_sources_add_up_to_gross_income(truth):
    homes = truth.households
    sources = [name for name in homes.columns if name.startswith("income_") and name != "income_total"]
    np.testing.assert_allclose(homes[sources].sum(axis=1), homes["gross"], atol=0.01)
    assert (homes["income_wage"] >= 0).all() and (homes["income_transfer"] >= 0).all()


def test_members_are_those_of_the_household(truth):
    counted = truth.persons.groupby(["household", "wave"]).size()
    sizes = truth.households.set_index(["household", "wave"])["size"]
    pd.testing.assert_series_equal(counted.sort_index().astype(float), sizes.sort_index(), check_names=False)


def test_months_of_work_and_jobs_agree(truth):
    people = truth.persons
    works = people["job"].isin(["local_wage", "migrant", "post"])
    assert people.loc[works, "works_months"].mean() > 6 * people.loc[~works, "works_months"].mean()
    assert people["works_months"].between(0, 12).all()


def test_an_exact_survey_shows_the_truth(truth):
    panel = make_survey(truth, exact(WAVES))
    homes = truth.households[truth.households["wave"].isin(WAVES)]
    assert len(panel.households) == len(homes)
    np.testing.assert_allclose(np.sort(panel.households["income_total"]), np.sort(homes["gross"]), rtol=1e-12)


def test_the_survey_operator_counts_residents_as_the_model_does(truth):
    homes = truth.households
    counted = count_income("survey", homes["gross"], homes["size"], homes["absent"], homes["kept_away"], homes["premium"])
    panel = make_survey(truth, exact(WAVES, "survey"))
    rows = homes["wave"].isin(WAVES).to_numpy() & (counted.persons > 0)
    np.testing.assert_allclose(np.sort(panel.households["income_total"]), np.sort(counted.income[rows]), rtol=1e-9, atol=0.01)


def test_a_survey_changes_no_true_state_and_its_error_widens_the_spread(truth):
    before = truth.households.copy()
    clean = make_survey(truth, exact(WAVES, "survey"))
    noisy = make_survey(truth, Design(WAVES, sampled=(1.0, 1.0, 1.0), attrition=0.0, nonresponse=0.0))
    pd.testing.assert_frame_equal(truth.households, before)

    def change(panel):
        """Variance of the change of log income between waves."""
        logs = np.log(panel.households.set_index(["household", "wave"])["income_total"].clip(lower=100.0)).unstack()
        return float(np.nanvar(np.diff(logs.to_numpy(), axis=1)))

    assert change(noisy) > change(clean)


def test_the_lost_stay_lost_and_weights_stand_for_all(truth):
    panel = make_survey(truth, Design(WAVES, attrition=0.3, sampled=(0.5, 0.5, 0.5)), seed=2)
    seen = panel.households.groupby("household")["wave"].agg(["min", "max", "count"])
    # waves are two years apart: whoever is seen first and last was never missing in between
    assert ((seen["max"] - seen["min"]) / 2 + 1 == seen["count"]).all()
    first = panel.households[panel.households["wave"] == 2018]
    true = int((truth.households["wave"] == 2018).sum())
    assert abs(first["weight"].sum() / true - 1.0) < 4.0 * np.sqrt(1.0 / true)


def test_the_same_seed_asks_the_same(truth):
    one, two = (make_survey(truth, Design(WAVES), seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(one.households, two.households)
    assert not one.households.equals(make_survey(truth, Design(WAVES), seed=5).households)


def test_years_that_cannot_be_recorded_are_refused():
    with pytest.raises(ValueError, match="2014 to 2030"):
        live_county(scaled(load("nanyang", "documented"), 414), [2012])
