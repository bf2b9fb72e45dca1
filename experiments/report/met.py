"""How the runs meet observed figures: the verdicts of `fangpin validate`, its chart, and the figures themselves."""

from __future__ import annotations

import math

from experiments.facts import AGREES, CANNOT_TELL, DIFFERS, NOT_JUDGED, Comparison, compare_with_facts
from experiments.labels import KIND_LABELS, Label, place_label, unit_label
from experiments.report.document import Block, Cell, Figure, Paragraph, Row, Section, Table, Value, paragraph, plain
from experiments.report.said import NOTHING
from experiments.report.subject import Subject

VERDICTS = {
    AGREES: Label("吻合", "agrees"),
    DIFFERS: Label("不符", "differs"),
    CANNOT_TELL: Label("无法判断", "cannot tell"),
    NOT_JUDGED: Label("不评判", "not judged"),
}
JUDGED = (AGREES, DIFFERS, CANNOT_TELL)


def met(subject: Subject) -> Section:
    """Return simulated against observed figures."""
    from scenarios import ScenarioError, observations_of

    heading = subject.say("与实际数字相比", "Against observed figures")
    try:
        found = compare_with_facts(subject.results, observations_of(subject.stored.study.place))
    except ScenarioError:
        found = []
    if not found:
        text = subject.say("没有可以对照的实际数字。", "There is no observed figure to compare with.")
        return Section(heading, (plain(text),))
    counted = [_agreement(subject, kind, found) for kind in KIND_LABELS if any(_of(line, kind) for line in found)]
    return Section(heading, (*counted, *_picture(subject, found), _figures(subject, found)))


def _of(line: Comparison, kind: str) -> bool:
    """Return whether a figure is of a kind and has a verdict."""
    return line.kind == kind and line.verdict in JUDGED


def _agreement(subject: Subject, kind: str, found: list[Comparison]) -> Paragraph:
    """Return how many figures of a kind agree, differ, and cannot be told."""
    mine = [line for line in found if _of(line, kind)]
    text = subject.say(
        "{kind}：{all}项中{good}项吻合，{bad}项不符，{open}项无法判断。",
        "{kind}: of {all} {good} agree, {bad} differ, of {open} nobody can tell.",
    )
    counts = {"good": AGREES, "bad": DIFFERS, "open": CANNOT_TELL}
    given = {
        name: Value(f"facts/{kind}/{name}", float(sum(line.verdict == verdict for line in mine)))
        for name, verdict in counts.items()
    }
    return paragraph(
        text, "item", kind=subject.said(KIND_LABELS[kind]), all=Value(f"facts/{kind}/all", float(len(mine))), **given
    )


def _picture(subject: Subject, found: list[Comparison]) -> tuple[Block, ...]:
    """Return the chart of all figures that can stand on its axis."""
    from experiments.charts.validation import draw_validation, drawable

    if not drawable(found):
        return ()
    caption = subject.say(
        "模拟÷实际：点为均值，横线为90%的重复，灰带为容差", "Simulated over observed: dots are means, lines nine tenths of the "
        "repetitions, grey the tolerance",
    )  # fmt: skip
    return (Figure("met", caption, lambda: draw_validation(found, subject.place, "", subject.lang)),)


def _figures(subject: Subject, found: list[Comparison]) -> Table:
    """Return the table of figures, the test first."""
    order, rows = list(KIND_LABELS), []
    for line in sorted(found, key=lambda line: order.index(line.kind)):
        key, unit = f"fact/{line.id}/{line.year}", subject.said(unit_label(line.unit))
        cells: tuple[Cell, ...] = (
            _figure(f"{key}/observed", line.observed, unit),
            _figure(f"{key}/simulated", line.simulated.mean, unit),
            _band(line),
            subject.said(VERDICTS[line.verdict]),
        )
        when = str(line.year) if line.month == 12 else f"{line.year}-{line.month:02d}"
        labels = (subject.said(KIND_LABELS[line.kind]), subject.said(line.name), when, subject.said(place_label(line.place)))
        rows.append(Row(labels, cells))
    heads = (
        subject.say("性质", "kind"),
        subject.say("指标", "figure"),
        subject.say("时间", "date"),
        subject.say("地区", "place"),
    )
    columns = (subject.say("实际", "observed"), subject.say("模拟", "simulated"), subject.say("90%的重复", "90% of repetitions"))
    return Table(
        "facts",
        subject.say("模拟与实际", "Simulated and observed"),
        heads,
        subject.say("项", "part"),
        (*columns, subject.say("结论", "verdict")),
        tuple(rows),
        subject.say(
            "只有样本外的涌现数字才是检验；输入和据以取值的数字吻合不说明什么，行政目标受管理。90%的重复整个落在容差之内为吻合，"
            "整个在外为不符，否则无法判断（重复太少或参数不明）。",
            "Emergent figures out of sample alone are a test; inputs and figures that values were chosen with agree for that, "
            "administrative targets are managed. Agrees: nine tenths of repetitions lie within the tolerance; differs: none "
            "do; else nobody can tell (too few repetitions, or parameters too little known).",
        ),
        most=40,
        long=False,
    )


def _band(line: Comparison) -> str:
    """Return the band in words."""
    low, high = line.band
    if math.isnan(low):
        return NOTHING
    digits = _digits(max(abs(low), abs(high)))
    return f"{low:,.{digits}f} – {high:,.{digits}f}"


def _figure(key: str, value: float, unit: str) -> Cell:
    """Return a figure with three significant digits."""
    return NOTHING if math.isnan(value) else Value(key, value, digits=_digits(value), unit=unit)


def _digits(value: float) -> int:
    """Return the decimals that show three significant digits."""
    size = 0 if value == 0 else math.floor(math.log10(abs(value)))
    return max(0, min(4, 2 - size))
