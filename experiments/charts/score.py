"""Charts of scores: forecasts with what was then observed, the histogram of PIT, and each forecaster's score by series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.charts.fan import draw_bands
from experiments.charts.style import LINES, charted, wrapped
from experiments.fans import Forecast
from experiments.labels import Label, Lang
from experiments.score import EVIDENCE, MANAGED, MODEL, POOLS, SEEN, Scored
from experiments.scorecard import FORECASTERS
from scenarios.scored import read_scored

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BINS = 5
"""Bins of the histogram: with a dozen figures more would be empty by luck."""
SHARE = 0.9
"""Share of histograms of perfect forecasts whose bar lies within the grey band."""
COLUMNS = 3
MARKS = {EVIDENCE: ("D", "black"), SEEN: ("D", "#888888"), MANAGED: ("D", "white")}
"""Marks of figures observed afterwards: full, grey and hollow."""
HATCHES = {EVIDENCE: "", SEEN: "//", MANAGED: ".."}
SHORT = {
    EVIDENCE: Label("独立数字", "independent figures"),
    SEEN: Label("选取默认值时用过", "used to choose defaults"),
    MANAGED: Label("管理性指标", "managed figures"),
}


def draw_hindcast(forecast: Forecast, scored: Sequence[Scored], lang: Lang = "zh") -> Figure:
    """Return a panel for each scored series: the forecast, what was known, what came, and what the rivals said.

    Args:
        forecast: one forecast.
        scored: its scores.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(one.series for one in scored))
    columns = min(COLUMNS, max(1, len(names)))
    rows = -(-len(names) // columns)
    with charted():
        figure = Figure(figsize=(max(8.4, 1.2 + 3.7 * columns), 1.9 + 2.6 * rows), layout="constrained")
        panels = list(figure.subplots(rows, columns, squeeze=False).flat)
        for axes in panels[len(names) :]:
            axes.set_visible(False)
        for axes, name in zip(panels, names, strict=False):
            _draw_series(axes, forecast, [one for one in scored if one.series == name], lang)
        title = Label(f"{forecast.place.zh}：预测与后来的观测", f"{forecast.place.en}: what was said, and what came")
        figure.suptitle(title.said(lang), x=0.01, ha="left", fontsize=12.5)
        handles = {text: handle for axes in panels for handle, text in zip(*axes.get_legend_handles_labels(), strict=True)}
        figure.legend(list(handles.values()), list(handles), loc="outside right center", fontsize=9)
        letters = int(figure.get_figwidth() * 15.5)
        apart = Label(
            "。竞争者各给出一个点（中心），其分布见表", ". Of each rival the centre is shown, its distribution is scored"
        )
        contains = forecast.contains.said(lang)
        caption = wrapped(contains[:1].upper() + contains[1:] + apart.said(lang) + _part_of_a_year(scored).said(lang), letters)
        figure.supxlabel(caption, x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _part_of_a_year(scored: Sequence[Scored]) -> Label:
    """Return what must be known of sums since January beside bands of whole years; nothing where there are none."""
    listed = read_scored()
    sums = [one for one in scored if one.month < 12 and (series := listed.one(one.series)) and series.between == "sum"]
    if not sums:
        return Label("", "")
    zh, en = ("、".join(dict.fromkeys(one.label.zh for one in sums)), "; ".join(dict.fromkeys(one.label.en for one in sums)))
    return Label(
        f"。色带为全年之和，点为年初以来之和，按所占月份评分：{zh}",
        f". Bands of whole years, points since January, scored by that part of the year: {en}",
    )


def _draw_series(axes: Any, forecast: Forecast, rows: Sequence[Scored], lang: Lang) -> None:
    """Draw one series: bands, known figures, later ones, the rivals' centres."""
    one = rows[0]
    draw_bands(axes, forecast, forecast.of(one.series, forecast.factual), 0, None)
    for line in axes.get_lines():
        line.set_label(FORECASTERS[MODEL].said(lang))
    before = [point for point in forecast.points_of(one.series) if point.place == forecast.place.en]
    axes.plot([point.time for point in before], [point.value for point in before], "o", markersize=4.5, color="black",
              label=Label("当时已知", "known by then").said(lang), zorder=5)  # fmt: skip
    for row in rows:
        mark, fill = MARKS[row.pool]
        name = Label(f"后来观测：{SHORT[row.pool].zh}", f"observed later: {SHORT[row.pool].en}").said(lang)
        axes.plot([row.time], [row.observed], marker=mark, markersize=6, color="black", markerfacecolor=fill, linestyle="none",
                  label=name, zorder=6)  # fmt: skip
    for number, (who, label) in enumerate(list(FORECASTERS.items())[1:], start=1):
        said = [(row.time, row.marks[who].median) for row in rows if who in row.marks]
        if said:
            line = LINES[number]
            axes.plot(*zip(*said, strict=True), color=line.colour, linestyle=line.dashes, marker=line.marker, markersize=4,
                      linewidth=1.1, label=label.said(lang), zorder=4)  # fmt: skip
    axes.axvline((forecast.asof + 1) / 12 - 1 if forecast.asof is not None else np.nan, color="#555555", linewidth=1.0,
                 linestyle=(0, (1, 1)))  # fmt: skip
    axes.set_title(wrapped(one.label.said(lang), 34), fontsize=9.5)
    axes.set_ylabel(wrapped(one.unit.said(lang), 22), fontsize=8.5)
    first = min([forecast.years[0], *(int(point.time) for point in before)])
    years = list(range(first, forecast.years[-1] + 1))
    axes.set_xlim(first - 0.4, forecast.years[-1] + 0.4)
    shown = years[:: -(-len(years) // 4)]
    axes.set_xticks(shown, [str(year) for year in shown], fontsize=8.5)


def draw_pit(scored: Sequence[Scored], lang: Lang = "zh") -> Figure:
    """Return histograms of the model's PIT, a panel for each kind of figure, with the band that luck alone would fill.

    Args:
        scored: the scores.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure
    from scipy.stats import binom

    pools = [pool for pool in POOLS if any(one.pool == pool for one in scored)]
    with charted():
        figure = Figure(figsize=(1.5 + 3.3 * len(pools), 3.9), layout="constrained")
        for axes, pool in zip(figure.subplots(1, len(pools), squeeze=False)[0], pools, strict=True):
            values = [one.marks[MODEL].pit for one in scored if one.pool == pool]
            low, high = binom.interval(SHARE, len(values), 1 / BINS)
            axes.axhspan(float(low), float(high), color="#000000", alpha=0.09, linewidth=0)
            axes.axhline(len(values) / BINS, color="black", linewidth=1.0, linestyle=(0, (4, 2)))
            counts, edges = np.histogram(values, bins=BINS, range=(0, 1))
            axes.bar(edges[:-1], counts, width=1 / BINS, align="edge", color=LINES[0].colour, alpha=0.75, edgecolor="black",
                     linewidth=0.8, hatch=HATCHES[pool])  # fmt: skip
            axes.set_xlim(0, 1)
            axes.set_xticks(np.linspace(0, 1, BINS + 1))
            axes.yaxis.get_major_locator().set_params(integer=True)
            count = Label(f"（{len(values)}个数字）", f" ({len(values)} figures)")
            axes.set_title(wrapped(SHORT[pool].said(lang) + count.said(lang), 32), fontsize=10)
            axes.set_xlabel(Label("预测分布在观测值处的概率（PIT）", "PIT").said(lang), fontsize=9)
        figure.axes[0].set_ylabel(Label("数字个数", "figures").said(lang))
        figure.suptitle(
            Label("概率校准：PIT直方图", "Calibration: histogram of PIT").said(lang), x=0.01, ha="left", fontsize=12.5
        )
        caption = Label(
            "校准良好时各柱相近（虚线）；灰带：完美预测有90%落入。左高：预测偏高；右高：预测偏低；两端高：区间过窄。"
            "同一序列的数字彼此相关，灰带因此偏窄",
            "Near the dashed line: calibrated; grey: holds 90% of the bars of perfect forecasts. High on the left: forecasts "
            "too high; right: too low; at both ends: bands too narrow. Figures of a series hang together: the band is too narrow",
        )
        figure.supxlabel(wrapped(caption.said(lang), int(figure.get_figwidth() * 15.5)), x=0.01, ha="left", fontsize=8.5,
                         color="#444444")  # fmt: skip
        figure.draw_without_rendering()
    return figure


def draw_scores(scored: Sequence[Scored], lang: Lang = "zh") -> Figure:
    """Return each forecaster's mean score by series, left is better, the kinds of figures apart.

    Args:
        scored: the scores.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    groups = {pool: list(dict.fromkeys(one.series for one in scored if one.pool == pool)) for pool in POOLS}
    groups = {pool: names for pool, names in groups.items() if names}
    count = sum(len(names) for names in groups.values())
    with charted():
        figure = Figure(figsize=(8.6, 1.9 + 0.36 * count + 0.45 * len(groups)), layout="constrained")
        panels = figure.subplots(len(groups), 1, squeeze=False, sharex=True,
                                 height_ratios=[len(names) + 0.6 for names in groups.values()])[:, 0]  # fmt: skip
        for axes, (pool, names) in zip(panels, groups.items(), strict=True):
            _draw_pool(axes, [one for one in scored if one.pool == pool], names, lang)
            axes.set_title(SHORT[pool].said(lang), fontsize=10)
        panels[-1].set_xlabel(
            Label(
                "CRPS，占观测值的百分比（对数刻度，越左越好）", "CRPS, % of what was observed (log scale; left is better)"
            ).said(lang)
        )
        handles = {text: handle for axes in panels for handle, text in zip(*axes.get_legend_handles_labels(), strict=True)}
        figure.legend(list(handles.values()), list(handles), loc="outside right center")
        title = Label("模型与朴素方法的得分", "The model and naive rivals: scores")
        figure.suptitle(title.said(lang), x=0.01, ha="left", fontsize=12.5)
        figure.draw_without_rendering()
    return figure


def _draw_pool(axes: Any, scored: Sequence[Scored], names: Sequence[str], lang: Lang) -> None:
    """Draw the mean score of each series of a kind, a mark a forecaster."""
    labels = []
    for row, name in enumerate(names):
        mine = [one for one in scored if one.series == name]
        labels.append(f"{wrapped(mine[0].label.said(lang), 44)} ({len(mine)})")
        for number, (who, label) in enumerate(FORECASTERS.items()):
            shares = [100 * one.relative(who) for one in mine if who in one.marks]
            if len(shares) == len(mine):
                line = LINES[number]
                size = 6 if number else 8
                axes.plot([max(float(np.mean(shares)), 0.01)], [row], marker=line.marker, color=line.colour, markersize=size,
                          linestyle="none", label=label.said(lang), zorder=5 - number)  # fmt: skip
    axes.set_yticks(range(len(names)), labels, fontsize=8.5)
    axes.set_ylim(len(names) - 0.5, -0.6)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
