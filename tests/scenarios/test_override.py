"""Changes given by hand."""

import itertools

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


def test_trend_goes_on_by_the_median_change_of_three_years():
    names, month = ("local_wage", "farm_income", "premium"), month_index(2022, 12)
    plain, found = load(policy="kept"), load(policy="kept", overrides=[f"values.{name}@2023-01=trend" for name in names])
    old, new = ([one.rules.values[name] for name in names] for one in (plain, found))
    # 3,500 yuan a month in 2019, then 3,606, 3,878 and 4,026: 3.0%, 7.5% and 3.8%, of which 3.8% is the middle
    for year, power in ((2023, 1), (2025, 3)):
        for of_year in (1, 12):
            assert new[0].at(month_index(year, of_year)) == pytest.approx(402_600 * (4026 / 3878) ** power, abs=1)
    # a straight line goes on through points a year apart, without a step where it begins
    past = [old[1].at(month - 12 * back) for back in range(4)]
    growth = sorted(newer / older for newer, older in itertools.pairwise(past))[1]
    assert new[1].at(month) == pytest.approx(past[0], abs=1)
    assert new[1].at(month + 1) == pytest.approx(past[0] * growth ** (1 / 12), abs=1)
    assert new[1].at(month + 37) == pytest.approx(past[0] * growth ** (37 / 12), abs=1)
    # 250, 280, 320, 350 yuan: 12% in the middle, a tenth at most
    assert old[2].at(month) == 35_000 and new[2].at(month_index(2024, 5)) == pytest.approx(35_000 * 1.1**2, abs=1)


def test_trend_of_a_month_within_the_year_begins_in_january_and_keeps_within_the_range():
    series = load(policy="kept", overrides=["values.premium@2022-07=trend"]).rules.values["premium"]
    assert series.at(month_index(2022, 12)) == series.at(month_index(2022, 6)) < series.at(month_index(2023, 1))
    cited = load(policy="kept").series["values.premium"]
    assert series.at(month_index(2060, 12)) <= cited.high * 100


@pytest.mark.parametrize("word", ["held", "trend"])
def test_what_names_no_figure_needs_a_month(word):
    with pytest.raises(ScenarioError, match=word):
        load(overrides=[f"values.premium={word}"])
