"""A family's account: income by source, bills by tier, what was paid and what is left, statuses and decisions, month by month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from experiments.labels import Label
from experiments.life import Life
from sim.indicators import INCOMES, INDEX
from sim.trace import Traced

FEN = 100.0


class Item(NamedTuple):
    """One line of an account.

    Attributes:
        key: name of the column in files.
        label: in both languages.
        part: ``income``, ``spending``, ``others`` (paid by others), ``bills`` (of hospitals, by the tier that pays), ``standing``
            (balances and income of 12 months), ``status`` (1 in a month in which the family has it).
        counts: indicators that it adds up, in fen; empty where `worth` tells it.
    """

    key: str
    label: Label
    part: str
    counts: tuple[str, ...] = ()


_INCOME_LABELS = {
    "wage": Label("工资", "wages"),
    "post": Label("岗位", "posts"),
    "business": Label("自营", "own business"),
    "farm": Label("种养", "farm"),
    "pension": Label("养老金", "pension"),
    "workshop": Label("帮扶车间", "workshop"),
    "allowance": Label("补贴救助", "allowances"),
    "support": Label("户补贴", "support"),
    "relief": Label("救助金", "relief"),
    "remittance": Label("寄回", "remittances"),
    "transfer": Label("其他转移", "other transfers"),
    "property": Label("财产", "property"),
    "insurance": Label("保险赔付", "insurance"),
    "dibao": Label("低保", "dibao"),
}
_SPENDING = (
    Item("premiums", Label("自缴参保", "own premiums"), "spending", ("premiums",)),
    Item("own_medical", Label("自付医疗", "own medical"), "spending", ("own_medical",)),
    Item("own_schooling", Label("上学", "schooling"), "spending", ("schooling_cost",)),
    Item("rebuilding", Label("修建房", "rebuilding"), "spending", ("rebuilding",)),
    Item("interest", Label("利息", "interest"), "spending", ("interest",)),
    Item("water", Label("买水取水", "water"), "spending", ("water_cost",)),
    Item("contributions", Label("养老保险缴费", "pension contributions"), "spending", ("contributions",)),
    Item("consumption", Label("消费", "consumption"), "spending", ("consumption",)),
)
_OTHERS = (
    Item("premium_subsidy", Label("参保资助", "premium subsidy"), "others", ("premium_subsidy",)),
    Item("school_aid", Label("助学金", "school aid"), "others", ("school_aid",)),
    Item("rebuilding_grants", Label("建房补助", "rebuilding grants"), "others", ("rebuilding_aid", "rebuilding_grants")),
    Item("interest_subsidy", Label("贴息", "interest subsidy"), "others", ("interest_subsidy",)),
    Item("bills", Label("住院费用", "hospital bills"), "bills", ("bills",)),
    Item("paid_basic", Label("其中基本医保", "of these basic insurance"), "bills", ("paid_basic",)),
    Item("paid_critical", Label("其中大病保险", "of these critical illness"), "bills", ("paid_critical",)),
    Item("paid_assistance", Label("其中医疗救助", "of these assistance"), "bills", ("paid_assistance",)),
    Item("paid_supplementary", Label("其中补充保障", "of these supplementary"), "bills", ("paid_supplementary",)),
    Item("reimbursed", Label("住院报销合计", "reimbursed, all tiers"), "bills", ("reimbursed",)),
    Item("drugs_reimbursed", Label("门诊报销", "outpatient tier"), "bills", ("drugs_reimbursed",)),
)
STANDING = (
    Item("gross", Label("人均毛收入(12月)", "gross per head, 12 months"), "standing"),
    Item("net", Label("人均净收入(12月)", "net per head, 12 months"), "standing"),
    Item("assessed", Label("人均核定收入(低保口径,年)", "assessed per head for dibao, a year"), "standing"),
    Item("assets", Label("存款", "assets"), "standing"),
    Item("debt", Label("有息债务", "debt at interest"), "standing"),
    Item("loan", Label("扶持贷款余额", "supported loan"), "standing"),
    Item("kin_debt", Label("亲友借款", "owed to kin"), "standing"),
    Item("arrears", Label("拖欠", "arrears"), "standing"),
)
STATES = (
    Item("months_at_risk", Label("低于监测线(月,净)", "months below monitoring line, net"), "status"),
    Item("months_monitored", Label("监测对象(月)", "months in the registry"), "status"),
    Item("months_dibao", Label("低保(月)", "months on dibao"), "status"),
)


def items() -> tuple[Item, ...]:
    """Return the lines of an account: every source of income, what is spent, what others pay, where it leaves the family."""
    incomes = tuple(
        Item(f"{name}_income", _INCOME_LABELS.get(name, Label(name, name)), "income", (f"{name}_income",)) for name in INCOMES
    )
    known = tuple(item for item in (*_SPENDING, *_OTHERS) if all(count in INDEX for count in item.counts))
    return (*incomes, *known, *STANDING, *STATES)


def worth(month: Traced, item: Item) -> float:
    """Return one line of one month: yuan, or 1 for a status held."""
    if item.counts:
        return sum(month.counts[count] for count in item.counts) / FEN
    if item.part == "status":
        return float(STATUS_OF[item.key](month) > 0)
    household, heads = month.household, max(1, month.household["members"])
    return {
        "gross": lambda: household["gross_12m"] / heads,
        "net": lambda: household["net_12m"] / heads,
        "assessed": lambda: household["assessed_12m"] * household["assessment_factor"] / heads,
        "assets": lambda: household["assets"],
        "debt": lambda: household["debt"],
        "loan": lambda: household["loan_balance"],
        "kin_debt": lambda: household["kin_debt"],
        "arrears": lambda: household["arrears"],
    }[item.key]() / FEN


STATUS_OF: Mapping[str, Callable[[Traced], int]] = {
    "months_at_risk": lambda month: month.counts["at_risk_households"],
    "months_monitored": lambda month: month.household["monitored"],
    "months_dibao": lambda month: month.household["dibao"],
}
"""Where a month says whether the family has a status."""


def account(life: Life) -> list[dict[str, Any]]:
    """Return a row for every month: date, every line in yuan, what each lever paid, members, statuses."""
    rows = []
    for month in life.months:
        row: dict[str, Any] = {"month": said(month.month), "policy": life.policy}
        row |= {item.key: round(worth(month, item), 2) for item in items() if item.part != "status"}
        row |= {f"paid.{lever}": fen / FEN for lever, fen in sorted(month.paid.items())}
        row |= {name: month.household[name] for name in STATUSES}
        rows.append(row)
    return rows


STATUSES = (
    "members", "able", "flagged", "monitored", "monitored_type", "dibao", "dibao_stage", "below_gross", "below_net", "house_safe",
    "water_safe", "lost_guarantees", "trigger", "need_types", "helped",
)  # fmt: skip
"""Columns of the household that stand in an account beside the money."""


def said(month: int) -> str:
    """Return a month number as 2021-01."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def yearly(lives: Sequence[Life]) -> list[dict[str, Any]]:
    """Return the account by year: sums of flows, Decembers of standings, one row a policy, year and line."""
    rows = []
    for life in lives:
        years = sorted({month.month // 12 for month in life.months})
        for year in years:
            months = [month for month in life.months if month.month // 12 == year]
            for item in items():
                value = worth(months[-1], item) if item.part == "standing" else sum(worth(month, item) for month in months)
                rows.append({"policy": life.policy, "year": year, "item": item.key, "yuan": round(value, 2)})
    return rows


def paid_by_year(lives: Sequence[Life]) -> dict[tuple[str, str, int], float]:
    """Return what each lever paid to the family or for it, in yuan, by policy, lever and year."""
    found: dict[tuple[str, str, int], float] = {}
    for life in lives:
        for month in life.months:
            for lever, fen in month.paid.items():
                key = (life.policy, lever, month.month // 12)
                found[key] = found.get(key, 0.0) + fen / FEN
    return found
