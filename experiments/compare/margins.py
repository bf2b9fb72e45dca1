"""The marginal value of money: falls averted by each further million yuan, lever by lever, from paired runs at several levels.

A curve holds the base and the cells that turn one knob alone, ordered by what all levers together cost. Between neighbours each
million buys so many falls averted; the quotient is of paired means, with Fieller's confidence set.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from experiments.compare.fieller import Fieller, fieller
from experiments.compare.outcomes import cost, relapses
from experiments.intervals import Estimate, estimate
from experiments.results import Numbers, Results
from scenarios.cell import split_cell

ALL = "all"
"""The curve of policies that do not turn one knob alone: all of them, by spending."""


class Point(NamedTuple):
    """One level of a knob.

    Attributes:
        knob: key of the change by hand, or ``all``.
        level: its value; empty for the base.
        policy: name of the cell.
        dearer: cost above the base, million yuan, paired.
        averted: falls averted against the base, persons, paired.
    """

    knob: str
    level: str
    policy: str
    dearer: Estimate
    averted: Estimate


class Step(NamedTuple):
    """From one point of a curve to the next dearer one.

    Attributes:
        knob: of the curve.
        before, after: the points.
        dearer, averted: what the step costs and averts, paired.
        each: falls averted for each million yuan.
        next_million: whether the step begins at the base: what the next million buys.
    """

    knob: str
    before: Point
    after: Point
    dearer: Estimate
    averted: Estimate
    each: Fieller
    next_million: bool


def curves(results: Results) -> dict[str, list[Point]]:
    """Return the points of each knob, the base among them, by spending; levels that change nothing stand once, as the base."""
    found: dict[str, list[Point]] = {}
    for knob, policies in by_knob(results.study.policies, results.study.base).items():
        points = [_point(results, knob, policy) for policy in policies]
        points = [point for point in points if point.dearer.mean != 0 or point.dearer.error > 0 or point.averted.mean != 0]
        base = _point(results, knob, results.study.base)
        found[knob] = sorted([base, *points], key=lambda point: (point.dearer.mean, -point.averted.mean))
    return found


def by_knob(policies: Sequence[str], base: str) -> dict[str, list[str]]:
    """Return the cells that turn one knob more than the base, by knob; all others under ``all`` where there is no knob."""
    of_base = split_cell(base)
    found: dict[str, list[str]] = {}
    for policy in policies:
        cell = split_cell(policy)
        more = [change for change in cell.changes if change not in of_base.changes]
        if policy != base and cell.policy == of_base.policy and len(more) == 1 and len(cell.changes) <= len(of_base.changes) + 1:
            found.setdefault(more[0].partition("=")[0], []).append(policy)
    return found or {ALL: [policy for policy in policies if policy != base]}


def _point(results: Results, knob: str, policy: str) -> Point:
    """Return one policy against the base."""
    dearer, averted = _against_base(results, policy)
    said = next((change.partition("=")[2] for change in split_cell(policy).changes if change.startswith(f"{knob}=")), "")
    level = said if policy != results.study.base else ""
    return Point(knob, level, policy, estimate(dearer), estimate(averted))


def _against_base(results: Results, policy: str) -> tuple[Numbers, Numbers]:
    """Return cost above the base in million yuan and falls averted, by repetition."""
    costs, falls = cost(results).horizon(), relapses(results).horizon()
    ours, base = results.place_of(policy), results.place_of(results.study.base)
    return costs[ours] - costs[base], falls[base] - falls[ours]


def steps(results: Results, found: dict[str, list[Point]] | None = None) -> list[Step]:
    """Return the steps of every curve, from the cheapest level on."""
    return [_step(results, one, two) for points in (found or curves(results)).values() for one, two in pairwise(points)]


def _step(results: Results, one: Point, two: Point) -> Step:
    """Return the step between two neighbours."""
    (cost_one, averted_one), (cost_two, averted_two) = (_against_base(results, point.policy) for point in (one, two))
    dearer, averted = cost_two - cost_one, averted_two - averted_one
    begins = one.policy == results.study.base
    return Step(one.knob, one, two, estimate(dearer), estimate(averted), fieller(averted, dearer), begins)


def by_value(found: Sequence[Step]) -> list[Step]:
    """Return the steps that begin at the base, the most falls averted for a million first."""
    chosen = [step for step in found if step.next_million and np.isfinite(step.each.ratio)]
    return sorted(chosen, key=lambda step: -step.each.ratio)


HEADER = (
    "knob", "from_level", "to_level", "policy", "dearer_than_base", "averted_against_base", "averted_low95", "averted_high95",
    "step_million_yuan", "step_averted", "averted_per_million", "fieller_low", "fieller_high", "fieller_set", "next_million",
    "replications",
)  # fmt: skip


def step_cells(step: Step) -> tuple[object, ...]:
    """Return a step as the cells of the CSV file; a level is empty for the base."""
    from experiments.tables import plain

    after, each = step.after, step.each
    levels = (after.dearer.mean, after.averted.mean, after.averted.low, after.averted.high)
    numbers = (*levels, step.dearer.mean, step.averted.mean, each.ratio, each.low, each.high)
    words = (step.knob, step.before.level, after.level, after.policy)
    return (*words, *map(plain, numbers), each.shape, "yes" if step.next_million else "no", step.averted.runs)
