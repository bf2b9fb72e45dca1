"""The command `fangpin goal`: how likely it is that no large-scale return to poverty happens, from stored runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.labels import Label
from fangpin.screen import NOTHING, Screen

if TYPE_CHECKING:
    from experiments.goal import GoalRow, Rates
    from experiments.results import Results
    from experiments.store import Store
    from experiments.study import Plan

MARKS = {"green": Label("绿", "G"), "amber": Label("黄", "A"), "red": Label("红", "R"), "cannot tell": Label("？", "?")}
LEVELS = {"village": Label("村", "village"), "township": Label("乡镇", "township")}
GROUPS = {"ex_poor": Label("返贫", "relapse"), "marginal": Label("致贫", "falling")}
KINDS = {
    "net": Label("扣除刚性支出", "net"),
    "core": Label("收入或住房、教育、饮水", "guarantees but for insurance"),
}


class Found:
    """What a folder says of the goal: rows, steps by number of counties, and what they rest on."""

    def __init__(self, folder: Path, thresholds: Sequence[float], definitions: Sequence[str]) -> None:
        """Read the folder.

        Raises:
            FileNotFoundError: if it holds no whole replication.
        """
        from experiments.goal import cluster_chances, county_steps, goal_rows, place_and_counties
        from experiments.results import read_results
        from experiments.stored import reopen

        plan, store = reopen(folder)
        self.plan: Plan = plan
        self.store: Store = store
        self.results: Results = read_results(plan, store)
        self.rates: list[Rates] = place_and_counties(plan, store, definitions)
        self.rows: list[GoalRow] = goal_rows(self.rates, thresholds)
        self.clusters: list[GoalRow] = cluster_chances(plan, store)
        self.steps = county_steps(self.rates, thresholds)


def read_thresholds(text: str) -> list[float]:
    """Return thresholds given in per cent as shares, ascending.

    Raises:
        ScenarioError: on what is no number between 0 and 100.
    """
    from scenarios.problems import Report

    report, found = Report(), []
    for part in text.split(","):
        try:
            share = float(part.strip().removesuffix("%")) / 100
        except ValueError:
            share = np.nan
        if not 0 < share < 1:
            report.add("command line", "thresholds", f"'{part}'", "per cent above 0 and below 100", "thresholds=0.5,1,2,3,5")
        found.append(share)
    report.stop()
    return sorted(set(found))


def read_definitions(text: str) -> list[str]:
    """Return definitions by their ids; all of the goal's for nothing.

    Raises:
        ScenarioError: on one that is unknown.
    """
    from experiments.goal import DEFINITIONS
    from experiments.quantities import PER_CENT, QUANTITIES
    from scenarios.problems import Report, listing, nearest

    known = [one.id for one in QUANTITIES if one.unit == PER_CENT]
    names = [name.strip() for name in text.split(",") if name.strip()] or list(DEFINITIONS)
    report = Report()
    for name in names:
        if name not in known:
            report.add("command line", "definition", f"'{name}'", listing(known), nearest(name, known))
    report.stop()
    return names


def tell_goal(folder: Path, thresholds: str, definition: str, lang: str) -> None:
    """Work out the goal from a folder, write tables and charts into it, and print it.

    Raises:
        FileNotFoundError: if the folder holds no whole replication.
        ScenarioError: if thresholds or definitions cannot be understood.
    """
    found = Found(folder, read_thresholds(thresholds), read_definitions(definition))
    paths = write_goal(found, lang)
    screen = Screen(lang)
    place = found.plan.names[screen.lang]
    screen.heading(Label(f"不发生规模性返贫的把握：{place}", f"How sure it is that no large-scale relapse happens: {place}"))
    for policy in found.results.study.policies:
        _tell_policy(screen, found, policy)
    _explain(screen, found)
    for path in paths:
        screen.line(Label(f"  {path.relative_to(found.store.root)}", f"  {path.relative_to(found.store.root)}"))


def write_goal(found: Found, lang: str) -> list[Path]:
    """Write ``goal.csv``, ``goal-counties.csv`` where there are several, and the charts; return their paths."""
    from experiments.charts.goal import draw_goal, draw_steps
    from experiments.charts.style import save
    from experiments.goal import HEADER, STEP_HEADER, goal_cells, step_cells
    from experiments.tables import csv_text

    store, place = found.store, found.plan.names["en" if lang == "en" else "zh"]
    rows = [goal_cells(row) for row in (*found.rows, *found.clusters)]
    paths = [store.write_text("tables/goal.csv", csv_text(HEADER, rows))]
    folder = store.root / "charts"
    paths += save(draw_goal(found.results, found.rows, place, Screen(lang).lang), folder, f"goal-{lang}")[:1]
    if found.steps:
        paths.append(
            store.write_text("tables/goal-counties.csv", csv_text(STEP_HEADER, [step_cells(one) for one in found.steps]))
        )
        paths += save(draw_steps(found.results, found.steps, place, Screen(lang).lang), folder, f"goal-counties-{lang}")[:1]
    return paths


def _tell_policy(screen: Screen, found: Found, policy: str) -> None:
    """Print the tables of one policy: rates against thresholds, then clusters."""
    from experiments.goal import EVERY, WHOLE

    name = found.results.name(policy).said(screen.lang)
    for county in (WHOLE, EVERY) if found.plan.weighted else (WHOLE,):
        rows = [row for row in found.rows if row.policy == policy and row.county == county]
        where = Label("（各县同时）", ", every county at once") if county == EVERY else Label("", "")
        screen.heading(Label(f"{name}{where.zh}：年度指标低于阈值的概率", f"{name}{where.en}: probability to stay below"))
        _table(screen, rows, Label("口径", "definition"), lambda row: _definition(row.definition, screen))
    clusters = [row for row in found.clusters if row.policy == policy and row.county == (EVERY if found.plan.weighted else WHOLE)]
    screen.heading(Label(f"{name}：没有成片返贫致贫的概率", f"{name}: probability that no place falls as a whole"))
    _table(screen, clusters, Label("群体、口径、层级", "group, definition, level"), lambda row: _cluster(row.definition, screen))


def _definition(name: str, screen: Screen) -> str:
    """Return what a quantity is called."""
    from experiments.goal import quantity

    return quantity(name).label.said(screen.lang)


def _cluster(kind: str, screen: Screen) -> str:
    """Return what a kind of cluster is called."""
    definition, level, group = kind.split(" ")
    parts = (GROUPS[group], KINDS[definition], LEVELS[level])
    return ("，" if screen.lang == "zh" else ", ").join(part.said(screen.lang) for part in parts)


def _table(screen: Screen, rows: Sequence[GoalRow], head: Label, named: Any) -> None:
    """Print a line for each definition and threshold: probability and light by year, and of all years with the interval."""
    years = sorted({row.year for row in rows if row.year})
    heads = [head, Label("阈值", "below"), *(Label(f"{year}", f"{year}") for year in years), Label("各年同时", "all years")]
    cells = []
    last = ""
    for key in dict.fromkeys((row.definition, row.threshold) for row in rows if not np.isnan(row.threshold)):
        line = [row for row in rows if (row.definition, row.threshold) == key]
        name = named(line[0])
        cells.append(["" if name == last else name, f"{100 * key[1]:g}%", *_chances(screen, line)])
        last = name
    for kind in dict.fromkeys(row.definition for row in rows if np.isnan(row.threshold)):
        line = [row for row in rows if row.definition == kind]
        cells.append([named(line[0]), "", *_chances(screen, line)])
    screen.table(heads, cells, left=1)


def _chances(screen: Screen, line: Sequence[GoalRow]) -> list[str]:
    """Return the cells of a line: years in order, then all of them with the interval."""
    ordered = sorted(line, key=lambda row: (row.year == 0, row.year))
    return [_chance(screen, row) for row in ordered]


def _chance(screen: Screen, row: GoalRow) -> str:
    """Return a probability with its light."""
    if row.chance is None:
        return NOTHING
    mark = MARKS[row.light].said(screen.lang)
    interval = "" if row.year else f" [{row.chance.low:.2f}, {row.chance.high:.2f}]"
    return f"{row.chance.share:.2f}{interval} {mark}"


def _explain(screen: Screen, found: Found) -> None:
    """Say what the probabilities contain, how the light is chosen, and how many replications green takes."""
    from experiments.chances import EVEN, SURE, contains, runs_for_green
    from experiments.clusters import CLUSTER_HOUSEHOLDS, CLUSTER_RATE

    screen.line(contains(found.results))
    least = runs_for_green()
    screen.line(
        Label(
            f"灯：95%区间（Jeffreys）整个不低于{SURE:g}为绿，整个不高于{EVEN:g}为红，整个在两者之间为黄，否则为？（无法判断）；"
            f"要亮绿灯至少需{least}次重复。{SURE:g}与{EVEN:g}是选择，不是事实。",
            f"Light: green where the whole 95% interval (Jeffreys) lies at {SURE:g} or above, red at {EVEN:g} or below, amber "
            f"between, else ? (cannot tell); green takes at least {least} replications. {SURE:g} and {EVEN:g} are choices.",
        )
    )
    screen.line(
        Label(
            "“规模性”没有官方数字：2%和3%是贫困县退出时对贫困存量的要求，可与“贫困存量”直接相比；返贫率以脱贫人口为分母，不是一回事。",
            "No official number says what large-scale is: 2% and 3% were limits of counties' exit from poverty, for the stock of "
            "poor; relapse rates are divided by the ex-poor and are another thing.",
        )
    )
    share = f"{100 * CLUSTER_RATE:.0f}%"
    screen.line(
        Label(
            f"成片：某年新返贫或致贫户超过该群体{share}且不少于{CLUSTER_HOUSEHOLDS}户的村、乡镇（假设）；模拟的村越多越难没有一个。",
            f"A place falls as a whole where more than {share} and at least {CLUSTER_HOUSEHOLDS} households of a group newly "
            "fall in a year (assumptions); the more villages are simulated, the less likely there is none.",
        )
    )
