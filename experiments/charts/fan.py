"""Fan charts: bands by year with the median, paired differences with a zero line, and the probability of the goal by year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.charts.style import charted, line_of, wrapped
from experiments.fans import AFTER_TRANSITION, Forecast, Point, bands, quantiles
from experiments.goal import ALL_YEARS, EVERY, WHOLE, GoalRow, quantity
from experiments.labels import Label, Lang, place_label
from experiments.results import Numbers
from scenarios.cited import show_month

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_PANELS = 6
"""Policies in one chart."""
COLUMNS = 3
PANEL_SIZE = (3.7, 2.7)
TITLE_WIDTH = 36
SHADES = {0.9: 0.16, 0.7: 0.22, 0.5: 0.34}
"""How dense each band is drawn; they lie on each other, so that grey paper tells them apart."""
MARKS = ("o", "s", "^", "D", "v")
"""Marks of observed figures by place."""
HOLLOW = Label("（空心：管理性指标，不作证据）", " (hollow: administrative targets, no evidence)")
GOAL_SHOWN = ("relapse_net", "poor_stock", "relapse_registry")


def draw_fan(forecast: Forecast, series: str, lang: Lang = "zh") -> Figure:
    """Return the fan chart of a series, a panel for each policy with the same axis.

    Args:
        forecast: the forecast.
        series: id of the series.
        lang: ``zh`` or ``en``.
    """
    one, policies = forecast.one(series), list(forecast.policies)[:MOST_PANELS]
    with charted():
        figure, panels = _figure(len(policies))
        for number, (axes, policy) in enumerate(zip(panels, policies, strict=False)):
            draw_bands(axes, forecast, forecast.of(series, policy), number, forecast.last_observed(series))
            if policy == forecast.factual:
                _draw_points(axes, _shown_points(forecast, series))
            _finish(axes, forecast, forecast.policies[policy].said(lang))
        _reach_back(panels, forecast, series)
        panels[0].set_ylabel(one.unit.said(lang))
        title = Label(f"{forecast.place.zh}：{one.label.zh}", f"{forecast.place.en}: {one.label.en}")
        _captioned(figure, panels, forecast, title.said(lang), _caption(forecast, series, lang), lang)
    return figure


def draw_difference(forecast: Forecast, series: str, lang: Lang = "zh") -> Figure:
    """Return the fan chart of what each policy makes more of a series than the base, in pairs, with a zero line.

    Args:
        forecast: the forecast.
        series: id of the series.
        lang: ``zh`` or ``en``.

    Raises:
        ValueError: if the forecast has one policy only.
    """
    others = [policy for policy in forecast.policies if policy != forecast.base][:MOST_PANELS]
    if not others:
        raise ValueError("a difference needs two policies")
    one, base = forecast.one(series), forecast.policies[forecast.base]
    with charted():
        figure, panels = _figure(len(others))
        for axes, policy in zip(panels, others, strict=False):
            number = list(forecast.policies).index(policy)
            draw_bands(axes, forecast, forecast.difference(series, policy), number, None)
            axes.axhline(0, color="black", linewidth=1.1, zorder=3)
            _finish(axes, forecast, forecast.policies[policy].said(lang))
        unit = "百分点" if (lang, one.unit.en) == ("zh", "%") else "points" if one.unit.en == "%" else one.unit.said(lang)
        panels[0].set_ylabel(unit)
        title = Label(
            f"{forecast.place.zh}：{one.label.zh}，与“{base.zh}”之差",
            f"{forecast.place.en}: {one.label.en}, difference from '{base.en}'",
        )
        paired = Label(
            "差值按同一次重复成对计算（同样的运气与参数）", "differences in pairs: same luck and parameters under both policies"
        )
        caption = f"{paired.said(lang)}{_stop(lang)}{forecast.contains.said(lang)}"
        _captioned(figure, panels, forecast, title.said(lang), caption, lang)
    return figure


def draw_goal_years(forecast: Forecast, lang: Lang = "zh") -> Figure:
    """Return the probability, year by year, that a rate stays below each threshold: a row of panels for each policy.

    Args:
        forecast: the forecast, with its probabilities.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    county = EVERY if any(row.county == EVERY for row in forecast.goal) else WHOLE
    rows = [row for row in forecast.goal if row.county == county and row.year != ALL_YEARS and row.chance]
    shown = [name for name in GOAL_SHOWN if any(row.definition == name for row in rows)]
    policies = list(forecast.policies)[:MOST_PANELS]
    with charted():
        figure = Figure(figsize=(1.4 + 3.3 * max(1, len(shown)), 1.7 + 2.1 * len(policies)), layout="constrained")
        panels = figure.subplots(len(policies), max(1, len(shown)), squeeze=False, sharey=True, sharex=True)
        for line, policy in zip(panels, policies, strict=True):
            for axes, name in zip(line, shown, strict=False):
                _draw_chances(axes, [row for row in rows if (row.policy, row.definition) == (policy, name)])
                axes.set_title(
                    wrapped(quantity(name).label.said(lang), TITLE_WIDTH) if policy == policies[0] else "", fontsize=9.5
                )
                _years(axes, forecast)
                axes.set_ylim(-0.03, 1.05)
            line[0].set_ylabel(wrapped(forecast.policies[policy].said(lang), 24), fontsize=9)
        handles, names = panels[0][0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside right center", handlelength=3.2)
        every = Label("各县同时", "every county at once, ").said(lang) if county == EVERY else ""
        title = Label(f"{forecast.place.zh}：{every}低于阈值的概率", f"{forecast.place.en}: {every}probability to stay below")
        figure.suptitle(title.said(lang), x=0.01, ha="left", fontsize=12.5)
        caption = Label(
            f"{len(forecast.repeats)}次重复中的比例；竖线为95%区间（Jeffreys）。没有官方的“规模性”数值，阈值是选择",
            f"Share of {len(forecast.repeats)} repetitions; bars: 95% interval (Jeffreys). "
            "No official number says what large-scale is: thresholds are choices",
        )
        figure.supxlabel(wrapped(caption.said(lang), 30 * (1 + len(shown))), x=0.01, ha="left", fontsize=8.5, color="#444444")
        figure.draw_without_rendering()
    return figure


def _figure(count: int) -> tuple[Figure, list[Any]]:
    """Return a figure with so many panels that share their axes."""
    from matplotlib.figure import Figure

    columns = min(COLUMNS, count)
    rows = -(-count // columns)
    width = max(7.6, 1.0 + PANEL_SIZE[0] * columns)
    figure = Figure(figsize=(width, 1.5 + PANEL_SIZE[1] * rows), layout="constrained")
    panels = list(figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).flat)
    for axes in panels[count:]:
        axes.set_visible(False)
    return figure, panels[:count]


def draw_bands(axes: Any, forecast: Forecast, values: Numbers, number: int, observed: float | None) -> None:
    """Draw the bands and the median of one policy: dashed from the last observation on, all of it where there is none."""
    line, years = line_of(number), np.array(forecast.years, dtype=np.float64)
    if len(forecast.repeats) > 1:
        for share, low, high in bands(values):
            axes.fill_between(years, low, high, color=line.colour, alpha=SHADES[share], linewidth=0)
    median = quantiles(values, (0.5,))[0]
    before = years <= (observed if observed is not None else -np.inf)
    # the dashed part begins where the other ends
    after = ~before | np.append(~before[1:], False)
    if before.sum() > 1:
        axes.plot(years[before], median[before], color=line.colour, linewidth=2.0)
    axes.plot(years[after], median[after], color=line.colour, linewidth=2.0, linestyle=(0, (4, 2)), marker=".", label="median")


def _shown_points(forecast: Forecast, series: str) -> list[Point]:
    """Return the observed figures of the years shown and of the year before them."""
    return [point for point in forecast.points_of(series) if point.time >= forecast.years[0] - 1]


def _reach_back(panels: Sequence[Any], forecast: Forecast, series: str) -> None:
    """Let the axis of years begin where the first figure stands that is drawn; panels share it."""
    first = min((point.time for point in _shown_points(forecast, series)), default=forecast.years[0])
    if first < forecast.years[0] and panels:
        panels[0].set_xlim(first - 0.3, forecast.years[-1] + 0.3)
        years = [forecast.years[0] - 1, *forecast.years]
        panels[0].set_xticks(years, [str(year) for year in years], fontsize=8.5)


def _draw_points(axes: Any, points: Sequence[Point]) -> None:
    """Draw observed figures, a mark for each place; managed ones are hollow."""
    places = list(dict.fromkeys(point.place for point in points))
    for point in points:
        mark = MARKS[places.index(point.place) % len(MARKS)]
        fill = "white" if point.tag == "administrative_target" else "black"
        axes.plot([point.time], [point.value], marker=mark, markersize=6, color="black", markerfacecolor=fill, linestyle="none",
                  zorder=5, label=f"observed {point.place}")  # fmt: skip


def _finish(axes: Any, forecast: Forecast, title: str) -> None:
    """Name a panel and its years; mark the month of knowledge and the end of the transition."""
    axes.set_title(wrapped(title, TITLE_WIDTH), fontsize=10)
    _years(axes, forecast)
    # a year stands for its December
    if forecast.asof is not None:
        axes.axvline((forecast.asof + 1) / 12 - 1, color="#555555", linewidth=1.0, linestyle=(0, (1, 1)))
    end = forecast.transition_end
    if end is not None and (end + 1) / 12 - 1 < forecast.years[-1]:
        axes.axvspan(
            (end + 1) / 12 - 1, min((end + 25) / 12 - 1, forecast.years[-1] + 0.3), color="#000000", alpha=0.05, linewidth=0
        )


def _after_transition(forecast: Forecast) -> tuple[float, float] | None:
    """Return where the 24 months after the transition stand on the axis; None where they are not shown."""
    if forecast.transition_end is None:
        return None
    # a year stands for its December
    end = (forecast.transition_end + 1) / 12 - 1
    return (end, min(end + AFTER_TRANSITION / 12, forecast.years[-1] + 0.3)) if end < forecast.years[-1] else None


def _years(axes: Any, forecast: Forecast) -> None:
    """Set the axis of years."""
    axes.set_xlim(forecast.years[0] - 0.3, forecast.years[-1] + 0.3)
    axes.set_xticks(list(forecast.years), [str(year) for year in forecast.years], fontsize=8.5)
    axes.tick_params(axis="x", labelbottom=True)


def _stop(lang: Lang) -> str:
    """Return what parts two sentences."""
    return "。" if lang == "zh" else ". "


def _caption(forecast: Forecast, series: str, lang: Lang) -> str:
    """Return what the reader must know of a fan chart."""
    points = _shown_points(forecast, series)
    parts = [forecast.contains.said(lang)]
    if points:
        managed = any(point.tag == "administrative_target" for point in points)
        hollow = HOLLOW if managed else Label("", "")
        seen = Label(
            f"点为已观测值{hollow.zh}，画在事实政策上；其后中位数为虚线",
            f"points: observed{hollow.en}, on the policy in fact followed; the median is dashed after the last of them",
        )
        parts.append(seen.said(lang))
    else:
        parts.append(Label("没有观测值，中位数全为虚线", "nothing observed: the median is dashed").said(lang))
    return _stop(lang).join(parts)


def _captioned(figure: Figure, panels: Sequence[Any], forecast: Forecast, title: str, caption: str, lang: Lang) -> None:
    """Add title, legend and caption."""
    if forecast.asof is not None:
        known = Label(f"截至{show_month(forecast.asof)}所知（竖线）", f"as known at {show_month(forecast.asof)} (dotted line)")
        caption += _stop(lang) + known.said(lang)
    if _after_transition(forecast) is not None:
        caption += _stop(lang) + Label("灰底：过渡期结束后24个月", "grey: 24 months after the end of the transition").said(lang)
    if lang == "en":
        caption = ". ".join(part[:1].upper() + part[1:] for part in caption.split(". "))
    letters = int(figure.get_figwidth() * 15.5)
    figure.suptitle(wrapped(title, int(letters * 0.72)), x=0.01, ha="left", fontsize=12.5)
    figure.supxlabel(wrapped(caption, letters), x=0.01, ha="left", fontsize=8.5, color="#444444")
    handles: dict[str, Any] = _shades() if len(forecast.repeats) > 1 else {}
    for axes in panels:
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(_legend(name, lang), handle)
    figure.legend(list(handles.values()), list(handles), loc="outside right center", fontsize=9)
    figure.draw_without_rendering()


def _shades() -> dict[str, Any]:
    """Return what the bands look like, in grey for all policies: each lies on the wider ones."""
    from matplotlib.patches import Patch

    found, through = {}, 1.0
    for share in sorted(SHADES, reverse=True):
        through *= 1 - SHADES[share]
        found[f"{100 * share:.0f}%"] = Patch(facecolor="#555555", alpha=1 - through, linewidth=0)
    return found


def _legend(name: str, lang: Lang) -> str:
    """Return what a mark is called."""
    if name == "median":
        return Label("中位数", "median").said(lang)
    if name.startswith("observed "):
        place = place_label(name.removeprefix("observed "))
        return Label(f"观测：{place.zh}", f"observed, {place.en}").said(lang)
    return name


def _draw_chances(axes: Any, rows: Sequence[GoalRow]) -> None:
    """Draw a line for each threshold, with the interval of each probability."""
    bars = sorted({row.threshold for row in rows})
    for number, bar in enumerate(bars):
        ours, line = sorted((row for row in rows if row.threshold == bar), key=lambda row: row.year), line_of(number)
        chances = [row.chance for row in ours if row.chance]
        # beside each other, so that intervals do not hide each other
        years = np.array([row.year for row in ours]) + 0.06 * (number - (len(bars) - 1) / 2)
        shares = np.array([chance.share for chance in chances])
        ends = np.array([[chance.share - chance.low, chance.high - chance.share] for chance in chances]).T.clip(min=0)
        axes.errorbar(years, shares, yerr=ends, color=line.colour, linestyle=line.dashes, marker=line.marker, markersize=4,
                      linewidth=1.5, elinewidth=0.8, label=f"<{100 * bar:g}%")  # fmt: skip
