"""Shares of relapses by player, stacked from the rest to the total, with the total's interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.charts.style import charted, line_of, wrapped
from experiments.labels import Label, Lang
from experiments.shapley import REST, TOTAL, Share

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GREY, DARK = "#999999", "#666666"


def _steps(rows: Sequence[Share]) -> list[tuple[Share, float]]:
    """Return the rows in the order of the stack, each with where its bar begins: the rest, the players, the total."""
    ordered = [*(row for row in rows if row.player == REST), *(row for row in rows if row.player not in (REST, TOTAL))]
    starts = np.concatenate(([0.0], np.cumsum([row.share.mean for row in ordered])))
    stack = [(row, float(start)) for row, start in zip(ordered, starts[:-1], strict=True)]
    return [*stack, *((row, 0.0) for row in rows if row.player == TOTAL)]


def _draw_steps(axes: Any, steps: Sequence[tuple[Share, float]], lang: Lang) -> None:
    """Draw each row where the one before ends, its number and its interval; dotted lines lead from one to the next."""
    colours = {REST: GREY, TOTAL: DARK}
    for place, (row, start) in enumerate(steps):
        mean = row.share.mean
        colour = colours.get(row.player, line_of(0).colour if mean >= 0 else line_of(1).colour)
        axes.barh(place, mean, left=start, color=colour, height=0.62, alpha=0.85)
        if row.share.runs > 1:
            half = row.share.high - mean
            axes.errorbar(start + mean, place, xerr=half, fmt="none", ecolor="#111111", elinewidth=1.2, capsize=3)
        if place < len(steps) - 1:
            axes.plot([start + mean] * 2, [place, place + 1], color=GREY, linewidth=0.8, linestyle=":")
    names = [f"{row.label.said(lang)}\n{_number(row)}" for row, _ in steps]
    axes.set_yticks(range(len(steps)), [wrapped(name, 34) for name in names])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)
    axes.axvline(0, color="black", linewidth=1)
    axes.margins(x=0.06)
    axes.invert_yaxis()


def _number(row: Share) -> str:
    """Return a share in figures, with its part of the total."""
    part = "" if np.isnan(row.part) or row.player == TOTAL else f" ({row.part:.0f}%)"
    return f"{row.share.mean:,.1f}{part}"


def draw_shares(rows: Sequence[Share], title: Label, measure: Label, scope: Label, lang: Lang = "zh") -> Figure:
    """Return the chart of the shares of one game.

    Args:
        rows: players' shares, the rest and the total.
        title: place and policy.
        measure: what is shared out.
        scope: whom it is about, and in which years.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    runs = rows[-1].share.runs
    caption = Label(
        f"{scope.zh}。夏普利分解：各项与其余之和恰等于合计；同一次重复同一运气，n={runs}"
        + ("，误差线为95%区间，只含随机波动。" if runs > 1 else "，没有区间。"),
        f"{scope.en}. Shapley shares: players and rest add up exactly to the total; same luck in all, n={runs}; "
        + ("whiskers: 95% intervals, random draws only." if runs > 1 else "no intervals."),
    )
    with charted():
        figure = Figure(figsize=(8.6, 1.6 + 0.62 * len(rows)), layout="constrained")
        axes = figure.subplots()
        _draw_steps(axes, _steps(rows), lang)
        axes.set_xlabel(measure.said(lang))
        figure.suptitle(title.said(lang), x=0.01, ha="left", fontsize=12)
        figure.supxlabel(wrapped(caption.said(lang), 118), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure
