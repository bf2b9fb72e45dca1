"""The tables of `fangpin run`: summary, cost, difference, simulated against observed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from experiments.counties import county_rows
from experiments.differences import TOTAL, Difference, cause_label, difference_rows, differs
from experiments.facts import AGREES, CANNOT_TELL, DIFFERS, Comparison, compare_with_facts, wage_identity, wage_sums
from experiments.intervals import Estimate
from experiments.labels import KIND_LABELS, Label, place_label, unit_label
from experiments.results import Numbers, read_results
from experiments.tables import Row, cost_rows, summary_rows
from fangpin.screen import Screen

if TYPE_CHECKING:
    from experiments.results import Results
    from experiments.store import Store
    from experiments.study import Plan

DASH = "–"


def number(value: float, digits: int) -> str:
    """Return a number with thousands separated; a dash where there is none, no minus before a zero."""
    if np.isnan(value):
        return DASH
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text


def with_error(estimated: Estimate, digits: int) -> str:
    """Return a mean and the half width of its 95% interval."""
    if np.isnan(estimated.mean) or np.isnan(estimated.error):
        return number(estimated.mean, digits)
    return f"{number(estimated.mean, digits)} ±{number(estimated.high - estimated.mean, digits)}"


def comparisons(results: Results, plan: Plan, store: Store) -> list[Comparison]:
    """Return simulated against observed, the wage identity of each complete year at the end."""
    years = [year for year in results.years if results.months_in(year) == 12]
    sums = _wage_sums(results, plan, store, years)
    identities = [wage_identity(results, sums[year], year) for year in years]
    return [*compare_with_facts(results, plan.facts), *identities]


def _wage_sums(results: Results, plan: Plan, store: Store, years: list[int]) -> dict[int, Numbers]:
    """Return the sums behind the wage identity by year, over all counties: each has wages of its own."""
    sums: dict[int, Numbers] = {}
    for case in plan.cases:
        one = read_results(plan, store, case) if results.weighted else results
        rules = case.scenarios[plan.study.factual].rules
        for year in years:
            sums[year] = sums.get(year, 0.0) + case.multiplier * wage_sums(one, rules, year)
    return sums


MOST_SHOWN = 4
"""Policies whose tables are all printed; of more only the base's, the others stand in the files."""


def shown_policies(results: Results) -> tuple[str, ...]:
    """Return the policies whose tables are printed."""
    study = results.study
    return study.policies if len(study.policies) <= MOST_SHOWN else (study.base,)


def print_tables(screen: Screen, results: Results, compared: list[Comparison]) -> None:
    """Print every table; of a study of many policies those of its base."""
    _print_summary(screen, results)
    _print_costs(screen, results)
    _print_differences(screen, results)
    _print_comparisons(screen, results, compared)
    left_out = len(results.study.policies) - len(shown_policies(results))
    if left_out:
        screen.line(
            Label(
                f"另有{left_out}个政策的同样表格见 summary.csv、differences.csv 和 clusters.csv",
                f"the same tables of {left_out} more policies are in summary.csv, differences.csv and clusters.csv",
            )
        )


def _year_heads(results: Results) -> list[str]:
    """Return the years as column heads, an incomplete one with its months."""
    return [str(year) if results.months_in(year) == 12 else f"{year} (1-{results.months_in(year)})" for year in results.years]


def _by_measure(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return rows gathered by measure, in order."""
    gathered: dict[str, list[Row]] = {}
    for row in rows:
        gathered.setdefault(row.measure, []).append(row)
    return gathered


def _print_summary(screen: Screen, results: Results) -> None:
    """Print a table of rates and counts for each policy; every rate points to its denominator."""
    rows, lang = summary_rows(results), screen.lang
    marks = {over: f"({place + 1})" for place, over in enumerate(dict.fromkeys(row.over for row in rows if row.over.en))}
    for policy in shown_policies(results):
        screen.heading(_summary_title(results, policy, screen))
        cells = []
        for group in _by_measure(row for row in rows if row.policy == policy).values():
            first = group[0]
            name = f"{first.label.said(lang)} {marks.get(first.over, '')}".strip()
            cells.append([name, first.unit.said(lang), *(with_error(row.estimate, row.digits) for row in group)])
        screen.table(
            [Label("指标", "measure").said(lang), Label("单位", "unit").said(lang), *_year_heads(results)],
            cells,
            left=2,
        )
    screen.line(Label("各比率的分母：", "denominators of the rates:"))
    for over, mark in marks.items():
        screen.line(Label(f"  {mark} {over.zh}", f"  {mark} {over.en}"))


def _summary_title(results: Results, policy: str, screen: Screen) -> Label:
    """Return the heading of a summary table."""
    count, name = len(results.replications), results.name(policy).said(screen.lang)
    if count == 1:
        return Label(f"{name}（一次重复，无误差）", f"{name} (one replication, no error)")
    return Label(
        f"{name}（均值 ± 95%区间半宽，{count} 次重复，只含随机误差）",
        f"{name} (mean ± half of the 95% interval, {count} replications, Monte-Carlo error only)",
    )


def _print_costs(screen: Screen, results: Results) -> None:
    """Print what levers cost, a table for each policy."""
    lang, rows = screen.lang, cost_rows(results)
    for policy in shown_policies(results):
        name = results.name(policy).said(lang)
        screen.heading(
            Label(
                f"{name}：各政策工具支出（{results.scope.zh}，百万元/年）",
                f"{name}: cost by lever ({results.scope.en}, million yuan a year)",
            )
        )
        gathered = _by_measure(row for row in rows if row.policy == policy).values()
        cells = [[line[0].label.said(lang), *(with_error(row.estimate, 3) for row in line)] for line in gathered]
        screen.table([Label("政策工具", "lever"), *_year_heads(results)], cells)


DIFFERENCE_GROUPS = (
    ("ex_poor", Label("脱贫人口返贫", "relapse of the ex-poor")),
    ("marginal", Label("边缘人口致贫", "falling of the marginal")),
)


def _print_differences(screen: Screen, results: Results) -> None:
    """Print the paired differences from the base by main cause: 返贫 and 致贫 apart."""
    for group, word in DIFFERENCE_GROUPS:
        rows = difference_rows(results, group)
        for policy in [policy for policy in shown_policies(results) if policy != results.study.base]:
            _print_difference(screen, results, word, [row for row in rows if row.policy == policy])


def _print_difference(screen: Screen, results: Results, word: Label, rows: list[Difference]) -> None:
    """Print the differences of one policy; causes that never differ are left out."""
    lang = screen.lang
    ours, theirs = results.name(rows[0].policy).said(lang), results.name(rows[0].base).said(lang)
    unit = Label("人次，扣除刚性支出，配对，±95%区间半宽", "persons, net, paired, ± half of the 95% interval").said(lang)
    screen.heading(
        Label(
            f"{word.zh}之差：“{ours}”减“{theirs}”（{unit}）",
            f"difference in {word.en}: '{ours}' minus '{theirs}' ({unit})",
        )
    )
    gathered: dict[str, list[Difference]] = {}
    for row in rows:
        gathered.setdefault(row.cause, []).append(row)
    differing = {cause: line for cause, line in gathered.items() if cause == TOTAL or any(map(differs, line))}
    heads = [Label("主要原因", "main cause").said(lang), *_year_heads(results), Label("合计", "all years").said(lang)]
    cells = [[cause_label(cause).said(lang), *(with_error(row.estimate, 1) for row in line)] for cause, line in differing.items()]
    screen.table(heads, cells)


def verdict_label(line: Comparison) -> Label:
    """Return the verdict on a line in words."""
    return verdict_words(line.verdict, line.miss)


def verdict_words(verdict: str, miss: float | None) -> Label:
    """Return a verdict in words, with the distance of the means where it does not agree."""
    missed = 100 * (miss or 0.0)
    known = {
        AGREES: Label("吻合", "agrees"),
        DIFFERS: Label(f"不符 {missed:+.0f}%", f"differs {missed:+.0f}%"),
        CANNOT_TELL: Label(f"无法判断 {missed:+.0f}%", f"cannot tell {missed:+.0f}%"),
    }
    return known.get(verdict, Label("不评判", "not judged"))


RULE = Label(
    "吻合：90%的重复都在容差之内；不符：都在容差之外；否则无法判断。"
    "容差为实际数字的10%（未核实的25%；比例至多3个百分点，增速2个百分点）",
    "agrees: nine tenths of the repetitions lie within the tolerance; differs: they lie outside; else cannot tell. "
    "Tolerance: 10% of the figure (25% where recalled; at most 3 points of a share, 2 points of a growth rate)",
)
"""The rule of the verdict in words."""


def significant(value: float) -> str:
    """Return a number with four significant digits, thousands separated from 1,000 on."""
    if np.isnan(value):
        return DASH
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _print_comparisons(screen: Screen, results: Results, compared: list[Comparison]) -> None:
    """Print simulated against observed, each kind in a table of its own."""
    policy = results.name(results.study.factual).said(screen.lang)
    screen.heading(Label(f"模拟与实际对照（{policy}）", f"simulated against observed ({policy})"))
    for kind, label in KIND_LABELS.items():
        lines = [line for line in compared if line.kind == kind]
        if lines:
            _print_kind(screen, label, lines)
    print_counts(screen, [(line.kind, line.verdict) for line in compared])


def _print_kind(screen: Screen, label: Label, lines: list[Comparison]) -> None:
    """Print the comparisons of one kind."""
    lang = screen.lang
    heads = [label, Label("年份", "year"), Label("单位", "unit"), Label("地区", "place")]
    heads += [Label("实际", "observed"), Label("模拟", "simulated"), Label("结论", "verdict")]
    cells = []
    for line in lines:
        words = [
            line.name.said(lang),
            str(line.year),
            unit_label(line.unit).said(lang),
            place_label(line.place).said(lang),
        ]
        numbers = [significant(line.observed), significant(line.simulated.mean)]
        cells.append([*words, *numbers, verdict_label(line).said(lang)])
    screen.table(heads, cells, left=4)


def print_counts(screen: Screen, judged: Iterable[tuple[str, str]]) -> None:
    """Say how many figures agree, each kind by itself: an input that agrees proves nothing.

    Args:
        screen: where to.
        judged: kind and verdict of each figure.
    """
    counted = Counter(judged)
    for kind, label in KIND_LABELS.items():
        good, bad, open_ = (counted[kind, verdict] for verdict in (AGREES, DIFFERS, CANNOT_TELL))
        total = good + bad + open_
        if total:
            screen.line(
                Label(
                    f"{label.zh}：{total}项中{good}项吻合，{bad}项不符，{open_}项无法判断",
                    f"{label.en}: {good} of {total} agree, {bad} differ, {open_} cannot be told",
                )
            )
    screen.line(RULE)


COUNTY_MEASURES = ("relapse_net", "at_risk", "poor_stock")
"""The rates that are shown for each county of a place that lists several."""


def print_counties(screen: Screen, plan: Plan, store: Store) -> None:
    """Print rates of each representative county under the factual policy, by year."""
    policy, lang = plan.study.factual, screen.lang
    chosen: dict[str, list[list[str]]] = {measure: [] for measure in COUNTY_MEASURES}
    labels: dict[str, Label] = {}
    years: list[str] = []
    for case, rows in county_rows(plan, store):
        for measure, group in _by_measure(row for row in rows if row.policy == policy).items():
            if measure in chosen:
                labels[measure], years = group[0].label, [str(row.year) for row in group]
                weight = f"{case.weight:,.0f}"
                numbers = [with_error(row.estimate, row.digits) for row in group]
                chosen[measure].append([case.names[lang], weight, *numbers])
    for measure, cells in chosen.items():
        said = labels[measure]
        screen.heading(Label(f"各代表县：{said.zh}（%）", f"by representative county: {said.en} (%)"))
        screen.table([Label("县", "county"), Label("代表县数", "stands for"), *years], cells)
