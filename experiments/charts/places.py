"""New falls by place: small multiples with one axis, and a map where the user gives boundaries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.boundaries import Boundaries
from experiments.charts.style import charted, line_of, wrapped
from experiments.labels import Label, Lang
from experiments.results import Results
from experiments.standing import PlaceFalls

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = 4
MOST_POLICIES = 4
"""Policies in the small multiples: more lines in so small panels cannot be told apart."""
CLASSES = 5
SHADES = ("#FFFFD9", "#C7E9B4", "#7FCDBB", "#2C7FB8", "#253494")
"""From few to many: lightness falls all the way, so that grey paper keeps the order (ColorBrewer YlGnBu, safe for all eyes)."""
MEASURE = Label(
    "当年新返贫致贫户占比（脱贫户与边缘户，扣除刚性支出）", "ex-poor and marginal families that newly fall in a year, net"
)


def draw_places(results: Results, places: Sequence[PlaceFalls], lang: Lang = "zh") -> Figure:
    """Return a small panel for each place with the same axes, a line for each policy.

    Args:
        results: the results of the study, for names.
        places: new falls by place (`experiments.standing.falls_by_place`).
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    policies = list(places[0].shares)[:MOST_POLICIES]
    columns = min(COLUMNS, len(places))
    rows = -(-len(places) // columns)
    with charted():
        figure = Figure(figsize=(max(7.6, 0.8 + 2.7 * columns), 2.2 + 1.9 * rows), layout="constrained")
        panels = list(figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).flat)
        for axes, place in zip(panels, places, strict=False):
            for number, policy in enumerate(policies):
                line, means = line_of(number), 100 * np.nanmean(place.shares[policy], axis=0)
                axes.plot(place.years, means, color=line.colour, linestyle=line.dashes, marker=line.marker, markersize=3.5,
                          linewidth=1.5, label=wrapped(results.name(policy).said(lang), 24))  # fmt: skip
            count = Label(f"（{place.families}户）", f" ({place.families})")
            axes.set_title(wrapped(place.label.said(lang) + count.said(lang), 30), fontsize=9)
            axes.set_xticks(list(place.years), [f"{year % 100:02d}" for year in place.years], fontsize=8.5)
        # shared: once all lines are there
        panels[0].set_ylim(bottom=0)
        for axes in panels[len(places) :]:
            axes.set_visible(False)
        figure.supylabel("%", fontsize=10)
        handles, names = panels[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside right center", fontsize=9)
        title = Label(f"{results.place.zh}：分地方{MEASURE.zh}", f"{results.place.en} by place: {MEASURE.en}")
        figure.suptitle(wrapped(title.said(lang), int(figure.get_figwidth() * 10)), x=0.01, ha="left", fontsize=11.5)
        caption = Label(
            f"{len(results.replications)}次重复的平均；横轴为年份后两位；括号内为模拟户数：户数少的地方起伏大",
            f"Means of {len(results.replications)} repetitions; years by their last two digits; in brackets families simulated: "
            "few families, large swings",
        )
        figure.supxlabel(wrapped(caption.said(lang), int(figure.get_figwidth() * 15)), x=0.01, ha="left", fontsize=8.5,
                         color="#444444")  # fmt: skip
        figure.draw_without_rendering()
    return figure


def draw_map(results: Results, places: Sequence[PlaceFalls], boundaries: Boundaries, policy: str, lang: Lang = "zh") -> Figure:
    """Return a map of the mean yearly share of families that newly fall under one policy.

    Args:
        results: the results of the study, for names.
        places: new falls by place.
        boundaries: polygons by the places' ids (`experiments.boundaries`); places without are not drawn, and counted.
        policy: one of the policies.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    values = {place.id: 100 * float(np.nanmean(place.shares[policy])) for place in places}
    shown = np.array([values[name] for name in boundaries])
    edges = _edges(shown)
    with charted():
        figure = Figure(figsize=(8.2, 6.2), layout="constrained")
        axes = figure.subplots()
        for name, polygons in boundaries.items():
            shade = SHADES[min(int(np.searchsorted(edges[1:-1], values[name], side="right")), CLASSES - 1)]
            _draw_area(axes, polygons, shade)
            label = next(place.label for place in places if place.id == name)
            x, y = _centre(polygons)
            axes.text(x, y, f"{wrapped(label.said(lang), 16)}\n{values[name]:.1f}%", ha="center", va="center", fontsize=8,
                      bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1})  # fmt: skip
        axes.autoscale_view()
        axes.set_aspect("equal")
        axes.set_axis_off()
        patches = [
            Patch(facecolor=shade, edgecolor="black", linewidth=0.6, label=f"{low:.1f}–{high:.1f}%")
            for shade, low, high in zip(SHADES, edges[:-1], edges[1:], strict=True)
        ]
        figure.legend(handles=patches, loc="outside right center")
        said = results.name(policy)
        title = Label(
            f"{results.place.zh}：{said.zh}，年均{MEASURE.zh}", f"{results.place.en}, {said.en}: {MEASURE.en}, mean of years"
        )
        figure.suptitle(wrapped(title.said(lang), 84), x=0.01, ha="left", fontsize=11.5)
        missing = len(places) - len(boundaries)
        caption = Label(
            f"边界由用户提供，未经核对；{missing}个地方没有边界，未画出。模拟的乡镇按编号对应，并非真实乡镇",
            f"Boundaries as the user gave them; {missing} places without are not drawn. Simulated townships go by number and are "
            "no real ones",
        )
        figure.supxlabel(wrapped(caption.said(lang), 120), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _edges(values: Any) -> Any:
    """Return the ends of classes of equal width, of a tenth of a point at least."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return np.linspace(low, max(high, low + 0.1 * CLASSES), CLASSES + 1)


def _draw_area(axes: Any, polygons: Any, shade: str) -> None:
    """Draw the polygons of a place, with their holes."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    for rings in polygons:
        parts = [Path(ring, closed=True) for ring in rings]
        axes.add_patch(PathPatch(Path.make_compound_path(*parts), facecolor=shade, edgecolor="black", linewidth=0.8))


def _centre(polygons: Any) -> tuple[float, float]:
    """Return the middle of the largest ring of a place."""
    largest = max((rings[0] for rings in polygons), key=lambda ring: float(np.ptp(ring[:, 0]) * np.ptp(ring[:, 1])))
    return tuple((largest.max(axis=0) + largest.min(axis=0)) / 2)
