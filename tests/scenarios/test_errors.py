"""What the loader says when files are wrong: file, line, key, what is allowed, nearest match; all problems at once."""

import pytest

from scenarios import ScenarioError, load
from sim.rules import month_index

CITED = "source: s, grade: law"

PLACE = """\
id: mine
level: place
parent: henan
name: {zh: 我县, en: Mine}
county:
  households: {unit: households, value: 1000, source: s, grade: assumption}
  villages: {unit: villages, value: 10, source: s, grade: assumption}
  townships: {unit: townships, value: 2, source: s, grade: assumption}
values:
"""

LEVER = """\
id: mine
name: {zh: 我, en: Mine}
levers:
  - id: my_visits
    name: {zh: 走访, en: Visits}
    mechanism: detection_channel
    who: "h.ex_poor"
    account: county_staff
    level: county
    start: 2022-01
    fields:
      probability: {unit: probability, range: [0, 1], value: 0.5, source: s, grade: assumption}
      staff: {unit: workers/1000 households, range: [0, 99], value: 5, source: s, grade: assumption}
      visits: {unit: visits/month, range: [0, 99], value: 5, source: s, grade: assumption}
    unused: [false_alarms, interval, visits_monitored, visits_ex_poor, visits_other, large_bill, least_loss]
    words: {channel: visit, record: none}
"""


def told(tmp_path, text, **arguments):
    """Return what loading a file of this text says."""
    path = tmp_path / "my.yaml"
    path.write_text(text, encoding="utf-8")
    argument = "policy" if "levers:" in text or "overrides:" in text else "place"
    with pytest.raises(ScenarioError) as caught:
        load(**({argument: str(path)} | arguments))
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
    return str(caught.value).replace(str(tmp_path) + "/", "")


def test_a_place_of_your_own(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(PLACE + "  premium: {unit: yuan/person/year, range: [0, 999], value: 300, source: s, grade: law}\n")
    scenario = load(place=path)
    assert scenario.place == "mine"
    assert scenario.rules.values["premium"].values == (30000.0,)
    assert scenario.origin["values.premium"][0].file == str(path)
    assert (scenario.county.households, scenario.county.villages) == (1000, 10)


def test_a_policy_with_levers_of_your_own(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(LEVER)
    scenario = load(policy=path)
    lever = next(lever for lever in scenario.rules.levers if lever.id == "my_visits")
    assert lever.values["large_bill"].values == (0.0,)
    assert scenario.decision_month == month_index(2022)


def test_a_chain_of_files_beside_each_other(tmp_path):
    (tmp_path / "county.yaml").write_text(PLACE.replace("parent: henan", "parent: area.yaml").removesuffix("values:\n"))
    (tmp_path / "area.yaml").write_text("id: area\nlevel: province\nparent: nation\nname: {zh: 省, en: Area}\n")
    assert load(place=tmp_path / "county.yaml").origin["values.june_share"][0].level == "nation"
    (tmp_path / "area.yaml").write_text("id: area\nlevel: province\nparent: county.yaml\nname: {zh: 省, en: Area}\n")
    with pytest.raises(ScenarioError, match="is its own ancestor"):
        load(place=tmp_path / "county.yaml")


WRONG_VALUES = [
    ("premiun: {}", "my.yaml:10: values.premiun: an unknown value; allowed: .*did you mean 'premium'"),
    ("premium: 300", "my.yaml:10: values.premium: a number 300; allowed: a mapping"),
    (
        "premium: {unit: yuan/month, range: [0, 9], value: 3, source: s, grade: law}",
        "my.yaml:10: values.premium.unit: 'yuan/month'; allowed: 'yuan/person/year', the engine's unit. convert",
    ),
    (
        "premium: {unit: yuan/person/year, range: [0, 9], value: 10, source: s, grade: law}",
        "my.yaml:10: values.premium.value: 10; allowed: 0 to 9",
    ),
    (
        "premium: {unit: yuan/person/year, range: [9, 0], value: 3, source: s, grade: law}",
        "values.premium.range: a list; allowed: two numbers, the lower one first",
    ),
    (
        "premium: {unit: yuan/person/year, range: [0, 9], value: three, source: s, grade: law}",
        "values.premium.value: text 'three'; allowed: a number",
    ),
    (
        "premium: {unit: yuan/person/year, range: [0, 9], value: true, source: s, grade: law}",
        "values.premium.value: true or false True; allowed: a number",
    ),
    (
        "premium: {unit: yuan/person/year, range: [0, 9], value: 3, grade: law}",
        "my.yaml:10: values.premium.source: missing",
    ),
    (
        "premium: {unit: yuan/person/year, range: [0, 9], value: 3, source: s, grade: laws}",
        "values.premium.grade: text 'laws'; allowed: law, official_statistic, .*did you mean 'law'",
    ),
    (
        "premium: {unit: yuan/person/year, range: [0, 9], value: 3, source: s, grade: law, sorce: x}",
        "values.premium.sorce: an unknown key; .*did you mean 'source'",
    ),
    (
        "premium: {unit: yuan/person/year, range: [0, 9], value: 3, values: [], source: s, grade: law}",
        "values.premium.value: 'value' beside 'values'",
    ),
    (
        "premium: {unit: yuan/person/year, range: [0, 9], shape: curve, value: 3, source: s, grade: law}",
        "values.premium.shape: text 'curve'; allowed: step, linear",
    ),
]


@pytest.mark.parametrize(("line", "message"), WRONG_VALUES)
def test_wrong_values(tmp_path, line, message):
    path = tmp_path / "my.yaml"
    path.write_text(PLACE + f"  {line}\n")
    with pytest.raises(ScenarioError, match=message):
        load(place=path)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            "2021-01",
            "2020-01",
            r"my.yaml:15: values.premium.values\[1\].from: 2020-01 after 2021-01; allowed: dates that increase",
        ),
        ("2021-01", "2021-01", "2021-01 after 2021-01; allowed: dates that increase"),
        (
            "2021-13",
            "2022-01",
            r"my.yaml:14: values.premium.values\[0\].from: text '2021-13'; allowed: a month such as 2021-04",
        ),
        ("2021", "2022-01", r"values\[0\].from: a number 2021; allowed: a month"),
        ("1999-12", "2022-01", "'1999-12'; allowed: a month .*from 2000-01 to 2060-12"),
        ("2021-01", "2061-01", r"my.yaml:15: values.premium.values\[1\].from: text '2061-01'"),
    ],
)
def test_wrong_dates(tmp_path, first, second, message):
    path = tmp_path / "my.yaml"
    lines = [f"      - {{from: {month}, value: 5, source: s, grade: law}}\n" for month in (first, second)]
    head = "  premium:\n    unit: yuan/person/year\n    range: [0, 9]\n    values:\n"
    path.write_text(PLACE + head + "".join(lines))
    with pytest.raises(ScenarioError, match=message):
        load(place=path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("level: place", "level: county", "my.yaml:2: level: text 'county'; allowed: nation, province, place"),
        ("parent: henan", "parent: henna", "my.yaml:3: parent: unknown name 'henna'; .*did you mean 'henan'"),
        ("name: {zh: 我县, en: Mine}", "name: {zh: 我县}", "my.yaml:4: name.en: missing"),
        ("value: 10,", "value: 10.5,", "my.yaml:7: county.villages.value: a number 10.5; allowed: a whole number"),
        ("value: 10,", "value: 1,", "1000 households, 1 villages, 2 townships; allowed: households >= villages"),
        ("  townships:", "  township:", "county.township: an unknown key; .*did you mean 'townships'"),
        ("unit: villages", "unit: village", "county.villages.unit: text 'village'; allowed: villages"),
        ("values:\n", "tables: {chronik: {}}\n", "tables.chronik: an unknown table; .*did you mean 'chronic'"),
        ("values:\n", "tables: {admission: {unit: probability/year, source: s, grade: law, rows: [[0.1]]}}\n",
         "my.yaml:9: tables.admission.rows: 1 rows of 1 figures; allowed: 1 rows of 6 figures"),
        ("values:\n", "tables: {admission: {unit: share, source: s, grade: law, rows: [[1, 1, 1, 1, 1, 2]]}}\n",
         "tables.admission.unit: 'share'; allowed: 'probability/year'"),
        ("values:\n", f"tables: {{admission: {{unit: probability/year, {CITED}, rows: [[1, 1, 1, 1, 1, 2]]}}}}\n",
         "tables.admission.rows: 2; allowed: numbers from 0 to 1"),
        ("values:\n", f"tables: {{household_types: {{unit: share, {CITED}, rows: [[1, 1, 0, 0, 0, 0, 0, 0]]}}}}\n",
         "shares that sum to 2; allowed: shares that sum to 1"),
        ("values:\n", "valuess: {}\n", "my.yaml:9: valuess: an unknown key; .*did you mean 'values'"),
    ],
)  # fmt: skip
def test_wrong_places(tmp_path, old, new, message):
    path = tmp_path / "my.yaml"
    path.write_text(PLACE.removesuffix("values:\n").replace(old, new) + (new if old == "values:\n" else ""))
    with pytest.raises(ScenarioError, match=message):
        load(place=path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("mechanism: detection_channel", "mechanism: detection", "my.yaml:6: .*did you mean 'detection_channel'"),
        ("staff: {unit", "stff: {unit", "my_visits.fields.stff: an unknown field; .*did you mean 'staff'"),
        ("staff: {unit", "stff: {unit", "my.yaml:11: my_visits.fields.staff: missing; .*or list it under 'unused'"),
        ("channel: visit", "channel: visits", "words.channel: .*self_report, visit, data. did you mean 'visit'"),
        ("channel: visit", "chanel: visit", "my_visits.words.chanel: an unknown key; .*did you mean 'channel'"),
        ("    words: {channel: visit, record: none}\n", "", "my.yaml:4: my_visits.words: missing"),
        ("value: 0.5, source: s,", "value: 0.5,", "my.yaml:12: my_visits.fields.probability.source: missing"),
        ("h.ex_poor", "h.ex_por", "my.yaml:7: my_visits.who: unknown .*did you mean 'h.ex_poor'"),
        ("h.ex_poor", "p.age > 60", "p.age; allowed: attributes h., because detection_channel acts"),
        ("h.ex_poor", "h.dibao and not h.dibao", "which nobody can meet"),
        ("unused: [false", "unused: [large_bil, false", "unused: text 'large_bil'; allowed: fields that are not given"),
        ("start: 2022-01", "start: 2022-01\n    end: 2021-01", "my_visits.end: 2021-01, not after the start 2022-01"),
        ("level: county", "level: village", "my_visits.level: text 'village'; allowed: township, county"),
        ("id: my_visits", "id: My visits", "lever.id: text 'My visits'; allowed: small letters"),
        ("account: county_staff", "clauses: {nanyang: 3}", "my_visits.account: missing"),
        ("account: county_staff", "clauses: {nanyang: 3}", "clauses.nanyang: a number 3; allowed: the clause"),
    ],
)  # fmt: skip
def test_wrong_levers(tmp_path, old, new, message):
    path = tmp_path / "my.yaml"
    assert old in LEVER
    path.write_text(LEVER.replace(old, new))
    with pytest.raises(ScenarioError, match=message):
        load(policy=path)


OVERRIDE = """\
id: mine
name: {zh: 我, en: Mine}
overrides:
  - lever: public_welfare_jobs
    field: kept
    decided: 2022-01
    values: [{from: 2022-02, value: 0.5, source: s, grade: assumption}]
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("public_welfare_jobs", "public_welfare_job", "my.yaml:4: .*lever: .*did you mean 'public_welfare_jobs'"),
        ("field: kept", "field: keep", "my.yaml:5: overrides\\[0\\].field: .*did you mean 'kept'"),
        ("value: 0.5", "value: 2.5", "my.yaml:7: overrides\\[0\\].values\\[0\\].value: 2.5; allowed: 0 to 2"),
        ("from: 2022-02", "from: 2021-12", "2021-12; allowed: 2022-01, the month of the decision, or later"),
        ("source: s, ", "", "overrides\\[0\\].values\\[0\\].source: missing"),
        ("lever: public_welfare_jobs\n    field: kept", "value: premiun", "value: .*did you mean 'premium'"),
        ("field: kept", "word: exit_order\n    to: randm", "overrides\\[0\\].to: .*did you mean 'random'"),
    ],
)  # fmt: skip
def test_wrong_policies(tmp_path, old, new, message):
    path = tmp_path / "my.yaml"
    assert old in OVERRIDE
    path.write_text(OVERRIDE.replace(old, new))
    with pytest.raises(ScenarioError, match=message):
        load(policy=path)


def test_a_word_counts_from_its_decision(tmp_path):
    path = tmp_path / "my.yaml"
    head = OVERRIDE.split("    field")[0]
    path.write_text(head + "    word: exit_order\n    to: random\n    decided: 2023-06\n")
    assert load(policy=path).decision_month == month_index(2023, 6)
    path.write_text(head + "    end: 2024-01\n")
    assert load(policy=path).decision_month == month_index(2024)


def test_unknown_names_get_the_nearest():
    with pytest.raises(ScenarioError, match=r"place: unknown name 'nanyan'.*did you mean 'nanyang'"):
        load("nanyan")
    with pytest.raises(ScenarioError, match=r"policy: unknown name 'documentd'.*did you mean 'documented'"):
        load(policy="documentd")
    with pytest.raises(ScenarioError, match="choose a place, not a province or the nation"):
        load("henan")


def test_all_problems_are_told_together(tmp_path):
    text = PLACE.replace("level: place", "level: plaice") + "  premiun: {}\n  pension: {unit: yuan, range: [0, 1], value: 2}\n"
    message = told(tmp_path, text, overrides=["values.nothing=1"])
    assert message.startswith("7 problems in the scenario:")
    for part in (
        "my.yaml:2: level",
        "values.premiun",
        "values.pension.unit",
        "values.pension.value",
        "pension.source",
        "pension.grade",
        "override: values.nothing",
    ):
        assert part in message


def test_an_own_entry_in_place_of_a_shipped_one_is_told_of_and_breaks_nothing(tmp_path):
    """A place changes figures of the shipped entry: an own one without them once ended in a traceback."""
    path = tmp_path / "mine.yaml"
    path.write_text(
        "levers:\n  - id: dibao\n    name: {zh: 二, en: Two}\n    mechanism: top_up\n    who: 'True'\n    account: a\n"
        "    level: county\n    fields: {}\n    words: {income: trailing}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match=r"mine.yaml:8: dibao.fields.standard: missing"):
        load("nanyang", levers=[str(path)])
