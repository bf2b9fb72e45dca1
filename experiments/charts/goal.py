"""How likely the goal holds: a field for each threshold and year, its probability and its light; and how counties add up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.chances import AMBER, EVEN, GREEN, RED, SURE, contains
from experiments.charts.style import charted, line_of, wrapped
from experiments.goal import ALL_YEARS, EVERY, WHOLE, CountyStep, GoalRow, quantity
from experiments.labels import Label, Lang
from experiments.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = ("relapse_registry", "relapse_net", "relapse_core", "poor_stock")
"""Definitions drawn where they are among the rows: the others stand in the table."""
SHORT = {"relapse_core": Label("返贫率·收入或住房、教育、饮水", "relapse, income or guarantees but for insurance")}
"""What definitions are called where the label in the table leans on the line above it."""
MOST_POLICIES = 6
"""Policies in one chart."""
DARK = 0.62
"""Probability from which the figures in a field are white."""
SIGNS = {GREEN: "●", AMBER: "◐", RED: "○"}
"""Lights that colour-blind eyes and grey paper can tell apart; nothing where nobody can tell."""
TITLE_WIDTH = 34


def draw_goal(results: Results, rows: Sequence[GoalRow], place: str, lang: Lang = "zh") -> Figure:
    """Return the chart of probabilities by threshold and year, a row of panels for each policy.

    Args:
        results: stored results: names and repetitions.
        rows: probabilities (`experiments.goal.goal_rows`).
        place: name of the place, in the language of the chart.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    county = EVERY if any(row.county == EVERY for row in rows) else WHOLE
    there = list(dict.fromkeys(row.definition for row in rows))
    shown = [name for name in SHOWN if name in there] or there[:4]
    policies = results.study.policies[:MOST_POLICIES]
    with charted():
        figure = Figure(figsize=(1.2 + 3.1 * len(shown), 1.9 + 2.15 * len(policies)), layout="constrained")
        panels = figure.subplots(len(policies), len(shown), squeeze=False)
        for line, policy in zip(panels, policies, strict=True):
            for axes, name in zip(line, shown, strict=True):
                chosen = [row for row in rows if (row.policy, row.county, row.definition) == (policy, county, name)]
                _draw_field(axes, chosen, lang)
                if policy == policies[0]:
                    axes.set_title(wrapped(SHORT.get(name, quantity(name).label).said(lang), TITLE_WIDTH), fontsize=9.5)
            line[0].set_ylabel(wrapped(results.name(policy).said(lang), 26), fontsize=10)
        figure.suptitle(_title(place, county).said(lang), x=0.01, ha="left", fontsize=13)
        figure.supxlabel(_caption(results, lang), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _title(place: str, county: str) -> Label:
    """Return the title."""
    if county == EVERY:
        return Label(f"{place}：各县同时低于阈值的概率", f"{place}: probability that every county stays below the threshold")
    return Label(f"{place}：低于阈值的概率", f"{place}: probability to stay below the threshold")


def _draw_field(axes: Any, rows: Sequence[GoalRow], lang: Lang) -> None:
    """Draw one panel: a field for each threshold and year, all years in a column of their own."""
    years = sorted({row.year for row in rows}, key=lambda year: (year == ALL_YEARS, year))
    bars = sorted({row.threshold for row in rows})
    shares = np.full((len(bars), len(years)), np.nan)
    for row in rows:
        if row.chance:
            shares[bars.index(row.threshold), years.index(row.year)] = row.chance.share
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto", origin="lower")
    for row in rows:
        _write(axes, row, years.index(row.year), bars.index(row.threshold))
    axes.axvline(len(years) - 1.5, color="white", linewidth=4)
    axes.set_xticks(range(len(years)), [f"{year}" if year else Label("各年", "all").said(lang) for year in years], fontsize=8.5)
    axes.set_yticks(range(len(bars)), [f"<{100 * bar:g}%" for bar in bars], fontsize=8.5)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _write(axes: Any, row: GoalRow, across: int, up: int) -> None:
    """Write a probability and its light into its field."""
    if row.chance is None:
        axes.text(across, up, "–", ha="center", va="center", fontsize=8.5)
        return
    colour = "white" if row.chance.share > DARK else "#222222"
    sign = SIGNS.get(row.light, "")
    axes.text(across, up, f"{row.chance.share:.2f}\n{sign or '?'}", ha="center", va="center", fontsize=7.5, color=colour)


def _caption(results: Results, lang: Lang) -> str:
    """Return how to read the chart and what the probabilities contain."""
    left_out = len(results.study.policies) - MOST_POLICIES
    if lang == "zh":
        more = f"；另有{left_out}个政策见表" if left_out > 0 else ""
        lights = f"● 绿：95%区间不低于{SURE:g}；◐ 黄：在{EVEN:g}与{SURE:g}之间；○ 红：不高于{EVEN:g}；? 无法判断（阈值为选择）"
        return f"{contains(results).zh}。“各年”为每一年都低于阈值{more}。\n{lights}"
    more = f"; {left_out} more policies in the table" if left_out > 0 else ""
    lights = f"● green: 95% interval at {SURE:g} or above; ◐ amber: between {EVEN:g} and {SURE:g}; ○ red: {EVEN:g} or below; "
    return f"{contains(results).en}.\n'all': below in every year{more}. {lights}? cannot tell (thresholds are choices)"


def draw_steps(results: Results, steps: Sequence[CountyStep], place: str, lang: Lang = "zh") -> Figure:
    """Return the chart of how the joint probability falls with the number of counties, one panel a policy.

    Args:
        results: stored results: names and repetitions.
        steps: probabilities by number of counties (`experiments.goal.county_steps`).
        place: name of the place, in the language of the chart.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    shown = next(
        name for name in ("poor_stock", *(step.definition for step in steps)) if any(s.definition == name for s in steps)
    )
    policies = results.study.policies[:MOST_POLICIES]
    with charted():
        figure = Figure(figsize=(1.4 + 3.3 * len(policies), 3.9), layout="constrained")
        panels = figure.subplots(1, len(policies), squeeze=False, sharey=True)[0]
        for axes, policy in zip(panels, policies, strict=True):
            _draw_steps(axes, [step for step in steps if (step.policy, step.definition) == (policy, shown)])
            axes.set_title(wrapped(results.name(policy).said(lang), TITLE_WIDTH))
            axes.set_xlabel(Label("县数", "counties").said(lang))
            axes.set_ylim(-0.02, 1.04)
        panels[0].set_ylabel(Label("各县各年同时低于阈值的概率", "probability that all hold").said(lang))
        handles, names = panels[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside right center", handlelength=3.4)
        said = quantity(shown).label
        title = Label(
            f"{place}：{said.zh}——县越多越难同时守住", f"{place}: {said.en}; the more counties, the harder to hold them all"
        )
        figure.suptitle(title.said(lang), x=0.01, ha="left", fontsize=12)
        lines = Label(
            "实线：共享运气（模拟）；细虚线：假如各县运气互不相关",
            "line: luck as shared; thin dashes: if counties were independent",
        )
        said_lines, told = lines.said(lang), contains(results).said(lang)
        figure.supxlabel(f"{said_lines}\n{told}", x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _draw_steps(axes: Any, steps: Sequence[CountyStep]) -> None:
    """Draw a line for each threshold, and a thin one as if counties were independent."""
    for number, bar in enumerate(sorted({step.threshold for step in steps})):
        line, ours = line_of(number), [step for step in steps if step.threshold == bar]
        counts = [step.counties for step in ours]
        axes.plot(counts, [step.together for step in ours], color=line.colour, linestyle=line.dashes, marker=line.marker,
                  markersize=4, linewidth=1.8, label=f"<{100 * bar:g}%")  # fmt: skip
        axes.plot(counts, [step.alone for step in ours], color=line.colour, linestyle=(0, (1, 2)), linewidth=1.0)
    axes.set_xticks(sorted({step.counties for step in steps}))
