"""What befalls a household from one month to the next: disasters, house and water, hospital bills, the lines, debts."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.accounts import FEN
from experiments.labels import CAUSE_LABELS, Label
from experiments.life import Life
from sim.indicators import CAUSES
from sim.trace import Traced

TIER_LABELS = (
    ("paid_basic", Label("基本医保", "basic")),
    ("paid_critical", Label("大病保险", "critical illness")),
    ("paid_assistance", Label("医疗救助", "assistance")),
    ("paid_supplementary", Label("补充保障", "supplementary")),
)
"""Counts of the tiers that pay a hospital bill, in their order."""


def shocks(old: Traced, new: Traced) -> Iterator[Label]:
    """Yield disasters, and houses and water that become unsafe or are made safe."""
    was, now = old.household, new.household
    if now["struck_month"] == new.month and was["struck_month"] != new.month:
        yield Label("遭灾", "struck by a disaster")
    if was["house_safe"] and not now["house_safe"]:
        yield Label("住房不再安全", "the house is no longer safe")
    if new.counts["rebuilding"]:
        cost, aid = new.counts["rebuilding"] / FEN, (new.counts["rebuilding_aid"] + new.counts["rebuilding_grants"]) / FEN
        yield Label(f"修建住房{cost:,.0f}元，补助{aid:,.0f}元", f"the house is repaired for {cost:,.0f}, grants {aid:,.0f}")
    elif not was["house_safe"] and now["house_safe"]:
        yield Label("住房恢复安全", "the house is safe again")
    if was["water_safe"] != now["water_safe"]:
        yield Label("饮水恢复", "water is safe again") if now["water_safe"] else Label("饮水中断", "the water supply fails")


def bills(new: Traced) -> Iterator[Label]:
    """Yield a hospital bill by the tiers that pay it, in their order; outpatient care and drugs are no part of it."""
    counts = new.counts
    if not counts["bills"]:
        return
    tiers = [(label, counts[count] / FEN) for count, label in TIER_LABELS if counts[count]]
    bill = counts["bills"] / FEN
    own = bill - counts["reimbursed"] / FEN
    zh = "、".join(f"{label.zh}{yuan:,.0f}" for label, yuan in tiers)
    en = ", ".join(f"{label.en} {yuan:,.0f}" for label, yuan in tiers)
    yield Label(
        f"住院{bill:,.0f}元：{zh or '无报销'}，自付{own:,.0f}元", f"hospital bill {bill:,.0f}: {en or 'no cover'}, own {own:,.0f}"
    )


def lines(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
    """Yield crossings of the two lines, gross and net; falling below because the line rose is said."""
    lines = (("monitoring_line", Label("监测线", "monitoring line")), ("poverty_line", Label("贫困线", "poverty line")))
    for name, label in lines:
        path = life.scenario.rules.values[name]
        for key, kind in (("gross_12m", Label("毛收入", "gross")), ("net_12m", Label("净收入", "net"))):
            was, now = _below(life, old, name, key), _below(life, new, name, key)
            if was != now:
                bar, before = path.at(new.month) / FEN, path.at(old.month) / FEN
                head = new.household[key] / max(1, new.household["members"]) / FEN
                rose = bool(now and head >= before)
                sign, line = "<" if now else ">=", Label("（线上调所致）", " (the line rose)") if rose else Label("", "")
                yield Label(
                    f"{kind.zh}人均{head:,.0f}元{'低于' if now else '回到'}{label.zh}{bar:,.0f}元{line.zh}",
                    f"{kind.en} per head {head:,.0f} {sign} {label.en} {bar:,.0f}{line.en}",
                )


def _below(life: Life, month: Traced, line: str, key: str) -> bool:
    """Say whether a household's 12-month income lies below a line."""
    return bool(month.household[key] < life.scenario.rules.values[line].at(month.month) * month.household["members"])


def yearly_tests(old: Traced, new: Traced) -> Iterator[Label]:
    """Yield the results of the yearly test; a fall with its main cause, the first with that of the household's own record."""
    was, now = old.household, new.household
    for name, kind in (("gross", Label("毛收入", "gross")), ("net", Label("净收入", "net"))):
        if not was[f"below_{name}"] and now[f"below_{name}"]:
            first = now[f"first_relapse_{name}"] == new.month
            cause = CAUSE_LABELS[CAUSES[now[f"cause_{name}"]]] if first else None
            zh, en = (f"（主因：{cause.zh}）", f" (main cause: {cause.en})") if cause else ("", "")
            yield Label(f"年度检验：{kind.zh}低于贫困线{zh}", f"yearly test: below the poverty line, {kind.en}{en}")
        if was[f"below_{name}"] and not now[f"below_{name}"]:
            yield Label(f"年度检验：{kind.zh}回到贫困线以上", f"yearly test: above the poverty line again, {kind.en}")
    if not was["returned_poor"] and now["returned_poor"]:
        yield Label("登记核实为返贫户", "confirmed by the registry as fallen back into poverty")


def money(old: Traced, new: Traced) -> Iterator[Label]:
    """Yield loans, and what a family does when money is short; borrowing from kin when it begins."""
    counts, was, now = new.counts, old.household, new.household
    if counts["lent"]:
        yield Label(f"获得贷款{counts['lent'] / FEN:,.0f}元", f"is lent {counts['lent'] / FEN:,.0f}")
    if was["loan_renewals"] < now["loan_renewals"]:
        yield Label("贷款到期续贷", "the loan is due and renewed")
    elif was["loan_balance"] and not now["loan_balance"]:
        owed = f"{was['loan_balance'] / FEN:,.0f}"
        end = (
            Label("未能还清", "not all is repaid")
            if counts["defaults"]
            else Label("还清或转由亲友垫付", "repaid or taken over by kin")
        )
        yield Label(f"贷款{owed}元到期：{end.zh}", f"the loan of {owed} is due: {end.en}")
    if not was["kin_debt"] and counts["kin_borrowed"]:
        yield Label(
            f"开始向亲友借钱：{counts['kin_borrowed'] / FEN:,.0f}元",
            f"begins to borrow from kin: {counts['kin_borrowed'] / FEN:,.0f}",
        )
    if counts["distress_sales"]:
        yield Label(
            f"低价卖牲畜{counts['distress_sales'] / FEN:,.0f}元",
            f"sells animals in distress for {counts['distress_sales'] / FEN:,.0f}",
        )
    if not was["arrears"] and now["arrears"]:
        yield Label(f"出现拖欠：{now['arrears'] / FEN:,.0f}元", f"falls into arrears: {now['arrears'] / FEN:,.0f}")
