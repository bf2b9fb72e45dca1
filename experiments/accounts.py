"""A family's account: income by source, bills by tier, what was paid and what is left, statuses and decisions, month by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
        part: ``income``, ``spending``, ``others`` (paid by others), ``standing`` (balances and income of 12 months).
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
    Item("consumption", Label("消费", "consumption"), "spending", ("consumption",)),
)
_OTHERS = (
    Item("premium_subsidy", Label("参保资助", "premium subsidy"), "others", ("premium_subsidy",)),
    Item("bills", Label("住院费用", "hospital bills"), "others", ("bills",)),
    Item("school_aid", Label("助学金", "school aid"), "others", ("school_aid",)),
    Item("rebuilding_grants", Label("建房补助", "rebuilding grants"), "others", ("rebuilding_aid", "rebuilding_grants")),
    Item("interest_subsidy", Label("贴息", "interest subsidy"), "others", ("interest_subsidy",)),
    Item("reimbursed", Label("报销救助", "reimbursed"), "others", ("reimbursed",)),
)
STANDING = (
    Item("gross", Label("人均毛收入(12月)", "gross per head, 12 months"), "standing"),
    Item("net", Label("人均净收入(12月)", "net per head, 12 months"), "standing"),
    Item("assessed", Label("人均核算收入", "assessed per head"), "standing"),
    Item("assets", Label("存款", "assets"), "standing"),
    Item("debt", Label("债务", "debt"), "standing"),
)


def items() -> tuple[Item, ...]:
    """Return the lines of an account: every source of income, what is spent, what others pay, where it leaves the family."""
    incomes = tuple(
        Item(f"{name}_income", _INCOME_LABELS.get(name, Label(name, name)), "income", (f"{name}_income",)) for name in INCOMES
    )
    known = tuple(item for item in (*_SPENDING, *_OTHERS) if all(count in INDEX for count in item.counts))
    return (*incomes, *known, *STANDING)


def worth(month: Traced, item: Item) -> float:
    """Return one line of one month, in yuan."""
    if item.counts:
        return sum(month.counts[count] for count in item.counts) / FEN
    household, heads = month.household, max(1, month.household["members"])
    return {
        "gross": lambda: household["gross_12m"] / heads,
        "net": lambda: household["net_12m"] / heads,
        "assessed": lambda: household["assessed_12m"] * household["assessment_factor"] / heads,
        "assets": lambda: household["assets"],
        "debt": lambda: household["debt"],
    }[item.key]() / FEN


def account(life: Life) -> list[dict[str, Any]]:
    """Return a row for every month: date, every line in yuan, what each lever paid, members, statuses."""
    rows = []
    for month in life.months:
        row: dict[str, Any] = {"month": said(month.month), "policy": life.policy}
        row |= {item.key: round(worth(month, item), 2) for item in items()}
        row |= {f"paid.{lever}": fen / FEN for lever, fen in sorted(month.paid.items())}
        row |= {name: month.household[name] for name in STATUSES}
        rows.append(row)
    return rows


STATUSES = ("members", "able", "monitored", "monitored_type", "flagged", "dibao", "dibao_stage", "below_gross", "below_net")


def said(month: int) -> str:
    """Return a month number as 2021-01."""
    return f"{month // 12}-{month % 12 + 1:02d}"


class Told(NamedTuple):
    """Something that changed or was decided: when, and what in both languages."""

    month: int
    text: Label


def decisions(life: Life, before: Traced | None = None) -> list[Told]:
    """Return what changed and what was decided, and why, in the order of the months.

    Args:
        life: the family's months.
        before: the month before the first one; without it the first month is the beginning.
    """
    told: list[Told] = []
    earlier = before
    for month in life.months:
        if earlier is not None:
            told += [Told(month.month, text) for text in _changes(life, earlier, month)]
        earlier = month
    return told


def _changes(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
    """Yield what is different from the month before."""
    yield from _people(old, new)
    yield from _lines(life, old, new)
    yield from _registry(old, new)
    yield from _dibao(life, old, new)
    yield from _insurance(new)
    yield from _bills(life, new)


def _people(old: Traced, new: Traced) -> Iterator[Label]:
    """Yield births, deaths and changes of work."""
    before = {person["id"]: person for person in old.persons}
    after = {person["id"]: person for person in new.persons}
    for number in before.keys() - after.keys():
        age = before[number]["age"]
        yield Label(f"一名{age}岁成员去世或离开", f"a member of {age} died or left")
    for _ in after.keys() - before.keys():
        yield Label("新增一名成员", "a new member")
    for number in sorted(before.keys() & after.keys()):
        was, now = before[number], after[number]
        if was["job"] != now["job"]:
            yield Label(
                f"{now['age']}岁成员：{JOB_LABELS[was['job']].zh}→{JOB_LABELS[now['job']].zh}",
                f"member of {now['age']}: {JOB_LABELS[was['job']].en} -> {JOB_LABELS[now['job']].en}",
            )


def _lines(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
    """Yield crossings of the two lines, gross and net."""
    lines = (("monitoring_line", Label("监测线", "monitoring line")), ("poverty_line", Label("贫困线", "poverty line")))
    for name, label in lines:
        for key, kind in (("gross_12m", Label("毛收入", "gross")), ("net_12m", Label("净收入", "net"))):
            was, now = _below(life, old, name, key), _below(life, new, name, key)
            if was != now:
                bar = life.scenario.rules.values[name].at(new.month) / FEN
                head = new.household[key] / max(1, new.household["members"]) / FEN
                sign = "<" if now else ">="
                yield Label(
                    f"{kind.zh}人均{head:,.0f}元{'低于' if now else '回到'}{label.zh}{bar:,.0f}元",
                    f"{kind.en} per head {head:,.0f} {sign} {label.en} {bar:,.0f}",
                )


def _below(life: Life, month: Traced, line: str, key: str) -> bool:
    """Say whether a household's 12-month income lies below a line."""
    return bool(month.household[key] < life.scenario.rules.values[line].at(month.month) * month.household["members"])


def _registry(old: Traced, new: Traced) -> Iterator[Label]:
    """Yield flags, entries, clearings, and results of the yearly test."""
    was, now = old.household, new.household
    if not was["flagged"] and now["flagged"]:
        yield Label("被发现为疑似风险户", "flagged as a household at risk")
    if not was["monitored"] and now["monitored"]:
        kind = KIND_LABELS[now["monitored_type"]]
        yield Label(f"纳入监测：{kind.zh}", f"taken into the registry: {kind.en}")
    if was["monitored"] and not now["monitored"]:
        yield Label("风险消除", "cleared from the registry")
    for name, kind in (("below_gross", Label("毛收入", "gross")), ("below_net", Label("净收入", "net"))):
        if not was[name] and now[name]:
            yield Label(f"年度检验：{kind.zh}低于贫困线", f"yearly test: below the poverty line, {kind.en}")
        if was[name] and not now[name]:
            yield Label(f"年度检验：{kind.zh}回到贫困线以上", f"yearly test: above the poverty line again, {kind.en}")


def _dibao(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
    """Yield applications for dibao and what became of them, with the assessed income and the standard."""
    was, now = old.household["dibao_stage"], new.household["dibao_stage"]
    if was == now:
        return
    head = worth(new, STANDING[2]) / 12
    levers = life.scenario.rules.levers
    standard = next((lever.values["standard"].at(new.month) for lever in levers if lever.mechanism == "top_up"), 0.0)
    why = Label(
        f"月人均核算{head:,.0f}元，标准{standard / FEN:,.0f}元", f"assessed {head:,.0f} a month, standard {standard / FEN:,.0f}"
    )
    if now == "applied":
        yield Label(f"申请低保（{why.zh}）", f"applies for dibao ({why.en})")
    elif was == "applied":
        yield (
            Label(f"低保获批（{why.zh}）", f"dibao granted ({why.en})")
            if now == "paid"
            else Label(f"低保未批（{why.zh}）", f"dibao refused ({why.en})")
        )
    elif now == "leaving":
        yield Label(f"低保复核超标，渐退（{why.zh}）", f"dibao review: above the standard, leaves by degrees ({why.en})")
    elif now == "none":
        yield Label("低保停发", "dibao ends")


def _insurance(new: Traced) -> Iterator[Label]:
    """Yield what the family pays for next year's insurance, and who goes without."""
    if new.counts["premiums"] or new.counts["premium_subsidy"]:
        without = sum(1 for person in new.persons if not person["enrolled_next"])
        own, paid = new.counts["premiums"] / FEN, new.counts["premium_subsidy"] / FEN
        more = Label(f"，{without}人断保", f", {without} go without") if without else Label("", "")
        yield Label(
            f"缴下年医保：自付{own:,.0f}元，资助{paid:,.0f}元{more.zh}", f"premiums: own {own:,.0f}, subsidy {paid:,.0f}{more.en}"
        )


def _bills(life: Life, new: Traced) -> Iterator[Label]:
    """Yield a hospital bill by the tiers that pay it."""
    if not new.counts["bills"]:
        return
    layers = {lever.id: lever.words["layer"] for lever in life.scenario.rules.levers if lever.mechanism == "reimbursement"}
    tiers: dict[str, float] = {}
    for lever, fen in new.paid.items():
        if lever in layers:
            tiers[layers[lever]] = tiers.get(layers[lever], 0.0) + fen / FEN
    bill = new.counts["bills"] / FEN
    own = bill - new.counts["reimbursed"] / FEN
    zh = "、".join(f"{LAYER_LABELS[layer].zh}{yuan:,.0f}" for layer, yuan in tiers.items())
    en = ", ".join(f"{LAYER_LABELS[layer].en} {yuan:,.0f}" for layer, yuan in tiers.items())
    yield Label(f"住院{bill:,.0f}元：{zh}，自付{own:,.0f}元", f"hospital bill {bill:,.0f}: {en or 'no cover'}, own {own:,.0f}")


JOB_LABELS = {
    "none": Label("无业", "no work"),
    "farm": Label("务农", "farm"),
    "local_wage": Label("本地务工", "local wage work"),
    "migrant": Label("外出务工", "away for work"),
    "public_welfare": Label("公益性岗位", "public-welfare post"),
    "ranger": Label("生态护林员", "forest ranger"),
    "workshop": Label("帮扶车间", "workshop"),
    "work_for_relief": Label("以工代赈或过渡岗位", "work for relief"),
    "self_employed": Label("自营", "own business"),
}
KIND_LABELS = {
    "none": Label("无", "none"),
    "unstable_ex_poor": Label("脱贫不稳定户", "unstable ex-poor"),
    "marginal": Label("边缘易致贫户", "marginal"),
    "sudden_hardship": Label("突发严重困难户", "sudden hardship"),
}
LAYER_LABELS = {
    "basic": Label("基本医保", "basic"),
    "critical": Label("大病保险", "critical illness"),
    "assistance": Label("医疗救助", "assistance"),
    "outpatient": Label("门诊慢特病", "outpatient"),
    "supplementary": Label("补充保障", "supplementary fund"),
    "ceiling": Label("自付封顶", "ceiling of own payments"),
    "commercial": Label("商业补充险", "commercial policy"),
}


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
