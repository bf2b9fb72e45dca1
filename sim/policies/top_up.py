"""Top-up to a line: dibao with its means test, application, decision, review and gradual exit."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import rule
from sim.policies.response import REFERS

NONE, APPLIED, PAID, LEAVING = range(4)
IMPUTED_MONTHS = 6.0
"""Months of the local wage of which a share is imputed to an idle able adult."""


class Assessment(NamedTuple):
    """Household income of a year as the means test counts it, in fen, before the household's lasting error."""

    assessed_12m: int


class TopUp(NamedTuple):
    """Where the household stands and what it is paid this month, in fen."""

    dibao: int
    dibao_stage: int
    dibao_clock: int
    dibao_benefit: int
    dibao_standard: float
    dibao_paid: int


@rule
def assess(
    members: int,
    sum_income_12m: int,
    other_12m: int,
    sum_pension: int,
    sum_is_working: int,
    sum_is_idle: int,
    top_up_work_deduction: float,
    top_up_imputed_share: float,
    top_up_pension_counted: float,
    law_local_wage: float,
) -> Assessment:
    """Count wages, farm, transfers and property without work costs and uncounted pensions; impute pay to idle able adults."""
    income = float(sum_income_12m + other_12m)
    income = income - (1.0 - top_up_pension_counted) * 12.0 * sum_pension
    deduction = top_up_work_deduction * sum_is_working
    income = income - deduction + top_up_imputed_share * IMPUTED_MONTHS * law_local_wage * sum_is_idle
    return Assessment(to_fen(income) if income > 0.0 else 0)


@rule
def gap_payment(assessed_12m: float, members: int, standard: float, minimum: float) -> int:
    """Return the monthly payment that lifts assessed income to the standard; at least the minimum per member; 0 above it."""
    gap = standard * members - assessed_12m / 12.0
    if members == 0 or gap <= 0.0:
        return 0
    least = minimum * members
    return to_fen(gap if gap > least else least)


@rule
def review_clock(stage: int, months: float, turn: float) -> int:
    """Return the months to the next review; the first one falls between half and one and a half of the interval, by lot.

    Without the lot, all who apply when the standard rises in January would be reviewed in the same month for ever.
    """
    if stage == APPLIED:
        return math.floor(months * (0.5 + turn) + 0.5)
    return math.floor(months + 0.5)


@rule
def top_up(
    members: int,
    assessed_12m: int,
    assessment_factor: float,
    refusal_rank: int,
    helped: int,
    assets: int,
    loan_balance: int,
    dibao_stage: int,
    dibao_clock: int,
    dibao_benefit: int,
    dibao_standard: float,
    turn: float,
    top_up_open: int,
    top_up_standard: float,
    top_up_take_up: float,
    top_up_take_up_monitored: float,
    top_up_decision_months: float,
    top_up_refused_share: float,
    top_up_review_months: float,
    top_up_exit_months: float,
    top_up_asset_limit: float,
    top_up_minimum: float,
    u_apply: float,
) -> TopUp:
    """Move an application on by one month and pay what is due."""
    if members == 0 or (top_up_open == 0 and dibao_stage != NONE):
        return TopUp(0, NONE, 0, 0, 0.0, 0)
    payment = gap_payment(assessed_12m * assessment_factor, members, top_up_standard, top_up_minimum)
    wealthy = assets - loan_balance > top_up_asset_limit * top_up_standard * members
    passes = top_up_open == 1 and payment > 0 and not wealthy and refusal_rank >= 100.0 * top_up_refused_share
    if dibao_stage == NONE:
        chance = top_up_take_up_monitored if helped & REFERS else top_up_take_up
        if passes and u_apply < chance:
            return TopUp(0, APPLIED, math.floor(top_up_decision_months + 0.5), 0, 0.0, 0)
        return TopUp(0, NONE, 0, 0, 0.0, 0)
    clock = dibao_clock - 1
    # a higher standard raises running payments at once, without a review
    running = dibao_benefit + to_fen((top_up_standard - dibao_standard) * members)
    running = running if running > 0 else 0
    if clock > 0:
        paid = 0 if dibao_stage == APPLIED else 1
        return TopUp(paid, dibao_stage, clock, dibao_benefit, dibao_standard, running * paid)
    if dibao_stage == LEAVING:
        return TopUp(0, NONE, 0, 0, 0.0, 0)
    if passes:
        return TopUp(1, PAID, review_clock(dibao_stage, top_up_review_months, turn), payment, top_up_standard, payment)
    if dibao_stage == APPLIED:
        return TopUp(0, NONE, 0, 0, 0.0, 0)
    return TopUp(1, LEAVING, math.floor(top_up_exit_months + 0.5), dibao_benefit, dibao_standard, running)
