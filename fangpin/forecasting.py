"""The command `fangpin forecast`: an ensemble over luck and parameters, fan charts, the goal by year, and a frozen copy."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.labels import Label
from fangpin.exits import DONE, HELP_WORDS, NOT_UNDERSTOOD, refuse
from fangpin.forecastwords import Wanted, read_forecast
from fangpin.making import exit_code, in_store, make_runs, prepare
from fangpin.screen import Screen
from scenarios.cited import show_month

if TYPE_CHECKING:
    from experiments.fans import Forecast
    from experiments.hindsight import Hindsight
    from experiments.store import Store
    from experiments.study import Plan
    from scenarios import Problem

ENOUGH = 40
"""Repetitions below which each end of a 90% band rests on fewer than two draws beyond it."""
YEARS_A_TABLE = 4
"""Years side by side in a printed table; a longer horizon takes several."""


def forecast(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    from fangpin.texts import FORECAST_HELP

    if any(word in HELP_WORDS for word in words):
        print(FORECAST_HELP, end="")
        return DONE
    wanted, plan, hindsight, problems = prepare_forecast(words)
    if plan is None:
        return refuse(problems, "forecast")
    return in_store(wanted.request, plan, "forecast", lambda store: _make_and_tell(wanted, plan, hindsight, store))


def prepare_forecast(words: Sequence[str]) -> tuple[Wanted, Plan | None, Hindsight, list[Problem]]:
    """Return what is asked for, its plan or the problems that stand in the way, and what is done about later knowledge."""
    from experiments.hindsight import Hindsight
    from fangpin.hindsight import without_hindsight

    wanted, problems = read_forecast(words)
    hindsight = Hindsight()
    if wanted.asof is not None and not problems:
        wanted, hindsight, problems = without_hindsight(wanted)
    plan, found = prepare(wanted.request, problems)
    return wanted, plan, hindsight, found


def _make_and_tell(wanted: Wanted, plan: Plan, hindsight: Hindsight, store: Store) -> int:
    """Make the runs, then tables, charts, the frozen copy and words."""
    from experiments.frozen import Clash
    from experiments.results import complete_replications
    from fangpin.hindsight import plan_to_tell, tell_hindsight
    from fangpin.telling import tell_failures, tell_start

    plain = plan_to_tell(plan, wanted, hindsight)
    tell_start(replace(wanted.request, study=plain.study), plain, store)
    tell_hindsight(Screen(wanted.request.lang), wanted, hindsight)
    tally = make_runs(wanted.request, plan, store)
    if complete_replications(plan, store):
        made = forecast_from(wanted, plan, store)
        try:
            _tell(wanted, made, plan, hindsight, store)
        except Clash as error:
            print(f"fangpin forecast: {error}; choose another out=", file=sys.stderr)
            return NOT_UNDERSTOOD
    tell_failures(tally, store)
    return exit_code(tally)


def forecast_from(wanted: Wanted, plan: Plan, store: Store) -> Forecast:
    """Return the forecast that the stored runs make."""
    from experiments.fans import forecast_of

    return forecast_of(plan, store, wanted.outcomes, wanted.horizon, wanted.asof, _transition_end(plan))


def equal_to_base(made: Forecast) -> list[str]:
    """Return the policies that give what the base gives, in every series, repetition and year."""
    others = [policy for policy in made.policies if policy != made.base]
    return [
        policy
        for policy in others
        if all(np.array_equal(made.of(one.id, policy), made.of(one.id, made.base), equal_nan=True) for one in made.series)
    ]


def _transition_end(plan: Plan) -> int | None:
    """Return the last month of the transition in the first county; None where it gives none."""
    transition = getattr(next(iter(plan.scenarios.values())), "transition", None)
    return None if transition is None else int(transition.end)


def _tell(wanted: Wanted, made: Forecast, plan: Plan, hindsight: Hindsight, store: Store) -> None:
    """Write everything, print the medians with their bands, the goal and the warnings."""
    paths = write_forecast(wanted, made, plan, hindsight, store)
    screen = Screen(wanted.request.lang)
    for policy, label in made.policies.items():
        screen.heading(Label(f"{label.zh}：中位数 [90%区间]", f"{label.en}: median [90% band]"))
        _table(screen, made, policy, paired=False)
    for policy in made.policies:
        if policy != made.base:
            ours, base = made.policies[policy], made.policies[made.base]
            screen.heading(Label(f"“{ours.zh}”减“{base.zh}”，成对", f"{ours.en} minus {base.en}, in pairs"))
            _table(screen, made, policy, paired=True)
    _tell_goal(screen, made)
    screen.heading(Label("说明", "notes"))
    screen.line(made.contains)
    _warn(screen, made, plan)
    screen.files(paths, store.root, (".svg", ".pdf"))


def write_forecast(wanted: Wanted, made: Forecast, plan: Plan, hindsight: Hindsight, store: Store) -> list[Path]:
    """Write tables and charts, and freeze the forecast; return the paths.

    Raises:
        experiments.frozen.Clash: if another forecast is frozen under the same name.
    """
    from experiments.charts.fan import draw_difference, draw_fan, draw_goal_years
    from experiments.charts.style import save
    from experiments.fans import HEADER, summary_rows
    from experiments.frozen import LATER_HEADER, freeze, later_lines
    from experiments.goal import HEADER as GOAL_HEADER
    from experiments.goal import goal_cells
    from experiments.tables import csv_text

    lang, folder = Screen(wanted.request.lang).lang, store.root / "charts"
    paths = [freeze(made, plan, hindsight, store.root)]
    paths.append(store.write_text("tables/forecast.csv", csv_text(HEADER, summary_rows(made))))
    paths.append(store.write_text("tables/goal.csv", csv_text(GOAL_HEADER, [goal_cells(row) for row in made.goal])))
    if made.asof is not None:
        paths.append(store.write_text("tables/asof.csv", csv_text(LATER_HEADER, later_lines(hindsight))))
    for one in made.series:
        paths += save(draw_fan(made, one.id, lang), folder, f"fan-{one.id}-{lang}")
        if len(made.policies) > 1:
            paths += save(draw_difference(made, one.id, lang), folder, f"difference-{one.id}-{lang}")
    return [*paths, *save(draw_goal_years(made, lang), folder, f"goal-years-{lang}")]


def _table(screen: Screen, made: Forecast, policy: str, paired: bool) -> None:
    """Print a line a series: the median of each year with the 90% band."""
    from experiments.fans import quantiles

    rows = []
    for one in made.series:
        values = made.difference(one.id, policy) if paired else made.of(one.id, policy)
        low, median, high = quantiles(values, (0.05, 0.5, 0.95))
        cells = [_cell(*ends, one.digits, paired) for ends in zip(low, median, high, strict=True)]
        rows.append(
            [
                f"{one.label.said(screen.lang)}（{one.unit.zh}）" if screen.lang == "zh" else f"{one.label.en} ({one.unit.en})",
                *cells,
            ]
        )
    # more years would push the names of the series out of the table
    for first in range(0, len(made.years), YEARS_A_TABLE):
        chosen = slice(first, first + YEARS_A_TABLE)
        heads = [Label("指标", "series").said(screen.lang), *(str(year) for year in made.years[chosen])]
        screen.table(heads, [[row[0], *row[1:][chosen]] for row in rows])


def _cell(low: float, median: float, high: float, digits: int, paired: bool) -> str:
    """Return a median with its band; nothing where there is none."""
    if np.isnan(median):
        return "–"
    sign = "+" if paired else ""
    return f"{median:{sign},.{digits}f} [{low:,.{digits}f}, {high:,.{digits}f}]"


def _tell_goal(screen: Screen, made: Forecast) -> None:
    """Print the probability of the goal by year, at every threshold, for the definitions of the chart."""
    from experiments.charts.fan import GOAL_SHOWN
    from experiments.goal import ALL_YEARS, WHOLE, quantity

    years = [year for year in made.years if any(row.year == year for row in made.goal)]
    for policy, label in made.policies.items():
        rows = []
        for name in GOAL_SHOWN:
            for bar in sorted({row.threshold for row in made.goal if row.definition == name}):
                mine = {
                    row.year: row
                    for row in made.goal
                    if (row.policy, row.county, row.definition, row.threshold) == (policy, WHOLE, name, bar)
                }
                shares = ["–" if mine[year].chance is None else f"{mine[year].chance.share:.2f}" for year in (*years, ALL_YEARS)]  # type: ignore[union-attr]
                rows.append([f"{quantity(name).label.said(screen.lang)} <{100 * bar:g}%", *shares])
        screen.heading(Label(f"{label.zh}：低于阈值的概率", f"{label.en}: probability to stay below"))
        heads = [
            Label("指标与阈值", "rate and threshold"),
            *(Label(str(year), str(year)) for year in years),
            Label("各年同时", "all years"),
        ]
        screen.table([head.said(screen.lang) for head in heads], rows)


def _warn(screen: Screen, made: Forecast, plan: Plan) -> None:
    """Warn of too few repetitions, of support that ends late, and of a forecast that stops with the transition."""
    from experiments.fans import AFTER_TRANSITION, ends_too_soon, year_to_extend
    from experiments.horizon import late_cuts

    if len(made.repeats) < ENOUGH:
        text = f"重复少于{ENOUGH}次：90%区间的两端只由个别重复决定，可增大 reps="
        screen.line(Label(text, f"fewer than {ENOUGH} repetitions: the ends of the 90% band rest on single ones (raise reps=)"))
    for policy in equal_to_base(made):
        ours, base = made.policies[policy], made.policies[made.base]
        screen.line(
            Label(
                f"“{ours.zh}”与“{base.zh}”完全相同：其设定在此地本已如此，或在模拟户中无人触及",
                f"'{ours.en}' equals '{base.en}' in every figure: it has the same settings here, or they touch nobody simulated",
            )
        )
    for policy, label in made.policies.items():
        levers = ", ".join(late_cuts(plan.scenarios[policy].rules, plan.study.last_month))
        if levers:
            text = f"注意：{label.zh}在期末前12个月内仍有政策工具终止或削减，影响尚未全部显现（可用 extend=）：{levers}"
            screen.line(
                Label(
                    text,
                    f"warning: {label.en} ends or cuts levers within the last 12 months, effects not yet seen in full "
                    f"(use extend=): {levers}",
                )
            )
    if ends_too_soon(made) and made.transition_end is not None:
        year, end = year_to_extend(made.transition_end), show_month(made.transition_end)
        text = f"注意：过渡期止于{end}，预测未覆盖其后{AFTER_TRANSITION}个月；可用 extend={year}"
        screen.line(
            Label(
                text,
                f"warning: the transition ends in {end} and the {AFTER_TRANSITION} months after it are not shown (extend={year})",
            )
        )
