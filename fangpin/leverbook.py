"""The clause book on the screen: the levers of a place, one lever explained, the clauses of the plans."""

from __future__ import annotations

from typing import Any

from experiments.labels import Label
from fangpin.screen import Screen
from fangpin.showing import GRADE_LABELS, LEVEL_LABELS, said_word, show_explanation, show_moved, show_table
from scenarios.planbook import plan_book
from scenarios.wording import PLANS

KIND_LABELS = {
    "direct": Label("直接", "direct"),
    "proxy": Label("间接", "proxy"),
    "context": Label("背景", "context"),
    "outside": Label("目录之外", "outside"),
}
CLASS_LABELS = {
    "safety_net": Label("兜底救助类", "safety net"),
    "universal": Label("民生普惠类", "universal"),
    "development": Label("发展类", "development"),
    "framework": Label("框架", "framework"),
}
PATH_LABELS = {
    "stable": Label("稳定", "stable"),
    "optimised": Label("优化调整", "optimised"),
    "expanded": Label("扩大", "expanded"),
    "tapered": Label("退坡", "tapered"),
    "new": Label("新设", "new"),
    "time_limited": Label("限期", "time-limited"),
    "unstated": Label("未写规则", "no rule stated"),
}
STATE_LABELS = {
    "entries": Label("有效", "in force"),
    "knobs": Label("有效（仅旋钮）", "in force (knobs alone)"),
    "off": Label("不适用", "not in force"),
    "missing": Label("未做", "not written yet"),
}


def show_levers(found: dict[str, dict[str, Any]], place: str, lang: str) -> None:
    """Print the levers by group: how each stands in a place, then their entries."""
    screen = Screen(lang)
    groups = plan_book().groups
    for group in dict.fromkeys(lever["group"] for lever in found.values()):
        names = groups.get(group, {"zh": group, "en": group})
        chosen = {key: lever for key, lever in found.items() if lever["group"] == group}
        screen.heading(Label(f"{names['zh']}（{group}）", f"{names['en']} ({group})"))
        _show_group(screen, chosen)
    states = [lever["state"] for lever in found.values()]
    force = states.count("entries") + states.count("knobs")
    counts = [states.count("off"), states.count("missing")]
    screen.line(
        Label(
            f"共{len(states)}项，{place}有效{force}项，不适用{counts[0]}项，未做{counts[1]}项；`fangpin explain 名称` 说明一项。",
            f"{len(states)} levers: {force} in force in {place}, {counts[0]} not, {counts[1]} not written yet; "
            "`fangpin explain NAME` tells all about one.",
        )
    )


def _show_group(screen: Screen, levers: dict[str, dict[str, Any]]) -> None:
    """Print the two tables of a group."""
    heads = [Label("政策工具", "lever"), Label("名称", "name"), Label("类型", "kind"), Label("状态", "state")]
    heads += [Label("条款", "clauses"), Label("走向", "path"), Label("旋钮", "knobs")]
    show_table(screen, heads, [_lever_row(key, lever, screen) for key, lever in levers.items()], left=7, whole=1)
    rows = [_entry_row(key, entry, screen) for lever in levers.values() for key, entry in lever["entries"].items()]
    if rows:
        heads = [Label("条目", "entry"), Label("机制", "mechanism"), Label("对象", "who"), Label("账户/层级", "account/level")]
        heads += [Label("起", "start"), Label("止", "end"), Label("有据", "sourced"), Label("假设", "assumed")]
        show_table(screen, heads, rows, left=6, whole=1)


def _lever_row(key: str, lever: dict[str, Any], screen: Screen) -> list[str]:
    """Return a lever as a row."""
    words = [key, lever["names"][screen.lang], said_word(KIND_LABELS, lever["kind"], screen.lang)]
    words += [said_word(STATE_LABELS, lever["state"], screen.lang), ", ".join(lever["clauses"]) or "–"]
    path = said_word(PATH_LABELS, lever["path"], screen.lang) if lever["path"] else "–"
    return [*words, path, ", ".join(lever["knobs"]) or "–"]


def _entry_row(key: str, entry: dict[str, Any], screen: Screen) -> list[str]:
    """Return an entry as a row."""
    payer = f"{entry['account']} / {said_word(LEVEL_LABELS, entry['level'], screen.lang)}"
    words = [key, entry["mechanism"], entry["who_words"][screen.lang], payer]
    return [*words, entry["start"] or "–", entry["end"] or "–", str(entry["sourced"]), str(entry["assumed"])]


def show_lever(said: dict[str, Any], place: str, policy: str, lang: str) -> None:
    """Print a lever of the catalogue: what it does, how it stands, the five plans, its knobs and its entries."""
    screen, lever = Screen(lang), said["lever"]
    name = f"{said['key']}  {said['names'][screen.lang]}"
    screen.heading(Label(name, name))
    for line in _lines(said, lever, place):
        screen.line(line)
    screen.heading(Label("五地文件", "the five plans"))
    heads = [Label("文件", "plan"), Label("条款", "clauses"), Label("走向", "path"), Label("特别之处", "what differs")]
    show_table(screen, heads, [_plan_row(plan, told, screen) for plan, told in said["plans"].items()], left=4, whole=1)
    if said["knobs"]:
        _show_knobs(screen, said)
    show_moved(screen, said["moved"], place, policy)
    for entry in said["entries"].values():
        show_explanation(entry, place, policy, lang)


def _lines(said: dict[str, Any], lever: dict[str, Any], place: str) -> list[Label]:
    """Return what a lever is and how it stands, line by line."""
    kind, sort = KIND_LABELS[lever["kind"]], CLASS_LABELS[lever["class"]]
    group, state = plan_book().groups[lever["group"]], STATE_LABELS[lever["state"]]
    ways = (
        ", ".join(
            (
                *(key for key, entry in said["entries"].items() if not entry.get("off")),
                *(f"{said['key']}.{knob}" for knob in said["knobs"]),
            )
        )
        or "–"
    )
    off = ", ".join(lever["off"]) or "–"
    why = Label("各地均有", "everywhere") if lever["everywhere"] else Label("限文件写明之处", "where a plan names it")
    best = GRADE_LABELS[lever["grade"]] if lever["grade"] else Label("无数字", "no figures")
    counts = (lever["sourced"], lever["assumed"])
    return [
        Label(f"含义：{lever['meaning']['zh']}", f"meaning: {lever['meaning']['en']}"),
        Label(f"分组：{group['zh']}；类型：{kind.zh}；{sort.zh}", f"group: {group['en']}; kind: {kind.en}; class: {sort.en}"),
        Label(
            f"在 {place}：{state.zh}（{why.zh}）；条目和旋钮：{ways}；关闭的条目：{off}",
            f"in {place}: {state.en} ({why.en}); through: {ways}; switched off: {off}",
        ),
        Label(
            f"依据：{counts[0]}个数字有据，{counts[1]}个为假设；最好的为{best.zh}",
            f"evidence: {counts[0]} figures sourced, {counts[1]} assumed; the best is {best.en}",
        ),
    ]


def _plan_row(plan: str, told: dict[str, Any] | None, screen: Screen) -> list[str]:
    """Return what one plan says as a row; the clause that states the lever comes first."""
    name = Label(*PLANS[plan]).said(screen.lang)
    if told is None:
        return [name, "–", "–", "–"]
    clauses = [told["main"], *(clause for clause in told["clauses"] if clause != told["main"])]
    path = said_word(PATH_LABELS, told["path"], screen.lang)
    return [name, ", ".join(clauses), path, told["differs"].get(screen.lang, "–")]


def _show_knobs(screen: Screen, said: dict[str, Any]) -> None:
    """Print what can be turned, and how the place's plan turns it."""
    screen.heading(Label("旋钮", "knobs"))
    heads = [Label("旋钮", "knob"), Label("种类", "kind"), Label("允许", "allowed"), Label("含义", "meaning")]
    heads += [Label("本地文件的取值", "setting of the plan here"), Label("来源", "source")]
    rows = [_knob_row(name, knob, screen) for name, knob in said["knobs"].items()]
    show_table(screen, heads, rows, left=6, whole=1)


def _knob_row(name: str, knob: dict[str, Any], screen: Screen) -> list[str]:
    """Return a knob as a row."""
    bounds = " – ".join(f"{bound:g}" for bound in knob.get("range") or ())
    options = knob.get("options") or knob.get("words") or knob.get("who") or knob.get("names") or ()
    allowed = " ".join(part for part in (bounds, str(knob.get("unit") or ""), ", ".join(map(str, options))) if part)
    meaning = (knob.get("meaning") or {}).get(screen.lang, "–")
    setting = knob.get("setting")
    source = str(setting.get("source", "–")) if isinstance(setting, dict) else "–"
    return [name, str(knob.get("kind", "–")), allowed or "–", meaning, _setting(setting), source]


def _setting(setting: Any) -> str:
    """Return a setting in a line: a path by its years, or the one value."""
    if not isinstance(setting, dict):
        return "–" if setting is None else str(setting)
    told = next((setting[key] for key in ("from", "value") if key in setting), None)
    if isinstance(told, dict):
        return "; ".join(f"{year} {value}" for year, value in told.items())
    rest = {key: value for key, value in setting.items() if key not in ("source", "grade", "fact", "note")}
    return str(told) if told is not None else "; ".join(f"{key} {value}" for key, value in rest.items()) or "–"


def show_coverage(found: dict[str, Any], lang: str) -> None:
    """Print the plans clause by clause, the words of the reasons, and what is missing."""
    screen = Screen(lang)
    heads = [Label("条款", "clause"), Label("标题", "title"), Label("政策工具", "levers"), Label("目标", "targets")]
    heads += [Label("不模拟的原因", "why not simulated")]
    for plan, told in found["plans"].items():
        screen.heading(Label(f"{PLANS[plan][0]}：{told['citation']['zh']}", f"{PLANS[plan][1]}: {told['citation']['en']}"))
        show_table(screen, heads, [_clause_row(clause, found["missing"]) for clause in told["clauses"]], left=5, whole=1)
    used = sorted({code for told in found["plans"].values() for clause in told["clauses"] for code in clause["not_simulated"]})
    for code in used:
        words = found["reasons"][code]
        screen.line(Label(f"{code}：{words['zh']}", f"{code}: {words['en']}"))
    _show_missing(screen, found)


def _clause_row(clause: dict[str, Any], missing: list[str]) -> list[str]:
    """Return a clause as a row; a star marks levers that are not written yet."""
    levers = [f"{key}*" if key in missing else key for key in clause["levers"]]
    parts = [", ".join(names) or "–" for names in (levers, clause["targets"], clause["not_simulated"])]
    return [clause["number"], clause["title"], *parts]


def _show_missing(screen: Screen, found: dict[str, Any]) -> None:
    """Say which levers and targets are not written yet."""
    levers, targets = found["missing"], found["unmeasured"]
    screen.line(
        Label(
            f"未做的政策工具（*，无条目也无旋钮）{len(levers)}项：{'、'.join(levers) or '无'}",
            f"levers with neither entry nor knob (*), {len(levers)}: {', '.join(levers) or 'none'}",
        )
    )
    screen.line(
        Label(
            f"尚无指标的目标{len(targets)}项：{'、'.join(targets) or '无'}",
            f"targets without a measure, {len(targets)}: {', '.join(targets) or 'none'}",
        )
    )
