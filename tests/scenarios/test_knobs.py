"""What knobs make of figures, choices, conditions and spans; every figure worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from knob_bench import KNOBS, setting, table, turned

from scenarios import ScenarioError, load
from scenarios.cited import Cited
from scenarios.clock import Clock, ended
from scenarios.problems import Report
from scenarios.settings import plan_settings
from scenarios.turning import _scaled
from sim.rules import month_index as m


def share(after, entry="aid.one", field="share"):
    """Return the dated figures of a field as (month, value)."""
    return [(one.month, one.value) for one in after.levers[entry].fields[field].entries]


def test_a_scaled_path_multiplies_what_the_file_gives_and_begins_before_its_year():
    after = turned("aid.path: {2022: 0.75, 2024: 0.5}")
    # 2022 is paid from October 2021: 0.8 x 0.75; the file's own 0.6 of October 2023 meets the half of 2024
    assert share(after) == [(m(2016, 10), 0.8), (m(2021, 10), 0.6), (m(2023, 10), 0.3)]


def test_a_year_that_is_missing_keeps_the_last_one():
    assert turned("aid.path: {2022: 0.5}").levers["aid.one"].fields["share"].at(m(2023, 1)) == 0.4
    assert turned("aid.path: {2022: 0.5}").levers["aid.one"].fields["share"].at(m(2030, 1)) == 0.3


def test_one_value_counts_from_january_2021():
    assert share(turned("aid.path: 0.5"))[:2] == [(m(2016, 10), 0.8), (m(2021), 0.4)]


def test_what_is_for_the_years_before_the_decision_counts_from_the_decision_on():
    # 2020 and 2021 began before January 2021: the latest of them counts from there
    after = turned("aid.path: {2020: 0.1, 2021: 0.5, 2023: 1}")
    assert share(after) == [(m(2016, 10), 0.8), (m(2021), 0.4), (m(2022, 10), 0.8), (m(2023, 10), 0.6)]
    decided = turned("aid.path: {from: {2022: 0.5}, decided: 2022-04}")
    assert share(decided)[:2] == [(m(2016, 10), 0.8), (m(2022, 4), 0.4)]


def test_shapes():
    straight = turned("aid.path: {shape: linear, from: {2022: 1, 2026: 0}}")
    assert [straight.levers["aid.one"].fields["share"].at(m(year)) for year in (2022, 2023, 2024, 2025, 2026)] == pytest.approx(
        [0.8, 0.6, 0.3, 0.15, 0]
    )
    cliff = turned("aid.path: {shape: cliff, at: 2023}")
    assert share(cliff)[:2] == [(m(2016, 10), 0.8), (m(2022, 10), 0)]
    assert share(turned("aid.path: {shape: cliff, at: 2023, to: 0.5}"))[1] == (m(2022, 10), 0.4)
    assert share(turned("aid.path: {shape: stable}")) == share(turned())
    assert share(turned("aid.path: 0.5", "aid.path: {shape: stable}")) == share(turned())


def test_the_end_of_the_transition_is_a_date():
    clock = Clock(after=m(2025, 3))
    assert share(turned("aid.path: {2022: 0.5, after_transition: 0}", clock=clock))[-1] == (m(2024, 12), 0)
    assert share(turned("aid.path: {value: 1, until: after_transition}", clock=clock))[-1] == (m(2024, 12), 0)
    assert share(turned("aid.path: {value: 1, until: 2024-06, then: 0.5}"))[-1] == (m(2024, 6), 0.3)


def test_contracts_run_out():
    posts = turned("posts.places: {shape: contract_end, at: 2022}").levers["posts"]
    assert [(one.month, one.value) for one in posts.fields["renewals"].entries][-1] == (m(2022), 0)
    assert posts.rule().words_in(m(2021, 12))["refill"] == "same_rule"
    assert posts.rule().words_in(m(2022))["refill"] == "none"
    with pytest.raises(ScenarioError, match="contract_end for price_subsidy; allowed: levers that give places"):
        turned("aid.path: {shape: contract_end, at: 2022}")


def test_steps_on_a_straight_line_do_not_bend_what_lies_between():
    slots = turned("posts.places: {2022: 0.5, 2023: 1}").levers["posts"].fields["slots"]
    # the line runs from 0.5 in 2020 to 1 in 2025: 0.7 in January 2022, 0.8 in January 2023
    assert slots.at(m(2021, 12)) == pytest.approx(0.5 + 23 / 120)
    assert slots.at(m(2022)) == pytest.approx(0.35)
    assert slots.at(m(2022, 12)) == pytest.approx((0.5 + 35 / 120) / 2)
    assert slots.at(m(2023)) == pytest.approx(0.8)
    assert slots.at(m(2026)) == 1


def test_a_set_figure_is_turned_into_the_unit_of_the_entry():
    after = turned("aid.months: 24").levers["aid.two"].fields["term_years"]
    assert [(one.month, one.value) for one in after.entries][-1] == (m(2021), pytest.approx(2))
    assert turned("aid.months: none").levers["aid.two"].fields["term_years"].at(m(2022)) == 0


def test_growth_by_an_amount_and_by_a_ratio():
    kept = turned("posts.cut: {2022: 0.4}").levers["posts"].fields["kept"]
    assert [kept.at(m(year)) for year in (2021, 2022, 2023, 2024, 2030)] == pytest.approx([1, 0.6, 0.2, 0, 0])
    pay = turned("posts.pay_growth: {2022: 0.1, 2024: 0}").levers["posts"].fields["pay"]
    assert [pay.at(m(year)) for year in (2021, 2022, 2023, 2024, 2025)] == pytest.approx([500, 550, 605, 605, 605])


def test_choices_turn_in_their_month():
    rule = turned("posts.order: {2023: need}").levers["posts"].rule()
    assert rule.words["exit_order"] == rule.words_in(m(2022, 12))["exit_order"] == "random"
    assert rule.words_in(m(2023))["exit_order"] == "least_need_first"


def test_a_condition_may_build_on_the_entrys_own():
    rule = turned("aid.group: {2022: poorer, 2024: fallen}").levers["aid.one"].rule()
    named = [[term.attribute for term in rule.who_in(m(year))[0]] for year in (2021, 2022, 2024)]
    assert named == [["h.ex_poor"], ["h.dibao", "h.ex_poor"], ["h.returned_poor"]]


def test_switches():
    on = turned("aid.two.enabled: {2022: true, 2024: false}").levers["aid.two"]
    assert (on.enabled, on.start, on.end) == (True, m(2022), m(2024))
    off = turned("posts.enabled: false").levers["posts"]
    assert (off.enabled, off.start, off.end) == (True, m(2015), m(2021))
    never = turned("aid.enabled: {2010-01: false}").levers
    assert (never["aid.one"].end, never["aid.two"].enabled) == (m(2021), False)
    with pytest.raises(ScenarioError, match="a switch that turns back and forth"):
        turned("posts.enabled: {2021: true, 2022: false, 2023: true}")


def test_a_choice_stands_for_settings_and_what_is_written_out_counts():
    fast = turned("aid.pace: fast")
    assert share(fast)[1] == (m(2021, 10), 0)
    assert fast.levers["posts"].fields["kept"].at(m(2021)) == 0.5
    slow = turned("{aid.pace: slow, aid.path: {2023: 0.5}}")
    assert slow.levers["aid.two"].enabled
    assert slow.levers["aid.one"].fields["share"].at(m(2022)) == 0.8
    dated = turned("aid.pace: {2024: slow}")
    assert dated.levers["aid.two"].start == m(2024)


def test_a_later_layer_counts_whole():
    after = turned("aid.path: {2022: 0.5, 2023: 0.1}", "aid.path: {2023: 0.75}")
    assert after.levers["aid.one"].fields["share"].at(m(2022)) == 0.8
    assert after.levers["aid.one"].fields["share"].at(m(2023)) == pytest.approx(0.6)


def test_figures_that_are_no_knobs():
    after = turned("values.premium: {scale: {2022: 1.1, 2023: 1.2}}")
    assert [after.values["premium"].at(m(year)) for year in (2021, 2022, 2023)] == pytest.approx([300, 330, 360])
    assert turned("values.premium: {growth: {2022: 0.1}}").values["premium"].at(m(2023)) == pytest.approx(363)
    assert turned("posts.pay: 900").levers["posts"].fields["pay"].at(m(2021)) == 900
    assert turned("posts.refill: none").levers["posts"].rule().words_in(m(2021))["refill"] == "none"


WRONG = [
    ("aid.pth: 0.5", "layer0.yaml:1: aid.pth: an unknown knob; allowed: knobs of aid: path, .*did you mean 'aid.path'"),
    ("ad.path: 0.5", "ad.path: an unknown knob; .*did you mean 'aid.path'"),
    ("aid.path: 1.5", r"aid.path: 1.5; allowed: 0 to 1 \(ratio\)"),
    ("aid.path: {2022: half}", "aid.path.2022: 'half'; allowed: 0 to 1"),
    ("aid.path: {2022: 1, 2021: 1}", r"aid.path.2021: 2021 \(2020-10\) after 2021-10; allowed: dates that increase"),
    ("aid.path: {2022: 1, 2021-10: 1}", r"2021-10 \(2021-10\) after 2021-10; allowed: dates that increase. sort the dates"),
    ("aid.path: {from: {22: 1}}", "'22'; allowed: a year such as 2023"),
    ("aid.path: {shape: round, value: 1}", "shape: text 'round'; allowed: stable, steps, linear, cliff, contract_end"),
    ("aid.path: {shape: cliff}", "aid.path.at: missing"),
    ("aid.path: {shape: cliff, at: soon}", "aid.path.at: text 'soon'; allowed: a year"),
    ("aid.path: {value: 1, from: {2022: 1}}", "value, from; allowed: one of value, from"),
    ("aid.path: {value: 1, then: 0}", "'then' without 'until'"),
    ("aid.path: {from: {2024: 1}, until: 2023}", "not before the end 2022-10"),
    ("posts.order: best", "posts.order: 'best'; allowed: lot, need"),
    ("posts.enabled: 1", "posts.enabled: '1'; allowed: true or false"),
    ("aid.months: soon", "aid.months: 'soon'; allowed: 0 to 120 .months., none"),
    ("posts.pay: 20000", "brings posts.pay to 20000 in 2021-01; allowed: 0 to 10000"),
    ("{aid.path: 0.5, aid.one.share: 0.4}", "moves aid.one.share, which aid.path at layer0.yaml:1 moves as well"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_says_what_is_wrong(text, message):
    with pytest.raises(ScenarioError, match=message):
        turned(text)


def test_all_problems_are_told_at_once():
    with pytest.raises(ScenarioError) as caught:
        turned("{aid.path: 7, aid.pth: 1, posts.order: best}")
    assert len(caught.value.problems) == 3


WRONG_KNOBS = [
    ("of: aid.one.share", "of: aid.one.shre", "'aid.one' has no 'shre'; allowed: share, term_years. did you mean 'share'"),
    ("of: aid.one.share", "of: aif.one.share", "no entry 'aif.one'"),
    ("kind: scale, of: aid", "kind: scal, of: aid", "kind: text 'scal'; allowed: set, scale"),
    ("of: posts.exit_order", "of: posts.job", "'posts' has no 'job'"),
    ("        range: [0, 120]\n", "", "aid.knobs.months.range: missing"),
    ("base and h.dibao", "base and h.dibo", "h.dibo"),
]


@pytest.mark.parametrize(("old", "new", "message"), WRONG_KNOBS)
def test_says_what_is_wrong_with_a_knob(old, new, message):
    assert old in KNOBS
    with pytest.raises(ScenarioError, match=message):
        turned(knobs=KNOBS.replace(old, new, 1))


def test_a_plans_setting_needs_a_source():
    report = Report()
    plan_settings(table(setting(), report, knobs=KNOBS.replace(', source: "clause 1", grade: law', "")), report)
    assert [problem.key for problem in report.problems] == ["aid.path.source", "aid.path.grade"]


@given(
    st.lists(st.tuples(st.integers(2021, 2030), st.floats(0, 1)), min_size=1, max_size=5, unique_by=lambda point: point[0]),
    st.booleans(),
)
def test_a_scaled_path_is_the_product_in_every_month(points, straight):
    base = setting().levers["posts" if straight else "aid.one"].fields["slots" if straight else "share"]
    points = sorted((m(year, 1 + year % 12), value) for year, value in points)
    made = _scaled(points, base)
    after = base.changed(tuple(Cited(month, value, base.entries[0].origin) for month, value in made))
    for month in range(m(2013), m(2032)):
        factor = ([1.0] + [value for since, value in points if since <= month])[-1]
        assert after.at(month) == pytest.approx(base.at(month) * factor, abs=1e-9)


def test_documented_in_nanyang_is_what_it_was_as_a_file():
    """The figures of the policy file that stood here before plans had settings."""
    levers = {lever.id: lever for lever in load(policy="documented").rules.levers}
    premium = levers["premium_subsidy_taper_ex_poor"].values["share"]
    assert premium.months[2:] == (m(2021, 10), m(2022, 10), m(2023, 10), m(2024, 10))
    assert premium.values == (0, 0.95, 0.7125, 0.475, 0.2375, 0)
    for posts in ("public_welfare_jobs", "ecological_rangers"):
        assert levers[posts].values["kept"].values == (1, 0.8, 0.6, 0.4, 0.2, 0)
        assert levers[posts].values["kept"].months[1:] == tuple(m(year) for year in range(2022, 2027))
    assert levers["medical_assistance.registered"].values["rate"].values == (0.5, 0)
    kept = {lever.id: lever for lever in load(policy="kept").rules.levers}
    moved = {"premium_subsidy_taper_ex_poor", "public_welfare_jobs", "ecological_rangers", "medical_assistance.registered"}
    # since then the plan's merger of the supplementary fund into assistance, and what is paid as assistance is
    assert levers["supplementary_fund_merger.fund"].values["rate"].values == (0.4, 0)
    moved |= {"supplementary_fund_merger.fund", "medical_assistance.dibao", "medical_assistance.monitored"}
    moved |= {"special_assistance.medical", "universal_livelihood_tilt.medical"}
    # other levers of the plan have settings of their own
    assert {key for key in kept if kept[key] != levers[key]} >= {*moved, "temporary_relief"}


def test_levers_of_other_plans_are_off_and_can_be_switched_on():
    plain = load()
    assert "weather_index_insurance" in {lever.id for lever in plain.off}
    assert "weather_index_insurance" not in {lever.id for lever in plain.rules.levers}
    on = load(overrides=["weather_index_insurance.enabled=true"])
    assert next(lever for lever in on.rules.levers if lever.id == "weather_index_insurance").start == m(2021)
    off = load(overrides=["agricultural_insurance.enabled=false"])
    assert next(lever for lever in off.rules.levers if lever.id == "agricultural_insurance").end == m(2021)


def test_knobs_by_hand():
    path = "premium_subsidy_taper_ex_poor.path"

    def figures(*texts, policy="kept"):
        scenario = load(policy=policy, overrides=texts)
        rule = next(lever for lever in scenario.rules.levers if lever.id == "premium_subsidy_taper_ex_poor")
        return {year: rule.values["share"].at(m(year)) for year in (2020, 2021, 2022, 2023)}

    assert figures(f"{path}=0.5") == {2020: 0.95, 2021: 0.475, 2022: 0.475, 2023: 0.475}
    # with a date what the plan says before it stays
    assert figures(f"{path}@2023=0.1", policy="documented") == {2020: 0.95, 2021: 0.95, 2022: 0.7125, 2023: 0.095}
    with pytest.raises(ScenarioError, match=r"override: premium_subsidy_taper_ex_poor.path: 2; allowed: 0 to 1"):
        load(overrides=[f"{path}=2"])
    assert load(policy="kept", overrides=[f"{path}@2023=0.1"]).decision_month == m(2022, 10)


def test_the_stance_of_the_transition_and_its_clock():
    def premium(place, *texts):
        scenario = load(place, "documented", texts)
        return next(one for one in scenario.rules.levers if one.id == "premium_subsidy_taper_ex_poor").values["share"]

    assert premium("nanyang", "four_no_withdrawals.mode=hold").at(m(2024)) == 0.95
    assert premium("nanyang", "policy_class_schedule.class_default=all_stable").at(m(2024)) == 0.95
    assert premium("nanyang").at(m(2024)) == 0.2375


def test_the_end_of_the_transition_follows_its_rule():
    assert ended(Clock(), "2025-12", None).after == m(2026)
    assert ended(Clock(), "exit, 2025-02", None).after == m(2025, 3)
    # five years after an exit in April 2019: the last month is April 2024
    assert ended(Clock(), "exit, 2025-02", m(2019, 4)).after == m(2024, 5)
