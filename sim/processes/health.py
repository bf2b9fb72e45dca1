"""Chronic conditions, self-care, disability, critical and mental illness: what changes in health from year to year."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.engine import rule

NO_LABOUR = 3
"""Code of no labour capacity."""
WEAK_FROM, NO_LABOUR_FROM = 65, 75
"""Ages from which labour capacity is weak at most, and gone."""
CAPACITY_FROM = 16
"""Age from which an illness or a disability lowers labour capacity."""
MENTAL_FROM, MENTAL_TO = 15, 60
"""Ages between which severe mental disorders begin."""
MENTAL_GRADE = 2
"""Grade of the certificate that a severe mental disorder brings."""


class Ageing(NamedTuple):
    """Health that changes once a year, in January."""

    chronic_disease: int
    self_care: int
    admitted_this_year: int
    own_in_year: int
    critical_in_year: int
    supplement_in_year: int
    assisted_in_year: int
    ceiling_in_year: int
    commercial_in_year: int
    drugs_in_year: int
    outpatient_in_year: int
    labour: int


class SignOn(NamedTuple):
    """Whether a person with a chronic condition has a contract with a family doctor this year."""

    signed_doctor: int


class Change(NamedTuple):
    """Disability, critical and mental illness, and labour capacity, at the start of a year."""

    disability_grade: int
    critical_illness: int
    listed_critical_illness: int
    severe_mental_disorder: int
    labour: int


@rule
def age_in_health(
    age: int,
    chronic_disease: int,
    self_care: int,
    labour: int,
    table_chronic_onset: object,
    table_chronic_second: object,
    table_care_onset: object,
    table_care_second: object,
    u_chronic: float,
    u_self_care: float,
) -> Ageing:
    """Let chronic conditions and loss of self-care begin, at the hazards implied by their prevalence by age; a new year of bills.

    Labour capacity fades with age: weak from 65, none from 75 or without self-care.
    """
    years = 100 if age > 100 else age
    if chronic_disease == 0 and u_chronic < table_chronic_onset[years]:  # type: ignore[index]
        chronic_disease = 1
    elif chronic_disease == 1 and u_chronic < table_chronic_second[years]:  # type: ignore[index]
        chronic_disease = 2
    if self_care == 0 and u_self_care < table_care_onset[years]:  # type: ignore[index]
        self_care = 1
    elif self_care == 1 and u_self_care < table_care_second[years]:  # type: ignore[index]
        self_care = 2
    if age >= NO_LABOUR_FROM or self_care == 2:
        labour = NO_LABOUR
    elif age >= WEAK_FROM and labour == 0:
        labour = 1
    return Ageing(chronic_disease, self_care, 0, 0, 0, 0, 0, 0, 0, 0, 0, labour)


@rule
def sign_on(chronic_disease: int, law_signed_share: float, u_sign_on: float) -> SignOn:
    """Sign on for the year with a family doctor: by lot a share of those with a chronic condition."""
    return SignOn(1 if chronic_disease > 0 and u_sign_on < law_signed_share else 0)


@rule
def labour_of(grade: int) -> int:
    """Return the labour capacity that a disability of a grade leaves at most: none, half, and weak for grades 3 and 4."""
    return 4 - grade if grade < 3 else 1


@rule
def recovers(
    age: int, labour: int, grade: int, ill: bool, law_capacity_recovery: float, law_certified_recovery: float, u_recovery: float
) -> bool:
    """Say whether a weak or half capacity rises by a grade: not the old, not the severely disabled, not who is still ill."""
    chance = law_capacity_recovery * (law_certified_recovery if grade > 0 else 1.0)
    lasting = grade == 1 or grade == 2 or ill or age >= WEAK_FROM
    return 0 < labour < NO_LABOUR and not lasting and u_recovery < chance


@rule
def change_in_health(
    age: int,
    labour: int,
    disability_grade: int,
    critical_illness: int,
    listed_critical_illness: int,
    severe_mental_disorder: int,
    law_critical_remission: float,
    law_mental_onset: float,
    law_capacity_recovery: float,
    law_certified_recovery: float,
    table_disability_onset: object,
    x_disability: float,
    x_recovery: float,
    x_remission: float,
    u_remission: float,
    u_mental: float,
    u_disability: float,
    u_recovery: float,
) -> Change:
    """Let critical illnesses end, mental disorders and disabilities begin by age, and labour capacity come back."""
    if critical_illness == 1 and u_remission < law_critical_remission * x_remission:
        critical_illness = 0
        listed_critical_illness = 0
    if MENTAL_FROM <= age < MENTAL_TO and u_mental < law_mental_onset:
        severe_mental_disorder = 1
    ill = critical_illness == 1 or severe_mental_disorder == 1
    if recovers(age, labour, disability_grade, ill, law_capacity_recovery * x_recovery, law_certified_recovery, u_recovery):
        labour = labour - 1
        disability_grade = disability_grade if labour > 0 else 0
    onset = table_disability_onset[100 if age > 100 else age] * x_disability  # type: ignore[index]
    if disability_grade == 0 and u_disability < onset:
        disability_grade = 1 + math.floor(4.0 * u_disability / onset)
    if severe_mental_disorder == 1 and (disability_grade == 0 or disability_grade > MENTAL_GRADE):
        disability_grade = MENTAL_GRADE
    if disability_grade > 0 and age >= CAPACITY_FROM:
        left = labour_of(disability_grade)
        labour = left if left > labour else labour
    return Change(disability_grade, critical_illness, listed_critical_illness, severe_mental_disorder, labour)
