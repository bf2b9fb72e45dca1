"""Own business: opening and closing it, and the year's monthly profit."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import exp, normal, to_fen
from sim.engine import rule
from sim.processes.employment import FARM, LARGEST_PAY, LOCAL, LOW_LABOUR, OWN, WORK_FROM, WORK_TO

OPEN_TO = 60
"""Age from which nobody opens a business."""


class Business(NamedTuple):
    """The job of somebody who may open or close a business."""

    job: int
    job_since: int
    wage: int


class Profit(NamedTuple):
    """Monthly profit of the year, in fen; it can be negative."""

    wage: int


@rule
def run_business(
    age: int,
    job: int,
    job_since: int,
    labour: int,
    wage: int,
    in_school: int,
    month: int,
    law_business_start: float,
    law_business_close: float,
    u_business: float,
) -> Business:
    """Open a business, for able adults without other work, or close it; once a year."""
    able = (labour < LOW_LABOUR) & (age >= WORK_FROM) & (in_school == 0)
    if (job < LOCAL) & able & (age < OPEN_TO) & (u_business < law_business_start):
        return Business(OWN, month, 0)
    if (job == OWN) & ((u_business < law_business_close) | (not able) | (age >= WORK_TO)):
        return Business(FARM, month, 0)
    return Business(job, job_since, wage)


@rule
def make_profit(
    log_skill: float,
    law_business_profit: float,
    law_business_cost: float,
    law_business_sd: float,
    u_business_profit: float,
) -> Profit:
    """Set the year's profit: sales rise and fall by a lognormal shock, the cost stays."""
    shock = exp(law_business_sd * normal(u_business_profit) - 0.5 * law_business_sd * law_business_sd)
    profit = law_business_profit * exp(log_skill) * ((1.0 + law_business_cost) * shock - law_business_cost)
    return Profit(to_fen(profit if profit < LARGEST_PAY else LARGEST_PAY))
