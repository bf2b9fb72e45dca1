"""The moments of health, insurance, schooling, work and benefits."""

from __future__ import annotations

import numpy as np

from calibration.columns import BENEFITS, JOBS
from calibration.moments import rates
from calibration.moments.moment import Family, Moment, Values
from calibration.moments.weighted import Numbers
from calibration.moments.wide import Sample, Wide
from calibration.operators import catastrophic

WORKING_AGES = (16, 64)
"""Ages of the moments of work, both included."""

SCHOOL_AGES = (7, 17)
"""Ages of the moments of schooling, both included."""

OFF_FARM = ("local_wage", "migrant", "wage", "post")
"""Jobs that count as employment off the own farm; an own business does not."""

_PERSONS = "person weight; all waves"


def _people(sample: Sample) -> Wide:
    """Return the table of persons, which the families of persons need."""
    assert sample.persons is not None
    return sample.persons


def measure_admissions(sample: Sample) -> Values:
    """Return how many are admitted, and how many of them again."""
    people = _people(sample)
    admitted = people["admitted"]
    return {
        "admitted_share": rates.mean(admitted, people.weights),
        "admitted_again": rates.kept(admitted, people.weights),
        "admitted_newly": rates.gained(admitted, people.weights),
    }


def measure_repeats(sample: Sample) -> Values:
    """Return admissions of a person who is admitted."""
    people = _people(sample)
    count = people["admissions"]
    return {"admissions_per_admitted": rates.mean_where(count, count > 0, people.weights)}


def measure_spending(sample: Sample) -> Values:
    """Return own medical spending of households."""
    homes = sample.households
    own = homes["medical_spending"]
    logs = np.log(np.where(own > 0, own, np.nan))
    return {
        "medical_mean": rates.ratio(own, homes["size"], homes.weights),
        "medical_any": rates.mean(_flag(own > 0, own), homes.weights),
        "medical_log_mean": rates.mean(logs, homes.weights),
        "medical_log_sd": rates.spread(logs, homes.weights),
    }


def measure_burden(sample: Sample) -> Values:
    """Return households with spending above a tenth of income."""
    homes = sample.households
    heavy = catastrophic("income", homes["medical_spending"], income=homes["income_total"])
    return {"medical_over_tenth": rates.mean(heavy, homes.weights), "medical_over_tenth_again": rates.kept(heavy, homes.weights)}


def measure_insurance(sample: Sample) -> Values:
    """Return enrolment in medical insurance and its flows."""
    people = _people(sample)
    insured = people["insured"]
    return {
        "insured_share": rates.mean(insured, people.weights),
        "insured_kept": rates.kept(insured, people.weights),
        "insured_gained": rates.gained(insured, people.weights),
    }


def measure_schooling(sample: Sample) -> Values:
    """Return who of school age is in school."""
    people = _people(sample)
    young = _between(people["age"], SCHOOL_AGES)
    return {"in_school_share": rates.mean_where(people["in_school"], young, people.weights)}


def measure_work(sample: Sample) -> Values:
    """Return employment off the own farm and its flows, at working age."""
    people = _people(sample)
    codes, able = people["job"], _between(people["age"], WORKING_AGES)
    works = np.where(able, _flag(np.isin(codes, [JOBS.index(name) for name in OFF_FARM]), codes), np.nan)
    away = np.where(able, _flag(codes == JOBS.index("migrant"), codes), np.nan)
    return {
        "works_share": rates.mean(works, people.weights),
        "works_kept": rates.kept(works, people.weights),
        "works_found": rates.gained(works, people.weights),
        "migrant_share": rates.mean(away, people.weights),
        "migrant_kept": rates.kept(away, people.weights),
    }


def measure_months(sample: Sample) -> Values:
    """Return months worked by those who work."""
    people = _people(sample)
    months = people["works_months"]
    able = _between(people["age"], WORKING_AGES) & (months > 0)
    return {"months_worked": rates.mean_where(months, able, people.weights)}


def _flag(where: np.ndarray, seen: Numbers) -> Numbers:
    """Return 1 and 0, NaN where not seen."""
    return np.where(np.isfinite(seen), where.astype(np.float64), np.nan)


def _between(ages: Numbers, ends: tuple[int, int]) -> np.ndarray:
    """Return who is of these ages."""
    return np.asarray((ages >= ends[0]) & (ages <= ends[1]))


def _benefit(name: str, meaning: str) -> Family:
    """Return the moments of one benefit: receipt, and its flows."""

    def measure(sample: Sample) -> Values:
        homes = sample.households
        flags = homes[name]
        return {
            f"{name}_share": rates.mean(flags, homes.weights),
            f"{name}_kept": rates.kept(flags, homes.weights),
            f"{name}_gained": rates.gained(flags, homes.weights),
        }

    moments = (
        Moment(f"{name}_share", "share", f"households: {meaning}; all waves"),
        Moment(f"{name}_kept", "share", f"of households with it ({meaning}), in the next wave too"),
        Moment(f"{name}_gained", "share", f"of households without it ({meaning}), with it in the next wave"),
    )
    return Family(name, moments, (f"households.{name}",), measure)


_LATER = "in the next wave; person weight of the earlier wave"

SERVICES = (
    Family(
        "admissions",
        (
            Moment("admitted_share", "share", f"persons admitted to a hospital within 12 months; {_PERSONS}"),
            Moment("admitted_again", "share", f"of persons admitted, admitted {_LATER}"),
            Moment("admitted_newly", "share", f"of persons not admitted, admitted {_LATER}"),
        ),
        ("persons.admitted",),
        measure_admissions,
    ),
    Family(
        "repeats",
        (Moment("admissions_per_admitted", "admissions/year", f"admissions of a person admitted; {_PERSONS}"),),
        ("persons.admissions",),
        measure_repeats,
    ),
    Family(
        "spending",
        (
            Moment("medical_mean", "yuan/person/year", "own medical spending of households over their members; all waves"),
            Moment("medical_any", "share", "households with own medical spending; all waves"),
            Moment("medical_log_mean", "log yuan", "mean log of own medical spending where there is any; households"),
            Moment("medical_log_sd", "log yuan", "standard deviation of the same; households"),
        ),
        ("households.medical_spending", "households.size"),
        measure_spending,
    ),
    Family(
        "burden",
        (
            Moment("medical_over_tenth", "share", "households whose own medical spending is above 10% of income; all waves"),
            Moment("medical_over_tenth_again", "share", "of these households, in the next wave too"),
        ),
        ("households.medical_spending", "households.income_total"),
        measure_burden,
    ),
    Family(
        "insurance",
        (
            Moment("insured_share", "share", f"persons with public medical insurance; {_PERSONS}"),
            Moment("insured_kept", "share", f"of persons insured, insured {_LATER}"),
            Moment("insured_gained", "share", f"of persons not insured, insured {_LATER}"),
        ),
        ("persons.insured",),
        measure_insurance,
    ),
    Family(
        "schooling",
        (Moment("in_school_share", "share", f"of persons aged {SCHOOL_AGES[0]}-{SCHOOL_AGES[1]}, in school; {_PERSONS}"),),
        ("persons.in_school", "persons.age"),
        measure_schooling,
    ),
    Family(
        "work",
        (
            Moment("works_share", "share", f"of persons aged 16-64, main job a wage job or a post; {_PERSONS}"),
            Moment("works_kept", "share", f"of these, the same {_LATER}"),
            Moment("works_found", "share", f"of others aged 16-64, such a job {_LATER}"),
            Moment("migrant_share", "share", f"of persons aged 16-64, migrant; {_PERSONS}"),
            Moment("migrant_kept", "share", f"of migrants, migrant {_LATER}"),
        ),
        ("persons.job", "persons.age"),
        measure_work,
    ),
    Family(
        "months",
        (Moment("months_worked", "months/year", f"months worked off the own farm of persons aged 16-64 with any; {_PERSONS}"),),
        ("persons.works_months", "persons.age"),
        measure_months,
    ),
)
RECEIPT = tuple(_benefit(one.name, one.meaning) for one in BENEFITS)
