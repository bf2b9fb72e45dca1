"""The researcher's tables of `fangpin compare`: differences, who, money, for whom, and what pairing is worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.labels import LEVEL_LABELS, Label
from fangpin.screen import Screen
from fangpin.tabling import number, with_error

if TYPE_CHECKING:
    from experiments.compare.fieller import Fieller
    from experiments.compare.outcomes import Paired
    from fangpin.compared import Compared

ACCOUNTS = 12
"""Accounts shown, those that differ most; the file has all."""
TOWNS = 6


def print_research(screen: Screen, compared: Compared) -> None:
    """Print everything behind the first page."""
    base = compared.results.name(compared.stored.study.base)
    if not compared.trades:
        screen.line(Label("只有一个政策，无可比较", "one policy alone: nothing to compare"))
        return
    _print_left_out(screen, compared)
    shown = [trade for trade in compared.trades if trade.policy in compared.detailed]
    for trade in shown:
        name = compared.results.name(trade.policy)
        screen.heading(Label(f"“{name.zh}”减“{base.zh}”", f"'{name.en}' minus '{base.en}'"))
        _print_outcomes(screen, [row for row in compared.pairs if row.policy == trade.policy and row.year == 0])
        _print_who(screen, compared, trade.policy)
        _print_shares(screen, compared, trade.policy)
        _print_costs(screen, compared, trade.policy)
    if len(shown) < len(compared.trades):
        more = len(compared.trades) - len(shown)
        screen.line(Label(f"另有{more}个方案只列于表中", f"{more} more cells stand in the tables alone"))
    _print_multiplicity(screen, compared)
    _print_trades(screen, compared)
    _print_ranks(screen, compared)
    _print_benefits(screen, compared)


def _print_left_out(screen: Screen, compared: Compared) -> None:
    """Say which repetitions are not whole."""
    count = compared.stored.left_out
    if count:
        screen.line(Label(f"{count}次重复不完整，未计入", f"{count} repetitions are not whole and left out"))


def _print_outcomes(screen: Screen, rows: list[Paired]) -> None:
    """Print the outcomes over the horizon with verdict and worth of pairing."""
    from experiments.compare.outcomes import VERDICTS

    heads = [Label("指标（各年平均或合计）", "outcome (mean of years, or sum)"), Label("单位", "unit")]
    heads += [Label("基准", "base"), Label("差±", "difference ±"), Label("结论", "verdict")]
    heads += [Label("校正p", "p (Holm)"), Label("不配对需", "unpaired runs")]
    cells = []
    for row in rows:
        one, digits = row.outcome, row.outcome.digits
        words = [one.label.said(screen.lang), one.unit.said(screen.lang)]
        numbers = [number(row.theirs.mean, digits), with_error(row.difference, digits), VERDICTS[row.verdict].said(screen.lang)]
        cells.append([*words, *numbers, number(row.p_holm, 3), _times(row.pairing)])
    screen.table(heads, cells, left=2)


def _times(pairing: float) -> str:
    """Return how many unpaired runs one paired run is worth."""
    return "–" if math.isnan(pairing) else "∞" if math.isinf(pairing) else f"×{pairing:.1f}"


def _print_multiplicity(screen: Screen, compared: Compared) -> None:
    """Say how many comparisons were made, how many would differ by luck alone, and what pairing was worth."""
    from experiments.compare.outcomes import HORIZON, SAME, UNSURE

    rows = [row for row in compared.pairs if row.year == HORIZON and not math.isnan(row.p) and row.verdict != SAME]
    found = sum(row.verdict != UNSURE for row in rows)
    firm = sum(row.p_holm < 0.05 for row in rows)
    screen.line(
        Label(
            f"多重比较：共{len(rows)}项，{found}项区间不含零；若全无差别，仅凭运气也会有约{0.05 * len(rows):.0f}项。"
            f"按Holm校正后有{firm}项。",
            f"multiplicity: {len(rows)} comparisons, {found} with an interval without zero; if nothing differed, luck alone "
            f"would give about {0.05 * len(rows):.0f}. After Holm's adjustment {firm} stand.",
        )
    )
    screen.line(
        Label(
            "“不配对需”：达到同样标准误，不配对比较所需运行数为配对的多少倍（重复次数少时只是粗估）。",
            "unpaired runs: how many times as many runs an unpaired comparison needs for the same standard error (a rough figure "
            "where repetitions are few). Intervals hold the luck of the draws alone, unless the folder has parameter draws.",
        )
    )


def _print_who(screen: Screen, compared: Compared, policy: str) -> None:
    """Print who falls under one of the two alone."""
    from experiments.compare.who import BY, DEFINITIONS, class_label

    rows = [row for row in compared.who if row.policy == policy]
    said = DEFINITIONS[compared.definition]
    screen.line(
        Label(
            f"谁返贫致贫（{said.zh}，2021年起首次，户）：仅在本政策下、仅在基准下、净差",
            f"who falls ({said.en}, first time since 2021, households): under this policy alone, under the base alone, net",
        )
    )
    if not rows:
        screen.line(Label("未存", "not stored"))
        return
    cells = []
    for by in BY:
        mine = [row for row in rows if row.by == by]
        mine = sorted(mine, key=lambda row: -abs(row.net.mean))[:TOWNS] if by == "township" else mine
        for row in mine:
            name = class_label(by, row.value).said(screen.lang)
            cells.append(
                [_BY[by].said(screen.lang), name, number(row.ours.mean, 1), number(row.theirs.mean, 1), with_error(row.net, 1)]
            )
    heads = [Label("分类", "by"), Label("类别", "class"), Label("仅本政策", "policy alone"), Label("仅基准", "base alone")]
    screen.table([*heads, Label("净差±", "net ±")], cells, left=2)


_BY = {
    "all": Label("合计", "all"),
    "group": Label("群体", "group"),
    "cause": Label("主要原因", "main cause"),
    "township": Label("乡镇（差别最大者）", "township (largest)"),
    "type": Label("2020年户类型", "type of 2020"),
    "fifth": Label("2020年收入五等份", "income fifth of 2020"),
    "county": Label("县", "county"),
}


def _print_shares(screen: Screen, compared: Compared, policy: str) -> None:
    """Print falls and income by class, townships left to the file."""
    from experiments.compare.shares import FELL, GAIN, INCOME
    from experiments.compare.who import class_label

    found = {(row.measure, row.by, row.value): row for row in compared.shares if row.policy == policy}
    screen.line(
        Label(
            "分布：脱贫与边缘人口中所在户曾返贫致贫的比例（%，扣除刚性支出），末年人均纯收入（元），全期纯收入得失（百万元）；"
            "五等份按模拟户2020年人均毛收入",
            "for whom: share of ex-poor and marginal persons whose household ever falls (%, net), net income per head in the "
            "last December (yuan), gain or loss of net income over all years (million yuan); "
            "fifths of the simulated households by gross income per head of 2020",
        )
    )
    cells = []
    for (measure, by, value), row in found.items():
        if measure == FELL and by != "township":
            income, gain = (found.get((one, by, value)) for one in (INCOME, GAIN))
            name = value.rpartition("/")[2] if by == "county" else class_label(by, value).said(screen.lang)
            numbers = [number(row.persons, 0), number(row.level.mean, 1), with_error(row.difference, 1)]
            cells.append([_BY[by].said(screen.lang), name, *numbers, with_error(income.difference, 0) if income else "–"])
            cells[-1].append(with_error(gain.difference, 2) if gain else "–")
    heads = [Label("分类", "by"), Label("类别", "class"), Label("人数", "persons"), Label("比例", "share")]
    heads += [Label("差±", "difference ±"), Label("收入之差±", "income, difference ±"), Label("全期得失±", "gain, all years ±")]
    screen.table(heads, cells, left=2)


def _print_costs(screen: Screen, compared: Compared, policy: str) -> None:
    """Print cost by account and level, those that differ most."""
    rows = [row for row in compared.costs if row.policy == policy]
    rows = sorted(rows, key=lambda row: -abs(row.difference.mean))[:ACCOUNTS]
    cells = [
        [
            row.account,
            LEVEL_LABELS.get(row.level, Label(row.level, row.level)).said(screen.lang),
            with_error(row.paid, 2),
            with_error(row.difference, 2),
        ]
        for row in rows
    ]
    screen.line(
        Label("支出（百万元，全期；差别最大的账户）", "cost (million yuan, whole horizon; the accounts that differ most)")
    )
    heads = [Label("账户", "account"), Label("级次", "level"), Label("支出±", "paid ±"), Label("差±", "difference ±")]
    screen.table(heads, cells, left=2)


def _print_trades(screen: Screen, compared: Compared) -> None:
    """Print what each policy averts and costs, and what one fall averted costs."""
    from experiments.compare.money import QUADRANTS

    screen.heading(Label("每减少一人次返贫致贫的费用", "cost for each fall averted"))
    heads = [Label("政策", "policy"), Label("减少人次±", "falls averted ±"), Label("多花±（百万元）", "dearer ± (million yuan)")]
    heads += [
        Label("位置（重复占比）", "where (share)"),
        Label("元/人次", "yuan a fall"),
        Label("95%置信集（Fieller）", "95% set (Fieller)"),
    ]
    cells = []
    for trade in compared.trades:
        where = f"{QUADRANTS[trade.quadrant].said(screen.lang)} ({100 * trade.share:.0f}%)"
        figures = [with_error(trade.averted, 1), with_error(trade.dearer, 2), where, number(trade.each.ratio, 0)]
        cells.append([compared.results.name(trade.policy).said(screen.lang), *figures, set_words(screen, trade.each)])
    screen.table(heads, cells)
    unsure = [compared.results.name(trade.policy).said(screen.lang) for trade in compared.trades if not trade.certain]
    if unsure:
        names = "、".join(unsure) if screen.lang == "zh" else ", ".join(unsure)
        screen.line(Label(f"正负号不确定：{names}", f"signs not certain at 95%: {names}"))
    screen.line(
        Label(
            "多返贫、少花钱时，元/人次为每多一人次返贫所省的钱；支出为所列账户实付，不折现。",
            "where falls are more and cost is less, yuan a fall is what is saved for each fall more; costs are payments of the "
            "accounts, not discounted.",
        )
    )


def set_words(screen: Screen, each: Fieller, digits: int = 0) -> str:
    """Return a confidence set in words."""
    from experiments.compare.fieller import BOUNDED, UNBOUNDED

    ends = f"{number(each.low, digits)} – {number(each.high, digits)}"
    if each.shape == BOUNDED:
        return ends
    if each.shape == UNBOUNDED:
        return Label(f"在 {ends} 之外", f"outside {ends}").said(screen.lang)
    return Label("不能排除任何值", "nothing is ruled out").said(screen.lang)


def _print_ranks(screen: Screen, compared: Compared) -> None:
    """Print the frontier and who is dominated by whom."""
    screen.heading(Label("费用与返贫前沿", "frontier of cost and falls"))
    heads = [Label("政策", "policy"), Label("支出（百万元）", "million yuan"), Label("返贫致贫人次", "falls")]
    heads += [
        Label("前沿每少一人次（元）", "yuan for each further fall averted"),
        Label("被支配", "dominated"),
        Label("占比", "share"),
    ]
    cells = []
    for row in compared.ranks:
        names = [compared.results.name(one).said(screen.lang) for one in row.by]
        word = Label("被混合支配：", "by a mix of: ") if row.extended else Label("被支配：", "by: ")
        by = word.said(screen.lang) + " + ".join(names) if names else ""
        numbers = [number(row.cost, 2), number(row.falls, 1), number(row.step, 0), by, f"{100 * row.share:.0f}%"]
        cells.append([compared.results.name(row.policy).said(screen.lang), *numbers])
    screen.table(heads, cells)
    screen.line(
        Label(
            "占比：该政策在多少重复中被某一政策支配（不更贵且返贫不更多）。",
            "share: repetitions in which some other policy costs no more and has no more falls.",
        )
    )


def _print_benefits(screen: Screen, compared: Compared) -> None:
    """Print net benefit at each value of a fall averted, and how often each policy is best."""
    screen.heading(
        Label(
            "净效益（百万元，相对基准；减少一人次返贫值多少元由读者定）及最优的重复占比",
            "net benefit (million yuan, against the base; what a fall averted is worth is the reader's choice), and share of "
            "repetitions in which best",
        )
    )
    values = list(dict.fromkeys(row.value for row in compared.benefits))
    cells = []
    for policy in compared.stored.study.policies:
        mine = [row for row in compared.benefits if row.policy == policy]
        cells.append(
            [
                compared.results.name(policy).said(screen.lang),
                *(f"{with_error(row.benefit, 1)} ({100 * row.best:.0f}%)" for row in mine),
            ]
        )
    heads = [f"{value:,.0f}" for value in values]
    screen.table([Label("政策／元每人次", "policy / yuan a fall"), *heads], cells)
