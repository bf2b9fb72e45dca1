"""The first page of `fangpin compare`: what a county bureau asks first, under one policy, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.compare.who import class_label
from experiments.labels import Label
from fangpin.screen import Screen
from fangpin.tabling import with_error

if TYPE_CHECKING:
    from experiments.compare.figures import Line
    from fangpin.compared import Compared

TOWNS = 5
"""Townships shown, those with the most; the file has all."""
PEAKS = 3
"""Months shown of a year, those with the most; the file has all."""
NEWLY = "below the monitoring line for the first time"


def print_page(screen: Screen, compared: Compared) -> None:
    """Print the page."""
    from experiments.compare.bureau import SECTIONS, missing

    results = compared.results
    name, scope, count = results.name(compared.policy), results.scope, len(results.replications)
    screen.heading(
        Label(
            f"防贫首页：{results.place.zh}，“{name.zh}”（{scope.zh}；{count}次重复，±95%区间半宽）",
            f"First page: {results.place.en}, '{name.en}' ({scope.en}; {count} repetitions, ± half of the 95% interval)",
        )
    )
    mine = [line for line in compared.lines if line.policy == compared.policy]
    for section, title in SECTIONS.items():
        lines = [line for line in mine if line.section == section]
        screen.heading(title)
        if not lines:
            screen.line(_nothing(section))
            continue
        _print_section(screen, compared, [line for line in lines if not line.month])
        if section == "at_risk":
            _print_peaks(screen, [line for line in lines if line.month and not line.detail])
    absent = missing(compared.stored)
    if absent:
        zh, en = "；".join(one.zh for one in absent), "; ".join(one.en for one in absent)
        screen.line(Label(f"未存：{zh}", f"not stored: {en}"))


def _nothing(section: str) -> Label:
    """Return what to say of a section without figures."""
    if section == "funds":
        return Label("没有账户用完", "no account runs out")
    return Label("未存", "not stored")


def _print_section(screen: Screen, compared: Compared, lines: list[Line]) -> None:
    """Print the figures of a section, a row an item and a column a year; of townships those with the most."""
    rows: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        rows.setdefault((line.item.en, line.detail), []).append(line)
    years = sorted({line.year for line in lines})
    towns = [key for key in rows if key[0] == NEWLY and key[1]]
    busiest = sorted(towns, key=lambda key: -sum(line.value.mean for line in rows[key]))[:TOWNS]
    cells = [_cells(screen, compared, found, years) for key, found in rows.items() if key not in towns or key in busiest]
    heads = [Label("指标", "figure").said(screen.lang), Label("单位", "unit").said(screen.lang), *map(str, years)]
    screen.table(heads, cells, left=2)


def _cells(screen: Screen, compared: Compared, found: list[Line], years: list[int]) -> list[str]:
    """Return a row of a section."""
    by_year = {line.year: line for line in found}
    first = found[0]
    numbers = [with_error(by_year[year].value, by_year[year].digits) if year in by_year else "–" for year in years]
    return [_name(screen, compared, first), first.unit.said(screen.lang), *numbers]


def _name(screen: Screen, compared: Compared, line: Line) -> str:
    """Return what a row is called: its item, and what it is of."""
    item = line.item.said(screen.lang)
    if not line.detail or line.section in ("uninsured", "incomes"):
        return item
    if line.section == "at_risk" and "/" not in line.detail:
        return item
    if line.section == "at_risk":
        called = class_label("township", line.detail)
        return f"{item}{Label(f'·{called.zh}', f', {called.en}').said(screen.lang)}"
    return f"{compared.results.name(line.detail).said(screen.lang)}: {item}"


def _print_peaks(screen: Screen, lines: list[Line]) -> None:
    """Say in which months most households are newly at risk."""
    for year in sorted({line.year for line in lines}):
        months = sorted((line for line in lines if line.year == year), key=lambda line: -line.value.mean)[:PEAKS]
        zh = "、".join(f"{line.month}月{line.value.mean:,.1f}户" for line in months)
        en = ", ".join(f"{year}-{line.month:02d} {line.value.mean:,.1f}" for line in months)
        screen.line(Label(f"{year}年新增最多的月份：{zh}", f"months with most newly at risk: {en}"))
