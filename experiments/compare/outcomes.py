"""Every outcome of every policy minus the base, paired by repetition: by year and over the horizon, with a verdict.

A pair of runs has the same luck, so the difference knows less noise than either; `Paired.pairing` says by how much.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from experiments.intervals import Estimate, estimate
from experiments.labels import Label
from experiments.quantities import QUANTITIES, WATCHED, Quantity
from experiments.results import FEN_PER_MILLION_YUAN, Numbers, Results, ratio

MORE, FEWER, SAME, UNSURE = "more", "fewer", "same", "cannot tell"
VERDICTS = {
    MORE: Label("更高", MORE),
    FEWER: Label("更低", FEWER),
    SAME: Label("无差别", SAME),
    UNSURE: Label("无法判断", UNSURE),
}
HORIZON = 0
"""Stands for all years together: the mean of the years' rates, the sum of counts."""


def mean_over(values: Iterable[np.ndarray]) -> Numbers:
    """Return the mean of arrays over those that are not NaN, place by place; NaN where none is."""
    stacked = np.array(list(values), dtype=np.float64)
    known = ~np.isnan(stacked)
    return ratio(np.where(known, stacked, 0.0).sum(axis=0), known.sum(axis=0))


class Outcome(NamedTuple):
    """Something that policies are compared by.

    Attributes:
        id: short name in files.
        label, over, unit: what it is, whom it is divided by, and its unit as shown.
        digits: decimals shown.
        adds: whether years are added up (counts, money); else the horizon is the mean of the years.
        values: by year, policy and repetition, in the unit shown.
    """

    id: str
    label: Label
    over: Label
    unit: Label
    digits: int
    adds: bool
    values: dict[int, Numbers]

    def horizon(self) -> Numbers:
        """Return the value over all years: policy, repetition."""
        if not self.adds:
            return mean_over(self.values.values())
        total: Numbers = np.sum(list(self.values.values()), axis=0)
        return total

    def at(self, year: int) -> Numbers:
        """Return the value of a year, or of the horizon: policy, repetition."""
        return self.horizon() if year == HORIZON else self.values[year]


class Paired(NamedTuple):
    """A policy against the base in one outcome and year.

    Attributes:
        policy, base: what is compared.
        outcome: what is compared by.
        year: calendar year, or `HORIZON`.
        ours, theirs: the two values.
        difference: policy minus base, paired.
        p: two-sided p-value of no difference (t test over repetitions); NaN with fewer than two.
        p_holm: the same held against all comparisons of the horizon (Holm 1979); NaN for single years.
        verdict: one of `VERDICTS`: whether the interval of the difference leaves out zero.
        pairing: how many times as many runs an unpaired comparison takes for the same standard error; NaN where unknown.
    """

    policy: str
    base: str
    outcome: Outcome
    year: int
    ours: Estimate
    theirs: Estimate
    difference: Estimate
    p: float
    p_holm: float
    verdict: str
    pairing: float


def outcomes(results: Results) -> list[Outcome]:
    """Return every outcome: the quantities of the tables, falls in persons, and what all levers cost."""
    found = [_of_quantity(results, quantity) for quantity in QUANTITIES]
    return [*found, relapses(results), cost(results)]


def _of_quantity(results: Results, quantity: Quantity) -> Outcome:
    """Return a quantity as an outcome; plain counts add up over years."""
    values = {year: quantity.value(results, year) * quantity.scale for year in results.years}
    adds = not quantity.over.en
    return Outcome(quantity.id, quantity.label, quantity.over, quantity.unit, quantity.digits, adds, values)


def relapses(results: Results) -> Outcome:
    """Return persons newly below the line, net, of the ex-poor and the marginal: what money is compared with."""
    values = {year: results.total("relapse_net_persons", WATCHED, year) for year in results.years}
    label = Label("新返贫致贫人次（脱贫与边缘人口，扣除刚性支出）", "falls of the ex-poor and the marginal, net")
    return Outcome("relapses", label, Label("", ""), Label("人次", "persons"), 1, True, values)


def cost(results: Results) -> Outcome:
    """Return what all levers paid, in million yuan."""
    nothing = np.zeros(results.counts.shape[:2])
    values = {
        year: sum((results.cost(lever, year) for lever in results.costs), nothing) / FEN_PER_MILLION_YUAN
        for year in results.years
    }
    label = Label("全部政策支出", "paid by all levers")
    return Outcome("cost", label, Label("", ""), Label("百万元", "million yuan"), 2, True, values)


def paired_rows(results: Results, found: list[Outcome] | None = None) -> list[Paired]:
    """Return every policy against the base in every outcome, each year and over the horizon."""
    found = found or outcomes(results)
    others = [policy for policy in results.study.policies if policy != results.study.base]
    years = [*results.years, HORIZON]
    rows = [_compare(results, policy, outcome, year) for policy in others for outcome in found for year in years]
    return _with_holm(rows)


def _compare(results: Results, policy: str, outcome: Outcome, year: int) -> Paired:
    """Compare one policy with the base."""
    values, base = outcome.at(year), results.study.base
    ours, theirs = values[results.place_of(policy)], values[results.place_of(base)]
    difference = estimate(ours - theirs)
    p = p_value(ours - theirs)
    return Paired(
        policy, base, outcome, year, estimate(ours), estimate(theirs), difference, p, np.nan, verdict(ours - theirs),
        pairing(ours, theirs),
    )  # fmt: skip


def verdict(differences: Numbers) -> str:
    """Return whether a difference is more, fewer, none at all, or one cannot tell, by the 95% interval of its mean."""
    known = differences[~np.isnan(differences)]
    if len(known) and (known == 0).all():
        return SAME
    found = estimate(known)
    if np.isnan(found.error):
        return UNSURE
    return MORE if found.low > 0 else FEWER if found.high < 0 else UNSURE


def p_value(differences: Numbers) -> float:
    """Return the two-sided p-value of the paired t test that the mean difference is zero; 1 where there is none at all."""
    from scipy.special import stdtr

    known = differences[~np.isnan(differences)]
    if len(known) < 2:
        return float("nan")
    if (known == 0).all():
        return 1.0
    found = estimate(known)
    if found.error == 0:
        return 0.0
    return float(2 * stdtr(len(known) - 1, -abs(found.mean / found.error)))


def _with_holm(rows: list[Paired]) -> list[Paired]:
    """Return the rows with Holm's p-values over all comparisons of the horizon that can be made."""
    tested = [place for place, row in enumerate(rows) if row.year == HORIZON and not np.isnan(row.p) and row.verdict != SAME]
    adjusted = dict(zip(tested, holm([rows[place].p for place in tested]), strict=True))
    return [row._replace(p_holm=adjusted.get(place, np.nan)) for place, row in enumerate(rows)]


def holm(values: list[float]) -> list[float]:
    """Return p-values adjusted for their number by Holm's step-down (1979): at 5% no false finding in 95 of 100 families."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    adjusted, highest = [0.0] * len(values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(values) - rank) * values[place]))
        adjusted[place] = highest
    return adjusted


def pairing(ours: Numbers, theirs: Numbers) -> float:
    """Return how many runs an unpaired comparison takes for each run of a paired one with the same standard error.

    Two independent samples have the sum of the variances, the pairs the variance of the difference. NaN with fewer than two
    pairs or where neither value varies; infinite where the difference never varies and the values do.
    """
    known = ~(np.isnan(ours) | np.isnan(theirs))
    if known.sum() < 2:
        return float("nan")
    apart = float(ours[known].var(ddof=1) + theirs[known].var(ddof=1))
    together = float((ours - theirs)[known].var(ddof=1))
    if apart == 0.0:
        return float("nan")
    return apart / together if together > 0 else float("inf")


HEADER = (
    "policy", "base", "outcome", "label", "over", "unit", "year", "value", "base_value", "difference", "mc_error", "low95",
    "high95", "p", "p_holm", "verdict", "runs_unpaired_for_each_paired", "replications",
)  # fmt: skip


def paired_cells(row: Paired) -> tuple[object, ...]:
    """Return a comparison as the cells of the CSV file."""
    from experiments.tables import plain

    other, outcome = row.difference, row.outcome
    numbers = (row.ours.mean, row.theirs.mean, other.mean, other.error, other.low, other.high, row.p, row.p_holm)
    words = (row.policy, row.base, outcome.id, outcome.label.en, outcome.over.en, outcome.unit.en, row.year or "all")
    return (*words, *map(plain, numbers), row.verdict, plain(row.pairing), other.runs)
