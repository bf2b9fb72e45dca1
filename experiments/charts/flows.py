"""Flows of households among states, December by December: bars of shares, and between them ribbons of those who move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.charts.style import charted, wrapped
from experiments.labels import Label, Lang
from experiments.standing import STATES, Flows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {"poor": "#D55E00", "at_risk": "#E69F00", "near": "#56B4E9", "secure": "#0072B2", "gone": "#999999"}
HATCHES = {"poor": "xxx", "at_risk": "///", "near": "...", "secure": "", "gone": "---"}
"""What tells the states apart on grey paper."""
WIDTH = 0.16
"""Half the width of a bar, in years."""
STEPS = 24
"""Points along a ribbon."""
LEAST_NAMED = 0.04
"""Share from which its figure is written into a bar."""


def draw_flows(flows: Flows, place: Label, policy: Label, lang: Lang = "zh") -> Figure:
    """Return the flows of families among states under one policy.

    Args:
        flows: shares and moves (`experiments.standing.flows_of`).
        place: what the place is called.
        policy: what the policy is called.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    with charted():
        figure = Figure(figsize=(2.6 + 1.35 * len(flows.years), 5.6), layout="constrained")
        axes = figure.subplots()
        for place_of, year in enumerate(flows.years):
            _draw_bar(axes, year, flows.shares[place_of], lang)
        for number, moves in enumerate(flows.moves):
            _draw_ribbons(axes, flows.years[number], moves)
        axes.set_xlim(flows.years[0] - 0.4, flows.years[-1] + 0.4)
        axes.set_xticks(list(flows.years), [str(year) for year in flows.years])
        axes.set_ylim(0, 100)
        axes.grid(visible=False)
        axes.set_ylabel(Label("占脱贫户的比例（%）", "% of ex-poor families").said(lang))
        handles, names = axes.get_legend_handles_labels()
        figure.legend(handles[::-1], names[::-1], loc="outside right center")
        title = Label(
            f"{place.zh}：{policy.zh}，各年12月所处状态与流动", f"{place.en}: {policy.en}, states each December and moves"
        )
        letters = int(figure.get_figwidth() * 12)
        figure.suptitle(wrapped(title.said(lang), letters), x=0.01, ha="left", fontsize=12)
        caption = Label(
            "按过去12个月人均净收入；2013年的户，未计分户；带宽为移动户的比例，颜色为移动前的状态；各次重复的平均",
            "By net income per head of 12 months; households of 2013 without those that split off. Width of a band: share that "
            "moves, colour: state before. Means over repetitions",
        )
        figure.supxlabel(wrapped(caption.said(lang), int(figure.get_figwidth() * 15)), x=0.01, ha="left", fontsize=8.5,
                         color="#444444")  # fmt: skip
        figure.draw_without_rendering()
    return figure


def _draw_bar(axes: Any, year: int, shares: Any, lang: Lang) -> None:
    """Draw the shares of one December."""
    bottom = 0.0
    for (state, label), share in zip(STATES.items(), shares, strict=True):
        name = label.said(lang) if not any(text == label.said(lang) for text in axes.get_legend_handles_labels()[1]) else None
        axes.bar(year, 100 * share, 2 * WIDTH, bottom=100 * bottom, color=COLOURS[state], hatch=HATCHES[state], edgecolor="white",
                 linewidth=0.6, label=name, zorder=3)  # fmt: skip
        if share >= LEAST_NAMED:
            axes.text(year, 100 * (bottom + share / 2), f"{100 * share:.0f}", ha="center", va="center", fontsize=8.5, zorder=4,
                      bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1.2})  # fmt: skip
        bottom += float(share)


def _draw_ribbons(axes: Any, year: int, moves: Any) -> None:
    """Draw the moves from one December to the next, those who stay fainter."""
    start = np.concatenate([[0.0], np.cumsum(moves.sum(axis=1))[:-1]])
    end = np.concatenate([[0.0], np.cumsum(moves.sum(axis=0))[:-1]])
    x = np.linspace(year + WIDTH, year + 1 - WIDTH, STEPS)
    bend = (1 - np.cos(np.linspace(0, np.pi, STEPS))) / 2
    for before, state in enumerate(STATES):
        for after in range(len(STATES)):
            share = float(moves[before, after])
            low = start[before] + bend * (end[after] - start[before])
            if share > 0:
                axes.fill_between(x, 100 * low, 100 * (low + share), color=COLOURS[state], linewidth=0,
                                  alpha=0.25 if before == after else 0.55)  # fmt: skip
            start[before] += share
            end[after] += share
