"""The founders: households drawn for January 2013, before registration. What they become is lived, not drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.arithmetic import exp, normal, to_fen
from sim.draws import NUMBER, descendant, draw
from sim.engine import procedure, rule
from sim.founders import (
    BY_LOT,
    CHRONIC,
    DISABLED,
    GIVEN,
    LEAVES,
    NOBODY,
    NOBODY_KNOWS,
    WANTS,
    chronic_draw,
    share_draw,
)
from sim.policies.tables import column_of
from sim.processes.business import herd_size
from sim.processes.employment import FARM, LOCAL, MIGRANT, NONE, SEASON_SPREAD
from sim.processes.health import MENTAL_GRADE, NO_LABOUR_FROM, WEAK_FROM, labour_of
from sim.processes.schooling import first_school
from sim.rules import County
from sim.state import ROW, Columns, State
from sim.world import LAW, World, whole

if TYPE_CHECKING:
    from sim.founders import Founders

FIRST_YOUNGER = 2
"""First household type that is not of elderly people."""

ELDERLY = 60
"""Age of the head from which a given household is one of elderly people, who keep no livestock."""
OTHER_ENDS = 0.02
"""Monthly chance that founders' jobs ended otherwise than by loss, for the share that holds one at the start."""
ADULT_CHILD = 18
"""Age from which a founder's child is a branch of its own."""
GENERATION = 16
"""Years between a head and those who are the head's parents or children."""


class Health(NamedTuple):
    """Health and labour capacity of a founder."""

    chronic_disease: int
    self_care: int
    disability_grade: int
    severe_mental_disorder: int
    labour: int


@rule
def start_health(
    age: int,
    one: float,
    two: float,
    partial: float,
    none: float,
    disabled: float,
    mental: float,
    u_chronic: float,
    u_care: float,
    u_disability: float,
    u_mental: float,
) -> Health:
    """Draw a founder's health by its prevalence at the age; disability lowers labour capacity, grade 1 takes it."""
    chronic = 2 if u_chronic < two else (1 if u_chronic < two + one else 0)
    care = 2 if u_care < none else (1 if u_care < none + partial else 0)
    grade = 0
    labour = 0
    if age >= 16 and u_disability < disabled:
        grade = 1 + math.floor(4.0 * u_disability / disabled)
        labour = labour_of(grade)
    disordered = 1 if age >= 18 and u_mental < mental else 0
    if disordered == 1:
        grade = MENTAL_GRADE if grade == 0 or grade > MENTAL_GRADE else grade
        labour = labour_of(grade)
    if age >= NO_LABOUR_FROM or care == 2:
        labour = 3
    elif age >= WEAK_FROM and labour == 0:
        labour = 1
    return Health(chronic, care, grade, disordered, labour)


@rule
def start_job(
    wants: int, leaves: int, age: int, labour: int, employed: float, migrant: float, u_job: float, u_kind: float
) -> int:
    """Draw a founder's job: off-farm with the share that finding and losing jobs would keep."""
    if age < 18 or labour == 3:
        return NONE
    if wants == 1 and age < 65 and u_job < employed:
        return MIGRANT if leaves == 1 and u_kind < migrant else LOCAL
    return FARM


class Types(NamedTuple):
    """Household types: cumulated shares, whether of elderly people, sizes, ages of heads, and sexes and ages of all, by type.

    Founders who are given are a type each; there are no shares then.
    """

    bounds: np.ndarray
    elderly: np.ndarray
    sizes: np.ndarray
    heads: np.ndarray
    sexes: np.ndarray
    ages: np.ndarray


def _types(world: World) -> Types:
    """Return the household types of the scenario."""
    bounds = np.cumsum(np.array(world.rules.tables["household_types"]))
    heads, sexes, ages = (
        np.array(world.rules.tables[f"household_{name}"]).astype(np.int64).reshape(len(bounds), -1)
        for name in ("heads", "sexes", "ages")
    )
    return Types(bounds, np.arange(len(bounds)) < FIRST_YOUNGER, (sexes != NOBODY).sum(axis=1), heads, sexes, ages)


@rule
def start_branch(age: int, relative: int, number: int, elders: int) -> int:
    """Return a founder's branch: parents of the head are the stem, the head's family a branch of it, an adult child its own."""
    own = 1 if elders == 1 else 0
    if relative >= GENERATION:
        return 0
    return 1 + number if relative <= -GENERATION and age >= ADULT_CHILD else own


def _given(founders: Founders) -> Types:
    """Return given households as types, each its own."""
    heads = np.stack([founders.heads, founders.heads], axis=1).astype(np.int64)
    sexes, ages = founders.sexes.astype(np.int64), founders.ages.astype(np.int64)
    return Types(np.zeros(0), founders.heads >= ELDERLY, founders.sizes.astype(np.int64), heads, sexes, ages)


def _per_village(county: County, world: World) -> np.ndarray:
    """Return how many households are simulated in each village."""
    if county.founders is not None:
        return county.founders.per_village(county.villages)
    homes = np.full(county.villages, county.households // county.villages)
    homes[: county.households % county.villages] += 1
    return np.array([whole(world.value("simulated_share") * n) for n in homes])


def _households(county: County, world: World) -> tuple[Columns, Columns]:
    """Lay out villages and their simulated households, with ids."""
    simulated = _per_village(county, world)
    villages = Columns("village", county.villages)
    villages["id"] = ((county.number + 1) << 20) + np.arange(1, county.villages + 1)
    villages["township"] = np.arange(county.villages) % county.townships
    villages["households"] = simulated
    villages["first_household"] = np.concatenate(([0], np.cumsum(simulated)[:-1]))
    households = Columns("household", int(simulated.sum()))
    village = np.repeat(np.arange(county.villages), simulated)
    order = np.arange(len(village)) - np.repeat(villages["first_household"], simulated)
    if county.founders is not None:
        order = county.founders.number
    households["village"] = village
    households["id"] = ((county.number + 1) << 40) + (village.astype(np.int64) << 20) + order + 1
    households["root"] = households["id"]
    return villages, households


def found(county: County, world: World, month: int) -> State:
    """Draw the founders of a county.

    Args:
        county: how many households live where.
        world: the law of the first month.
        month: the first month.

    Returns:
        The state before anything has happened: no past income, no status.
    """
    villages, households = _households(county, world)
    types = np.zeros(len(households), np.int64)
    means_tests = world.levers["top_up"][:, column_of("top_up", "assessment_error")]
    error = float(means_tests[0]) if len(means_tests) else 0.0
    kinds = _types(world) if county.founders is None else _given(county.founders)
    if county.founders is not None:
        types = np.arange(len(households), dtype=np.int64)
    _draw_households(
        world.key, month, world.law, error, kinds.bounds, kinds.elderly, kinds.sizes, types, households.matrices["u8"],
        households.matrices["i1"], households.matrices["i4"], households.matrices["i8"], households.matrices["f4"],
    )  # fmt: skip
    persons = Columns("person", int(kinds.sizes[types].sum()))
    shares = np.array(world.shares)
    given = np.full((len(GIVEN), len(persons)), NOBODY_KNOWS, np.int8) if county.founders is None else county.founders.given
    _draw_members(
        world.key, month, world.law, types, *kinds[2:], shares, given, households.matrices["u8"], households.matrices["i4"],
        *(persons.matrices[kind] for kind in ("u8", "i1", "i2", "i4", "f4")),
    )  # fmt: skip
    return State(persons, households, villages)


_H = {name: ROW["household", name] for name in (
    "id", "start", "slots", "group", "land_mu", "turn", "refusal_rank", "assessment_factor", "assets", "livestock",
)}  # fmt: skip
_P = {name: ROW["person", name] for name in (
    "id", "alive", "birth_month", "sex", "labour", "self_care", "disability_grade", "chronic_disease", "severe_mental_disorder",
    "work_rank", "wants_work",
    "can_leave_home", "job", "job_since", "season", "log_skill", "casual_days", "bmi_enrolled", "enrolled_next", "branch",
)}  # fmt: skip
_H_ID, _H_START, _H_SLOTS, _H_GROUP = _H["id"], _H["start"], _H["slots"], _H["group"]
_H_LAND, _H_TURN, _H_REFUSED, _H_FACTOR, _H_ASSETS = (
    _H["land_mu"],
    _H["turn"],
    _H["refusal_rank"],
    _H["assessment_factor"],
    _H["assets"],
)
_P_BRANCH = _P["branch"]
_P_ID, _P_ALIVE, _P_BIRTH, _P_SEX, _P_LABOUR, _P_CARE = (
    _P["id"], _P["alive"], _P["birth_month"], _P["sex"], _P["labour"], _P["self_care"],
)  # fmt: skip
_P_GRADE, _P_CHRONIC, _P_WANTS, _P_LEAVES, _P_JOB, _P_SINCE = (
    _P["disability_grade"], _P["chronic_disease"], _P["wants_work"], _P["can_leave_home"], _P["job"], _P["job_since"],
)  # fmt: skip
_P_DISORDER, _MENTAL, _MENTAL_S = _P["severe_mental_disorder"], LAW["mental_prevalence"], NUMBER["start_mental"]
_P_SEASON, _P_SKILL, _P_BMI, _P_NEXT, _P_RANK = (
    _P["season"],
    _P["log_skill"],
    _P["bmi_enrolled"],
    _P["enrolled_next"],
    _P["work_rank"],
)
_H_HERD = _H["livestock"]
_P_CASUAL = _P["casual_days"]
_L = {name: LAW[name] for name in LAW}
_HERDS, _HERD_MEAN, _HERD_SD = _L["livestock_share"], _L["livestock_sales"], _L["livestock_sd"]
_CASUAL = _L["casual_days"]
_LAND, _LAND_SD, _FLOOR, _ASSETS = _L["land_mu"], _L["land_sd"], _L["consumption_floor"], _L["asset_months"]
_MEN, _WOMEN, _LEAVE, _SKILL, _SKILL_SD = (
    _L["wants_work_men"], _L["wants_work_women"], _L["can_leave_share"], _L["skill_mean"], _L["skill_sd"],
)  # fmt: skip
_FIND, _LOSS, _MIGRANTS, _DISABLED = _L["job_finding"], _L["job_loss_local"], _L["migrant_share"], _L["disabled_share"]
_S = NUMBER
_KEEPS_S, _HERD_S = _S["start_livestock"], _S["start_herd"]
_TYPE_S, _LAND_S, _TURN_S, _ASSETS_S = _S["start_type"], _S["start_land"], _S["start_turn"], _S["start_assets"]
_FACTOR_S, _REFUSED_S, _HEAD_S = _S["start_assessment"], _S["start_refused"], _S["start_head"]
_SEX_S, _AGE_S, _SKILL_S, _WORK_S, _LEAVE_S, _SEASON_S = (
    _S["born_sex"], _S["start_age"], _S["start_skill"], _S["start_work"], _S["start_leave"], _S["start_season"],
)  # fmt: skip
_CHRONIC_S, _CARE_S, _DISABILITY_S, _JOB_S, _KIND_S, _JOB_AGE_S = (
    _S["start_chronic"], _S["start_care"], _S["start_disability"], _S["start_job"], _S["start_job_kind"], _S["start_job_age"],
)  # fmt: skip


MONTHS_SINCE_SEPTEMBER = 4
"""From September to the founders' January."""
_H_HOUSE, _H_WATER = ROW["household", "house_safe"], ROW["household", "water_safe"]
_P_STAGE, _P_SCHOOL, _P_UNFIT, _P_FINISHED = (
    ROW["person", "school_stage"],
    ROW["person", "in_school"],
    ROW["person", "medically_unfit_for_school"],
    ROW["person", "finished_stage_not_continuing"],
)
_PRESCHOOL, _UNFIT, _SENIOR, _VOCATIONAL, _TERTIARY, _UNSAFE = (
    _L["preschool_share"], _L["unfit_for_school"], _L["senior_share"], _L["vocational_share"], _L["tertiary_share"],
    _L["house_unsafe"],
)  # fmt: skip
_SCHOOL_S, _HOUSE_S = _S["start_school"], _S["start_house"]


@procedure
def _draw_households(
    key: int, month: int, law: np.ndarray, error: float, bounds: np.ndarray, elderly: np.ndarray, sizes: np.ndarray,
    types: np.ndarray,
    H_u8: np.ndarray, H_i1: np.ndarray, H_i4: np.ndarray, H_i8: np.ndarray, H_f4: np.ndarray,
) -> None:  # fmt: skip
    """Draw each household's type, land, livestock, place in the round of visits, lasting errors of assessment and assets."""
    start = 0
    for h in range(H_u8.shape[1]):
        entity = H_u8[_H_ID, h]
        u = draw(key, _TYPE_S, entity, month)
        kind = types[h]
        while kind < len(bounds) - 1 and u >= bounds[kind]:
            kind += 1
        size = sizes[kind]
        types[h] = kind
        H_i4[_H_START, h] = start
        H_i1[_H_SLOTS, h] = size
        H_i1[_H_GROUP, h] = 2
        start += size
        land_sd = law[_LAND_SD]
        H_f4[_H_LAND, h] = law[_LAND] * size * exp(land_sd * normal(draw(key, _LAND_S, entity, month)) - 0.5 * land_sd * land_sd)
        H_f4[_H_TURN, h] = draw(key, _TURN_S, entity, month)
        H_f4[_H_FACTOR, h] = exp(error * normal(draw(key, _FACTOR_S, entity, month)))
        H_i1[_H_REFUSED, h] = math.floor(100.0 * draw(key, _REFUSED_S, entity, month))
        if not elderly[kind] and draw(key, _KEEPS_S, entity, month) < law[_HERDS]:
            H_i4[_H_HERD, h] = herd_size(draw(key, _HERD_S, entity, month), law[_HERD_MEAN], law[_HERD_SD])
        H_i1[_H_HOUSE, h] = 0 if draw(key, _HOUSE_S, entity, month) < law[_UNSAFE] else 1
        H_i1[_H_WATER, h] = 1
        H_i8[_H_ASSETS, h] = to_fen(2.0 * draw(key, _ASSETS_S, entity, month) * law[_ASSETS] * law[_FLOOR] * size)


@procedure
def _draw_members(
    key: int, month: int, law: np.ndarray, types: np.ndarray, sizes: np.ndarray, heads: np.ndarray, sexes: np.ndarray,
    ages: np.ndarray, shares: np.ndarray, given: np.ndarray, H_u8: np.ndarray, H_i4: np.ndarray,
    P_u8: np.ndarray, P_i1: np.ndarray, P_i2: np.ndarray, P_i4: np.ndarray, P_f4: np.ndarray,
) -> None:  # fmt: skip
    """Draw each household's members: ages by its type, then health, skill and job."""
    for h in range(H_u8.shape[1]):
        kind = types[h]
        low, high = heads[kind, 0], heads[kind, 1]
        head = low + math.floor(draw(key, _HEAD_S, H_u8[_H_ID, h], month) * (high - low))
        elders = 0
        for k in range(sizes[kind]):
            if ages[kind, k] >= GENERATION:
                elders = 1
        for k in range(sizes[kind]):
            i = H_i4[_H_START, h] + k
            entity = descendant(H_u8[_H_ID, h], k)
            coin = 1 if draw(key, _SEX_S, entity, month) < 0.5 else 0
            sex = coin if sexes[kind, k] == BY_LOT else sexes[kind, k]
            age = head + ages[kind, k]
            if age < 0:
                age = 0
            P_u8[_P_ID, i] = entity
            P_i1[_P_ALIVE, i] = 1
            P_i1[_P_BRANCH, i] = start_branch(age, ages[kind, k], k, elders)
            P_i1[_P_SEX, i] = sex
            P_i2[_P_BIRTH, i] = month - 12 * age - math.floor(12.0 * draw(key, _AGE_S, entity, month))
            a = age if age < 100 else 100
            health = start_health(
                age, shares[0, a], shares[1, a], shares[2, a], shares[3, a], law[_DISABLED], law[_MENTAL],
                chronic_draw(draw(key, _CHRONIC_S, entity, month), shares[0, a], shares[1, a], given[CHRONIC, i]),
                draw(key, _CARE_S, entity, month),
                share_draw(draw(key, _DISABILITY_S, entity, month), law[_DISABLED], given[DISABLED, i]),
                draw(key, _MENTAL_S, entity, month),
            )  # fmt: skip
            P_i1[_P_CHRONIC, i] = health.chronic_disease
            P_i1[_P_CARE, i] = health.self_care
            P_i1[_P_GRADE, i] = health.disability_grade
            P_i1[_P_DISORDER, i] = health.severe_mental_disorder
            P_i1[_P_LABOUR, i] = health.labour
            wish = law[_MEN] if sex == 1 else law[_WOMEN]
            rank = share_draw(draw(key, _WORK_S, entity, month), wish, given[WANTS, i])
            wants = 1 if age >= 18 and rank < wish else 0
            P_f4[_P_RANK, i] = rank
            free = share_draw(draw(key, _LEAVE_S, entity, month), law[_LEAVE], given[LEAVES, i])
            leaves = 1 if age >= 18 and free < law[_LEAVE] else 0
            P_i1[_P_WANTS, i] = wants
            P_i1[_P_LEAVES, i] = leaves
            P_f4[_P_SEASON, i] = SEASON_SPREAD * draw(key, _SEASON_S, entity, month) - SEASON_SPREAD / 2.0
            P_f4[_P_SKILL, i] = law[_SKILL] + law[_SKILL_SD] * normal(draw(key, _SKILL_S, entity, month))
            employed = law[_FIND] / (law[_FIND] + law[_LOSS] + OTHER_ENDS)
            P_i1[_P_JOB, i] = start_job(
                wants, leaves, age, health.labour, employed, law[_MIGRANTS],
                draw(key, _JOB_S, entity, month), draw(key, _KIND_S, entity, month),
            )  # fmt: skip
            P_i1[_P_CASUAL, i] = math.floor(law[_CASUAL] + 0.5) if age >= 18 else 0
            P_i2[_P_SINCE, i] = month - math.floor(60.0 * draw(key, _JOB_AGE_S, entity, month))
            P_i1[_P_BMI, i] = 1
            P_i1[_P_NEXT, i] = 1
            # schooling goes by the age of last September
            school = first_school(
                (month - MONTHS_SINCE_SEPTEMBER - P_i2[_P_BIRTH, i]) // 12, law[_PRESCHOOL], law[_UNFIT], law[_SENIOR],
                law[_VOCATIONAL], law[_TERTIARY], draw(key, _SCHOOL_S, entity, month),
            )  # fmt: skip
            P_i1[_P_STAGE, i] = school.school_stage
            P_i1[_P_SCHOOL, i] = school.in_school
            P_i1[_P_UNFIT, i] = school.medically_unfit_for_school
            P_i1[_P_FINISHED, i] = school.finished_stage_not_continuing
            if school.in_school == 1:
                P_i1[_P_JOB, i] = NONE
