"""How the entries look on the screen: tables of places and policies, one entry explained, observed figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.labels import Label, place_label, unit_label
from fangpin.screen import Screen
from scenarios.transition import RULES
from scenarios.wording import PLANS

LEVEL_LABELS = {
    "nation": Label("国家", "nation"),
    "province": Label("省", "province"),
    "place": Label("县", "county"),
    "city": Label("市", "city"),
    "county": Label("县", "county"),
    "township": Label("乡镇", "township"),
    "policy": Label("政策", "policy"),
    "override": Label("手工改动", "by hand"),
}

GRADE_LABELS = {
    "law": Label("法规", "law"),
    "official_statistic": Label("官方统计", "official statistic"),
    "survey_estimate": Label("调查估计", "survey estimate"),
    "published_study": Label("已发表研究", "published study"),
    "assumption": Label("假设", "assumption"),
}

SHOWN = 3
"""Names of what a place says differently that its row holds; `fangpin.places` has all of them."""

ALWAYS = Label("一直", "always")


def said_word(labels: dict[str, Label], key: str, lang: Any) -> str:
    """Return a word in the language; the word itself where nobody translated it."""
    return labels.get(key, Label(key, key)).said(lang)


def show_table(screen: Screen, heads: list[Label], rows: list[list[str]], left: int, whole: int = 0) -> None:
    """Print a table with heads in the screen's language."""
    screen.table(heads, rows, left=left, whole=whole)


def show_places(found: dict[str, dict[str, Any]], lang: str) -> None:
    """Print every place: what it is, and what it says differently from its parents."""
    screen = Screen(lang)
    rows = []
    for name, place in found.items():
        rows.append(_place_row(name, place, screen))
        rows += [_place_row(county, one, screen) for county, one in place["listed"].items()]
    heads = [Label("地区", "place"), Label("名称", "name"), Label("层级", "level"), Label("上级", "parent")]
    heads += [Label("文件", "plan"), Label("过渡期", "transition")]
    heads += [Label("与上级不同的取值和政策工具", "values and levers that differ from the parent's")]
    show_table(screen, [*heads, Label("县数", "counties"), Label("农村户数", "rural households")], rows, left=7, whole=1)
    note = "Places without counties are not simulated; others take values from them. A listed county stands for so many."
    screen.line(Label("县数为0的地区不能单独模拟，只供下级取值；所列代表县的县数为其代表的县数。", note))
    _show_clocks(found, screen)


def _show_clocks(found: dict[str, dict[str, Any]], screen: Screen) -> None:
    """Say by which rule the transition of each place with a plan is dated."""
    for name, place in found.items():
        clock = place["transition"]
        if place["plan"] and clock:
            chinese, english = RULES[clock["rule"]]
            left = f" ({clock['exit']})" if clock["exit"] else ""
            last = clock["end"]
            screen.line(Label(f"{name}：过渡期为{chinese}{left}，至{last}。", f"{name}: {english}{left}; last month {last}."))


def _place_row(name: str, place: dict[str, Any], screen: Screen) -> list[str]:
    """Return a place, or a county that one lists, as a row."""
    words = [name, place["names"][screen.lang], said_word(LEVEL_LABELS, place["level"], screen.lang), place["parent"] or "–"]
    counted = [f"{place['counties']:,g}", f"{place['households']:,}" if place["households"] else "–"]
    clock = place["transition"]
    words += [place["plan"] or "–", f"{clock['start']} – {clock['end']}" if clock else "–"]
    short = [key.removeprefix("values.") for key in place["overrides"]]
    more = [f"+{len(short) - SHOWN}"] if len(short) > SHOWN else []
    return [*words, ", ".join([*short[:SHOWN], *more]) or "–", *counted]


def show_policies(found: dict[str, dict[str, Any]], lang: str) -> None:
    """Print every policy with its meaning and what it changes."""
    screen = Screen(lang)
    rows = [
        [name, policy["names"][screen.lang], policy["meaning"], ", ".join(policy["changes"]) or "–"]
        for name, policy in found.items()
    ]
    heads = [Label("政策", "policy"), Label("名称", "name"), Label("含义", "meaning"), Label("改动", "changes")]
    show_table(screen, heads, rows, left=4, whole=1)


def show_explanation(said: dict[str, Any], place: str, policy: str, lang: str) -> None:
    """Print all that the files say of an entry, a value or a table."""
    screen = Screen(lang)
    name = said["names"][screen.lang] if "names" in said else said["meaning"]
    screen.heading(Label(f"{said['key']}  {name}", f"{said['key']}  {name}"))
    if said["kind"] == "table":
        _show_rows(screen, said)
        return
    if said.get("off"):
        note = "switched off here; switched on it would be:"
        screen.line(Label("此地未启用；若启用则如下：", note))
    if said["kind"] == "entry":
        _show_entry(screen, said)
    series = said["fields"] if said["kind"] == "entry" else {said["key"]: said}
    if series:
        screen.heading(Label(f"取值（{place}，{policy}）", f"values ({place}, {policy})"))
        for field, told in series.items():
            _show_series(screen, field, told)
    if not said.get("off"):
        _show_policies_apart(screen, said)


def show_moved(screen: Screen, moved: dict[str, Any], place: str, policy: str) -> None:
    """Print the figures of other entries, and the values, that a lever's knobs move."""
    if moved:
        screen.heading(Label(f"旋钮所动的数字（{place}，{policy}）", f"figures that the knobs move ({place}, {policy})"))
    for slot, told in moved.items():
        _show_series(screen, slot, told)


def _show_entry(screen: Screen, said: dict[str, Any]) -> None:
    """Print what an entry is, for whom, who pays, and which plan states it where."""
    span = f"{said['start'] or '…'} – {said['end'] or '…'}"
    lines = [
        Label(f"机制：{said['mechanism']}（{said['meaning_zh']}）", f"mechanism: {said['mechanism']} ({said['meaning']})"),
        Label(f"对象：{said['who_words']['zh']}", f"who: {said['who_words']['en']}"),
        Label(f"条件原文：{said['who']}", f"condition: {said['who']}"),
        Label(
            f"账户：{said['account']}，{said_word(LEVEL_LABELS, said['level'], 'zh')}级",
            f"account: {said['account']}, level: {said['level']}",
        ),
        Label(f"起止：{span}；条目属于 {said['place']}", f"in force: {span}; entered for {said['place']}"),
    ]
    lines += [Label(f"选择：{word} = {chosen}", f"choice: {word} = {chosen}") for word, chosen in said["words"].items()]
    for line in lines:
        screen.line(line)
    clauses = [(PLANS.get(plan, (plan, plan)), clause) for plan, clause in said["clauses"].items()]
    screen.line(
        Label(
            "条款：" + "；".join(f"{names[0]} {clause or '无'}" for names, clause in clauses),
            "clauses: " + "; ".join(f"{names[1]} {clause or 'none'}" for names, clause in clauses),
        )
    )


def _show_series(screen: Screen, name: str, told: dict[str, Any]) -> None:
    """Print the dated figures of a field or value."""
    low, high = (f"{bound:g}" for bound in told["range"])
    unit, linear = unit_label(told["unit"]).said(screen.lang), told["shape"] == "linear"
    shape = Label("，其间线性" if linear else "", ", straight lines between" if linear else "")
    screen.line(
        Label(
            f"{name}：{told['meaning_zh']}（{unit}，允许{low}至{high}{shape.zh}）",
            f"{name}: {told['meaning']} ({unit}, {low} to {high} allowed{shape.en})",
        )
    )
    rows = [
        [
            one["from"] or ALWAYS.said(screen.lang),
            f"{one['value']:,.10g}",
            said_word(LEVEL_LABELS, one["level"], screen.lang),
            said_word(GRADE_LABELS, one["grade"], screen.lang),
            one["source"] + (f" [{one['fact']}]" if one["fact"] else ""),
        ]
        for one in told["figures"]
    ]
    heads = [Label("自", "from"), Label("取值", "value"), Label("层级", "level"), Label("依据", "grade"), Label("来源", "source")]
    show_table(screen, heads, rows, left=5)


def _show_policies_apart(screen: Screen, said: dict[str, Any]) -> None:
    """Print under which policies something differs, and how."""
    screen.heading(Label("其他政策下不同之处", "what differs under other policies"))
    if not said["policies"]:
        screen.line(Label("没有不同", "nothing"))
    for policy, parts in said["policies"].items():
        for part, told in parts.items():
            text = f"  {policy}: {part}: {_briefly(told)}"
            screen.line(Label(text, text))


def _briefly(told: Any) -> str:
    """Return dated figures, or a word, in a line."""
    if not isinstance(told, list):
        return str(told) or "…"
    changes = [one for before, one in zip([None, *told[:-1]], told, strict=True) if not before or before["value"] != one["value"]]
    return "; ".join(f"{one['from'] or '…'} {one['value']:g}" for one in changes)


def _show_rows(screen: Screen, said: dict[str, Any]) -> None:
    """Print a table of figures."""
    meaning = f"{said['meaning']} ({said['unit']}); {said['source']}; {said['grade']}, {said['level']}"
    screen.line(Label(meaning, meaning))
    for row in said["rows"]:
        text = "  " + "  ".join(f"{value:g}" for value in row)
        screen.line(Label(text, text))


def show_facts(found: list[dict[str, Any]], folder: Path | None, lang: str) -> None:
    """Print observed figures by kind, with the simulated ones where a folder of results is given."""
    from experiments.labels import KIND_LABELS
    from fangpin.tabling import print_counts

    screen = Screen(lang)
    for kind, label in KIND_LABELS.items():
        lines = [one for one in found if one["kind"] == kind]
        if lines:
            _show_kind(screen, label, lines, folder is not None)
    if folder is None:
        text = "没有结果目录，只列实际数字；先 `fangpin run`，或指明目录。"
        screen.line(Label(text, "No folder of results, observed figures only: `fangpin run` first, or name a folder."))
        return
    print_counts(screen, [(one["kind"], one.get("verdict", "")) for one in found])
    screen.line(Label(f"模拟数字来自 {folder}", f"simulated figures from {folder}"))


def _show_kind(screen: Screen, label: Label, lines: list[dict[str, Any]], compared: bool) -> None:
    """Print the figures of one kind."""
    heads = [label, Label("年份", "year"), Label("单位", "unit"), Label("地区", "place")]
    heads += [Label("来源", "source"), Label("实际", "observed")]
    heads += [Label("模拟", "simulated"), Label("结论", "verdict")] if compared else []
    show_table(screen, heads, [_fact_row(one, compared, screen) for one in lines], left=5)


BOUNDS = {"at_least": "≥", "at_most": "≤", "about": "~"}


def _fact_row(one: dict[str, Any], compared: bool, screen: Screen) -> list[str]:
    """Return one figure as a row."""
    from fangpin.tabling import significant, verdict_words

    unit, place = unit_label(one["unit"]).said(screen.lang), place_label(one["place"]).said(screen.lang)
    words = [one["names"][screen.lang], str(one["year"]), unit, place, one["source"] or "–"]
    numbers = [BOUNDS.get(one.get("bound", ""), "") + significant(one["observed"])]
    if compared:
        simulated = one["simulated"]
        numbers += [
            "–" if simulated is None else significant(simulated),
            verdict_words(one["verdict"], one["miss"]).said(screen.lang),
        ]
    return [*words, *numbers]
