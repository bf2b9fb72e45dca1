"""What a county bureau asks first, from stored runs: one line a figure, policy by policy, with the error over repetitions.

What the stored files do not hold is told by name in `missing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from experiments.compare.figures import HEADER, PER_CENT, PERSONS, Counts, Line, line_cells
from experiments.compare.funds import funds
from experiments.compare.postmoves import posts
from experiments.compare.watchlist import watch_list
from experiments.eventlabels import EVENT_LABELS
from experiments.labels import CAUSE_LABELS, Label
from experiments.quantities import EX_POOR, WATCHED
from experiments.results import Numbers, Results, ratio
from experiments.stored import Run, Stored
from experiments.target_measures import SOURCES
from sim.indicators import CAUSES, GROUPS, WITHOUT
from sim.risks import BEFORE
from sim.rules import month_index

__all__ = ["HEADER", "SECTIONS", "Line", "bureau_lines", "line_cells", "missing"]

SECTIONS = {
    "at_risk": Label("新增风险户（按原因、乡镇、月份）", "newly at risk, by cause, town and month"),
    "missed": Label("漏报与仓促消除", "missed cases and hasty clearing"),
    "watch_list": Label("低收入与收入骤降名单", "the list: below a round figure, or a sharp drop"),
    "double_loss": Label("三个月内失去两项支持的家庭", "families losing two supports within three months"),
    "funds": Label("资金何时用完，各账户缺口", "month in which a fund runs out, gap by account"),
    "uninsured": Label("未参保及原因", "uninsured, by reason"),
    "work": Label("走访与15日内帮扶", "visits per worker, help within 15 days"),
    "incomes": Label("四项收入增幅与本地平均", "growth of the four incomes against the local average"),
    "posts": Label("岗位进出", "who leaves which post"),
}
REASON_LABELS = {
    "price": Label("缴费负担", "price over income"),
    "age": Label("年轻健康", "young"),
    "away": Label("在外务工", "away for work"),
    "habit": Label("此前未参保", "uncovered before"),
    "neighbours": Label("邻里少参保", "few neighbours covered"),
    "other": Label("其他", "other"),
}
LOCAL = Label("全部模拟户", "all simulated")
"""Stands for the local average: the households that are simulated are the poorer ones of the county."""
SOURCE_LABELS = {
    "wage": Label("工资性收入", "wages"),
    "operating": Label("经营净收入", "own business and farm"),
    "transfer": Label("转移净收入", "transfers"),
    "property": Label("财产净收入", "property"),
}


def bureau_lines(stored: Stored, results: Results, policies: Sequence[str] = ()) -> list[Line]:
    """Return every figure of the page for some policies, by default all."""
    found: list[Line] = []
    for policy in policies or results.study.policies:
        counts = Counts(results, policy)
        runs = [stored.of(policy, repeat) for repeat in stored.repeats]
        found += [
            *_at_risk(counts),
            *_by_event(counts, runs),
            *_by_place(counts, runs),
            *_missed(counts),
            *watch_list(counts, runs),
            *_double(counts),
        ]
        found += [*funds(counts, runs), *_uninsured(counts), *_work(counts), *_incomes(counts), *posts(counts, runs)]
    order = list(SECTIONS)
    return sorted(found, key=lambda line: (results.study.policies.index(line.policy), order.index(line.section)))


def missing(stored: Stored) -> list[Label]:
    """Return what the page lacks because the runs were written without it."""
    run = next(iter(stored.runs.values()))
    table = run.columns("households.parquet")
    found = [
        Label(
            "四项收入的全县平均（只有模拟户平均）",
            "the whole county's average of the four incomes (that of the simulated stands instead)",
        )
    ]
    if not run.columns("risks.parquet"):
        found.append(
            Label(
                "新增风险户此前的事件",
                "what came before being newly at risk",
            )
        )
    if not any(name.startswith("net_head_") for name in table):
        found.append(Label("名单：逐年人均纯收入", "the list: net income per head by year"))
    if not run.columns("posts.parquet"):
        found.append(Label("岗位进出", "who leaves which post"))
    return found


def _at_risk(counts: Counts) -> Iterable[Line]:
    """Yield new alerts by kind, and falls by main cause."""
    yield from counts.flows("at_risk", (
        ("new_alert_households", Label("新预警户", "households newly alerted")),
        ("new_alert_spending_households", Label("其中：刚性支出预警", "of them by spending")),
        ("new_alert_drop_households", Label("其中：收入骤降预警", "of them by a sharp fall of income")),
        ("identified_households", Label("新识别监测户", "taken into the registry")),
    ), WATCHED)  # fmt: skip
    for cause in CAUSES:
        for year in counts.years:
            persons = counts.total(f"relapse_{cause}", year, WATCHED)
            if persons.any():
                item = Label(f"新返贫致贫·{CAUSE_LABELS[cause].zh}", f"newly below the line: {CAUSE_LABELS[cause].en}")
                yield counts.line("at_risk", item, year, persons, PERSONS, digits=1)


def _by_event(counts: Counts, runs: list[list[Run]]) -> Iterable[Line]:
    """Yield households at risk for the first time since 2021 by what had happened last within a year, by year and month."""
    found: dict[tuple[str, int, int], Numbers] = {}
    for number, row in enumerate(runs):
        for run in row:
            table = run.columns("risks.parquet")
            rows = zip(table.get("event", ()), table.get("month", ()), table.get("group", ()), strict=True)
            for event, month, _ in (one for one in rows if one[2] < len(WATCHED)):
                for key in ((str(event), int(month) // 12, 0), (str(event), int(month) // 12, int(month) % 12 + 1)):
                    found.setdefault(key, np.zeros(len(runs)))[number] += run.stands_for
    for event, year, month in sorted(found, key=lambda key: (list(BEFORE).index(key[0]), key[1:])):
        label = EVENT_LABELS.get(event, Label("无记录", "nothing noted"))
        item = Label(f"首次跌破监测线·此前：{label.zh}", f"first time below the monitoring line, after: {label.en}")
        yield counts.line("at_risk", item, year, found[event, year, month], detail=event, month=month, digits=1)


def _by_place(counts: Counts, runs: list[list[Run]]) -> Iterable[Line]:
    """Yield households at risk for the first time since 2021, by month and by township."""
    item = Label("首次跌破监测线", "below the monitoring line for the first time")
    tables = [[(run, run.columns("households.parquet")) for run in row] for row in runs]
    months = [month for month in counts.results.months if month >= month_index(2021)]
    by_month = np.array([sum(run.stands_for * _tally(table, months) for run, table in row) for row in tables])
    for year in counts.years:
        inside = [place for place, month in enumerate(months) if month // 12 == year]
        yield counts.line("at_risk", item, year, by_month[:, inside].sum(axis=1), digits=1)
        for place in inside:
            yield counts.line("at_risk", item, year, by_month[:, place], month=months[place] % 12 + 1, digits=1)
    towns = sorted({(run.place, int(number)) for row in tables for run, table in row for number in np.unique(table["township"])})
    for county, number in towns:
        for year in counts.years:
            values = [
                sum(run.stands_for * _in_town(table, number, year) for run, table in row if run.place == county) for row in tables
            ]
            yield counts.line("at_risk", item, year, np.array(values, float), detail=f"{county}/{number}", digits=1)


def _tally(table: dict[str, Any], months: list[int]) -> Numbers:
    """Return the watched households whose first month at risk is each of some months."""
    first = np.asarray(table["first_at_risk"])[np.asarray(table["group"]) < len(WATCHED)].astype(int)
    return np.bincount(first[first >= months[0]] - months[0], minlength=len(months))[: len(months)].astype(np.float64)


def _in_town(table: dict[str, Any], township: int, year: int) -> int:
    """Return the watched households of a township whose first month at risk lies in a year."""
    watched = (np.asarray(table["group"]) < len(WATCHED)) & (np.asarray(table["township"]) == township)
    return int((watched & (np.asarray(table["first_at_risk"]).astype(int) // 12 == year)).sum())


def _missed(counts: Counts) -> Iterable[Line]:
    """Yield cases that were missed or turned away, and clearings that did not last."""
    yield from counts.flows("missed", (
        ("missed_households", Label("核查时误退（实有收入预警）", "turned away despite an alert on income")),
        ("false_alarms", Label("误纳入（当月无预警）", "taken in without an alert")),
        ("cleared_households", Label("风险消除", "cleared")),
        ("rolled_back_households", Label("消除后一年内又跌破", "below the line within a year of clearing")),
        ("reidentified_households", Label("消除后重新纳入", "taken in again after clearing")),
    ))  # fmt: skip
    for year in counts.years:
        item = Label("年末在险未纳入", "at risk and not in the registry, December")
        yield counts.line("missed", item, year, counts.december("undetected_at_risk_households", year), digits=1)
        share = 100 * ratio(counts.total("rolled_back_households", year), counts.total("cleared_households", year))
        yield counts.line("missed", Label("仓促消除率", "share of clearings that did not last"), year, share, PER_CENT, digits=1)


def _double(counts: Counts) -> Iterable[Line]:
    """Yield families that lose two supports within three months."""
    label = Label("三个月内失去两项（工作、岗位、低保）", "lost two of job, post, dibao within three months")
    yield from counts.flows("double_loss", (("double_loss_households", label),))


def _uninsured(counts: Counts) -> Iterable[Line]:
    """Yield persons without cover, and those who pay for none of the next year by what keeps them from it."""
    for year in counts.years:
        item = Label("年末未参保", "without any medical insurance, December")
        yield counts.line("uninsured", item, year, counts.december("uninsured_persons", year, WATCHED), PERSONS)
        lapsed = Label("当年断保", "give up cover for the next year")
        yield counts.line("uninsured", lapsed, year, counts.total("lapses", year, WATCHED), PERSONS)
        for reason in WITHOUT:
            said = REASON_LABELS[reason]
            item = Label(f"不缴下年：{said.zh}", f"no cover next year: {said.en}")
            values = counts.total(f"without_{reason}", year, WATCHED)
            yield counts.line("uninsured", item, year, values, PERSONS, reason)


def _work(counts: Counts) -> Iterable[Line]:
    """Yield visits for each worker and month, visits for each case, and how fast help comes."""
    for year in counts.years:
        visits = counts.total("visits_made", year)
        each = ratio(visits, counts.total("visiting_workers", year))
        yield counts.line(
            "work", Label("每名干部每月走访", "visits per worker and month"), year, each, Label("次", "visits"), digits=1
        )
        found = ratio(visits, counts.total("identified_households", year))
        item = Label("每识别一户的走访", "visits per household identified")
        yield counts.line("work", item, year, found, Label("次", "visits"), digits=1)
        helped = counts.total("helped_households", year)
        soon = 100 * ratio(counts.total("helped_in_15_days_households", year), helped)
        yield counts.line("work", Label("15日内得到帮扶", "helped within 15 days"), year, soon, PER_CENT, digits=1)
        intime = 100 * ratio(counts.total("verified_in_time_households", year), counts.total("verified_households", year))
        yield counts.line("work", Label("按期核查", "verified in time"), year, intime, PER_CENT, digits=1)


def _incomes(counts: Counts) -> Iterable[Line]:
    """Yield the growth of each of the four incomes per head of the ex-poor, and that of all simulated households beside it."""
    for name, indicators in SOURCES.items():
        for groups, whose in ((EX_POOR, Label("脱贫户", "ex-poor")), (GROUPS, LOCAL)):
            label = SOURCE_LABELS[name]
            for year in counts.years:
                now, before = (_per_head(counts, indicators, when, groups) for when in (year, year - 1))
                growth = 100 * (ratio(now, before) - 1) if counts.results.months_in(year) == 12 else np.full(len(now), np.nan)
                item = Label(f"{label.zh}增幅·{whose.zh}", f"growth of {label.en}, {whose.en}")
                yield counts.line("incomes", item, year, growth, PER_CENT, name, digits=1)


def _per_head(counts: Counts, indicators: tuple[str, ...], year: int, groups: tuple[str, ...]) -> Numbers:
    """Return yuan a year per person."""
    fen = np.sum([counts.total(name, year, groups) for name in indicators], axis=0)
    return ratio(fen * 12, counts.total("persons", year, groups)) / 100
