"""The command `fangpin targets`: whether stored runs keep what a plan commits to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.labels import Label
from fangpin.screen import NOTHING, Screen

if TYPE_CHECKING:
    from experiments.targets import Chance, Judgement, YearJudged


def judged(folder: Path, plan: str = "", every: bool = False) -> list[Judgement]:
    """Return what the runs of a folder say of the targets of a plan.

    Args:
        folder: a folder that `fangpin run` wrote.
        plan: id of a plan; by default that of the run's place.
        every: whether targets of other plans are judged as well.

    Raises:
        FileNotFoundError: if the folder holds no whole replication.
        ScenarioError: if there is no such plan.
    """
    from experiments.evidence import read_evidence
    from experiments.targets import judge
    from scenarios.planbook import plan_book
    from scenarios.problems import Report, listing, nearest

    book = plan_book()
    if plan and plan not in book.plans:
        report = Report()
        report.add("command line", "plan", f"'{plan}'", listing(book.plans), nearest(plan, book.plans))
        report.stop()
    runs = read_evidence(folder)
    meant = plan or runs[0].plan
    chosen = [target for target in book.targets.values() if every or not meant or meant in target.plans]
    return judge(runs, chosen, plan)


def write_targets(folder: Path, found: list[Judgement]) -> Path:
    """Write the judgements as ``tables/targets.csv`` beside the other tables and return its path."""
    from experiments.store import write_whole
    from experiments.tables import csv_text
    from experiments.targets import HEADER, judgement_rows

    rows = [row for one in found for row in judgement_rows(one)]
    return write_whole(folder / "tables" / "targets.csv", csv_text(HEADER, rows))


def show_targets(found: list[Judgement], folder: Path, path: Path, lang: str) -> None:
    """Print the judgements: a line for each target, statement and policy, with a column for each year."""
    screen = Screen(lang)
    plan = found[0].plan if found else ""
    screen.heading(
        Label(f"目标是否兑现：{folder}（文件：{plan or '无'}）", f"Targets kept or missed: {folder} (plan: {plan or 'none'})")
    )
    for target in {one.target.id: one.target for one in found if one.years}.values():
        rows = [one for one in found if one.target.id == target.id]
        name, clauses = target.names[screen.lang], " ".join(rows[0].clauses)
        screen.heading(Label(f"{name}  {clauses}", f"{name}  {clauses}"))
        screen.line(Label(target.formula["zh"], target.formula["en"]))
        _table(screen, rows)
    _explain(screen, found, path)


def _table(screen: Screen, found: list[Judgement]) -> None:
    """Print one target: for each policy the measure by year, then how often each statement held."""
    from experiments.targets import VERDICTS, said

    years = sorted({year.year for one in found for year in one.years})
    heads = [Label("政策", "policy"), Label("要求", "statement"), *(Label(f"{year}", f"{year}") for year in years)]
    heads += [Label("各年都达到", "all years"), Label("结论", "verdict")]
    rows: list[list[str]] = []
    for policy in dict.fromkeys(one.policy for one in found):
        mine = [one for one in found if one.policy == policy]
        values = [_value(year, mine[0].target.unit) for year in mine[0].years]
        rows.append([policy, Label("数值", "measure").said(screen.lang), *values, "", ""])
        for one in mine:
            chances = [NOTHING if year.chance is None else f"{year.chance.share:.2f}" for year in one.years]
            rows.append(["", said(one, screen.lang), *chances, _share(one.chance), VERDICTS[one.verdict].said(screen.lang)])
    screen.table(heads, rows, left=2, whole=2)


def _value(year: YearJudged, unit: str) -> str:
    """Return the measure of a year."""
    if year.value.runs == 0:
        return NOTHING
    return f"{year.value.mean * 100:.2f}%" if unit == "share" else f"{year.value.mean:.3g}"


def _share(chance: Chance | None) -> str:
    """Return a probability with its interval."""
    return NOTHING if chance is None else f"{chance.share:.2f} [{chance.low:.2f}, {chance.high:.2f}]"


def _explain(screen: Screen, found: list[Judgement], path: Path) -> None:
    """Say how to read the table, what was not measured and why, and where the table is."""
    english = (
        "Below each year: share of replications in which the statement holds; all years: with its 95% interval. Kept or missed: "
        "the interval lies above or below one half. A count of zero is of the simulated villages: more households, less likely."
    )
    chinese = (
        "各年下为要求成立的重复模拟占比；各年都达到附95%区间，整个区间高于或低于一半才下结论。"
        "要求为零的目标按模拟村计，模拟户数越多越难达到。"
    )
    screen.line(Label(chinese, english))
    for one in {one.target.id: one for one in found if one.reason}.values():
        name = one.target.names
        screen.line(Label(f"未计量：{name['zh']}（{one.reason}）", f"not measured: {name['en']} ({one.reason})"))
    screen.line(Label(f"全表：{path}", f"whole table: {path}"))


def target_rows(folder: Path, plan: str = "", every: bool = False) -> list[dict[str, Any]]:
    """Return the judgements as plain data, a dict for each target, statement and policy."""
    return [_plain(one) for one in judged(folder, plan, every)]


def _plain(one: Judgement) -> dict[str, Any]:
    """Return a judgement as plain data."""
    head = {
        "target": one.target.id,
        "names": dict(one.target.names),
        "formula": dict(one.target.formula),
        "unit": one.target.unit,
    }
    years = {
        year.year: {
            "value": year.value.mean,
            "mc_error": year.value.error,
            "probability": year.chance.share if year.chance else None,
        }
        for year in one.years
    }
    chance = None if one.chance is None else one.chance._asdict()
    said = {
        "policy": one.policy,
        "plan": one.plan,
        "clauses": one.clauses,
        "statement": one.statement,
        "threshold": one.threshold,
    }
    return {**head, **said, "years": years, "chance": chance, "verdict": one.verdict, "reason": one.reason}
