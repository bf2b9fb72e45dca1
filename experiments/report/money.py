"""Cost: what each account and lever paid, what that buys, and the frontier."""

from __future__ import annotations

import math

from experiments.differences import equal_policies
from experiments.labels import LEVEL_LABELS, Label, account_label
from experiments.report.document import Block, Cell, Chart, Figure, Row, Section, Table, Value, plain
from experiments.report.marginal import MILLION, PERSONS, marginal, set_in_words
from experiments.report.said import NOTHING
from experiments.report.subject import Subject
from experiments.tables import cost_rows

YUAN = Label("元", "yuan")
LEVERS = 25
"""Levers that documents show; the sheet has all."""


def money(subject: Subject) -> Section:
    """Return the section."""
    parts = [Section(subject.say("按账户与级次", "By account and level"), (_accounts(subject),)), _levers(subject)]
    if set(subject.others) - set(equal_policies(subject.results)):
        parts.append(_bought(subject))
    head = plain(
        subject.say(
            f"金额为{subject.results.scope.zh}的付款，不折现；养老金、医保待遇和低保也在内，因此致贫多的政策会由此多付一部分。",
            f"Payments, {subject.results.scope.en}, not discounted; pensions, insurance benefits and dibao are among them, so "
            "that a "
            "policy that makes more families poor pays part of its saving back.",
        )
    )
    return Section(subject.say("费用", "Cost"), (head,), tuple(parts))


def _accounts(subject: Subject) -> Table:
    """Return what each account paid under every shown policy, and the difference from the base."""
    rows, base = [], subject.stored.study.base
    found = {(row.policy, row.account, row.level): row for row in subject.costs}
    keys = list(dict.fromkeys((row.account, row.level) for row in subject.costs))
    keys.sort(key=lambda key: -max(found[subject.policy, *key].paid.mean, 0.0))
    columns = [subject.name(policy) for policy in subject.shown]
    columns += [f"{subject.name(policy)} − {subject.name(base)}" for policy in subject.shown if policy != base]
    for account, level in keys:
        cells: list[Cell] = []
        for policy in subject.shown:
            cells.append(subject.value(f"paid/{policy}/{account}/{level}", found[policy, account, level].paid, 2, MILLION))
        for policy in subject.shown:
            if policy != base:
                key = f"paid_difference/{policy}/{account}/{level}"
                cells.append(subject.value(key, found[policy, account, level].difference, 2, MILLION))
        rows.append(
            Row((subject.said(account_label(account)), subject.said(LEVEL_LABELS.get(level, Label(level, level)))), tuple(cells))
        )
    return Table(
        "accounts",
        subject.say(f"各账户支出，{subject.span}年合计", f"Paid by account over {subject.span}"),
        (subject.say("账户", "account"), subject.say("级次", "level")),
        subject.say("政策", "policy"),
        tuple(columns),
        tuple(rows),
        chart=Chart("bar", tuple(range(min(len(rows), 12))), subject.say("各账户支出", "Paid by account"), subject.said(MILLION),
                    len(subject.shown)) if rows else None, long=False)  # fmt: skip


def _levers(subject: Subject) -> Section:
    """Return what each lever cost by year, policy by policy."""
    blocks: list[Block] = []
    found = cost_rows(subject.results)
    years = tuple(str(year) for year in subject.results.years)
    for policy in subject.detailed:
        gathered: dict[str, list[Cell]] = {}
        sums: dict[str, float] = {}
        for row in found:
            if row.policy == policy:
                key = f"{row.measure}/{policy}/{row.year}"
                gathered.setdefault(row.measure, []).append(subject.value(key, row.estimate, 3, MILLION))
                sums[row.measure] = sums.get(row.measure, 0.0) + row.estimate.mean
        ordered = sorted(gathered, key=lambda measure: (-sums[measure], measure))
        rows = tuple(Row((subject.name(measure.partition(":")[2]),), tuple(gathered[measure])) for measure in ordered)
        blocks.append(
            Table(
                subject.numbered("levers", policy),
                subject.say(f"各政策工具支出：“{subject.name(policy)}”", f"Cost by lever: '{subject.name(policy)}'"),
                (subject.say("政策工具", "lever"),),
                subject.say("年份", "year"),
                years,
                rows,
                most=LEVERS,
                sheet_only=policy != subject.policy,
            )
        )
    return Section(subject.say("按政策工具", "By lever"), tuple(blocks))


def _bought(subject: Subject) -> Section:
    """Return what money buys: cost for each fall averted, the frontier, the plane."""
    from experiments.charts.plane import draw_plane

    picture = Figure(
        "plane",
        subject.say("费用与效果", "Cost and effect"),
        lambda: draw_plane(subject.results, subject.ranks, subject.trades, subject.lang),
    )
    return Section(
        subject.say("花钱买到什么", "What money buys"), (_each(subject), picture, _frontier(subject), *marginal(subject))
    )


def _each(subject: Subject) -> Table:
    """Return falls averted, cost, and cost for each."""
    from experiments.compare.money import QUADRANTS

    rows, same = [], equal_policies(subject.results)
    for trade in subject.trades:
        key = f"trade/{trade.policy}"
        cells: tuple[Cell, ...] = (
            subject.value(f"{key}/averted", trade.averted, 1, PERSONS),
            subject.value(f"{key}/dearer", trade.dearer, 2, MILLION),
            subject.say("没有差别", "no difference") if trade.policy in same else subject.said(QUADRANTS[trade.quadrant]),
            Value(f"{key}/each", trade.each.ratio, unit=subject.said(YUAN)),
            set_in_words(subject, trade.each, 0),
        )
        rows.append(Row((subject.name(trade.policy),), cells))
    heads: tuple[str, ...] = (
        subject.say("减少返贫致贫", "falls averted"),
        subject.say("多花", "dearer by"),
        subject.say("位置", "where"),
    )
    heads += (
        subject.say("每减少一人次", "for each fall averted"),
        subject.say("95%置信集（Fieller，元）", "95% set (Fieller, yuan)"),
    )
    base = subject.name(subject.stored.study.base)
    return Table(
        "trades",
        subject.say(f"每减少一人次返贫致贫的费用，相对“{base}”", f"Cost for each fall averted, against '{base}'"),
        (subject.say("政策", "policy"),),
        subject.say("指标", "figure"),
        heads,
        tuple(rows),
        subject.say("多返贫、少花钱时，为每多一人次返贫所省的钱。减少人次可能为零时，置信集没有界。",
                    "Where falls are more and cost is less, it is what is saved for each fall more. Where the number averted "
                    "may be zero, "
                    "the set has no bounds."), long=False)  # fmt: skip


def _frontier(subject: Subject) -> Table:
    """Return policies by cost: on the frontier, or dominated by which."""
    rows = []
    for row in subject.ranks:
        key, names = f"frontier/{row.policy}", " + ".join(subject.name(one) for one in row.by)
        word = subject.say("混合：", "a mix of ") if row.extended else ""
        step: Cell = NOTHING if math.isnan(row.step) else Value(f"{key}/step", row.step, unit=subject.said(YUAN))
        cells: tuple[Cell, ...] = (
            Value(f"{key}/cost", row.cost, digits=2, unit=subject.said(MILLION)),
            Value(f"{key}/falls", row.falls, digits=1, unit=subject.said(PERSONS)),
            step,
            word + names if names else subject.say("前沿", "frontier"),
        )
        rows.append(Row((subject.name(row.policy),), cells))
    heads: tuple[str, ...] = (subject.say("支出", "cost"), subject.say("返贫致贫", "falls"))
    heads += (subject.say("前沿上每再少一人次", "each further fall averted"), subject.say("被谁支配", "dominated by"))
    return Table(
        "frontier",
        subject.say("费用与返贫前沿", "Frontier of cost and falls"),
        (subject.say("政策", "policy"),),
        subject.say("指标", "figure"),
        heads,
        tuple(rows),
        long=False,
    )
