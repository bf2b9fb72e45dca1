"""Aid to pupils: it takes off from the cost of schooling; what several levers pay adds up."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import procedure, rule
from sim.policies.eligibility import qualifies
from sim.policies.tables import column_of
from sim.processes.schooling import HOLIDAY_FROM, HOLIDAY_TO

TERMS, SCHOOL_MONTHS, SEPTEMBER = range(3)
"""Codes of the word ``paid``."""
SPRING, AUTUMN = 3, 10
"""Months in which the aid of a term is paid."""
_AMOUNT = column_of("schooling_aid", "amount")
_PAID = column_of("schooling_aid", "paid")


class Aid(NamedTuple):
    """What aid takes off from a pupil's month, in fen."""

    school_aid: int


@rule
def is_paid(word: int, moy: int) -> bool:
    """Say whether aid is paid in a month of the year: by term, in every school month, or once in September."""
    if word == TERMS:
        return moy == SPRING or moy == AUTUMN
    if word == SEPTEMBER:
        return moy == 9
    return moy < HOLIDAY_FROM or moy > HOLIDAY_TO


@procedure
def aid_pupil(  # type: ignore[no-untyped-def]
    i, h, alive, moy, paid, L_schooling_aid, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4
) -> Aid:
    """Pay the aid that pupil i of household h qualifies for, and book it."""
    total = 0
    for row in range(L_schooling_aid.shape[0]):
        if L_schooling_aid[row, 0] != 1.0 or alive == 0 or not is_paid(int(L_schooling_aid[row, _PAID]), moy):
            continue
        number = int(L_schooling_aid[row, 1])
        if qualifies(number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
            amount = to_fen(L_schooling_aid[row, _AMOUNT])
            paid[number] += amount
            total += amount
    return Aid(total)
