"""Who and why: main causes, chains of events, groups, and for whom a policy makes a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.differences import TOTAL, cause_label, difference_rows, differs
from experiments.intervals import estimate
from experiments.labels import Label
from experiments.quantities import EX_POOR, MARGINAL
from experiments.report.chains import chained
from experiments.report.document import Block, Cell, Chart, Figure, Row, Section, Table, Value, all_of, plain
from experiments.report.said import NOTHING
from experiments.report.subject import Subject
from sim.indicators import CAUSES

if TYPE_CHECKING:
    from experiments.chains import Falls

PERSONS, HOUSEHOLDS, PERCENT = Label("人次", "persons"), Label("户", "households"), Label("%", "%")
YUAN = Label("元", "yuan")
BY = {
    "all": Label("合计", "all"),
    "group": Label("群体", "group"),
    "cause": Label("主要原因", "main cause"),
    "township": Label("乡镇", "township"),
    "type": Label("2020年户类型", "type of 2020"),
    "fifth": Label("2020年收入五等份", "income fifth of 2020"),
    "county": Label("县", "county"),
}


def people(subject: Subject) -> Section:
    """Return the section."""
    parts = [_causes(subject), _registered(subject), chained(subject), _apart(subject), _classes(subject)]
    return Section(subject.say("谁、为什么", "Who and why"), (), all_of(parts))


# causes ----------------------------------------------------------------------------------------------------------


def _causes(subject: Subject) -> Section:
    """Return persons by main cause under every shown policy, the difference from the base, and its charts."""
    blocks: list[Block] = [_levels(subject), _by_year(subject)]
    for policy in [one for one in subject.shown if one != subject.stored.study.base]:
        same = not any(differs(row) for row in difference_rows(subject.results) if row.policy == policy)
        blocks += [_same(subject, policy)] if same else [_difference(subject, policy), _picture(subject, policy)]
    return Section(subject.say("主要原因", "Main causes"), tuple(blocks))


def _levels(subject: Subject) -> Table:
    """Return persons who fall by main cause over the horizon: ex-poor and marginal, a column a policy and group."""
    results = subject.results
    columns, rows = [], []
    groups = ((EX_POOR, Label("返贫", "ex-poor")), (MARGINAL, Label("致贫", "marginal")))
    for policy in subject.shown:
        columns += [f"{subject.name(policy)}·{subject.said(label)}" for _, label in groups]
    for cause in (*CAUSES, TOTAL):
        indicator = "relapse_net_persons" if cause == TOTAL else f"relapse_{cause}"
        cells: list[Cell] = []
        for policy in subject.shown:
            for group, _ in groups:
                place = results.place_of(policy)
                values = sum(results.total(indicator, group, year)[place] for year in results.years)
                cells.append(subject.value(f"cause/{cause}/{policy}/{group[0]}", estimate(values), 1, PERSONS))
        if any(isinstance(cell, Value) and cell.mean for cell in cells) or cause == TOTAL:
            rows.append(Row((subject.said(cause_label(cause)),), tuple(cells)))
    drawn = tuple(range(min(len(rows) - 1, 12)))
    return Table(
        "causes",
        subject.say(
            f"新返贫致贫的主要原因，{subject.span}年合计（扣除刚性支出）", f"Main causes of falls over {subject.span}, net"
        ),
        (subject.say("主要原因", "main cause"),),
        subject.say("政策与人群", "policy and group"),
        tuple(columns),
        tuple(rows),
        subject.say(
            "主因是自上次检验以来把收入推向贫困线最多的一项；返贫为脱贫人口，致贫为边缘人口。",
            "The main cause is what pushed income towards the line most since the last test.",
        ),
        chart=Chart(
            "column", drawn, subject.say("新返贫致贫的主要原因", "Main causes of falls"), subject.said(PERSONS), len(columns)
        )
        if drawn
        else None,
        long=False,
    )


def _same(subject: Subject, policy: str) -> Block:
    """Return that as many ex-poor persons fall by each cause as under the base."""
    name, base = subject.name(policy), subject.name(subject.stored.study.base)
    return plain(
        subject.say(
            f"“{name}”与“{base}”相比，脱贫人口返贫在各原因上都没有差别。",
            f"'{name}' and '{base}' do not differ in any cause by which ex-poor persons fall.",
        )
    )


def _by_year(subject: Subject) -> Figure:
    """Return the chart of causes by year, stacked to the total."""
    from experiments.charts.causeyears import draw_cause_years

    caption = subject.say(
        "脱贫人口各年因何返贫：各原因叠加为合计，各政策并列",
        "Why ex-poor persons fall back: causes stacked to the total of each year",
    )
    return Figure("cause_years", caption, lambda: draw_cause_years(subject.results, subject.place, subject.lang, subject.shown))


def _difference(subject: Subject, policy: str) -> Table:
    """Return the paired difference from the base by cause; the causes add up exactly."""
    rows = []
    for group, called in (("ex_poor", Label("脱贫人口返贫", "ex-poor")), ("marginal", Label("边缘人口致贫", "marginal"))):
        found = [row for row in difference_rows(subject.results, group) if row.policy == policy]
        for cause in dict.fromkeys(row.cause for row in found):
            mine = [row for row in found if row.cause == cause]
            if cause != TOTAL and not any(map(differs, mine)):
                continue
            cells = tuple(
                subject.value(f"difference/{policy}/{group}/{cause}/{row.year or 'all'}", row.estimate, 1, PERSONS)
                for row in mine
            )
            rows.append(Row((subject.said(called), subject.said(cause_label(cause))), cells))
    base = subject.name(subject.stored.study.base)
    years = (*map(str, subject.results.years), subject.say("合计", "all years"))
    return Table(
        subject.numbered("difference", policy),
        subject.say(f"“{subject.name(policy)}”减“{base}”，按主要原因", f"'{subject.name(policy)}' minus '{base}', by main cause"),
        (subject.say("人群", "group"), subject.say("主要原因", "main cause")),
        subject.say("年份", "year"),
        years,
        tuple(rows),
        subject.say(
            "各原因之和恰等于合计；没有差别的原因从略。",
            "Causes add up exactly to the total; those without difference are left out.",
        ),
    )


def _picture(subject: Subject, policy: str) -> Figure:
    """Return the chart of the difference by cause."""
    from experiments.charts.causes import draw_causes

    base = subject.name(subject.stored.study.base)
    return Figure(
        subject.numbered("causes", policy),
        subject.say(f"“{subject.name(policy)}”减“{base}”：返贫人次之差的直接原因",
                    f"'{subject.name(policy)}' minus '{base}': proximate causes of the difference in relapses"),
        lambda: draw_causes(subject.results, policy, subject.place, subject.lang),
    )  # fmt: skip


# chains ----------------------------------------------------------------------------------------------------------


def _registered(subject: Subject) -> Section | None:
    """Return main and second causes by the registry's list under the page's policy."""
    from experiments.chains import TOTAL as EVERYTHING
    from experiments.chains import crossed

    falls = subject.falls
    if falls is None:
        return None
    found = [row for row in crossed(falls, "net", EX_POOR) if row.policy == subject.policy]
    total = found[0].persons.mean if found else 0.0
    rows = []
    for row in found:
        if row.persons.runs and (row.second == EVERYTHING or row.persons.mean >= 0.02 * total):
            key = f"registry_cause/{row.policy}/{row.main}/{row.second}"
            persons = subject.value(key, row.persons, 1, PERSONS)
            share = Value(f"{key}/share", 100 * row.persons.mean / total if total else float("nan"), digits=1, unit="%")
            second = subject.say("（全部）", "(any)") if row.second == EVERYTHING else _listed(subject, falls, row.second)
            rows.append(Row((_listed(subject, falls, row.main), second), (persons, share)))
    if not rows:
        return None
    table = Table(
        "registry_causes",
        subject.say(f"按监测系统原因清单的主因与次因，“{subject.name(subject.policy)}”，脱贫人口",
                    f"Main and second causes by the registry's list, '{subject.name(subject.policy)}', ex-poor"),
        (subject.say("主因", "main cause"), subject.say("次因", "second cause")),
        subject.say("指标", "figure"),
        (subject.say("人次", "persons"), subject.say("占比", "share")),
        tuple(rows),
        subject.say("模型的原因与清单名称的对应为假设；清单没有的原因带*号。占比不足2%的次因从略。",
                    "Which cause of the model has which name of the list is an assumption; * marks those that the list "
                    "lacks. Second "
                    "causes below 2% are left out."), long=False)  # fmt: skip
    return Section(subject.say("主因与次因", "Main and second causes"), (table,))


def _listed(subject: Subject, falls: Falls, cause: str) -> str:
    """Return what an entry of the registry's list is called."""
    if cause in ("total", "none"):
        return subject.say("合计", "total") if cause == "total" else subject.say("无", "none")
    found = falls.listed.named(cause)
    return found.names[subject.lang] + ("" if found.listed else " *")


# who -------------------------------------------------------------------------------------------------------------


def _apart(subject: Subject) -> Section | None:
    """Return who falls under one policy alone, by class."""
    from experiments.compare.who import class_label

    blocks: list[Block] = []
    for policy in [one for one in subject.detailed if one != subject.stored.study.base]:
        rows = []
        for row in subject.who:
            if row.policy == policy:
                key = f"who/{policy}/{row.by}/{row.value}"
                cells = (
                    subject.value(f"{key}/ours", row.ours, 1, HOUSEHOLDS).bare(),
                    subject.value(f"{key}/theirs", row.theirs, 1, HOUSEHOLDS).bare(),
                    subject.value(f"{key}/net", row.net, 1, HOUSEHOLDS),
                )
                rows.append(Row((subject.said(BY[row.by]), subject.said(class_label(row.by, row.value))), cells))
        base = subject.name(subject.stored.study.base)
        if rows:
            heads: tuple[str, ...] = (subject.say("仅本政策下", "policy alone"), subject.say(f"仅“{base}”下", f"'{base}' alone"))
            blocks.append(
                Table(
                    subject.numbered("who", policy),
                    subject.say(f"只在一种政策下返贫致贫的户：“{subject.name(policy)}”对“{base}”",
                                f"Households that fall under one policy alone: '{subject.name(policy)}' against '{base}'"),
                    (subject.say("分类", "by"), subject.say("类别", "class")),
                    subject.say("指标", "figure"),
                    (*heads, subject.say("净差", "net")),
                    tuple(rows),
                    subject.say(
                        "同一户按编号配对，2021年起首次跌破（扣除刚性支出）。",
                        "The same household in both, first fall since 2021, net.",
                    ),
                    sheet_only=policy not in subject.shown, long=False)
            )  # fmt: skip
    return Section(subject.say("谁多、谁少", "Who more, who fewer"), tuple(blocks)) if blocks else None


def _classes(subject: Subject) -> Section | None:
    """Return shares that ever fall and income by class under the page's policy and what others differ by."""
    from experiments.compare.shares import FELL, INCOME
    from experiments.compare.who import class_label

    blocks: list[Block] = []
    counties = {case.name: case.names[subject.lang] for case in subject.stored.plan().cases}
    for policy in subject.detailed:
        found = {(row.measure, row.by, row.value): row for row in subject.shares if row.policy == policy}
        rows = []
        for (measure, by, value), row in found.items():
            if measure != FELL:
                continue
            income, key = found.get((INCOME, by, value)), f"class/{policy}/{by}/{value}"
            name = counties.get(value, value) if by == "county" else subject.said(class_label(by, value))
            if by == "township" and len(counties) > 1:
                name = f"{counties.get(value.rpartition('/')[0], '')} {name}".strip()
            cells: list[Cell] = [Value(f"{key}/persons", row.persons, unit=subject.say("人", "persons"))]
            cells.append(subject.value(f"{key}/fell", row.level, 1, PERCENT))
            cells.append(
                NOTHING
                if policy == subject.stored.study.base
                else subject.value(f"{key}/fell_difference", row.difference, 1, PERCENT)
            )
            cells.append(NOTHING if income is None else subject.value(f"{key}/income", income.level, 0, YUAN))
            rows.append(Row((subject.said(BY[by]), name), tuple(cells)))
        if rows:
            heads: tuple[str, ...] = (subject.say("人数", "persons"), subject.say("曾返贫致贫", "ever fell"))
            heads += (subject.say("与基准之差", "difference"), subject.say("末年人均纯收入", "net income per head, last year"))
            blocks.append(
                Table(
                    subject.numbered("classes", policy),
                    subject.say(f"按2020年类别：“{subject.name(policy)}”", f"By class of 2020: '{subject.name(policy)}'"),
                    (subject.say("分类", "by"), subject.say("类别", "class")),
                    subject.say("指标", "figure"),
                    heads,
                    tuple(rows),
                    sheet_only=policy != subject.policy,
                    long=False,
                )
            )
    if not blocks:
        return Section(subject.say("对哪些人", "For whom"), (plain(subject.say("未存。", "Not stored.")),))
    return Section(subject.say("对哪些人", "For whom"), tuple(blocks))
