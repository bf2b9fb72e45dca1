"""Rates over time under each policy, with the spread over replications."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.charts.style import LINES, charted, line_count, line_of, text_width, wrapped
from experiments.labels import Label, Lang
from experiments.quantities import EX_POOR, TEST_MONTH, newly_poor
from experiments.results import Numbers, Results, ratio
from sim.rules import month_index

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEADROOM = 1.05
"""Room above the highest line, so that its marks stay whole."""
BAND = (0.05, 0.95)
"""The band holds the middle nine tenths of replications."""


MOST_BANDS = 4
"""Policies of which each has its band; bands of more hide each other."""
BESIDE_TITLE = 62
"""Widest legend that fits beside the title, in letters."""
WIDEST_NAME = 56
"""Letters of a line of the legend below the panels; longer names break."""
COLUMNS = 2
"""Columns of the legend below the panels."""
LEGEND_LINE = 0.21
"""Inches that a line of that legend takes."""


class Panel(NamedTuple):
    """One panel: title, denominator, times in years, values by policy, replication and time, and marks at points."""

    title: Label
    over: Label
    times: Numbers
    values: Numbers
    marks: bool


def _yearly(results: Results, title: Label, indicator: str) -> Panel:
    """Return a panel of a yearly flow, one point at each September test."""
    years = [year for year in results.years if month_index(year, TEST_MONTH) in results.months]
    value = newly_poor(indicator, EX_POOR)
    values = (
        np.stack([100 * value(results, year) for year in years], axis=-1) if years else np.empty((*results.counts.shape[:2], 0))
    )
    over = Label("占9月检验时脱贫人口的%", "% of the ex-poor at the September test")
    return Panel(title, over, np.array([year + (TEST_MONTH - 0.5) / 12 for year in years]), values, True)


def _monthly(results: Results, title: Label) -> Panel:
    """Return a panel of the share at risk, every month of the horizon."""
    start = month_index(2021) - results.first_month
    share = 100 * ratio(results.monthly("at_risk_persons", EX_POOR), results.monthly("persons", EX_POOR))[..., start:]
    times = 2021 + (np.arange(share.shape[-1]) + 0.5) / 12
    return Panel(title, Label("占脱贫人口的%", "% of the ex-poor"), times, share, False)


def panels(results: Results) -> list[Panel]:
    """Return the three panels: relapse gross, relapse net, at risk."""
    return [
        _yearly(results, Label("返贫率：毛收入口径", "Relapse, gross income"), "relapse_gross_persons"),
        _yearly(results, Label("返贫率：扣除刚性支出", "Relapse, net of unavoidable spending"), "relapse_net_persons"),
        _monthly(results, Label("风险率：低于监测线（扣除刚性支出）", "At risk: below the monitoring line, net")),
    ]


def charted_together(policies: tuple[str, ...], base: str) -> list[tuple[str, ...]]:
    """Return the policies of each chart: no more than lines can be told apart, the base in every chart."""
    if len(policies) <= len(LINES):
        return [policies]
    others = [policy for policy in policies if policy != base]
    count = ceil(len(others) / (len(LINES) - 1))
    # even shares: no chart of a single line beside full ones
    cuts = [round(part * len(others) / count) for part in range(count + 1)]
    return [(base, *others[first:last]) for first, last in pairwise(cuts)]


def _draw_policy(axes: Any, panel: Panel, place: int, number: int, name: str, banded: bool) -> None:
    """Draw the mean and the band of one policy.

    Args:
        axes: where to draw.
        panel: what is drawn.
        place: place of the policy in the study.
        number: place of the policy in the chart.
        name: what the policy is called.
        banded: whether the band is drawn.
    """
    line, values = line_of(number), panel.values[place]
    axes.plot(
        panel.times,
        values.mean(axis=0),
        color=line.colour,
        linestyle=line.dashes,
        marker=line.marker if panel.marks else None,
        markersize=4.5,
        linewidth=1.8,
        label=name,
    )
    if len(values) > 1 and banded:
        low, high = np.quantile(values, BAND, axis=0)
        axes.fill_between(panel.times, low, high, color=line.colour, alpha=0.16, linewidth=0)


def _draw_panel(axes: Any, panel: Panel, results: Results, policies: tuple[str, ...], lang: Lang) -> None:
    """Draw one panel with some policies; bands of more than a few would hide each other, so that only the first has one."""
    for number, policy in enumerate(policies):
        banded = len(policies) <= MOST_BANDS or number == 0
        _draw_policy(axes, panel, results.place_of(policy), number, results.name(policy).said(lang), banded)
    last = results.years[-1]
    axes.set_title(panel.title.said(lang))
    axes.set_ylabel(panel.over.said(lang))
    axes.set_xlim(2021, last + 1)
    # grid lines stand where years begin, names in the middle of the year
    axes.set_xticks(range(2021, last + 2), [""] * (last - 2019))
    axes.set_xticks([year + 0.5 for year in results.years], [str(year) for year in results.years], minor=True)
    axes.tick_params(axis="x", which="minor", length=0)
    axes.set_ylim(bottom=0, top=axes.get_ylim()[1] * HEADROOM)


def _households(results: Results) -> Label:
    """Return how many ex-poor households are counted, or stood for."""
    count = int(results.monthly("households", EX_POOR)[..., -1].mean())
    if results.weighted:
        return Label(
            f"按县加权，代表脱贫户约{count / 1e4:,.0f}万户", f"Weighted to about {count / 1e6:,.1f} million ex-poor households"
        )
    return Label(f"模拟脱贫户约{count:,}户", f"About {count:,} simulated ex-poor households")


def caption(results: Results, lang: Lang, drawn: int = 0) -> str:
    """Return what the reader must know: who is counted, how many replications, what the band contains, of which policy it is."""
    count = len(results.replications)
    first = drawn > MOST_BANDS and count > 1
    households = _households(results).said(lang)
    if lang == "zh":
        held = "含随机波动与参数不确定性" if results.study.parameters else "只含随机波动，不含参数不确定性"
        band = f"色带为各次重复的5%–95%分位，{held}" if count > 1 else "只有一次重复，没有色带"
        band += "；只画首个政策的色带" if first else ""
        return (
            f"均值，重复次数 n={count}；{band}。{households}；返贫率为每年9月检验时新跌破贫困线者；\n"
            "监测线每年1月提高，风险率因此在1月跳升。"
        )
    held = "random draws and parameter uncertainty" if results.study.parameters else "random draws only, no parameter uncertainty"
    band = f"band: 5-95% of replications, {held}" if count > 1 else "one replication, no band"
    band += "; that of the first policy only" if first else ""
    return (
        f"Mean of n={count} replications; {band}.\n"
        f"{households}. Relapse: newly below the poverty line each September. "
        "The monitoring line rises each January, and the risk with it."
    )


def _draw_legend(figure: Figure, below: Any, handles: list[Any], names: list[str]) -> None:
    """Draw the legend beside the title where it fits there, else in a row of its own below the panels."""
    if below is None:
        figure.legend(handles, names, handlelength=3.6, loc="outside upper right", ncols=min(len(names), 4))
        return
    below.set_axis_off()
    below.set_xticks([])
    below.set_yticks([])
    below.legend(handles, names, handlelength=3.6, loc="center left", ncols=COLUMNS, borderaxespad=0)


def draw_rates(results: Results, place: str, lang: Lang = "zh", policies: tuple[str, ...] = ()) -> Figure:
    """Return the chart of relapse and risk over time, one line a policy.

    Args:
        results: stored results of a study.
        place: name of the place, in the language of the chart.
        lang: ``zh`` or ``en``.
        policies: those that are drawn; none for all of the study.
    """
    from matplotlib.figure import Figure

    drawn = policies or results.study.policies
    called = [wrapped(results.name(policy).said(lang), WIDEST_NAME) for policy in drawn]
    short = sum(map(text_width, called)) <= BESIDE_TITLE and len(called) <= MOST_BANDS
    lines = 0 if short else sum(max(map(line_count, called[row : row + COLUMNS])) for row in range(0, len(called), COLUMNS))
    with charted():
        figure = Figure(figsize=(11, 4.4 + LEGEND_LINE * lines), layout="constrained")
        if short:
            axes, below = figure.subplots(1, 3), None
        else:
            grid = figure.add_gridspec(2, 3, height_ratios=(3.3, LEGEND_LINE * lines))
            axes, below = [figure.add_subplot(grid[0, column]) for column in range(3)], figure.add_subplot(grid[1, :])
        for each, panel in zip(axes, panels(results), strict=True):
            _draw_panel(each, panel, results, drawn, lang)
        figure.suptitle(
            Label(f"{place}：脱贫人口的返贫率与风险率", f"{place}: relapse and risk among the ex-poor").said(lang),
            x=0.01,
            ha="left",
            fontsize=13,
        )
        _draw_legend(figure, below, axes[0].get_legend_handles_labels()[0], called)
        figure.supxlabel(caption(results, lang, len(drawn)), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure
