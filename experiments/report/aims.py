"""Results: rates by year under each policy, and whether the plan's targets are kept, with the clause that states each."""

from __future__ import annotations

import math

from experiments.report.apart import by_county, combinations
from experiments.report.document import (
    Block,
    Cell,
    Chart,
    Figure,
    Paragraph,
    Row,
    Section,
    Table,
    all_of,
    chance_value,
    paragraph,
    plain,
)
from experiments.report.said import NOTHING
from experiments.report.states import places, states
from experiments.report.subject import SWEEP, Subject
from experiments.report.warned import warned
from experiments.tables import summary_rows
from experiments.targets import UNMEASURED, VERDICTS, Judgement, YearJudged, said

DRAWN = ("relapse_net", "at_risk")
"""Rates that the sheets draw."""


def results(subject: Subject) -> Section:
    """Return the section: rates, the cells of a sweep, counties, targets."""
    parts = [_rates(subject)]
    if subject.kind == SWEEP:
        parts.append(combinations(subject))
    if subject.results.weighted:
        parts.append(by_county(subject))
    more = all_of((states(subject), places(subject), warned(subject)))
    return Section(subject.say("结果", "Results"), (), (*parts, *more, _targets(subject)))


# rates -----------------------------------------------------------------------------------------------------------


def _rates(subject: Subject) -> Section:
    """Return rates and counts by year and policy."""
    rows = summary_rows(subject.results)
    blocks: list[Block] = [_picture(subject, number) for number in range(_charts(subject))]
    for policy in subject.policies:
        mine = [row for row in rows if row.policy == policy]
        by_measure: dict[str, list[Cell]] = {}
        labels: dict[str, tuple[str, str]] = {}
        for row in mine:
            key = f"{row.measure}/{policy}/{row.year}"
            by_measure.setdefault(row.measure, []).append(subject.value(key, row.estimate, row.digits, row.unit))
            labels[row.measure] = (row.label.said(subject.lang), row.over.said(subject.lang) or NOTHING)
        table_rows = tuple(Row((labels[measure][0],), tuple(cells)) for measure, cells in by_measure.items())
        blocks.append(
            Table(
                subject.numbered("rates", policy),
                subject.say(f"各年指标：“{subject.name(policy)}”", f"By year: '{subject.name(policy)}'"),
                (subject.say("指标", "measure"),),
                subject.say("年份", "year"),
                subject.heads,
                table_rows,
                _shares_of(subject, labels) if policy == subject.shown[0] else "",
                sheet_only=policy not in subject.shown,
            )
        )
    blocks.append(_drawn(subject))
    return Section(subject.say("各年指标", "By year"), tuple(blocks))


def _shares_of(subject: Subject, labels: dict[str, tuple[str, str]]) -> str:
    """Return the denominators."""
    said = [f"{label}{subject.say('：', ': ')}{over}" for label, over in labels.values() if over != NOTHING]
    return subject.say("分母——", "Denominators: ") + subject.say("；", "; ").join(said)


def _drawn(subject: Subject) -> Table:
    """Return the rates that sheets draw, policy by policy: for the workbook alone."""
    found = [row for row in summary_rows(subject.results) if row.measure in DRAWN]
    table_rows = []
    for measure in DRAWN:
        for policy in subject.policies:
            mine = [row for row in found if (row.measure, row.policy) == (measure, policy)]
            cells = tuple(subject.value(f"{measure}/{policy}/{row.year}", row.estimate, row.digits, row.unit) for row in mine)
            table_rows.append(Row((mine[0].label.said(subject.lang), subject.name(policy)), cells))
    chart = Chart(
        "line",
        tuple(range(min(len(subject.policies), 7))),
        table_rows[0].labels[0],
        "%",
        len(subject.results.years),
    )
    return Table(
        "rates_compared",
        subject.say("返贫率与风险率，各政策并列", "Relapse and risk, policies beside each other"),
        (subject.say("指标", "measure"), subject.say("政策", "policy")),
        subject.say("年份", "year"),
        subject.heads,
        tuple(table_rows),
        sheet_only=True,
        chart=chart,
    )


def _charts(subject: Subject) -> int:
    """Return how many charts of rates there are; of large sweeps the first."""
    from experiments.charts.rates import charted_together

    return 1 if subject.kind == SWEEP else min(3, len(charted_together(subject.policies, subject.stored.study.base)))


def _picture(subject: Subject, number: int) -> Figure:
    """Return a chart of rates."""
    from experiments.charts.rates import charted_together, draw_rates

    policies = charted_together(subject.policies, subject.stored.study.base)[number]
    return Figure(
        f"rates_{number + 1}",
        subject.say("脱贫人口的返贫率与风险率", "Relapse and risk among the ex-poor"),
        lambda: draw_rates(subject.results, subject.place, subject.lang, policies),
    )


# targets ---------------------------------------------------------------------------------------------------------


def _targets(subject: Subject) -> Section:
    """Return the targets of the place's plan with their clauses."""
    heading = subject.say("按规划目标与条款", "By target and clause")
    if not subject.plan_id:
        said_none = subject.say("这个地方没有所属规划，不评判目标。", "The place belongs to no plan: no targets are judged.")
        return Section(heading, (plain(said_none),))
    mine = [one for one in subject.judgements if one.policy == subject.policy]
    judged = [one for one in mine if one.years]
    blocks: list[Block] = [_plan(subject), _judged(subject, judged)]
    if len(subject.detailed) > 1:
        blocks.append(_verdicts(subject))
    absent = {one.target.id: one for one in mine if one.verdict == UNMEASURED}
    if absent:
        blocks.append(_absent(subject, list(absent.values())))
    return Section(heading, tuple(blocks))


def _plan(subject: Subject) -> Paragraph:
    """Return which plan is meant."""
    from scenarios.planbook import plan_book

    plan = plan_book().plans[subject.plan_id]
    text = subject.say(
        "规划：《{title}》。每项要求在每次重复中或兑现或不兑现，所占比例即其概率；95%区间整个高于一半为“兑现”，"
        "整个低于一半为“未兑现”，"
        "否则“无法判断”。要求为零的目标按模拟村计，模拟户数越多越难达到。以下为“{policy}”之下的结果。",
        "Plan: {title}. A statement holds or not in each repetition, and the share of those in which it does is its "
        "probability; kept: "
        "the 95% interval lies above one half, missed: below, else nobody can tell. A count of zero is of the simulated "
        "villages: the "
        "more households, the less likely. Results under '{policy}'.",
    )
    return paragraph(text, title=plan.title, policy=subject.name(subject.policy))


def _heads(subject: Subject) -> tuple[str, ...]:
    """Return the heads of the labels of targets."""
    return (subject.say("条款", "clause"), subject.say("目标", "target"), subject.say("要求", "statement"))


def _labels(subject: Subject, one: Judgement) -> tuple[str, ...]:
    """Return clause, name and statement."""
    return (" ".join(one.clauses) or NOTHING, one.target.names[subject.lang], said(one, subject.lang))


def key_of(one: Judgement) -> str:
    """Return the key of a statement of a target."""
    bar = "" if math.isnan(one.threshold) else f"{one.threshold:g}"
    return f"target/{one.target.id}/{one.statement}{bar}/{one.policy}"


def _judged(subject: Subject, judged: list[Judgement]) -> Table:
    """Return targets by year with the probability and the verdict."""
    years = sorted({year.year for one in judged for year in one.years})
    rows = []
    for one in judged:
        by_year = {year.year: year for year in one.years}
        cells: list[Cell] = [_measure(subject, one, by_year.get(year)) for year in years]
        rows.append(Row(_labels(subject, one), (*cells, chance(subject, one), subject.said(VERDICTS[one.verdict]))))
    ends = (subject.say("各年都达到的概率", "probability, all years"), subject.say("结论", "verdict"))
    return Table(
        "targets",
        subject.say(f"规划目标，“{subject.name(subject.policy)}”", f"Targets of the plan, '{subject.name(subject.policy)}'"),
        _heads(subject),
        subject.say("年份", "year"),
        (*map(str, years), *ends),
        tuple(rows),
        subject.say(
            "各年为指标的均值（区间见Excel）；概率附95%区间（Clopper-Pearson）。",
            "Years: mean of the measure (intervals: the workbook); probability with its 95% interval (Clopper-Pearson).",
        ),
        most=80,
        brief=True,
    )  # fmt: skip


_UNITS = {"share": "%", "ratio": "", "persons": "人", "days": "天", "yuan/household": "元/户", "yuan/village": "元/村"}


def _measure(subject: Subject, one: Judgement, year: YearJudged | None) -> Cell:
    """Return the measure of a year."""
    if year is None or year.value.runs == 0:
        return NOTHING
    share = one.target.unit == "share"
    unit = one.target.unit if subject.lang == "en" and not share else _UNITS.get(one.target.unit, one.target.unit)
    digits = 2 if share or abs(year.value.mean) < 10 else 1 if abs(year.value.mean) < 1000 else 0
    found = subject.value(f"{key_of(one)}/{year.year}", year.value, digits, scale=100.0 if share else 1.0)
    return found._replace(unit="" if one.target.unit == "ratio" else unit)


def chance(subject: Subject, one: Judgement) -> Cell:
    """Return the probability that a statement holds in all years."""
    if one.chance is None:
        return NOTHING
    return chance_value(f"{key_of(one)}/chance", one.chance)


def _verdicts(subject: Subject) -> Table:
    """Return the verdict on every target under every policy."""
    found: dict[tuple[str, ...], dict[str, Judgement]] = {}
    for one in subject.judgements:
        if one.years:
            found.setdefault(_labels(subject, one), {})[one.policy] = one
    shown = subject.shown
    rows = []
    for labels, by_policy in found.items():
        rows.append(Row(labels, tuple(_verdict(subject, by_policy.get(policy)) for policy in shown)))
    return Table(
        "targets_by_policy",
        subject.say("规划目标：各政策的结论（括号内为各年都达到的概率）", "Targets by policy (probability that all years hold)"),
        _heads(subject),
        subject.say("政策", "policy"),
        tuple(subject.name(policy) for policy in shown),
        tuple(rows),
        most=80,
        long=False,
    )


def _verdict(subject: Subject, one: Judgement | None) -> str:
    """Return a verdict with its probability."""
    if one is None:
        return NOTHING
    said_verdict = subject.said(VERDICTS[one.verdict])
    return said_verdict if one.chance is None else f"{said_verdict} ({one.chance.share:.2f})"


def _absent(subject: Subject, absent: list[Judgement]) -> Table:
    """Return the targets that nothing measures."""
    rows = tuple(Row((" ".join(one.clauses) or NOTHING, one.target.names[subject.lang]), (one.reason,)) for one in absent)
    return Table(
        "targets_unmeasured",
        subject.say("没有计量的目标", "Targets that nothing measures"),
        _heads(subject)[:2],
        subject.say("项", "part"),
        (subject.say("原因（原文）", "reason"),),
        rows,
        long=False,
    )
