"""A newcomer from elsewhere: the spouse of a member, or an adult child who comes back. All is drawn by the newcomer's own id."""

from __future__ import annotations

import numpy as np

from sim.draws import NUMBER, descendant, draw
from sim.engine import procedure
from sim.founder import OTHER_ENDS, start_health, start_job
from sim.processes.demography import OLDEST
from sim.processes.employment import FARM, come_of_age, set_wage
from sim.processes.family import brought_income, child_birth, spouse_birth
from sim.state import ROW, WINDOW
from sim.world import LAW

SPOUSE, CHILD = 1, 2
"""What a newcomer is to the member whose marriage or return it is."""
NEWCOMERS_ORDER = 1_000_000
"""Ids of newcomers derive from the member's with the month of coming added to this order."""
SONS = 0.5
"""Share of sons among adult children who come back."""

_P = {
    name: ROW["person", name]
    for name in (
        "id", "alive", "birth_month", "sex", "labour", "self_care", "disability_grade", "chronic_disease", "work_rank",
        "wants_work", "can_leave_home", "job", "job_since", "season", "log_skill", "wage", "bmi_enrolled", "enrolled_next",
        "income_12m", "income_window", "age", "branch", "employee_insured", "own_share", "severe_mental_disorder",
    )
}  # fmt: skip
_ID, _ALIVE, _BIRTH, _SEX, _AGE, _BRANCH = (
    _P["id"], _P["alive"], _P["birth_month"], _P["sex"], _P["age"], _P["branch"]
)  # fmt: skip
_LABOUR, _CARE, _GRADE, _CHRONIC = _P["labour"], _P["self_care"], _P["disability_grade"], _P["chronic_disease"]
_RANK, _WANTS, _FREE, _SEASON, _SKILL = (
    _P["work_rank"], _P["wants_work"], _P["can_leave_home"], _P["season"], _P["log_skill"]
)  # fmt: skip
_JOB, _SINCE, _WAGE, _YEAR, _RING = _P["job"], _P["job_since"], _P["wage"], _P["income_12m"], _P["income_window"]
_BMI, _NEXT, _EMPLOYEE, _SHARE = _P["bmi_enrolled"], _P["enrolled_next"], _P["employee_insured"], _P["own_share"]
_DISORDER, _MENTAL, _MENTAL_S = _P["severe_mental_disorder"], LAW["mental_prevalence"], NUMBER["start_mental"]
_DAYS, _CASUAL = ROW["person", "casual_days"], LAW["casual_days"]
_S = NUMBER
_SEX_S, _AGE_S, _CHRONIC_S, _CARE_S, _GRADE_S = (
    _S["born_sex"], _S["start_age"], _S["start_chronic"], _S["start_care"], _S["start_disability"]
)  # fmt: skip
_WORK_S, _FREE_S, _SEASON_S, _SKILL_S, _JOB_S, _KIND_S = (
    _S["start_work"], _S["start_leave"], _S["start_season"], _S["start_skill"], _S["start_job"], _S["start_job_kind"]
)  # fmt: skip
_MEN, _WOMEN, _LEAVE, _MEAN, _SD = (
    LAW["wants_work_men"], LAW["wants_work_women"], LAW["can_leave_share"], LAW["skill_mean"], LAW["skill_sd"]
)  # fmt: skip
_FIND, _LOSS, _MIGRANTS, _DISABLED = LAW["job_finding"], LAW["job_loss_local"], LAW["migrant_share"], LAW["disabled_share"]
_AWAY, _LOCAL, _WEAK, _MONTHS = LAW["migrant_wage"], LAW["local_wage"], LAW["wage_weak"], LAW["season_months"]


@procedure
def welcome(
    n: int, anchor: int, kind: int, branch: int, month: int, key: int, law: np.ndarray, shares: np.ndarray,
    O_u8: np.ndarray, O_i1: np.ndarray, O_i2: np.ndarray,
    P_u8: np.ndarray, P_i1: np.ndarray, P_i2: np.ndarray, P_i4: np.ndarray, P_f4: np.ndarray,
) -> None:  # fmt: skip
    """Write the n-th newcomer (P) who comes to a member (O): birth, health, work; covered if the member is."""
    entity = descendant(O_u8[_ID, anchor], NEWCOMERS_ORDER + month)
    sex = 1 - int(O_i1[_SEX, anchor])
    u_age = draw(key, _AGE_S, entity, month)
    born = spouse_birth(int(O_i2[_BIRTH, anchor]), int(O_i1[_SEX, anchor]), month, u_age)
    if kind == CHILD:
        sex = 1 if draw(key, _SEX_S, entity, month) < SONS else 0
        born = child_birth(int(O_i2[_BIRTH, anchor]), month, u_age)
    age = (month - born) // 12
    P_u8[_ID, n] = entity
    P_i1[_ALIVE, n] = 1
    P_i1[_SEX, n] = sex
    P_i1[_AGE, n] = age
    P_i1[_BRANCH, n] = branch
    P_i2[_BIRTH, n] = born
    P_i1[_BMI, n] = 1 if O_i1[_BMI, anchor] + O_i1[_EMPLOYEE, anchor] > 0 else 0
    P_i1[_NEXT, n] = 1 if O_i1[_NEXT, anchor] > 0 else 0
    P_i1[_SHARE, n] = O_i1[_SHARE, anchor]
    a = age if age < OLDEST else OLDEST
    health = start_health(
        age, shares[0, a], shares[1, a], shares[2, a], shares[3, a], law[_DISABLED], law[_MENTAL],
        draw(key, _CHRONIC_S, entity, month), draw(key, _CARE_S, entity, month), draw(key, _GRADE_S, entity, month),
        draw(key, _MENTAL_S, entity, month),
    )  # fmt: skip
    P_i1[_CHRONIC, n] = health.chronic_disease
    P_i1[_CARE, n] = health.self_care
    P_i1[_GRADE, n] = health.disability_grade
    P_i1[_DISORDER, n] = health.severe_mental_disorder
    P_i1[_LABOUR, n] = health.labour
    coming = come_of_age(
        sex, law[_MEN], law[_WOMEN], law[_LEAVE], law[_MEAN], law[_SD], law[_CASUAL],
        draw(key, _WORK_S, entity, month), draw(key, _FREE_S, entity, month), draw(key, _SEASON_S, entity, month),
        draw(key, _SKILL_S, entity, month),
    )  # fmt: skip
    P_f4[_RANK, n] = coming.work_rank
    P_i1[_WANTS, n] = coming.wants_work
    P_i1[_FREE, n] = coming.can_leave_home
    P_f4[_SEASON, n] = coming.season
    P_f4[_SKILL, n] = coming.log_skill
    P_i1[_DAYS, n] = coming.casual_days
    _bring_work(n, kind, age, month, key, law, P_u8, P_i1, P_i2, P_i4, P_f4)


@procedure
def _bring_work(
    n: int, kind: int, age: int, month: int, key: int, law: np.ndarray,
    P_u8: np.ndarray, P_i1: np.ndarray, P_i2: np.ndarray, P_i4: np.ndarray, P_f4: np.ndarray,
) -> None:  # fmt: skip
    """Write the newcomer's job and the past year's income; who comes back has left the job elsewhere."""
    entity = P_u8[_ID, n]
    labour = int(P_i1[_LABOUR, n])
    employed = law[_FIND] / (law[_FIND] + law[_LOSS] + OTHER_ENDS)
    job = start_job(
        int(P_i1[_WANTS, n]), int(P_i1[_FREE, n]), age, labour, employed, law[_MIGRANTS],
        draw(key, _JOB_S, entity, month), draw(key, _KIND_S, entity, month),
    )  # fmt: skip
    wage = set_wage(job, 0, labour, np.float64(P_f4[_SKILL, n]), law[_AWAY], law[_LOCAL], law[_WEAK]).wage
    year = 0
    for ring in range(WINDOW):
        income = brought_income(ring + 1, job, wage, np.float64(P_f4[_SEASON, n]), law[_MONTHS])
        P_i4[_RING + ring, n] = income
        year += income
    P_i4[_YEAR, n] = year
    stays = kind == SPOUSE or job < FARM
    P_i1[_JOB, n] = job if stays else FARM
    P_i4[_WAGE, n] = wage if stays else 0
    P_i2[_SINCE, n] = month
