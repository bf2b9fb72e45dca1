"""The result in a sentence, and what keeps it from being the whole story."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.differences import TOTAL, cost_difference, difference_rows
from experiments.intervals import Estimate
from experiments.labels import Label
from fangpin.screen import Screen

if TYPE_CHECKING:
    from experiments.results import Results
    from sim.rules import Lever, Rules

SUPPORT_FIELDS = ("share", "kept", "slots", "staff", "rate")
"""Fields of levers that say how much support there is: a fall of one is a cut."""


def tell_findings(screen: Screen, results: Results) -> None:
    """Say for each policy how many relapses and how much money it makes more or less than the base."""
    others = [policy for policy in results.study.policies if policy != results.study.base]
    if not others:
        return
    screen.heading(Label("一句话", "in a sentence"))
    for policy in others:
        screen.line(finding(results, policy))


def finding(results: Results, policy: str) -> Label:
    """Return the sentence about a policy: relapses and cost against the base over the horizon."""
    total = next(row for row in difference_rows(results) if (row.policy, row.cause, row.year) == (policy, TOTAL, 0))
    persons, cost = total.estimate, cost_difference(results, policy)
    ours, base = results.name(policy), results.name(results.study.base)
    span = f"{results.years[0]}–{results.years[-1]}"
    more, dearer = persons.mean >= 0, cost.mean >= 0
    return Label(
        f"与“{base.zh}”相比，“{ours.zh}”{span}年{'多' if more else '少'}返贫{_amount(persons, 0)}人次（扣除刚性支出），"
        f"政策支出{'多' if dearer else '少'}{_amount(cost, 1)}百万元（{results.scope.zh}）。",
        f"Against '{base.en}', '{ours.en}' makes {_amount(persons, 0)} {'more' if more else 'fewer'} relapses in {span} (net of "
        f"unavoidable spending) and costs {_amount(cost, 1)} million yuan {'more' if dearer else 'less'} ({results.scope.en}).",
    )


def _amount(estimated: Estimate, digits: int) -> str:
    """Return the size of a difference with its interval, in the direction of the mean."""
    sign = 1 if estimated.mean >= 0 else -1
    size = f"{abs(estimated.mean):,.{digits}f}"
    if np.isnan(estimated.error):
        return size
    low, high = sorted((sign * estimated.low, sign * estimated.high))
    return f"{size} [{low:,.{digits}f}, {high:,.{digits}f}]"


def late_cuts(rules: Rules, last_month: int) -> list[str]:
    """Return the levers whose support ends or falls within the last twelve months of a run."""
    return [lever.id for lever in rules.levers if _is_cut_late(lever, last_month)]


def _is_cut_late(lever: Lever, last_month: int) -> bool:
    """Return whether a lever ends, or one of its support fields falls, within the last twelve months."""
    before = last_month - 12
    if lever.start > before:
        return False
    ends = before < lever.end <= last_month
    fields = [dated for name, dated in lever.values.items() if name in SUPPORT_FIELDS]
    return ends or (lever.end > last_month and any(dated.at(last_month) < dated.at(before) for dated in fields))
