"""The census: what a person adds to the household and a household to the month's counts."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import rule
from sim.processes.employment import LOCAL, LOW_LABOUR, POST

MILLION = 1_000_000


class Census(NamedTuple):
    """What a person adds to the household's counts this month."""

    is_able: int
    is_working: int
    is_idle: int
    is_prime: int
    holds_post: int
    is_covered: int
    bill_insured: int


class Gathered(NamedTuple):
    """Members folded into the household."""

    members: int
    able: int


class Counts(NamedTuple):
    """What one household adds to the month's counts; names are those of `sim.indicators`."""

    persons: int
    households: int
    at_risk_persons: int
    at_risk_households: int
    below_gross_persons: int
    below_net_persons: int
    gap_net: int
    gap2_net: int
    shortfall: int
    monitored_persons: int
    flagged_households: int
    ever_identified_persons: int
    ever_identified_households: int
    ever_cleared_households: int
    ever_cleared_persons: int
    registered_persons: int
    dibao_persons: int


@rule
def count_person(alive: int, age: int, labour: int, job: int, bmi_enrolled: int, sick_months: int, bill: int) -> Census:
    """Count a person among the able, the working, the idle able, the holders of posts and the insured."""
    lives = alive == 1
    fit = lives & (labour < LOW_LABOUR)
    able = fit & (age >= 16) & (age < 65)
    works = lives & (job >= LOCAL)
    idle = lives & (job < LOCAL) & (labour == 0) & (sick_months == 0) & (age >= 18) & (age < 60)
    prime = able & (age >= 25) & (age < 60)
    return Census(
        1 if able else 0,
        1 if works else 0,
        1 if idle else 0,
        1 if prime else 0,
        1 if lives & (job == POST) else 0,
        bmi_enrolled * alive,
        bill * bmi_enrolled * alive,
    )


@rule
def gather(sum_alive: int, sum_is_able: int) -> Gathered:
    """Count the household's members and able members."""
    return Gathered(sum_alive, sum_is_able)


@rule
def count_household(
    members: int,
    gross_12m: int,
    net_12m: int,
    monitored: int,
    flagged: int,
    identified_month: int,
    registered: int,
    dibao: int,
    law_poverty_line: float,
    law_monitoring_line: float,
) -> Counts:
    """Count a household's persons by where they stand at the end of the month."""
    if members == 0:
        return Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    bar = law_poverty_line * members
    at_risk = 1 if net_12m < law_monitoring_line * members else 0
    gross = 1 if gross_12m < bar else 0
    net = 1 if net_12m < bar else 0
    gap = 1.0 - net_12m / bar if net == 1 and bar > 0.0 else float(net)
    bounded = gap if gap < 1.0 else 1.0
    ever = 1 if identified_month > 0 else 0
    return Counts(
        members,
        1,
        at_risk * members,
        at_risk,
        gross * members,
        net * members,
        to_fen(bounded * MILLION) * members,
        to_fen(bounded * bounded * MILLION) * members,
        to_fen(gap * bar / 12.0),
        monitored * members,
        flagged,
        ever * members,
        ever,
        ever * (1 - monitored),
        ever * (1 - monitored) * members,
        registered * members,
        dibao * members,
    )
