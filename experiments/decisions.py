"""What happened to a family and what was decided, and why: read from what changed from one month to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from experiments.accounts import said
from experiments.labels import Label
from experiments.life import Life
from experiments.life_county import dibao, given, insurance, registry
from experiments.life_household import bills, lines, money, shocks, yearly_tests
from experiments.life_members import called, does, health, people
from sim.trace import Traced

GROUP_LABELS = {
    "ex_poor": Label("脱贫户", "ex-poor household"),
    "marginal": Label("边缘户", "marginal household"),
    "other": Label("其他农户", "other household"),
}


class Told(NamedTuple):
    """Something that changed or was decided: when, and what in both languages."""

    month: int
    text: Label


def decisions(life: Life, before: Traced | None = None) -> list[Told]:
    """Return what changed and what was decided, and why, in the order of the months.

    Args:
        life: the family's months.
        before: the month before the first one; without it the first month is the beginning.
    """
    told: list[Told] = []
    earlier = before
    for month in life.months:
        if earlier is not None:
            told += [Told(month.month, text) for text in _changes(life, earlier, month)]
        earlier = month
    return told


class Shared(NamedTuple):
    """Something told of a month, and the policies under which it happened, by their places; all of them when it is common."""

    month: int
    text: Label
    policies: tuple[int, ...]


def side_by_side(lives: Sequence[Life]) -> list[Shared]:
    """Return what happened under all policies as one story: what several have in common is told once."""
    found: dict[Told, list[int]] = {}
    for place, life in enumerate(lives):
        for one in dict.fromkeys(decisions(life)):
            found.setdefault(one, []).append(place)
    ordered = sorted(found.items(), key=lambda pair: pair[0].month)  # stable: in a month as the policies tell it
    return [Shared(one.month, one.text, tuple(places)) for one, places in ordered]


def who_lives_there(life: Life) -> Label:
    """Return the family of the first month in a sentence: its group, and its members with what they do."""
    first = life.months[0]
    group = GROUP_LABELS[first.household["group"]]
    members = [(called(life, person), does(person)) for person in first.persons]
    zh = "、".join(f"{name.zh}（{work.zh}）" for name, work in members)
    en = ", ".join(f"{name.en} ({work.en})" for name, work in members)
    return Label(
        f"{said(first.month)}：{group.zh}，{len(members)}人：{zh}", f"{said(first.month)}: {group.en}, {len(members)}: {en}"
    )


def _changes(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
    """Yield what is different from the month before."""
    yield from people(life, old, new)
    yield from health(life, old, new)
    yield from shocks(old, new)
    yield from bills(new)
    yield from lines(life, old, new)
    yield from yearly_tests(old, new)
    yield from registry(old, new)
    yield from dibao(life, old, new)
    yield from given(life, old, new)
    yield from insurance(life, new)
    yield from money(old, new)
