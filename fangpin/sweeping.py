"""The command `fangpin sweep`: every combination of values, compared in pairs, as precise as asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.labels import Label
from fangpin.axes import SweepRequest, read_sweep
from fangpin.exits import DONE, HELP_WORDS, SOME_FAILED, refuse
from fangpin.making import exit_code, in_store, make_runs, prepare
from fangpin.screen import Screen

if TYPE_CHECKING:
    from experiments.intervals import Estimate
    from experiments.precision import Width
    from experiments.results import Results
    from experiments.runner import Tally
    from experiments.store import Store
    from experiments.study import Plan
    from fangpin.request import Request
    from scenarios import Problem


def sweep(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    from fangpin.texts import SWEEP_HELP

    if not words or any(word in HELP_WORDS for word in words):
        print(SWEEP_HELP, end="")
        return DONE
    asked, problems = read_sweep(words, _default())
    prepared = [prepare_sweep(one, problems) for one in asked.by_place()]
    found = list({str(problem): problem for _, _, each in prepared for problem in each}.values()) + _in_the_way(asked)
    if found:
        return refuse(found, "sweep")
    with asked.request.workers.staying():
        code = DONE
        for one, plan, _ in prepared:
            assert plan is not None  # else there were problems
            code = max(code, _carry_out(one, plan))
            if code not in (DONE, SOME_FAILED):
                return code
    if len(prepared) > 1:
        _tell_places([one for one, _, _ in prepared], asked)
    return code


def _default() -> Request:
    """Return what holds where the words say nothing."""
    from fangpin.request import Request

    default = Request()
    return replace(default, study=replace(default.study, policies=("documented",)))


def _in_the_way(asked: SweepRequest) -> list[Problem]:
    """Return a problem where a sweep of several places would lie in the folder of one study."""
    from experiments.store import STUDY
    from scenarios.problems import Problem

    if len(asked.places) < 2 or not (asked.folder / STUDY).is_file():
        return []
    return [
        Problem("command line", "out", f"{asked.folder} holds one study", "a folder for studies of places", "choose another out=")
    ]


def prepare_sweep(asked: SweepRequest, problems: Sequence[Problem]) -> tuple[SweepRequest, Plan | None, list[Problem]]:
    """Return what is asked for in one place, and its plan or the problems that stand in the way. Nothing is written."""
    from experiments.precision import FIRST

    request = asked.request
    if asked.precision is not None:
        request = replace(request, study=replace(request.study, replications=min(FIRST, asked.most)))
    plan, found = prepare(request, problems)
    return replace(asked, request=request), plan, found


def _carry_out(asked: SweepRequest, plan: Plan) -> int:
    """Make the runs of one place and tell."""
    return in_store(asked.request, plan, "sweep", lambda store: _make_and_tell(asked, plan, store))


def _tell_places(sweeps: Sequence[SweepRequest], asked: SweepRequest) -> None:
    """Set what came out in several places beside each other."""
    from experiments.stored import NoRuns
    from fangpin.beside import named_study, tell_beside

    try:
        studies = [named_study(one.request.folder, one.request.study.base) for one in sweeps]
    except NoRuns as error:
        print(f"fangpin sweep: {error}", file=sys.stderr)
        return
    tell_beside(studies, asked.folder, asked.request.lang, asked.outcome)


def _make_and_tell(asked: SweepRequest, plan: Plan, store: Store) -> int:
    """Make the runs, as many as the precision needs, then tables, chart and words."""
    from experiments.results import complete_replications, read_results
    from fangpin.telling import tell_failures

    _tell_start(asked, plan)
    tally = make_runs(asked.request, plan, store)
    width = None
    if asked.precision is not None:
        plan, tally, width = _until_precise(asked, plan, store, tally)
    if complete_replications(plan, store):
        _tell(asked, plan, store, read_results(plan, store), width)
    tell_failures(tally, store)
    return exit_code(tally)


def _until_precise(asked: SweepRequest, plan: Plan, store: Store, tally: Tally) -> tuple[Plan, Tally, Width | None]:
    """Add replications until the widest paired interval is as narrow as wanted, or the limit is reached."""
    from experiments.precision import next_replications, widest
    from experiments.results import complete_replications, read_results
    from experiments.sweep import quantity_named
    from fangpin.planning import more_replications

    assert asked.precision is not None
    screen, outcome = Screen(asked.request.lang), quantity_named(asked.outcome)
    while len(complete_replications(plan, store)) > 1:
        width = widest(read_results(plan, store), outcome, asked.precision)
        count = next_replications(width, asked.precision, asked.most)
        # failed replications do not come back: more of them would be asked for without end
        if not count or count <= plan.study.replications or tally.failed:
            return plan, tally, width
        unit = outcome.unit
        screen.line(
            Label(
                f"{width.replications} 次重复：最宽的成对区间 {_reached(width, asked, 'zh')} {unit.zh}；增至 {count} 次",
                f"{width.replications} replications: widest paired interval {_reached(width, asked, 'en')} {unit.en}; "
                f"now {count}",
            )
        )
        plan = more_replications(plan, count)
        tally = make_runs(asked.request, plan, store)
    return plan, tally, None


def _tell_start(asked: SweepRequest, plan: Plan) -> None:
    """Say what is swept."""
    from fangpin.telling import tell_parameters

    screen, study = Screen(asked.request.lang), plan.study
    place = str(plan.names[screen.lang])
    screen.heading(
        Label(f"防贫扫描：{place}，{len(study.policies)} 个格点", f"fangpin sweep: {place}, {len(study.policies)} cells")
    )
    policies = list(dict.fromkeys(policy.partition(";")[0] for policy in study.policies))
    for key, values in (("policy", policies), *((axis.key, axis.values) for axis in asked.axes)):
        screen.line(Label(f"  {key}：{'、'.join(values)}", f"  {key}: {', '.join(values)}"))
    for change in study.overrides:
        screen.line(Label(f"  各格点共同：{change}", f"  in every cell: {change}"))
    tell_parameters(screen, plan)
    repeated = f"重复 {study.replications} 次", f"{study.replications} replications"
    if asked.precision is not None:
        repeated = (
            f"先重复 {study.replications} 次，至多 {asked.most} 次",
            f"{study.replications} replications first, at most {asked.most}",
        )
    runs = len(plan.tasks)
    screen.line(Label(f"{repeated[0]}，共 {runs} 个运行，种子 {study.seed}", f"{repeated[1]}, {runs} runs, seed {study.seed}"))


def _tell(asked: SweepRequest, plan: Plan, store: Store, results: Results, width: Width | None) -> None:
    """Write tables and chart, print the cells, and say what is certain."""
    from experiments.charts.cells import draw_cells
    from experiments.charts.style import save
    from experiments.sweep import POLICY, cell_rows, quantity_named
    from fangpin.telling import write_tables

    screen, outcome = Screen(asked.request.lang), quantity_named(asked.outcome)
    keys = [POLICY, *(axis.key for axis in asked.axes)]
    rows = cell_rows(results, outcome)
    paths = [_write_cells(store, rows, keys, asked), *write_tables(results, plan, store)]
    figure = draw_cells(rows, keys, results, outcome, str(plan.names[screen.lang]), screen.lang)
    paths += save(figure, store.root / "charts", f"sweep-{asked.outcome}-{screen.lang}")
    _print_cells(screen, rows, keys, results, asked)
    if width is not None and asked.precision is not None:
        _tell_width(screen, width, asked, results)
    screen.files(paths, store.root)


def _write_cells(store: Store, rows: Sequence[object], keys: Sequence[str], asked: SweepRequest) -> Path:
    """Write ``tables/sweep.csv``: a row a cell, the axes as columns."""
    from experiments.sweep import CellRow, cells_of, header, quantity_named
    from experiments.tables import csv_text

    outcome = quantity_named(asked.outcome)
    cells = [cells_of(row, keys, outcome) for row in rows if isinstance(row, CellRow)]
    return store.write_text("tables/sweep.csv", csv_text(header(keys), cells))


def _print_cells(screen: Screen, rows: Sequence[object], keys: Sequence[str], results: Results, asked: SweepRequest) -> None:
    """Print a line a cell: the outcome, and what is more or less than in the base."""
    from experiments.sweep import CellRow, axis_values, quantity_named

    outcome, base = quantity_named(asked.outcome), results.study.base
    shown = [key for key in keys if len({axis_values(policy, [key])[0] for policy in results.study.policies}) > 1] or list(
        keys[:1]
    )
    screen.heading(
        Label(f"{outcome.label.zh}（{outcome.unit.zh}，各年平均）", f"{outcome.label.en} ({outcome.unit.en}, mean of the years)")
    )
    screen.line(
        Label(f"与第一行的基准成对比较；方括号为95%区间：{base}", f"in pairs with the base, {base}; 95% intervals in brackets")
    )
    heads = [*shown, *(label.said(screen.lang) for label in HEADS)]
    ordered = sorted((row for row in rows if isinstance(row, CellRow)), key=lambda row: row.policy != base)
    lines = [
        [*axis_values(row.policy, shown), _level(row.value, outcome.digits + 1), _paired(row.difference, outcome.digits + 1),
         _paired(row.relapses, 0), _paired(row.cost, 1)]
        for row in ordered
    ]  # fmt: skip
    screen.table(heads, lines, left=len(shown), whole=len(shown))
    screen.line(Label(f"返贫人次与支出为{results.scope.zh}", f"relapses and cost are those of {results.scope.en}"))


HEADS = (
    Label("数值±误差", "value ± error"),
    Label("与基准之差", "difference"),
    Label("返贫人次之差", "more relapses"),
    Label("支出之差（百万元）", "more cost (M yuan)"),
)
"""Heads of the columns of figures."""


def _level(estimated: Estimate, digits: int) -> str:
    """Return a mean with its Monte-Carlo error."""
    error = "" if estimated.error != estimated.error else f" ± {estimated.error:.{digits}f}"
    return f"{estimated.mean:,.{digits}f}{error}"


def _paired(estimated: Estimate | None, digits: int) -> str:
    """Return a paired difference with its interval; marked where the interval holds zero."""
    if estimated is None:
        return "–"
    if estimated.mean == 0 and estimated.error == 0:
        return "="
    text = f"{estimated.mean:+,.{digits}f}"
    if estimated.error != estimated.error:
        return text
    unsure = " ?" if estimated.low <= 0 <= estimated.high else ""
    return f"{text} [{estimated.low:,.{digits}f}, {estimated.high:,.{digits}f}]{unsure}"


def _tell_width(screen: Screen, width: Width, asked: SweepRequest, results: Results) -> None:
    """Say whether the intervals are as narrow as wanted, and what it would take."""
    assert asked.precision is not None
    named = results.name(width.policy)
    reached, count = {lang: _reached(width, asked, lang) for lang in ("zh", "en")}, width.replications
    if width.half <= asked.precision:
        enough = f"精度达到：{count} 次重复，最宽的成对区间 {reached['zh']}（“{named.zh}”）"
        screen.line(Label(enough, f"precise enough: {count} replications, widest paired interval {reached['en']} ({named.en})"))
        return
    screen.line(
        Label(
            f"精度未达到：{count} 次重复，最宽的成对区间 {reached['zh']}（“{named.zh}”）；"
            f"估计需要 {width.needed} 次，可增大 most= 或 households=",
            f"not precise enough: {count} replications, widest paired interval {reached['en']} ({named.en}); "
            f"about {width.needed} are needed: raise most= or households=",
        )
    )


def _reached(width: Width, asked: SweepRequest, lang: str) -> str:
    """Return half of an interval beside what is wanted."""
    return f"±{width.half:.3g}{'，目标' if lang == 'zh' else ', wanted'} ±{asked.precision:g}"
