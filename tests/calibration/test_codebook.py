"""Codebooks: the shipped ones are whole, and a wrong one is told line by line with the nearest match."""

from pathlib import Path

import pytest

from calibration.codebook import codebooks, load_codebook
from calibration.columns import CHINESE, TABLES
from calibration.matching import wave_in_name
from scenarios.problems import ScenarioError

GOOD = """name: {zh: 我的, en: mine}
operator: survey
recall_months: 12
interval: 2
missing_codes:
  usual: [-8, -1]
parts:
  - table: households
    file: "*{wave}*"
    wave: {file: true}
    columns:
      household: {variable: hid}
      size: {variable: n}
      income_total: {variable: inc, unit: 万元, missing: usual}
      dibao: {variable: db, codes: {1: yes, 2: no}, missing: [-8]}
"""


def told(tmp_path, *changes):
    """Return what is said of the good codebook, changed."""
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_codebook(str(path))
    return str(caught.value)


@pytest.mark.parametrize("name", codebooks())
def test_the_shipped_codebooks_say_what_must_be_checked(name):
    book = load_codebook(name)
    assert "核对" in book.note["zh"] and "check" in book.note["en"]
    assert {part.table for part in book.parts} == {"households", "persons"}


def test_a_codebook_of_ones_own(tmp_path):
    (tmp_path / "mine.yaml").write_text(GOOD, encoding="utf-8")
    book = load_codebook(str(tmp_path / "mine.yaml"))
    income = {mapped.column.name: mapped for mapped in book.parts[0].columns}["income_total"]
    assert (income.factor, income.missing) == (10000.0, ("-8", "-1"))
    assert not book.meta.person_level


def test_every_column_has_its_chinese_word():
    assert {column.name for columns in TABLES.values() for column in columns} == set(CHINESE)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unit: 万元", "unit: 亿元", ":14: parts[0].columns.income_total.unit: text '亿元'; allowed: yuan, yuan/month"),
        ("income_total:", "income_totl:", "did you mean 'income_total'?"),
        ("missing: usual", "missing: usul", "did you mean 'usual'?"),
        ("codes: {1: yes, 2: no}, ", "", "dibao.codes: missing; allowed: codes with yes, no or missing, or rule: positive"),
        ("2: no", "2: nein", "dibao.codes.2: not understood; allowed: yes, no, missing"),
        ("operator: survey", "operator: survay", "did you mean 'survey'?"),
        ("{file: true}", "{file: true, year: 2018}", "2 of these keys; allowed: one of variable, file, year, each"),
        ("{variable: hid}", "{variable: 'h{w}id'}", "{w} in 'h{w}id'; allowed: {wave}, {yy}"),
        ('"*{wave}*"', '"*"', "a pattern with {wave} or {yy}"),
        ("      household: {variable: hid}\n", "", "parts[0].columns.household: missing; allowed: this column is required"),
        ("{variable: n}", "{variable: n, unit: yuan}", "size.unit: a unit; allowed: none: size is no amount"),
        ("interval: 2", "interval: 2.5", "a whole number from 1 to 10"),
        ("{variable: n}", "{}", "0 of variable, sum, persons; allowed: one of them"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_told_with_its_remedy(tmp_path, old, new, said):
    assert said in told(tmp_path, (old, new))


def test_all_problems_are_told_at_once(tmp_path):
    text = told(tmp_path, ("unit: 万元", "unit: 亿元"), ("operator: survey", "operator: x"), ("2: no", "2: 3"))
    assert text.startswith("3 problems in the survey:")


def test_the_year_of_a_file_is_that_of_its_name():
    part = load_codebook("cfps").parts[0]
    assert wave_in_name(part, "cfps2018famecon_202101.dta") == 2018
    assert wave_in_name(part, "cfps2018person_202012.dta") is None


def test_the_codebook_of_the_documentation_can_be_read(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "surveys.md").read_text(encoding="utf-8")
    (tmp_path / "shown.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    book = load_codebook(str(tmp_path / "shown.yaml"))
    assert (book.encoding, len(book.parts[0].columns)) == ("gb18030", 6)
