"""Changes given by hand."""

import pytest

from scenarios import ScenarioError, load
from sim.rules import month_index


def _lever(scenario, name):
    return next(lever for lever in scenario.rules.levers if lever.id == name)


def test_without_a_month_the_whole_path_is_one_figure():
    scenario = load(overrides=["premium_subsidy_taper_ex_poor.share=0.5", "values.poverty_line=5000"])
    assert _lever(scenario, "premium_subsidy_taper_ex_poor").values["share"].values == (0.5,)
    assert scenario.rules.values["poverty_line"].values == (500000.0,)
    assert scenario.origin["values.poverty_line"][0].level == "override"


def test_with_a_month_the_path_before_it_stays():
    scenario, plain = load(overrides=["values.farm_income@2022-01=500"]), load()
    changed, base = scenario.rules.values["farm_income"], plain.rules.values["farm_income"]
    assert base.linear
    assert all(changed.at(month) == pytest.approx(base.at(month), abs=1) for month in range(month_index(2013), month_index(2022)))
    assert all(changed.at(month) == 50000 for month in range(month_index(2022), month_index(2030)))


def test_words_and_dates_of_levers_change():
    scenario = load(overrides=["public_welfare_jobs.exit_order=random", "suspect_verification.end=2023-01"])
    assert _lever(scenario, "public_welfare_jobs").words["exit_order"] == "random"
    assert _lever(scenario, "suspect_verification").end == month_index(2023)


def test_decision_month_counts_levers_and_not_the_world():
    assert load(policy="kept", overrides=["values.job_finding=0.2"]).decision_month is None
    later = load(policy="kept", overrides=["dibao.standard@2024-03=700"])
    assert later.decision_month == month_index(2024, 3)
    ended = load(policy="kept", overrides=["grassroots_visit_channel.end=2023-05"])
    assert ended.decision_month == month_index(2023, 5)


def test_later_wins():
    scenario = load(overrides=["values.job_finding=0.2", "values.job_finding=0.3"])
    assert scenario.rules.values["job_finding"].values == (0.3,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("values.job_findin=0.1", "an unknown key; .*did you mean 'values.job_finding'"),
        ("values.job_finding=2", r"'2'; allowed: 0 to 1 \(probability/month\)"),
        ("values.job_finding=nan", "'nan'; allowed: 0 to 1"),
        ("values.premium@2022=3", "'2022' after @; allowed: a month such as 2022-01"),
        ("public_welfare_jobs.kep=0.5", "'kep' is not part of public_welfare_jobs.*did you mean 'kept'"),
        (
            "public_welfare_jobs.exit_order=randm",
            "'randm'; allowed: not_monitored_first, random, longest_stay, least_need_first. did you mean",
        ),
        ("public_welfare_job.kept=0.5", "did you mean 'public_welfare_jobs.kept'"),
        ("dibao.end=soon", "'soon'; allowed: a month"),
        ("nothing", "not key=value"),
    ],
)
def test_says_what_is_wrong(text, message):
    with pytest.raises(ScenarioError, match=message):
        load(overrides=[text])


def test_held_keeps_what_was_in_force_the_month_before():
    plain = load(policy="kept")
    changes = [
        "values.premium@2023-01=held",
        "values.farm_income@2023-01=held",
        "monitored_premium_subsidy_fixed_term.share@2023-01=held",
    ]
    held = load(policy="kept", overrides=changes)
    before, after = month_index(2022, 12), month_index(2026, 6)
    for name in ("premium", "farm_income"):
        # whole fen at the dates of a path
        assert held.rules.values[name].at(before) == pytest.approx(plain.rules.values[name].at(before), abs=1)
        assert held.rules.values[name].at(after) == held.rules.values[name].at(before)
        assert plain.rules.values[name].at(after) != plain.rules.values[name].at(before)
    share = _lever(held, "monitored_premium_subsidy_fixed_term").values["share"]
    assert share.at(after) == share.at(before)
    assert held.origin["values.premium"][-1].source == "held by hand at what was in force in 2022-12"


def test_held_needs_a_month():
    with pytest.raises(ScenarioError, match="held"):
        load(overrides=["values.premium=held"])
