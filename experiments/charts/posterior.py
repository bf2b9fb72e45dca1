"""What stands behind calibrated parameters: how they go together, which moment moves which, and whether intervals are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.charts.style import charted, line_of, wrapped
from experiments.labels import Label, Lang

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Numbers = NDArray[np.float64]
MOST = 12
"""Parameters of a plot of pairs."""
POINTS = 1_200
"""Draws of each cloud."""
BINS = 30
SAID_FROM = 0.1
"""Sensitivities below this are shown by their colour alone."""
RANK_BINS = 10
COLUMNS = 4


def short(name: str) -> str:
    """Return a parameter's key without what all have in common, broken where it is long."""
    return wrapped(name.removeprefix("values.").replace("_", " "), 13).replace(" ", "_")


def draw_joint(after: Mapping[str, Numbers], before: Mapping[str, Numbers], title: Label, lang: Lang = "zh") -> Figure:
    """Return the pairs of posterior draws: clouds below the diagonal, marginals on it, correlations above.

    Args:
        after: posterior draws by parameter; of more than `MOST` the first are drawn.
        before: prior draws by parameter, whose middle 98% are the axes: a cloud that fills its panel says that nothing was told.
        title: of the figure.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    names = list(after)[:MOST]
    size = len(names)
    spans = {name: np.quantile(np.concatenate([before[name], after[name]]), [0.01, 0.99]) for name in names}
    with charted():
        figure = Figure(figsize=(1.6 + 1.25 * max(size, 3), 1.5 + 1.25 * max(size, 3)), layout="constrained")
        panels = figure.subplots(size, size, squeeze=False)
        for row, below in enumerate(names):
            for column, beside in enumerate(names):
                axes = panels[row, column]
                if column > row:
                    _correlation(axes, after[below], after[beside])
                    continue
                if column == row:
                    _marginal(axes, after[below], before[below])
                else:
                    _cloud(axes, after[beside], after[below])
                    axes.set_ylim(*spans[below])
                axes.set_xlim(*spans[beside])
                _label(axes, row, column, size, short(below), short(beside))
        figure.suptitle(wrapped(title.said(lang), 30 + 11 * size), x=0.01, ha="left", fontsize=12)
        said = Label(
            "对角线：先验（实线）与后验（虚线）；其上：相关系数。坐标轴为先验范围。",
            "Diagonal: prior (solid) and posterior (dashed); above it correlations. Axes span the prior.",
        )
        figure.supxlabel(wrapped(said.said(lang), 20 + 14 * size), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _correlation(axes: Any, first: Numbers, second: Numbers) -> None:
    """Write a correlation into a panel, the stronger the larger."""
    value = float(np.corrcoef(first, second)[0, 1])
    axes.axis("off")
    axes.text(0.5, 0.5, f"{value:+.2f}", ha="center", va="center", fontsize=8 + 5 * abs(value), transform=axes.transAxes)


def _marginal(axes: Any, after: Numbers, before: Numbers) -> None:
    """Draw the histograms of one parameter."""
    low, high = np.quantile(np.concatenate([before, after]), [0.01, 0.99])
    ends = np.linspace(float(low), float(high), BINS + 1)
    for number, values in enumerate((before, after)):
        line = line_of(number)
        axes.hist(
            values, bins=ends.tolist(), density=True, histtype="step", color=line.colour, linestyle=line.dashes, linewidth=1.3
        )


def _cloud(axes: Any, across: Numbers, up: Numbers) -> None:
    """Draw the draws of two parameters as points."""
    places = np.linspace(0, len(across) - 1, min(POINTS, len(across))).astype(np.int64)
    axes.plot(across[places], up[places], linestyle="none", marker=".", markersize=1.6, alpha=0.4, color=line_of(1).colour)


def _label(axes: Any, row: int, column: int, size: int, below: str, beside: str) -> None:
    """Put names and figures on the outer axes alone."""
    axes.grid(visible=False)
    axes.tick_params(labelsize=6.5, length=2)
    axes.locator_params(nbins=3)
    if row < size - 1:
        axes.set_xticklabels([])
    else:
        axes.set_xlabel(beside, fontsize=7.5)
    if column > 0 or row == 0:
        axes.set_yticklabels([])
    if column == 0:
        axes.set_ylabel(below, fontsize=7.5)
    if row == column:
        axes.set_yticks([])


def draw_sensitivity(
    moves: Numbers, parameters: Sequence[str], moments: Sequence[str], title: Label, lang: Lang = "zh"
) -> Figure:
    """Return how far each estimate moves with each moment, as a table of colours.

    Args:
        moves: change of an estimate in its standard errors when a moment rises by one of its own; one row a parameter. Rows that
            are not finite are those of parameters that nothing moves.
        parameters, moments: names of rows and columns.
        title: of the figure.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    shown = np.where(np.isfinite(moves), moves, 0.0).T
    reach = max(0.2, float(np.abs(shown).max()))
    with charted():
        figure = Figure(figsize=(3.4 + 0.85 * len(parameters), 2.4 + 0.27 * len(moments)), layout="constrained")
        axes = figure.subplots()
        image = axes.imshow(shown, cmap="RdBu_r", vmin=-reach, vmax=reach, aspect="auto")
        for row, column in np.argwhere(np.abs(shown) >= SAID_FROM):
            value = float(shown[row, column])
            colour = "white" if abs(value) > 0.65 * reach else "black"
            axes.text(column, row, f"{value:+.1f}", ha="center", va="center", fontsize=7, color=colour)
        axes.set_yticks(range(len(moments)), list(moments), fontsize=8)
        axes.set_xticks(range(len(parameters)), [short(name) for name in parameters], fontsize=8, rotation=40, ha="right")
        axes.grid(visible=False)
        bar = figure.colorbar(image, ax=axes, shrink=0.6, pad=0.02)
        bar.ax.tick_params(labelsize=7.5)
        bar.set_label(Label("估计值变动（以其标准误计）", "move of the estimate (its standard errors)").said(lang), fontsize=8.5)
        figure.suptitle(wrapped(title.said(lang), 40 + 8 * len(parameters)), x=0.01, ha="left", fontsize=12)
        said = Label("某矩升高一个自身标准误时", "when a moment rises by one standard error of its own")
        figure.supxlabel(said.said(lang), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def draw_ranks(
    ranks: Mapping[str, NDArray[np.int64]], draws: int, said: Mapping[str, str], title: Label, lang: Lang = "zh"
) -> Figure:
    """Return the ranks of true values among posterior draws of pseudo data: even where intervals are right.

    Args:
        ranks: by parameter, one a set.
        draws: that ranks are among.
        said: a line about each parameter.
        title: of the figure.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure
    from scipy import stats

    rows = -(-len(ranks) // COLUMNS)
    with charted():
        figure = Figure(figsize=(10.4, 1.4 + 1.9 * rows), layout="constrained")
        panels = figure.subplots(rows, min(COLUMNS, max(2, len(ranks))), squeeze=False).ravel()
        for axes, (name, values) in zip(panels, ranks.items(), strict=False):
            counts = np.bincount(np.asarray(values) * RANK_BINS // (draws + 1), minlength=RANK_BINS)
            low, high = stats.binom.ppf([0.005, 0.995], len(values), 1 / RANK_BINS)
            axes.axhspan(low, high, color="#DDDDDD", zorder=0)
            axes.bar(np.arange(RANK_BINS) + 0.5, counts, width=0.9, color=line_of(0).colour)
            axes.set_title(f"{name}\n{said[name]}", fontsize=8)
            axes.set_xticks([0, RANK_BINS / 2, RANK_BINS], ["0%", "50%", "100%"], fontsize=7)
            axes.tick_params(axis="y", labelsize=7)
            axes.grid(visible=False)
        for axes in panels[len(ranks) :]:
            axes.set_visible(False)
        figure.suptitle(wrapped(title.said(lang), 110), x=0.01, ha="left", fontsize=12)
        caption = Label(
            "横轴：真值在其后验抽样中的名次；灰带：均匀时 99% 的柱落在其中",
            "Across: place of the true value among the draws of its posterior. Grey: holds 99% of the bars where all is well",
        )
        figure.supxlabel(caption.said(lang), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure
