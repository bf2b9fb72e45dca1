"""Village fund: how a year's income of a village's assets or collective is divided, and what project assets become."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import rule

HOUSEHOLDS_FIRST, WORKS_FIRST = range(2)
"""Codes of the word ``order``."""


class Uses(NamedTuple):
    """What of an income goes to households, what to village works, and what no use took, in fen; upkeep is spent."""

    households: int
    works: int
    rest: float


@rule
def divide(income: float, upkeep: float, works: float, households: float, order: int) -> Uses:
    """Divide an income: upkeep first; then each use takes its share of what it finds when its turn comes."""
    left = income * (1.0 - upkeep)
    if order == HOUSEHOLDS_FIRST:
        share = to_fen(left * households)
        spent = to_fen((left - share) * works)
    else:
        spent = to_fen(left * works)
        share = to_fen((left - spent) * households)
    return Uses(share, spent, left - share - spent)


@rule
def eroded(assets: int, chance: float, part: float, u_project: float) -> int:
    """Return the assets that still yield after a year: with the chance given a part is lost, taken or decayed."""
    return assets - to_fen(assets * part) if u_project < chance else assets
