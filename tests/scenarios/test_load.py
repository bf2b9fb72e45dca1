"""Loading the shipped scenarios."""

import json
import math
import pickle
import re

import pytest

import scenarios
from scenarios import ScenarioError, load, resolved, scaled
from scenarios.cited import GRADES, parse_month, show_month
from sim.parameters import PARAMETERS, TABLES
from sim.policies.mechanisms import MECHANISMS
from sim.rules import month_index


@pytest.fixture(scope="module")
def scenario():
    return load()


def test_gives_the_engine_everything_it_needs(scenario):
    assert set(scenario.rules.values) == set(PARAMETERS)
    for name, table in TABLES.items():
        size = table.shape[0] * (table.shape[1] if len(table.shape) == 2 else 1)
        assert len(scenario.rules.tables[name]) == size
    for lever in scenario.rules.levers:
        assert set(lever.values) == set(MECHANISMS[lever.mechanism].fields)
        assert set(lever.words) == set(MECHANISMS[lever.mechanism].words)
    assert [lever.id for lever in scenario.rules.levers] == sorted(lever.id for lever in scenario.rules.levers)


def test_every_mechanism_has_a_lever(scenario):
    assert {lever.mechanism for lever in (*scenario.levers, *scenario.off)} == set(MECHANISMS)


def test_money_reaches_the_engine_in_whole_fen(scenario):
    premium = scenario.rules.values["premium"]
    assert premium.at(month_index(2020, 9)) == 25000
    assert premium.at(month_index(2020, 10)) == 28000
    dibao = next(lever for lever in scenario.rules.levers if lever.id == "dibao")
    assert dibao.values["standard"].at(month_index(2018, 6)) == 28750
    for name, dated in scenario.rules.values.items():
        if PARAMETERS[name].unit.startswith("yuan"):
            assert all(value == int(value) for value in dated.values)


def test_the_table_of_deaths_begins_with_women(scenario):
    deaths = scenario.rules.tables["mortality"]
    assert deaths[0] == 0.00544563
    assert deaths[22] == 0.00613028
    assert deaths[21] == 0.48601311
    assert sum(scenario.rules.tables["fertility"]) == pytest.approx(1)


@pytest.mark.parametrize("name", ["disaster_townships", "disaster_loss"])
def test_quantile_tables_are_those_of_the_beta_distributions(scenario, name):
    numpy, stats = pytest.importorskip("numpy"), pytest.importorskip("scipy.stats")
    shapes = {"disaster_townships": (1.5, 1.5), "disaster_loss": (2, 5)}
    expected = stats.beta(*shapes[name]).ppf(numpy.linspace(0, 1, 33))
    assert scenario.rules.tables[name] == pytest.approx(expected, abs=1e-6)


def test_every_figure_has_a_source_and_a_grade(scenario):
    for policy in scenarios.policies():
        for key, origins in load(policy=policy).origin.items():
            for origin in origins:
                assert origin.source, key
                assert origin.grade in GRADES, key
                assert origin.file, key


def test_recalled_figures_are_assumptions(scenario):
    for key, origins in scenario.origin.items():
        for origin in origins:
            if "recalled" in origin.source or origin.source.startswith("assumption"):
                assert origin.grade == "assumption", key


def test_nearest_place_gives_the_value_and_is_remembered(scenario):
    levels = {name: scenario.origin[f"values.{name}"][0].level for name in ("registered_share", "june_share", "premium")}
    assert levels == {"registered_share": "place", "june_share": "province", "premium": "nation"}
    assert scenario.origin["values.premium"][0].file == "places/nation.yaml"
    assert scenario.origin["levers.dibao.standard"][0].level == "province"
    assert scenario.origin["county.villages"][0].level == "place"
    assert scenario.origin["tables.mortality"][0].grade == "official_statistic"


def test_nearest_place_gives_the_lever(scenario):
    tilt = next(info for info in scenario.levers if info.id == "critical_illness_insurance_tilt")
    assert tilt.place == "nanyang"
    assert "h.returned_poor" in tilt.who and "h.monitored" not in tilt.who
    assert tilt.clauses["nanyang"] == "二（三）3"


def test_policies_differ_from_kept_from_their_decision_month_on():
    months = {name: load(policy=name).decision_month for name in scenarios.policies()}
    assert months.pop("kept") is None
    shown = {name: show_month(month) for name, month in months.items() if month is not None}
    assert shown == {"documented": "2021-10", "orderly": "2021-10", "cliff": "2022-10"}
    kept = load(policy="kept").rules
    for name, month in months.items():
        assert month is not None
        _same_before(load(policy=name).rules, kept, month)


def _same_before(rules, kept, month):
    for lever, other in zip(rules.levers, kept.levers, strict=True):
        for field, dated in lever.values.items():
            for before in range(month_index(2010), month):
                assert dated.at(before) == other.values[field].at(before), (lever.id, field)
    assert rules.values == kept.values


def test_orderly_is_documented_with_a_bridge():
    documented, orderly = load(policy="documented"), load(policy="orderly")
    # the policy follows the plan where posts, premiums and extra assistance end; other settings of the plan are not its own
    ends = (
        "public_welfare_jobs", "ecological_rangers", "premium_subsidy_taper_ex_poor", "monitored_premium_subsidy_fixed_term",
        "medical_assistance.registered",
    )  # fmt: skip
    for lever, other in zip(documented.rules.levers, orderly.rules.levers, strict=True):
        if lever.id not in ends:
            continue
        different = {field for field in lever.values if lever.values[field] != other.values[field]}
        own = {"monitored_premium_subsidy_fixed_term": {"term_years"}}
        own |= {key: {"bridge_months"} for key in ("public_welfare_jobs", "ecological_rangers")}
        assert different == own.get(lever.id, set())


def test_assumptions_are_listed_with_what_is_assumed(scenario):
    found = scenario.assumptions()
    keys = {assumption.key for assumption in found}
    assert {"values.confirm_share", "tables.chronic", "levers.public_welfare_jobs.kept", "county.households"} <= keys
    assert "values.bill_mean" in keys and "tables.mortality" not in keys
    assert not any(assumption.source == "not used by this lever" for assumption in found)
    path = [a for a in found if a.key == "levers.premium_subsidy_taper_ex_poor.share" and a.level == "policy"]
    assert [a.month for a in path] == ["2021-10", "2022-10", "2023-10", "2024-10"]


def test_resolved_is_plain_equal_and_sensitive(scenario):
    text = json.dumps(resolved(scenario), allow_nan=False, ensure_ascii=False)
    assert json.dumps(resolved(load()), allow_nan=False, ensure_ascii=False) == text
    changed = load(overrides=["values.job_finding=0.11"])
    assert json.dumps(resolved(changed), allow_nan=False, ensure_ascii=False) != text


def test_a_scenario_travels_between_processes(scenario):
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_scaled_takes_whole_villages(scenario):
    small = scaled(scenario, 10_000).county
    size = scenario.county.households / scenario.county.villages
    assert small.villages == round(10_000 / size)
    assert small.households == round(small.villages * size)
    assert small.townships == min(small.villages, scenario.county.townships)
    assert scaled(scenario, scenario.county.households).county == scenario.county
    assert scaled(scenario, math.ceil(size)).county.villages == 1


@pytest.mark.parametrize("households", [0, -1, True, 1, 10**9])
def test_scaled_says_what_is_possible(scenario, households):
    county = scenario.county
    smallest = math.ceil(county.households / county.villages)
    allowed = f"{smallest} (one village) to {county.households} (the whole county of {county.villages} villages)"
    with pytest.raises(ScenarioError, match=f"households: {households}; allowed: {re.escape(allowed)}"):
        scaled(scenario, households)


def test_lists_what_is_shipped():
    assert scenarios.places() == ("fuhuan", "golden", "heilongjiang", "longyan", "nanyang", "national", "shanwei")
    assert scenarios.policies() == ("cliff", "documented", "kept", "orderly")
    assert {"dibao", "public_welfare_jobs", "risk_dynamic_clearing"} <= set(scenarios.lever_ids())


def test_months_are_read_strictly():
    assert parse_month("2021-04") == month_index(2021, 4)
    assert show_month(month_index(2021, 4)) == "2021-04"
    for text in (
        "2021-13",
        "2021-00",
        "1999-12",
        "2061-01",
        "2021-4",
        "2021/04",
        "２０２１-04",
        2021,
        None,
        "2021-04-01",
    ):
        assert parse_month(text) is None
