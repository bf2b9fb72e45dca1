"""What a panel promises: fixed names and types, and errors that count rows and never show one."""

import numpy as np
import pandas as pd
import pytest

from calibration.panel import Meta, count_missing, make_panel
from calibration.problems import SurveyError

SECRET = 987654.25
"""A value that no message may show."""


def households(**changes):
    """Two households in two waves."""
    columns = {
        "household": [2, 1, 1, 2],
        "wave": [2018, 2018, 2020, 2020],
        "weight": [1.5, 1.0, 1.0, 1.5],
        "size": [2, 4, 4, 2],
        "income_total": [8000.0, 20000.0, np.nan, -500.0],
    }
    return pd.DataFrame(columns | changes)


def persons(**changes):
    columns = {"household": [1, 1], "person": [11, 11], "wave": [2018, 2020], "weight": [1.0, 1.0], "age": [40, 42]}
    return pd.DataFrame(columns | {"job": ["farm", None]} | changes)


def panel(least_waves=1, table=None, people=None, **meta):
    return make_panel(
        households() if table is None else table, persons() if people is None else people, Meta("test", **meta), (), least_waves
    )


def told(**arguments):
    with pytest.raises(SurveyError) as caught:
        panel(**arguments)
    return str(caught.value)


def test_rows_stand_in_the_order_of_wave_and_household_with_fixed_types():
    made = panel()
    assert made.households[["wave", "household"]].to_numpy().tolist() == [[2018, 1], [2018, 2], [2020, 1], [2020, 2]]
    assert made.households.dtypes.astype(str).to_dict() == {
        "household": "int64",
        "wave": "int16",
        "weight": "float64",
        "size": "float32",
        "income_total": "float64",
    }
    assert made.waves == (2018, 2020)
    assert made.persons["job"].cat.codes.tolist() == [1, -1]


def test_income_per_head_is_unknown_where_income_is_and_may_be_negative():
    np.testing.assert_array_equal(panel().per_head("income_total").to_numpy(), [5000.0, 4000.0, np.nan, -250.0])
    assert count_missing(panel())["income_total"] == 1


def test_a_panel_shows_counts_and_no_value():
    text = repr(panel(table=households(income_total=[SECRET] * 4)))
    assert "4 household rows" in text and "2018, 2020" in text and str(SECRET) not in text


def test_all_problems_are_told_at_once_with_counts():
    bad = households(household=[1, 1, 1, 2], weight=[0.0, 1.0, np.nan, 1.0], income_total=[np.inf, SECRET, SECRET, 1.0])
    text = told(table=bad, people=persons(age=[-3, 140]))
    assert "household+wave: the same household twice in a wave: 2 of 4 rows" in text
    assert "weight: missing, zero or negative: 2 of 4 rows" in text
    assert "income_total: not finite: 1 of 4 rows" in text
    assert "age: impossible: 2 of 2 rows; allowed: 0 to 120 years" in text
    assert text.startswith("4 problems in the survey:") and str(SECRET) not in text and "140" not in text


def test_a_wrong_name_gets_its_nearest():
    text = told(table=households().rename(columns={"income_total": "incometotal"}))
    assert "households: incometotal: an unknown column" in text and "did you mean 'income_total'?" in text


def test_a_missing_key_is_named():
    assert "households: weight: missing" in told(table=households().drop(columns="weight"))


def test_one_wave_is_refused_where_two_are_needed():
    table, people = households().query("wave == 2018"), persons().query("wave == 2018")
    assert "1 wave; allowed: 2 waves or more" in told(least_waves=2, table=table, people=people)
    assert panel(table=table, people=people).waves == (2018,)


def test_all_missing_income_is_refused():
    assert "income_total: all missing: 4 of 4 rows" in told(table=households(income_total=[np.nan] * 4))


def test_an_unknown_operator_gets_the_nearest():
    assert "did you mean 'registry'?" in told(operator="registrar")


def test_text_among_numbers_is_counted_and_not_shown():
    text = told(table=households(income_total=["a lot", 1.0, 2.0, 3.0]))
    assert "income_total: not numbers: 1 of 4 rows" in text and "a lot" not in text
