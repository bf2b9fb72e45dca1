"""Off-farm work: finding and losing it, the months worked, the wage."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.arithmetic import exp, normal, to_fen
from sim.engine import procedure, rule

NONE, FARM, LOCAL, MIGRANT, POST, RANGER, WORKSHOP, RELIEF, OWN = range(9)
WORK_FROM, SEEK_TO, WORK_TO = 18, 65, 70
LOW_LABOUR = 3
"""Code of no labour capacity."""
SEASON_STARTS = 3
"""The working season starts in March, after the spring festival."""
POST_LEAVER_MONTHS = 12
SEASON_SPREAD = 4.0
"""Months between the shortest and the longest working season of workers."""
LARGEST_PAY = 1e7
"""A hundred thousand yuan a month: no pay is larger, so that years of pay fit into 32 bits of fen."""
GAVE_UP = 2.0
"""Work rank of who has given up off-farm work for good."""


class Job(NamedTuple):
    """A person's job this month."""

    job: int
    job_since: int
    can_leave_home: int
    wants_work: int
    work_rank: float
    changed_job: int
    found_job: int


class Skill(NamedTuple):
    """A worker's log wage level."""

    log_skill: float


class Wage(NamedTuple):
    """Pay of a month worked."""

    wage: int


class Pay(NamedTuple):
    """What the job pays this month, in fen: wages, posts, what sickness took, and what the job brings in a year."""

    paid: int
    earned_wage: int
    earned_post: int
    lost_sick: int
    prospect: int


@rule
def keep_job(
    age: int,
    job: int,
    labour: int,
    law_job_loss_local: float,
    law_job_loss_migrant: float,
    law_retirement_rate: float,
    law_return_rate: float,
    x_job_loss: float,
    u_job: float,
) -> int:
    """Return 0 when the job goes on, 1 when it is lost, 2 when the worker retires, 3 when a migrant comes home for good."""
    retires = law_retirement_rate if age >= 60 else 0.0
    loses = retires + x_job_loss * (law_job_loss_migrant if job == MIGRANT else law_job_loss_local)
    end = 3 if (job == MIGRANT) & (u_job > 1.0 - law_return_rate) else 0
    end = 1 if u_job < loses else end
    return 2 if (u_job < retires) | (labour >= LOW_LABOUR) | (age >= WORK_TO) else end


@rule
def finding_chance(
    age: int,
    labour: int,
    month: int,
    left_post: int,
    law_job_finding: float,
    law_job_finding_old: float,
    law_job_finding_weak: float,
    law_crowding: float,
) -> float:
    """Return the chance of finding off-farm work in a month; many posts ending together crowd their holders' search."""
    chance = law_job_finding * (law_job_finding_old if age >= 50 else 1.0)
    chance = chance * (law_job_finding_old if age >= 60 else 1.0)
    chance = chance * (law_job_finding_weak if labour > 0 else 1.0)
    crowded = (left_post > 0) & (month - left_post < POST_LEAVER_MONTHS)
    return chance * (law_crowding if crowded else 1.0)


@rule
def work(
    age: int,
    alive: int,
    job: int,
    job_since: int,
    labour: int,
    sick_months: int,
    wants_work: int,
    work_rank: float,
    can_leave_home: int,
    left_post: int,
    in_school: int,
    month: int,
    law_job_loss_local: float,
    law_job_loss_migrant: float,
    law_retirement_rate: float,
    law_return_rate: float,
    law_job_finding: float,
    law_job_finding_old: float,
    law_job_finding_weak: float,
    law_crowding: float,
    x_job_loss: float,
    x_job_finding: float,
    u_job: float,
) -> Job:
    """Let a worker keep, lose or leave the job, and a seeker find one. Posts begin and end with the county, not here."""
    working = (job == LOCAL) | (job == MIGRANT)
    free = (job < LOCAL) & (sick_months == 0) & (labour < LOW_LABOUR) & (in_school == 0)
    seeking = free & (wants_work == 1) & (age >= WORK_FROM) & (age < SEEK_TO)
    chance = finding_chance(
        age, labour, month, left_post, law_job_finding, law_job_finding_old, law_job_finding_weak, law_crowding
    )
    chance = chance * x_job_finding
    end = keep_job(
        age, job, labour, law_job_loss_local, law_job_loss_migrant, law_retirement_rate, law_return_rate, x_job_loss, u_job
    )
    # one rare branch instead of several common ones: nothing happens to most people in most months
    if (alive == 1) & ((working & (end > 0)) | (seeking & (u_job < chance))):
        if seeking:
            return Job(LOCAL, month, can_leave_home, wants_work, work_rank, 1, 1)
        if end == 2:
            return Job(FARM, month, can_leave_home, 0, GAVE_UP, 1, 0)
        return Job(FARM, month, 0 if end == 3 else can_leave_home, wants_work, work_rank, 1, 0)
    return Job(job, job_since, can_leave_home, wants_work, work_rank, 0, 0)


class Place(NamedTuple):
    """The kind of work that a seeker found."""

    job: int


@rule
def choose_work(can_leave_home: int, law_migrant_share: float, u_job_kind: float) -> Place:
    """Choose work away from the county or within it, for those who can leave home."""
    return Place(MIGRANT if can_leave_home == 1 and u_job_kind < law_migrant_share else LOCAL)


@rule
def change_skill(
    log_skill: float, law_skill_mean: float, law_wage_persistence: float, law_wage_innovation_sd: float, u_skill: float
) -> Skill:
    """Move a worker's log wage level by one year: first-order autoregression around the mean."""
    drift = law_skill_mean + law_wage_persistence * (log_skill - law_skill_mean)
    return Skill(drift + law_wage_innovation_sd * normal(u_skill))


@rule
def set_wage(
    job: int, wage: int, labour: int, log_skill: float, law_migrant_wage: float, law_local_wage: float, law_wage_weak: float
) -> Wage:
    """Return the monthly pay of a job; posts keep the pay that the county set."""
    if job != LOCAL and job != MIGRANT:
        return Wage(wage if job >= POST else 0)
    level = law_migrant_wage if job == MIGRANT else law_local_wage
    if labour > 0:
        level = level * law_wage_weak
    pay = level * exp(log_skill)
    return Wage(to_fen(pay if pay < LARGEST_PAY else LARGEST_PAY))


@rule
def is_season(moy: int, months: int) -> bool:
    """Say whether a calendar month falls into a working season of so many months from March."""
    return (moy - SEASON_STARTS) % 12 < months


@rule
def earn(
    alive: int, job: int, wage: int, sick_months: int, season: float, moy: int, law_season_months: float, x_wage: float
) -> Pay:
    """Pay the month: workers in their season, posts all year; the sick are paid only in posts."""
    on_post = (alive == 1) & (job >= POST)
    months = math.floor(law_season_months + season + 0.5)
    employed = (alive == 1) & ((job == LOCAL) | (job == MIGRANT))
    due = employed & is_season(moy, months)
    works = due & (sick_months == 0)
    paid = 1 if works | on_post else 0
    pay = to_fen(wage * x_wage)
    yearly = 12 * wage if on_post else (months * pay if employed else 0)
    return Pay(paid, pay if works else 0, wage if on_post else 0, pay if due & (sick_months > 0) else 0, yearly)


class Wish(NamedTuple):
    """Whether the person wants off-farm work this year."""

    wants_work: int


@procedure
def want_work(age: int, sex: int, work_rank: float, law_wants_work_men: float, law_wants_work_women: float) -> Wish:
    """Compare the person's lasting place with the share that wants off-farm work by now."""
    share = law_wants_work_men if sex == 1 else law_wants_work_women
    return Wish(1 if age >= WORK_FROM and work_rank < share else 0)


class Coming(NamedTuple):
    """What a person brings to working life."""

    work_rank: float
    wants_work: int
    can_leave_home: int
    season: float
    log_skill: float


@rule
def come_of_age(
    sex: int,
    law_wants_work_men: float,
    law_wants_work_women: float,
    law_can_leave_share: float,
    law_skill_mean: float,
    law_skill_sd: float,
    u_start_work: float,
    u_start_leave: float,
    u_start_season: float,
    u_start_skill: float,
) -> Coming:
    """Draw a young adult's wish to work, freedom to leave, season (two months around the mean) and wage level."""
    wants = 1 if u_start_work < (law_wants_work_men if sex == 1 else law_wants_work_women) else 0
    leaves = 1 if u_start_leave < law_can_leave_share else 0
    return Coming(
        u_start_work,
        wants,
        leaves,
        SEASON_SPREAD * u_start_season - SEASON_SPREAD / 2.0,
        law_skill_mean + law_skill_sd * normal(u_start_skill),
    )
