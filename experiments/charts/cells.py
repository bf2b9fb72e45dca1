"""The cells of a sweep: each one's paired difference from the base with its interval, and the zero line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.charts.style import charted, line_of, wrapped
from experiments.labels import Label, Lang
from experiments.quantities import Quantity
from experiments.results import Results
from experiments.sweep import CellRow, axis_values
from scenarios.cell import split_cell

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_SHOWN = 40
"""Cells in the chart: those that differ most from the base where there are more."""
INCHES_A_CELL = 0.27
WIDEST_NAME = 60
"""Width of a cell's name before it is broken, in halves of a Chinese character."""


def shown_rows(rows: Sequence[CellRow]) -> list[CellRow]:
    """Return the cells that are drawn, largest difference on top."""
    found = [row for row in rows if row.difference is not None]
    largest = sorted(found, key=lambda row: -abs(row.difference.mean if row.difference else 0.0))[:MOST_SHOWN]
    return sorted(largest, key=lambda row: -(row.difference.mean if row.difference else 0.0))


def cell_label(results: Results, policy: str, keys: Sequence[str], lang: Lang) -> str:
    """Return what a cell is called beside its dot: its options by name, else the values of the axes that differ."""
    parts = results.name(policy).said(lang).split("；" if lang == "zh" else "; ")
    bases = {split_cell(one).policy for one in results.study.policies}
    if len(bases) == 1 and len(parts) == len(split_cell(policy).changes) + 1 > 1:
        return wrapped(" · ".join(parts[1:]), WIDEST_NAME)
    return " · ".join(axis_values(policy, keys))


def draw_cells(
    rows: Sequence[CellRow], keys: Sequence[str], results: Results, outcome: Quantity, place: str, lang: Lang = "zh"
) -> Figure:
    """Return the chart of the cells' paired differences from the base.

    Args:
        rows: the cells (`experiments.sweep.cell_rows`).
        keys: the axes, the policy first.
        results: the results that they come from.
        outcome: what is compared.
        place: name of the place, in the language of the chart.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    drawn = shown_rows(rows)
    varied = [key for key in keys if len({axis_values(row.policy, [key])[0] for row in rows}) > 1] or list(keys[:1])
    with charted():
        figure = Figure(figsize=(8.4, 1.9 + INCHES_A_CELL * max(len(drawn), 3)), layout="constrained")
        axes = figure.subplots()
        for number, row in enumerate(drawn):
            assert row.difference is not None
            sure = not row.difference.low <= 0 <= row.difference.high
            half = row.difference.high - row.difference.mean
            line = line_of(0)
            axes.errorbar(
                row.difference.mean, number, xerr=None if half != half else half, fmt=line.marker, color=line.colour,
                markerfacecolor=line.colour if sure else "white", capsize=3, elinewidth=1.2, markersize=5,
            )  # fmt: skip
        axes.axvline(0, color="black", linewidth=1)
        axes.set_yticks(range(len(drawn)), [cell_label(results, row.policy, varied, lang) for row in drawn])
        axes.tick_params(axis="y", length=0)
        axes.invert_yaxis()
        axes.set_xlabel(_axis_name(outcome).said(lang))
        axes.set_ylabel(" · ".join(varied), fontsize=9)
        base = cell_label(results, results.study.base, varied, lang).replace("\n", "")
        title = Label(f"{place}：与“{base}”之差\n{outcome.label.zh}", f"{place}: difference from '{base}'\n{outcome.label.en}")
        figure.suptitle(wrapped(title.said(lang), 96), x=0.01, ha="left", fontsize=12)
        figure.supxlabel(
            _caption(results, len(drawn), len(rows) - 1).said(lang), x=0.01, ha="left", fontsize=8.5, color="#444444"
        )
        figure.draw_without_rendering()
    return figure


def _axis_name(outcome: Quantity) -> Label:
    """Return the name of the axis: a difference of percentages is in percentage points."""
    unit = Label("百分点", "percentage points") if outcome.unit.en == "%" else outcome.unit
    return Label(f"各年平均之差（{unit.zh}；正值为增加）", f"difference of the mean of the years ({unit.en}; positive: more)")


def _caption(results: Results, drawn: int, cells: int) -> Label:
    """Return what dots and whiskers are."""
    count = len(results.replications)
    held = Label("含随机波动与参数不确定性", "random draws and parameter uncertainty")
    if not results.study.parameters:
        held = Label("只含随机波动", "random draws only")
    left = (
        Label(f"；{cells}个格点中差别最大的{drawn}个", f"; the {drawn} of {cells} cells that differ most")
        if drawn < cells
        else Label("", "")
    )
    return Label(
        f"同一次重复同一运气，配对相减，n={count}；误差线为配对差的95%区间，{held.zh}；空心：区间含零{left.zh}。",
        f"Same luck in a replication, paired, n={count}; whiskers: paired 95% interval, {held.en}.\n"
        f"Hollow: interval holds zero{left.en}.",
    )
