"""`fangpin check`: the checks of the model against itself, as a table and a CSV file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from experiments.checks.row import CANNOT_TELL, FAILS, HOLDS, Row
from experiments.labels import Label
from experiments.study import Study
from fangpin.arguments import read_words
from fangpin.exits import DONE, HELP_WORDS, INTERRUPTED, SOME_FAILED, refuse
from fangpin.request import Request
from fangpin.screen import Screen

if TYPE_CHECKING:
    from experiments.checks import Bench
    from scenarios import Problem

HOUSEHOLDS, REPLICATIONS = 12_000, 8
DEFAULT = Request(study=Study(policies=("documented",), households=HOUSEHOLDS, replications=REPLICATIONS))
ONLY = "only="
BESIDE = ("kept", "orderly", "cliff")
"""Policies run beside the one checked."""
VERDICTS = {HOLDS: Label("成立", "holds"), FAILS: Label("不成立", "fails"), CANNOT_TELL: Label("无法判断", "cannot tell")}


def check(words: Sequence[str]) -> int:
    """Run the checks and tell; return 1 when one failed, 2 when the words cannot be understood.

    Args:
        words: the words after ``fangpin check``.
    """
    from fangpin.texts import CHECK_HELP

    if any(word in HELP_WORDS for word in words):
        from experiments.checks import CHECKS

        listed = fill(", ".join(CHECKS), 98, initial_indent=" " * 4, subsequent_indent=" " * 4)
        print(CHECK_HELP.format(households=HOUSEHOLDS, reps=REPLICATIONS, checks=listed), end="")
        return DONE
    names, unknown = chosen(words)
    request, bench, problems = prepare([word for word in words if not word.startswith(ONLY)])
    if bench is None or unknown:
        return refuse([*problems, *unknown], "check")
    try:
        rows = _measure(bench, names)
    except KeyboardInterrupt:
        return INTERRUPTED
    tell(Screen(request.lang), rows)
    if request.out is not None:
        _write(request, rows)
    return SOME_FAILED if any(row.verdict == FAILS for row in rows) else DONE


def chosen(words: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """Return the checks that ``only=`` names, all of them without it, and the names that are none."""
    from experiments.checks import CHECKS
    from scenarios.problems import Problem, listing, nearest

    named = [name.strip() for word in words if word.startswith(ONLY) for name in word.removeprefix(ONLY).split(",")]
    unknown = [name for name in named if name not in CHECKS]
    problems = [Problem("command line", "only", f"'{name}'", listing(CHECKS), nearest(name, CHECKS)) for name in unknown]
    return named or list(CHECKS), problems


def prepare(words: Sequence[str]) -> tuple[Request, Bench | None, list[Problem]]:
    """Return the request, and the county to check or the problems that stand in the way."""
    from experiments.checks import Bench
    from experiments.runner import default_threads
    from experiments.seeds import replication_seed
    from fangpin.size import sized_scenario
    from scenarios import ScenarioError, lists_counties
    from scenarios.problems import Problem

    request, problems = read_words(words, DEFAULT)
    study = request.study
    if len(study.policies) > 1:
        problems.append(
            Problem("command line", "policy", ",".join(study.policies), "one policy", "run the command once for each")
        )
    for key in [word.partition("=")[0] for word in words if word.startswith("months=")]:
        problems.append(Problem("command line", key, str(study.months), "the checks have horizons of their own", "leave it out"))
    for key, equals, given in (word.partition("=") for word in words):
        if equals and key in ("workers", "cluster"):
            problems.append(
                Problem("command line", key, given, "one process: checks share their runs", "leave it out, or threads=")
            )
    if problems:
        return request, None, problems
    policies = dict.fromkeys((*study.policies, *BESIDE))
    try:
        if lists_counties(study.place):
            hint = "name one of its counties: `fangpin places` lists them"
            return request, None, [Problem("command line", "place", study.place, "one county", hint)]
        loaded = {name: sized_scenario(study.place, name, study.overrides, study.households) for name in policies}
    except ScenarioError as error:
        return request, None, list(error.problems)
    seeds = tuple(replication_seed(study.seed, number) for number in range(study.replications))
    rules = {name: scenario.rules for name, scenario in loaded.items()}
    county = loaded[study.policies[0]].county
    return request, Bench(county, rules, study.policies[0], seeds, request.workers.threads or default_threads()), []


def _measure(bench: Bench, names: Sequence[str]) -> list[Row]:
    """Run the checks, with progress."""
    from experiments.checks import run_checks
    from experiments.progress import Shown

    with Shown(len(names)) as progress:
        bench.progress = progress
        return list(run_checks(bench, names))


def tell(screen: Screen, rows: Sequence[Row]) -> None:
    """Print the table of checks and how many hold, fail, or cannot tell."""
    screen.heading(Label("自检：无论参数取何值都应成立", "checks of the model against itself"))
    heads = [Label("检验", "check"), Label("应为", "expected"), Label("实测（95%区间）", "measured (95% interval)")]
    heads += [Label("允许范围", "allowed"), Label("样本", "size"), Label("结论", "verdict")]
    cells = [
        [row.name.said(screen.lang), row.expected.said(screen.lang), _measured(row), _allowed(row), f"{row.size:,}",
         VERDICTS[row.verdict].said(screen.lang)]
        for row in rows
    ]  # fmt: skip
    screen.table(heads, cells, left=2)
    counts = {verdict: sum(row.verdict == verdict for row in rows) for verdict in VERDICTS}
    screen.line(
        Label(
            "、".join(f"{counts[verdict]}项{label.zh}" for verdict, label in VERDICTS.items())
            + "；“无法判断”时请增大 households= 或 reps=。",
            ", ".join(f"{counts[verdict]} {label.en}" for verdict, label in VERDICTS.items())
            + "; where a check cannot tell, raise households= or reps=.",
        )
    )


def _figure(value: float) -> str:
    """Return a number with three significant digits; whole numbers as they are."""
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if value == int(value) else f"{value:.3g}"


def _measured(row: Row) -> str:
    """Return what was measured, with its interval where there is one."""
    if row.low == row.high:
        return _figure(row.measured)
    return f"{_figure(row.measured)} [{_figure(row.low)}, {_figure(row.high)}]"


def _allowed(row: Row) -> str:
    """Return the bounds in words of mathematics."""
    if row.least == row.most:
        return f"= {_figure(row.least)}"
    if math.isinf(row.most):
        return f"≥ {_figure(row.least)}"
    return f"≤ {_figure(row.most)}" if math.isinf(row.least) else f"{_figure(row.least)}…{_figure(row.most)}"


def _write(request: Request, rows: Sequence[Row]) -> None:
    """Write the table as a file."""
    from experiments.checks.row import HEADER, cells
    from experiments.tables import csv_text

    folder = request.folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checks.csv").write_text(csv_text(HEADER, [cells(row) for row in rows]), encoding="utf-8")
