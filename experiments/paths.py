"""Candidates of a search as policies: what a choice of each part of a path changes by hand."""

from __future__ import annotations

from collections.abc import Mapping

from scenarios.cell import Cell
from scenarios.searchspace import NEVER, Chosen, Rule, SearchSpace


def cell_of(space: SearchSpace, chosen: Chosen) -> str:
    """Return a candidate as a policy's name: combinations that do the same have the same name."""
    return Cell(space.base, tuple(change for rule, part in space.by_rule(chosen) for change in changes(rule, part))).name


def changes(rule: Rule, chosen: Mapping[str, str]) -> tuple[str, ...]:
    """Return the changes by hand that a choice of each part of a rule stands for.

    Args:
        rule: the rule.
        chosen: value by part (start, years, end; or option).
    """
    if not rule.knobs:
        return rule.options[chosen["option"]]
    if chosen["start"] == NEVER:
        return ()
    levels = taper(int(chosen["start"]), int(chosen["years"]), float(chosen["end"]))
    return tuple(f"{knob}@{year}={level:.6g}" for knob in rule.knobs for year, level in levels)


def taper(start: int, years: int, end: float) -> list[tuple[int, float]]:
    """Return year and level of each step of a path that falls from 1 to its end in equal yearly steps.

    Args:
        start: year of the first step.
        years: number of steps; 1 falls at once.
        end: level after the last step.
    """
    return [(start + step, 1 - (1 - end) * (step + 1) / years) for step in range(years)]
