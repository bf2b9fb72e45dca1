"""What one founder is in January 2013: branch of the household, health, job. Pure rules; `sim.founding` draws by them."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.engine import rule
from sim.processes.employment import FARM, LOCAL, MIGRANT, NONE
from sim.processes.health import MENTAL_GRADE, NO_LABOUR_FROM, WEAK_FROM, labour_of

OTHER_ENDS = 0.02
"""Monthly chance that founders' jobs ended otherwise than by loss, for the share that holds one at the start."""
ADULT_CHILD = 18
"""Age from which a founder's child is a branch of its own."""
GENERATION = 16
"""Years between a head and those who are the head's parents or children."""


@rule
def start_branch(age: int, relative: int, number: int, elders: int) -> int:
    """Return a founder's branch: parents of the head are the stem, the head's family a branch of it, an adult child its own."""
    own = 1 if elders == 1 else 0
    if relative >= GENERATION:
        return 0
    return 1 + number if relative <= -GENERATION and age >= ADULT_CHILD else own


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
