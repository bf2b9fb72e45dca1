"""The clause book against the catalogue's own tables (clauses.csv, plan_clauses.csv), and its reader."""

import csv
from pathlib import Path

import pytest
from catalogue_ids import BACKGROUND, PLACES, SETS

from scenarios.place import plan_of, read_chain
from scenarios.planbook import PlanBook, plan_book, read_book
from scenarios.problems import Report, ScenarioError
from scenarios.shipped import FOLDER, lever_ids, shipped
from scenarios.yamlfile import parse_yaml

HERE = Path(__file__).parent


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table beside this file."""
    with open(HERE / name, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def book() -> PlanBook:
    return plan_book()


def test_every_lever_of_the_catalogue_is_in_the_book_and_no_other(book):
    listed = {row["lever"]: (row["group"], row["kind"]) for row in table("clauses.csv")}
    assert len(listed) == 136
    assert {key: (lever.group, lever.kind) for key, lever in book.levers.items()} == listed
    assert len(book.groups) == 17 and {lever.group for lever in book.levers.values()} == set(book.groups)


def test_clauses_and_paths_of_every_lever_and_place_are_the_catalogues(book):
    listed = {(row["lever"], row["plan"]): (row["clauses"].split(), row["main"], row["path"]) for row in table("clauses.csv")}
    found = {
        (key, plan): (list(said.clauses), said.main, said.path)
        for key, lever in book.levers.items()
        for plan, said in lever.plans.items()
    }
    assert len(listed) == 456
    assert found == listed


def test_what_a_clause_holds_follows_and_equals_the_catalogues_coverage(book):
    rows = table("plan_clauses.csv")
    assert len(rows) == 131
    assert [(plan.id, number) for plan in book.plans.values() for number in plan.clauses] == sorted(
        ((row["plan"], row["clause"]) for row in rows), key=lambda pair: list(book.plans).index(pair[0])
    )
    for row in rows:
        plan, number = row["plan"], row["clause"]
        levers = {key for key, lever in book.levers.items() if plan in lever.plans and number in lever.plans[plan].clauses}
        targets = {key for key, target in book.targets.items() if number in target.plans.get(plan, ())}
        codes = book.plans[plan].clauses[number].not_simulated
        assert (levers, targets) == (set(row["levers"].split()), set(row["targets"].split())), row
        assert sorted(codes) == row["not_simulated"].split(), row
        assert levers or targets or codes, row


def test_every_target_is_in_the_book(book):
    assert set(book.targets) == {target for row in table("plan_clauses.csv") for target in row["targets"].split()}
    assert len(book.targets) == 31


def test_every_target_says_how_it_is_judged_and_by_which_measure(book):
    assert not [key for key, target in book.targets.items() if not target.formula or not target.measure]


@pytest.mark.parametrize("name", SETS)
def test_every_scenario_set_is_shipped(name):
    assert name in shipped("sets")


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_shipped_with_its_plan(place, book):
    assert place in shipped("places")
    assert plan_of(read_chain(place, Report())) == place


def test_the_book_has_the_five_plans(book):
    assert set(book.plans) == set(PLACES)


def test_every_word_stands_in_both_languages(book):
    said = [words for lever in book.levers.values() for words in (lever.names, lever.meaning)]
    said += [stated.differs for lever in book.levers.values() for stated in lever.plans.values() if stated.differs]
    said += [plan.citation for plan in book.plans.values()] + list(book.reasons.values()) + list(book.groups.values())
    for words in said:
        assert any("一" <= letter <= "鿿" for letter in words["zh"]), words
        assert words["en"].isascii() or "〔" in words["en"] or "“" in words["en"] or "’" in words["en"], words


def test_a_lever_is_in_force_everywhere_or_where_its_plan_names_it(book):
    assert "dibao" in book.in_force() and "dibao" in book.in_force("fuhuan")
    only_fuhuan = {key for key in book.levers if [plan for plan in book.plans if key in book.in_force(plan)] == ["fuhuan"]}
    assert only_fuhuan == {"general_farmer_credit_loan", "oop_share_control"}
    done_without = {plan: book.in_force() - book.in_force(plan) for plan in book.plans}
    assert {plan: keys for plan, keys in done_without.items() if keys} == {
        "fuhuan": {"work_for_relief"},
        "longyan": {"school_nutrition_programme"},
    }


def test_an_entry_finds_its_lever_before_the_dot(book):
    assert book.clauses("student_financial_aid.senior") == book.clauses("student_financial_aid")
    assert book.clauses("work_for_relief")["nanyang"] == "二（一）4, 三(一)"
    assert book.lever("employee_medical_insurance") is None and book.clauses("employee_medical_insurance") == {}
    background = {key for key in lever_ids() if book.lever(key) is None}
    assert background == set(BACKGROUND)


GROUP = """
group: health
name: {zh: 医疗, en: Health}
levers:
  - id: cover
    name: {zh: 医保, en: Cover}
    kind: direct
    class: safety_net
    meaning: {zh: 报销, en: Pays bills}
    plans:
      nanyang: {clauses: ["二（三）3"], path: stable}
"""


def problems(**files: str) -> list[str]:
    """Return what is wrong with a book of the shipped coverage and the given files."""
    report = Report()
    coverage = (FOLDER / "plans" / "coverage.yaml").read_text(encoding="utf-8")
    read_book({name: parse_yaml(text, f"{name}.yaml") for name, text in {"coverage": coverage, **files}.items()}, report)
    return [str(problem) for problem in report.problems]


def test_a_small_book_is_read_without_problems():
    assert problems(health=GROUP) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "kind: direct",
            "kind: direkt",
            "health.yaml:7: cover.kind: text 'direkt'; allowed: direct, proxy, context",
        ),
        ("class: safety_net", "class: net", "cover.class"),
        ("path: stable", "path: stabel", "cover.plans.nanyang.path"),
        ("nanyang: {", "nanyan: {", "health.yaml:11: cover.plans.nanyan: an unknown plan"),
        (
            '["二（三）3"]',
            '["二（三）33"]',
            "health.yaml:11: cover.plans.nanyang.clauses: text '二（三）33'",
        ),
        ('["二（三）3"]', "[]", "cover.plans.nanyang: no clause"),
        ('["二（三）3"]', '["二（三）3"], main: "二（三）2"', "cover.plans.nanyang.main: text '二（三）2'; allowed: 二（三）3"),
        (", en: Pays bills", "", "cover.meaning.en: missing"),
        ("group: health", "group: helth", "group: text 'helth'; allowed: health"),
        ("    kind: direct\n", "    kind: direct\n    everywhere: yes\n", "cover.everywhere: text 'yes'; allowed: true or false"),
        (
            "    kind: direct\n",
            "    kind: direct\n    left_out: [nanyang]\n",
            "cover.left_out: text 'nanyang'; allowed: plans that do not name it",
        ),
        ("    kind: direct\n", "    kind: direct\n    everwhere: true\n", "levers[0].everwhere: an unknown key"),
    ],
)
def test_mistakes_name_file_line_key_and_remedy(old, new, said):
    assert any(said in problem for problem in problems(health=GROUP.replace(old, new))), problems(health=GROUP.replace(old, new))


def test_all_problems_are_told_together_and_an_id_stands_once():
    again = GROUP.replace("group: health", "group: more").replace("kind: direct", "kind: direkt")
    found = problems(health=GROUP, more=again)
    assert any("given twice" in one for one in found) and any("cover.kind" in one for one in found)


def test_the_book_shipped_has_no_problem():
    try:
        assert plan_book().levers
    except ScenarioError as error:
        pytest.fail(str(error))
