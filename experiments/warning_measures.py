"""Measures of early warning by year, and what one more worker brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from experiments.intervals import estimate
from experiments.labels import Label
from experiments.quantities import NO_ONE, PER_CENT, Quantity
from experiments.results import Numbers, Results, ratio
from experiments.tables import Row
from sim.indicators import GROUPS


def _share(
    top: Callable[[Results, int], Numbers], bottom: Callable[[Results, int], Numbers]
) -> Callable[[Results, int], Numbers]:
    """Return a quotient of two counts of a year."""
    return lambda results, year: ratio(top(results, year), bottom(results, year))


def _total(name: str) -> Callable[[Results, int], Numbers]:
    """Return a count summed over a year and all groups."""
    return lambda results, year: results.total(name, GROUPS, year)


def _monitored_above(results: Results, year: int) -> Numbers:
    """Return household-months in the registry without true risk."""
    at_risk, unseen = _total("at_risk_households")(results, year), _total("undetected_at_risk_households")(results, year)
    return _total("monitored_households")(results, year) - (at_risk - unseen)


def _hours(results: Results, year: int) -> Numbers:
    """Return the hours that verification had in a year."""
    return results.total("staff_minutes", GROUPS, year) / 60


def staff_capacity(results: Results, year: int) -> Numbers:
    """Return the cases that the staff of verification can settle in a year, at the time that a case took: policy, repetition."""
    per_case = ratio(results.total("staff_minutes_used", GROUPS, year), results.total("verified_households", GROUPS, year))
    return ratio(results.total("staff_minutes", GROUPS, year), per_case)


IDENTIFIED = Label("当年识别户", "households identified in the year")
MEASURES: tuple[Quantity, ...] = (
    Quantity(
        "undercoverage", Label("漏监：有风险而未在册", "undercoverage: at risk and not in the registry"),
        Label("有风险户月", "household-months at risk"), PER_CENT, 100, 1,
        _share(_total("undetected_at_risk_households"), _total("at_risk_households")),
    ),
    Quantity(
        "leakage", Label("错监：在册而无风险（含待消除）", "leakage: in the registry, not at risk (any more)"),
        Label("在册户月", "household-months in the registry"), PER_CENT, 100, 1,
        _share(_monitored_above, _total("monitored_households")),
    ),
    Quantity(
        "identified_at_risk", Label("识别时确有风险", "truly at risk when identified"), IDENTIFIED, PER_CENT, 100, 1,
        _share(_total("identified_at_risk_households"), _total("identified_households")),
    ),
    Quantity(
        "helped_15", Label("识别后15日内得到首项措施", "first measure within 15 days of identification"), IDENTIFIED,
        PER_CENT, 100, 1,
        _share(_total("helped_in_15_days_households"), _total("identified_households")),
    ),
    Quantity(
        "visits_per_case", Label("每识别一户的走访次数", "visits per household identified"), IDENTIFIED,
        Label("次", "visits"), 1, 0,
        _share(_total("visits_made"), _total("identified_households")),
    ),
    Quantity(
        "visits_per_true_case", Label("每识别一户确有风险户的走访次数", "visits per identified household truly at risk"),
        Label("识别时确有风险户", "identified households truly at risk"), Label("次", "visits"), 1, 0,
        _share(_total("visits_made"), _total("identified_at_risk_households")),
    ),
    Quantity(
        "staff_use", Label("核查工时使用率", "working time of verification used"), Label("核查工时", "its working time"),
        PER_CENT, 100, 1,
        _share(_total("staff_minutes_used"), _total("staff_minutes")),
    ),
    Quantity(
        "visiting_workers", Label("走访人员", "visiting workers"), NO_ONE, Label("人", "workers"), 1, 1,
        lambda results, year: results.mean("visiting_workers", GROUPS, year),
    ),
    Quantity(
        "verification_hours", Label("核查工时", "hours of verification"), NO_ONE, Label("小时/年", "hours/year"), 1, 0, _hours,
    ),
)  # fmt: skip


def measure_rows(results: Results) -> list[Row]:
    """Return the measures by policy and year, with Monte-Carlo error."""
    return [
        Row(policy, one.id, one.label, one.over, one.unit, year, results.months_in(year), one.digits, estimate(values[place]))
        for one in MEASURES
        for year in results.years
        for values in [one.value(results, year) * one.scale]
        for place, policy in enumerate(results.study.policies)
    ]


class WorkerValue(NamedTuple):
    """What one more worker brings a year, from paired runs with more of them.

    Attributes:
        policy, base: the policy with more staff, and that with less.
        staff: ``visiting_workers``, or ``verification_hours`` by the thousand.
        more: how many more there are.
        outcome: what changes, by the id of `WORKER_OUTCOMES`.
        values: change for each one more and year, by repetition.
    """

    policy: str
    base: str
    staff: str
    more: float
    outcome: str
    values: Numbers


STAFF = {"visiting_workers": 1.0, "verification_hours": 1000.0}
"""Kinds of staff, and how much of it counts as one more."""
WORKER_OUTCOMES: dict[str, tuple[Label, Callable[[Results, int], Numbers]]] = {
    "unseen_months": (
        Label("有风险而未在册，户月", "at risk and not in the registry, household-months"),
        _total("undetected_at_risk_households"),
    ),
    "identified_at_risk": (
        Label("识别确有风险户", "households identified that are at risk"),
        _total("identified_at_risk_households"),
    ),
    "at_risk_months": (Label("有风险，户月", "at risk, household-months"), _total("at_risk_households")),
    "relapses": (
        Label("新返贫致贫人次（扣除刚性支出）", "persons newly fallen, net, ex-poor and marginal"),
        lambda results, year: results.total("relapse_net_persons", ("ex_poor", "marginal"), year),
    ),
}


def worker_values(results: Results) -> list[WorkerValue]:
    """Return what one more worker brings, for every policy whose staff differs from the base's; differences are paired."""
    base, years = results.place_of(results.study.base), [year for year in results.years if results.months_in(year) == 12]
    measures = {one.id: one.value for one in MEASURES}
    found = []
    for place, policy in enumerate(results.study.policies):
        for staff, unit in STAFF.items():
            values = np.mean([measures[staff](results, year) for year in years], axis=0) if years else np.zeros((1, 1))
            more = float((values[place] - values[base]).mean()) / unit if place != base and years else 0.0
            if abs(more) < 0.05:
                continue
            for name, (_, value) in WORKER_OUTCOMES.items():
                yearly = np.mean([value(results, year) for year in years], axis=0)
                found.append(WorkerValue(policy, results.study.base, staff, more, name, (yearly[place] - yearly[base]) / more))
    return found
