"""The bureau's first page in the report: one table of what a county asks first, year by year; all of it stands in the sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.compare.bureau import SECTIONS, missing
from experiments.compare.who import class_label
from experiments.labels import Label, account_label
from experiments.report.document import Block, Cell, Paragraph, Row, Section, Table, Value, plain
from experiments.report.said import NOTHING, number
from experiments.report.subject import Subject

if TYPE_CHECKING:
    from experiments.compare.figures import Line

SHORT = {
    "at_risk": Label("新增风险", "newly at risk"),
    "missed": Label("漏报消除", "missed, cleared"),
    "watch_list": Label("名单", "the list"),
    "double_loss": Label("失去两项", "two lost"),
    "funds": Label("资金", "funds"),
    "uninsured": Label("未参保", "uninsured"),
    "work": Label("走访帮扶", "visits, help"),
    "incomes": Label("四项收入", "four incomes"),
    "posts": Label("岗位", "posts"),
}
MOST = {"missed": 4, "watch_list": 2, "double_loss": 1, "funds": 4, "uninsured": 5, "work": 4, "incomes": 8, "posts": 5}
"""Rows of the page by what is asked; the first ones, of reasons and posts those with most."""
HEADS, CAUSES, TOWNS = 2, 4, 3
"""Of what is newly at risk: alerts and all first times, causes and townships with most."""
NEWLY = "below the monitoring line for the first time"
PEAKS = 3
"""Months named, those with most newly at risk."""
MISSED = ("turned away despite an alert on income", "at risk and not in the registry, December",
          "share of clearings that did not last", "taken in again after clearing")  # fmt: skip


def first_page(subject: Subject) -> Section:
    """Return the section: a table of a page, the months with most, and what the files do not hold."""
    rows, full = [], []
    for section, title in SECTIONS.items():
        gathered = _gather([line for line in subject.lines if line.section == section and not line.month])
        rows += [_row(subject, SHORT[section], line) for line in _chosen(section, gathered)]
        full += _whole(subject, section, title, gathered)
    name = subject.name(subject.policy)
    table = Table(
        "page",
        subject.say(f"防贫首页：“{name}”之下（{subject.results.scope.zh}，{subject.repeats}次重复均值±95%区间半宽）",
                    f"The first page under '{name}' ({subject.results.scope.en}; mean of {subject.repeats} repetitions, ± "
                    "half of the "
                    "95% interval)"),
        (subject.say("所问", "asked"), subject.say("指标", "figure")),
        subject.say("年份", "year"),
        tuple(str(year) for year in subject.results.years),
        tuple(rows),
        most=len(rows),
    )  # fmt: skip
    months = [line for line in subject.lines if line.month and not line.detail]
    blocks: list[Block] = [table, *_peaks(subject, months), *_dry(subject), _absent(subject), *full, *_by_month(subject, months)]
    return Section(subject.say("防贫首页", "The bureau's first page"), tuple(blocks), own_page=True)


Gathered = dict[tuple[str, str], dict[int, "Line"]]


def _gather(lines: Sequence[Line]) -> Gathered:
    """Return lines by item and detail, then by year."""
    found: Gathered = {}
    for line in lines:
        found.setdefault((line.item.en, line.detail), {})[line.year] = line
    return found


def _sum(by_year: dict[int, Line]) -> float:
    """Return the sum over years."""
    return sum(line.value.mean for line in by_year.values() if line.value.mean == line.value.mean)


def _chosen(section: str, gathered: Gathered) -> list[dict[int, Line]]:
    """Return the rows of the page."""
    if section == "at_risk":
        return _newly(gathered)
    found = list(gathered.items())
    if section == "missed":
        found = [(key, gathered[key]) for key in gathered if key[0] in MISSED]
    if section == "posts":
        found.sort(key=lambda one: (one[0][0] != "holders in December", -_sum(one[1])))
        levers = list(dict.fromkeys(key[1] for key, _ in found))[:2]
        found = [one for lever in levers for one in sorted(
            (one for one in found if one[0][1] == lever and _sum(one[1])), key=lambda one: -_sum(one[1]))[:3]]  # fmt: skip
    if section == "uninsured":
        found = found[:2] + sorted(found[2:], key=lambda one: -_sum(one[1]))
    return [by_year for _, by_year in found[: MOST[section]]]


def _newly(gathered: Gathered) -> list[dict[int, Line]]:
    """Return what is newly at risk: alerts, registry, first times, then causes and townships with most."""
    heads = [gathered[key] for key in gathered if key[0] in ("households newly alerted", "taken into the registry")]
    whole = [by_year for key, by_year in gathered.items() if key == (NEWLY, "")]
    causes = [by_year for key, by_year in gathered.items() if key[0].startswith("newly below the line")]
    towns = [by_year for key, by_year in gathered.items() if key[0] == NEWLY and key[1]]
    most = [sorted(group, key=lambda by_year: -_sum(by_year)) for group in (causes, towns)]
    return [*heads[:HEADS], *whole, *most[0][:CAUSES], *most[1][:TOWNS]]


def _name(subject: Subject, line: Line) -> str:
    """Return what a row is called: its item, and what it is of."""
    item = line.item.said(subject.lang)
    if not line.detail or line.section in ("uninsured", "incomes") or (line.section == "at_risk" and "/" not in line.detail):
        return item
    if line.section == "at_risk":
        county, _, town = line.detail.rpartition("/")
        names = {case.name: case.names[subject.lang] for case in subject.stored.plan().cases}
        where = f"{names.get(county, county)} " if len(names) > 1 else ""
        called = class_label("township", town)
        return subject.say(f"{item}·{where}{called.zh}", f"{item}, {where}{called.en}")
    name = subject.said(account_label(line.detail)) if line.section == "funds" else subject.name(line.detail)
    return f"{name}{subject.say('：', ': ')}{item}"


def _row(subject: Subject, asked: Label, by_year: dict[int, Line]) -> Row:
    """Return a row of the page."""
    first = next(iter(by_year.values()))
    return Row((subject.said(asked), _name(subject, first)), _cells(subject, by_year))


def _cells(subject: Subject, by_year: dict[int, Line]) -> tuple[Cell, ...]:
    """Return a cell for each year."""
    cells: list[Cell] = []
    for year in subject.results.years:
        line = by_year.get(year)
        cells.append(NOTHING if line is None else _value(subject, line, str(year)))
    return tuple(cells)


def _value(subject: Subject, line: Line, when: str) -> Value:
    """Return a line as a value."""
    return subject.value(f"bureau/{line.policy}/{line.item.en}/{line.detail}/{when}", line.value, line.digits, line.unit)


def _whole(subject: Subject, section: str, title: Label, gathered: Gathered) -> list[Table]:
    """Return all that is known of one thing asked, for the workbook."""
    if not gathered:
        return []
    rows = []
    for by_year in gathered.values():
        rows.append(Row((_name(subject, next(iter(by_year.values()))),), _cells(subject, by_year)))
    years = tuple(str(year) for year in subject.results.years)
    head, across = subject.say("指标", "figure"), subject.say("年份", "year")
    return [Table(f"page_{section}", subject.said(title), (head,), across, years, tuple(rows), sheet_only=True)]


def _peaks(subject: Subject, months: Sequence[Line]) -> list[Paragraph]:
    """Say in which months most households are newly at risk; none where the files do not hold it."""
    told = []
    for year in subject.results.years:
        most = sorted((line for line in months if line.year == year), key=lambda line: -line.value.mean)[:PEAKS]
        if most:
            zh = "、".join(f"{line.month}月{number(line.value.mean, 1)}户" for line in most)
            en = ", ".join(f"{year}-{line.month:02d} {number(line.value.mean, 1)}" for line in most)
            told.append(subject.say(f"{year}年{zh}", en))
    if not told:
        return []
    head = subject.say("首次跌破监测线最多的月份：", "Months with most households below the monitoring line for the first time: ")
    return [plain(head + subject.say("；", "; ").join(told) + subject.say("。", "."), "note")]


def _dry(subject: Subject) -> list[Paragraph]:
    """Say that no account runs out, where none does."""
    if any(line.section == "funds" for line in subject.lines):
        return []
    return [plain(subject.say("资金：没有账户用完。", "Funds: no account runs out."), "note")]


def _absent(subject: Subject) -> Paragraph:
    """Say what the files do not hold."""
    absent = subject.say("；", "; ").join(one.said(subject.lang) for one in missing(subject.stored))
    text = subject.say(
        f"文件中没有、因而本页缺少的：{absent}。全部乡镇、月份、原因、岗位见Excel的 page_ 各表。",
        f"Lacking here since the files do not hold it: {absent}. All townships, months, reasons and posts: sheets page_ of "
        "the workbook.",
    )
    return plain(text, "note")


def _by_month(subject: Subject, months: Sequence[Line]) -> list[Table]:
    """Return households newly at risk by month, for the workbook."""
    if not months:
        return []
    rows = []
    for year in subject.results.years:
        by_month = {line.month: line for line in months if line.year == year}
        cells: tuple[Cell, ...] = tuple(
            _value(subject, by_month[month], f"{year}-{month:02d}") if month in by_month else NOTHING for month in range(1, 13)
        )
        rows.append(Row((str(year),), cells))
    title = subject.say("首次跌破监测线，按月", "Below the monitoring line for the first time, by month")
    names = tuple(str(month) for month in range(1, 13))
    heads = (subject.say("年份", "year"),)
    return [Table("page_months", title, heads, subject.say("月份", "month"), names, tuple(rows), sheet_only=True)]
