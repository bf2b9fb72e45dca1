"""The report of runs whose population came from rows of persons: released counts, nothing else of them.

Counts go through the disclosure gate and its register first; the document is built of what the gate shows, so that no exact
figure can reach it. Charts, money, medians and stories of such runs are left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.disclosure import ALL, BASE, LEAST, WIDTH, Cell, Counts, Protected
from experiments.labels import Lang
from experiments.report.assumed import assumptions
from experiments.report.document import Cell as Shown
from experiments.report.document import Document, Paragraph, Row, Section, Table, Value, harmless, paragraph, plain
from experiments.report.method import model_words
from experiments.report.subject import Subject

LEVEL_NAMES = {3: (("县", "county"), ("乡镇", "township"), ("村", "village"))}
GROUPS = {
    "ex_poor": ("脱贫户", "ex-poor"),
    "marginal": ("边缘户", "marginal"),
    "other": ("其他户", "other"),
    ALL: ("合计", "all"),
}


def guarded(subject: Subject, counts: Counts, protected: Protected) -> Document:
    """Return the report of released counts.

    Args:
        subject: the folder; only its study, names of policies and assumptions are read.
        counts: the counts that were released; their cells name the tables, none of their numbers is used.
        protected: what the gate shows.
    """
    title = subject.say(f"{subject.place}防贫政策模拟报告（经披露控制）", f"{subject.place}: released tables of a simulation")
    lines = (
        subject.say(f"人口：{counts.population}，来自逐人数据", f"Population: {counts.population}, from rows of persons"),
        subject.say(f"单位：{_unit(counts, 'zh')}", f"Unit: {_unit(counts, 'en')}"),
    )
    standing = subject.say("经披露控制的表，可以公布", "tables through the disclosure gate, fit to be published")
    sections = (
        _answer(subject, counts, protected),
        _gate(subject, protected),
        _method(subject),
        *_tables(subject, counts, protected),
    )
    return harmless(Document(subject.lang, title, lines, (*sections, _assumed(subject), _caveats(subject)), standing))


def _unit(counts: Counts, lang: Lang) -> str:
    """Return what is counted."""
    return {"households": ("户", "households"), "persons": ("人", "persons")}[counts.unit][lang == "en"]


def _shown(subject: Subject, key: str, number: float, unit: str) -> Shown:
    """Return a released count, or that it is hidden."""
    return subject.say("隐去", "hidden") if math.isnan(number) else Value(key, float(number), digits=0, unit=unit)


def _top(counts: Counts) -> Cell:
    """Return the cell of the whole place, all groups."""
    return next(cell for cell in counts.cells if len(cell.area) == 1 and cell.group in (ALL, *counts.groups[:1])
                and (cell.group == ALL or len(counts.groups) == 1))  # fmt: skip


def _answer(subject: Subject, counts: Counts, protected: Protected) -> Section:
    """Return question and answer from the released counts of the whole place."""
    unit, top = _unit(counts, subject.lang), counts.cells.index(_top(counts))
    question = subject.say(
        "问题：各政策之下，各年新返贫致贫的有多少？", "Question: how many newly fall in each year under each policy?"
    )
    parts: list[Value | str] = [subject.say("公布的数字（取整到10）：", "Released figures, rounded to 10: ")]
    years = sorted({year for year, _ in protected.fell})
    for number, policy in enumerate(subject.policies):
        parts.append(subject.say("；", "; ") if number else "")
        parts.append(f"{subject.name(policy)}{subject.say('：', ': ')}")
        for place, year in enumerate(years):
            parts.append(f"{subject.say('，', ', ') if place else ''}{year} ")
            parts.append(
                _shown(subject, f"released/{year}/{policy}/{_top(counts).name}", protected.fell[year, policy][top], unit)
            )
    members = _shown(subject, f"released/members/{_top(counts).name}", protected.members[top], unit)
    parts += [subject.say("。全部人口：", ". Population: "), members, subject.say("。", ".")]
    table = _by_year(subject, counts, protected, [cell for cell in counts.cells if len(cell.area) == 1], "county")
    heading = subject.say("问题与回答", "Question and answer")
    return Section(heading, (plain(question, "asked"), Paragraph(tuple(parts), "lead"), table))


def _gate(subject: Subject, protected: Protected) -> Section:
    """Return what the gate did."""
    text = subject.say(
        "每格背后至少{least}户和{least}人，未受影响的一侧也一样；没有0%和100%；数字各自取整到{base}；"
        "{primary}格因人数不足隐去，另有{added}格为防推算隐去，"
        "隐去的数不能推算到{width}以内。已登记，同一人口以后的公布受其约束。",
        "Behind each cell stand at least {least} households and persons, and as many on the other side; no 0% and 100%; each "
        "figure is "
        "rounded to {base} by itself; {primary} cells are hidden for too few, {added} more so that those cannot be worked "
        "out to within "
        "{width}. The release stands in the register, which binds later ones of the same persons.",
    )
    given = {"least": LEAST, "base": BASE, "primary": protected.primary, "added": protected.added, "width": WIDTH}
    head = paragraph(text, **{key: Value(f"gate/{key}", float(number)) for key, number in given.items()})
    left_out = plain(
        subject.say(
            "没有列入、也不得从本文件夹另行公布的：金额、中位数和最大值、图、单户的经过、首页各表、目标、原因。",
            "Left out, and not to be published from this folder in any other way: money, medians and maxima, charts, single "
            "households, "
            "the first page, targets, causes.",
        )
    )
    return Section(subject.say("披露控制", "The disclosure gate"), (head, left_out))


def _method(subject: Subject) -> Section:
    """Return the method in short."""
    repeats = Value("repetitions", subject.repeats)
    text = subject.say(
        "数字为{runs}次重复的均值；返贫致贫：扣除刚性支出后新跌破贫困线。",
        "Means of {runs} repetitions; falls: newly below the poverty line, net of unavoidable spending.",
    )
    return Section(subject.say("方法", "Method"), (model_words(subject), paragraph(text, runs=repeats)))


def _tables(subject: Subject, counts: Counts, protected: Protected) -> list[Section]:
    """Return the released tables of the levels below the whole place."""
    depth = len(counts.villages[0])
    names = LEVEL_NAMES.get(depth, tuple((f"第{level + 1}级", f"level {level + 1}") for level in range(depth)))
    parts = []
    for level in range(2, depth + 1):
        cells = [cell for cell in counts.cells if len(cell.area) == level]
        table = _by_year(subject, counts, protected, cells, names[level - 1][1])
        parts.append(Section(subject.say(f"按{names[level - 1][0]}", f"By {names[level - 1][1]}"), (table,)))
    return [Section(subject.say("公布的表", "Released tables"), (), tuple(parts))]


def _by_year(subject: Subject, counts: Counts, protected: Protected, cells: Sequence[Cell], level: str) -> Table:
    """Return the counts of some cells: a row an area, group and policy, a column a year."""
    unit = _unit(counts, subject.lang)
    years = sorted({year for year, _ in protected.fell})
    rows = []
    for cell in cells:
        place = counts.cells.index(cell)
        area = " / ".join(cell.area[1:]) or subject.place
        group = GROUPS.get(cell.group, (cell.group, cell.group))[subject.lang == "en"]
        for policy in subject.policies:
            fell = [
                _shown(subject, f"released/{year}/{policy}/{cell.name}", protected.fell[year, policy][place], unit)
                for year in years
            ]
            members = _shown(subject, f"released/members/{cell.name}", protected.members[place], unit)
            rows.append(Row((area, group, subject.name(policy)), (members, *fell)))
    heads = (subject.say("地方", "area"), subject.say("群体", "group"), subject.say("政策", "policy"))
    return Table(
        f"released_{level}",
        subject.say("各年新返贫致贫，经披露控制", "Newly fallen by year, through the gate"),
        heads,
        subject.say("年份", "year"),
        (subject.say("全部", "all"), *map(str, years)),
        tuple(rows),
        subject.say(
            "合计不是各部分之和：每个数各自取整。", "Totals are no sums of their parts: each figure is rounded by itself."
        ),
        long=False,
    )


def _assumed(subject: Subject) -> Section:
    """Return how many values are assumptions; which they are may tell of the place, so that only those of the rules are named."""
    found = assumptions(subject)
    rules = [one for one in found if one.key.startswith("rules.")]
    text = subject.say(
        "没有来源的取值（假设）{all}项；地方的取值可能出自逐人数据，这里只列规则里的{rules}项。",
        "{all} values are assumptions. Values of the place may come from rows of persons: only the {rules} of the rules are "
        "named here.",
    )
    rows = tuple(Row((one.key,), (one.value, one.unit, one.source)) for one in rules)
    columns = (subject.say("取值", "value"), subject.say("单位", "unit"), subject.say("依据（原文）", "what is said of it"))
    table = Table("assumptions", subject.say("规则里的假设", "Assumptions of the rules"), (subject.say("代号", "key"),),
                  subject.say("项", "part"), columns, rows, most=15, long=False)  # fmt: skip
    given = {"all": Value("assumptions", len(found)), "rules": Value("assumptions/rules", len(rules))}
    return Section(subject.say("假设", "What was assumed"), (paragraph(text, **given), table))


def _caveats(subject: Subject) -> Section:
    """Return the caveats."""
    texts = (
        subject.say(
            "模拟的返贫致贫不是关于真实的人的事实；人口数是。",
            "Simulated falls of real persons are no facts about them; the population counts are.",
        ),
        subject.say(
            "披露控制防不住认识其中一些人、或持有同一批人其他表格的读者。",
            "The gate cannot defend against a reader who knows some of the persons or has other tables of them.",
        ),
        subject.say("差别比水平可靠，两者都不是预言。", "Differences are more certain than levels, and neither is a prophecy."),
    )
    return Section(subject.say("注意事项", "Caveats"), tuple(plain(text, "item") for text in texts))
