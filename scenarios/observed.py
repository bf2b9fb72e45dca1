"""Observed figures that runs are compared with; they steer no run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path

from scenarios.place import read_chain
from scenarios.problems import Report, nearest
from scenarios.schema import Reader
from scenarios.shipped import FOLDER, shipped
from scenarios.yamlfile import Node, read_yaml

TAGS = ("input", "emergent", "administrative_target", "not_comparable")
"""What a figure can tell: it is itself a value of the scenario, has to come out, is managed, or counts something else."""

CONFIDENCE = ("source seen", "source seen (derived)", "source seen (secondary page)", "recalled, unverified")
BOUNDS = ("exact", "about", "at_least", "at_most")
INDICATORS = (
    "income_gross_pc",
    "wage_income_pc",
    "farm_income_pc",
    "consumption_pc",
    "own_medical_pc",
    "offfarm_share",
    "workers_per_person",
    "able_share",
    "earned_per_worker",
    "enrolment_rate",
    "admitted_share",
    "admissions_per_admitted",
    "dibao_share",
    "still_poor_share",
    "cleared_share",
    "monitored_share",
    "posts_per_registered_household",
    "household_size",
    "loan_size",
    "loan_balance_pc",
    "bill_mean",
    "reimbursed_share",
    "income_growth",
    "income_all_pc",
    "operating_all_pc",
    "registered_total",
    "ex_poor_total",
    "workers_total",
    "posts_total",
    "dibao_total",
    "dibao_ex_poor_total",
    "identified_total",
    "identified_ex_poor_total",
    "identified_marginal_total",
    "identified_in_year",
    "cleared_total",
    "premium_subsidy_total",
    "incidence",
    "relapsed_total",
    "relapsed_size",
    "ex_poor_registered_total",
    "away_share",
    "rangers_total",
    "lent_total",
    "loans_total",
    "lent_since_2021",
    "loan_balance_total",
    "unmet_need",
    "covered_share",
    "enrolled_growth",
    "illness_share",
    "identified_two_years_share",
    "identified_in_year_share",
    "monitored_register_share",
    "wage_all_pc",
    "property_all_pc",
    "transfer_all_pc",
)
"""Names of the simulated figures that have an observed one."""

TOTAL_UNITS = ("million persons", "million households/year", "billion yuan", "billion yuan/year")
"""Units of totals of a whole place: they compare only with a run of that place."""
WHOLE_ONLY = ("incidence",)
"""Indicators in other units that count a whole place too."""
IN_SAMPLE, OUT_OF_SAMPLE = "in", "out"

_KEYS = (
    "id", "facts", "name", "year", "month", "value", "unit", "place", "tag", "indicator", "source",
    "confidence", "bound", "note", "within", "instead_of", "told", "used_for",
)  # fmt: skip


@dataclass(frozen=True)
class Observation:
    """One observed figure.

    Attributes:
        id: our name of it.
        facts: ids in the collection of facts.
        names: in Chinese and English.
        year: calendar year; the end of it for a stock.
        month: month of a stock, or the last month of a sum that began in January; 12 by default.
        value, unit: the figure, money in yuan.
        place: where it was observed.
        tag: one of `TAGS`.
        indicator: one of `INDICATORS`.
        source, confidence: publisher, title and date; whether it was read or recalled.
        bound: exact, about, at_least or at_most.
        note: what a reader must know before comparing.
        within: id of the place below which alone it is compared; empty where it is compared everywhere.
        instead_of: ids of the country's figures that it takes the place of there.
        told: month in which it was first told, where the source that was read is later or has no date; None for the source's.
        used_for: keys of default values that were chosen with it, ``values.<name>``, ``tables.<name>`` or ``lever.field``.
    """

    id: str
    facts: tuple[str, ...]
    names: Mapping[str, str]
    year: int
    value: float
    unit: str
    place: str
    tag: str
    indicator: str
    source: str
    confidence: str
    bound: str = "exact"
    note: str = ""
    month: int = 12
    within: str = ""
    instead_of: tuple[str, ...] = ()
    told: int | None = None
    used_for: tuple[str, ...] = ()

    @property
    def is_total(self) -> bool:
        """Whether it counts a whole place."""
        return self.unit in TOTAL_UNITS or self.indicator in WHOLE_ONLY

    @property
    def sample(self) -> str:
        """``in`` where a default value was chosen with it: that it comes out shows the fit, not the model; else ``out``."""
        return IN_SAMPLE if self.used_for else OUT_OF_SAMPLE


def observations(path: str | PathLike[str] | None = None) -> tuple[Observation, ...]:
    """Return the observed figures, the shipped ones or those of a file of the same form.

    Raises:
        ScenarioError: with every problem of the file.
    """
    report = Report()
    node = read_yaml(Path(path)) if path is not None else read_yaml(FOLDER / "facts.yaml", "facts.yaml")
    items = Reader(node, "", ("observations",), report).items("observations")
    found = [_read(item, report) for item in items]
    for number, observation in enumerate(found):
        if observation.id in {earlier.id for earlier in found[:number]}:
            report.add(items[number].where, f"{observation.id}.id", "given twice", "each id once")
    known = {one.id for one in found}
    for item, one in zip(items, found, strict=True):
        for key in one.instead_of:
            if key not in known:
                report.add(item.where, f"{one.id}.instead_of", f"'{key}'", "an id of this file", nearest(key, known))
    report.stop()
    return tuple(found)


def observations_of(place: str | PathLike[str]) -> tuple[Observation, ...]:
    """Return the shipped figures that a run of a place is compared with: the country's, and those of places at or above it.

    Raises:
        ScenarioError: when the place has problems.
    """
    report = Report()
    above = {part.id for part in read_chain(fspath(place), report)}
    report.stop()
    found = [one for one in observations() if not one.within or one.within in above]
    replaced = {key for one in found for key in one.instead_of}
    return tuple(one for one in found if one.id not in replaced)


def _read(node: Node, report: Report) -> Observation:
    """Read one figure."""
    outer = Reader(node, "observation", _KEYS, report)
    key = outer.text("id")
    reader = outer.renamed(key or "observation")
    year = reader.number("year")
    if year is not None and (year != int(year) or not 1990 <= year <= 2060):
        reader.wrong(reader.content["year"], "year", "a year from 1990 to 2060")
    month = reader.number("month", required=False)
    if month is not None and (month != int(month) or not 1 <= month <= 12):
        reader.wrong(reader.content["month"], "month", "a month from 1 to 12")
    return Observation(
        key,
        tuple(str(item.value) for item in reader.items("facts")),
        reader.names(),
        int(year or 0),
        float(reader.number("value") or 0.0),
        reader.text("unit"),
        reader.text("place"),
        reader.text("tag", choices=TAGS),
        reader.text("indicator", choices=INDICATORS),
        reader.text("source"),
        reader.text("confidence", choices=CONFIDENCE),
        reader.text("bound", required=False, choices=BOUNDS) or "exact",
        reader.text("note", required=False),
        int(month or 12),
        reader.text("within", required=False, choices=shipped("places")),
        tuple(str(item.value) for item in reader.items("instead_of", required=False)),
        told=reader.month("told"),
        used_for=tuple(str(item.value) for item in reader.items("used_for", required=False)),
    )
