"""Simulated against observed: every line of ``scenarios/facts.yaml`` with the same quantity of the run.

Inputs come out because they were put in; emergent figures are the test. Administrative targets are managed numbers, no
evidence: they are compared and counted apart. Figures that are not comparable are listed and not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.intervals import Estimate, estimate
from experiments.labels import Label
from experiments.quantities import EX_POOR
from experiments.results import Numbers, Results, ratio
from sim.indicators import GROUPS, INCOMES, MILLION
from sim.rules import Rules, month_index

if TYPE_CHECKING:
    from scenarios import Observation

TOLERANCE = 0.10
"""A simulated figure agrees with the observed one when it lies within this share of it."""

FEN_PER_BILLION_YUAN = 100_000_000_000

TAGS = ("input", "emergent", "identity", "administrative_target", "not_comparable")
"""The tags of facts.yaml in the order of the table, and ``identity`` for the check that a run makes of itself."""


class Comparison(NamedTuple):
    """One observed figure and its simulated counterpart.

    Attributes:
        id: id of the line in facts.yaml.
        name: what is compared.
        year, place, unit, tag, source: as facts.yaml says.
        observed: the figure.
        simulated: mean and error over replications, in the same unit.
        miss: simulated over observed minus one; NaN where it is not judged or not simulated.
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

    @property
    def agrees(self) -> bool | None:
        """Whether it lies within the tolerance; None where it is not judged."""
        return None if np.isnan(self.miss) else abs(self.miss) <= TOLERANCE


EARNED = ("wage_income", "post_income", "workshop_income")
GROSS = tuple(f"{source}_income" for source in INCOMES)
PLACES = ("posts", "rangers", "workshop_workers", "relief_workers")
"""Persons paid by the month in places that the county gives: no wage earners."""
NEVER_REGISTERED = ("marginal", "other")
Simulated = Callable[..., Numbers]
"""Works out a figure of results, groups and year; a stock takes the month too."""


def _sum(results: Results, indicators: Iterable[str], groups: tuple[str, ...], year: int) -> Numbers:
    """Return the yearly sum of several indicators."""
    total: Numbers = np.sum([results.total(indicator, groups, year) for indicator in indicators], axis=0)
    return total


def _per_person(*indicators: str) -> Simulated:
    """Return yuan a year per person."""
    return lambda results, groups, year: (
        ratio(_sum(results, indicators, groups, year), results.mean("persons", groups, year)) / 100
    )


def _of_sums(top: str, bottom: str, scale: float = 1.0) -> Simulated:
    """Return a quotient of two yearly sums."""
    return lambda results, groups, year: scale * ratio(results.total(top, groups, year), results.total(bottom, groups, year))


def _of_ends(top: str, bottom: str) -> Simulated:
    """Return a quotient of two stocks in December, or in another month."""

    def value(results: Results, groups: tuple[str, ...], year: int, month: int = 12) -> Numbers:
        return ratio(results.at_end(top, groups, year, month), results.at_end(bottom, groups, year, month))

    return value


def _millions(*parts: tuple[str, tuple[str, ...]]) -> Simulated:
    """Return a stock in millions, of the groups of each part."""

    def value(results: Results, groups: tuple[str, ...], year: int, month: int = 12) -> Numbers:
        counts = [results.at_end(indicator, whose, year, month) for indicator, whose in parts]
        return np.asarray(np.sum(counts, axis=0)) / MILLION

    return value


def _assisted_share(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return persons on dibao or tekun over persons, in December; nobody is on both."""
    assisted = results.at_end("dibao_persons", groups, year) + results.at_end("tekun_persons", groups, year)
    return ratio(assisted, results.at_end("persons", groups, year))


def _identified_in_year(results: Results, groups: tuple[str, ...], year: int, month: int = 12) -> Numbers:
    """Return millions of persons identified from January on; who dies in between is missing."""
    before = results.at_end("ever_identified_persons", groups, year - 1)
    return (results.at_end("ever_identified_persons", groups, year, month) - before) / MILLION


def _income_growth(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return the growth of gross income per head against the year before."""
    level = _per_person(*GROSS)
    return ratio(level(results, groups, year), level(results, groups, year - 1)) - 1


def _enrolment_rate(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return persons with resident insurance over those whom no employer insures, in December."""
    return ratio(
        results.at_end("enrolled_persons", groups, year),
        results.at_end("persons", groups, year) - results.at_end("employee_insured_persons", groups, year),
    )


def _monitored_share(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return persons ever identified in any group over ex-poor persons, as the counties report it."""
    return ratio(results.at_end("ever_identified_persons", groups, year), results.at_end("persons", EX_POOR, year))


def _offfarm_share(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return the share of wages, posts and workshops in gross income."""
    return ratio(_sum(results, EARNED, groups, year), _sum(results, GROSS, groups, year))


def _earned_per_worker(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return wages and pay of posts and workshops per worker and year, own businesses left out, in yuan."""
    workers = results.mean("workers", groups, year) - results.mean("self_employed", groups, year)
    return ratio(_sum(results, EARNED, groups, year), workers) / 100.0


def _workers_per_person(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return workers over persons; who has an own business is no worker in the published figures."""
    workers = results.total("workers", groups, year) - results.total("self_employed", groups, year)
    return ratio(workers, results.total("persons", groups, year))


def _posts_per_household(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return posts over households; the published number of posts includes the forest rangers."""
    posts = results.at_end("posts", groups, year) + results.at_end("rangers", groups, year)
    return ratio(posts, results.at_end("households", groups, year))


SIMULATED: dict[str, tuple[Simulated, tuple[str, ...]]] = {
    "income_gross_pc": (_per_person(*GROSS), EX_POOR),
    "wage_income_pc": (_per_person(*EARNED), EX_POOR),
    "farm_income_pc": (_per_person("farm_income"), EX_POOR),
    "consumption_pc": (_per_person("consumption"), EX_POOR),
    "own_medical_pc": (_per_person("own_medical"), EX_POOR),
    "offfarm_share": (_offfarm_share, EX_POOR),
    "workers_per_person": (_workers_per_person, EX_POOR),
    "able_share": (_of_sums("able_persons", "persons"), EX_POOR),
    "earned_per_worker": (_earned_per_worker, EX_POOR),
    "enrolment_rate": (_enrolment_rate, EX_POOR),
    "admitted_share": (
        lambda results, groups, year: ratio(
            results.total("admitted_persons", groups, year), results.mean("persons", groups, year)
        ),
        EX_POOR,
    ),
    "admissions_per_admitted": (_of_sums("admissions", "admitted_persons"), EX_POOR),
    "bill_mean": (_of_sums("bills", "admissions", 0.01), EX_POOR),
    "reimbursed_share": (_of_sums("reimbursed", "bills"), EX_POOR),
    "dibao_share": (_assisted_share, EX_POOR),
    "still_poor_share": (_of_ends("registered_persons", "persons"), EX_POOR),
    "cleared_share": (_of_ends("ever_cleared_households", "ever_identified_households"), GROUPS),
    "monitored_share": (_monitored_share, GROUPS),
    "posts_per_registered_household": (_posts_per_household, EX_POOR),
    "loan_size": (_of_sums("lent", "loans_granted", 0.01), EX_POOR),
    "loan_balance_pc": (
        lambda results, groups, year: (
            ratio(results.at_end("loan_balance", groups, year), results.at_end("persons", groups, year)) / 100
        ),
        EX_POOR,
    ),
    "household_size": (_of_ends("persons", "households"), EX_POOR),
    "income_growth": (_income_growth, EX_POOR),
    "income_all_pc": (_per_person(*GROSS), GROUPS),
    "operating_all_pc": (_per_person("farm_income", "business_income"), GROUPS),
    "registered_total": (_millions(("registered_persons", GROUPS)), GROUPS),
    "ex_poor_total": (_millions(("persons", EX_POOR), ("ever_identified_persons", NEVER_REGISTERED)), GROUPS),
    "workers_total": (_millions(("workers", EX_POOR)), EX_POOR),
    "posts_total": (_millions(("posts", GROUPS)), GROUPS),
    "dibao_total": (_millions(("dibao_persons", GROUPS)), GROUPS),
    "dibao_ex_poor_total": (_millions(("dibao_persons", EX_POOR), ("tekun_persons", EX_POOR)), EX_POOR),
    "identified_total": (_millions(("ever_identified_persons", GROUPS)), GROUPS),
    "identified_ex_poor_total": (_millions(("ever_identified_persons", EX_POOR)), EX_POOR),
    "identified_marginal_total": (_millions(("ever_identified_persons", NEVER_REGISTERED)), NEVER_REGISTERED),
    "identified_in_year": (_identified_in_year, GROUPS),
    "cleared_total": (_millions(("ever_cleared_persons", GROUPS)), GROUPS),
    "premium_subsidy_total": (
        lambda results, groups, year: results.total("premium_subsidy", groups, year) / FEN_PER_BILLION_YUAN,
        GROUPS,
    ),
}
"""How each indicator of facts.yaml is worked out, and of which groups."""

_FACTORS = {"%": 100.0, "yuan/month": 1 / 12, "yuan/person/month": 1 / 12}
"""Factors from shares, or yuan a year, to the units that facts.yaml may use."""


def indicator_factor(unit: str) -> float:
    """Return the factor from an indicator as `SIMULATED` works it out to a unit of facts.yaml."""
    return _FACTORS.get(unit, 1.0)


def _simulate(results: Results, fact: Observation) -> Estimate:
    """Return the simulated counterpart of a figure under the factual policy; NaN where the run has none."""
    known = SIMULATED.get(fact.indicator)
    covered = all(month_index(fact.year, month) in results.months for month in (1, fact.month))
    if known is None or not covered:
        return estimate([])
    work_out, groups = known
    month = {} if fact.month == 12 else {"month": fact.month}
    values = work_out(results, groups, fact.year, **month)[results.place_of(results.study.factual)]
    return estimate(values * indicator_factor(fact.unit))


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
    simulated = _simulate(results, fact)
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
        miss=_miss(fact, simulated.mean),
    )


def _speaks_of(results: Results, fact: Observation) -> bool:
    """Return whether a run can say anything of a figure: a total of a whole place only where it is a run of that place."""
    return not fact.is_total or (results.weighted and fact.place == results.place.en)


def compare_with_facts(results: Results, facts: Iterable[Observation]) -> list[Comparison]:
    """Return simulated against observed for every figure that the run covers, by tag, name and year.

    Args:
        results: the results of a study; its factual policy is compared.
        facts: the observed figures (`scenarios.observations`).
    """
    compared = [_compare(results, fact) for fact in facts if _speaks_of(results, fact)]
    shown = [line for line in compared if line.simulated.runs or line.tag == "not_comparable"]
    return sorted(shown, key=lambda line: (TAGS.index(line.tag), line.name.en, line.year))


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
    paid = results.total("paid_workers", GROUPS, year) - _sum(results, PLACES, GROUPS, year)
    booked, persons = results.total("wage_income", GROUPS, year) / 100, results.mean("persons", GROUPS, year)
    return np.array([paid[place] * mean_wage(rules, year), booked[place], persons[place]])


def wage_identity(results: Results, sums: Numbers, year: int) -> Comparison:
    """Return workers times paid months times the parameters' wage against the wage income that was booked.

    Over all simulated persons, whose wage level the parameters describe: the ex-poor earn less, or they would not have
    been registered. Places (`PLACES`) are left out on both sides.

    Args:
        results: the results of the whole study.
        sums: the year's `wage_sums`, weighted and added over the counties of the place.
        year: the year.
    """
    expected = estimate(ratio(sums[0], sums[2]))
    booked = float(np.nanmean(ratio(sums[1], sums[2])))
    miss = expected.mean / booked - 1 if booked > 0 else np.nan
    return Comparison(
        "identity", IDENTITY_NAME, year, results.study.place, "yuan/person/year", "identity", "", booked, expected, miss
    )


HEADER = (
    "id",
    "tag",
    "name",
    "year",
    "place",
    "unit",
    "observed",
    "simulated",
    "mc_error",
    "miss",
    "verdict",
    "source",
)


def verdict(line: Comparison) -> str:
    """Return ``agrees``, ``misses`` or ``not judged``."""
    return {True: "agrees", False: "misses", None: "not judged"}[line.agrees]


def comparison_cells(line: Comparison) -> tuple[object, ...]:
    """Return a comparison as the cells of the CSV file."""
    from experiments.tables import plain

    numbers = (plain(line.observed), plain(line.simulated.mean), plain(line.simulated.error), plain(line.miss))
    return (line.id, line.tag, line.name.en, line.year, line.place, line.unit, *numbers, verdict(line), line.source)
