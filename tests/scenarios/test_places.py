"""The shipped places: the five plans' and the nation, their plans, clocks and sources."""

import pytest

from scenarios import ScenarioError, counties, load, places
from scenarios.catalogue import place_catalogue
from scenarios.cited import show_month
from scenarios.wording import PLANS
from sim.rules import month_index

CLOCKS = {
    "shanwei": ("plan_period", "2021-01", "2025-12"),
    "fuhuan": ("date_of_exit", "2020-12", "2025-11"),
    "longyan": ("not_stated", "2021-01", "2025-12"),
    "heilongjiang/ex_poor": ("after_2020", "2021-01", "2025-12"),
    # left the list in February 2020: the clock stops before the plan period does
    "nanyang": ("date_of_exit", "2020-03", "2025-02"),
}
HEAD = "id: mine\nlevel: place\nparent: henan\nname: {zh: 我县, en: Mine}\n"
COUNTY = """county:
  households: {unit: households, value: 2000, source: assumption, grade: assumption}
  villages: {unit: villages, value: 8, source: assumption, grade: assumption}
  townships: {unit: townships, value: 2, source: assumption, grade: assumption}
"""
SOURCED = "source: county notice of 2020, grade: official_statistic"


def clock(text):
    return f"transition: {{{text}, {SOURCED}}}\n"


def written(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_every_plan_has_a_place_and_the_nation_has_none():
    found = {load(county.name, "kept").plan for place in places() for county in counties(place)}
    assert found == {*PLANS, ""}
    assert {load(county.name, "kept").plan for county in counties("national")} == {""}
    # the worked households follow the settings of Nanyang, with the levers of all plans in force
    assert load("golden", "kept").plan == "nanyang"


@pytest.mark.parametrize(("place", "expected"), CLOCKS.items())
def test_clocks_of_the_five_plans(place, expected):
    transition = load(place, "kept").transition
    assert (transition.rule, show_month(transition.start), show_month(transition.end)) == expected
    assert transition.after == transition.end + 1
    assert transition.origin.source


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (clock("rule: plan_period"), (2021, 1), (2025, 12)),
        (clock("rule: after_2020"), (2021, 1), (2025, 12)),
        # sixty months after the month of exit; December runs into the next year
        (clock("rule: date_of_exit, exit: 2019-05"), (2019, 6), (2024, 5)),
        (clock("rule: date_of_exit, exit: 2018-12"), (2019, 1), (2023, 12)),
        (clock("rule: not_stated, start: 2021-04, end: 2026-03"), (2021, 4), (2026, 3)),
        # what is given wins over the rule
        (clock("rule: date_of_exit, exit: 2019-05, end: 2025-12"), (2019, 6), (2025, 12)),
        # nothing said: the country's
        ("", (2021, 1), (2025, 12)),
    ],
)
def test_the_end_of_the_transition_by_rule(tmp_path, text, start, end):
    transition = load(written(tmp_path, HEAD + text + COUNTY), "kept").transition
    assert (transition.start, transition.end) == (month_index(*start), month_index(*end))


def test_a_plan_is_inherited_and_can_be_cut(tmp_path):
    below = HEAD.replace("henan", "nanyang")
    assert load(written(tmp_path, below + COUNTY), "kept").plan == "nanyang"
    assert load(written(tmp_path, below + "plan: none\n" + COUNTY), "kept").plan == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plan: nanjang\n", "did you mean 'nanyang'"),
        (clock("rule: date_of_exit"), "transition.exit: missing"),
        (clock("rule: date_of_exits, exit: 2019-05"), "did you mean 'date_of_exit'"),
        (clock("rule: not_stated, start: 2021-01"), "transition.end: missing"),
        (clock("rule: plan_period, exit: 2020-02"), "only with date_of_exit"),
        (clock("rule: plan_period, end: 2020-02"), "2021-01 to 2020-02"),
        (clock("rule: after_2020, end: 2025-13"), "a month such as"),
        ("transition: {rule: after_2020}\n", "transition.source: missing"),
    ],
)
def test_mistakes_are_told_with_file_line_and_remedy(tmp_path, text, told):
    with pytest.raises(ScenarioError) as caught:
        load(written(tmp_path, HEAD + text + COUNTY), "kept")
    assert told in str(caught.value)
    assert "mine.yaml:5" in str(caught.value)


def test_a_county_is_a_former_poor_county_or_not(tmp_path):
    flag = "  former_poor_county: {{unit: flag, value: {}, source: list of counties, grade: official_statistic}}\n"
    scenario = load(written(tmp_path, HEAD + COUNTY + flag.format(1)), "kept")
    assert scenario.series["county.former_poor_county"].entries[0].value == 1
    with pytest.raises(ScenarioError, match="0 or 1"):
        load(written(tmp_path, HEAD + COUNTY + flag.format(2)), "kept")


def test_the_catalogue_shows_plan_and_clock():
    found = place_catalogue()
    assert found["nanyang"]["plan"] == "nanyang"
    assert (found["nanyang"]["transition"]["end"], found["nanyang"]["transition"]["exit"]) == ("2025-02", "2020-02")
    assert found["heilongjiang"]["listed"]["heilongjiang/other"]["transition"]["rule"] == "after_2020"
    # 20 + 47 counties
    assert found["heilongjiang"]["counties"] == 67


@pytest.mark.parametrize("place", ["shanwei", "fuhuan", "longyan", "heilongjiang/ex_poor", "heilongjiang/other"])
def test_what_nobody_published_is_marked_as_assumed(place):
    scenario = load(place, "kept")
    for key, origins in scenario.origin.items():
        for origin in origins:
            assert origin.source, key
            if "recalled" in origin.source or "assum" in origin.source or "secondary" in origin.source:
                assert origin.level in ("nation", "province") or origin.grade == "assumption", (key, origin)


def test_the_published_tekun_standards_of_heilongjiang_come_out():
    levers = {lever.id: lever for lever in load("heilongjiang/ex_poor", "kept").rules.levers}
    # 5,892 and 6,394 yuan a year, from the ratios to the dibao standard
    for year, yearly in ((2018, 5_892), (2019, 6_394)):
        assert levers["tekun_support"].values["amount"].at(month_index(year)) * 12 / 100 == pytest.approx(yearly, rel=0.002)
