"""Simulated against observed: every line of ``scenarios/facts.yaml`` with the same quantity of the run.

Inputs come out because they were put in; emergent figures are the test. Administrative targets are managed numbers and,
like figures that are not comparable, are listed and not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from experiments.intervals import Estimate, estimate
from experiments.labels import Label
from experiments.quantities import EX_POOR, TEST_MONTH
from experiments.results import Numbers, Results, ratio
from sim.indicators import GROUPS
from sim.rules import Rules, month_index

TOLERANCE = 0.10
"""A simulated figure agrees with the observed one when it lies within this share of it."""

TAGS = ("input", "emergent", "administrative_target", "not_comparable")
JUDGED = ("input", "emergent")


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


EARNED = ("wage_income", "post_income")
GROSS = (*EARNED, "farm_income", "pension_income", "transfer_income", "property_income", "dibao_income")

Simulated = Callable[[Results, tuple[str, ...], int], Numbers]


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
    return lambda results, groups, year: (
        scale * ratio(results.total(top, groups, year), results.total(bottom, groups, year))
    )


def _of_ends(top: str, bottom: str, month: int = 12) -> Simulated:
    """Return a quotient of two indicators of one month."""
    return lambda results, groups, year: ratio(
        results.at_end(top, groups, year, month), results.at_end(bottom, groups, year, month)
    )


def _of_rural(top: str) -> Simulated:
    """Return a share of the rural population in December."""
    return lambda results, groups, year: ratio(results.at_end(top, groups, year), results.rural_population)


def _offfarm_share(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return the share of wages and posts in gross income."""
    return ratio(_sum(results, EARNED, groups, year), _sum(results, GROSS, groups, year))


SIMULATED: dict[str, tuple[Simulated, tuple[str, ...]]] = {
    "income_gross_pc": (_per_person(*GROSS), EX_POOR),
    "wage_income_pc": (_per_person(*EARNED), EX_POOR),
    "farm_income_pc": (_per_person("farm_income"), EX_POOR),
    "consumption_pc": (_per_person("consumption"), EX_POOR),
    "own_medical_pc": (_per_person("own_medical"), EX_POOR),
    "offfarm_share": (_offfarm_share, EX_POOR),
    "workers_per_person": (_of_sums("workers", "persons"), EX_POOR),
    "able_share": (_of_sums("able_persons", "persons"), EX_POOR),
    "months_paid": (_of_sums("paid_workers", "workers", 12.0), EX_POOR),
    "enrolment_rate": (_of_ends("enrolled_persons", "persons"), EX_POOR),
    "admitted_share": (
        lambda results, groups, year: ratio(
            results.total("admitted_persons", groups, year), results.mean("persons", groups, year)
        ),
        EX_POOR,
    ),
    "admissions_per_admitted": (_of_sums("admissions", "admitted_persons"), EX_POOR),
    "bill_mean": (_of_sums("bills", "admissions", 0.01), EX_POOR),
    "reimbursed_share": (_of_sums("reimbursed", "bills"), EX_POOR),
    "dibao_share": (_of_ends("dibao_persons", "persons"), EX_POOR),
    "still_poor_share": (_of_ends("poor_gross_persons", "tested_persons", TEST_MONTH), EX_POOR),
    "cleared_share": (_of_ends("ever_cleared_households", "ever_identified_households"), GROUPS),
    "monitored_share": (_of_rural("ever_identified_persons"), GROUPS),
    "posts_per_registered_household": (_of_ends("posts", "households"), EX_POOR),
    "household_size": (_of_ends("persons", "households"), EX_POOR),
}
"""How each indicator of facts.yaml is worked out, and of which groups unless the line names others."""

_FACTORS = {"%": 100.0, "per cent": 100.0, "percent": 100.0, "yuan/month": 1 / 12, "yuan/person/month": 1 / 12}
"""Factors from shares, or yuan a year, to the units that facts.yaml may use."""


def _groups(row: Mapping[str, Any], usual: tuple[str, ...]) -> tuple[str, ...]:
    """Return the groups that a line is about."""
    named = row.get("groups") or row.get("group")
    if not named:
        return usual
    return (named,) if isinstance(named, str) else tuple(named)


def _simulate(results: Results, row: Mapping[str, Any]) -> Estimate:
    """Return the simulated counterpart of a line under the factual policy; NaN where the run has none."""
    known = SIMULATED.get(str(row.get("indicator")))
    if known is None:
        return estimate([])
    work_out, usual = known
    values = work_out(results, _groups(row, usual), int(row["year"]))
    return estimate(values[results.place_of(results.study.factual)] * _FACTORS.get(str(row.get("unit")), 1.0))


def _is_covered(results: Results, row: Mapping[str, Any]) -> bool:
    """Return whether the run has the whole year of a line."""
    first, last = (month_index(int(row["year"]), month) for month in (1, 12))
    return first in results.months and last in results.months


def _compare(results: Results, row: Mapping[str, Any]) -> Comparison:
    """Return one line with its simulated counterpart."""
    observed, tag = float(row["value"]), str(row["tag"])
    simulated = _simulate(results, row) if _is_covered(results, row) else estimate([])
    judged = tag in JUDGED and observed != 0
    return Comparison(
        id=str(row["id"]),
        name=Label(str(row["name"]["zh"]), str(row["name"]["en"])),
        year=int(row["year"]),
        place=str(row["place"]),
        unit=str(row["unit"]),
        tag=tag,
        source=str(row.get("source", "")),
        observed=observed,
        simulated=simulated,
        miss=simulated.mean / observed - 1 if judged else np.nan,
    )


def compare_with_facts(results: Results, rows: Iterable[Mapping[str, Any]]) -> list[Comparison]:
    """Return simulated against observed for every line that the run covers, by tag and year.

    Args:
        results: the results of a study; its factual policy is compared.
        rows: the lines of ``scenarios/facts.yaml``.
    """
    compared = [_compare(results, row) for row in rows]
    shown = [line for line in compared if line.simulated.count or line.tag == "not_comparable"]
    return sorted(shown, key=lambda line: (TAGS.index(line.tag), line.name.en, line.year))


IDENTITY_NAME = Label(
    "恒等检验：务工人数×领薪月数×月工资，对照人均工资收入",
    "identity: workers x paid months x wage = wages",
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


def wage_identity(results: Results, rules: Rules, year: int) -> Comparison:
    """Return workers times paid months times the parameters' wage against the wage income that was booked.

    The two agree only when employment, months worked and the wage level fit together.
    """
    place = results.place_of(results.study.factual)
    paid = results.total("paid_workers", EX_POOR, year) - results.total("posts", EX_POOR, year)
    persons = results.mean("persons", EX_POOR, year)
    expected = estimate((ratio(paid, persons) * mean_wage(rules, year))[place])
    booked = float(np.nanmean(_per_person("wage_income")(results, EX_POOR, year)[place]))
    miss = expected.mean / booked - 1 if booked > 0 else np.nan
    return Comparison(
        "identity", IDENTITY_NAME, year, results.study.place, "yuan/person/year", "emergent", "", booked, expected, miss
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
