"""What the pages say against the program: tables equal a fresh rendering, examples run, commands are understood, links lead on.

``FANGPIN_DOCS=write pytest tests/test_docs.py`` writes the tables anew.
"""

from __future__ import annotations

import inspect
import os
import re
import shlex
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from fangpin.arguments import read_words
from fangpin.axes import read_sweep
from fangpin.calibrating import read_calibrate
from fangpin.checking import chosen, prepare
from fangpin.cli import run_command
from fangpin.dashboard import read_dashboard
from fangpin.forecastwords import read_forecast
from fangpin.growing import read_grow
from fangpin.life import read_wish
from fangpin.margins import prepare_marginal
from fangpin.odd import odd_page
from fangpin.request import Request
from fangpin.scoring import read_score
from fangpin.searching import read_search
from fangpin.sensing import read_sensitivity
from fangpin.sharing import read_game
from fangpin.stress import prepare as prepare_stress
from fangpin.validating import prepare_validation
from scenarios import Problem, load
from sim.engine import plain
from sim.indicators import INDICATORS
from sim.month import HOUSEHOLD, ORDER, PEOPLE, SETTLE, WHEN, Step
from sim.parameters import PARAMETERS, TABLES
from sim.policies.mechanisms import MECHANISMS
from sim.rules import month_index
from sim.state import COLUMNS, RESERVED

ROOT = Path(__file__).parent.parent
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "benchmarks/README.md",
    *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md"))),
)
STEPS = {"people": (*PEOPLE, *HOUSEHOLD), "settle": SETTLE}
"""Rules of the stages that are passes over households."""


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


# the tables ----------------------------------------------------------------------------------------------------


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def order_rows() -> Iterable[tuple[str, str, str, str]]:
    """Go through the month: stages, and the rules of the passes with what they do and when."""
    for stage, meaning in ORDER:
        yield f"**{stage}**", "", meaning, ""
        for step in STEPS.get(stage, ()):
            yield "", f"`{name_of(step)}`", summary_of(step), step.when or "every month"


def name_of(step: Step) -> str:
    """Return a rule's name with its file."""
    function = plain(step.rule)
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def summary_of(step: Step) -> str:
    """Return the first line of a rule's docstring."""
    return (inspect.getdoc(plain(step.rule)) or "").partition("\n")[0]


def when_rows() -> Iterable[tuple[str, str]]:
    """Go through the conditions under which rules are due."""
    return ((name, f"`{re.sub(r'[{}]', '', condition)}`") for name, condition in WHEN.items())


def field_rows() -> Iterable[tuple[str, str, str, str]]:
    """Go through the mechanisms and what a lever of each says."""
    for name, mechanism in MECHANISMS.items():
        yield f"**{name}**", "", "", mechanism.meaning
        for field, parameter in mechanism.fields.items():
            yield "", f"`{field}`", parameter.unit, parameter.meaning
        for word, choices in mechanism.words.items():
            yield "", f"`{word}`", "word", ", ".join(choices)


def tables() -> dict[str, dict[str, str]]:
    """Return every generated table by page and name."""
    names = ", ".join(f"`{column.entity[0]}.{column.name}`" for column in RESERVED)
    return {
        "docs/model.md": {
            "order": table(("stage", "rule", "what it does", "due"), order_rows()),
            "when": table(("due", "condition"), when_rows()),
        },
        "docs/reference.md": {
            "parameters": table(("name", "unit", "meaning"), ((f"`{k}`", p.unit, p.meaning) for k, p in PARAMETERS.items())),
            "tables": table(
                ("name", "shape", "unit", "meaning"), ((f"`{k}`", t.shape, t.unit, t.meaning) for k, t in TABLES.items())
            ),
            "mechanisms": table(("mechanism", "field", "unit", "meaning"), field_rows()),
            "columns": table(
                ("entity", "name", "kind", "unit", "meaning", "codes from 0"),
                ((c.entity, f"`{c.name}`", c.kind, c.unit, c.meaning, ", ".join(c.values)) for c in COLUMNS),
            ),
            "reserved": f"{names}\n",
            "indicators": table(("name", "unit", "kind", "meaning"), ((f"`{i.name}`", *i[1:]) for i in INDICATORS)),
        },
    }


def marks(name: str) -> tuple[str, str]:
    """Return the lines before and after a generated table."""
    return f"<!-- {name}: written by tests/test_docs.py -->\n", f"<!-- end of {name} -->"


def with_table(text: str, name: str, rendered: str) -> str:
    """Return a page with one generated table put in its place."""
    start, end = marks(name)
    before, _, rest = text.partition(start)
    assert end in rest, f"no place for the table {name}"
    return before + start + rendered + end + rest.partition(end)[2]


@pytest.mark.parametrize("page", tables())
def test_generated_tables_are_up_to_date(page):
    fresh = text_of(page)
    for name, rendered in tables()[page].items():
        fresh = with_table(fresh, name, rendered)
    if os.environ.get("FANGPIN_DOCS") == "write":
        (ROOT / page).write_text(fresh, encoding="utf-8")
    assert text_of(page) == fresh, "FANGPIN_DOCS=write pytest tests/test_docs.py writes the tables anew"


def test_the_odd_page_is_that_of_the_program():
    fresh = odd_page()
    if os.environ.get("FANGPIN_DOCS") == "write":
        (ROOT / "docs/odd.md").write_text(fresh, encoding="utf-8")
    assert text_of("docs/odd.md") == fresh, "FANGPIN_DOCS=write pytest tests/test_docs.py writes the page anew"


def test_the_odd_page_names_every_rule_parameter_and_mechanism():
    page = odd_page("longyan")
    rules = {name_of(step) for step in (*PEOPLE, *HOUSEHOLD, *SETTLE)}
    assert all(f"`{name}`" in page for name in (*rules, *PARAMETERS, *MECHANISMS))
    assert all(f"`{column.name}`" in page for column in COLUMNS)
    # what a rule reads is taken from its own arguments
    assert "| `burden.test_burden` |" in page and "values: `food_share`" in page


def test_the_order_of_the_page_is_the_order_of_the_month():
    found = re.findall(r"^\| (?:\*\*(\w+)\*\*)? \| (?:`([\w.]+)`)? \|", text_of("docs/model.md"), flags=re.MULTILINE)
    expected: list[tuple[str, str]] = []
    for stage, _ in ORDER:
        expected += [(stage, ""), *(("", name_of(step)) for step in STEPS.get(stage, ()))]
    assert [pair for pair in found if any(pair)] == expected


def test_every_rule_of_the_month_has_a_place_in_the_order():
    stages = [stage for stage, _ in ORDER]
    assert set(STEPS) <= set(stages)
    assert all(summary_of(step) for steps in STEPS.values() for step in steps)


# examples and commands -----------------------------------------------------------------------------------------


def blocks(page: str, language: str) -> list[str]:
    """Return the blocks of code of a page."""
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), flags=re.DOTALL | re.MULTILINE)


def commands(page: str) -> Iterable[str]:
    """Go through the commands that a page shows, in blocks and in its sentences."""
    for block in blocks(page, ""):
        yield from re.findall(r"^(?:.*&& )?(fangpin [^#\n]*)", block, flags=re.MULTILINE)
    yield from re.findall(r"`(fangpin [^`]*)`", text_of(page))


EXAMPLES = [(page, code) for page in PAGES if page != "README.md" for code in blocks(page, "python")]
"""Those of the README are run by tests/fangpin/test_readme.py."""
COMMANDS = sorted({command.strip() for page in PAGES for command in commands(page)})


@pytest.mark.parametrize(("page", "code"), EXAMPLES, ids=[f"{page}-{place}" for place, (page, _) in enumerate(EXAMPLES)])
def test_examples_run(page, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(compile(code, page, "exec"), {})


def _nothing_wrong(problems: Iterable[Problem], *but: str) -> bool:
    """Return whether nothing is wrong, but for keys that a page, or this environment, cannot have right."""
    return [problem for problem in problems if problem.key not in but] == []


def _life(words: list[str]) -> bool:
    """Return whether a story is understood; a family of the reader's own is not there."""
    _, problems = read_wish([word.replace("ID", "1") for word in words if word not in ("my-family.yaml", "FAMILY")] or ["g02"])
    return problems == [] or "my-family.yaml" in words


def _check(words: list[str]) -> bool:
    """Return whether checks are understood: tests/experiments/test_checks.py runs them."""
    names, unknown = chosen(words)
    _, bench, problems = prepare([word for word in words if not word.startswith("only=")])
    return bool(names) and unknown == problems == [] and bench is not None


def _marginal(words: list[str]) -> bool:
    """Return whether a curve is understood: tests/fangpin/test_marginal.py makes one."""
    plan, problems = prepare_marginal(words)[1:]
    return problems == [] and plan is not None


def _game(words: list[str]) -> bool:
    """Return whether a game is understood: tests/fangpin/test_sharing.py plays one."""
    asked, problems = read_game(words)
    return problems == [] and asked is not None


def _stress(words: list[str]) -> bool:
    """Return whether a stress test is understood."""
    trials, problems = prepare_stress(words)
    return problems == [] and trials is not None


def _validate(words: list[str]) -> bool:
    """Return whether a validation with runs of its own is understood: tests/fangpin/test_validating.py makes one."""
    _, plan, problems = prepare_validation(words)
    return problems == [] and plan is not None


UNDERSTOOD: dict[str, Callable[[list[str]], bool]] = {
    "run": lambda words: _nothing_wrong(read_words(words)[1], "population"),
    "life": _life,
    "check": _check,
    "sweep": lambda words: _nothing_wrong(read_sweep(words, Request())[1]),
    "dashboard": lambda words: _nothing_wrong(read_dashboard(words)[1]),
    "forecast": lambda words: _nothing_wrong(read_forecast(words)[1]),
    "grow": lambda words: _nothing_wrong(read_grow(words)[1]),
    "score": lambda words: _nothing_wrong(read_score(words).problems, "DIR"),
    "calibrate": lambda words: _nothing_wrong(read_calibrate(words)[1], "data", "sbi, torch"),
    "search": lambda words: _nothing_wrong(read_search(words)[1]),
    "sensitivity": lambda words: _nothing_wrong(read_sensitivity(words)[1]),
    "marginal": _marginal,
    "shapley": _game,
    "validate": _validate,
    "stress": _stress,
    # each of these is run by tests of its own, on files that a page only names
    "survey": lambda words: bool(words),
}
"""How each command that would run for minutes, or needs files of the reader's, is understood without being carried out."""
FOLDER = (
    "targets", "compare", "marginal", "causes", "runs", "rerun", "goal", "warning", "release", "validate", "charts",
    "report",
)  # fmt: skip
"""Commands that read the folder of runs: there is none here."""


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_are_understood(command, capsys):
    first, *words = shlex.split(command.replace("...", "x").replace("LEVER", "dibao"))[1:]
    if "--help" not in words and first in FOLDER and words and "=" not in words[0]:
        assert run_command([first, *words]) == 2
        assert "fangpin run" in capsys.readouterr().err
    elif "--help" not in words and first in UNDERSTOOD and (words or first not in ("survey", "grow", "marginal", "calibrate")):
        assert UNDERSTOOD[first](words)
    elif words or first not in (*FOLDER, *UNDERSTOOD):
        assert run_command([first, *words]) == 0
        assert capsys.readouterr().out


def test_the_lever_of_the_page_works(tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    path.write_text(blocks("docs/levers.md", "yaml")[0], encoding="utf-8")
    rule = next(one for one in load(levers=[path]).rules.levers if one.id == "winter_heating_allowance")
    assert rule.values["amount"].at(month_index(2024, 11)) == 60_000 and rule.end == month_index(2026, 4)
    for command in re.findall(r"^fangpin (.*levers=mine.yaml.*)", text_of("docs/levers.md"), flags=re.MULTILINE):
        assert run_command(shlex.split(command.replace("mine.yaml", str(path)))) == 0
        assert "冬季取暖补贴" in capsys.readouterr().out


def test_the_files_of_the_page_of_ones_own_work_together(tmp_path):
    texts = dict(zip(("heating", "hillcounty", "heating-set"), blocks("docs/own.md", "yaml"), strict=True))
    files = {name: tmp_path / f"{name}.yaml" for name in texts}
    for name, text in texts.items():
        files[name].write_text(text, encoding="utf-8")
    place, levers, arms = str(files["hillcounty"]), [files["heating"]], str(files["heating-set"])
    amounts = {}
    for arm in ("without", "allowance-500", "allowance-1000"):
        rules = load(place, f"{arms}/{arm}", levers=levers, stress=[f"{arms}/harvest"]).rules
        found = {lever.id: lever for lever in rules.levers}
        paid = found.get("winter_heating_allowance")
        amounts[arm] = paid.values["amount"].at(month_index(2023)) if paid else 0
        assert rules.values["crop_level"].at(month_index(2023, 6)) == 0.8
    assert amounts == {"without": 0, "allowance-500": 50_000, "allowance-1000": 100_000}


def test_there_are_examples_and_commands():
    assert {page for page, _ in EXAMPLES} >= {"docs/surveys.md", "docs/model.md"}
    assert {"fangpin run", "fangpin run --help"} <= set(COMMANDS)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files(page):
    links = re.findall(r"\]\((?!http)([^)#]+)\)", text_of(page))
    missing = [link for link in links if not ((ROOT / page).parent / link).exists()]
    assert missing == []


def test_folders_named_in_the_pages_exist():
    pattern = r"`((?:sim|scenarios|experiments|fangpin|tests|docs)/[\w./]*)`"
    named = {name for page in PAGES for name in re.findall(pattern, text_of(page))}
    assert sorted(name for name in named if not (ROOT / name).exists()) == []
