"""Outcomes: what scenario sets and targets ask for beside the measures of relapse. They count, and change no household."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine import procedure, rule
from sim.indicators import INDEX
from sim.processes.employment import LOCAL, LOW_LABOUR, SEEK_TO, WORK_FROM

WATCHED_MONTHS = 24
"""Months after a disaster in which a household's recovery is watched."""
FEN_PER_YUAN = 100
_MEDICAL = INDEX["own_medical_0_persons"]
_UNCOVERED = INDEX["relapse_uncovered_persons"]
_ABSENT = INDEX["relapse_absent_persons"]
_AT_HOME = INDEX["relapse_at_home_persons"]
_KEY = INDEX["relapse_key_village_persons"]
_FARMS = INDEX["farm_households"]
_FARM, _FARM_SQUARES = INDEX["farm_year"], INDEX["farm_year_squares"]


class Spell(NamedTuple):
    """Whether a person looks for work, found some, or lost a post three, six or twelve months ago."""

    seeks: int
    found: int
    left_3: int
    left_6: int
    left_12: int


class Earning(NamedTuple):
    """Where a household stands at work; `after_post` as bits: 1, 2, 4 a post lost three, six, twelve months ago."""

    jobless: int
    relocated_able: int
    relocated_working: int
    after_post: int


class Standing(NamedTuple):
    """Households and persons by where they live and what befell them; names are those of `sim.indicators`."""

    key_village_persons: int
    key_village_at_risk_persons: int
    watched_struck_households: int
    struck_at_risk_households: int
    post_left_3_households: int
    post_left_3_poor_households: int
    post_left_6_households: int
    post_left_6_poor_households: int
    post_left_12_households: int
    post_left_12_poor_households: int


@rule
def count_spell(
    alive: int,
    age: int,
    labour: int,
    in_school: int,
    sick_months: int,
    wants_work: int,
    job: int,
    found_job: int,
    left_post: int,
    month: int,
) -> Spell:
    """Count a person who looks for work off the farm, finds some, or lost a post some months ago."""
    free = (alive == 1) & (job < LOCAL) & (in_school == 0) & (sick_months == 0) & (labour < LOW_LABOUR)
    since = month - left_post if (alive == 1) & (left_post > 0) else 0
    return Spell(
        1 if free & (wants_work == 1) & (age >= WORK_FROM) & (age < SEEK_TO) else 0,
        found_job * alive,
        1 if since == 3 else 0,
        1 if since == 6 else 0,
        1 if since == 12 else 0,
    )


@rule
def count_earning(able: int, relocated: int, sum_is_working: int, sum_left_3: int, sum_left_6: int, sum_left_12: int) -> Earning:
    """Count a household whose able members have no work off the farm, and the able and working of relocated ones."""
    after = (1 if sum_left_3 > 0 else 0) + (2 if sum_left_6 > 0 else 0) + (4 if sum_left_12 > 0 else 0)
    return Earning(
        1 if (able > 0) & (sum_is_working == 0) else 0,
        able * relocated,
        sum_is_working * relocated,
        after,
    )


@rule
def count_standing(
    members: int,
    net_12m: int,
    v_key_support: int,
    struck_month: int,
    after_post: int,
    month: int,
    law_poverty_line: float,
    law_monitoring_line: float,
) -> Standing:
    """Count a household by its village, by a disaster of the last two years, and by a post that a member lost."""
    some = 1 if members > 0 else 0
    at_risk = 1 if net_12m < law_monitoring_line * members else 0
    poor = 1 if net_12m < law_poverty_line * members else 0
    struck = 1 if (members > 0) & (struck_month > 0) & (month - struck_month < WATCHED_MONTHS) else 0
    left_3 = (after_post & 1) * some
    left_6 = ((after_post >> 1) & 1) * some
    left_12 = ((after_post >> 2) & 1) * some
    return Standing(
        members * v_key_support,
        members * v_key_support * at_risk,
        struck,
        struck * at_risk,
        left_3,
        left_3 * poor,
        left_6,
        left_6 * poor,
        left_12,
        left_12 * poor,
    )


@rule
def bracket_of(fen: int, members: int) -> int:
    """Return the bracket of own medical payments per head (`sim.indicators.MEDICAL_BARS`)."""
    yuan = int(fen) // (FEN_PER_YUAN * int(members)) if members > 0 else 0  # plain numbers: flags of NumPy do not add up
    low = (yuan >= 50) + (yuan >= 100) + (yuan >= 200) + (yuan >= 300) + (yuan >= 500) + (yuan >= 750)
    middle = (yuan >= 1000) + (yuan >= 1500) + (yuan >= 2000) + (yuan >= 3000) + (yuan >= 4000)
    return low + middle + (yuan >= 6000) + (yuan >= 8000) + (yuan >= 12000) + (yuan >= 20000)


@procedure
def book_outcomes(
    members: int,
    group: int,
    new_net: int,
    lost_guarantees: int,
    absent: int,
    any_employed: int,
    v_key_support: int,
    farms: int,
    year_farm: int,
    year_medical: int,
    record: np.ndarray,
) -> None:
    """Count new falls by cover, by place of work and by village, farm income, and own medical payments by bracket."""
    fallen = members * new_net
    record[group, _UNCOVERED] += fallen * (lost_guarantees & 1)
    record[group, _ABSENT] += fallen if absent > 0 else 0
    record[group, _AT_HOME] += fallen if absent == 0 and any_employed == 1 else 0
    record[group, _KEY] += fallen * v_key_support
    if members > 0:
        record[group, _MEDICAL + bracket_of(year_medical, members)] += members
        if farms == 1:
            yuan = year_farm // FEN_PER_YUAN
            record[group, _FARMS] += 1
            record[group, _FARM] += yuan
            record[group, _FARM_SQUARES] += yuan * yuan
