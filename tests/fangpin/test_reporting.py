"""`fangpin report` on stored runs of the pretended model: three files that agree with each other and with the stored tables."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import fakes
import numpy as np
import pytest
from report_readers import Page, book_of, member, outside, page_of, sheet_heads, sheet_rows, word_tables, word_text

from experiments.fans import forecast_of
from experiments.frozen import freeze
from experiments.report.build import report as build
from experiments.report.document import Document, Value
from experiments.report.files import report_bytes
from experiments.report.pictures import Picture
from experiments.report.said import in_cell
from experiments.report.subject import open_subjects
from experiments.results import read_results
from experiments.runner import run_plan
from experiments.store import Store
from experiments.study import Plan
from fangpin import comparing
from fangpin.arguments import read_words
from fangpin.cli import run_command
from fangpin.forecasting import prepare_forecast
from fangpin.making import prepare
from fangpin.request import Request
from fangpin.telling import write_tables

SIZE = ("households=500", "months=24", "reps=3")
POLICIES = ("documented", "kept", "cliff")
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class Engine(fakes.Engine):
    """The pretended model with the generosity of the real scenario's premium subsidy."""

    def build_model(self, county, rules, seed, past, months, threads):
        levers = {lever.id: lever for lever in rules.levers}
        generosity = min(1.0, 0.1 + levers["premium_subsidy_taper_ex_poor"].values["share"].values[-1])
        return super().build_model(county, fakes.rules(generosity), seed, past, months, threads)


def store_runs(folder: Path, *words: str) -> Path:
    """The runs of `fangpin run` with its tables, without its charts."""
    request, problems = read_words([*SIZE, f"out={folder}", *words])
    return make_runs(request, prepare(request, problems))


def make_runs(request: Request, prepared: tuple[Plan | None, object]) -> Path:
    plan, problems = prepared
    assert plan is not None, problems
    store = Store(request.folder)
    store.open(plan.study)
    run_plan(plan, store)
    write_tables(read_results(plan, store), plan, store)
    return store.root


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of three policies, compared, and its report in Chinese."""
    with pytest.MonkeyPatch.context() as patch:
        Engine().install(patch)
        folder = store_runs(tmp_path_factory.mktemp("report") / "study", f"policy={','.join(POLICIES)}")
        comparing.write_tables(comparing.compared_folder(folder, {}))
        assert run_command(["report", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def told(made: Path) -> Document:
    """The document behind the files."""
    return build(open_subjects([made], "zh"))


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are dots and letters are none: where neither is what is tested."""
    dot = Picture(DOT, 1.0, 1.0, "<svg></svg>")
    monkeypatch.setattr("experiments.report.pictures.draw", lambda figure, place, png, svg: dot)
    monkeypatch.setattr("experiments.report.page.font_address", lambda letters: "")


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with open(folder / "tables" / f"{name}.csv", encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def files_of(folder: Path, lang: str = "zh") -> tuple[Path, Path, Path]:
    word, sheets, page = (folder / "report" / f"report-{lang}.{end}" for end in ("docx", "xlsx", "html"))
    return word, sheets, page


# numbers ---------------------------------------------------------------------------------------------------------


def test_the_sheets_hold_the_stored_rates_to_the_last_digit(made):
    _, sheets, _ = files_of(made)
    stored = {(row["policy"], row["measure"], row["year"]): row for row in rows_of(made, "summary")}
    relapse = [row for row in sheet_rows(sheets, "rates_compared") if row[0] == "返贫率·扣除刚性支出"]
    assert len(relapse) == len(POLICIES) * 2
    for _, name, year, unit, value, half, low, high, runs, _ in (row[:10] for row in relapse):
        policy = {"文件规定": "documented", "政策保持不变": "kept", "断崖式退出": "cliff"}[name]
        row = stored[policy, "relapse_net", year]
        assert (unit, runs) == ("%", 3)
        assert value == pytest.approx(float(row["mean"]), rel=1e-9)
        assert (low, high) == (pytest.approx(float(row["low95"]), rel=1e-6), pytest.approx(float(row["high95"]), rel=1e-6))
        assert half == pytest.approx(high - value)


def test_cost_and_falls_in_the_first_sentence_are_those_of_the_table(made):
    _, sheets, page = files_of(made)
    spoken = page_of(page).numbers
    for row in rows_of(made, "cost_effectiveness"):
        assert abs(spoken[f"cost/{row['policy']}"]) == pytest.approx(abs(float(row["million_yuan_dearer"])))
        assert abs(spoken[f"falls/{row['policy']}"]) == pytest.approx(abs(float(row["falls_averted"])))
    (policies,) = ({row[0]: row for row in sheet_rows(sheets, "policies")},)
    trades = {row["policy"]: row for row in rows_of(made, "cost_effectiveness")}
    assert policies["断崖式退出"][1] == pytest.approx(-float(trades["cliff"]["falls_averted"]))
    assert policies["断崖式退出"][4] == pytest.approx(float(trades["cliff"]["million_yuan_dearer"]))


def test_word_page_and_sheets_show_the_same_cells(made, told):
    word, sheets, page = files_of(made)
    drawn = [table for table in told.tables() if not table.sheet_only]
    assert len(drawn) > 15
    for table, in_word in zip(drawn, word_tables(word), strict=True):
        in_page = page_of(page).cells[table.key]
        assert in_word == in_page, table.key
        wanted = [in_cell(cell, table.brief) for row in table.rows[: table.most] for cell in row.cells]
        assert [cell for row in in_word[1:] for cell in row[-len(table.columns) :]] == wanted
    for table in told.tables():
        numbers = [cell.mean for row in table.rows for cell in row.cells if isinstance(cell, Value) and np.isfinite(cell.mean)]
        found = [cell for row in sheet_rows(sheets, table.key) for cell in row if isinstance(cell, int | float)]
        # each number stands in the sheet as a number, beside ends of intervals and repetitions
        assert all(any(other == pytest.approx(number, rel=1e-12) for other in found) for number in numbers[:60]), table.key


def test_every_number_of_a_sentence_stands_in_the_workbook(made):
    _, sheets, page = files_of(made)
    # the assumptions are those of the runs, each one a row of their sheet
    assert page_of(page).numbers["assumptions"] == len(sheet_rows(sheets, "assumptions")) > 500
    listed = {row[0]: row[2] for row in book_of(sheets)["文中数字"][1:]}
    spoken = page_of(page).numbers
    assert len(spoken) > 15 and set(spoken) == set(listed)
    assert all(listed[key] == pytest.approx(value) for key, value in spoken.items())


def test_charts_draw_the_numbers_of_the_tables(told):
    figures = {figure.key: figure for figure in told.figures()}
    relapse = figures["rates_1"].draw().axes[1]
    (table,) = (one for one in told.tables() if one.key == "rates_compared")
    wanted = [[cell.mean for cell in row.cells] for row in table.rows[: len(POLICIES)]]
    assert [line.get_ydata().tolist() for line in relapse.get_lines()] == [pytest.approx(row) for row in wanted]
    bars = figures["causes_3"].draw().axes[0].patches
    (causes,) = (one for one in told.tables() if one.key == "difference_3")
    totals = {row.labels[1]: row.cells[-1].mean for row in causes.rows if row.labels[0] == "脱贫人口返贫"}
    assert sorted(bar.get_width() for bar in bars) == pytest.approx(sorted(totals.values()))


# structure -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_structure_of_an_evaluation_in_its_order(made, lang):
    headings = {
        "zh": ["问题与回答", "防贫首页", "方法", "结果", "谁、为什么", "费用", "不确定性", "假设", "注意事项"],
        "en": ["Question and answer", "The bureau's first page", "Method", "Results", "Who and why", "Cost", "Uncertainty",
               "What was assumed", "Caveats"],
    }  # fmt: skip
    document = build(open_subjects([made], lang))
    assert [section.heading for section in document.sections] == headings[lang]
    kinds = [block.kind for block in document.sections[0].blocks[:2]]
    assert kinds == ["asked", "lead"]
    clauses = next(table for table in document.tables() if table.key == "targets")
    assert all(row.labels[0] for row in clauses.rows) and any("（" in row.labels[0] for row in clauses.rows)
    assert "synthetic" in document.standing or "合成" in document.standing


def test_word_has_native_headings_contents_captions_and_chinese_fonts(made, told):
    import docx

    word, _, _ = files_of(made)
    file, text = docx.Document(str(word)), member(word, "word/document.xml")
    styles = [paragraph.style.name for paragraph in file.paragraphs]
    assert styles.count("Heading 1") == 9 and "Heading 2" in styles and styles[0] == "Title"
    assert 'TOC \\o "1-1" \\h' in text and 'w:dirty="true"' in text
    # every entry names a page, each a field of its own
    assert text.count("PAGEREF _Toc") == 9
    tables = sum(not table.sheet_only for table in told.tables())
    assert text.count("SEQ 表 \\* ARABIC") == tables == len(file.tables) and "SEQ 图 \\* ARABIC" in text
    sheet = member(word, "word/styles.xml")
    assert 'w:eastAsia="黑体"' in sheet and 'w:eastAsia="宋体"' in sheet
    # fonts of a theme would go before those of the style
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Caption", "List Bullet"):
        assert "Theme=" not in file.styles[name].element.rPr.rFonts.xml.partition(">")[0].partition("w:rFonts")[2]
    marks = {name for name in text.split('w:name="')[1:] if name.startswith("_Toc")}
    assert len(marks) == 9 and 'w:anchor="_Toc000001"' in text
    assert "w:tblHeader" in text and "w:cantSplit" in text
    assert len(file.inline_shapes) == len(told.figures())


def test_the_workbook_is_tidy_with_units_charts_and_contents(made):
    _, sheets, _ = files_of(made)
    assert sheet_heads(sheets, "rates_1") == ["指标", "年份", "单位", "数值", "±（95%半宽）", "下限", "上限", "重复次数", "文字"]
    rows = sheet_rows(sheets, "rates_1")
    assert all(
        isinstance(row[3], int | float) and row[2] in ("%", "‰", "元", "元/年", "户", "月") for row in rows if row[3] is not None
    )
    assert "[人次]" in sheet_heads(sheets, "policies")[1]
    names = __import__("zipfile").ZipFile(sheets).namelist()
    assert sum(name.startswith("xl/charts/chart") for name in names) >= 4
    chart = member(sheets, "xl/charts/chart1.xml")
    assert "<c:f>" in chart and "policies" in chart
    import openpyxl

    book = openpyxl.load_workbook(sheets)
    assert book.sheetnames[:3] == ["目录", "正文", "文中数字"]
    linked = {cell.value for row in book["目录"].iter_rows() for cell in row if cell.hyperlink}
    assert linked == set(book.sheetnames[1:])


def test_the_page_asks_nothing_of_any_other_machine(made, told):
    _, _, page = files_of(made)
    text = page.read_text(encoding="utf-8")
    assert outside(page) == []
    assert "default-src 'none'" in text and "<script" not in text and text.count("<svg") == len(told.figures())
    # drawings share no ids
    for number in range(1, len(told.figures()) + 1):
        assert f'id="c{number}-' in text
    assert not any(part.startswith(("m", "figure", "axes", "patch")) for part in text.split(' id="')[1:])
    # Chinese letters come with it
    assert "data:font/woff;base64," in text


def test_the_same_report_gives_the_same_bytes(made, told):
    """A chart and letters included; what is made twice here was made by the command before, too."""
    few = replace(told, sections=(*told.sections[:3], told.sections[3].parts[0]))
    first, second = report_bytes(few), report_bytes(few)
    assert first == second and len(few.figures()) == 1
    sheets = files_of(made)[1]
    assert report_bytes(told, ["xlsx"])["xlsx"] == sheets.read_bytes()


def test_only_the_formats_asked_for_are_written(made, tmp_path, undrawn):
    assert run_command(["report", str(made), f"out={tmp_path}", "format=xlsx", "lang=en"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["report-en.xlsx"]


# kinds of folders ------------------------------------------------------------------------------------------------


def reported(folder: Path, *words: str) -> Page:
    assert run_command(["report", str(folder), "format=html", "lang=en", *words]) == 0
    return page_of(folder / "report" / "report-en.html")


@pytest.fixture
def real(here: Path, undrawn: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, the pretended model and no charts."""
    Engine().install(monkeypatch)
    return here


def test_one_policy_alone(real, capsys):
    page = reported(store_runs(real / "alone", "policy=documented"))
    assert "does the goal of no large-scale return hold?" in page.text
    assert "policies" not in page.cells and "trades" not in page.cells and "accounts" in page.cells


def test_a_sweep(real, capsys):
    cells = [f"documented;premium={option}" for option in ("kept", "half", "linear", "cliff")]
    page = reported(store_runs(real / "sweep", f"policy='{','.join(cells)}'"))
    assert "combinations of policy" in page.text
    assert [row[2] for row in page.cells["cells"]][1:] == ["kept", "half", "linear", "cliff"]
    assert "premium subsidy" in page.cells["cells"][1][0]
    # tables of more policies than can be read stand in the workbook
    assert sum(key.startswith("rates_") for key in page.cells) == 4


def test_a_forecast_has_its_bands(real, capsys):
    words = (
        "households=500",
        "parameters=none",
        "reps=3",
        "policy=documented,linear",
        "outcome=relapse_net,at_risk",
        "out=ahead",
    )
    wanted, plan, hindsight, problems = prepare_forecast(words)
    folder = make_runs(wanted.request, (plan, problems))
    made = forecast_of(plan, Store(folder), wanted.outcomes, wanted.horizon)
    freeze(made, plan, hindsight, folder)
    page = reported(folder)
    median = float(np.median(made.of("relapse_net", "documented")[:, -1]))
    assert page.numbers["forecast/relapse_net/documented//2025"] == pytest.approx(median)
    assert "middle 90% of 3 repetitions" in page.text and {"forecast_1", "forecast_2"} <= set(page.cells)
    # the plan's own path is the linear one: a policy without a difference is said to be the same, not drawn as a flat line
    assert "forecast_2d" not in page.cells and "differs from 'As the plan says' in nothing" in page.text


def test_a_place_of_several_counties(real, monkeypatch, capsys):
    fakes.Engine().install(monkeypatch)
    plan = fakes.weighted_plan(months=24)
    store = Store(real / "national")
    store.open(plan.study)
    run_plan(plan, store)
    page = reported(real / "national")
    assert "2 representative counties" in page.text
    assert [row[0] for row in page.cells["counties_relapse_net"]][1:] == ["county 0", "county 1"]


def test_several_places_stand_beside_each_other(real, capsys):
    for place in ("nanyang", "longyan"):
        store_runs(real / place, f"place={place}", "policy=documented")
    assert run_command(["report", "nanyang", "longyan", "lang=en", "format=html,xlsx", "out=both"]) == 0
    page = page_of(real / "both" / "report-en.html")
    assert [row[0] for row in page.cells["places"]][1:] == ["Xichuan county, Nanyang", "Longyan"]
    assert {"rates_1_p1", "rates_1_p2"} <= set(page.cells)
    assert sheet_rows(real / "both" / "report-en.xlsx", "rates_1_p2")


# mistakes --------------------------------------------------------------------------------------------------------


def test_all_mistakes_are_told_at_once_and_nothing_is_written(made, here, capsys):
    assert (
        run_command(["report", str(made), "nowhere", "format=docx,xls", "unit=person", "secure=Li", f"out={here / 'new'}"]) == 2
    )
    said = capsys.readouterr().err
    assert "4 problems" in said and "did you mean 'xlsx'" in said and "nowhere: no such folder" in said and "why: missing" in said
    assert not (here / "new").exists()


def test_a_policy_that_is_none_names_those_there_are(made, capsys):
    assert run_command(["report", str(made), "base=clif"]) == 2
    said = capsys.readouterr().err
    assert "'clif'" in said and "did you mean 'cliff'?" in said


def test_a_folder_without_runs(here, capsys):
    (here / "empty").mkdir()
    assert run_command(["report", "empty"]) == 2
    assert "study.json" in capsys.readouterr().err
    assert run_command(["report"]) == 2
    assert "no results under runs/" in capsys.readouterr().err


# persons ---------------------------------------------------------------------------------------------------------


def test_of_persons_only_what_the_gate_shows_is_reported(real, capsys):
    here = real
    store_runs(here / "ours", "population=person_level", "policy=documented,kept")
    assert run_command(["report", "ours"]) == 2
    assert "register: missing" in capsys.readouterr().err and not (here / "ours" / "report").exists()
    assert run_command(["report", "ours", "register=out", "lang=en"]) == 0
    assert not (here / "ours" / "report").exists()
    word, sheets, page = (here / "ours" / "release" / f"report-en.{end}" for end in ("docx", "xlsx", "html"))
    text = word_text(word)
    assert "hidden" in text and "million yuan" not in text and "published" in text
    found = page_of(page)
    assert "svg" not in found.tags and "yuan" not in found.text
    # every shown count is one that the register has
    (line,) = (here / "out" / "register.jsonl").read_text().splitlines()
    entry = json.loads(line)
    shown = {value for figures in (entry["members"], *entry["fell"].values()) for value in figures.values() if value is not None}
    numbers = {
        cell for table in found.cells if table.startswith("released") for row in found.cells[table][1:] for cell in row[3:]
    }
    assert numbers - {"hidden"} <= {f"{value:,}" for value in shown} and "hidden" in numbers
    # not even the cells of the workbook hold an exact figure: ten households in a village, never seven
    for sheet in ("released_county", "released_township", "released_village"):
        assert all(value % 10 == 0 for row in sheet_rows(sheets, sheet) for value in row[3:] if isinstance(value, int | float))


def test_a_secure_room_gets_all_but_stories_and_the_register_says_so(real, capsys):
    here = real
    store_runs(here / "ours", "population=person_level", "policy=documented,kept")
    assert run_command(["report", "ours", "register=out", "secure=Li", "why=audit", "lang=en", "format=html"]) == 0
    entry = json.loads((here / "out" / "register.jsonl").read_text())
    assert (entry["kind"], entry["who"], entry["why"]) == ("secure", "Li", "audit")
    page = page_of(here / "ours" / "secure" / "report-en.html")
    assert "not for publication" in page.text and "accounts" in page.cells and "story" not in page.cells
    assert "passed no disclosure gate" in page.text
