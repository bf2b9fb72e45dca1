"""The clock of the five-year transition after the exit from poverty: from when to when support is to be kept in a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from scenarios.cited import Origin, show_month
from scenarios.problems import Report
from scenarios.schema import Reader, read_origin
from scenarios.yamlfile import Node
from sim.rules import month_index

RULES: Mapping[str, tuple[str, str]] = {
    "plan_period": ("“十四五”规划期", "the period of the 14th five-year plan"),
    "date_of_exit": ("自脱贫之日起五年", "five years from the month of exit from poverty"),
    "after_2020": ("2020年目标任务完成后五年", "five years after the goal of 2020"),
    "not_stated": ("五年，起点未写明", "five years whose start the plan does not state"),
}
"""How a plan dates the transition, in Chinese and English."""

YEARS = 5
_KEYS = ("rule", "exit", "start", "end", "source", "grade", "fact", "note")
_FIXED = (month_index(2021), month_index(2025, 12))
"""First and last month under the rules that name the years."""


@dataclass(frozen=True)
class Transition:
    """The transition of a place.

    Attributes:
        rule: one of `RULES`.
        start: first month of it.
        end: last month of it.
        exit: month of the exit from poverty; None where the rule asks for none.
        origin: what the dates lean on.
    """

    rule: str
    start: int
    end: int
    exit: int | None
    origin: Origin

    @property
    def after(self) -> int:
        """Return the first month after the transition."""
        return self.end + 1


class HasTransition(Protocol):
    """What a place of a chain says of its clock."""

    @property
    def transition(self) -> Transition | None:
        """The clock; None where the place says nothing of it."""


def transition_of(chain: Iterable[HasTransition]) -> Transition | None:
    """Return the clock of the nearest place that gives one; None when none does."""
    return next((part.transition for part in chain if part.transition is not None), None)


def read_transition(node: Node, path: str, level: str, report: Report) -> Transition | None:
    """Read the clock of a place; None when it is not usable.

    The five years begin with the month after the exit: one in 2020-02 has 2025-02 as its last month. Dates that are given
    win over those of the rule: a transition may be cut short or prolonged.
    """
    reader = Reader(node, path, _KEYS, report)
    rule = reader.text("rule", choices=RULES)
    left, start, end = (reader.month(key) for key in ("exit", "start", "end"))
    origin = read_origin(reader, level)
    reader.text("note", required=False)
    needed = {"date_of_exit": ("exit",), "not_stated": ("start", "end")}.get(rule, ())
    for key in needed:
        if key not in reader.content and isinstance(node.value, dict):
            report.add(node.where, reader.name(key), "missing", f"a month such as 2020-02, for the rule is {rule}")
    if "exit" in reader.content and rule in RULES and rule != "date_of_exit":
        report.add(reader.content["exit"].where, reader.name("exit"), f"given under the rule {rule}", "only with date_of_exit")
    first, last = _dates(rule, left)
    start, end = (first if start is None else start), (last if end is None else end)
    if not rule or start is None or end is None:
        return None
    if end < start:
        given = f"{show_month(start)} to {show_month(end)}"
        report.add(node.where, path, given, "an end that is not before the start")
    return Transition(rule, start, end, left, origin)


def _dates(rule: str, left: int | None) -> tuple[int | None, int | None]:
    """Return first and last month by the rule; None where it does not say."""
    if rule in ("plan_period", "after_2020"):
        return _FIXED
    if rule == "date_of_exit" and left is not None:
        return left + 1, left + 12 * YEARS
    return None, None
