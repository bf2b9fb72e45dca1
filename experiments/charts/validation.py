"""Simulated against observed: a line a figure, dot and band of the runs over the observed value, its tolerance behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.charts.style import charted, text_width, wrapped
from experiments.facts import AGREES, CANNOT_TELL, DIFFERS, Comparison
from experiments.labels import KIND_LABELS, Label, Lang, place_label, unit_label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = ("emergent", "fitted", "input", "administrative_target")
"""Kinds that are judged, the test first."""
LOWEST, HIGHEST = 0.25, 4.0
"""Ends of the axis: simulated over observed. What lies beyond stands at the end, as an arrow."""
TICKS = (0.25, 0.5, 0.8, 1.0, 1.25, 2.0, 4.0)
ROW_INCHES = 0.27
WIDEST_NAME = 70


class Look(NamedTuple):
    """How a verdict is drawn: colour (Okabe and Ito 2008), marker, whether it is filled."""

    colour: str
    marker: str
    filled: bool


LOOKS: Mapping[str, Look] = {
    AGREES: Look("#0072B2", "o", True),
    DIFFERS: Look("#D55E00", "s", True),
    CANNOT_TELL: Look("#666666", "^", False),
}
WORDS = {
    AGREES: Label("吻合", "agrees"),
    DIFFERS: Label("不符", "differs"),
    CANNOT_TELL: Label("无法判断", "cannot tell"),
}


def drawable(lines: Sequence[Comparison]) -> dict[str, list[Comparison]]:
    """Return the lines that can stand on the axis, by kind: judged, and both figures above zero."""
    good = [line for line in lines if line.verdict in LOOKS and line.observed > 0 and line.simulated.mean > 0]
    found = {kind: [line for line in good if line.kind == kind] for kind in SHOWN}
    return {kind: ours for kind, ours in found.items() if ours}


def draw_validation(lines: Sequence[Comparison], place: str, caption: str = "", lang: Lang = "zh") -> Figure:
    """Return the chart: a panel a kind, a row a figure.

    Args:
        lines: the comparisons (`experiments.facts.compare_with_facts`).
        place: name of the place.
        caption: what the bands contain.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    kinds = drawable(lines)
    counts = [len(ours) for ours in kinds.values()] or [1]
    with charted():
        figure = Figure(figsize=(12.5, 2.3 + ROW_INCHES * sum(counts) + 0.5 * len(counts)), layout="constrained")
        panels = figure.subplots(len(counts), 1, squeeze=False, height_ratios=[count + 1.5 for count in counts])[:, 0]
        for axes, (kind, ours) in zip(panels, kinds.items(), strict=False):
            _draw_kind(axes, kind, ours, lang)
        if not kinds:
            panels[0].set_axis_off()
        title = Label(f"{place}：模拟与实际对照", f"{place}: simulated against observed")
        figure.suptitle(title.said(lang), x=0.01, ha="left", fontsize=12)
        _draw_legend(figure, kinds, lang)
        said = Label(
            "横轴：模拟÷实际（对数）。灰带：容差；横线：90%的重复；箭头：超出坐标范围。右侧：实际 → 模拟",
            "axis: simulated over observed (log). grey: tolerance; line: nine tenths of the repetitions; arrow: beyond the axis. "
            "right: observed → simulated",
        ).said(lang)
        figure.supxlabel(wrapped(f"{said}\n{caption}".strip(), 170), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _draw_kind(axes: Any, kind: str, lines: Sequence[Comparison], lang: Lang) -> None:
    """Draw one panel, the first line on top."""
    axes.set_title(KIND_LABELS[kind].said(lang))
    axes.set_xscale("log")
    axes.set_xlim(LOWEST, HIGHEST)
    axes.set_ylim(len(lines) - 0.4, -0.6)
    axes.axvline(1.0, color="black", linewidth=1)
    for row, line in enumerate(lines):
        _draw_line(axes, row, line)
        axes.text(1.01, row, _numbers(line, lang), transform=axes.get_yaxis_transform(), va="center", fontsize=8, clip_on=False)
    axes.set_yticks(range(len(lines)), [_name(line, lang) for line in lines], fontsize=8.5)
    axes.set_xticks(TICKS, [f"{tick:g}" for tick in TICKS])
    axes.minorticks_off()
    axes.grid(False, axis="y")


def _draw_line(axes: Any, row: int, line: Comparison) -> None:
    """Draw tolerance, band and dot of one figure, all over the observed value."""
    look = LOOKS[line.verdict]
    low, high = (_on_axis(end / line.observed) for end in line.tolerance)
    axes.barh(row, high - low, left=low, height=0.7, color="#E4E4E4", zorder=0)
    if not np.isnan(line.band[0]):
        axes.plot([_on_axis(end / line.observed) for end in line.band], [row, row], color=look.colour, linewidth=1.6)
    ratio = line.simulated.mean / line.observed
    beyond = "<" if ratio < LOWEST else ">" if ratio > HIGHEST else look.marker
    face = look.colour if look.filled else "white"
    axes.plot(_on_axis(ratio), row, marker=beyond, color=look.colour, markerfacecolor=face, markersize=5.5, clip_on=False)


def _on_axis(ratio: float) -> float:
    """Return a ratio, or the end of the axis that it lies beyond."""
    return float(np.clip(ratio, LOWEST, HIGHEST))


def _name(line: Comparison, lang: Lang) -> str:
    """Return what a figure is called, with its date, and its place where it is not the country's."""
    when = f"{line.year}" if line.month == 12 else f"{line.year}-{line.month:02d}"
    where = "" if line.place == "China" else f", {place_label(line.place).said(lang)}"
    name = line.name.said(lang)
    while text_width(f"{name}…") > WIDEST_NAME:
        name = name[:-1]
    return f"{name if name == line.name.said(lang) else name.rstrip() + '…'} {when}{where}"


def _numbers(line: Comparison, lang: Lang) -> str:
    """Return the two figures with their unit."""
    sign = {"at_least": "≥", "at_most": "≤", "about": "~"}.get(line.bound, "")
    return f"{sign}{_number(line.observed)} → {_number(line.simulated.mean)}  {unit_label(line.unit).said(lang)}"


def _number(value: float) -> str:
    """Return a number with three significant digits, thousands separated from 1,000 on."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _draw_legend(figure: Any, kinds: Mapping[str, Sequence[Comparison]], lang: Lang) -> None:
    """Name the verdicts, with how many lines each has out of sample and emergent: the only ones that test."""
    from matplotlib.lines import Line2D

    tested = kinds.get("emergent", ())
    handles = []
    for verdict, look in LOOKS.items():
        count = sum(line.verdict == verdict for line in tested)
        label = Label(f"{WORDS[verdict].zh}（检验项 {count}）", f"{WORDS[verdict].en} ({count} of the test)").said(lang)
        face = look.colour if look.filled else "white"
        handles.append(
            Line2D(
                [], [], color=look.colour, marker=look.marker, markerfacecolor=face, linewidth=1.6, markersize=5.5, label=label
            )
        )
    figure.legend(handles=handles, loc="outside upper right", ncols=3)
