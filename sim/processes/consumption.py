"""Consumption, saving and borrowing."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import rule

BUFFER_MONTHS = 6
"""Months of usual income that a household keeps liquid before it spends from wealth."""


class Purse(NamedTuple):
    """What the household consumes and how it ends the month, in fen; ``estate`` leaves the books with the last member."""

    consumption: int
    assets: int
    debt: int
    usual_income: int
    estate: int


@rule
def consume(
    members: int,
    cash_month: int,
    dibao_paid: int,
    market_month: int,
    unavoidable_month: int,
    usual_income: int,
    assets: int,
    debt: int,
    law_consumption_share: float,
    law_consumption_shock: float,
    law_consumption_floor: float,
    law_wealth_spent: float,
) -> Purse:
    """Spend: a share of usual income, of its change and of idle wealth, never below a floor defended by saving less, then debt.

    Cash beyond two months of usual income repays debt. Every fen of cash is consumed, paid, saved or repaid.
    """
    purse = assets + cash_month + dibao_paid - unavoidable_month
    if members == 0:
        return Purse(0, 0, 0, 0, purse - debt)
    income = market_month + dibao_paid
    usual = usual_income + to_fen((income - usual_income) / 12.0)
    floor = to_fen(law_consumption_floor * members)
    idle = assets - BUFFER_MONTHS * usual
    from_wealth = law_wealth_spent * idle / 12.0 if idle > 0 else 0.0
    wish = to_fen(law_consumption_share * usual + law_consumption_shock * (income - unavoidable_month - usual) + from_wealth)
    spend = wish if wish > floor else floor
    if spend > purse:
        spend = purse if purse > floor else floor
    purse = purse - spend
    if purse < 0:
        return Purse(spend, 0, debt - purse, usual, 0)
    spare = purse - 2 * usual
    repaid = 0 if spare <= 0 or debt == 0 else (spare if spare < debt else debt)
    return Purse(spend, purse - repaid, debt - repaid, usual, 0)
