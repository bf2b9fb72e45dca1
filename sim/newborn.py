"""A child joins its mother's household in a slot that nobody has used."""

from __future__ import annotations

import numpy as np

from sim.booking import free_slot
from sim.draws import NUMBER, descendant, draw
from sim.engine import procedure
from sim.state import ROW

_ID = ROW["person", "id"]
_ALIVE = ROW["person", "alive"]
_SEX = ROW["person", "sex"]
_CHILDREN = ROW["person", "children"]
_BIRTH = ROW["person", "birth_month"]
_LAST_BIRTH = ROW["person", "last_birth"]
_BRANCH = ROW["person", "branch"]
_ENROLLED = ROW["person", "bmi_enrolled"]
_EMPLOYEE = ROW["person", "employee_insured"]
_OWN_SHARE = ROW["person", "own_share"]
_NEXT = ROW["person", "enrolled_next"]
_SEX_STREAM = NUMBER["born_sex"]
BOYS = 0.527
"""Share of boys among births, 111.3 boys to 100 girls: seventh national census, NBS 2021-05-11 (recalled, an assumption)."""
MOTHERS_ORDER = 100
"""Children's ids derive from their mother's with orders from here on; founders' from their household's with orders below."""


@procedure
def newborn(
    mother: int, first: int, last: int, month: int, key: int,
    P_u8: np.ndarray, P_i1: np.ndarray, P_i2: np.ndarray, P_i4: np.ndarray, P_f4: np.ndarray,
) -> None:  # fmt: skip
    """Write a newborn child: all columns 0 but those of its birth and branch, and cover as a resident if its mother has any."""
    slot = free_slot(first, last, P_u8)
    child = descendant(P_u8[_ID, mother], MOTHERS_ORDER + int(P_i1[_CHILDREN, mother]))
    P_i1[:, slot] = 0
    P_i2[:, slot] = 0
    P_i4[:, slot] = 0
    P_f4[:, slot] = 0.0
    P_u8[_ID, slot] = child
    P_i1[_ALIVE, slot] = 1
    P_i1[_SEX, slot] = 1 if draw(key, _SEX_STREAM, child, month) < BOYS else 0
    P_i2[_BIRTH, slot] = month
    P_i2[_LAST_BIRTH, slot] = 0
    P_i1[_BRANCH, slot] = P_i1[_BRANCH, mother]
    P_i1[_ENROLLED, slot] = 1 if P_i1[_ENROLLED, mother] + P_i1[_EMPLOYEE, mother] > 0 else 0
    P_i1[_NEXT, slot] = 1 if P_i1[_NEXT, mother] > 0 else 0
    P_i1[_OWN_SHARE, slot] = P_i1[_OWN_SHARE, mother]
