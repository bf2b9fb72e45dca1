"""Draws the founders' columns, household by household and member by member: mechanical loops over the rules of `sim.founder`."""

from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.arithmetic import exp, normal, to_fen
from sim.draws import NUMBER, descendant, draw
from sim.engine import procedure
from sim.founder import GENERATION, OTHER_ENDS, start_branch, start_health, start_job
from sim.founders import BY_LOT, CHRONIC, DISABLED, LEAVES, WANTS, chronic_draw, share_draw
from sim.processes.business import herd_size
from sim.processes.employment import NONE, SEASON_SPREAD
from sim.processes.schooling import first_school
from sim.state import ROW
from sim.world import LAW

MONTHS_SINCE_SEPTEMBER = 4
"""From September to the founders' January."""


def _places(places: Mapping[Any, int], names: str, *entity: str) -> Any:
    """Return some places by name, such as ``H.land_mu``: constants to compiled code."""
    kept = {name: places[(*entity, name) if entity else name] for name in names.split()}
    return namedtuple("Places", kept)(**kept)


H = _places(
    ROW,
    "id start slots group land_mu turn refusal_rank assessment_factor assets livestock house_safe water_safe",
    "household",
)
P = _places(
    ROW,
    "id alive birth_month sex branch labour self_care disability_grade chronic_disease severe_mental_disorder work_rank"
    " wants_work can_leave_home job job_since season log_skill casual_days bmi_enrolled enrolled_next school_stage in_school"
    " medically_unfit_for_school finished_stage_not_continuing",
    "person",
)
L = _places(
    LAW,
    "livestock_share livestock_sales livestock_sd casual_days land_mu land_sd consumption_floor asset_months house_unsafe"
    " wants_work_men wants_work_women can_leave_share skill_mean skill_sd job_finding job_loss_local migrant_share disabled_share"
    " mental_prevalence preschool_share unfit_for_school senior_share vocational_share tertiary_share",
)
S = _places(
    NUMBER,
    "start_type start_land start_turn start_assessment start_refused start_livestock start_herd start_house start_assets"
    " start_head born_sex start_age start_chronic start_care start_disability start_mental start_work start_leave start_season"
    " start_skill start_job start_job_kind start_job_age start_school",
)


@procedure
def draw_households(
    key: int, month: int, law: np.ndarray, error: float, bounds: np.ndarray, elderly: np.ndarray, sizes: np.ndarray,
    types: np.ndarray,
    H_u8: np.ndarray, H_i1: np.ndarray, H_i4: np.ndarray, H_i8: np.ndarray, H_f4: np.ndarray,
) -> None:  # fmt: skip
    """Draw each household's type, land, livestock, place in the round of visits, lasting errors of assessment and assets.

    Args:
        key, month: seed and month of the draws.
        law: the month's law, by `sim.world.LAW`.
        error: standard deviation of the lasting error in assessed income, log points.
        bounds, elderly, sizes: cumulated shares, whether of elderly people, and members, by type.
        types: written: the type of each household; kept where there are no shares.
        H_u8, H_i1, H_i4, H_i8, H_f4: the households' columns, written.
    """
    start = 0
    for h in range(H_u8.shape[1]):
        entity = H_u8[H.id, h]
        u = draw(key, S.start_type, entity, month)
        kind = types[h]
        while kind < len(bounds) - 1 and u >= bounds[kind]:
            kind += 1
        size = sizes[kind]
        types[h] = kind
        H_i4[H.start, h] = start
        H_i1[H.slots, h] = size
        H_i1[H.group, h] = 2
        start += size
        land_sd = law[L.land_sd]
        plot = exp(land_sd * normal(draw(key, S.start_land, entity, month)) - 0.5 * land_sd * land_sd)
        H_f4[H.land_mu, h] = law[L.land_mu] * size * plot
        H_f4[H.turn, h] = draw(key, S.start_turn, entity, month)
        H_f4[H.assessment_factor, h] = exp(error * normal(draw(key, S.start_assessment, entity, month)))
        H_i1[H.refusal_rank, h] = math.floor(100.0 * draw(key, S.start_refused, entity, month))
        if not elderly[kind] and draw(key, S.start_livestock, entity, month) < law[L.livestock_share]:
            u_herd = draw(key, S.start_herd, entity, month)
            H_i4[H.livestock, h] = herd_size(u_herd, law[L.livestock_sales], law[L.livestock_sd])
        H_i1[H.house_safe, h] = 0 if draw(key, S.start_house, entity, month) < law[L.house_unsafe] else 1
        H_i1[H.water_safe, h] = 1
        wealth = 2.0 * draw(key, S.start_assets, entity, month) * law[L.asset_months] * law[L.consumption_floor] * size
        H_i8[H.assets, h] = to_fen(wealth)


@procedure
def draw_members(
    key: int, month: int, law: np.ndarray, types: np.ndarray, sizes: np.ndarray, heads: np.ndarray, sexes: np.ndarray,
    ages: np.ndarray, shares: np.ndarray, given: np.ndarray, H_u8: np.ndarray, H_i4: np.ndarray,
    P_u8: np.ndarray, P_i1: np.ndarray, P_i2: np.ndarray, P_f4: np.ndarray,
) -> None:  # fmt: skip
    """Draw each household's members: ages by its type, then health, work and schooling.

    Args:
        key, month: seed and month of the draws.
        law: the month's law, by `sim.world.LAW`.
        types: type of each household.
        sizes, heads, sexes, ages: by type: members, ages of a head from and to, sexes and ages less the head's of all.
        shares: prevalence of chronic conditions (one, two or more) and of partial and no self-care, by age (4, 101).
        given: what is known of the members, by `sim.founders.GIVEN`.
        H_u8, H_i4: the households' columns.
        P_u8, P_i1, P_i2, P_f4: the persons' columns, written.
    """
    for h in range(H_u8.shape[1]):
        kind = types[h]
        low, high = heads[kind, 0], heads[kind, 1]
        head = low + math.floor(draw(key, S.start_head, H_u8[H.id, h], month) * (high - low))
        elders = 0
        for k in range(sizes[kind]):
            if ages[kind, k] >= GENERATION:
                elders = 1
        for k in range(sizes[kind]):
            i = H_i4[H.start, h] + k
            entity = descendant(H_u8[H.id, h], k)
            coin = 1 if draw(key, S.born_sex, entity, month) < 0.5 else 0
            age = head + ages[kind, k]
            if age < 0:
                age = 0
            P_u8[P.id, i] = entity
            P_i1[P.alive, i] = 1
            P_i1[P.branch, i] = start_branch(age, ages[kind, k], k, elders)
            P_i1[P.sex, i] = coin if sexes[kind, k] == BY_LOT else sexes[kind, k]
            P_i2[P.birth_month, i] = month - 12 * age - math.floor(12.0 * draw(key, S.start_age, entity, month))
            P_i1[P.bmi_enrolled, i] = 1
            P_i1[P.enrolled_next, i] = 1
            _draw_health(key, month, law, shares, given, i, entity, age, P_i1)
            _draw_work(key, month, law, given, i, entity, age, P_i1, P_i2, P_f4)
            _draw_schooling(key, month, law, i, entity, P_i1, P_i2)


@procedure
def _draw_health(
    key: int, month: int, law: np.ndarray, shares: np.ndarray, given: np.ndarray, i: int, entity: np.uint64, age: int,
    P_i1: np.ndarray,
) -> None:  # fmt: skip
    """Draw a member's health and labour capacity by the prevalence at the age, within what is given."""
    a = age if age < 100 else 100
    health = start_health(
        age, shares[0, a], shares[1, a], shares[2, a], shares[3, a], law[L.disabled_share], law[L.mental_prevalence],
        chronic_draw(draw(key, S.start_chronic, entity, month), shares[0, a], shares[1, a], given[CHRONIC, i]),
        draw(key, S.start_care, entity, month),
        share_draw(draw(key, S.start_disability, entity, month), law[L.disabled_share], given[DISABLED, i]),
        draw(key, S.start_mental, entity, month),
    )  # fmt: skip
    P_i1[P.chronic_disease, i] = health.chronic_disease
    P_i1[P.self_care, i] = health.self_care
    P_i1[P.disability_grade, i] = health.disability_grade
    P_i1[P.severe_mental_disorder, i] = health.severe_mental_disorder
    P_i1[P.labour, i] = health.labour


@procedure
def _draw_work(
    key: int, month: int, law: np.ndarray, given: np.ndarray, i: int, entity: np.uint64, age: int,
    P_i1: np.ndarray, P_i2: np.ndarray, P_f4: np.ndarray,
) -> None:  # fmt: skip
    """Draw what a member wants and can do for work, the wage level and the job."""
    wish = law[L.wants_work_men] if P_i1[P.sex, i] == 1 else law[L.wants_work_women]
    rank = share_draw(draw(key, S.start_work, entity, month), wish, given[WANTS, i])
    wants = 1 if age >= 18 and rank < wish else 0
    free = share_draw(draw(key, S.start_leave, entity, month), law[L.can_leave_share], given[LEAVES, i])
    leaves = 1 if age >= 18 and free < law[L.can_leave_share] else 0
    P_f4[P.work_rank, i] = rank
    P_i1[P.wants_work, i] = wants
    P_i1[P.can_leave_home, i] = leaves
    P_f4[P.season, i] = SEASON_SPREAD * draw(key, S.start_season, entity, month) - SEASON_SPREAD / 2.0
    P_f4[P.log_skill, i] = law[L.skill_mean] + law[L.skill_sd] * normal(draw(key, S.start_skill, entity, month))
    employed = law[L.job_finding] / (law[L.job_finding] + law[L.job_loss_local] + OTHER_ENDS)
    P_i1[P.job, i] = start_job(
        wants, leaves, age, P_i1[P.labour, i], employed, law[L.migrant_share],
        draw(key, S.start_job, entity, month), draw(key, S.start_job_kind, entity, month),
    )  # fmt: skip
    P_i2[P.job_since, i] = month - math.floor(60.0 * draw(key, S.start_job_age, entity, month))
    P_i1[P.casual_days, i] = math.floor(law[L.casual_days] + 0.5) if age >= 18 else 0


@procedure
def _draw_schooling(key: int, month: int, law: np.ndarray, i: int, entity: np.uint64, P_i1: np.ndarray, P_i2: np.ndarray) -> None:
    """Draw where a member stands in schooling, by the age of last September; a pupil has no job."""
    school = first_school(
        (month - MONTHS_SINCE_SEPTEMBER - P_i2[P.birth_month, i]) // 12, law[L.preschool_share], law[L.unfit_for_school],
        law[L.senior_share], law[L.vocational_share], law[L.tertiary_share], draw(key, S.start_school, entity, month),
    )  # fmt: skip
    P_i1[P.school_stage, i] = school.school_stage
    P_i1[P.in_school, i] = school.in_school
    P_i1[P.medically_unfit_for_school, i] = school.medically_unfit_for_school
    P_i1[P.finished_stage_not_continuing, i] = school.finished_stage_not_continuing
    if school.in_school == 1:
        P_i1[P.job, i] = NONE
