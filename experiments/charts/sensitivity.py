"""Effects of inputs on an outcome: a bar an input with its interval, luck in another colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.charts.style import charted, line_of, wrapped
from experiments.design import LUCK_INPUT
from experiments.labels import Label, Lang
from experiments.sensitivity import Effect

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_SHOWN = 25
LUCK = Label("随机波动", "luck")


def draw_sensitivity(effects: Sequence[Effect], method: str, title: Label, unit: Label, points: int, lang: Lang = "zh") -> Figure:
    """Return the chart of effects, the largest on top.

    Args:
        effects: of all inputs, the largest first.
        method: ``sobol`` or ``morris``.
        title: what is explained.
        unit: unit of the outcome.
        points: points of the design.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    drawn = effects[:MOST_SHOWN]
    with charted():
        figure = Figure(figsize=(8.4, 1.9 + 0.27 * max(len(drawn), 3)), layout="constrained")
        axes = figure.subplots()
        for number, effect in enumerate(drawn):
            luck = effect.key == LUCK_INPUT
            axes.barh(
                number, effect.total, height=0.62, alpha=0.8, color=line_of(1 if luck else 0).colour, hatch="//" if luck else ""
            )
            span = [[effect.total - effect.low], [effect.high - effect.total]]
            axes.errorbar(effect.total, number, xerr=span, fmt="none", ecolor="#333333", elinewidth=1.2, capsize=3)
        axes.set_yticks(range(len(drawn)), [LUCK.said(lang) if one.key == LUCK_INPUT else one.key for one in drawn])
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", visible=False)
        axes.invert_yaxis()
        axes.axvline(0, color="black", linewidth=1)
        axes.set_xlabel(_axis_name(method, unit).said(lang))
        figure.suptitle(wrapped(title.said(lang), 96), x=0.01, ha="left", fontsize=12)
        caption = Label(f"{points} 个点；误差线为95%自助区间。", f"{points} points; whiskers: 95% bootstrap interval.")
        figure.supxlabel(caption.said(lang), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _axis_name(method: str, unit: Label) -> Label:
    """Return what the bars are."""
    if method == "sobol":
        return Label(
            "总效应：只有该输入未知时剩下的方差份额", "total index: share of the variance left while only this input is unknown"
        )
    return Label(f"该输入移动时结果变动的平均大小（{unit.zh}）", f"mean size of the change when this input moves ({unit.en})")
