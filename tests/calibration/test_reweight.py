"""Weights moved to a place's totals: against iterative proportional fitting by hand, within bounds, and honest where it fails."""

import numpy as np
import pandas as pd
import pytest

from calibration.panel import Meta, make_panel
from calibration.problems import SurveyError
from calibration.reweight import Marginal, reweight, synthetic_households


def panel(households=400):
    number = np.arange(households)
    rows = pd.DataFrame({"household": number, "wave": 2020, "weight": 1.0 + number % 3, "size": 1 + (number * 7) % 5})
    rows = rows.assign(dibao=((number % 4 == 0) & (number % 5 < 3)).astype(float), income_total=9000.0 + 37.0 * (number % 101))
    return make_panel(rows, None, Meta("test", person_level=False))


def small_and_large(total_small, total_large, dibao, no_dibao):
    return (
        Marginal("one or two", "size", total_small, low=1, high=3),
        Marginal("three or more", "size", total_large, low=3),
        Marginal("dibao", "dibao", dibao),
        Marginal("no dibao", "dibao", no_dibao, high=0.5),
    )


def test_raking_is_iterative_proportional_fitting():
    before = panel()
    done = reweight(before, 2020, small_and_large(700.0, 300.0, 150.0, 850.0))
    homes = before.households
    small, poor = (homes["size"] < 3).to_numpy(), (homes["dibao"] == 1).to_numpy()
    weights = homes["weight"].to_numpy().copy()
    for _ in range(500):
        for rows, total in ((small, 700.0), (~small, 300.0), (poor, 150.0), (~poor, 850.0)):
            weights[rows] *= total / weights[rows].sum()
    assert done.method == "raking" and done.met
    np.testing.assert_allclose(done.households["weight"], weights, rtol=1e-4)
    assert [round(fit.after) for fit in done.fits] == [700, 300, 150, 850]


def test_the_fit_tells_where_the_sample_stood():
    done = reweight(panel(), 2020, small_and_large(700.0, 300.0, 150.0, 850.0))
    # 400 households of weights 1, 2, 3: two in five have one or two members
    assert done.fits[0].before == panel().households.query("size < 3")["weight"].sum()
    assert done.effective[1] < done.effective[0] <= 400.0
    assert done.ratios[0] < 1.0 < done.ratios[2]


def test_persons_and_yuan_are_totals_too():
    persons = Marginal("persons in small households", "size", 900.0, low=1, high=3, persons=True)
    money = Marginal("income", "income_total", 9_000_000.0)
    done = reweight(panel(), 2020, (Marginal("persons", "size", 3000.0), persons, money))
    homes = done.households
    assert done.met
    assert abs((homes["weight"] * homes["size"]).sum() - 3000.0) < 3.0
    assert abs((homes["weight"] * homes["income_total"]).sum() - 9e6) < 9e3


@pytest.mark.parametrize(("factor", "method"), [(1.5, "raking"), (2.0, "logit"), (2.4, "raking")])
def test_weights_that_run_off_are_bounded_where_they_can_be(factor, method):
    rows = panel().households.assign(income_total=lambda homes: 3000.0 * 1.03 ** (homes["household"] % 150))
    income = Marginal("income", "income_total", factor * float((rows["weight"] * rows["income_total"]).sum()))
    homes = Marginal("households", "size", float(rows["weight"].sum()), low=1)
    done = reweight(make_panel(rows, None, Meta("test", person_level=False)), 2020, (homes, income))
    assert done.met and done.method == method
    # at twice the income raking would need ratios above five; at 2.4 times no weights within 0.3 to 3 exist, and that is seen
    assert (done.ratios[2] <= 3.0 + 1e-6) == (factor < 2.4) and (done.ratios[2] > 5.0) == (factor == 2.4)


def test_totals_that_contradict_each_other_are_said_not_to_be_met():
    done = reweight(panel(), 2020, small_and_large(700.0, 300.0, 150.0, 2000.0))
    assert not done.met and done.method == "none"
    assert max(abs(fit.miss) for fit in done.fits) > 0.1


def test_what_cannot_be_asked_is_told_together():
    with pytest.raises(SurveyError) as caught:
        reweight(panel(), 2020, (Marginal("a", "dibo", 3.0), Marginal("b", "size", -1.0)))
    assert "did you mean 'dibao'?" in str(caught.value) and "b: -1; allowed: a total above zero" in str(caught.value)
    with pytest.raises(SurveyError, match="no household adds to it"):
        reweight(panel(), 2020, (Marginal("size", "size", 900.0), Marginal("giants", "size", 3.0, low=30)))
    with pytest.raises(SurveyError, match="allowed: 2020"):
        reweight(panel(), 2018, (Marginal("a", "size", 3.0),))


def test_households_without_an_answer_are_left_out_and_counted():
    rows = panel().households.copy()
    rows.loc[:9, "dibao"] = np.nan
    done = reweight(make_panel(rows, None, Meta("test", person_level=False)), 2020, small_and_large(700.0, 300.0, 150.0, 850.0))
    assert done.left_out == 10 and done.met


def test_synthetic_households_stand_as_often_as_their_weights_say():
    done = reweight(panel(), 2020, small_and_large(700.0, 300.0, 150.0, 850.0))
    people = synthetic_households(done, 5000, seed=3)
    assert len(people) == 5000 and people["household"].is_unique
    times = people["origin"].value_counts().reindex(done.households["household"]).fillna(0).to_numpy()
    expected = done.households["weight"].to_numpy() / done.households["weight"].sum() * 5000
    assert np.abs(times - expected).max() < 1.0 + 1e-6
    assert abs((people["size"] < 3).mean() - 0.7) < 0.01
