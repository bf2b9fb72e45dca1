"""One family under several policies: income of twelve months against the lines, and where the income came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.accounts import FEN, STANDING, items, worth
from experiments.charts.style import charted, line_of
from experiments.labels import Label, Lang

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.life import Life

LINES = (
    ("monitoring_line", Label("监测线", "monitoring line"), (0, (4, 2))),
    ("poverty_line", Label("贫困线", "poverty line"), (0, (1, 1.5))),
)
COLOURS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#F0E442",
    "#999999",
    "#000000",
    "#7F5C3A",
    "#4C4C9D",
)
HATCHES = ("", "//", "..", "\\\\", "xx", "--", "++", "oo", "", "||", "**")


def fill_of(number: int) -> dict[str, str]:
    """Return colour and hatch of a part of a stack: no two of the first hundred share both."""
    turn, place = divmod(number, len(COLOURS))
    return {"color": COLOURS[place], "hatch": HATCHES[(place + 3 * turn) % len(HATCHES)]}


def draw_life(lives: Sequence[Life], names: Sequence[Label], title: str, lang: Lang = "zh") -> Figure:
    """Return the chart of a family's story.

    Args:
        lives: the family's months under each policy.
        names: the policies' names, in the same order.
        title: the family's name, in the language of the chart.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with charted():
        rows = 1 + -(-len(lives) // 3)
        figure = Figure(figsize=(11, 3.9 + 2.9 * (rows - 1)), layout=ConstrainedLayoutEngine(h_pad=0.08, w_pad=0.06))
        grid = figure.add_gridspec(rows, 6, height_ratios=[1.25] + [1.0] * (rows - 1))
        _draw_net(figure.add_subplot(grid[0, :]), lives, names, lang)
        wide = 6 // min(3, len(lives))
        first: Any = None
        for number, (life, name) in enumerate(zip(lives, names, strict=True)):
            place = wide * (number % 3)
            axes = figure.add_subplot(grid[1 + number // 3, place : place + wide], sharey=first)
            first = first or axes
            _draw_sources(axes, life, name, sources(lives), lang)
        handles, labels = first.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=min(6, max(1, len(labels))), fontsize=9)
        figure.suptitle(title, x=0.01, ha="left", fontsize=13)
        figure.draw_without_rendering()
    return figure


def _times(life: Life) -> list[float]:
    """Return the middles of the months, in years."""
    return [month.month / 12 + 1 / 24 for month in life.months]


def _draw_net(axes: Any, lives: Sequence[Life], names: Sequence[Label], lang: Lang) -> None:
    """Draw net income per head of twelve months under each policy, and the lines."""
    net = next(item for item in STANDING if item.key == "net")
    for number, (life, name) in enumerate(zip(lives, names, strict=True)):
        line = line_of(number)
        values = [worth(month, net) for month in life.months]
        axes.plot(_times(life), values, color=line.colour, linestyle=line.dashes, linewidth=2.0, label=name.said(lang))
    for key, label, dashes in LINES:
        path = lives[0].scenario.rules.values[key]
        bars = [path.at(month.month) / FEN for month in lives[0].months]
        axes.step(_times(lives[0]), bars, where="mid", color="#444444", linestyle=dashes, linewidth=1.2, label=label.said(lang))
    axes.set_title(Label("人均净收入（过去12个月，扣除刚性支出）", "Net income per head, last 12 months").said(lang))
    axes.set_ylabel(Label("元/人/年", "yuan/person/year").said(lang))
    axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    _years(axes, lives[0])
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=3.4)


def sources(lives: Sequence[Life]) -> list[Any]:
    """Return the sources of income that bring anything under any policy."""
    incomes = [item for item in items() if item.part == "income"]
    return [item for item in incomes if any(worth(month, item) for life in lives for month in life.months)]


def _draw_sources(axes: Any, life: Life, name: Label, kinds: Sequence[Any], lang: Lang) -> None:
    """Draw income by source and year as stacked columns; what is negative hangs below zero."""
    years = sorted({month.month // 12 for month in life.months})
    above, below = [0.0] * len(years), [0.0] * len(years)
    for number, item in enumerate(kinds):
        values = [sum(worth(month, item) for month in life.months if month.month // 12 == year) / 1000 for year in years]
        foot = [up if value >= 0 else down for value, up, down in zip(values, above, below, strict=True)]
        axes.bar(
            years, values, bottom=foot, width=0.7, edgecolor="white", linewidth=0.5, label=item.label.said(lang),
            **fill_of(number),
        )  # fmt: skip
        above = [up + max(0.0, value) for up, value in zip(above, values, strict=True)]
        below = [down + min(0.0, value) for down, value in zip(below, values, strict=True)]
    axes.set_title(name.said(lang))
    axes.set_ylabel(Label("家庭收入，千元/年", "family income, 1,000 yuan/year").said(lang))
    axes.set_xticks(years)
    axes.margins(y=0.06)


def _years(axes: Any, life: Life) -> None:
    """Put the years' names in their middles, grid lines where they begin."""
    first, last = life.months[0].month // 12, life.months[-1].month // 12
    axes.set_xlim(first, last + 1)
    axes.set_xticks(range(first, last + 2), [""] * (last - first + 2))
    axes.set_xticks([year + 0.5 for year in range(first, last + 1)], [str(year) for year in range(first, last + 1)], minor=True)
    axes.tick_params(axis="x", which="minor", length=0)
