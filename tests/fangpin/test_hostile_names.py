"""Hostile names of places, villages and policies: harmless in Word, Excel, the page, CSV, charts and the terminal."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import docx
import fakes
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import needs_office, text_of, to_pdf
from report_readers import Page, member, outside, word_text

from experiments.charts.fonts import undrawable
from experiments.charts.rates import draw_rates
from experiments.charts.style import text_width
from experiments.harmless import UNDRAWN, WIDEST_PLACE, printable, shown_name
from experiments.labels import Label
from experiments.report.document import Chart, Document, Figure, Paragraph, Row, Section, Table, Value, harmless, plain
from experiments.report.files import report_bytes
from experiments.results import read_results
from experiments.runner import run_plan
from experiments.store import Store
from experiments.study import make_plan
from experiments.tables import csv_text
from fangpin.cli import run_command
from fangpin.screen import Screen

HOSTILE = {
    "formula": "=cmd|'/c calc'!A1",
    "function": '=HYPERLINK("http://evil.example","x")',
    "at": "@SUM(1+1)",
    "full width": "＝cmd()",
    "script": "<script>alert(1)</script>",
    "picture": '"><img src=x onerror=alert(1)>',
    "template": "{{ 7*7 }}{% raw %}",
    "braces": "{name} {0}",
    "mathematics": r"$\frac{x}{ $x_{",
    "markup": "[bold red]名[/red] :smile: [/]",
    "right to left": "مرحبا שלום",
    "turned": "abc\u202ednetxe\u2066.exe",
    "control": "\x1b[31m红\x07\x00\r\nnew",
    "emoji": "😀🏚👩\u200d🌾",
    "unassigned": "\U000e0041\U00010ffff\ue000"[:2],
    "long": "很长的名字" * 200,
    "hidden": "_名",
    "empty": "",
}
FULL = " ".join(HOSTILE.values())


def document(name: str, lang: str = "zh") -> Document:
    """A small report with a name everywhere that a name can stand."""

    def drawn():
        return draw_bars(shown_name(name, WIDEST_PLACE))

    value = Value(f"key/{name}", 12.5, 11.0, 14.0, 4, 1, "人")
    chart = Chart("bar", (0, 1), name, "人", 1)
    rows = (Row((name, name), (value, name)), Row(("甲", "乙"), (value, "-5%")))
    table = Table("names", name, (name, "村"), name, (name, "词"), rows, name, chart=chart, long=False)
    line = Chart("line", (0,), name, name, 2)
    long = Table("long", name, (name,), name, ("2021", "2022"), (Row((name,), (value, value)),), chart=line)
    spoken = Paragraph((name, value, name), "lead")
    section = Section(name, (spoken, plain(name, "item"), table, long, Figure("bars", name, drawn)))
    return harmless(Document(lang, name or "题", (name,), (section,), name))


def draw_bars(name: str):
    from matplotlib.figure import Figure as Drawn

    from experiments.charts.style import charted

    with charted():
        figure = Drawn(figsize=(4, 2), layout="constrained")
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], label=name)
        axes.set_title(name)
        axes.legend()
        figure.draw_without_rendering()
    return figure


WRITTEN = ("formula", "function", "full width", "long", "empty")
"""Names that are written into files one by one, for where they begin or end matters; the others stand in one name together."""


@pytest.fixture(scope="module", params=[*WRITTEN, "all"])
def files(request, tmp_path_factory) -> tuple[str, dict[str, Path]]:
    name = HOSTILE.get(request.param, FULL)
    folder = tmp_path_factory.mktemp("hostile")
    written = {}
    for end, content in report_bytes(document(name)).items():
        written[end] = folder / f"report.{end}"
        written[end].write_bytes(content)
    return name, written


def test_no_name_is_a_formula_or_an_address_in_a_sheet(files):
    _, written = files
    book = openpyxl.load_workbook(written["xlsx"])
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type != "f"
            if isinstance(cell.value, str) and len(cell.value) > 1:
                assert not cell.value.startswith(("=", "+", "@", "＝", "＋", "＠")), cell.value
            assert cell.hyperlink is None or cell.hyperlink.target is None
    assert "<f>" not in "".join(member(written["xlsx"], f"xl/worksheets/sheet{number}.xml") for number in range(1, 6))


def test_a_page_shows_a_name_as_text(files):
    _, written = files
    page = Page(written["html"])
    assert outside(written["html"]) == []
    assert not {"script", "img", "iframe", "object", "embed", "form", "base"} & set(page.tags)
    text = written["html"].read_text(encoding="utf-8")
    assert "onerror=alert" not in text.replace("onerror=alert(1)&gt;", "") and "49" not in page.cells["names"][1][0]
    # the joiner of emoji is harmless and stays
    assert all(printable(line) == line for line in text.replace("\u200d", "").split("\n"))


def test_word_opens_with_a_name_as_text(files):
    name, written = files
    file = docx.Document(str(written["docx"]))
    assert file.core_properties.author == "fangpin"
    assert "http" not in member(written["docx"], "word/_rels/document.xml.rels").replace("http://schemas", "")
    assert "\u202e" not in word_text(written["docx"]) and "\x1b" not in word_text(written["docx"])
    if name.isalnum():
        assert name[:20] in word_text(written["docx"])


@needs_office
def test_office_opens_all_of_it(tmp_path):
    """One document with everything at once, through Word and Excel to PDF; Chinese is drawn with a font that has it."""
    from office import fonts_of

    paths = []
    for end, content in report_bytes(document("南阳 " + FULL), ("docx", "xlsx")).items():
        paths.append(tmp_path / f"hostile-{end}.{end}")
        paths[-1].write_bytes(content)
    for pdf in to_pdf(paths, tmp_path):
        text = text_of(pdf)
        assert "南阳" in text and "12.5" in text and "cmd" in text
        assert "NotoSansSC" in fonts_of(pdf)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=list(HOSTILE))
def test_charts_and_terminal(name, capsys):
    shown = shown_name(name, WIDEST_PLACE)
    assert not undrawable(shown) and text_width(shown) <= WIDEST_PLACE and "\n" not in shown and not shown.startswith("_")
    draw_bars(shown or "x")
    screen = Screen("zh")
    screen.heading(Label(name, name))
    screen.line(Label(name, name))
    screen.table([Label(name, name), "b"], [[name, name]])
    said = capsys.readouterr().out
    assert not any(sign in said for sign in "\x1b\x07\x00\u202e\u2066")
    if "[" in name and "\x1b" not in name:
        assert "[bold red]" in said


def test_what_no_font_has_is_told_by_a_sign():
    assert shown_name("村🏚") == f"村{UNDRAWN}"
    assert shown_name("很" * 100, 20) == "很" * 9 + "…" and text_width(shown_name("很" * 100, 20)) <= 20
    assert shown_name("文件规定；参保资助逐年退到零") == "文件规定；参保资助逐年退到零"


@given(st.text(max_size=80))
def test_any_name_can_be_shown(name):
    shown = shown_name(name, WIDEST_PLACE)
    assert not undrawable(shown) and printable(shown) == shown.replace("\u200d", "") and text_width(shown) <= WIDEST_PLACE


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_csv_cells_read_back_without_formulas(cells):
    (row,) = list(csv.reader(io.StringIO(csv_text(["a"] * len(cells), [cells]))))[1:]
    assert len(row) == len(cells)
    for cell in row:
        assert len(cell) < 2 or (not cell.startswith(("=", "@")) and "\x1b" not in cell)


def test_a_run_of_a_hostile_place_ends_and_its_chart_is_drawn(here, monkeypatch, capsys):
    """From the names of the scenario to the chart, the terminal and the report: nothing fails, nothing gets through."""
    fakes.Engine().install(monkeypatch)
    plan = fakes.plan(("documented", "kept"), months=24, replications=2)
    for made in plan.scenarios.values():
        made.place_names = {"zh": FULL, "en": FULL}
        made.policy_names = {"zh": FULL[:90] + made.policy, "en": FULL[:90] + made.policy}
    plan = make_plan(plan.study, plan.scenarios, plan.resolved)
    store = Store(here / "@study")
    store.open(plan.study)
    run_plan(plan, store)
    results = read_results(plan, store)
    draw_rates(results, results.place.zh)
    assert run_command(["report", str(store.root), "format=xlsx"]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said and "\u202e" not in said
    assert (store.root / "report" / "report-zh.xlsx").is_file()


def test_what_was_given_is_told_in_one_line_that_commands_no_terminal(here, capsys):
    hostile = "a\nb\t\x1b[31m\u202e" + "x" * 5000
    for words in (
        ["run", f"place={hostile}"],
        ["explain", hostile],
        [hostile],
        ["dashboard", f"policy={hostile}"],
        ["goal", "a\nb"],
    ):
        assert run_command(words) == 2
        told = capsys.readouterr().err
        assert not {"\t", "\x1b", "\u202e"} & set(told) and "a\nb" not in told and max(map(len, told.splitlines())) < 2500, words[
            0
        ]


def test_a_folder_longer_than_the_disk_takes_is_refused(here, capsys):
    for words in (["goal", "x" * 5000], ["run", "households=500", "months=1", "reps=1", "out=" + "x" * 300]):
        assert run_command(words) == 2
        assert "longer than a file's name may be" in capsys.readouterr().err
    assert not list(here.iterdir())
