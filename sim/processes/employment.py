"""Off-farm work: finding and losing it, going away and coming home, the months worked, the pay."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.arithmetic import exp, normal, to_fen
from sim.engine import procedure, rule
from sim.processes.guarantees import CARE
from sim.state import ROW, WINDOW

NONE, FARM, LOCAL, MIGRANT, POST, RANGER, WORKSHOP, RELIEF, OWN = range(9)
WORK_FROM, SEEK_TO, WORK_TO = 18, 65, 70
LOW_LABOUR = 3
"""Code of no labour capacity."""
SEASON_ENDS = 11
"""The working season ends in November: workers come home before the spring festival."""
SPELL_MONTHS = 18
"""Longest spell at home of a migrant who will go out again: with the search, nearly all are away again within two years."""
SEASON_SPREAD = 4.0
"""Months between the shortest and the longest working season of workers."""
LARGEST_PAY = 1e7
"""A hundred thousand yuan a month: no pay is larger, so that years of pay fit into 32 bits of fen."""
_OWED = ROW["household", "owed_window"]
GAVE_UP = 2.0
"""Work rank of who has given up off-farm work for good."""


class Job(NamedTuple):
    """A person's job this month."""

    job: int
    job_since: int
    can_leave_home: int
    wants_work: int
    work_rank: float
    home_until: int
    changed_job: int
    found_job: int


class Skill(NamedTuple):
    """A worker's log wage level."""

    log_skill: float


class Wage(NamedTuple):
    """Pay of a month worked."""

    wage: int


class Pay(NamedTuple):
    """What work pays this month, in fen: wages with casual work, posts of all kinds but workshops, workshops.

    ``earned_place`` is the pay of posts and workshops together, ``earned_work`` all of it; ``lost_sick`` is what
    sickness took, ``sent_home`` part of a wage earned away, ``prospect`` what the present work brings in a year.
    """

    paid: int
    earned_wage: int
    earned_post: int
    earned_workshop: int
    earned_place: int
    earned_business: int
    earned_work: int
    lost_sick: int
    sent_home: int
    prospect: int


@rule
def keep_job(
    age: int,
    job: int,
    labour: int,
    loss_local: float,
    loss_migrant: float,
    law_retirement_rate: float,
    law_return_rate: float,
    law_circular_rate: float,
    x_job_loss: float,
    u_job: float,
) -> int:
    """Return how a job goes on: 0 kept, 1 lost, 2 retires, 3 a migrant comes home for good, 4 for a spell."""
    retires = law_retirement_rate if age >= 60 else 0.0
    loses = retires + x_job_loss * (loss_migrant if job == MIGRANT else loss_local)
    away = job == MIGRANT
    end = 4 if away & (u_job > 1.0 - law_return_rate - law_circular_rate) else 0
    end = 3 if away & (u_job > 1.0 - law_return_rate) else end
    end = 1 if u_job < loses else end
    return 2 if (u_job < retires) | (labour >= LOW_LABOUR) | (age >= WORK_TO) else end


@rule
def finding_chance(
    age: int,
    labour: int,
    job_since: int,
    left_post: int,
    law_job_finding: float,
    law_job_finding_old: float,
    law_job_finding_weak: float,
    law_job_finding_post: float,
    law_job_market: float,
    law_crowding: float,
) -> float:
    """Return the chance of finding off-farm work in a month.

    It falls in a wave of lay-offs. Who has lost a post finds less until other work is found, however long the search takes,
    and less still while many such leavers search at once.
    """
    chance = law_job_finding * law_job_market * (law_job_finding_old if age >= 50 else 1.0)
    chance = chance * (law_job_finding_old if age >= 60 else 1.0)
    chance = chance * (law_job_finding_weak if labour > 0 else 1.0)
    searching = (left_post > 0) & (job_since == left_post)
    return chance * (law_job_finding_post * law_crowding if searching else 1.0)


@rule
def spell_end(month: int, law_return_rate: float, law_circular_rate: float, u_job: float) -> int:
    """Return the month from which a migrant who comes home for a spell looks for work away again: the draw that ended the job
    lies somewhere in the chance of such an end, and its place there sets the length."""
    place = (u_job - (1.0 - law_return_rate - law_circular_rate)) / law_circular_rate if law_circular_rate > 0.0 else 0.0
    return month + 1 + math.floor(SPELL_MONTHS * place)


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
    home_until: int,
    left_post: int,
    in_school: int,
    month: int,
    law_job_loss_local: float,
    law_job_loss_migrant: float,
    law_layoff_local: float,
    law_layoff_migrant: float,
    law_retirement_rate: float,
    law_return_rate: float,
    law_circular_rate: float,
    law_job_finding: float,
    law_job_finding_old: float,
    law_job_finding_weak: float,
    law_job_finding_post: float,
    law_job_market: float,
    law_crowding: float,
    x_job_loss: float,
    x_job_finding: float,
    u_job: float,
) -> Job:
    """Let a worker keep, lose or leave the job, and a seeker find one. Posts begin and end with the county, not here."""
    working = (job == LOCAL) | (job == MIGRANT)
    free = (job < LOCAL) & (sick_months == 0) & (labour < LOW_LABOUR) & (in_school == 0) & (month >= home_until)
    seeking = free & (wants_work == 1) & (age >= WORK_FROM) & (age < SEEK_TO)
    chance = finding_chance(
        age, labour, job_since, left_post, law_job_finding, law_job_finding_old, law_job_finding_weak, law_job_finding_post,
        law_job_market, law_crowding,
    )  # fmt: skip
    chance = chance * x_job_finding
    end = keep_job(
        age, job, labour, law_job_loss_local + law_layoff_local, law_job_loss_migrant + law_layoff_migrant, law_retirement_rate,
        law_return_rate, law_circular_rate, x_job_loss, u_job,
    )  # fmt: skip
    # one rare branch instead of several common ones: nothing happens to most people in most months
    if (alive == 1) & ((working & (end > 0)) | (seeking & (u_job < chance))):
        if seeking:
            return Job(LOCAL, month, can_leave_home, wants_work, work_rank, home_until, 1, 1)
        if end == 2:
            return Job(FARM, month, can_leave_home, 0, GAVE_UP, 0, 1, 0)
        until = spell_end(month, law_return_rate, law_circular_rate, u_job) if end == 4 else 0
        return Job(FARM, month, 0 if end == 3 else can_leave_home, wants_work, work_rank, until, 1, 0)
    return Job(job, job_since, can_leave_home, wants_work, work_rank, home_until, 0, 0)


class Place(NamedTuple):
    """The kind of work that a seeker found; a spell at home is over."""

    job: int
    home_until: int


@rule
def choose_work(
    can_leave_home: int,
    home_until: int,
    hh_need_types: int,
    hh_able: int,
    vill_migrant_lead: int,
    law_migrant_share: float,
    law_migrant_peers: float,
    x_going_away: float,
    u_job_kind: float,
) -> Place:
    """Choose work away from the county or within it, for those who can leave home.

    More go away from villages where more are away than in the county; who came home for a spell goes out again. The only
    able member of a household in which somebody needs care stays near home.
    """
    share = x_going_away * (law_migrant_share + law_migrant_peers * vill_migrant_lead / 1000.0)
    tied = hh_need_types & CARE > 0 and hh_able <= 1
    goes = can_leave_home == 1 and not tied and (home_until > 0 or u_job_kind < share)
    return Place(MIGRANT if goes else LOCAL, 0)


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
    """Say whether a calendar month falls into a working season of so many months that ends in November."""
    return (SEASON_ENDS - moy) % 12 < months


@rule
def earn(
    alive: int,
    job: int,
    wage: int,
    sick_months: int,
    season: float,
    casual_days: int,
    moy: int,
    law_season_months: float,
    law_casual_pay: float,
    law_remitted_share: float,
    x_wage: float,
    x_wage_local: float,
    x_wage_migrant: float,
    x_workshop_pay: float,
    x_business: float,
) -> Pay:
    """Pay the month: workers in their season; posts, workshops, relief work and own business all year; casual work at home.

    The sick are paid only in posts; a business goes on without its owner.
    """
    lives = alive == 1
    well = sick_months == 0
    months = math.floor(law_season_months + season + 0.5)
    employed = lives & ((job == LOCAL) | (job == MIGRANT))
    due = employed & is_season(moy, months)
    daily = lives & ((job == WORKSHOP) | (job == RELIEF))
    works = due & well
    placed = (lives & ((job == POST) | (job == RANGER))) | (daily & well)
    pay = to_fen(wage * x_wage * (x_wage_migrant if job == MIGRANT else x_wage_local))
    business = to_fen(wage * x_business) if lives & (job == OWN) else 0
    casual = to_fen(casual_days * law_casual_pay) if lives & (job < LOCAL) & well else 0
    earned = (pay if works else 0) + casual
    workshop = to_fen(wage * x_workshop_pay) if placed & (job == WORKSHOP) else 0
    place = workshop if job == WORKSHOP else (wage if placed else 0)
    return Pay(
        1 if works | placed else 0,
        earned,
        place - workshop,
        workshop,
        place,
        business,
        earned + place + business,
        (pay if due else wage) if (due | daily) & (sick_months > 0) else 0,
        to_fen(pay * law_remitted_share) if works & (job == MIGRANT) else 0,
        months * pay if employed else 12 * (casual + place + business),
    )


class Owed(NamedTuple):
    """Pay of a place that is not paid in the month worked, in fen."""

    pay_late: int


@procedure
def owe_pay(h: int, month: int, pay_delay: int, earned_place: int, H_i4: np.ndarray) -> Owed:
    """Enter the pay of a place in the household's ring at the month in which it will be paid."""
    H_i4[_OWED + (month + pay_delay) % WINDOW, h] += earned_place
    return Owed(earned_place)


class Away(NamedTuple):
    """Whether a member counts as absent, and the own income of 12 months that stayed away, in fen."""

    last_away: int
    is_absent: int
    keeps_away: int


@rule
def be_away(alive: int, job: int, last_away: int, income_12m: int, month: int, law_remitted_share: float) -> Away:
    """Count as absent who has had a job away within the last 12 months: of the year's own income a share was sent home."""
    last = month if (alive == 1) & (job == MIGRANT) else last_away
    absent = (alive == 1) & (last > 0) & (month - last < WINDOW)
    return Away(last, 1 if absent else 0, to_fen((1.0 - law_remitted_share) * income_12m) if absent else 0)


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
    casual_days: int


@rule
def come_of_age(
    sex: int,
    law_wants_work_men: float,
    law_wants_work_women: float,
    law_can_leave_share: float,
    law_skill_mean: float,
    law_skill_sd: float,
    law_casual_days: float,
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
        math.floor(law_casual_days + 0.5),
    )
