"""Who depends on whom: children without carers, who is left behind, care left to the family and what it costs."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import rule
from sim.processes.employment import MIGRANT

ADULT, CHILD_TO, OLD = 18, 16, 60
"""Ages: of those who care for others, below which a child is left behind, from which people are old."""
BODY, MIND = 1, 2
"""Codes of the kind of disability."""
HALF_LABOUR = 2


class Dependence(NamedTuple):
    """Whether a person is an unattended child, and whether the person is left behind."""

    orphan_or_unattended: int
    left_behind: int


class Kind(NamedTuple):
    """Kind of disability that the certificate names."""

    disability_kind: int


class Dependents(NamedTuple):
    """A person counted among those who care, are away, need care or depend on others."""

    is_carer: int
    is_prime_away: int
    is_man_away: int
    is_left_behind: int
    is_orphan: int
    is_incapable: int
    is_cared: int
    has_account: int
    care_points: int
    is_uncared: int


class Burden(NamedTuple):
    """A household's carers, those away, those who depend on others, and the care that is left to it."""

    any_disabled: int
    incapable: int
    carers: int
    prime_away: int
    men_away: int
    left_behind_members: int
    care_burden: int


@rule
def depend(age: int, sex: int, job: int, hh_members: int, hh_carers: int, hh_prime_away: int, hh_men_away: int) -> Dependence:
    """Say, by last month's household, whether a child is unattended, and who is left behind.

    A child is unattended where nobody of 18 to 59 can care for it, at home or away. Left behind are children below 16 and people
    from 60 where nobody of 18 to 59 who could care is at home (of children: because they work away), and women whose men do.
    """
    if hh_members == 0:
        return Dependence(0, 0)
    alone = hh_carers == 0
    orphan = age < ADULT and alone and hh_prime_away == 0
    child = age < CHILD_TO and alone and hh_prime_away > 0
    old = age >= OLD and alone
    woman = sex == 0 and ADULT <= age < OLD and job != MIGRANT and hh_men_away > 0
    return Dependence(1 if orphan else 0, 1 if child or old or woman else 0)


@rule
def name_kind(severe_mental_disorder: int, law_mental_disability_share: float, u_disability_kind: float) -> Kind:
    """Name the kind of a disability when a certificate is first given: it stays."""
    mind = severe_mental_disorder == 1 or u_disability_kind < law_mental_disability_share
    return Kind(MIND if mind else BODY)


@rule
def points_of_care(self_care: int, cared: int) -> int:
    """Return the care left to the family: 1 for partial, 2 for no self-care; visits and day care take 1, a home all of it."""
    eased = 2 if cared == 3 else (1 if cared > 0 else 0)
    return self_care - eased if self_care > eased else 0


@rule
def own_care(self_care: int, cared: int, law_care_cost: float) -> int:
    """Return what the care left to the family costs it in a month, in fen."""
    return to_fen(points_of_care(self_care, cared) * law_care_cost)


@rule
def rehabilitation_need(age: int, disability_grade: int, law_rehabilitation_cost: float) -> int:
    """Return the monthly cost of a disabled child's rehabilitation, in fen."""
    return to_fen(law_rehabilitation_cost) if age < ADULT and disability_grade > 0 else 0


@rule
def treatment_need(severe_mental_disorder: int, law_treatment_cost: float) -> int:
    """Return the monthly cost of treating a severe mental disorder, in fen."""
    return to_fen(law_treatment_cost) if severe_mental_disorder == 1 else 0


@rule
def count_dependent(
    alive: int,
    age: int,
    sex: int,
    job: int,
    labour: int,
    self_care: int,
    disability_grade: int,
    cared: int,
    left_behind: int,
    orphan_or_unattended: int,
    pension_account: int,
) -> Dependents:
    """Count a person among those who can care for others, are away, or need care."""
    if alive == 0:
        return Dependents(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    prime = ADULT <= age < OLD
    away = 1 if prime and job == MIGRANT else 0
    fit = self_care == 0 and (disability_grade == 0 or disability_grade > 2)
    return Dependents(
        1 if prime and away == 0 and fit else 0,
        away,
        away * sex,
        left_behind,
        orphan_or_unattended,
        1 if age >= CHILD_TO and labour >= HALF_LABOUR else 0,
        1 if cared > 0 else 0,
        1 if pension_account > 1 else 0,
        points_of_care(self_care, cared),
        1 if self_care > 0 and cared == 0 else 0,
    )


@rule
def gather_dependents(
    sum_is_disabled: int,
    sum_is_incapable: int,
    sum_is_carer: int,
    sum_is_prime_away: int,
    sum_is_man_away: int,
    sum_is_left_behind: int,
    sum_care_points: int,
) -> Burden:
    """Fold the members into the household: who can care, who is away, how much care is left to the family."""
    return Burden(
        1 if sum_is_disabled > 0 else 0,
        sum_is_incapable,
        sum_is_carer,
        sum_is_prime_away,
        sum_is_man_away,
        sum_is_left_behind,
        sum_care_points,
    )
