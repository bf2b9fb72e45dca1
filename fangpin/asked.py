"""What `fangpin run set=` says: the question, the arms, the stress, and the outputs that the set asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from experiments.labels import Label
from fangpin.screen import Screen

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.fates import Fates
    from experiments.results import Results
    from experiments.setoutputs import OutputRow
    from experiments.store import Store
    from fangpin.request import Request
    from scenarios import ScenarioSet
    from scenarios.group import Group


def label_of(names: Mapping[str, str]) -> Label:
    """Return names of a file as a label."""
    return Label(names.get("zh", ""), names.get("en", ""))


def tell_set(screen: Screen, request: Request) -> None:
    """Say which question is asked, what all arms live through, and what stands for words of the plans."""
    found = request.asked.scenario_set
    if found is None:
        return
    screen.line(label_of(found.question))
    lived = [part for part in found.stress if f"{request.asked.set_name}/{part.id}" in request.study.stress]
    names = Label("；".join(part.names["zh"] for part in lived) or "无", "; ".join(part.names["en"] for part in lived) or "none")
    screen.line(Label(f"各方案共同经受：{names.zh}", f"stress in every arm: {names.en}"))
    count = len(request.asked.cases)
    if count > 1:
        place = [one.asked.case for one in replace(request, asked=replace(request.asked, case="")).by_case()].index(
            request.asked.case
        )
        screen.line(
            Label(
                f"本方案组分开经受各压力，共{count}项研究，此为第{place + 1}项",
                f"study {place + 1} of {count}: the stresses of this set come apart (stress= chooses)",
            )
        )


def write_outputs(request: Request, results: Results, fates: Fates, store: Store) -> tuple[list[Path], list[OutputRow]]:
    """Write the outputs that the set asks for, and what townships lived through; return the files and the outputs."""
    from experiments.fates import TOWNSHIP_HEADER
    from experiments.setoutputs import HEADER, output_cells, output_rows
    from experiments.tables import csv_text, plain

    found = request.asked.scenario_set
    if found is None:
        return [], []
    rows = output_rows(results, found.outputs, results.study.base, fates)
    towns = [tuple(plain(cell) if isinstance(cell, float) else cell for cell in row) for row in fates.township_rows()]
    paths = [
        store.write_text("tables/outputs.csv", csv_text(HEADER, [output_cells(row) for row in rows])),
        store.write_text("tables/townships.csv", csv_text(TOWNSHIP_HEADER, towns)),
    ]
    return paths, rows


def tell_outputs(screen: Screen, request: Request, results: Results, rows: list[OutputRow]) -> None:
    """Print the outputs that the set asks for, and say which of them the model does not measure."""
    found = request.asked.scenario_set
    if found is None:
        return
    base = results.name(results.study.base)
    screen.heading(Label(f"方案组所问（与“{base.zh}”成对比较）", f"what the set asks for (in pairs with '{base.en}')"))
    _tell_equal(screen, results)
    for number, output in enumerate(found.outputs):
        if output.measure != "missing":
            _show_output(screen, results, [row for row in rows if row.number == number])
    _tell_missing(screen, found)


def _tell_equal(screen: Screen, results: Results) -> None:
    """Say which arms equal the reference in every count and cost: what they set holds already, or touches nobody."""
    from experiments.differences import alike, equal_policies

    for group in alike(results):
        said = [results.name(policy) for policy in group]
        screen.line(
            Label(
                f"彼此完全相同：{'；'.join(name.zh for name in said)}",
                f"equal to each other in every figure: {'; '.join(name.en for name in said)}",
            )
        )
    names = [results.name(policy) for policy in equal_policies(results)]
    if names:
        zh, en = "；".join(name.zh for name in names), "; ".join(name.en for name in names)
        screen.line(
            Label(
                f"与参照完全相同（其设定与参照一致，或在模拟户中无人触及）：{zh}",
                f"equal to the reference in every figure (it has the same settings, or they touch nobody simulated): {en}",
            )
        )


def _show_output(screen: Screen, results: Results, rows: list[OutputRow]) -> None:
    """Print one output, a line an arm."""
    unit = rows[0].unit
    screen.line(Label(f"{rows[0].label.zh}（{unit.zh}）", f"{rows[0].label.en} ({unit.en})"))
    cells = [[results.name(row.arm).said(screen.lang), _number(row.value), _number(row.difference)] for row in rows]
    heads = [Label("方案", "arm"), Label("数值±误差", "value ± error"), Label("与参照之差±误差", "difference ± error")]
    screen.table(heads, cells)
    if rows[0].measure == "per_relapse":
        screen.line(
            Label(
                "  –：未避免返贫；负值为既省钱又少返贫", "  –: no relapse is avoided; below zero: fewer relapses for less money"
            )
        )


def _number(estimated: Any) -> str:
    """Return a mean with its error, to four digits."""
    if estimated is None:
        return ""
    if estimated.mean != estimated.mean:
        return "–"
    error = "" if estimated.error != estimated.error else f" ± {estimated.error:.2g}"
    return f"{estimated.mean:,.4g}{error}"


def _tell_missing(screen: Screen, found: ScenarioSet) -> None:
    """Say which outputs the model does not measure, and where targets are judged."""
    for output in found.outputs:
        if output.measure == "missing":
            name, why = label_of(output.names), label_of(output.why)
            screen.line(Label(f"未测量：{name.zh}（{why.zh}）", f"not measured: {name.en} ({why.en})"))
    if found.targets:
        listed = ", ".join(found.targets)
        screen.line(
            Label(f"相关承诺目标：{listed}（fangpin targets 给出结论）", f"targets asked for: {listed} (see fangpin targets)")
        )


def show_sets(found: list[ScenarioSet], lang: str) -> None:
    """Print sets: a line each, or one with its arms, stresses and outputs."""
    screen = Screen(lang)
    if len(found) == 1:
        _show_one(screen, found[0])
        return
    heads = [Label("方案组", "set"), Label("名称", "name"), Label("方案数", "arms"), Label("所问", "question")]
    rows = [
        [one.id, label_of(one.names).said(screen.lang), str(len(one.arms)), label_of(one.question).said(screen.lang)]
        for one in found
    ]
    screen.table(heads, rows, left=4, whole=1)
    screen.line(Label("运行：fangpin run set=方案组 place=地区", "run one: fangpin run set=NAME place=PLACE"))


def _show_one(screen: Screen, found: ScenarioSet) -> None:
    """Print one set."""
    screen.heading(label_of(found.names))
    screen.line(label_of(found.question))
    levers = ", ".join(found.levers)
    screen.line(
        Label(
            f"以政策 {found.base} 为基础，所调工具从保持不变起：{levers}",
            f"on policy {found.base}; from support kept on: {levers}",
        )
    )
    for title, parts in ((Label("方案", "arms"), found.arms), (Label("压力", "stress"), found.stress)):
        screen.heading(title)
        for part in parts:
            mark = Label("（参照）", " (reference)") if part.id == found.reference else Label("", "")
            name, turned = label_of(part.names), "; ".join(f"{key}={_said(node)}" for key, node in part.items.items())
            screen.line(Label(f"{part.id}{mark.zh}：{name.zh}  {turned}", f"{part.id}{mark.en}: {name.en}  {turned}"))
            if part.note:
                screen.line(Label(f"    {part.note}", f"    {part.note}"))
    for case in found.together if len(found.together) > 1 else ():
        said = " + ".join(case)
        screen.line(Label(f"单独一项研究：{said or '无压力'}", f"a study of its own: {said or 'no stress'}"))
    screen.heading(Label("输出", "outputs"))
    for output in found.outputs:
        why = label_of(output.why)
        left = Label(f"（未测量：{why.zh}）", f" (not measured: {why.en})") if output.measure == "missing" else Label("", "")
        name = label_of(output.names)
        screen.line(Label(f"{name.zh}{left.zh}", f"{name.en}{left.en}"))


def _said(node: Any) -> str:
    """Return a setting as text."""
    value = node.value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_said(child)}" for key, child in value.items()) + "}"
    return "[" + ", ".join(_said(child) for child in value) + "]" if isinstance(value, list) else f"{value}"


def show_groups(found: list[Group], lang: str) -> None:
    """Print config groups: a line each with its options."""
    screen = Screen(lang)
    heads = [Label("选项组", "group"), Label("名称", "name"), Label("选项", "options")]
    rows = [[group.id, label_of(group.names).said(screen.lang), ", ".join(group.options)] for group in found]
    screen.table(heads, rows, left=3, whole=1)
    screen.line(Label("扫描：fangpin sweep 选项组=选项,选项", "sweep them: fangpin sweep GROUP=OPTION,OPTION"))


def show_group(group: Group, lang: str) -> None:
    """Print one group: its options with their settings."""
    screen = Screen(lang)
    screen.heading(label_of(group.names))
    screen.line(label_of(group.meaning))
    for option in group.options.values():
        name, turned = label_of(option.names), "; ".join(f"{key}={_said(node)}" for key, node in option.items.items())
        screen.line(Label(f"{option.id}：{name.zh}  {turned}", f"{option.id}: {name.en}  {turned}"))
        if option.note:
            screen.line(Label(f"    {option.note}", f"    {option.note}"))
