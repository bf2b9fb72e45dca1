"""The result in a sentence, and what keeps it from being the whole story."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.differences import TOTAL, cost_difference, difference_rows
from experiments.horizon import late_cuts
from experiments.intervals import Estimate
from experiments.labels import Label
from fangpin.screen import Screen

__all__ = ["finding", "late_cuts", "tell_findings"]

if TYPE_CHECKING:
    from experiments.results import Results


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
