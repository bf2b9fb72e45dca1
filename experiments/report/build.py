"""The report as a document: its sections in their order, for one folder or for several places beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from experiments.labels import Label
from experiments.persons import population_of
from experiments.report.aims import results
from experiments.report.answer import answer
from experiments.report.assumed import assumed
from experiments.report.caveats import caveats
from experiments.report.document import Document, Section, Table, all_of, harmless
from experiments.report.firstpage import first_page
from experiments.report.method import method
from experiments.report.money import money
from experiments.report.outlook import outlook
from experiments.report.people import people
from experiments.report.places import called, side_by_side
from experiments.report.subject import Subject
from experiments.report.uncertainty import uncertainty
from experiments.study import SYNTHETIC

MADE_UP = Label("合成人口：不对应任何真实的户", "synthetic population: nobody's households")
SECURE = Label("仅限安全环境，不得公布", "for the secure room alone, not for publication")


def sections(subject: Subject) -> tuple[Section, ...]:
    """Return the sections of one folder."""
    return all_of(
        (
            answer(subject),
            first_page(subject),
            method(subject),
            outlook(subject),
            results(subject),
            people(subject),
            money(subject),
            uncertainty(subject),
            assumed(subject),
            caveats(subject),
        )
    )


def report(subjects: Sequence[Subject]) -> Document:
    """Return the report of one folder, or of several, one chapter each after a table of all.

    Args:
        subjects: opened folders (`experiments.report.subject.open_subjects`), all in one language.
    """
    first = subjects[0]
    if len(subjects) == 1:
        return harmless(Document(first.lang, _title(first), _lines(first), sections(first), _standing(subjects)))
    chapters = [
        Section(called(one, subjects), (), tuple(_keyed(part, number) for part in sections(one)))
        for number, one in enumerate(subjects, 1)
    ]
    title = first.say("防贫政策模拟报告：多地对照", "Policies against return to poverty: several places")
    lines = tuple(f"{called(one, subjects)}{first.say('：', ': ')}{_policies(one)}" for one in subjects)
    return harmless(Document(first.lang, title, lines, (side_by_side(subjects), *chapters), _standing(subjects)))


def _title(subject: Subject) -> str:
    """Return the title."""
    return subject.say(
        f"{subject.place}防贫政策模拟报告", f"{subject.place}: policies against return to poverty, a simulation report"
    )


def _policies(subject: Subject) -> str:
    """Return the names of the policies; of many how many there are."""
    names = [subject.name(policy) for policy in subject.policies]
    if len(names) > 4:
        return subject.say(f"{len(names)}种政策组合", f"{len(names)} combinations of policies")
    return subject.say("、", ", ").join(names)


def _lines(subject: Subject) -> tuple[str, ...]:
    """Return what stands below the title."""
    return (
        subject.say(f"时段：{subject.span}年", f"Years: {subject.span}"),
        subject.say(f"政策：{_policies(subject)}", f"Policies: {_policies(subject)}"),
        subject.say(f"由 {subject.folder.name} 中存储的运行得出", f"From the stored runs in {subject.folder.name}"),
    )


def _standing(subjects: Sequence[Subject]) -> str:
    """Return the line on every page."""
    free = all(population_of(one.folder) == SYNTHETIC for one in subjects)
    return (MADE_UP if free else SECURE).said(subjects[0].lang)


def _keyed(section: Section, number: int) -> Section:
    """Return a section with the keys of its tables marked by the number of its chapter, so that they stay unique."""
    blocks = tuple(replace(one, key=f"{one.key}_p{number}") if isinstance(one, Table) else one for one in section.blocks)
    return replace(section, blocks=blocks, parts=tuple(_keyed(part, number) for part in section.parts))
