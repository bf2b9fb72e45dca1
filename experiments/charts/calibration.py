"""Calibrated parameters before and after the data, and observed moments beside those that the posterior leads one to expect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.charts.style import charted, line_of, wrapped
from experiments.labels import Label, Lang

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Numbers = NDArray[np.float64]
COLUMNS = 3
BINS = 40
BEFORE, AFTER = Label("先验", "prior"), Label("后验", "posterior")
SECOND = Label("神经后验（NPE）", "neural posterior (NPE)")
OBSERVED = Label("调查（95%区间）", "survey (95% interval)")
EXPECTED = Label("模型预期（95%范围）", "model expects (95% range)")
SIMULATED = Label("估计处的模拟值", "simulated at the estimate")
VERDICTS = {
    "identified": Label("可识别", "identified"),
    "weakly identified": Label("弱识别", "weakly identified"),
    "not identified": Label("不可识别", "not identified"),
    "design too small": Label("设计范围太小", "design too small"),
}


def draw_marginals(
    before: Mapping[str, Numbers],
    after: Mapping[str, Numbers],
    verdicts: Mapping[str, str],
    title: Label,
    lang: Lang = "zh",
    other: Mapping[str, Numbers] | None = None,
) -> Figure:
    """Return a histogram of every parameter's prior and posterior draws.

    Args:
        before, after: draws by parameter.
        verdicts: whether the data told each.
        title: of the figure.
        lang: ``zh`` or ``en``.
        other: draws of a second opinion by parameter.
    """
    from matplotlib.figure import Figure

    drawn = [(BEFORE, before), (AFTER, after), *([(SECOND, other)] if other else [])]
    rows = math.ceil(len(before) / COLUMNS)
    with charted():
        figure = Figure(figsize=(9.6, 0.9 + 2.3 * rows), layout="constrained")
        panels = np.atleast_1d(figure.subplots(rows, min(COLUMNS, len(before)), squeeze=False)).ravel()
        for axes, name in zip(panels, before, strict=False):
            low, high = np.quantile(np.concatenate([of[name] for _, of in drawn]), [0.001, 0.999])
            ends = np.linspace(float(low), float(high), BINS + 1)
            for number, (label, of) in enumerate(drawn):
                line = line_of(number)
                axes.hist(
                    of[name], bins=ends.tolist(), density=True, histtype="step", color=line.colour,
                    linestyle=line.dashes, linewidth=1.6, label=label.said(lang),
                )  # fmt: skip
            axes.set_title(f"{name}\n{VERDICTS[verdicts[name]].said(lang)}", fontsize=9)
            axes.set_yticks([])
        panels[0].legend(fontsize=8)
        for axes in panels[len(before) :]:
            axes.set_visible(False)
        figure.suptitle(wrapped(title.said(lang), 96), x=0.01, ha="left", fontsize=12)
        figure.draw_without_rendering()
    return figure


def draw_fit(rows: Sequence[Mapping[str, Any]], title: Label, lang: Lang = "zh") -> Figure:
    """Return observed moments and what the model leads one to expect, each in standard errors of the survey around its value.

    Args:
        rows: ``moment``, ``observed``, ``error``, ``predicted`` (or ``simulated`` without a posterior), ``predicted_sd``.
        title: of the figure.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    with charted():
        figure = Figure(figsize=(8.4, 1.8 + 0.27 * max(3, len(rows))), layout="constrained")
        axes = figure.subplots()
        for number, row in enumerate(rows):
            known = math.isfinite(row["predicted"])
            centre = ((row["predicted"] if known else row["simulated"]) - row["observed"]) / row["error"]
            spread = 1.96 * row["predicted_sd"] / row["error"] if known else 0.0
            said = EXPECTED if known else SIMULATED
            for place, (middle, half, label) in enumerate(((0.0, 1.96, OBSERVED), (centre, spread, said))):
                line = line_of(place)
                axes.errorbar(
                    middle, number - 0.14 + 0.28 * place, xerr=half, fmt=line.marker, color=line.colour, markersize=4.5,
                    elinewidth=1.2, capsize=2, label=label.said(lang) if number == 0 else None,
                )  # fmt: skip
        axes.set_yticks(range(len(rows)), [str(row["moment"]) for row in rows], fontsize=8)
        axes.grid(axis="y", visible=False)
        axes.invert_yaxis()
        axes.set_xlabel(Label("与调查值之差（调查标准误）", "distance from the survey's value (its standard errors)").said(lang))
        figure.legend(loc="outside lower left", ncols=2, fontsize=8.5)
        figure.suptitle(wrapped(title.said(lang), 96), x=0.01, ha="left", fontsize=12)
        figure.draw_without_rendering()
    return figure
