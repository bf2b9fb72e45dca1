"""What the difference between two policies is made of: paired, by proximate cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.charts.style import charted, line_of, wrapped
from experiments.differences import TOTAL, Difference, cause_label, difference_rows, differs
from experiments.labels import Label, Lang
from experiments.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure


WIDEST_TITLE = 96
"""Letters of a line of the title."""


def horizon_rows(results: Results, policy: str) -> list[Difference]:
    """Return the differences of a policy over the whole horizon: causes that differ, largest first, then the total."""
    rows = [row for row in difference_rows(results) if row.policy == policy and row.year == 0]
    causes = sorted((row for row in rows if row.cause != TOTAL and differs(row)), key=lambda row: -abs(row.estimate.mean))
    return causes + [row for row in rows if row.cause == TOTAL]


def _draw_bars(axes: Any, rows: list[Difference], lang: Lang) -> None:
    """Draw one bar a row with its interval, the first on top, and the zero line."""
    places = np.arange(len(rows))
    means = np.array([row.estimate.mean for row in rows])
    colours = [line_of(6).colour if row.cause == TOTAL else line_of(0).colour for row in rows]
    axes.barh(places, means, color=colours, height=0.62, alpha=0.8)
    if rows[0].estimate.runs > 1:
        halves = np.array([row.estimate.high - row.estimate.mean for row in rows])
        axes.errorbar(means, places, xerr=halves, fmt="none", ecolor="#333333", elinewidth=1.2, capsize=3)
    axes.axvline(0, color="black", linewidth=1)
    axes.axhline(len(rows) - 1.5, color="#999999", linewidth=0.8)
    axes.set_yticks(places, [cause_label(row.cause).said(lang) for row in rows])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.06)
    axes.invert_yaxis()


def _name_axis(axes: Any, results: Results, lang: Lang) -> None:
    """Name the axis of persons; a whole country's are counted by the ten thousand, or by the million."""
    label = Label("返贫人次之差（扣除刚性支出口径；正值为增加）", "difference in persons relapsing, net (positive: more)")
    if results.weighted:
        unit = 10_000 if lang == "zh" else 1_000_000
        axes.xaxis.set_major_formatter(lambda value, _: f"{value / unit:g}")
        label = Label(
            "返贫人次之差（万人次，扣除刚性支出口径；正值为增加）",
            "difference in million persons relapsing, net (positive: more)",
        )
    axes.set_xlabel(label.said(lang))


def _caption(results: Results, lang: Lang) -> str:
    """Return what the bars and whiskers are."""
    count = len(results.replications)
    first, last = results.years[0], results.years[-1]
    if lang == "zh":
        bars = "误差线为配对差的95%区间，只含随机波动" if count > 1 else "只有一次重复，没有区间"
        counted = f"{first}–{last}年累计人次，{results.scope.zh}；同一次重复同一运气，配对相减，n={count}"
        return f"{counted}；{bars}。\n各原因之和恰等于合计；没有差别的原因从略。"
    bars = "whiskers: paired 95% interval, random draws only" if count > 1 else "one replication, no interval"
    counted = f"Cumulative persons {first}-{last}, {results.scope.en}; same luck in both, paired, n={count}"
    return f"{counted}.\n{bars.capitalize()}. Causes add up exactly to the total; those without difference are left out."


def draw_causes(results: Results, policy: str, place: str, lang: Lang = "zh") -> Figure:
    """Return the chart of a policy's relapses minus the base's, by main cause, over the horizon.

    Args:
        results: stored results of a study.
        policy: the policy to compare with the study's base.
        place: name of the place, in the language of the chart.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    ours, base = results.name(policy).said(lang), results.name(results.study.base).said(lang)
    with charted():
        figure = Figure(figsize=(8.4, 5.0), layout="constrained")
        axes = figure.subplots()
        _draw_bars(axes, horizon_rows(results, policy), lang)
        _name_axis(axes, results, lang)
        title = Label(
            f"{place}：“{ours}”减“{base}”\n返贫人次之差的直接原因",
            f"{place}: '{ours}' minus '{base}'\nproximate causes of the difference in relapses",
        )
        figure.suptitle(wrapped(title.said(lang), WIDEST_TITLE), x=0.01, ha="left", fontsize=12)
        figure.supxlabel(_caption(results, lang), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure
