"""The census: what a person adds to the household and a household to the month's counts."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import rule
from sim.policies.top_up import PAID
from sim.processes.employment import LOCAL, LOW_LABOUR, MIGRANT, NONE, OWN, POST, RANGER, RELIEF, WORKSHOP
from sim.processes.guarantees import HOUSING, WATER
from sim.processes.schooling import COMPULSORY, TERTIARY, TERTIARY_FROM

MILLION = 1_000_000
STABLE_MONTHS = 6
"""Months in the same job from which its income counts as stable."""


class Census(NamedTuple):
    """What a person adds to the household's counts this month."""

    is_able: int
    is_working: int
    is_idle: int
    is_prime: int
    is_covered: int
    has_employer: int
    is_disabled: int
    is_critical: int
    is_uncovered: int
    bill_insured: int
    lost_work: int
    severely_disabled: int


class Lacking(NamedTuple):
    """What a person needs, as flags: sick, unable to care for self, a child out of compulsory school, a student beyond it.

    Also whether the person enters tertiary education, or leaves for work away, this month.
    """

    is_sick: int
    needs_care: int
    is_out_of_school: int
    is_student: int
    enters_tertiary: int
    leaves_for_work: int


class Held(NamedTuple):
    """Members of a household that has lost a guarantee; names are those of `sim.indicators`."""

    lost_housing_persons: int
    lost_water_persons: int


class Assistance(NamedTuple):
    """Members of a household below the dibao standard; names are those of `sim.indicators`."""

    dibao_eligible_persons: int
    dibao_missed_persons: int
    monitored_below_dibao_persons: int
    dibao_unentitled_persons: int


class Gathered(NamedTuple):
    """Members folded into the household; ``ended`` is 1 in the month in which the last one died."""

    members: int
    able: int
    ended: int


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
    undetected_at_risk_households: int
    unhelped_households: int
    flagged_households: int
    ever_identified_persons: int
    ever_identified_households: int
    ever_cleared_households: int
    ever_cleared_persons: int
    registered_persons: int
    dibao_persons: int


@rule
def count_person(
    alive: int,
    age: int,
    labour: int,
    self_care: int,
    job: int,
    bmi_enrolled: int,
    employee_insured: int,
    disability_grade: int,
    critical_illness: int,
    sick_months: int,
    in_school: int,
    bill: int,
    changed_job: int,
    found_job: int,
    left_post: int,
    month: int,
) -> Census:
    """Count a person among the able, the working, the idle able, the insured, the ill, and who lost work. Pupils do not work."""
    lives = alive == 1
    fit = lives & (labour < LOW_LABOUR) & (in_school == 0)
    able = fit & (age >= 16) & (age < 65)
    works = lives & (job >= LOCAL)
    idle = fit & (job < LOCAL) & (labour == 0) & (sick_months == 0) & (age >= 18) & (age < 60)
    prime = able & (age >= 25) & (age < 60)
    return Census(
        1 if able else 0,
        1 if works else 0,
        1 if idle else 0,
        1 if prime else 0,
        bmi_enrolled * alive,
        employee_insured * alive,
        1 if lives & (disability_grade > 0) else 0,
        critical_illness * alive,
        1 if lives & (bmi_enrolled == 0) & (employee_insured == 0) else 0,
        bill * bmi_enrolled * alive,
        1 if lives & (((changed_job == 1) & (found_job == 0)) | (left_post == month)) else 0,
        1 if lives & ((self_care == 2) | (disability_grade == 1) | (disability_grade == 2)) else 0,
    )


class Work(NamedTuple):
    """Where and how a person works this month."""

    employed: int
    job_place: int
    working_age: int
    is_stable: int
    is_away: int
    holds_post: int
    is_ranger: int
    in_workshop: int
    on_relief: int
    runs_business: int


class Earners(NamedTuple):
    """What its members' work says about a household."""

    any_employed: int
    stable_earned_income: int
    absent: int
    kept_away: int


@rule
def count_work(alive: int, age: int, job: int, job_since: int, month: int) -> Work:
    """Say where a person works and in which kind of job; the same job for half a year is stable income."""
    lives = alive == 1
    works = lives & (job >= LOCAL)
    at_home = lives & (job > NONE) & (job != LOCAL) & (job != MIGRANT)
    away = lives & (job == MIGRANT)
    return Work(
        1 if works else 0,
        3 if away else (1 if at_home else (2 if works else 0)),
        1 if lives & (age >= 16) & (age < 65) else 0,
        1 if works & (month - job_since >= STABLE_MONTHS) else 0,
        1 if away else 0,
        1 if lives & (job == POST) else 0,
        1 if lives & (job == RANGER) else 0,
        1 if lives & (job == WORKSHOP) else 0,
        1 if lives & (job == RELIEF) else 0,
        1 if lives & (job == OWN) else 0,
    )


@rule
def gather_work(sum_employed: int, sum_is_stable: int, sum_is_absent: int, sum_keeps_away: int) -> Earners:
    """Say whether a member is employed, whether the income from work is stable, who is absent, and what stayed away."""
    return Earners(1 if sum_employed > 0 else 0, 1 if sum_is_stable > 0 else 0, sum_is_absent, sum_keeps_away)


@rule
def count_lacking(
    alive: int,
    age: int,
    moy: int,
    sick_months: int,
    self_care: int,
    school_stage: int,
    in_school: int,
    medically_unfit_for_school: int,
    found_job: int,
    job: int,
) -> Lacking:
    """Count a person among those with a need."""
    absent = (school_stage == COMPULSORY) & (in_school == 0) & (medically_unfit_for_school == 0)
    return Lacking(
        alive if sick_months > 0 else 0,
        alive if self_care > 0 else 0,
        alive if absent else 0,
        alive if (in_school == 1) & (school_stage > COMPULSORY) else 0,
        alive if (moy == 9) & (school_stage == TERTIARY) & (age == TERTIARY_FROM) else 0,
        alive if (found_job == 1) & (job == MIGRANT) else 0,
    )


@rule
def gather(members: int, sum_alive: int, sum_is_able: int) -> Gathered:
    """Count the household's members and able members."""
    return Gathered(sum_alive, sum_is_able, 1 if (members > 0) & (sum_alive == 0) else 0)


class Losses(NamedTuple):
    """Supports lost in three months, packed: this month's, 4 x last month's, 16 x those of the month before."""

    support_losses: int


class Before(NamedTuple):
    """Whether dibao was paid last month, and how much, in fen."""

    dibao_before: int
    benefit_before: int


class DoubleLoss(NamedTuple):
    """Losses with that of dibao, and whether this month brings the second within three months."""

    support_losses: int
    double_loss: int


@rule
def lose_supports(support_losses: int, sum_lost_work: int) -> Losses:
    """Open the month's count of lost supports with the jobs and posts that members lost, three at most."""
    return Losses(4 * (support_losses & 15) + (sum_lost_work if sum_lost_work < 3 else 3))


@rule
def remember_dibao(dibao: int, dibao_benefit: int) -> Before:
    """Keep whether dibao was paid last month, and how much."""
    return Before(dibao, dibao_benefit)


@rule
def lose_dibao(support_losses: int, dibao_before: int, dibao: int, members: int) -> DoubleLoss:
    """Add an end of dibao to the month's losses; count the household when two supports are gone within three months."""
    now = support_losses & 3
    earlier = ((support_losses >> 2) & 3) + ((support_losses >> 4) & 3)
    lost = now + (1 if (dibao_before == 1) & (dibao == 0) & (now < 3) else 0)
    second = (lost > 0) & (earlier < 2) & (earlier + lost >= 2) & (members > 0)
    return DoubleLoss(support_losses - now + lost, 1 if second else 0)


@rule
def count_guarantees(members: int, lost_guarantees: int) -> Held:
    """Count the members of a household whose house or water is not safe."""
    return Held(
        members if lost_guarantees & HOUSING > 0 else 0,
        members if lost_guarantees & WATER > 0 else 0,
    )


@rule
def count_assistance(
    members: int,
    net_12m: int,
    assessed_12m: int,
    monitored: int,
    dibao_stage: int,
    on_single_dibao: int,
    any_tekun: int,
    top_up_standard: float,
) -> Assistance:
    """Count the members of a household below the dibao standard, as assessed without error, and who of them gets nothing."""
    line = 12.0 * top_up_standard * members
    eligible = assessed_12m < line
    served = (dibao_stage >= PAID) | (on_single_dibao > 0) | (any_tekun > 0)
    return Assistance(
        members if eligible else 0,
        members if eligible & (not served) else 0,
        members if (monitored == 1) & (net_12m < line) else 0,
        members if (dibao_stage == PAID) & (not eligible) else 0,
    )


@rule
def count_household(
    members: int,
    gross_12m: int,
    net_12m: int,
    monitored: int,
    flagged: int,
    helped: int,
    identified_month: int,
    registered: int,
    dibao_stage: int,
    on_single_dibao: int,
    law_poverty_line: float,
    law_monitoring_line: float,
) -> Counts:
    """Count a household's persons by where they stand at the end of the month."""
    if members == 0:
        return Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
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
        at_risk * (1 - monitored),
        1 if (monitored == 1) & (helped == 0) else 0,
        flagged,
        ever * members,
        ever,
        ever * (1 - monitored),
        ever * (1 - monitored) * members,
        registered * members,
        members if dibao_stage >= PAID else on_single_dibao,
    )
