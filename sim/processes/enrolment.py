"""Enrolment in resident medical insurance: paid in autumn for the next calendar year."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.arithmetic import exp, to_fen
from sim.engine import rule
from sim.indicators import WITHOUT
from sim.processes.employment import LOCAL, MIGRANT

NO_COVER, RESIDENT, EMPLOYEE = range(3)
"""Codes of next year's cover."""
PRICE, AGE, AWAY, HABIT, NEIGHBOURS, OTHER = range(len(WITHOUT))
"""Codes of what keeps a person from enrolling."""
POOREST_HEAD = 100_000.0
"""Income per head, in fen a year, below which the premium's burden does not rise further."""
ADULT = 18


class Enrolment(NamedTuple):
    """Next year's cover, by whom the premium is paid, in fen, and whether the person lapses."""

    enrolled_next: int
    premium_own: int
    premium_budget: int
    lapsed: int


class Without(NamedTuple):
    """Whether a person pays for no cover of the next year, and what kept it from that most (`sim.indicators.WITHOUT`)."""

    without_cover: int
    without_reason: int


class Insurer(NamedTuple):
    """Next year's cover where an employer pays it."""

    enrolled_next: int


class Cover(NamedTuple):
    """Cover of the new calendar year."""

    bmi_enrolled: int
    employee_insured: int
    lapsed_years: int
    waiting: int
    commercial_insured: int
    commercial_next: int


@rule
def enrolment_chance(
    age: int,
    chronic: int,
    away: bool,
    enrolled: int,
    price: float,
    income_per_head: float,
    neighbours: float,
    law_enrol_base: float,
    law_enrol_before: float,
    law_enrol_price: float,
    law_enrol_age: float,
    law_enrol_child: float,
    law_enrol_chronic: float,
    law_enrol_away: float,
    law_enrol_peers: float,
) -> float:
    """Return the chance that a member is enrolled: habit, age, health, being away, neighbours, and price over income per head.

    ``neighbours`` is the village's covered share less its reference.
    """
    burden = 100.0 * price / (income_per_head if income_per_head > POOREST_HEAD else POOREST_HEAD)
    odds = law_enrol_base + law_enrol_age * (age - 40.0) / 10.0 + law_enrol_price * burden + law_enrol_peers * neighbours
    if age < ADULT:
        odds = odds + law_enrol_child
    if enrolled == 1:
        odds = odds + law_enrol_before
    if chronic > 0:
        odds = odds + law_enrol_chronic
    if away:
        odds = odds + law_enrol_away
    return 1.0 / (1.0 + exp(-odds))


@rule
def change_insurer(alive: int, job: int, employee_insured: int, law_employee_rate: float, u_employee: float) -> Insurer:
    """Decide who is an employee's insurance next year: workers for a wage move there now and then and stay with the wage."""
    works = alive == 1 and (job == LOCAL or job == MIGRANT)
    return Insurer(EMPLOYEE if works and (employee_insured == 1 or u_employee < law_employee_rate) else NO_COVER)


@rule
def enrol(
    age: int,
    alive: int,
    chronic_disease: int,
    job: int,
    bmi_enrolled: int,
    employee_insured: int,
    enrolled_next: int,
    subsidy_share: float,
    hh_gross_12m: int,
    hh_members: int,
    vill_enrolled_share: float,
    law_premium: float,
    law_enrol_base: float,
    law_enrol_before: float,
    law_enrol_price: float,
    law_enrol_age: float,
    law_enrol_child: float,
    law_enrol_chronic: float,
    law_enrol_away: float,
    law_enrol_peers: float,
    law_enrol_peers_reference: float,
    x_lapse: float,
    u_enrol: float,
) -> Enrolment:
    """Decide on next year's resident cover at the premium less the subsidy; who has an employee's insurance needs none."""
    if alive == 0 or enrolled_next == EMPLOYEE:
        return Enrolment(enrolled_next * alive, 0, 0, 0)
    budget = to_fen(law_premium * subsidy_share)
    own = to_fen(law_premium) - budget
    head = hh_gross_12m / (hh_members if hh_members > 0 else 1)
    before = 1 if bmi_enrolled == 1 or employee_insured == 1 else 0
    chance = enrolment_chance(
        age, chronic_disease, job == MIGRANT, before, float(own), head, vill_enrolled_share - law_enrol_peers_reference,
        law_enrol_base, law_enrol_before, law_enrol_price, law_enrol_age, law_enrol_child, law_enrol_chronic, law_enrol_away,
        law_enrol_peers,
    )  # fmt: skip
    if u_enrol < 1.0 - x_lapse * (1.0 - chance):
        return Enrolment(RESIDENT, own, budget, 0)
    return Enrolment(NO_COVER, 0, 0, before)


@rule
def why_without(
    age: int,
    alive: int,
    job: int,
    bmi_enrolled: int,
    employee_insured: int,
    enrolled_next: int,
    subsidy_share: float,
    hh_gross_12m: int,
    hh_members: int,
    vill_enrolled_share: float,
    law_premium: float,
    law_enrol_before: float,
    law_enrol_price: float,
    law_enrol_age: float,
    law_enrol_away: float,
    law_enrol_peers: float,
    law_enrol_peers_reference: float,
) -> Without:
    """Name the largest push against enrolment of a person who goes without: a term of the log odds of `enrolment_chance`.

    Pushes count from a person of 40 at home, covered so far, among neighbours as usual, at no price. Luck decides among equals,
    so that a person whom nothing pushes goes without for ``other``; of equal pushes the first counts.
    """
    if alive == 0 or enrolled_next != NO_COVER:
        return Without(0, 0)
    head = hh_gross_12m / (hh_members if hh_members > 0 else 1)
    own = to_fen(law_premium) - to_fen(law_premium * subsidy_share)
    largest = -100.0 * law_enrol_price * own / (head if head > POOREST_HEAD else POOREST_HEAD)
    reason = PRICE
    push = -law_enrol_age * (age - 40.0) / 10.0 if age >= ADULT else 0.0
    reason, largest = (AGE, push) if push > largest else (reason, largest)
    push = -law_enrol_away if job == MIGRANT else 0.0
    reason, largest = (AWAY, push) if push > largest else (reason, largest)
    push = law_enrol_before if bmi_enrolled == 0 and employee_insured == 0 else 0.0
    reason, largest = (HABIT, push) if push > largest else (reason, largest)
    push = -law_enrol_peers * (vill_enrolled_share - law_enrol_peers_reference)
    reason, largest = (NEIGHBOURS, push) if push > largest else (reason, largest)
    return Without(1, reason if largest > 0.0 else OTHER)


@rule
def waiting_time(
    lapsed_years: int, exempt: bool, law_waiting_months: float, law_waiting_per_year: float, law_waiting_exempt: float
) -> int:
    """Return the months of the new year without benefits after some years of lapse: a fixed part and one by years."""
    if lapsed_years == 0 or (exempt and law_waiting_exempt == 1.0):
        return 0
    months = math.floor(law_waiting_months + law_waiting_per_year * (lapsed_years - 1) + 0.5)
    return 12 if months > 12 else months


@rule
def start_cover(
    bmi_enrolled: int,
    employee_insured: int,
    enrolled_next: int,
    commercial_next: int,
    lapsed_years: int,
    hh_dibao: int,
    hh_monitored: int,
    law_waiting_months: float,
    law_waiting_per_year: float,
    law_waiting_exempt: float,
) -> Cover:
    """Open the new year's cover; who comes back to resident insurance after a lapse waits, counted from January.

    Who moves between resident and employee insurance, and a child born into a family without cover, has not lapsed.
    """
    resident = 1 if enrolled_next == RESIDENT else 0
    employee = 1 if enrolled_next == EMPLOYEE else 0
    exempt = hh_dibao == 1 or hh_monitored == 1
    waits = waiting_time(lapsed_years, exempt, law_waiting_months, law_waiting_per_year, law_waiting_exempt) * resident
    longer = lapsed_years + 1 if lapsed_years < 100 else 100
    return Cover(resident, employee, 0 if resident + employee > 0 else longer, waits, commercial_next * resident, 0)
