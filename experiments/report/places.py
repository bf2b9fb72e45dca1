"""Several places beside each other: rates, falls and cost of each under the policy of its page."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.intervals import estimate
from experiments.quantities import QUANTITIES
from experiments.report.answer import question
from experiments.report.document import Cell, Chart, Paragraph, Row, Section, Table, plain
from experiments.report.subject import Subject
from experiments.sweep import horizon_mean

COMPARED = ("relapse_registry", "relapse_net", "falling_net", "at_risk", "poor_stock", "enrolment")


def called(subject: Subject, subjects: Sequence[Subject]) -> str:
    """Return what a folder is called among others: its place, with the folder's name where a place stands twice."""
    twice = sum(one.place == subject.place for one in subjects) > 1
    return (
        subject.say(f"{subject.place}（{subject.folder.name}）", f"{subject.place} ({subject.folder.name})")
        if twice
        else subject.place
    )


def side_by_side(subjects: Sequence[Subject]) -> Section:
    """Return the first chapter of a report of several places: the answers in short, and a table of rates."""
    first = subjects[0]
    items: list[Paragraph] = [plain(f"{first.say('问题：', 'Question: ')}{question(one)}", "item") for one in subjects]
    answers = [_answer(one, called(one, subjects)) for one in subjects]
    return Section(first.say("问题与各地对照", "Question, and places side by side"), (*items, *answers, _rates(subjects)))


def _answer(subject: Subject, name: str) -> Paragraph:
    """Return the answer of one place, with its name before it."""
    from experiments.report.answer import answer

    lead = next(block for block in answer(subject).blocks if isinstance(block, Paragraph) and block.kind == "lead")
    return Paragraph((f"{name}{subject.say('：', ': ')}", *lead.parts), "lead")


def _rates(subjects: Sequence[Subject]) -> Table:
    """Return mean yearly rates by place."""
    first, chosen = subjects[0], [one for one in QUANTITIES if one.id in COMPARED]
    rows = []
    for subject in subjects:
        place = subject.results.place_of(subject.policy)
        cells: list[Cell] = []
        for quantity in chosen:
            found = estimate(horizon_mean(subject.results, quantity)[place])
            key = f"place/{subject.folder.name}/{quantity.id}"
            cells.append(subject.value(key, found, quantity.digits, quantity.unit))
        rows.append(Row((called(subject, subjects), subject.name(subject.policy), subject.span), tuple(cells)))
    return Table(
        "places",
        first.say("各地年均比率", "Mean yearly rates by place"),
        (first.say("地方", "place"), first.say("政策", "policy"), first.say("时段", "years")),
        first.say("指标", "measure"),
        tuple(first.said(one.label) for one in chosen),
        tuple(rows),
        first.say(
            "各地模拟规模、线和标准不同，水平不宜直接排名。",
            "Places differ in size simulated, lines and standards: levels are no ranking.",
        ),
        chart=Chart(
            "column", tuple(range(len(rows))), first.say("各地年均比率", "Mean yearly rates by place"), "%", len(chosen) - 1
        ),
        long=False,
    )
