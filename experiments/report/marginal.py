"""What each further million yuan buys: curves of the value of money, and their steps."""

from __future__ import annotations

from experiments.compare.fieller import BOUNDED, UNBOUNDED, Fieller
from experiments.compare.margins import ALL, Point, Step, curves, steps
from experiments.labels import Label
from experiments.report.document import Block, Figure, Row, Table, Value
from experiments.report.said import number
from experiments.report.subject import Subject

MILLION, PERSONS = Label("百万元", "million yuan"), Label("人次", "persons")


def marginal(subject: Subject) -> tuple[Block, ...]:
    """Return the chart of curves and the table of their steps."""
    from experiments.charts.margins import draw_margins

    results, found = subject.results, curves(subject.results)
    taken = steps(results, found)
    if not taken:
        return ()
    caption = subject.say(
        "花钱的边际价值：左为累计减少的返贫致贫，右为每百万元减少的",
        "Value of money at the margin: left falls averted in all, right for each million yuan",
    )
    picture = Figure("margins", caption, lambda: draw_margins(results, found, taken, subject.lang))
    return picture, _steps(subject, taken)


def _steps(subject: Subject, taken: list[Step]) -> Table:
    """Return the steps, from the cheapest level on."""
    rows = []
    for place, one in enumerate(taken):
        key = f"step/{place + 1}"
        cells = (
            subject.value(f"{key}/dearer", one.dearer, 2, MILLION),
            subject.value(f"{key}/averted", one.averted, 1, PERSONS),
            Value(f"{key}/each", one.each.ratio, digits=1, unit=subject.said(PERSONS)),
            set_in_words(subject, one.each, 1),
        )
        knob = subject.say("按支出排列", "by spending") if one.knob == ALL else one.knob
        rows.append(Row((knob, _level(subject, one.before), _level(subject, one.after)), cells))
    heads = (subject.say("曲线", "curve"), subject.say("从", "from"), subject.say("到", "to"))
    columns: tuple[str, ...] = (subject.say("多花", "dearer by"), subject.say("减少返贫致贫", "falls averted"))
    columns += (subject.say("每百万元减少", "for each million yuan"), subject.say("95%置信集（Fieller）", "95% set (Fieller)"))
    return Table("margins", subject.say("每多花一百万元换来什么", "What each further million yuan buys"), heads,
                 subject.say("指标", "figure"), columns, tuple(rows),
                 subject.say("相邻两档配对相减，由少花到多花；负数为多花钱而返贫更多。",
                             "Neighbours in pairs, from the cheaper to the dearer; below zero more is spent and more fall."),
                 long=False)  # fmt: skip


def _level(subject: Subject, point: Point) -> str:
    """Return what a point is called: its level, or its policy."""
    return point.level or subject.name(point.policy)


def set_in_words(subject: Subject, each: Fieller, digits: int) -> str:
    """Return a confidence set in words, its ends with so many digits behind the point."""
    ends = f"{number(each.low, digits)} – {number(each.high, digits)}"
    if each.shape == BOUNDED:
        return ends
    if each.shape == UNBOUNDED:
        return subject.say(f"在 {ends} 之外", f"outside {ends}")
    return subject.say("不能排除任何值", "nothing is ruled out")
