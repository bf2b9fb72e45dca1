"""Help matched to need: what a household at risk needs, and the days from a clue to the registry and to the first measure."""

from __future__ import annotations

from sim.engine import rule
from sim.policies.detection import DAYS
from sim.policies.monitoring import DROP, INCOME, SPENDING

MEDICAL, EDUCATION, HOUSING, EMPLOYMENT, WATER, DISASTER, CARE = 1, 2, 4, 8, 16, 32, 64
"""Needs and measures, as bits of `helped`."""
REFERS = MEDICAL | DISASTER | CARE
"""Measures that bring a family's application for dibao."""
MATCHED, ANY = range(2)
"""Codes of the word `match`."""


@rule
def needs_of(need_types: int, trigger: int, able: int, needy: bool) -> int:
    """Return the needs of a household at risk that measures are to meet.

    Beside its current needs: those with labour are helped to work, those without get the guarantee; an alert on spending means
    medical help. Whoever is ``needy`` (below the poverty line as the registry counts) cannot wait for work and gets the
    guarantee as well.
    """
    bits = (need_types & ~EMPLOYMENT) | (MEDICAL if trigger & SPENDING else 0)
    bits = bits | (CARE if (able == 0) | needy else 0)
    idle = (need_types & EMPLOYMENT > 0) | (trigger & (INCOME | DROP) > 0) | (bits == 0)
    return bits | (EMPLOYMENT if (able > 0) & idle else 0)


@rule
def measures_of(needs: int, match: int) -> int:
    """Return the measures that a county gives: one for each need, or help with work to everybody whatever the need."""
    return needs if match == MATCHED else EMPLOYMENT


@rule
def count_bits(bits: int) -> int:
    """Return how many of the seven needs a number holds."""
    count = 0
    for place in range(7):
        count = count + ((bits >> place) & 1)
    return count


@rule
def is_ready(month: int, since: int, day: int, days: float) -> bool:
    """Say whether so many days after a day of an earlier month have passed by the end of this month."""
    return DAYS * (month - since + 1) >= day + days


@rule
def days_waited(month: int, since: int, day: int, days: float) -> int:
    """Return the days from a clue to its settlement: those that the work takes, or, after a queue, to the first of the month."""
    if month == since or not is_ready(month - 1, since, day, days):
        return int(days)
    return DAYS * (month - since) + 1 - day
