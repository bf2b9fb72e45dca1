"""What each further million yuan buys: falls averted against spending, and falls averted for each million, a line a lever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.charts.style import LINES, charted, line_of, wrapped
from experiments.compare.fieller import BOUNDED
from experiments.compare.margins import ALL, Point, Step
from experiments.labels import Label, Lang
from experiments.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDEST_NAME = 24


def draw_margins(results: Results, curves: dict[str, list[Point]], steps: list[Step], lang: Lang = "zh") -> Figure:
    """Return the chart of the value of money.

    Args:
        results: stored results of a study.
        curves: its points by knob (`experiments.compare.margins.curves`).
        steps: the steps between them.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    with charted():
        figure = Figure(figsize=(12.0, 5.0), layout="constrained")
        left, right = figure.subplots(1, 2)
        for number, (knob, points) in enumerate(list(curves.items())[: len(LINES)]):
            _draw_curve(left, points, number, knob)
            _draw_steps(right, [step for step in steps if step.knob == knob], number)
        _name_axes(left, right, lang)
        handles, names = left.get_legend_handles_labels()
        figure.legend(handles, [wrapped(_said(results, name, lang), WIDEST_NAME) for name in names], loc="outside right upper")
        place = results.place
        title = Label(f"{place.zh}：每多花一百万元换来什么", f"{place.en}: what each further million buys")
        figure.suptitle(title.said(lang), x=0.01, ha="left", fontsize=12)
        figure.supxlabel(_caption(results, lang), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _said(results: Results, knob: str, lang: Lang) -> str:
    """Return what a knob is called: its lever by name, where one has it, and the knob."""
    if knob == ALL:
        return Label("各政策，按支出排列", "policies by spending").said(lang)
    head, dot, field = knob.partition(".")
    name = results.name(head)
    return f"{name.said(lang)} ({field})" if dot and name.en != head else knob


def _draw_curve(axes: Any, points: list[Point], number: int, knob: str) -> None:
    """Draw falls averted against spending, the base in the origin."""
    style = line_of(number)
    across = np.array([point.dearer.mean for point in points])
    along = np.array([point.averted.mean for point in points])
    halves = np.nan_to_num(np.array([point.averted.high - point.averted.mean for point in points]))
    axes.errorbar(across, along, yerr=halves, fmt="none", ecolor=style.colour, elinewidth=1.2, capsize=3)
    axes.plot(across, along, color=style.colour, linestyle=style.dashes, marker=style.marker, markersize=5, label=knob)


def _draw_steps(axes: Any, steps: list[Step], number: int) -> None:
    """Draw falls averted for each million as steps; the interval where it is bounded, hollow marks where it is not."""
    style = line_of(number)
    for step in steps:
        ends = [step.before.dearer.mean, step.after.dearer.mean]
        axes.plot(ends, [step.each.ratio] * 2, color=style.colour, linewidth=2.2)
        middle, sure = float(np.mean(ends)), step.each.shape == BOUNDED
        if sure:
            axes.plot([middle, middle], [step.each.low, step.each.high], color=style.colour, linewidth=1.0)
        face = style.colour if sure else "white"
        axes.plot(middle, step.each.ratio, marker=style.marker, color=style.colour, markerfacecolor=face, markersize=5)


def _name_axes(left: Any, right: Any, lang: Lang) -> None:
    """Name the axes of both panels."""
    spent = Label("比基准多花（百万元，全期）", "cost above the base, million yuan, whole horizon").said(lang)
    for axes in (left, right):
        axes.axhline(0, color="black", linewidth=1)
        axes.axvline(0, color="black", linewidth=1)
        axes.set_xlabel(spent)
    left.set_title(Label("减少的返贫致贫人次", "falls averted, persons").said(lang))
    right.set_title(Label("每百万元减少的人次", "falls averted for each million yuan").said(lang))


def _caption(results: Results, lang: Lang) -> str:
    """Return what the marks are."""
    count, scope = len(results.replications), results.scope.said(lang)
    if lang == "zh":
        said = f"原点为基准；配对，n={count}，{scope}。竖线为95%区间（右图为Fieller），空心为区间无界；"
        return f"{said}只含随机波动。支出为全部政策工具实付。"
    return (
        f"Origin: the base; paired, n={count}, {scope}. Vertical lines: 95% intervals (right: Fieller), hollow where unbounded; "
        "random draws only. Cost is what all levers pay."
    )
