"""What the county decides on a household from one month to the next, and why: registry, dibao, what levers pay, insurance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from experiments.accounts import FEN, STANDING, worth
from experiments.labels import Label
from experiments.life import Life
from experiments.life_members import called
from sim.indicators import WITHOUT
from sim.trace import Traced

ASSESSED = next(item for item in STANDING if item.key == "assessed")
ONCE = ("one_off_grant", "restored_guarantee", "personal_insurance")
"""Mechanisms whose payments are told one by one."""
ALERT_LABELS = (
    (1, Label("收入预警", "income alert")),
    (2, Label("支出预警", "spending alert")),
    (4, Label("收入骤降", "sharp fall of income")),
    (8, Label("保障缺失", "guarantee lost")),
    (16, Label("失去劳力", "labour lost")),
)
"""Bits of the household's alerts."""
NEED_LABELS = (
    (1, Label("医疗", "medical")),
    (2, Label("教育", "education")),
    (4, Label("住房", "housing")),
    (8, Label("就业", "employment")),
    (16, Label("饮水", "water")),
    (32, Label("受灾", "disaster")),
    (64, Label("照料或兜底", "care or guarantee")),
)
"""Bits of needs and of measures."""
CHANNEL_LABELS = {
    "none": Label("未记录渠道", "no channel"),
    "self_report": Label("自主申报", "own report"),
    "visit": Label("入户走访", "visit"),
    "data": Label("部门数据", "departments' data"),
}
KIND_LABELS = {
    "none": Label("无", "none"),
    "unstable_ex_poor": Label("脱贫不稳定户", "unstable ex-poor"),
    "marginal": Label("边缘易致贫户", "marginal"),
    "sudden_hardship": Label("突发严重困难户", "sudden hardship"),
}


def registry(old: Traced, new: Traced) -> Iterator[Label]:
    """Yield clues and how they were noticed, entries and what was needed, help, and clearings."""
    was, now = old.household, new.household
    alerts, channel = _bits(now["trigger"], ALERT_LABELS), CHANNEL_LABELS[now["flag_channel"]]
    why = Label(f"{channel.zh}；{alerts.zh or '无预警'}", f"{channel.en}; {alerts.en or 'no alert'}")
    entered = not was["monitored"] and now["monitored"]
    if not was["flagged"] and now["flagged"]:
        yield Label(f"被发现为疑似风险户（{why.zh}）", f"noticed as a household at risk ({why.en})")
    if was["flagged"] and not now["flagged"] and not now["monitored"]:
        yield Label("核实后未纳入监测", "verified and not taken into the registry")
    if entered:
        kind, needs = KIND_LABELS[now["monitored_type"]], _bits(now["need_types"], NEED_LABELS)
        noticed = f"（{why.zh}）" if was["flagged"] or now["flag_month"] == new.month else ""
        seen = f" ({why.en})" if noticed else ""
        zh, en = (f"；需求：{needs.zh}", f"; needs: {needs.en}") if needs.zh else ("", "")
        yield Label(f"纳入监测：{kind.zh}{noticed}{zh}", f"taken into the registry: {kind.en}{seen}{en}")
    fresh = now["helped"] & ~(0 if entered else was["helped"])
    if now["monitored"] and fresh:
        help_ = _bits(fresh, NEED_LABELS)
        yield Label(f"落实帮扶措施：{help_.zh}", f"help arranged: {help_.en}")
    if was["monitored"] and not now["monitored"]:
        months = was["months_above"] + (1 if now["months_above"] > was["months_above"] else 0)
        yield Label(
            f"风险消除（连续{months}个月不低于监测线）", f"cleared from the registry ({months} months at or above the line)"
        )


def _bits(bits: int, labels: Sequence[tuple[int, Label]]) -> Label:
    """Return the names of the bits that are set, in both languages."""
    named = [label for bit, label in labels if bits & bit]
    return Label("、".join(one.zh for one in named), ", ".join(one.en for one in named))


def dibao(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
    """Yield applications for dibao and what became of them, with the assessed income and the standard."""
    was, now = old.household["dibao_stage"], new.household["dibao_stage"]
    if was == now:
        return
    head = worth(new, ASSESSED) / 12
    levers = life.scenario.rules.levers
    standard = next((lever.values["standard"].at(new.month) for lever in levers if lever.mechanism == "top_up"), 0.0) / FEN
    why = Label(f"月人均核定{head:,.0f}元，标准{standard:,.0f}元", f"assessed {head:,.0f} a month, standard {standard:,.0f}")
    if now == "applied":
        yield Label(f"申请低保（{why.zh}）", f"applies for dibao ({why.en})")
    elif was == "applied":
        monthly = new.household["dibao_benefit"] / FEN
        yield (
            Label(f"低保获批，每月{monthly:,.0f}元（{why.zh}）", f"dibao granted, {monthly:,.0f} a month ({why.en})")
            if now == "paid"
            else Label(f"低保未批（{why.zh}）", f"dibao refused ({why.en})")
        )
    elif now == "leaving":
        yield Label(f"低保复核超标，渐退（{why.zh}）", f"dibao review: above the standard, leaves by degrees ({why.en})")
    elif now == "none":
        yield Label("低保停发", "dibao ends")


def given(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
    """Yield grants and payouts with the lever that paid, regular transfers when they begin or end, and loans."""
    for lever, info in zip(life.scenario.rules.levers, life.scenario.levers, strict=True):
        fen, name = new.paid.get(lever.id, 0), Label(info.names["zh"], info.names["en"])
        if lever.mechanism in ONCE and fen:
            yield Label(f"{name.zh}：{fen / FEN:,.0f}元", f"{name.en}: {fen / FEN:,.0f}")
        monthly = lever.mechanism == "cash_transfer" and lever.values["month"].at(new.month) == 0.0
        if monthly and (fen > 0) != (old.paid.get(lever.id, 0) > 0):
            each = f"{fen / FEN:,.0f}"
            yield (
                Label(f"开始领取{name.zh}，每月{each}元", f"begins to get {name.en}, {each} a month")
                if fen
                else Label(f"不再领取{name.zh}", f"no longer gets {name.en}")
            )


def insurance(life: Life, new: Traced) -> Iterator[Label]:
    """Yield what the family pays for next year's insurance, which lever pays the rest, and who goes without."""
    lacking = any(new.counts[f"without_{reason}"] for reason in WITHOUT)
    if not (lacking or new.counts["premiums"] or new.counts["premium_subsidy"]):
        return
    # next year's cover is a word, and a word is never false: who pays for none has "none"
    without = [called(life, person) for person in new.persons if lacking and person["enrolled_next"] == "none"]
    payers = [
        info.names
        for lever, info in zip(life.scenario.rules.levers, life.scenario.levers, strict=True)
        if lever.mechanism == "price_subsidy" and new.paid.get(lever.id, 0)
    ]
    own, paid = new.counts["premiums"] / FEN, new.counts["premium_subsidy"] / FEN
    by = Label("、".join(one["zh"] for one in payers), ", ".join(one["en"] for one in payers))
    zh = f"缴下年医保：自付{own:,.0f}元，资助{paid:,.0f}元{'（' + by.zh + '）' if payers else ''}"
    en = f"premiums: own {own:,.0f}, subsidy {paid:,.0f}{' (' + by.en + ')' if payers else ''}"
    if without:
        zh += f"；不参保：{'、'.join(one.zh for one in without)}"
        en += f"; go without: {', '.join(one.en for one in without)}"
    yield Label(zh, en)
