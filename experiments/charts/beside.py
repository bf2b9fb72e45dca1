"""Studies beside each other: what each policy changes in each place or under each stress, paired, with its 95% interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.charts.style import charted, line_of, wrapped
from experiments.compare.beside import Beside
from experiments.labels import Label, Lang

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_SHOWN = 20
"""Policies drawn: those with the largest differences where there are more."""
WIDEST_NAME = 30


def draw_beside(rows: Sequence[Beside], lang: Lang = "zh") -> Figure:
    """Return the chart of one outcome: a band of marks a policy, one mark a study.

    Args:
        rows: of one outcome (`experiments.compare.beside.beside_rows`).
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    policies, names = _drawn(rows), list(dict.fromkeys(row.study.name for row in rows))
    first = rows[0]
    called = {policy: wrapped(first.study.results.name(policy).said(lang), WIDEST_NAME) for policy in policies}
    lines = sum(max(1.6, 0.55 * len(names), 0.9 * text.count("\n") + 0.9) for text in called.values())
    with charted():
        figure = Figure(figsize=(8.8, 2.2 + 0.42 * lines), layout="constrained")
        axes = figure.subplots()
        for number, name in enumerate(names):
            style, shift = line_of(number), (number - (len(names) - 1) / 2) * min(0.2, 0.7 / len(names))
            label = next(row.study.label for row in rows if row.study.name == name).said(lang)
            axes.plot([], [], linestyle="none", marker=style.marker, color=style.colour, label=wrapped(label, WIDEST_NAME))
            for place, policy in enumerate(policies):
                found = next(row.difference for row in rows if row.study.name == name and row.policy == policy)
                half = found.high - found.mean
                face = "white" if found.low <= 0 <= found.high else style.colour
                axes.errorbar(
                    found.mean, place + shift, xerr=None if half != half else half, fmt=style.marker, color=style.colour,
                    markerfacecolor=face, capsize=3, elinewidth=1.2, markersize=5,
                )  # fmt: skip
        axes.axvline(0, color="black", linewidth=1)
        axes.set_yticks(range(len(policies)), [called[policy] for policy in policies])
        axes.set_ylim(len(policies) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", visible=False)
        unit = Label("百分点", "percentage points") if first.outcome.unit.en == "%" else first.outcome.unit
        kind = Label("全期合计", "sum of the years") if first.outcome.adds else Label("各年平均", "mean of the years")
        axes.set_xlabel(Label(f"{kind.zh}之差（{unit.zh}）", f"difference, {kind.en} ({unit.en})").said(lang))
        figure.legend(loc="outside right upper")
        base = first.study.results.name(first.study.results.study.base)
        title = Label(f"{first.outcome.label.zh}：与“{base.zh}”之差", f"{first.outcome.label.en}: difference from '{base.en}'")
        figure.suptitle(wrapped(title.said(lang), 84), x=0.01, ha="left", fontsize=12)
        figure.supxlabel(_caption(rows, lang), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _drawn(rows: Sequence[Beside]) -> list[str]:
    """Return the policies that are drawn, in their order: all, or those with the largest differences."""
    size: dict[str, float] = {}
    for row in rows:
        size[row.policy] = max(size.get(row.policy, 0.0), abs(row.difference.mean))
    largest = sorted(size, key=lambda policy: -size[policy])[:MOST_SHOWN]
    return [policy for policy in size if policy in largest]


def _caption(rows: Sequence[Beside], lang: Lang) -> str:
    """Return what marks and whiskers are."""
    count = min(row.difference.runs for row in rows)
    drawn = any(row.study.results.study.parameters for row in rows)
    if lang == "zh":
        held = "含随机波动与参数不确定性" if drawn else "只含随机波动"
        return f"各自之内同一运气配对相减，n={count}；须线为95%区间，{held}。空心：区间含零。"
    held = "random draws and parameter uncertainty" if drawn else "random draws only"
    return f"Paired by luck within each, n={count}; whiskers: 95% interval, {held}.\nHollow: interval holds zero."
