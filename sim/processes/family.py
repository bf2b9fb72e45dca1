"""Families in January: who marries, leaves for good, founds an own household; what those bring who come.

A household is made of branches: the stem, and one for every adult child, with spouse and children. A branch moves as a whole.
"""

from __future__ import annotations

import math

from sim.engine import rule
from sim.processes.employment import LOCAL, MIGRANT, is_season

ADULT = 18
"""Age at which a child becomes a branch of its own."""
MARRY_FROM, MARRY_TO = 20, 40
LEAVE_FROM, LEAVE_TO = 18, 50
SPLIT_FROM, SPLIT_TO = 22, 60
MOTHER_FROM, MOTHER_TO = 45, 85
"""Ages of mothers whose adult children may come back."""
BIRTH_FROM, BIRTH_SPREAD = 22, 12
"""Mother's age at the birth of a child who comes back: least, and years of spread."""
SPOUSE_SPREAD = 60
"""Months by which a husband is older at most."""

STAYS, WEDS, WEDS_OUT, LEAVES, SPLITS = range(5)


@rule
def choose_move(
    age: int,
    sex: int,
    adults: int,
    minors: int,
    stem: int,
    others: int,
    law_marriage_women: float,
    law_marriage_men: float,
    law_patrilocal_share: float,
    law_leaving_rate: float,
    law_splitting_rate: float,
    u_marry: float,
    u_move: float,
    u_leave: float,
    u_split: float,
) -> int:
    """Return what a branch does this year: nothing, marry with the spouse moving in or out, leave for good, split off.

    Who is alone in a branch may marry; wives mostly move to their husbands. The stem never goes, nor a branch without which no
    adult would be left: ``others`` counts the adults who stay whatever the branch does.
    """
    single = adults == 1 and minors == 0 and MARRY_FROM <= age < MARRY_TO
    if single and u_marry < (law_marriage_men if sex == 1 else law_marriage_women):
        goes = (u_move < law_patrilocal_share) == (sex == 0)
        return WEDS_OUT if goes and stem == 0 and others > 0 else WEDS
    if stem == 1 or others == 0:
        return STAYS
    if LEAVE_FROM <= age < LEAVE_TO and u_leave < law_leaving_rate:
        return LEAVES
    if SPLIT_FROM <= age < SPLIT_TO and u_split < law_splitting_rate:
        return SPLITS
    return STAYS


@rule
def spouse_birth(birth_month: int, sex: int, month: int, u_start_age: float) -> int:
    """Return the birth month of a person's spouse: the husband is up to five years older, a wife at least twenty."""
    gap = math.floor(SPOUSE_SPREAD * u_start_age)
    if sex == 0:
        return birth_month - gap
    latest = month - 12 * MARRY_FROM
    return birth_month + gap if birth_month + gap < latest else latest


@rule
def child_birth(birth_month: int, month: int, u_start_age: float) -> int:
    """Return the birth month of a mother's adult child who comes back."""
    born = birth_month + 12 * BIRTH_FROM + math.floor(12.0 * BIRTH_SPREAD * u_start_age)
    latest = month - 12 * ADULT
    return born if born < latest else latest


@rule
def brought_income(moy: int, job: int, wage: int, season: float, law_season_months: float) -> int:
    """Return a newcomer's own income of one month of the past year: income comes with its earner, as it leaves."""
    worked = (job == LOCAL or job == MIGRANT) and is_season(moy, math.floor(law_season_months + season + 0.5))
    return wage if worked else 0
