"""Family files: shipped ones are read, mistakes are told all at once with file, line and key."""

from __future__ import annotations

from itertools import pairwise

import pytest

from scenarios import ScenarioError
from scenarios.family import Job, read_family
from scenarios.load import load
from scenarios.scripted import NEVER, QUIET, SURE, as_family, as_script, owed, payer
from scenarios.shipped import families
from sim.draws import STREAMS
from sim.rules import month_index
from sim.state import JOBS

GOOD = """
id: mine
name: {zh: 一家, en: a family}
household: {group: other, farm: 2000, assets: 500}
members:
  old: {sex: female, born: 1950-02}
  young: {sex: male, born: 1990-07, job: {kind: migrant, wage: 4000, months: 8}}
events:
  - {month: 2022-03, member: young, admitted: 20000}
  - {month: 2023-01, until: 2023-06, member: young, job: farm}
policies:
  cliff:
    events:
      - {month: 2023-02, applies: dibao}
"""


def write(folder, text):
    path = folder / "family.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", families())
def test_shipped_families_are_read(name):
    described = read_family(name)
    assert described.id == name and described.members and described.names["zh"]


def test_a_family_becomes_columns(tmp_path):
    described = read_family(write(tmp_path, GOOD))
    rules = load("golden", "kept").rules
    family = as_family(described, rules, described.start)
    assert family.household["land_mu"] == pytest.approx(2.0) and family.household["assets"] == 50_000
    assert family.members[0]["job"] == JOBS.index("farm")
    young = family.members[1]
    assert young["job"] == JOBS.index("migrant") and young["wage"] == 400_000 and young["season"] == -1.0


def test_a_family_becomes_a_script(tmp_path):
    described = read_family(write(tmp_path, GOOD))
    rules = load("golden", "kept").rules
    kept, cliff = (as_script(described, policy, rules) for policy in ("kept", "cliff"))
    assert len(cliff.forced) > len(kept.forced)
    applies = [one for one in cliff.forced if one.stream == "apply"]
    assert {(one.first, one.u) for one in applies} >= {(month_index(2023, 2), SURE)}
    # what is written wins over the quiet around it, and no month is fixed twice
    for stream, entity in {(one.stream, one.entity) for one in cliff.forced}:
        spans = sorted((one.first, one.last) for one in cliff.forced if (one.stream, one.entity) == (stream, entity))
        assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert {one.u for one in kept.forced if one.stream == "death"} == {NEVER}
    back = [edit for edit in kept.edits if edit.column == "job" and edit.month == month_index(2023, 7)]
    assert [edit.value for edit in back] == [JOBS.index("migrant")]


def test_all_mistakes_are_told_at_once(tmp_path):
    bad = GOOD.replace("group: other", "group: rich").replace("sex: female", "sex: f").replace("born: 1990-07", "born: 90-07")
    bad = (
        bad.replace("kind: migrant", "kind: migrnt")
        .replace("month: 2022-03", "month: 2022-13")
        .replace("farm: 2000", "fram: 2000")
    )
    bad = bad.replace("admitted: 20000", "admitted: 20000, dies: true")
    with pytest.raises(ScenarioError) as caught:
        read_family(write(tmp_path, bad))
    text = str(caught.value)
    for part in ("household.group", "members.old.sex", "members.young.born", "migrnt", "2022-13", "fram", "admitted, dies"):
        assert part in text or part.replace("admitted, dies", "dies, admitted") in text, part
    assert "family.yaml:4" in text


def test_an_unknown_column_gets_the_nearest(tmp_path):
    with pytest.raises(ScenarioError, match="did you mean 'disability_grade'"):
        read_family(write(tmp_path, GOOD.replace("born: 1950-02}", "born: 1950-02, set: {disability_grad: 2}}")))


def test_every_draw_that_could_befall_a_family_is_quiet():
    drawn = {name for name, stream in STREAMS.items() if stream.entity in ("person", "household")}
    shapes = ("bill", "capacity", "job_kind", "born_sex", "register", "post_order", "herd", "cause", "loan_need", "move", "trait")
    at_first = {name for name in drawn if name.startswith(("start_", "spare_"))}
    assert drawn - set(QUIET) == {*shapes, *at_first}, (
        "say in QUIET at which draw nothing happens, or here that it shapes no event"
    )


def test_a_place_is_paid_by_the_lever_that_is_named_or_by_the_first_of_its_kind():
    rules = load("golden", "orderly").rules
    ids = [lever.id for lever in rules.levers]
    month = month_index(2022, 1)
    assert ids[payer(Job("ranger"), rules, month)] == "ecological_rangers"
    assert ids[payer(Job("work_for_relief"), rules, month)] == "work_for_relief"
    assert ids[payer(Job("work_for_relief", lever="ecological_rangers"), rules, month)] == "ecological_rangers"
    assert payer(Job("ranger", lever="rangers"), rules, month) == -1


def test_levers_that_the_scenario_does_not_know_are_told_at_once(tmp_path):
    wrong = GOOD.replace("kind: migrant, wage: 4000, months: 8", "kind: ranger, lever: ecological_ranger")
    wrong = wrong.replace("assets: 500}", "assets: 500, loan: {amount: 1, from: 2021-03, months: 9, rate: 0.1, lever: bank}}")
    described = read_family(write(tmp_path, wrong))
    with pytest.raises(ScenarioError) as caught:
        as_family(described, load("golden", "kept").rules, described.start)
    text = str(caught.value)
    assert "2 problems" in text and "family.yaml:7: members.young.job: a lever 'ecological_ranger'" in text
    assert "did you mean 'ecological_rangers'?" in text and "family.yaml:4: household.loan.lever: 'bank'" in text


@pytest.mark.parametrize(("taken", "balance"), [("2020-03", 100_000), ("2021-03", 0), ("2016-03", 0)])
def test_a_loan_is_owed_from_the_month_after_it_is_taken_until_it_is_due(tmp_path, taken, balance):
    loan = f"assets: 500, loan: {{amount: 1000, from: {taken}, months: 36, rate: 0.1}}}}"
    described = read_family(write(tmp_path, GOOD.replace("assets: 500}", loan)))
    assert owed(described, load("golden", "kept").rules, described.start).get("loan_balance", 0) == balance


@pytest.mark.parametrize("start", ["2021-04", "2014-01"])
def test_a_story_begins_in_a_january_that_has_two_years_before_it(tmp_path, start):
    with pytest.raises(ScenarioError, match="a January such as 2021-01, from 2015-01 on"):
        read_family(write(tmp_path, GOOD.replace("id: mine", f"id: mine\nstart: {start}")))


def test_what_can_never_happen_is_refused_all_at_once(tmp_path):
    text = (
        GOOD.replace("1990-07", "2027-01").replace("2022-03", "2018-12").replace("2023-02", "2031-02").replace("cliff:", "clif:")
    )
    with pytest.raises(ScenarioError) as caught:
        read_family(write(tmp_path, text))
    told = {problem.key: (problem.given, problem.allowed, problem.hint) for problem in caught.value.problems}
    assert told["members.young.born"][:2] == ("2027-01", "a month up to 2021-01, the first one told")
    assert told["events[0].month"][:2] == ("2018-12", "from 2019-01 to 2026-12")
    assert told["policies.clif.events[0].month"][0] == "2031-02"
    assert "cliff" in told["policies.clif"][2]
    assert len(told) == 4
