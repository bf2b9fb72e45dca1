"""Early warning: recall and precision of December lists by their length, and how soon risk is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.charts.style import charted, line_of, wrapped
from experiments.intervals import estimate
from experiments.labels import Label, Lang
from experiments.results import Results
from experiments.warning import GRID, LONGEST, RULES, Notes, curves, finding, registry_size, worth
from experiments.warning_tables import capacities

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OUTCOME = "at_risk"
DRAWN = ("score", "persistence", "random")
MOST_POLICIES = 6
"""Policies whose marks and curves are drawn."""
LEGEND_WIDTH = 44


def draw_warning(results: Results, notes: Mapping[str, Notes], place: str, lang: Lang = "zh") -> Figure:
    """Return the chart: recall and precision against the length of the list, and the share of new risk found by month.

    Lines of rules are of the factual policy; each policy's registry is a mark with its interval.

    Args:
        results: stored results: names and repetitions.
        notes: notes of true risk by policy (`experiments.warning.read_notes`).
        place: name of the place, in the language of the chart.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    with charted():
        marks = min(len(results.study.policies), MOST_POLICIES) + len(DRAWN) + 1
        room = 0.12 + 0.2 * -(-marks // 2)
        figure = Figure(figsize=(11.5, 4.6 + room), layout="constrained")
        grid = figure.add_gridspec(2, 3, height_ratios=(3.6, room))
        panels, below = [figure.add_subplot(grid[0, column]) for column in range(3)], figure.add_subplot(grid[1, :])
        for axes, part, title in zip(panels, (1, 0), (Label("查全率", "Recall"), Label("查准率", "Precision")), strict=False):
            _draw_lists(axes, results, notes, part, lang)
            axes.set_title(title.said(lang))
        _draw_finding(panels[2], results, notes, lang)
        handles, names = panels[0].get_legend_handles_labels()
        below.set_axis_off()
        below.legend(handles, names, loc="center left", ncols=2, handlelength=3.4, fontsize=9, borderaxespad=0)
        title = Label(f"{place}：早期预警", f"{place}: early warning")
        figure.suptitle(title.said(lang), x=0.01, ha="left", fontsize=13)
        figure.supxlabel(_caption(results, lang), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _draw_lists(axes: Any, results: Results, notes: Mapping[str, Notes], part: int, lang: Lang) -> None:
    """Draw precision (part 0) or recall (1) by length of the list; part of the rules as lines, registries as marks."""
    factual = results.study.factual
    lists = notes[factual].lists
    for number, rule in enumerate(DRAWN):
        values = 100 * np.stack([curves(table, rule, OUTCOME)[part] for table in lists])
        line = line_of(number)
        axes.plot(
            100 * GRID, values.mean(axis=0), color=line.colour, linestyle=line.dashes, linewidth=1.8, label=RULES[rule].said(lang)
        )
        if len(values) > 1:
            axes.fill_between(100 * GRID, *np.quantile(values, (0.05, 0.95), axis=0), color=line.colour, alpha=0.14, linewidth=0)
    for number, policy in enumerate(results.study.policies[:MOST_POLICIES]):
        _mark(axes, results, notes[policy], policy, number, part, lang)
    households = np.array([float(table["households"].sum()) for table in lists])
    staff = estimate(100 * capacities(results)[factual] / households).mean
    if np.isfinite(staff) and staff <= 100 * GRID[-1]:
        said = Label("核查力量一年可办的户数", "cases that verification can settle in a year").said(lang)
        axes.axvline(staff, color="#666666", linewidth=1.1, linestyle=(0, (2, 2)), label=said)
    axes.set_xlim(0, 100 * GRID[-1])
    axes.set_ylim(0, 102)
    axes.set_xlabel(Label("12月名单占全部模拟户的%", "list of December, % of simulated households").said(lang))
    axes.set_ylabel(Label("次年有风险户，%", "% (at risk in the next year)").said(lang))


def _mark(axes: Any, results: Results, notes: Notes, policy: str, number: int, part: int, lang: Lang) -> None:
    """Mark where a policy's registry stands, with the 95% interval of the mean."""
    found = [worth(table, "registry", OUTCOME, registry_size(table)) for table in notes.lists]
    size, value = (
        estimate([100 * one.size for one in found]),
        estimate([100 * (one.recall if part else one.precision) for one in found]),
    )
    line = line_of(3 + number)
    half = 0.0 if np.isnan(value.error) else value.high - value.mean
    said = (
        f"{RULES['registry'].said(lang)}：{results.name(policy).said(lang)}"
        if lang == "zh"
        else f"registry: {results.name(policy).en}"
    )
    axes.errorbar(size.mean, value.mean, yerr=half, color=line.colour, marker=line.marker, markersize=7, capsize=3,
                  linestyle="none", label=wrapped(said, LEGEND_WIDTH))  # fmt: skip


def _draw_finding(axes: Any, results: Results, notes: Mapping[str, Notes], lang: Lang) -> None:
    """Draw the share of new risk that is in the registry so many months later, one line a policy."""
    for number, policy in enumerate(results.study.policies[:MOST_POLICIES]):
        values = 100 * np.stack([finding(table).found for table in notes[policy].spells])
        line = line_of(3 + number)
        axes.step(range(LONGEST + 1), values.mean(axis=0), where="post", color=line.colour, linestyle=line.dashes, linewidth=1.8)
        if len(values) > 1:
            low, high = np.quantile(values, (0.05, 0.95), axis=0)
            axes.fill_between(range(LONGEST + 1), low, high, step="post", color=line.colour, alpha=0.14, linewidth=0)
    axes.set_title(Label("新发生风险中已被识别的", "New risk found").said(lang))
    axes.set_xlabel(Label("风险发生后的月数", "months since risk began").said(lang))
    axes.set_ylabel(Label("%（0：当月或此前已在册）", "% (0: in the same month or before)").said(lang))
    axes.set_xlim(0, LONGEST)
    axes.set_xticks(range(0, LONGEST + 1, 6))
    axes.set_ylim(0, 102)


def _caption(results: Results, lang: Lang) -> str:
    """Return how to read the chart."""
    count = len(results.replications)
    if lang == "zh":
        return (
            f"n={count}次重复；色带为5%–95%分位，误差线为均值的95%区间，只含随机波动。曲线假定县里看到每户收入（取“{results.name(results.study.factual).zh}”），\n"
            "标记为实际监测名单：只含县里发现的户。惯性基准：先列去年12月有风险的户，再列去年曾有风险的户，其余随机。"
        )
    seen = results.name(results.study.factual).en
    return (
        f"n={count} replications; bands: 5-95% of them, whiskers: 95% interval of the mean, random draws only. Lines suppose\n"
        f"that the county sees every income (under '{seen}'); marks are the registries: whom it found. Persistence lists those\n"
        "at risk in December, then those at risk in the year, then others by lot."
    )
