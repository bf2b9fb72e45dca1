"""Chronic conditions, self-care, hospital admissions and what a severe one does to work."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.arithmetic import exp, normal, to_fen
from sim.engine import rule

NO_LABOUR = 3
READMISSION_MONTHS = 3
"""Months with a raised hazard of admission after an admission."""
WEAK_FROM, NO_LABOUR_FROM = 65, 75
"""Ages from which labour capacity is weak at most, and gone."""
LARGEST_BILL = 1e8
"""One million yuan: no bill is larger, so that years of bills fit into 32 bits of fen."""


class Ageing(NamedTuple):
    """Health that changes once a year, in January."""

    chronic_disease: int
    self_care: int
    admitted_this_year: int
    own_in_year: int
    critical_in_year: int
    assisted_in_year: int
    labour: int


class Illness(NamedTuple):
    """An admission this month, and the months that earlier ones still cast ahead."""

    admitted: int
    sick_months: int
    readmission_months: int


class Treatment(NamedTuple):
    """An admission's bill in fen, whether it is the first of the year, and what it leaves behind."""

    first_admission: int
    admitted_this_year: int
    bill: int
    sick_months: int
    readmission_months: int
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
    return Ageing(chronic_disease, self_care, 0, 0, 0, 0, labour)


@rule
def hospital_bill(u_bill: float, law_bill_mean: float, law_bill_log_sd: float) -> int:
    """Return a lognormal bill with the given mean, in fen."""
    bill = law_bill_mean * exp(law_bill_log_sd * normal(u_bill) - 0.5 * law_bill_log_sd * law_bill_log_sd)
    return to_fen(bill if bill < LARGEST_BILL else LARGEST_BILL)


@rule
def fall_ill(
    age: int,
    alive: int,
    chronic_disease: int,
    self_care: int,
    sick_months: int,
    readmission_months: int,
    law_admission_chronic: float,
    law_admission_disabled: float,
    law_readmission: float,
    table_admission_month: object,
    x_admission: float,
    u_admission: float,
) -> Illness:
    """Decide on an admission, by age and health, more likely soon after another."""
    sick = sick_months - 1 if sick_months > 0 else 0
    again = readmission_months - 1 if readmission_months > 0 else 0
    chance = table_admission_month[100 if age > 100 else age] * x_admission  # type: ignore[index]
    chance = chance * (law_admission_chronic if chronic_disease > 1 else 1.0)
    chance = chance * (law_admission_disabled if self_care > 0 else 1.0)
    chance = chance * (law_readmission if readmission_months > 0 else 1.0)
    return Illness(1 if (alive == 1) & (u_admission < chance) else 0, sick, again)


@rule
def be_treated(
    age: int,
    labour: int,
    sick_months: int,
    admitted_this_year: int,
    law_bill_mean: float,
    law_bill_log_sd: float,
    law_severe_share: float,
    law_severe_months: float,
    law_capacity_loss: float,
    u_bill: float,
    u_capacity: float,
) -> Treatment:
    """Draw the bill and what the illness does to work; the dearest bills are the severe ones: cost and lost work go together."""
    bill = hospital_bill(u_bill, law_bill_mean, law_bill_log_sd)
    months = 1
    if u_bill > 1.0 - law_severe_share:
        months = math.floor(law_severe_months + 0.5)
        if u_capacity < law_capacity_loss and labour < NO_LABOUR and age >= 16:
            labour = labour + 1
    return Treatment(1 - admitted_this_year, 1, bill, months if months > sick_months else sick_months, READMISSION_MONTHS, labour)


class Drugs(NamedTuple):
    """Own outpatient and drug spending of the month, in fen."""

    own_drugs: int


@rule
def buy_drugs(alive: int, chronic_disease: int, law_outpatient_cost: float) -> Drugs:
    """Spend on outpatient care and drugs, with a chronic condition."""
    return Drugs(to_fen(law_outpatient_cost / 12.0) if (alive == 1) & (chronic_disease > 0) else 0)
