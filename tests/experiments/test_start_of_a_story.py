"""A described family at the start of its story: incomes are lived, all else is as described, and copies differ in luck alone."""

from __future__ import annotations

import re

import numpy as np
import pytest

from experiments.accounts import account, said
from experiments.decisions import decisions, side_by_side, who_lives_there
from experiments.life import lived_before, many, tell, unrationed
from fangpin.life import _side_by_side
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
    # events of the years before the story are not told: the memory begins with it
    if column.name.startswith("event_"):
        return False
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


def test_a_family_that_is_its_own_village_gets_no_more_of_the_collective_than_one_of_a_village(tmp_path):
    # the collective earns 40,000 and shares out a tenth: 4,000 yuan over the households of a village of the place
    path = tmp_path / "one.yaml"
    path.write_text(
        DRAWN.replace("luck: drawn", "luck: quiet").replace("group: ex_poor", "group: ex_poor\n  set: {collective_member: 1}")
    )
    changes = ["values.collective_income=40000", "values.collective_sd=0", "values.project_assets=0"]
    life = tell(read_family(str(path)), ["kept"], overrides=changes)[0]
    county = life.scenario.county
    due = [month.household["village_due"] for month in life.months if month.month % 12 == 11]
    assert due[0] == pytest.approx(400_000 / (county.households / county.villages), rel=0.15)
    assert due[0] == due[1] > 0


def test_a_family_sees_its_members_by_name_and_why_things_are_decided():
    lives = tell(read_family("g05"), ["kept", "cliff"])
    told = [(said(one.month), one.text.en, one.policies) for one in side_by_side(lives)]
    assert ("2023-08", "struck by a disaster", (0, 1)) in told
    assert ("2023-09", "child 15: finishes school and does not go on", (0, 1)) in told
    assert ("2023-09", "the house is repaired for 15,000, grants 0", (0, 1)) in told
    assert ("2023-09", "yearly test: below the poverty line, net (main cause: unsafe house)", (0, 1)) in told
    assert ("2023-09", "Special assistance, disaster: 2,000", (0,)) in told
    assert ("2024-04", "Case-by-case decision after a major shock: 6,915", (1,)) in told
    assert ("2023-01", "net per head 6,948 < monitoring line 7,200 (the line rose)", (0, 1)) in told
    assert [month for month, *_ in told] == sorted(month for month, *_ in told)
    assert who_lives_there(lives[0]).en.startswith(
        "2021-01: marginal household, 4: husband 51 (farm), wife 49 (farm), child 12 (at school)"
    )


def test_a_hospital_bill_is_told_by_its_tiers_and_they_add_up(tmp_path):
    path = tmp_path / "ill.yaml"
    path.write_text(DRAWN.replace("luck: drawn", "luck: quiet") + "events:\n  - {month: 2021-05, member: man, admitted: 60000}\n")
    life = tell(read_family(str(path)), ["kept"], overrides=["values.outpatient_cost=2000"])[0]
    (bill,) = [one.text.en for one in decisions(life) if said(one.month) == "2021-05" and "hospital bill" in one.text.en]
    whole, *parts = [int(number) for number in re.findall(r"\d+", bill.replace(",", "").replace(".", ""))]
    assert "basic" in bill and "outpatient" not in bill and abs(whole - sum(parts)) <= len(parts)
    rows = [row for row in account(life) if row["month"] == "2021-05"]
    tiers = sum(rows[0][key] for key in ("paid_basic", "paid_critical", "paid_assistance", "paid_supplementary"))
    assert tiers == pytest.approx(rows[0]["reimbursed"], abs=0.01) and rows[0]["reimbursed"] > 20_000


def test_policies_that_agree_stand_once_and_those_that_differ_under_each_other():
    assert _side_by_side("wages", [[1.2, 2.0], [1.4, 2.0]], ["a", "b"], "en") == [["wages", "all", "1", "2"]]
    assert _side_by_side("wages", [[1.0, 2.0], [1.0, 3.0]], ["a", "b"], "zh") == [["wages", "a", "1", "2"], ["", "b", "1", "3"]]
    assert _side_by_side("posts", [[0.0, -0.4], [0.0, 0.0]], ["a", "b"], "zh") == []
    assert _side_by_side("farm", [[1.0]], ["kept"], "en") == [["farm", "kept", "1"]]


PARENTS = """
id: young
name: {zh: 年轻一家, en: a young family}
place: longyan
household: {group: marginal, farm: 6000, livestock: 2000}
members:
  father: {sex: male, born: 1985-03, job: {kind: migrant, wage: 4500, months: 9}}
  mother: {sex: female, born: 1987-08}
  grandmother: {sex: female, born: 1950-02, set: {disability_grade: 2, labour: none}}
  child: {sex: female, born: 2016-05}
"""


@pytest.fixture
def young(tmp_path):
    path = tmp_path / "young.yaml"
    path.write_text(PARENTS, encoding="utf-8")
    return read_family(str(path))


def test_the_first_month_knows_who_cares_for_whom(young):
    life = tell(young, ["kept"])[0]
    assert not any(person["orphan_or_unattended"] for month in life.months for person in month.persons)
    before = begun(young).state.households
    assert (before["carers"][0], before["prime_away"][0], before["men_away"][0], before["incapable"][0]) == (1, 1, 1, 1)


def test_no_luck_of_the_place_reaches_a_quiet_family(young):
    # the rains of June strike about one year in three here; prices and harvests move every year
    quiet, drawn = (tell(young, ["kept"], seed=seed)[0] for seed in (1, 2))
    assert [row["farm_income"] for row in account(quiet)] == [row["farm_income"] for row in account(drawn)]
    assert not any("disaster" in one.text.en for one in decisions(quiet))
    struck = tell(young, ["kept"], overrides=["values.disaster_rate=1"])[0]
    assert any("struck by a disaster" in one.text.en for one in decisions(struck))


@pytest.mark.parametrize(
    ("terms", "without"),
    [
        # the old enrol at odds of e to the power of 10, the others hardly ever
        ("enrol_base=-5 enrol_before=0 enrol_price=0 enrol_age=5", "father 36, mother 34, child 5"),
        ("enrol_base=-10 enrol_before=0", "father 36, mother 34, grandmother 71, child 5"),
    ],
)
def test_who_goes_without_insurance_is_named_even_when_nobody_of_the_family_pays(tmp_path, terms, without):
    path = tmp_path / "young.yaml"
    path.write_text(PARENTS.replace("place: longyan", "place: longyan\nluck: drawn\nmonths: 12"), encoding="utf-8")
    life = tell(read_family(str(path)), ["kept"], overrides=[f"values.{one}" for one in terms.split()])[0]
    told = [one.text.en for one in decisions(life) if said(one.month) == "2021-10" and one.text.en.startswith("premiums:")]
    assert [text.partition("; go without: ")[2] for text in told] == [without]
