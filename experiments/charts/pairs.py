"""Paired differences of every rate over the horizon: one row an outcome, one mark a policy, with its 95% interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.charts.style import charted, line_of, wrapped
from experiments.compare.outcomes import HORIZON, SAME, Paired
from experiments.labels import Label, Lang
from experiments.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PANELS = (
    (
        Label("返贫致贫率", "falls"),
        ("relapse_registry", "relapse_gross", "relapse_net", "relapse_guarantees", "relapse_core", "falling_net", "poor_stock"),
    ),
    (
        Label("风险、缺口与参保", "risk, gaps and insurance"),
        ("at_risk", "at_risk_marginal", "headcount_net", "gap_net", "squared_gap_net", "enrolment", "enrolment_all"),
    ),
)
"""What the two panels show: outcomes in per cent."""
MOST = 7
WIDEST_NAME = 22
WIDEST_TITLE = 150
"""Policies drawn: as many as there are styles of lines."""


def draw_pairs(results: Results, rows: list[Paired], lang: Lang = "zh") -> Figure:
    """Return the chart of paired differences over the horizon.

    Args:
        results: stored results of a study.
        rows: its comparisons (`experiments.compare.outcomes.paired_rows`).
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    chosen = [row for row in rows if row.year == HORIZON]
    policies = list(dict.fromkeys(row.policy for row in chosen))[:MOST]
    base = results.name(results.study.base).said(lang)
    with charted():
        figure = Figure(figsize=(12.5, 5.6), layout="constrained")
        for axes, (title, wanted) in zip(figure.subplots(1, 2), PANELS, strict=True):
            _draw_panel(axes, results, [row for row in chosen if row.policy in policies], wanted, policies, lang)
            axes.set_title(title.said(lang))
        handles, names = figure.axes[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside right upper")
        place = results.place.said(lang)
        title = Label(f"{place}：各政策减“{base}”，配对差", f"{place}: each policy minus '{base}', paired")
        figure.suptitle(wrapped(title.said(lang), WIDEST_TITLE), x=0.01, ha="left", fontsize=12)
        figure.supxlabel(_caption(results, lang), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _draw_panel(
    axes: Any, results: Results, rows: list[Paired], wanted: tuple[str, ...], policies: list[str], lang: Lang
) -> None:
    """Draw one panel, the first outcome on top; marks without a difference are hollow."""
    shown = [name for name in wanted if any(row.outcome.id == name for row in rows)]
    labels = {row.outcome.id: row.outcome.label.said(lang) for row in rows}
    for number, policy in enumerate(policies):
        style = line_of(number + 1)
        shift = (number - (len(policies) - 1) / 2) * min(0.22, 0.7 / max(1, len(policies)))
        mine = [next(row for row in rows if row.policy == policy and row.outcome.id == name) for name in shown]
        means = np.array([row.difference.mean for row in mine])
        halves = np.nan_to_num(np.array([row.difference.high - row.difference.mean for row in mine]))
        faces = [
            "white" if row.verdict == SAME or row.difference.low <= 0 <= row.difference.high else style.colour for row in mine
        ]
        places = np.arange(len(shown)) + shift
        axes.errorbar(means, places, xerr=halves, fmt="none", ecolor=style.colour, elinewidth=1.4, capsize=3)
        axes.scatter(means, places, marker=style.marker, s=34, c=faces, edgecolors=style.colour, zorder=3)
        axes.plot(
            [],
            [],
            linestyle="none",
            marker=style.marker,
            color=style.colour,
            label=wrapped(results.name(policy).said(lang), WIDEST_NAME),
        )
    axes.axvline(0, color="black", linewidth=1)
    axes.set_yticks(range(len(shown)), [labels[name] for name in shown])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(Label("百分点（各年平均）", "percentage points (mean of years)").said(lang))
    axes.invert_yaxis()


def _caption(results: Results, lang: Lang) -> str:
    """Return what marks and whiskers are."""
    count = len(results.replications)
    if lang == "zh":
        said = f"同一次重复同一运气，配对相减，n={count}；须线为差的95%区间，只含随机波动。"
        return f"{said}空心为区间含零，无法判断。多重比较未校正。"
    return (
        f"Same luck in both, paired, n={count}; whiskers: 95% interval of the difference, random draws only. "
        "Hollow: the interval holds zero, nobody can tell. Not adjusted for multiplicity."
    )
