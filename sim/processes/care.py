"""Hospital care: needs and whether they are met, bills, what an admission leaves behind; outpatient care and drugs."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.arithmetic import exp, normal, to_fen
from sim.engine import rule
from sim.processes.health import CAPACITY_FROM, NO_LABOUR

READMISSION_MONTHS = 3
"""Months with a raised hazard of needing a hospital, after an admission and after care that was forgone."""
LARGEST_BILL = 1e8
"""One million yuan: no bill is larger, so that years of bills fit into 32 bits of fen."""


class Illness(NamedTuple):
    """A need for hospital care this month, and the months that earlier ones still cast ahead."""

    needed: int
    sick_months: int
    readmission_months: int


class Seeking(NamedTuple):
    """Whether a need is met; one that is not leaves the person sick for longer."""

    admitted: int
    forgone: int
    sick_months: int
    readmission_months: int


class Treatment(NamedTuple):
    """An admission's bill in fen, whether it is the first of the year, an injury, and what it leaves behind."""

    first_admission: int
    injured: int
    admitted_this_year: int
    bill: int
    sick_months: int
    labour: int
    disability_grade: int
    critical_illness: int
    listed_critical_illness: int


class Drugs(NamedTuple):
    """Cost of the month's outpatient care and drugs, in fen."""

    drug_bill: int


@rule
def fall_ill(
    age: int,
    alive: int,
    chronic_disease: int,
    self_care: int,
    critical_illness: int,
    own_share: int,
    sick_months: int,
    readmission_months: int,
    law_admission_chronic: float,
    law_admission_disabled: float,
    law_admission_critical: float,
    law_readmission: float,
    table_admission_month: object,
    table_demand: object,
    x_admission: float,
    u_admission: float,
) -> Illness:
    """Decide on a need for a hospital, by age, health and the price expected, more likely soon after another."""
    sick = sick_months - 1 if sick_months > 0 else 0
    again = readmission_months - 1 if readmission_months > 0 else 0
    chance = table_admission_month[100 if age > 100 else age] * x_admission  # type: ignore[index]
    chance = chance * (law_admission_chronic if chronic_disease > 1 else 1.0)
    chance = chance * (law_admission_disabled if self_care > 0 else 1.0)
    chance = chance * (law_admission_critical if critical_illness > 0 else 1.0)
    chance = chance * (law_readmission if readmission_months > 0 else 1.0)
    chance = chance * table_demand[own_share]  # type: ignore[index]
    return Illness(1 if (alive == 1) & (u_admission < chance) else 0, sick, again)


@rule
def seek_care(
    own_share: int,
    sick_months: int,
    hh_assets: int,
    hh_gross_12m: int,
    hh_members: int,
    law_bill_mean: float,
    law_consumption_floor: float,
    law_forgone_base: float,
    law_forgone_burden: float,
    law_forgone_months: float,
    law_deposit_share: float,
    law_forgone_deposit: float,
    x_care_forgone: float,
    x_deposit: float,
    u_care: float,
) -> Seeking:
    """Go to hospital, or go without: likelier the more of the household's money and yearly income the bill would take.

    Income counts as no less than the consumption that the household defends. A deposit that the purse cannot pay keeps further
    people away, by the part of it that is missing.
    """
    least = 12.0 * law_consumption_floor * hh_members
    means = hh_assets + (hh_gross_12m if hh_gross_12m > least else least)
    own = own_share / 100.0 * law_bill_mean
    burden = own / means if means > own else 1.0
    deposit = law_deposit_share * law_bill_mean * x_deposit
    purse = hh_assets if hh_assets > 0 else 0
    missing = (deposit - purse) / deposit if deposit > purse else 0.0
    if u_care < x_care_forgone * (law_forgone_base + law_forgone_burden * burden + law_forgone_deposit * missing):
        months = math.floor(law_forgone_months + 0.5)
        return Seeking(0, 1, months if months > sick_months else sick_months, READMISSION_MONTHS)
    return Seeking(1, 0, sick_months, READMISSION_MONTHS)


@rule
def hospital_bill(u_bill: float, law_bill_mean: float, law_bill_log_sd: float) -> int:
    """Return a lognormal bill with the given mean, in fen."""
    bill = law_bill_mean * exp(law_bill_log_sd * normal(u_bill) - 0.5 * law_bill_log_sd * law_bill_log_sd)
    return to_fen(bill if bill < LARGEST_BILL else LARGEST_BILL)


@rule
def certificate(age: int, grade: int, labour: int, certified: bool) -> int:
    """Return the grade after a loss of capacity: 3 for weak, 2 for half, 1 for no capacity; never a milder one than before."""
    found = 4 - labour if certified and age >= CAPACITY_FROM and labour > 0 else 0
    return found if found > 0 and (grade == 0 or found < grade) else grade


@rule
def be_treated(
    age: int,
    labour: int,
    disability_grade: int,
    critical_illness: int,
    listed_critical_illness: int,
    sick_months: int,
    admitted_this_year: int,
    law_bill_mean: float,
    law_bill_log_sd: float,
    law_severe_share: float,
    law_severe_months: float,
    law_accident_share: float,
    law_accident_months: float,
    law_capacity_loss: float,
    law_certificate_share: float,
    law_critical_share: float,
    law_listed_share: float,
    x_disability: float,
    x_hospital_bill: float,
    u_bill: float,
    u_capacity: float,
    u_cause: float,
) -> Treatment:
    """Draw the bill, the cause and what the illness does to work; the dearest bills are the severe ones.

    Cost and lost work go together. A severe admission may lower labour capacity, with or without a certificate, or begin a
    critical illness. Income falls through the months and the capacity lost, and through nothing else.
    """
    cost = x_hospital_bill * hospital_bill(u_bill, law_bill_mean, law_bill_log_sd)
    bill = to_fen(cost if cost < LARGEST_BILL else LARGEST_BILL)
    injured = 1 if u_cause < law_accident_share else 0
    months = math.floor(law_accident_months + 0.5) if injured == 1 else 1
    if u_bill > 1.0 - law_severe_share:
        months = math.floor(law_severe_months + 0.5)
        if u_capacity < law_capacity_loss and labour < NO_LABOUR and age >= CAPACITY_FROM:
            labour = labour + 1
            certified = u_capacity < law_capacity_loss * law_certificate_share * x_disability
            disability_grade = certificate(age, disability_grade, labour, certified)
        if injured == 0 and u_cause > 1.0 - law_critical_share:
            critical_illness = 1
            if u_cause > 1.0 - law_critical_share * law_listed_share:
                listed_critical_illness = 1
    sick = months if months > sick_months else sick_months
    return Treatment(
        1 - admitted_this_year, injured, 1, bill, sick, labour, disability_grade, critical_illness, listed_critical_illness
    )


@rule
def buy_drugs(
    alive: int,
    chronic_disease: int,
    critical_illness: int,
    law_outpatient_cost: float,
    law_outpatient_second: float,
    law_outpatient_critical: float,
) -> Drugs:
    """Buy outpatient care and drugs: with a chronic condition, more with two, and more with a critical illness."""
    yearly = law_outpatient_cost * (law_outpatient_second if chronic_disease > 1 else 1.0)
    yearly = yearly * (1.0 if chronic_disease > 0 else 0.0) + law_outpatient_critical * critical_illness
    return Drugs(to_fen(yearly / 12.0) * alive)
