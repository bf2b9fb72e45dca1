"""The cost-effectiveness plane: what each policy costs above the base and what it averts, each repetition, and the frontier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.charts.style import charted, line_of, wrapped
from experiments.compare.money import Ranked, Trade
from experiments.labels import Label, Lang
from experiments.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 7
WIDEST_TITLE = 100
WIDEST_NAME = 22
"""Width of a name in the legend before it is broken, in halves of a Chinese character."""


def draw_plane(results: Results, ranks: list[Ranked], trades: list[Trade], lang: Lang = "zh") -> Figure:
    """Return the cost-effectiveness plane.

    Args:
        results: stored results of a study.
        ranks: its policies by cost (`experiments.compare.money.ranking`).
        trades: its policies against the base (`experiments.compare.money.trades`).
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    base = results.name(results.study.base).said(lang)
    with charted():
        figure = Figure(figsize=(9.6, 6.0), layout="constrained")
        axes = figure.subplots()
        axes.axhline(0, color="black", linewidth=1)
        axes.axvline(0, color="black", linewidth=1)
        axes.plot([0], [0], marker="o", color="black", markersize=7, linestyle="none", label=wrapped(base, WIDEST_NAME))
        for number, trade in enumerate(trades[:MOST]):
            _draw_policy(axes, trade, number, wrapped(results.name(trade.policy).said(lang), WIDEST_NAME))
        for trade in trades[MOST:]:
            axes.plot(trade.averted.mean, trade.dearer.mean, marker=".", color="#999999", linestyle="none")
        _draw_frontier(axes, results, ranks, lang)
        _name_axes(axes, results, lang)
        figure.legend(loc="outside right upper")
        place = results.place.said(lang)
        title = Label(f"{place}：费用与效果，相对“{base}”", f"{place}: cost and effect against '{base}'")
        figure.suptitle(wrapped(title.said(lang), WIDEST_TITLE), x=0.01, ha="left", fontsize=12)
        figure.supxlabel(_caption(results, lang), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _draw_policy(axes: Any, trade: Trade, number: int, name: str) -> None:
    """Draw the repetitions of a policy faintly and their mean with its intervals."""
    style = line_of(number + 1)
    averted, dearer = trade.points
    axes.scatter(averted, dearer, s=14, color=style.colour, alpha=0.35, linewidths=0, marker=style.marker)
    if trade.averted.runs > 1:
        across = [[trade.averted.mean - trade.averted.low], [trade.averted.high - trade.averted.mean]]
        along = [[trade.dearer.mean - trade.dearer.low], [trade.dearer.high - trade.dearer.mean]]
        axes.errorbar(trade.averted.mean, trade.dearer.mean, xerr=across, yerr=along, fmt="none", ecolor=style.colour, capsize=3)
    mean = (trade.averted.mean, trade.dearer.mean)
    axes.plot(*mean, marker=style.marker, color=style.colour, markersize=8, linestyle="none", label=name)


def _draw_frontier(axes: Any, results: Results, ranks: list[Ranked], lang: Lang) -> None:
    """Draw the line through the policies that nothing dominates."""
    base = next(row for row in ranks if row.policy == results.study.base)
    on = [row for row in ranks if not row.by]
    if len(on) > 1:
        points = np.array([(base.falls - row.falls, row.cost - base.cost) for row in on])
        axes.plot(
            *points.T, color="#555555", linewidth=1.2, linestyle=(0, (4, 3)), label=Label("前沿", "frontier").said(lang), zorder=1
        )


def _name_axes(axes: Any, results: Results, lang: Lang) -> None:
    """Name the axes."""
    scope = results.scope.said(lang)
    axes.set_xlabel(Label(f"减少的返贫致贫人次（{scope}）", f"falls averted, persons ({scope})").said(lang))
    axes.set_ylabel(Label("比基准多花（百万元，全期）", "cost above the base, million yuan, whole horizon").said(lang))


def _caption(results: Results, lang: Lang) -> str:
    """Return what the marks are."""
    count = len(results.replications)
    if lang == "zh":
        return f"小点为各次重复（配对，n={count}），大标记为均值及95%区间，只含随机波动。右下少返贫且省钱，左上多返贫且费钱。"
    return (
        f"Small marks: repetitions (paired, n={count}); large marks: means with 95% intervals, random draws only.\n"
        "Bottom right: fewer falls for less money; top left: more falls for more money."
    )
