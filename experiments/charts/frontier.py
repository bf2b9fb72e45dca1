"""The frontier of a search: every candidate by cost and relapse, the frontier, the simple rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.charts.style import charted, line_of
from experiments.intervals import estimate
from experiments.labels import Label, Lang
from experiments.search import Found, Seen

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMES = {
    "relapse": Label("返贫人次之差（扣除刚性支出）", "more persons relapsing, net"),
    "falls": Label("致贫人次之差（边缘户）", "more marginal persons falling, net"),
    "cost": Label("全部政策支出之差（百万元）", "more cost of all levers, million yuan"),
}


def draw_frontier(
    found: Sequence[Found], fresh: Seen, objectives: Sequence[str], place: str, budget: float | None, lang: Lang = "zh"
) -> Figure:
    """Return the chart of candidates, minus the base, over the horizon.

    Args:
        found: every candidate, the frontier first.
        fresh: candidates that were run again with fresh luck, drawn with their intervals.
        objectives: what was made small; cost is across, the first other one up.
        place: name of the place, in the language of the chart.
        budget: million yuan above the base, as a line; None without one.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    up = next((name for name in objectives if name != "cost"), "relapse")
    with charted():
        figure = Figure(figsize=(8.4, 5.6), layout="constrained")
        axes = figure.subplots()
        axes.scatter(
            [one.estimates["cost"].mean for one in found], [one.estimates[up].mean for one in found], s=14, color="#BBBBBB",
            label=Label("评估过的路径", "paths evaluated").said(lang), zorder=1,
        )  # fmt: skip
        best = sorted((one for one in found if one.on_frontier), key=lambda one: one.estimates["cost"].mean)
        line = line_of(0)
        axes.plot(
            [one.estimates["cost"].mean for one in best], [one.estimates[up].mean for one in best], color=line.colour,
            marker=line.marker, markersize=4, linewidth=1.2, label=Label("前沿", "frontier").said(lang), zorder=2,
        )  # fmt: skip
        _draw_fresh(axes, best, fresh, up, lang)
        _draw_simple(axes, found, up, lang)
        axes.axhline(0, color="black", linewidth=0.8)
        axes.axvline(0, color="black", linewidth=0.8)
        if budget is not None:
            axes.axvline(budget, color="#555555", linestyle=(0, (4, 3)), label=Label("预算", "budget").said(lang))
        axes.set_xlabel(NAMES["cost"].said(lang))
        axes.set_ylabel(NAMES[up].said(lang))
        axes.legend(loc="best", fontsize=9)
        title = Label(f"{place}：支出与返贫的前沿", f"{place}: frontier of cost and relapse")
        figure.suptitle(title.said(lang), x=0.01, ha="left", fontsize=12)
        caption = Label(
            "与基准政策成对相减，全期累计。十字：前沿路径用新随机数重跑的均值与95%区间：入选者在选它的随机数下偏乐观。",
            "Minus the base, in pairs, whole horizon. Crosses: paths of the frontier run again with fresh luck, 95% intervals:\n"
            "what was chosen looks better under the luck that chose it.",
        )
        figure.supxlabel(caption.said(lang), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _draw_fresh(axes: object, best: Sequence[Found], fresh: Seen, up: str, lang: Lang) -> None:
    """Draw what the frontier is worth with fresh luck."""
    name = Label("前沿，新随机数", "frontier, fresh luck").said(lang)
    for one in best:
        again = fresh.values.get(one.policy)
        if again is None:
            continue
        cost, value = estimate(again["cost"]), estimate(again[up])
        spans = [None if row.error != row.error else row.high - row.mean for row in (cost, value)]
        axes.errorbar(  # type: ignore[attr-defined]
            cost.mean, value.mean, xerr=spans[0], yerr=spans[1], fmt="none", ecolor=line_of(1).colour, elinewidth=1.1, capsize=2,
            label=name, zorder=3,
        )  # fmt: skip
        name = ""


def _draw_simple(axes: object, found: Sequence[Found], up: str, lang: Lang) -> None:
    """Mark the simple rules by their names."""
    simple = [one for one in found if one.simple]
    if not simple:
        return
    line = line_of(2)
    axes.scatter(  # type: ignore[attr-defined]
        [one.estimates["cost"].mean for one in simple], [one.estimates[up].mean for one in simple], s=42, marker=line.marker,
        facecolors="white", edgecolors=line.colour, label=Label("简单规则", "simple rules").said(lang), zorder=4,
    )  # fmt: skip
    for one in simple:
        axes.annotate(  # type: ignore[attr-defined]
            one.simple,
            (one.estimates["cost"].mean, one.estimates[up].mean),
            textcoords="offset points",
            xytext=(5, 4),
            fontsize=8,
        )
