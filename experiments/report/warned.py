"""Early warning: what the registry sees of true risk, how soon, and what lists of families would catch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.report.document import Cell, Figure, Row, Section, Table
from experiments.report.said import NOTHING
from experiments.report.subject import Subject

if TYPE_CHECKING:
    from experiments.store import Store

FILES = ("lists.parquet", "spells.parquet")
"""Tables that runs of earlier versions were written without."""


def warned(subject: Subject) -> Section | None:
    """Return the section; None where the runs hold no notes of risk."""
    from experiments.charts.warning import draw_warning
    from experiments.warning import read_notes

    run = subject.stored.of(subject.policy, subject.stored.repeats[0])[0]
    if len(subject.policies) > len(subject.detailed) or any(not run.columns(name) for name in FILES):
        return None
    results = subject.results
    notes = read_notes(subject.stored.plan(), _store(subject), results)
    picture = Figure(
        "warning",
        subject.say(
            "早期预警：12月名单的查全率、查准率，以及风险多久被发现",
            "Early warning: recall and precision of December lists, and how soon risk is found",
        ),
        lambda: draw_warning(results, notes, subject.place, subject.lang),
    )
    return Section(subject.say("早期预警", "Early warning"), (picture, _measures(subject)))


def _store(subject: Subject) -> Store:
    """Return the folder as tables read it."""
    from experiments.store import Store

    return Store(subject.stored.root)


def _measures(subject: Subject) -> Table:
    """Return the measures of early warning by year under the shown policies."""
    from experiments.warning_measures import measure_rows

    found = [row for row in measure_rows(subject.results) if row.policy in subject.shown]
    lines: dict[tuple[str, str], list[Cell]] = {}
    labels, over = {}, {}
    for row in found:
        key = f"warning/{row.measure}/{row.policy}/{row.year}"
        lines.setdefault((row.measure, row.policy), []).append(subject.value(key, row.estimate, row.digits, row.unit))
        labels[row.measure], over[row.measure] = subject.said(row.label), subject.said(row.over)
    rows = tuple(Row((labels[measure], subject.name(policy)), tuple(cells)) for (measure, policy), cells in lines.items())
    shares = [f"{labels[name]}{subject.say('：', ': ')}{text}" for name, text in over.items() if text and text != NOTHING]
    return Table(
        "warning",
        subject.say("识别、漏监与核查", "Identification, undercoverage and verification"),
        (subject.say("指标", "measure"), subject.say("政策", "policy")),
        subject.say("年份", "year"),
        tuple(str(year) for year in subject.results.years),
        rows,
        subject.say("“有风险”指模型中的真实状态。分母——", "At risk is the model's truth. Denominators: ")
        + subject.say("；", "; ").join(shares),
    )
