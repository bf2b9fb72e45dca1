"""Major events of a household: what conditions of levers call natural disaster, family calamity and accident."""

from __future__ import annotations

from typing import NamedTuple

from sim.engine import rule

NO_SHOCK, NATURAL_DISASTER, FAMILY_CALAMITY, ACCIDENT = range(4)


class Severe(NamedTuple):
    """Whether a person's admission of this month is a severe one, a severe one for an injury, or one without any cover."""

    severe: int
    hurt: int
    severe_uncovered: int


class Shock(NamedTuple):
    """The major event of the month."""

    major_shock: int


@rule
def note_severe(sick_months: int, injured: int, bmi_enrolled: int, employee_insured: int, law_severe_months: float) -> Severe:
    """Note an admission that takes a person out of work for as long as a severe one."""
    severe = 1 if sick_months >= law_severe_months else 0
    bare = 1 if (bmi_enrolled == 0) & (employee_insured == 0) else 0
    return Severe(severe, severe * injured, severe * bare)


@rule
def note_shock(members: int, sum_died: int, sum_severe: int, sum_hurt: int, env_struck: float) -> Shock:
    """Name the month's major event: a disaster in the township, a death in the family, a severe illness or accident."""
    if members == 0:
        return Shock(NO_SHOCK)
    if env_struck > 0.0:
        return Shock(NATURAL_DISASTER)
    if sum_hurt > 0:
        return Shock(ACCIDENT)
    return Shock(FAMILY_CALAMITY if sum_died + sum_severe > 0 else NO_SHOCK)
