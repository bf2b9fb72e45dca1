"""The inventory of levers in a place, one explained, and the coverage of the plans."""

import json

import pytest

from scenarios import ScenarioError, inventory, load
from scenarios.coverage import coverage
from scenarios.explain import explain
from scenarios.inventory import Choice, lever_inventory
from scenarios.planbook import plan_book


@pytest.fixture(scope="module")
def nanyang():
    return lever_inventory()


def test_it_holds_the_catalogue_and_every_entry_of_the_scenario(nanyang):
    entries = [entry for lever in nanyang.values() for entry in lever["entries"]]
    assert sorted(entries) == sorted(lever.id for lever in load().rules.levers)
    assert set(plan_book().levers) <= set(nanyang)
    assert nanyang["employee_medical_insurance"]["kind"] == "outside"
    json.dumps(nanyang)


def test_a_place_has_the_clauses_of_its_own_plan(nanyang):
    longyan = lever_inventory("longyan")
    assert nanyang["premium_subsidy_taper_ex_poor"]["clauses"] == ["二（三）3"]
    assert longyan["premium_subsidy_taper_ex_poor"]["clauses"] == ["(八)"]
    assert nanyang["weather_index_insurance"]["clauses"] == [] and longyan["weather_index_insurance"]["path"] == "expanded"
    assert all(lever["clauses"] == [] for lever in lever_inventory("national").values())


def test_levers_are_chosen_by_group_kind_and_mechanism(nanyang):
    health = lever_inventory(choice=Choice(group="health"))
    assert {lever["group"] for lever in health.values()} == {"health"} and len(health) >= 20
    context = lever_inventory(choice=Choice(kind="context"))
    assert len(context) == 12
    paid = lever_inventory(choice=Choice(group="health", mechanism="price_subsidy"))
    assert 0 < len(paid) < len(health)
    assert all("price_subsidy" in {entry["mechanism"] for entry in lever["entries"].values()} for lever in paid.values())


def test_levers_are_chosen_by_the_best_grade_of_their_figures(nanyang):
    lever = nanyang["premium_subsidy_taper_ex_poor"]
    # two of the entry, four of the policy's path; all of them assumed
    assert (lever["sourced"], lever["assumed"], lever["grade"]) == (0, 6, "assumption")
    kept = lever_inventory(policy="kept")["premium_subsidy_taper_ex_poor"]
    # the figure of 2024 on which the years before lean
    assert (kept["sourced"], kept["assumed"], kept["grade"]) == (1, 2, "official_statistic")
    assumed = lever_inventory(choice=Choice(grade="assumption"))
    sourced = lever_inventory(choice=Choice(grade="sourced"))
    assert "premium_subsidy_taper_ex_poor" in assumed and "medical_premium_subsidy" in sourced
    assert not set(assumed) & set(sourced)
    with_figures = {key for key, one in nanyang.items() if one["sourced"] + one["assumed"]}
    assert set(assumed) | set(sourced) == with_figures


def test_how_a_lever_stands_follows_from_entries_knobs_and_the_plan(monkeypatch):
    monkeypatch.setattr(inventory, "_knobs", lambda: {"one_window_referral": {"knobs": {"loss": {"kind": "set"}}}})
    monkeypatch.setattr(inventory, "lever_ids", lambda: ("dibao", "case_by_case_major_shock"))
    states = {place: {key: one["state"] for key, one in lever_inventory(place).items()} for place in ("nanyang", "longyan")}
    assert states["nanyang"]["dibao"] == states["longyan"]["dibao"] == "entries"
    assert (states["nanyang"]["one_window_referral"], states["longyan"]["one_window_referral"]) == ("off", "knobs")
    assert states["nanyang"]["case_by_case_major_shock"] == "off"
    assert states["nanyang"]["extraordinary_health_measures_phaseout"] == "missing"


@pytest.mark.parametrize(
    ("key", "given", "near"),
    [
        ("group", "helth", "'health'"), ("mechanism", "top_upp", "'top_up'"), ("kind", "proksy", "'proxy'"),
        ("grade", "laws", "'law'"),
    ],
)  # fmt: skip
def test_an_unknown_choice_names_the_nearest(key, given, near):
    with pytest.raises(ScenarioError, match=f"{key}: unknown name '{given}'.*did you mean {near}"):
        lever_inventory(choice=Choice(**{key: given}))


def test_all_unknown_choices_are_told_together():
    with pytest.raises(ScenarioError, match=r"(?s)helth.*proksy"):
        lever_inventory(choice=Choice(group="helth", kind="proksy"))


def test_a_lever_of_several_entries_is_explained_as_one():
    said = explain("student_financial_aid", "longyan")
    assert said["kind"] == "lever" and len(said["entries"]) == 5
    assert said["plans"]["longyan"]["main"] == "(十七)" and said["plans"]["longyan"]["differs"]["en"]
    assert said["plans"]["fuhuan"]["differs"] == {}
    one = explain("student_financial_aid.senior", "longyan")
    assert one["kind"] == "entry" and one == {**said["entries"]["student_financial_aid.senior"]}
    json.dumps(said)


def test_a_lever_that_is_not_in_force_is_explained_too():
    said = explain("coverage_extension_nonvillage", "nanyang")
    assert said["lever"]["state"] == "off" and said["plans"]["nanyang"] is None
    # as it would be if it were switched on
    assert said["entries"]["coverage_extension_nonvillage"]["off"] is True
    assert said["plans"]["shanwei"] == {
        "clauses": ["（八）", "（十三）"],
        "main": "（八）",
        "path": "expanded",
        "differs": {"zh": "仅此一地；由县里决定是否适用", "en": "Only here; counties may choose to apply it"},
    }


def test_knobs_come_with_the_setting_of_the_plan_of_the_place(monkeypatch):
    written = {"knobs": {"path": {"kind": "scale", "range": [0, 1]}}, "plans": {"longyan": {"path": {"from": {"2025": 0}}}}}
    monkeypatch.setattr(inventory, "_knobs", lambda: {"premium_subsidy_taper_ex_poor": written})
    there = explain("premium_subsidy_taper_ex_poor.path", "longyan")["knobs"]["path"]
    here = explain("premium_subsidy_taper_ex_poor", "nanyang")["knobs"]["path"]
    assert there == {"kind": "scale", "range": [0, 1], "setting": {"from": {"2025": 0}}} and here["setting"] is None


def test_a_place_that_lists_counties_is_looked_up_at_its_first():
    assert lever_inventory("heilongjiang")["ecological_rangers"]["clauses"] == ["（六）"]
    assert explain("ecological_rangers", "heilongjiang")["plan"] == "heilongjiang"


def test_coverage_of_a_place_is_that_of_its_plan():
    found = coverage("fuhuan")
    assert list(found["plans"]) == ["fuhuan"]
    clauses = {clause["number"]: clause for clause in found["plans"]["fuhuan"]["clauses"]}
    assert len(clauses) == 26
    assert clauses["（二十）"]["levers"] == [
        "microcredit_ex_poor", "general_farmer_credit_loan", "credit_supply_support", "agricultural_insurance",
    ]  # fmt: skip
    assert clauses["（十四）"]["targets"] == ["tekun_ratio_reached"] and clauses["（十一）"]["not_simulated"] == ["R9"]
    assert "oop_share_control" not in coverage("nanyang")["missing"]


def test_coverage_of_all_plans_counts_every_clause():
    found = coverage()
    assert sum(len(plan["clauses"]) for plan in found["plans"].values()) == 131
    bare = [one for plan in found["plans"].values() for one in plan["clauses"] if not one["levers"] and not one["targets"]]
    assert len(bare) == 13 and all(clause["not_simulated"] for clause in bare)
    json.dumps(found)


def test_a_lever_without_entry_and_knob_is_missing(monkeypatch):
    monkeypatch.setattr(inventory, "_knobs", lambda: {})
    monkeypatch.setattr(inventory, "lever_ids", lambda: tuple(key for key in plan_book().levers if key != "dibao"))
    assert coverage()["missing"] == ["dibao"]


def test_every_lever_of_the_catalogue_has_an_entry_or_a_knob():
    assert coverage()["missing"] == []


OWN = """
levers:
  - id: heating
    name: {zh: 取暖补贴, en: Heating allowance}
    mechanism: cash_transfer
    who: "h.dibao"
    account: warm_fund
    level: county
    clauses: {longyan: "county notice, 3", hill_county: "item 7"}
    fields:
      amount: {unit: yuan/unit, range: [0, 3000], value: 500, source: "assumption", grade: assumption}
      reach: {unit: share, range: [0, 1], value: 1, source: "county notice of 2022", grade: official_statistic}
    unused: [month, counted]
    words: {per: household, status: none}
"""


def test_a_lever_of_ones_own_is_listed_and_explained_with_its_own_clauses(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(OWN, encoding="utf-8")
    told = lever_inventory("longyan", choice=Choice(group="mine"), files=[path])["heating"]
    assert (told["kind"], told["state"], told["clauses"]) == ("outside", "entries", ["county notice, 3"])
    assert (told["sourced"], told["assumed"], told["grade"]) == (1, 1, "official_statistic")
    said = explain("heating", "longyan", files=[path])
    assert said["kind"] == "entry" and said["clauses"]["hill_county"] == "item 7" and said["clauses"]["nanyang"] == ""
    assert explain("heating.amount", "nanyang", files=[path])["fields"]["amount"]["figures"][0]["value"] == 500


def test_an_entry_that_the_plan_of_a_place_does_not_name_is_told_as_off(nanyang):
    lever = nanyang["weather_index_insurance"]
    assert (lever["state"], lever["entries"], lever["off"]) == ("off", {}, ["weather_index_insurance"])
    assert lever_inventory("longyan")["weather_index_insurance"]["off"] == []


@pytest.mark.parametrize(("place", "said"), [("national", "'national' has no plan"), ("nanyan", "did you mean 'nanyang'")])
def test_coverage_of_a_place_without_a_plan_is_refused(place, said):
    with pytest.raises(ScenarioError, match=said):
        coverage(place)
