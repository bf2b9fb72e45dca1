"""Consumption and what a household does when money is short, in its order: save less, kin, borrow, sell off, eat less, owe."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import rule
from sim.processes.business import standing_herd

BUFFER_MONTHS = 6
"""Months of usual income that a household keeps liquid before it spends from wealth."""
REPAY_FROM_MONTHS = 2
"""Months of usual income that a household keeps before it repays what has no date."""


class Purse(NamedTuple):
    """What the household consumes, what is left in the purse, smoothed income, and what the purse is short of, in fen."""

    consumption: int
    assets: int
    usual_income: int
    gap: int


class Cover(NamedTuple):
    """How a gap was covered: balances after it, what was consumed in the end, and the month's flows, in fen."""

    consumption: int
    kin_debt: int
    debt: int
    livestock: int
    arrears: int
    kin_borrowed: int
    borrowed: int
    distress_sales: int


class Repaid(NamedTuple):
    """Balances after repayment, and what was repaid, in fen."""

    assets: int
    arrears: int
    debt: int
    kin_debt: int
    in_default: int
    repaid: int


class Estate(NamedTuple):
    """What leaves the books with a household's last member, in fen; all balances are closed."""

    estate: int
    assets: int
    debt: int
    kin_debt: int
    loan_balance: int
    arrears: int
    livestock: int
    in_default: int


@rule
def consume(
    members: int,
    cash_month: int,
    dibao_paid: int,
    market_month: int,
    unavoidable_month: int,
    loan_granted: int,
    loan_balance: int,
    usual_income: int,
    assets: int,
    law_consumption_share: float,
    law_consumption_shock: float,
    law_consumption_floor: float,
    law_wealth_spent: float,
    x_consumption: float,
) -> Purse:
    """Spend a share of usual income, of its change and of idle wealth, never below a floor that is defended by saving less.

    Borrowed working capital is no idle wealth, but it is eaten before anybody asks kin.
    """
    purse = assets + cash_month + dibao_paid + loan_granted - unavoidable_month
    if members == 0:
        return Purse(0, purse, 0, 0)
    income = market_month + dibao_paid
    usual = usual_income + to_fen((income - usual_income) / 12.0)
    floor = to_fen(law_consumption_floor * members)
    idle = assets - loan_balance - BUFFER_MONTHS * usual
    from_wealth = law_wealth_spent * idle / 12.0 if idle > 0 else 0.0
    wish = law_consumption_share * usual + law_consumption_shock * (income - unavoidable_month - usual) + from_wealth
    wish = to_fen(wish * x_consumption)
    spend = wish if wish > floor else floor
    if spend > purse:
        spend = purse if purse > floor else floor
    left = purse - spend
    return Purse(spend, left if left > 0 else 0, usual, -left if left < 0 else 0)


@rule
def kin_room(kin_debt: int, kin_limit: float, aftermath: float) -> int:
    """Return what kin can still lend: their means, less what a disaster took that hit them too, less what is already owed."""
    room = to_fen(kin_limit * (1.0 - aftermath)) - kin_debt
    return room if room > 0 else 0


@rule
def cover_gap(
    members: int,
    moy: int,
    gap: int,
    consumption: int,
    usual_income: int,
    kin_debt: int,
    debt: int,
    livestock: int,
    arrears: int,
    env_aftermath: float,
    law_kin_limit: float,
    law_debt_limit: float,
    law_livestock_price: float,
    law_distress_discount: float,
    law_consumption_floor: float,
    law_subsistence: float,
    x_asset_loss: float,
) -> Cover:
    """Cover what the purse is short of: kin, then loans at interest, then animals sold cheaply, then less food, then arrears.

    Nobody lends at interest to a household in arrears, or beyond so many months of its usual income.
    """
    room = kin_room(kin_debt, law_kin_limit, env_aftermath)
    kin = gap if gap < room else room
    gap = gap - kin
    room = to_fen(law_debt_limit * usual_income) - debt if arrears == 0 else 0
    room = room if room > 0 else 0
    borrowed = gap if gap < room else room
    gap = gap - borrowed
    discount = law_distress_discount * x_asset_loss
    discount = discount if discount < 1.0 else 1.0
    value = to_fen((1.0 - discount) * standing_herd(livestock, law_livestock_price, moy))
    sold = gap if gap < value else value
    if sold > 0:
        livestock = livestock - to_fen(livestock * (sold / value))
    gap = gap - sold
    least = to_fen(law_subsistence * law_consumption_floor * members)
    cut = consumption - least if consumption > least else 0
    cut = gap if gap < cut else cut
    return Cover(
        consumption - cut, kin_debt + kin, debt + borrowed, livestock, arrears + gap - cut, kin, borrowed, sold
    )  # fmt: skip


@rule
def repay_debts(
    assets: int, usual_income: int, loan_balance: int, arrears: int, debt: int, kin_debt: int, in_default: int
) -> Repaid:
    """Repay from what lies beyond two months of usual income and borrowed working capital: arrears, debt at interest, kin."""
    spare = assets - loan_balance - REPAY_FROM_MONTHS * usual_income
    spare = spare if spare < assets else assets
    spare = spare if spare > 0 else 0
    to_arrears = spare if spare < arrears else arrears
    spare = spare - to_arrears
    to_debt = spare if spare < debt else debt
    spare = spare - to_debt
    to_kin = spare if spare < kin_debt else kin_debt
    repaid = to_arrears + to_debt + to_kin
    owed = arrears - to_arrears
    return Repaid(assets - repaid, owed, debt - to_debt, kin_debt - to_kin, in_default if owed > 0 else 0, repaid)


@rule
def close_estate(assets: int, debt: int, kin_debt: int, loan_balance: int, arrears: int) -> Estate:
    """Close the books of a household whose last member is gone."""
    return Estate(assets - debt - kin_debt - loan_balance - arrears, 0, 0, 0, 0, 0, 0, 0)
