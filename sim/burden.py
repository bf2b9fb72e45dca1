"""Catastrophic medical spending: the year's own payments against capacity to pay, income and consumption."""

from __future__ import annotations

from typing import NamedTuple

from sim.engine import rule

CAPACITY, INCOME, TENTH, QUARTER = 0.40, 0.10, 0.10, 0.25
"""Bars of the four definitions: of capacity to pay (reached), of income, and of consumption (exceeded)."""


class Burden(NamedTuple):
    """Definitions met by the household's own medical payments of the accounting year: bits 1, 2, 4 and 8."""

    over: int


@rule
def test_burden(members: int, year_medical: int, year_consumption: int, gross_12m: int, law_food_share: float) -> Burden:
    """Hold own medical payments of October to September against capacity to pay, gross income and consumption.

    Capacity to pay is all the household spends on living and care but for food. Both sides cover the same twelve months.
    """
    if members == 0 or year_medical <= 0:
        return Burden(0)
    capacity = year_medical + (1.0 - law_food_share) * year_consumption
    spending = float(year_medical + year_consumption)
    income = float(gross_12m if gross_12m > 0 else 0)
    over = 1 if year_medical >= CAPACITY * capacity else 0
    over = over + (2 if year_medical > INCOME * income else 0)
    over = over + (4 if year_medical > TENTH * spending else 0)
    return Burden(over + (8 if year_medical > QUARTER * spending else 0))
