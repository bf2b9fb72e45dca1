"""Simulated against observed: every line of ``scenarios/facts.yaml`` with the same quantity of the run, and a verdict.

The one computation behind the tables of `fangpin run`, `fangpin facts` and `fangpin validate`. Inputs come out because they
were put in; figures in sample because a value was chosen with them; emergent ones out of sample are the test. Administrative
targets are managed numbers, no evidence: they are compared and counted apart. Figures that are not comparable are listed and
not judged.

The verdict rests on two ranges. The tolerance around the figure: a tenth of it, a quarter where it is recalled and was not read
again, at most three points of a share, two points of a growth rate; open at the good side of a bound. And the band that holds
nine tenths of the repetitions (luck, and parameters where they are drawn). It agrees where the whole band lies within the
tolerance, differs where no part does, and cannot be told in between: too few repetitions, or parameters too little known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.indicated import SIMULATED as SIMULATED
from experiments.indicated import indicator_factor as indicator_factor
from experiments.indicated import sum_of
from experiments.intervals import Estimate, estimate, student_quantile
from experiments.labels import Label
from experiments.results import Numbers, Results, ratio
from sim.indicators import GROUPS
from sim.rules import Rules, month_index

if TYPE_CHECKING:
    from scenarios import Observation

TOLERANCE = 0.10
"""Share of a figure within which a simulated one agrees with it."""
RECALLED = 0.25
"""The same for a figure that nobody read again."""
MOST_POINTS = 0.03
"""Widest tolerance of a share: a tenth of 99% would let everything agree."""
GROWTH_POINTS = 2.0
"""Tolerance of a growth rate, in percentage points."""
BAND = 0.90
"""Share of the repetitions that a band holds."""
ENOUGH = 40
"""Repetitions from which on a band is read off their quantiles; below, luck is taken as normal: the band is that of one more."""
KINDS = ("input", "fitted", "emergent", "identity", "administrative_target", "not_comparable")
"""The tags of facts.yaml in the order of the table. ``fitted`` are emergent figures in sample, ``identity`` is a run's check of
itself."""
AGREES, DIFFERS, CANNOT_TELL, NOT_JUDGED = "agrees", "differs", "cannot tell", "not judged"


class Comparison(NamedTuple):
    """One observed figure and its simulated counterpart.

    Attributes:
        id: id of the line in facts.yaml.
        name: what is compared.
        year, month, place, unit, tag, source: as facts.yaml says.
        observed: the figure.
        simulated: mean and error over repetitions, in the same unit.
        miss: simulated over observed minus one, a bound from its wrong side alone; NaN where it is not judged or not simulated.
        verdict: ``agrees``, ``differs``, ``cannot tell`` or ``not judged``.
        band: ends of the range that holds nine tenths of the repetitions; NaN with one.
        tolerance: ends of the range within which a simulated figure agrees; infinite at the good side of a bound.
        sample: ``in`` where a default value was chosen with the figure, else ``out``.
        used_for, bound, confidence, note: as facts.yaml says.
    """

    id: str
    name: Label
    year: int
    place: str
    unit: str
    tag: str
    source: str
    observed: float
    simulated: Estimate
    miss: float
    verdict: str
    band: tuple[float, float] = (np.nan, np.nan)
    tolerance: tuple[float, float] = (np.nan, np.nan)
    sample: str = "out"
    used_for: tuple[str, ...] = ()
    bound: str = "exact"
    confidence: str = ""
    note: str = ""
    month: int = 12

    @property
    def kind(self) -> str:
        """Its tag, ``fitted`` for an emergent figure that a value was chosen with."""
        return kind_of(self.tag, self.sample)


def kind_of(tag: str, sample: str) -> str:
    """Return the kind of a figure: one of `KINDS`."""
    return "fitted" if (tag, sample) == ("emergent", "in") else tag


PLACES = ("posts", "rangers", "workshop_workers", "relief_workers")
"""Persons paid by the month in places that the county gives: no wage earners."""


def band_of(values: Numbers) -> tuple[float, float]:
    """Return the ends of the range that holds nine tenths of the repetitions.

    Of few the range in which one more would lie with that probability if luck is normal: wide where there are two, none for one.
    """
    sample = np.asarray(values, dtype=np.float64)
    sample = sample[~np.isnan(sample)]
    if len(sample) < 2:
        return np.nan, np.nan
    if len(sample) >= ENOUGH:
        low, high = np.quantile(sample, ((1 - BAND) / 2, (1 + BAND) / 2))
        return float(low), float(high)
    half = student_quantile(len(sample) - 1, BAND) * sample.std(ddof=1) * np.sqrt(1 + 1 / len(sample))
    # what is never below zero has no band there
    floor = 0.0 if sample.min() >= 0 else -np.inf
    return float(max(sample.mean() - half, floor)), float(sample.mean() + half)


def tolerance_of(fact: Observation) -> tuple[float, float]:
    """Return the range within which a simulated figure agrees with an observed one."""
    share = RECALLED if fact.confidence == "recalled, unverified" else TOLERANCE
    width = share * abs(fact.value)
    if fact.unit == "share":
        width = min(width, MOST_POINTS)
    if fact.indicator.endswith("_growth"):
        width = GROWTH_POINTS
    low = -np.inf if fact.bound == "at_most" else fact.value - width
    return low, np.inf if fact.bound == "at_least" else fact.value + width


def judge(band: tuple[float, float], tolerance: tuple[float, float]) -> str:
    """Return the verdict: whether a band lies within a tolerance, outside it, or neither."""
    if np.isnan(band[0]):
        return CANNOT_TELL
    if tolerance[0] <= band[0] and band[1] <= tolerance[1]:
        return AGREES
    return DIFFERS if band[1] < tolerance[0] or tolerance[1] < band[0] else CANNOT_TELL


def _simulate(results: Results, fact: Observation) -> Numbers:
    """Return the simulated counterpart of a figure under the factual policy, by repetition; none where the run has none."""
    known = SIMULATED.get(fact.indicator)
    covered = all(month_index(fact.year, month) in results.months for month in (1, fact.month))
    if known is None or not covered:
        return np.array([])
    work_out, groups = known
    month = {} if fact.month == 12 else {"month": fact.month}
    values: Numbers = work_out(results, groups, fact.year, **month)[results.place_of(results.study.factual)]
    return values * indicator_factor(fact.unit)


def _miss(fact: Observation, simulated: float) -> float:
    """Return simulated over observed minus one; a bound is missed only from its wrong side."""
    if fact.tag == "not_comparable" or fact.value == 0:
        return np.nan
    miss = simulated / fact.value - 1
    if np.isnan(miss):
        return np.nan
    return {"at_least": min(miss, 0.0), "at_most": max(miss, 0.0)}.get(fact.bound, miss)


def _compare(results: Results, fact: Observation) -> Comparison:
    """Return one figure with its simulated counterpart."""
    values = _simulate(results, fact)
    simulated, band, tolerance = estimate(values), band_of(values), tolerance_of(fact)
    miss = _miss(fact, simulated.mean)
    return Comparison(
        id=fact.id,
        name=Label(fact.names["zh"], fact.names["en"]),
        year=fact.year,
        place=fact.place,
        unit=fact.unit,
        tag=fact.tag,
        source=fact.source,
        observed=fact.value,
        simulated=simulated,
        miss=miss,
        verdict=NOT_JUDGED if np.isnan(miss) else judge(band, tolerance),
        band=band,
        tolerance=tolerance,
        sample=fact.sample,
        used_for=fact.used_for,
        bound=fact.bound,
        confidence=fact.confidence,
        note=fact.note,
        month=fact.month,
    )


def speaks_of(results: Results, fact: Observation) -> bool:
    """Return whether a run can say anything of a figure: a total of a whole place only where it is a run of that place."""
    return not fact.is_total or (results.weighted and fact.place == results.place.en)


def compare_with_facts(results: Results, facts: Iterable[Observation]) -> list[Comparison]:
    """Return simulated against observed for every figure that the run covers, by kind, name and year.

    Args:
        results: the results of a study; its factual policy is compared.
        facts: the observed figures (`scenarios.observations`).
    """
    compared = [_compare(results, fact) for fact in facts if speaks_of(results, fact)]
    shown = [line for line in compared if line.simulated.runs]
    return sorted(shown, key=lambda line: (KINDS.index(line.kind), line.name.en, line.year, line.month))


IDENTITY_NAME = Label(
    "务工人数×领薪月数×月工资，对照人均工资（全部模拟人口）",
    "Workers x paid months x wage against wages per head, all simulated",
)


def mean_wage(rules: Rules, year: int) -> float:
    """Return the mean monthly wage that the scenario's parameters say simulated workers earn, in yuan.

    The migrant and the local mean, mixed by the share of migrants, times the mean of the lognormal skill.
    """
    months = range(month_index(year), month_index(year, 12) + 1)
    values = {name: float(np.mean([rules.values[name].at(month) for month in months])) for name in _WAGE_VALUES}
    away = values["migrant_share"] * values["can_leave_share"]
    wage = away * values["migrant_wage"] + (1 - away) * values["local_wage"]
    return wage * float(np.exp(values["skill_mean"] + values["skill_sd"] ** 2 / 2)) / 100


_WAGE_VALUES = ("migrant_wage", "local_wage", "migrant_share", "can_leave_share", "skill_mean", "skill_sd")


def wage_sums(results: Results, rules: Rules, year: int) -> Numbers:
    """Return wages that the parameters lead to expect, wages booked (both in yuan), and persons: three rows by replication."""
    place = results.place_of(results.study.factual)
    paid = results.total("paid_workers", GROUPS, year) - sum_of(results, PLACES, GROUPS, year)
    booked, persons = results.total("wage_income", GROUPS, year) / 100, results.mean("persons", GROUPS, year)
    return np.array([paid[place] * mean_wage(rules, year), booked[place], persons[place]])


def wage_identity(results: Results, sums: Numbers, year: int) -> Comparison:
    """Return workers times paid months times the parameters' wage against the wage income that was booked.

    Over all simulated persons, whose wage level the parameters describe: the ex-poor earn less, or they would not have
    been registered. Places (`PLACES`) are left out on both sides. Both come of the same runs, so that the means are compared.

    Args:
        results: the results of the whole study.
        sums: the year's `wage_sums`, weighted and added over the counties of the place.
        year: the year.
    """
    expected = estimate(ratio(sums[0], sums[2]))
    booked = float(np.nanmean(ratio(sums[1], sums[2])))
    miss = expected.mean / booked - 1 if booked > 0 else np.nan
    told = NOT_JUDGED if np.isnan(miss) else AGREES if abs(miss) <= TOLERANCE else DIFFERS
    return Comparison(
        "identity", IDENTITY_NAME, year, results.study.place, "yuan/person/year", "identity", "", booked, expected, miss, told
    )


HEADER = (
    "id",
    "tag",
    "sample",
    "name",
    "year",
    "month",
    "place",
    "unit",
    "bound",
    "observed",
    "simulated",
    "mc_error",
    "low",
    "high",
    "miss",
    "verdict",
    "used_for",
    "confidence",
    "source",
)


def comparison_cells(line: Comparison) -> tuple[object, ...]:
    """Return a comparison as the cells of the CSV file."""
    from experiments.tables import plain

    found = (line.observed, line.simulated.mean, line.simulated.error, *line.band, line.miss)
    numbers = tuple(plain(value) for value in found)
    words = (line.id, line.tag, line.sample, line.name.en, line.year, line.month, line.place, line.unit, line.bound)
    return (*words, *numbers, line.verdict, " ".join(line.used_for), line.confidence, line.source)
