"""Places that list counties."""

import pytest

from scenarios import ScenarioError, counties, lists_counties, load, place_names
from scenarios.place import split_name
from sim.rules import month_index

COUNTY = """    county:
      households: {unit: households, value: 2000, source: assumption, grade: assumption}
      villages: {unit: villages, value: 8, source: assumption, grade: assumption}
      townships: {unit: townships, value: 2, source: assumption, grade: assumption}
"""
WEIGHT = "    weight: {unit: counties, value: 3, source: assumption, grade: assumption}\n"
HEAD = "id: mine\nlevel: province\nparent: henan\nname: {zh: 我省, en: Mine}\ncounties:\n"


def item(name="hill", weight=WEIGHT, county=COUNTY, more=""):
    return f"  - id: {name}\n    name: {{zh: 山县, en: Hill}}\n{weight}{county}{more}"


def written(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def national():
    return [(one.weight, load(one.name)) for one in counties("national")]


def test_the_nation_sums_to_the_published_totals():
    found = national()
    share = [scenario.rules.values["registered_share"].values[0] for _, scenario in found]
    homes = [weight * scenario.county.households for weight, scenario in found]
    registered = sum(part * home for part, home in zip(share, homes, strict=True))
    # 29.48 million households with 89.62 million persons were registered in 2014; 98.99 million were poor in 2012
    assert registered == pytest.approx(29.48e6, rel=0.002)
    assert registered * 89.62 / 29.48 == pytest.approx(89.62e6, rel=0.002)
    assert sum(homes) * 3.38 == pytest.approx(98.99e6 / 0.102, rel=0.01)
    assert sum(weight * scenario.county.townships for weight, scenario in found) == pytest.approx(31_925, rel=0.05)


def test_the_ex_poor_counties_of_the_nation_are_those_of_the_programme():
    keys = [one for one in counties("national") if one.name.endswith("_key")]
    assert sum(one.weight for one in keys) == 832


def test_counties_of_the_nation_have_luck_of_their_own():
    found = counties("national")
    assert [one.number for one in found] == list(range(len(found)))
    assert [load(one.name).county.number for one in found] == list(range(len(found)))
    assert 8 <= len(found) <= 12


def test_a_listed_county_differs_from_the_nation_where_it_says_so():
    coast, plain = load("national/east_open"), load("national/central_other")
    for scenario in (coast, plain):
        standard = next(lever for lever in scenario.rules.levers if lever.id == "dibao").values["standard"]
        expected = {"national/east_open": 1.5, "national/central_other": 0.95}[scenario.place] * 503.8
        assert standard.at(month_index(2021)) / 100 == pytest.approx(expected, abs=0.5)
    assert coast.origin["values.skill_mean"][0].level == "place"
    assert coast.origin["values.poverty_line"][0].level == "nation"


def test_the_figures_of_henan_replace_those_of_the_nation_whole():
    standard = next(lever for lever in load("nanyang").rules.levers if lever.id == "dibao").values["standard"]
    assert standard.months[0] == month_index(2013) and standard.values[0] == 13_300
    origins = load("nanyang").origin["levers.dibao.standard"]
    assert {origin.level for origin in origins} == {"province"}
    assert {origin.file for origin in origins} == {"places/henan.yaml"}


def test_a_place_that_is_a_county_is_its_only_county():
    (only,) = counties("nanyang")
    assert (only.name, only.weight, only.number) == ("nanyang", 1.0, 0)
    assert lists_counties("national") and not lists_counties("nanyang") and not lists_counties("national/east_key")
    assert place_names("national") == {"zh": "全国", "en": "China"}


def test_names_of_counties_are_cut_at_the_place():
    assert split_name("national/east_key") == ("national", "east_key")
    assert split_name("a/mine.yaml/hill") == ("a/mine.yaml", "hill")
    assert split_name("a/mine.yaml") == ("a/mine.yaml", "")
    assert split_name("nothing/hill") == ("nothing/hill", "")


def test_a_province_of_ones_own_lists_counties(tmp_path):
    place = written(tmp_path, HEAD + item() + item("plain"))
    found = counties(place)
    assert [(one.name, one.weight, one.number) for one in found] == [(f"{place}/hill", 3.0, 0), (f"{place}/plain", 3.0, 1)]
    scenario = load(found[1].name)
    assert (scenario.place, scenario.county.households, scenario.county.number) == ("mine/plain", 2000, 1)
    # Henan's figures reach its counties
    assert scenario.origin["values.june_share"][0].level == "province"


def test_a_place_of_counties_is_no_county():
    with pytest.raises(ScenarioError, match="one county: national/west_southwest_key"):
        load("national")
    with pytest.raises(ScenarioError, match="did you mean 'east_key'"):
        load("national/east_kye")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + item(weight=""), "counties[0].weight: missing"),
        (HEAD + item(weight=WEIGHT.replace("3", "0")), "counties[0].weight.value: a number 0; allowed: a number above 0"),
        (HEAD + item(weight=WEIGHT.replace("unit: counties", "unit: county")), "did you mean 'counties'"),
        (HEAD + item(county=""), "counties[0].county: missing"),
        (HEAD + item() + item(), "'hill' given twice"),
        (HEAD + item("Hill"), "small letters, digits and _"),
        (HEAD + item(more="    wieght: 3\n"), "did you mean 'weight'"),
        (HEAD + "  []\n", "a list of at least one county"),
        (HEAD.replace("counties:", "county: {}\ncounties:") + item(), "'county' beside 'counties'"),
        (HEAD + item(more="    values:\n      skil_mean: {unit: log points}\n"), "did you mean 'skill_mean'"),
    ],
)
def test_mistakes_in_a_list_of_counties_are_told(tmp_path, text, told):
    with pytest.raises(ScenarioError) as caught:
        counties(written(tmp_path, text))
    assert told in str(caught.value)
    assert "mine.yaml:" in str(caught.value)


def test_a_mistake_in_the_overrides_of_a_county_is_told(tmp_path):
    more = "    overrides:\n      - {lever: dibaoo, field: standard, values: []}\n"
    with pytest.raises(ScenarioError, match="did you mean 'dibao'"):
        load(written(tmp_path, HEAD + item(more=more)) + "/hill")


def test_figures_of_the_counties_of_the_nation_are_assumptions():
    for _, scenario in national():
        origins = [*scenario.origin["county.households"], *scenario.origin["values.registered_share"]]
        assert {origin.grade for origin in origins} == {"assumption"}
