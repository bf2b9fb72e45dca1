"""What happened to a family and what was decided, and why: read from what changed from one month to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from experiments.accounts import FEN, STANDING, said, worth
from experiments.labels import CAUSE_LABELS, Label
from experiments.life import Life
from sim.indicators import CAUSES, WITHOUT
from sim.rules import Lever
from sim.trace import Traced

ASSESSED = next(item for item in STANDING if item.key == "assessed")
ADULT = 16
PLACES = {"public_welfare", "ranger", "workshop", "work_for_relief"}
"""Kinds of work of which there is a limited number."""


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


class Shared(NamedTuple):
    """Something told of a month, and the policies under which it happened, by their places; all of them when it is common."""

    month: int
    text: Label
    policies: tuple[int, ...]


def side_by_side(lives: Sequence[Life]) -> list[Shared]:
    """Return what happened under all policies as one story: what several have in common is told once."""
    found: dict[Told, list[int]] = {}
    for place, life in enumerate(lives):
        for one in dict.fromkeys(decisions(life)):
            found.setdefault(one, []).append(place)
    ordered = sorted(found.items(), key=lambda pair: pair[0].month)  # stable: in a month as the policies tell it
    return [Shared(one.month, one.text, tuple(places)) for one, places in ordered]


def who_lives_there(life: Life) -> Label:
    """Return the family of the first month in a sentence: its group, and its members with what they do."""
    first = life.months[0]
    group = GROUP_LABELS[first.household["group"]]
    people = [(_name(life, person), _does(person)) for person in first.persons]
    zh = "、".join(f"{name.zh}（{does.zh}）" for name, does in people)
    en = ", ".join(f"{name.en} ({does.en})" for name, does in people)
    return Label(
        f"{said(first.month)}：{group.zh}，{len(people)}人：{zh}", f"{said(first.month)}: {group.en}, {len(people)}: {en}"
    )


def _does(person: Mapping[str, Any]) -> Label:
    """Return what a member does, or why none of the kinds of work is told."""
    if person["in_school"]:
        return Label("上学", "at school")
    if person["job"] in ("none", "farm") and person["age"] < ADULT:
        return Label("未成年", "a child")
    if person["job"] in ("none", "farm") and person["labour"] == "none":
        return Label("无劳动能力", "unable to work")
    return JOB_LABELS[person["job"]]


def _changes(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
    """Yield what is different from the month before."""
    yield from _people(life, old, new)
    yield from _health(life, old, new)
    yield from _shocks(old, new)
    yield from _bills(new)
    yield from _lines(life, old, new)
    yield from _tests(old, new)
    yield from _registry(old, new)
    yield from _dibao(life, old, new)
    yield from _given(life, old, new)
    yield from _insurance(life, new)
    yield from _money(old, new)


def _name(life: Life, person: Mapping[str, Any]) -> Label:
    """Return what to call a person: as the family file does, else by sex; with the age."""
    age = person["age"]
    if person["id"] in life.people:
        name = life.people[person["id"]]
        return Label(f"{name.zh}{age}岁", f"{name.en} {age}")
    male = person["sex"] == "male"
    sexes = ("man", "woman") if age >= ADULT else ("boy", "girl")
    return Label(f"{age}岁{'男' if male else '女'}", f"{sexes[0 if male else 1]} of {age}")


def _people(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
    """Yield births, deaths, who comes and goes, and changes of work."""
    before = {person["id"]: person for person in old.persons}
    after = {person["id"]: person for person in new.persons}
    gone, come = before.keys() - after.keys(), after.keys() - before.keys()
    for number in sorted(gone):
        name, left = _name(life, before[number]), _why_gone(new, len(gone))
        yield Label(f"{name.zh}：{left.zh}", f"{name.en}: {left.en}")
    for number in sorted(come):
        name, born = _name(life, after[number]), after[number]["birth_month"] == new.month
        yield Label(f"{'出生' if born else '新来'}：{name.zh}", f"{'born' if born else 'joins the family'}: {name.en}")
    for number in sorted(before.keys() & after.keys()):
        was, now = before[number], after[number]
        if was["job"] != now["job"]:
            name, why = _name(life, now), _why_work(life, was, now, new.month)
            zh, en = (f"（{why.zh}）", f" ({why.en})") if why else ("", "")
            yield Label(
                f"{name.zh}：{JOB_LABELS[was['job']].zh}→{JOB_LABELS[now['job']].zh}{zh}",
                f"{name.en}: {JOB_LABELS[was['job']].en} -> {JOB_LABELS[now['job']].en}{en}",
            )


def _why_gone(new: Traced, gone: int) -> Label:
    """Return why members are no longer there, as far as the month's counts tell."""
    counts = new.counts
    if counts["deaths"] == gone:
        return Label("去世", "died")
    if counts["deaths"] == 0:
        married = counts["marriages_out"] == gone
        return (
            Label("出嫁或入赘离家", "married and left")
            if married
            else Label("离家或分户", "left for good or founded a household")
        )
    return Label("去世或离开", "died or left")


def _why_work(life: Life, was: Mapping[str, Any], now: Mapping[str, Any], month: int) -> Label | None:
    """Return why a member's work is another one; None where it is the own choice or the job market."""
    if was["job"] in PLACES:
        return _why_place_ended(life, was, now, month)
    if now["sick_months"] > 0:
        return Label("因病停工", "too ill to work")
    if was["job"] == "migrant" and not now["can_leave_home"]:
        return Label("返乡，不再外出", "comes home for good")
    if was["job"] == "migrant" and now["home_until"] > month:
        return Label("返乡一段时间", "comes home for a spell")
    return None


def _why_place_ended(life: Life, was: Mapping[str, Any], now: Mapping[str, Any], month: int) -> Label:
    """Return why a post, a workshop's place or work for relief ended."""
    lever = _numbered(life, was["post_lever"])
    oldest = lever.values["maximum_age"].at(month) if lever and "maximum_age" in lever.values else 0.0
    if was["job_end"] in (month, month - 1):
        return Label("合同到期", "the contract ended")
    if oldest and now["age"] > oldest:
        return Label(f"超过{oldest:.0f}岁上限", f"older than the limit of {oldest:.0f}")
    if now["labour"] == "none" or now["sick_months"] > 0:
        return Label("不再能胜任", "no longer fit for it")
    return Label("岗位取消或不再符合条件", "the place ended, or its conditions are no longer met")


def _numbered(life: Life, number: int) -> Lever | None:
    """Return a lever by its number in the rules."""
    levers = life.scenario.rules.levers
    return levers[number] if 0 <= number < len(levers) else None


def _health(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
    """Yield what befalls members: illness, capacity, school."""
    before = {person["id"]: person for person in old.persons}
    for now in new.persons:
        was = before.get(now["id"])
        if was is None:
            continue
        for told in (text for changed, text in _befell(was, now) if changed):
            name = _name(life, now)
            yield Label(f"{name.zh}：{told.zh}", f"{name.en}: {told.en}")


def _befell(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[bool, Label]]:
    """Yield whether each of some things befell a member, and its name."""
    yield not was["critical_illness"] and now["critical_illness"], Label("患大病", "a critical illness")
    yield was["chronic_disease"] < now["chronic_disease"], Label("新患慢性病", "a chronic condition")
    yield (
        not was["disability_grade"] and now["disability_grade"],
        Label(f"评定残疾{now['disability_grade']}级", f"certified as disabled, grade {now['disability_grade']}"),
    )
    yield was["labour"] == "full" != now["labour"], Label("劳动能力下降", "loses labour capacity")
    yield was["self_care"] == "full" != now["self_care"], Label("生活不能完全自理", "needs care")
    left = was["in_school"] and not now["in_school"]
    finished = now["finished_stage_not_continuing"] and not was["finished_stage_not_continuing"]
    compulsory = was["school_stage"] == "compulsory" and now["age"] < ADULT and not finished
    yield left and finished, Label("毕业后不再升学", "finishes school and does not go on")
    yield left and compulsory, Label("义务教育阶段辍学", "drops out of compulsory school")
    yield left and not finished and not compulsory, Label("离开学校", "leaves school")
    yield not was["in_school"] and now["in_school"] and now["age"] > 6, Label("返校", "goes back to school")


def _shocks(old: Traced, new: Traced) -> Iterator[Label]:
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


def _lines(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
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


def _tests(old: Traced, new: Traced) -> Iterator[Label]:
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


def _registry(old: Traced, new: Traced) -> Iterator[Label]:
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


def _dibao(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
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


def _given(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
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


def _insurance(life: Life, new: Traced) -> Iterator[Label]:
    """Yield what the family pays for next year's insurance, which lever pays the rest, and who goes without."""
    lacking = any(new.counts[f"without_{reason}"] for reason in WITHOUT)
    if not (lacking or new.counts["premiums"] or new.counts["premium_subsidy"]):
        return
    # next year's cover is a word, and a word is never false: who pays for none has "none"
    without = [_name(life, person) for person in new.persons if lacking and person["enrolled_next"] == "none"]
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


def _bills(new: Traced) -> Iterator[Label]:
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


def _money(old: Traced, new: Traced) -> Iterator[Label]:
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
GROUP_LABELS = {
    "ex_poor": Label("脱贫户", "ex-poor household"),
    "marginal": Label("边缘户", "marginal household"),
    "other": Label("其他农户", "other household"),
}
TIER_LABELS = (
    ("paid_basic", Label("基本医保", "basic")),
    ("paid_critical", Label("大病保险", "critical illness")),
    ("paid_assistance", Label("医疗救助", "assistance")),
    ("paid_supplementary", Label("补充保障", "supplementary")),
)
"""Counts of the tiers that pay a hospital bill, in their order."""
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
