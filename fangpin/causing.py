"""The command `fangpin causes`: main and second causes of relapses, typical chains of events, one household's chain."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.chains import NONE, TOTAL, said_month, said_yuan
from experiments.eventlabels import DEFINITION_LABELS, EVENT_LABELS
from experiments.labels import CAUSE_LABELS, Label
from fangpin.screen import Screen
from scenarios.problems import Report, listing, nearest
from sim.indicators import GROUPS
from sim.relapse import DEFINITIONS

if TYPE_CHECKING:
    from experiments.chains import Crossed, Fall, Falls
    from fangpin.words import Words

_ALL = "all"
_WHOLE = ("least", "most", "household", "rep")
_TOTAL_LABEL, _NONE_LABEL = Label("合计", "total"), Label("无", "none")


def show_causes(words: Words) -> None:
    """Print and write the causes of a folder's relapses, or the chain of one household.

    Raises:
        ScenarioError: with every problem of the words.
        FileNotFoundError: if the folder holds no whole replication.
    """
    from experiments.chains import read_falls
    from experiments.persons import refuse_person_level
    from fangpin.words import results_folder

    given = words.options
    _check(given)
    folder = results_folder(words, given["place"])
    household = int(given["household"]) if given["household"] else None
    if household is not None:
        refuse_person_level(folder, "household")
    falls = read_falls(folder, 100 * int(given["least"]), household)
    screen = Screen(given["lang"])
    if household is not None:
        _check_run(falls, given)
        show_household(screen, falls, household, given["policy"], int(given["rep"]) - 1)
        return
    groups = GROUPS if given["group"] == _ALL else (given["group"],)
    paths = write_causes(folder, falls, given["definition"], groups)
    show_tables(screen, falls, given["definition"], groups, int(given["most"]))
    screen.line(Label(f"文件：{'、'.join(map(str, paths))}", f"files: {', '.join(map(str, paths))}"))


def _check(given: dict[str, str]) -> None:
    """Refuse values that are not known, all together."""
    report = Report()
    for key, known in (("definition", DEFINITIONS), ("group", (*GROUPS, _ALL))):
        if given[key] not in known:
            report.add("command line", key, given[key], listing(known), nearest(given[key], known))
    for key in _WHOLE:
        if given[key] and not given[key].isdecimal():
            report.add("command line", key, given[key], "a whole number from 0 on")
    if given["rep"] == "0":
        report.add("command line", "rep", "0", "a whole number from 1 on")
    report.stop()


def _check_run(falls: Falls, given: dict[str, str]) -> None:
    """Refuse a policy or a replication that the folder does not hold."""
    report = Report()
    if given["policy"] and given["policy"] not in falls.policies:
        report.add("command line", "policy", given["policy"], listing(falls.policies), nearest(given["policy"], falls.policies))
    if int(given["rep"]) > falls.replications:
        report.add("command line", "rep", given["rep"], f"1 to {falls.replications}")
    report.stop()


def write_causes(folder: Path, falls: Falls, definition: str, groups: Sequence[str]) -> list[Path]:
    """Write all causes, chains and falls of a definition as CSV files beside the other tables and return their paths."""
    from experiments import chains
    from experiments.store import write_whole
    from experiments.tables import csv_text

    chosen = [one for policy in falls.policies for one in falls.chosen(policy, definition, groups)]
    tables = {
        "causes": (chains.CROSSED_HEADER, [chains.crossed_cells(row) for row in chains.crossed(falls, definition, groups)]),
        "chains": (chains.CHAIN_HEADER, [chains.chain_cells(row) for row in chains.chains(falls, definition, groups)]),
        "relapses": (chains.FALL_HEADER, [chains.fall_cells(one) for one in chosen]),
    }
    return [write_whole(folder / "tables" / f"{name}.csv", csv_text(*table)) for name, table in tables.items()]


def show_tables(screen: Screen, falls: Falls, definition: str, groups: Sequence[str], most: int) -> None:
    """Print main by second causes and the most frequent chains, policy by policy."""
    from experiments.chains import chains, crossed

    called = DEFINITION_LABELS[definition]
    rows, found = crossed(falls, definition, groups), chains(falls, definition, groups, most)
    for policy in falls.policies:
        screen.heading(
            Label(
                f"{policy}：返贫致贫的主因与次因（{called.zh}口径，各年人次合计，{falls.replications}次重复的均值）",
                f"{policy}: main and second causes of falls ({called.en}; persons over all years, mean of "
                f"{falls.replications} replications)",
            )
        )
        heads = [Label("主因", "main cause"), Label("次因", "second cause"), Label("人次", "persons"), Label("占比%", "share %")]
        screen.table(heads, _lines(screen, falls, policy, rows), left=2)
        heads = [Label("事件链（先后）", "chain of events"), Label("户次", "households"), Label("占比%", "share %")]
        lines = [
            [_said_chain(screen, one.events), f"{one.households:,}", f"{100 * one.share:.1f}"]
            for one in found
            if one.policy == policy
        ]
        screen.table(heads, lines, left=1)
    screen.line(_note(falls))


def _note(falls: Falls) -> Label:
    """Return what the causes are, and on what their names rest."""
    months = falls.listed.window
    return Label(
        f"主因是自上次检验以来把收入推向标准线最多的原因，次因次之；事件为检验前{months}个月内各类最后一次。"
        "名称对应监测系统的原因清单，对应关系为假设。",
        "Main cause: what pushed income towards the line most since the last test; the second one came next. Events: the last "
        f"of each kind within {months} months before the test. Names are those of the registry's list; which belongs where is an "
        "assumption.",
    )


def _lines(screen: Screen, falls: Falls, policy: str, rows: list[Crossed]) -> list[list[str]]:
    """Return the lines of one policy's causes; a main cause has its total first."""
    ours = [row for row in rows if row.policy == policy]
    total = ours[0].persons.mean
    lines = []
    for row in ours:
        main = _said_cause(screen, falls, row.main) if row.second == TOTAL else ""
        second = "" if row.second == TOTAL else _said_cause(screen, falls, row.second)
        error = "" if row.persons.runs < 2 else f" ± {row.persons.error:.1f}"
        share = f"{100 * row.persons.mean / total:.1f}" if total else ""
        lines.append([main, second, f"{row.persons.mean:,.1f}{error}", share])
    return lines


def _said_cause(screen: Screen, falls: Falls, cause: str) -> str:
    """Return the name of an entry of the registry's list; what the registry has not is marked."""
    if cause in (TOTAL, NONE):
        return (_TOTAL_LABEL if cause == TOTAL else _NONE_LABEL).said(screen.lang)
    found = falls.listed.named(cause)
    return found.names[screen.lang] + ("" if found.listed else " *")


def _said_chain(screen: Screen, events: Sequence[str]) -> str:
    """Return a chain of events."""
    return " → ".join(EVENT_LABELS[event].said(screen.lang) for event in events) or Label("（无）", "(none)").said(screen.lang)


def show_household(screen: Screen, falls: Falls, household: int, policy: str, replication: int) -> None:
    """Print the chain of every fall of a household and its split-offs, under one policy or all, in one replication."""
    screen.heading(Label(f"户 {household}，第{replication + 1}次重复", f"Household {household}, replication {replication + 1}"))
    chosen = [one for one in falls.falls if one.replication == replication and policy in ("", one.policy)]
    for name in [policy] if policy else falls.policies:
        if not any(one.policy == name for one in chosen):
            screen.line(Label(f"{name}：没有新返贫或致贫", f"{name}: no new fall"))
    for alike in _alike(chosen):
        _show_fall(screen, alike)


def _alike(falls: Sequence[Fall]) -> list[list[Fall]]:
    """Return falls by test and household that agree in causes, pushes and events: under several policies and definitions."""
    found: dict[tuple[object, ...], list[Fall]] = {}
    for one in falls:
        key = (one.month, one.household, one.cause, one.second_cause, tuple(one.pushes.values()), one.events)
        found.setdefault(key, []).append(one)
    return sorted(found.values(), key=lambda alike: (alike[0].month, alike[0].household))


def _show_fall(screen: Screen, alike: Sequence[Fall]) -> None:
    """Print a fall under all policies and definitions that agree in it: causes, pushes, events with month and yuan."""
    fall = alike[0]
    policies = ", ".join(dict.fromkeys(one.policy for one in alike))
    called = [DEFINITION_LABELS[name].said(screen.lang) for name in dict.fromkeys(one.definition for one in alike)]
    main = fall.main.names[screen.lang]
    second = fall.second.names[screen.lang] if fall.second else _NONE_LABEL.said(screen.lang)
    screen.line(
        Label(
            f"{policies}：{said_month(fall.month)} 检验（{'；'.join(called)}）新低于标准，户 {fall.household}，{fall.persons}人；"
            f"主因{main}，次因{second}",
            f"{policies}: newly below at the test of {said_month(fall.month)} ({'; '.join(called)}), household {fall.household}, "
            f"{fall.persons} persons; main cause {main}, second {second}",
        )
    )
    events = [
        [said_month(one.month), EVENT_LABELS[one.kind].said(screen.lang), said_yuan(one.fen).strip()] for one in fall.events
    ]
    heads = [Label("月份", "month"), Label("事件", "event"), Label("元", "yuan")]
    screen.table(heads, events, left=2)
    pushes = sorted((push, cause) for cause, push in fall.pushes.items() if push)[::-1]
    said = [f"{CAUSE_LABELS[cause].said(screen.lang)} {push / 100:+,.0f}" for push, cause in pushes]
    screen.line(
        Label(f"推力（元，正为推向标准线）：{'，'.join(said)}", f"pushes (yuan, positive: towards the line): {', '.join(said)}")
    )
    if fall.ended:
        screen.line(Label(f"停发的补贴：{'、'.join(fall.ended)}", f"transfers that ended: {', '.join(fall.ended)}"))
