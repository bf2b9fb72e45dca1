"""Rates over time under each policy, with the spread over replications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.charts.style import charted, line_of
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


def _draw_policy(axes: Any, panel: Panel, number: int, name: str) -> None:
    """Draw the mean and the band of one policy."""
    line, values = line_of(number), panel.values[number]
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
    if len(values) > 1:
        low, high = np.quantile(values, BAND, axis=0)
        axes.fill_between(panel.times, low, high, color=line.colour, alpha=0.16, linewidth=0)


def _draw_panel(axes: Any, panel: Panel, results: Results, lang: Lang) -> None:
    """Draw one panel with all policies."""
    for number, policy in enumerate(results.study.policies):
        _draw_policy(axes, panel, number, results.name(policy).said(lang))
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


def caption(results: Results, lang: Lang) -> str:
    """Return what the reader must know: who is counted, how many replications, what the band contains."""
    count = len(results.replications)
    households = _households(results).said(lang)
    if lang == "zh":
        band = "色带为各次重复的5%–95%分位，只含随机波动，不含参数不确定性" if count > 1 else "只有一次重复，没有色带"
        return (
            f"均值，重复次数 n={count}；{band}。{households}；返贫率为每年9月检验时新跌破贫困线者；\n"
            "监测线每年1月提高，风险率因此在1月跳升。"
        )
    band = "band: 5-95% of replications, random draws only, no parameter uncertainty" if count > 1 else "one replication, no band"
    return (
        f"Mean of n={count} replications; {band}.\n"
        f"{households}. Relapse: newly below the poverty line each September. "
        "The monitoring line rises each January, and the risk with it."
    )


def draw_rates(results: Results, place: str, lang: Lang = "zh") -> Figure:
    """Return the chart of relapse and risk over time, one line a policy.

    Args:
        results: stored results of a study.
        place: name of the place, in the language of the chart.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    with charted():
        figure = Figure(figsize=(11, 4.4), layout="constrained")
        axes = figure.subplots(1, 3)
        for each, panel in zip(axes, panels(results), strict=True):
            _draw_panel(each, panel, results, lang)
        figure.suptitle(
            Label(f"{place}：脱贫人口的返贫率与风险率", f"{place}: relapse and risk among the ex-poor").said(lang),
            x=0.01,
            ha="left",
            fontsize=13,
        )
        handles, names = axes[0].get_legend_handles_labels()
        figure.legend(handles, names, handlelength=3.6, loc="outside upper right", ncols=min(len(names), 4))
        figure.supxlabel(caption(results, lang), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure
