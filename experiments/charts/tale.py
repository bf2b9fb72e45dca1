"""One household of stored runs: income per head by year under each policy against the lines, its events numbered below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from experiments.charts.style import charted, line_of, wrapped
from experiments.eventlabels import EVENT_LABELS
from experiments.labels import Label, Lang
from experiments.tale import Tale
from scenarios.cited import show_month

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINES = {
    "monitoring_line": (Label("监测线", "monitoring line"), (0, (4, 2))),
    "poverty_line": (Label("贫困线", "poverty line"), (0, (1, 1.5))),
}
WIDEST_NAME = 30
MOST_EVENTS = 9


def draw_tale(tale: Tale, names: Mapping[str, Label], place: str, lang: Lang = "zh") -> Figure:
    """Return the chart of one household's years.

    Args:
        tale: its years (`experiments.tale.tale_of`).
        names: what the policies are called.
        place: name of the place, in the language of the chart.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    events = tale.events[:MOST_EVENTS]
    told = "\n".join(_said(number, event, lang) for number, event in enumerate(events, 1))
    with charted():
        figure = Figure(figsize=(9.2, 4.6 + 0.16 * len(events)), layout="constrained")
        axes = figure.subplots()
        for number, (policy, heads) in enumerate(tale.heads.items()):
            line = line_of(number)
            axes.plot(_ends(tale), heads, color=line.colour, linestyle=line.dashes, marker=line.marker, markersize=5,
                      linewidth=1.8, label=wrapped(names[policy].said(lang), WIDEST_NAME))  # fmt: skip
        for key, (label, dashes) in LINES.items():
            axes.plot(_ends(tale), tale.lines[key], color="#444444", linestyle=dashes, linewidth=1.2, label=label.said(lang))
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        _mark_events(axes, tale)
        fell = Label(f"{show_month(tale.fell)}检验时跌破", f"below at the test of {show_month(tale.fell)}").said(lang)
        axes.axvline((tale.fell + 0.5) / 12, color="#D55E00", linewidth=1.1, label=wrapped(fell, WIDEST_NAME))
        axes.set_xticks(_ends(tale), [str(year) for year in tale.years])
        axes.set_xlabel(Label("各年12月", "December of the year").said(lang))
        axes.set_ylabel(Label("人均净收入，元/年（扣除刚性支出）", "net income per head, yuan/year").said(lang))
        figure.legend(loc="outside right upper", handlelength=3.2)
        title = Label(f"{place}：一户合成家庭的几年", f"{place}: the years of one made-up household")
        figure.suptitle(title.said(lang), x=0.01, ha="left", fontsize=12)
        caption = Label(
            "同一运气下各政策的12月值；数字为跌破之前的事件：",
            "The same luck under every policy, Decembers; numbers are the events before the fall:",
        ).said(lang)
        figure.supxlabel(f"{caption}\n{told}", x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _ends(tale: Tale) -> list[float]:
    """Return the ends of the years."""
    return [year + 1.0 for year in tale.years]


def _mark_events(axes: Any, tale: Tale) -> None:
    """Write the numbers of the events along the bottom, one above the other where they come close."""
    low, high = axes.get_ylim()
    last, level = -1.0, 0
    for number, event in enumerate(tale.events[:MOST_EVENTS], 1):
        time = (event.month + 0.5) / 12
        level = level + 1 if time - last < 0.16 else 0
        axes.text(time, low + (0.04 + 0.075 * level) * (high - low), str(number), ha="center", va="center", fontsize=8.5,
                  bbox={"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": "black", "linewidth": 0.8})  # fmt: skip
        last = time


def _said(number: int, event: Any, lang: Lang) -> str:
    """Return an event with its number, month and amount."""
    amount = "" if event.fen is None else Label(f"，{event.fen / 100:,.0f}元", f", {event.fen / 100:,.0f} yuan").said(lang)
    return f"{number}  {show_month(event.month)} {EVENT_LABELS[event.kind].said(lang)}{amount}"
