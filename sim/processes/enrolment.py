"""Enrolment in resident medical insurance: paid in autumn for the next calendar year."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.arithmetic import exp, to_fen
from sim.engine import rule
from sim.processes.employment import MIGRANT


class Enrolment(NamedTuple):
    """Whether next year's premium is paid, and by whom, in fen."""

    enrolled_next: int
    premium_own: int
    premium_budget: int


class Cover(NamedTuple):
    """Cover of the new calendar year."""

    bmi_enrolled: int
    waiting: int


@rule
def enrolment_chance(
    age: int,
    chronic: int,
    away: bool,
    enrolled: int,
    price: float,
    income_per_head: float,
    law_enrol_base: float,
    law_enrol_before: float,
    law_enrol_price: float,
    law_enrol_age: float,
    law_enrol_chronic: float,
    law_enrol_away: float,
) -> float:
    """Return the chance that a member is enrolled: habit, age, health, being away, and price as a share of income per head."""
    burden = 100.0 * price / (income_per_head if income_per_head > 100000.0 else 100000.0)
    odds = law_enrol_base + law_enrol_age * (age - 40.0) / 10.0 + law_enrol_price * burden
    if enrolled == 1:
        odds = odds + law_enrol_before
    if chronic > 0:
        odds = odds + law_enrol_chronic
    if away:
        odds = odds + law_enrol_away
    return 1.0 / (1.0 + exp(-odds))


@rule
def enrol(
    age: int,
    alive: int,
    chronic_disease: int,
    job: int,
    bmi_enrolled: int,
    subsidy_share: float,
    hh_gross_12m: int,
    hh_members: int,
    law_premium: float,
    law_enrol_base: float,
    law_enrol_before: float,
    law_enrol_price: float,
    law_enrol_age: float,
    law_enrol_chronic: float,
    law_enrol_away: float,
    u_enrol: float,
) -> Enrolment:
    """Decide on next year's cover at the premium less the subsidy."""
    if alive == 0:
        return Enrolment(0, 0, 0)
    budget = to_fen(law_premium * subsidy_share)
    own = to_fen(law_premium) - budget
    head = hh_gross_12m / (hh_members if hh_members > 0 else 1)
    chance = enrolment_chance(
        age, chronic_disease, job == MIGRANT, bmi_enrolled, float(own), head, law_enrol_base, law_enrol_before,
        law_enrol_price, law_enrol_age, law_enrol_chronic, law_enrol_away,
    )  # fmt: skip
    if u_enrol < chance:
        return Enrolment(1, own, budget)
    return Enrolment(0, 0, 0)


@rule
def start_cover(bmi_enrolled: int, enrolled_next: int, law_waiting_months: float) -> Cover:
    """Open the new year's cover; who comes back after a lapse waits."""
    waits = enrolled_next == 1 and bmi_enrolled == 0
    return Cover(enrolled_next, math.floor(law_waiting_months + 0.5) if waits else 0)
