"""Why persons fall, year by year: causes stacked to the total, policies beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.charts.life import fill_of
from experiments.charts.style import charted, wrapped
from experiments.differences import cause_label
from experiments.labels import Label, Lang
from experiments.quantities import EX_POOR, TEST_MONTH
from experiments.results import Numbers, Results
from sim.indicators import CAUSES
from sim.rules import month_index

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROOM = 0.8
"""Share of a year that its columns take together."""
LETTERS = (
    Label("甲", "A"),
    Label("乙", "B"),
    Label("丙", "C"),
    Label("丁", "D"),
    Label("戊", "E"),
    Label("己", "F"),
    Label("庚", "G"),
)
"""What stands below the columns of each policy."""


def causes_by_year(results: Results, policy: str) -> tuple[list[int], dict[str, Numbers]]:
    """Return the years with a test, and persons of ex-poor families newly below the line, net, by main cause and year.

    Means over the replications; causes that never occur under any policy are left out.
    """
    years = [year for year in results.years if month_index(year, TEST_MONTH) in results.months]
    place = results.place_of(policy)
    found = {}
    for cause in CAUSES:
        counts = [results.at_end(f"relapse_{cause}", EX_POOR, year, TEST_MONTH) for year in years]
        if any(count.any() for count in counts):
            found[cause] = np.array([count[place].mean() for count in counts])
    return years, found


def draw_cause_years(results: Results, place: str, lang: Lang = "zh", policies: tuple[str, ...] = ()) -> Figure:
    """Return the chart of causes by year, a column a policy, stacked to the total.

    Args:
        results: results of a study with at least one yearly test.
        place: name of the place, in the language of the chart.
        lang: ``zh`` or ``en``.
        policies: those that are drawn; none for all of the study.
    """
    from matplotlib.figure import Figure

    drawn = policies or results.study.policies
    with charted():
        figure = Figure(figsize=(10, 4.8), layout="constrained")
        axes = figure.subplots()
        for number, policy in enumerate(drawn):
            _draw_columns(axes, results, policy, (number, len(drawn)), lang)
        years = causes_by_year(results, drawn[0])[0]
        axes.set_xticks(years, [str(year) for year in years])
        axes.tick_params(axis="x", length=0, pad=14)
        axes.grid(axis="x", visible=False)
        axes.margins(y=0.1)
        unit = big_unit(results, lang)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value / unit:,g}")
        many = Label("新返贫人口（扣除刚性支出），万人", "million persons newly fallen, net")
        axes.set_ylabel((many if unit > 1 else Label("新返贫人口（扣除刚性支出），人", "persons newly fallen, net")).said(lang))
        _draw_legend(figure, axes, lang)
        title = Label(f"{place}：脱贫人口因何返贫", f"{place}: why ex-poor persons fall back")
        figure.suptitle(title.said(lang), x=0.01, ha="left", fontsize=13)
        figure.supxlabel(_caption(results, drawn, lang), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def big_unit(results: Results, lang: Lang) -> int:
    """Return what persons are counted by: of a whole country by the ten thousand in Chinese, by the million in English."""
    return (10_000 if lang == "zh" else 1_000_000) if results.weighted else 1


def _draw_columns(axes: Any, results: Results, policy: str, which: tuple[int, int], lang: Lang) -> None:
    """Draw the columns of one policy with its letter below and the total above."""
    number, count = which
    years, parts = causes_by_year(results, policy)
    wide = ROOM / count
    places = np.array(years) + (number - (count - 1) / 2) * wide
    top = np.zeros(len(years))
    for kind, (cause, values) in enumerate(parts.items()):
        axes.bar(
            places, values, width=wide * 0.92, bottom=top, edgecolor="white", linewidth=0.5,
            label=cause_label(cause).said(lang) if number == 0 else None, **fill_of(kind),
        )  # fmt: skip
        top = top + values
    unit = big_unit(results, lang)
    for where, total in zip(places, top, strict=True):
        axes.annotate(
            f"{total:,.0f}" if unit == 1 else f"{total / unit:,.1f}",
            (where, total),
            (0, 2),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
        )
        axes.annotate(LETTERS[number].said(lang), (where, 0), (0, -11), textcoords="offset points", ha="center", fontsize=8.5)


def _draw_legend(figure: Any, axes: Any, lang: Lang) -> None:
    """Draw the causes beside the chart, the topmost part of the columns first."""
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        figure.legend(handles[::-1], labels[::-1], loc="outside right upper", handlelength=1.6)
    else:
        nobody = Label("至今无人返贫", "nobody has fallen so far").said(lang)
        axes.text(0.5, 0.5, nobody, transform=axes.transAxes, ha="center", color="#444444")


def _caption(results: Results, drawn: tuple[str, ...], lang: Lang) -> str:
    """Return what the letters stand for and what is counted."""
    letters = [letter.said(lang) for letter in LETTERS]
    called = [results.name(policy).said(lang) for policy in drawn]
    # a name may begin with its letter
    names = [
        wrapped(name if name[:1] == mark and name[1:2] in ":：" else f"{mark} = {name}", 110)
        for mark, name in zip(letters, called, strict=False)
    ]
    count = len(results.replications)
    counted = Label(
        f"每年9月检验时新跌破贫困线的脱贫人口，按主要原因；{results.scope.zh}，重复次数 n={count} 的均值。",
        f"Ex-poor persons newly below the line at the September test, by main cause; {results.scope.en}, mean of n={count}.",
    )
    return "\n".join([*names, counted.said(lang)])
