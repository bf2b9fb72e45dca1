"""Consumption, saving and borrowing."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import rule


class Purse(NamedTuple):
    """What the household consumes and how it ends the month, in fen."""

    consumption: int
    interest: int
    assets: int
    debt: int
    usual_income: int


@rule
def consume(
    members: int,
    cash_in: int,
    unavoidable: int,
    income_month: int,
    usual_income: int,
    assets: int,
    debt: int,
    law_consumption_share: float,
    law_consumption_shock: float,
    law_consumption_floor: float,
    law_interest_rate: float,
) -> Purse:
    """Spend: a share of usual income and of its change, never below the floor that is defended by saving less, then by debt.

    Cash beyond two months of usual income repays debt. Every fen of ``cash_in`` is consumed, paid, saved or repaid.
    """
    usual = usual_income + to_fen((income_month - usual_income) / 12.0)
    interest = to_fen(debt * law_interest_rate / 12.0)
    floor = to_fen(law_consumption_floor * members)
    wish = to_fen(law_consumption_share * usual + law_consumption_shock * (income_month - unavoidable - usual))
    spend = wish if wish > floor else floor
    purse = assets + cash_in - unavoidable - interest
    if spend > purse:
        spend = purse if purse > floor else floor
    purse = purse - spend
    if purse < 0:
        return Purse(spend, interest, 0, debt - purse, usual)
    spare = purse - 2 * usual
    repaid = 0 if spare <= 0 or debt == 0 else (spare if spare < debt else debt)
    return Purse(spend, interest, purse - repaid, debt - repaid, usual)
