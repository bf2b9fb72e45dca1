"""Consumption, saving and borrowing."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import rule


class Purse(NamedTuple):
    """What the household consumes and how it ends the month, in fen."""

    consumption: int
    assets: int
    debt: int
    usual_income: int


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
) -> Purse:
    """Spend: a share of usual income and of its change, never below the floor that is defended by saving less, then by debt.

    Cash beyond two months of usual income repays debt. Every fen of cash is consumed, paid, saved or repaid.
    """
    income = market_month + dibao_paid
    usual = usual_income + to_fen((income - usual_income) / 12.0)
    floor = to_fen(law_consumption_floor * members)
    wish = to_fen(law_consumption_share * usual + law_consumption_shock * (income - unavoidable_month - usual))
    spend = wish if wish > floor else floor
    purse = assets + cash_month + dibao_paid - unavoidable_month
    if spend > purse:
        spend = purse if purse > floor else floor
    purse = purse - spend
    if purse < 0:
        return Purse(spend, 0, debt - purse, usual)
    spare = purse - 2 * usual
    repaid = 0 if spare <= 0 or debt == 0 else (spare if spare < debt else debt)
    return Purse(spend, purse - repaid, debt - repaid, usual)
