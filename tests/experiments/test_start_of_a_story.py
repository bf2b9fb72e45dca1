"""A described family at the start of its story: incomes are lived, all else is as described, and copies differ in luck alone."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.life import lived_before, many, tell, unrationed
from scenarios import ScenarioError
from scenarios.family import read_family
from scenarios.load import load
from sim.family import LIVED, copied, family_id, member_id
from sim.rules import month_index
from sim.state import HOUSEHOLD, Column

DRAWN = """
id: drawn
name: {zh: 一家, en: a family}
place: nanyang
luck: drawn
household:
  group: ex_poor
  monitored: unstable_ex_poor
  since: 2020-06
  farm: 3000
  livestock: 8000
  assets: 5000
  loan: {amount: 20000, from: 2020-05, months: 24, rate: 0.05, lever: microcredit_ex_poor}
members:
  man: {sex: male, born: 1960-03, job: {kind: migrant, wage: 4500, months: 8}}
  wife: {sex: female, born: 1962-08, set: {bmi_enrolled: 0, chronic_disease: 1}}
"""


@pytest.fixture
def family(tmp_path):
    path = tmp_path / "drawn.yaml"
    path.write_text(DRAWN, encoding="utf-8")
    return read_family(str(path))


def begun(family):
    rules = unrationed(load(family.place, "kept", family.overrides).rules)
    return lived_before(family, rules, "kept", 1, 1)


def is_trailing(column: Column) -> bool:
    return column.length > 1 or column.name.endswith(("_12m", "_window", "_sources"))


def test_what_two_years_fill_is_never_set_back():
    assert {column.name for column in HOUSEHOLD if is_trailing(column)} <= set(LIVED)
    assert set(LIVED) <= {column.name for column in HOUSEHOLD}


def test_a_story_begins_with_what_is_described_whatever_its_luck(family):
    past = begun(family)
    households, persons = past.state.households, past.state.persons
    assert past.month == month_index(2020, 12)
    wanted = {
        "assets": 500_000, "debt": 0, "kin_debt": 0, "arrears": 0, "in_default": 0, "farm_due": 0, "livestock": 800_000,
        "loan_balance": 2_000_000, "loan_due": month_index(2022, 5), "monitored": 1, "identified_month": month_index(2020, 6),
        "first_help_month": 0, "helped": 0, "alert_month": 0, "relief_month": 0, "open_loss": 0, "dibao_stage": 0,
        "below_core": 0, "first_relapse_guarantee": 0, "house_safe": 1,
    }  # fmt: skip
    assert {name: int(households[name][0]) for name in wanted} == wanted
    assert households["gross_12m"][0] > 0 and households["usual_income"][0] > 0
    # the wife would have taken cover in the quiet autumn before; the description says that she has none
    assert persons["bmi_enrolled"].tolist() == [1, 0] and persons["chronic_disease"].tolist() == [0, 1]
    assert (persons["alive"] == 1).all() and persons["job"][0] == 3


def test_copies_are_equal_in_all_but_their_ids(family):
    one, three = begun(family), copied(begun(family), 2, 3)
    households, persons = three.state.households, three.state.persons
    assert households["id"].tolist() == [family_id(copy) for copy in range(3)] == households["root"].tolist()
    assert persons["id"].tolist() == [member_id(copy, place) for copy in range(3) for place in range(2)]
    assert households["start"].tolist() == [0, 2, 4] and three.state.villages["households"].tolist() == [1, 1, 1]
    for name in households.names:
        if name not in ("id", "root", "start", "village"):
            assert (households[name] == one.state.households[name][..., :1]).all(), name
    for name in persons.names:
        if name != "id":
            assert (persons[name] == np.tile(one.state.persons[name], 3)).all(), name


def test_copies_have_luck_of_their_own_and_one_copy_the_same_luck_among_many(family):
    few, more = (many(family, "kept", copies, 24, threads=1) for copies in (20, 150))
    incomes = [model.state.households["gross_12m"] for model in (few, more)]
    assert len(set(incomes[1].tolist())) > 30
    rows = [{int(number): row for row, number in enumerate(model.state.households["id"])} for model in (few, more)]
    same = [incomes[0][rows[0][family_id(copy)]] == incomes[1][rows[1][family_id(copy)]] for copy in range(20)]
    assert np.mean(same) > 0.9


def test_a_family_of_another_year_does_not_move_into_the_county_of_2021(family):
    import dataclasses

    later = dataclasses.replace(family, start=month_index(2022), loan=None)
    assert tell(later, ["kept"], threads=1)[0].months[0].month == month_index(2022)
    with pytest.raises(ScenarioError, match="a family with start: 2021-01"):
        tell(later, ["kept"], households=900, threads=1)
