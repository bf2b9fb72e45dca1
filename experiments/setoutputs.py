"""What a scenario set asks for, arm by arm: worked out from stored runs, each arm in pairs with the set's reference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.fates import FELL, Fates
from experiments.intervals import Estimate, estimate
from experiments.labels import Label
from experiments.quantities import QUANTITIES
from experiments.results import FEN_PER_MILLION_YUAN, Numbers, Results, ratio
from sim.indicators import GROUPS, INDICATORS, MEDICAL_BARS

MILLION_YUAN = Label("百万元", "million yuan")
_UNITS = {one.name: one.unit for one in INDICATORS}
_SAID = {"persons": "人", "households": "户", "cases": "次", "admissions": "次", "visits": "次", "days": "天", "minutes": "分钟"}
_QUANTITIES = {one.id: one for one in QUANTITIES}
RELAPSES = ("relapse_net_persons", ("ex_poor", "marginal"))
"""What a cost per relapse avoided is divided by: persons newly below the line, net."""


class OutputRow(NamedTuple):
    """One output of one arm.

    Attributes:
        arm: name of the arm's policy.
        number: place of the output in the set.
        label, unit: what it is.
        measure: how it is worked out (`scenarios.scenarioset.MEASURES`).
        value: mean and error over replications.
        difference: the same of the arm minus the reference, in pairs; None for the reference itself.
    """

    arm: str
    number: int
    label: Label
    unit: Label
    measure: str
    value: Estimate
    difference: Estimate | None


def output_rows(results: Results, outputs: Sequence[Any], reference: str, fates: Fates | None = None) -> list[OutputRow]:
    """Return the outputs that can be worked out, arm by arm.

    Args:
        results: stored runs of the arms.
        outputs: what the set asks for (`scenarios.scenarioset.Output`).
        reference: policy that the others are compared with.
        fates: the same runs family by family, for what counts do not hold.
    """
    base = results.study.policies.index(reference)
    rows: list[OutputRow] = []
    for number, output in enumerate(outputs):
        if output.measure == "missing":
            continue
        values, unit = output_values(results, output, base, fates)
        label = Label(output.names.get("zh", ""), output.names.get("en", ""))
        for place, policy in enumerate(results.study.policies):
            difference = None if place == base or output.measure == "per_relapse" else estimate(values[place] - values[base])
            value = estimate(values[place])
            if output.measure == "per_relapse":
                # a quotient of means over replications has no spread
                value = value._replace(error=np.nan, low=np.nan, high=np.nan)
            rows.append(OutputRow(policy, number, label, unit, output.measure, value, difference))
    return rows


def output_values(results: Results, output: Any, base: int, fates: Fates | None = None) -> tuple[Numbers, Label]:
    """Return an output by policy and replication, and its unit.

    Raises:
        KeyError: if it is made of something that no run holds.
    """
    groups = output.groups or GROUPS
    if output.measure in _OF_FAMILIES:
        if fates is None:
            raise KeyError(f"{output.measure}: the families of the runs are not at hand")
        return _of_families(fates, output, base)
    if output.measure == "deviation":
        return _deviation(results, output.of, groups), _unit_of(output)
    if output.measure == "percentile":
        return percentile(results, float(output.of[0]), groups), _unit_of(output)
    if output.measure == "quantity":
        quantity = _QUANTITIES[output.of[0]]
        return _mean(quantity.value(results, year) * quantity.scale for year in results.years), quantity.unit
    if output.measure == "total":
        return _total(results, output.of, groups), _unit_of(output)
    if output.measure == "ratio":
        top, bottom = output.of
        return ratio(_total(results, (top,), groups), _total(results, (bottom,), groups)), _unit_of(output)
    costs = cost_of(results, output.of)
    if output.measure == "cost":
        return costs, MILLION_YUAN
    avoided = _total(results, (RELAPSES[0],), RELAPSES[1])
    return _per_relapse(costs, avoided, base), Label("元/人", "yuan/person")


_OF_FAMILIES = ("unmet", "better", "worse", "undetected", "seen_by", "worst_township")
"""Measures that need the files of single runs."""
PERCENT = Label("%", "%")
FAMILIES = Label("户", "families")
YUAN_A_HEAD = Label("元/人/年", "yuan/person/year")


def _of_families(fates: Fates, output: Any, base: int) -> tuple[Numbers, Label]:
    """Return an output that is worked out family by family, or from the accounts of single runs."""
    groups, of = output.groups or FELL, output.of[0]
    if output.measure == "unmet":
        return fates.unmet(), MILLION_YUAN
    if output.measure == "undetected":
        return 100 * fates.undetected(of, groups), PERCENT
    if output.measure == "worst_township":
        return 100 * fates.worst_township(groups), PERCENT
    if output.measure == "seen_by":
        return fates.seen_by(of, groups), FAMILIES
    return fates.moved(output.measure == "better", base, groups), FAMILIES


def _deviation(results: Results, of: Sequence[str], groups: tuple[str, ...]) -> Numbers:
    """Return the standard deviation over units and years, from the sums of a variable, of its squares, and of the units."""
    total, squares, units = (_total(results, (name,), groups) for name in of)
    mean = ratio(total, units)
    return np.asarray(np.sqrt(np.maximum(ratio(squares, units) - mean * mean, 0.0)))


def percentile(results: Results, share: float, groups: tuple[str, ...]) -> Numbers:
    """Return a percentile of persons by own medical payments per head of their household, over all years.

    Within a bracket payments are taken as evenly spread; above the last bar its value is a lower bound.
    """
    counts = [_total(results, (f"own_medical_{place}_persons",), groups) for place in range(len(MEDICAL_BARS) + 1)]
    edges = (0, *MEDICAL_BARS, MEDICAL_BARS[-1])
    wanted, below = np.sum(counts, axis=0) * share / 100, np.zeros_like(counts[0])
    found = np.full(counts[0].shape, np.nan)
    for place, count in enumerate(counts):
        here = np.isnan(found) & (below + count >= wanted) & (count > 0)
        inside = edges[place] + (edges[place + 1] - edges[place]) * (wanted - below) / np.maximum(count, 1)
        found, below = np.where(here, inside, found), below + count
    return found


def _unit_of(output: Any) -> Label:
    """Return the unit of a sum or quotient: as the set says, else that of the indicator."""
    if output.unit:
        return Label(output.unit.get("zh", ""), output.unit.get("en", ""))
    if output.measure == "percentile":
        return YUAN_A_HEAD
    unit = _UNITS[output.of[0]]
    return MILLION_YUAN if unit == "fen" else Label(_SAID.get(unit, unit), unit)


def _total(results: Results, indicators: Iterable[str], groups: tuple[str, ...]) -> Numbers:
    """Return the sum of indicators over the horizon; money in million yuan."""
    found = np.zeros(results.counts.shape[:2])
    for name in indicators:
        scale = FEN_PER_MILLION_YUAN if _UNITS[name] == "fen" else 1
        found = found + sum(results.total(name, groups, year) for year in results.years) / scale
    return found


def _mean(years: Iterable[Numbers]) -> Numbers:
    """Return the mean over the years that have a value."""
    stacked = np.array(list(years))
    known = ~np.isnan(stacked)
    return ratio(np.where(known, stacked, 0.0).sum(axis=0), known.sum(axis=0).astype(np.float64))


def cost_of(results: Results, levers: Sequence[str]) -> Numbers:
    """Return what levers paid over the horizon, in million yuan; ``all`` for every lever, an id for all its entries."""
    found = np.zeros(results.counts.shape[:2])
    for lever in results.costs:
        if "all" in levers or lever in levers or lever.partition(".")[0] in levers:
            found = found + sum(results.cost(lever, year) for year in results.years) / FEN_PER_MILLION_YUAN
    return found


def _per_relapse(costs: Numbers, relapses: Numbers, base: int) -> Numbers:
    """Return what an avoided relapse costs more than in the reference, from means over replications; NaN where none is."""
    more = (costs - costs[base]).mean(axis=1) * 1e6
    avoided = (relapses[base] - relapses).mean(axis=1)
    each = ratio(more, avoided)
    return np.repeat(each[:, None], costs.shape[1], axis=1)


HEADER = ("arm", "output", "unit", "mean", "mc_error", "low95", "high95", "difference", "difference_error", "replications")


def output_cells(row: OutputRow) -> tuple[object, ...]:
    """Return a row as the cells of the CSV file, in English."""
    from experiments.tables import plain

    value, other = row.value, row.difference
    differing = (plain(other.mean), plain(other.error)) if other else ("", "")
    numbers = (plain(value.mean), plain(value.error), plain(value.low), plain(value.high))
    return (row.arm, row.label.en, row.unit.en, *numbers, *differing, value.runs)
