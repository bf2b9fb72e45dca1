"""Top-up to a line: dibao with its means test, application, decision, review and gradual exit."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import rule
from sim.policies.response import REFERS

NONE, APPLIED, PAID, LEAVING = range(4)
CURRENT = 1.0
"""Code of the word ``current``: the means test looks at what a year brings as things stand."""
FAR = 32_000
"""Largest ratio of assessed income to the standard, in per cent; also that of households without one."""
IMPUTED_MONTHS = 6.0
"""Months of the local wage of which a share is imputed to an idle able adult."""


class Assessment(NamedTuple):
    """Household income of a year as the means test counts it, in fen, before the household's lasting error."""

    assessed_12m: int


class Standing(NamedTuple):
    """Assessed income over the standard, in per cent, a tekun member, members on single-person dibao."""

    assessed_ratio: int
    any_tekun: int
    on_single_dibao: int


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
    able: int,
    land_mu: float,
    sum_income_12m: int,
    other_12m: int,
    transfers: int,
    property_income: int,
    sum_pension: int,
    sum_prospect: int,
    sum_entitled: int,
    support_entitled: int,
    sum_uncounted: int,
    support_uncounted: int,
    sum_disregarded: int,
    household_disregarded: int,
    sum_is_idle: int,
    top_up_income: float,
    top_up_imputed_share: float,
    law_local_wage: float,
    law_farm_income: float,
    law_farm_without_labour: float,
) -> Assessment:
    """Count a year's wages, farm, transfers and property without what is left out; impute pay to idle able adults.

    ``trailing`` counts the last 12 months; ``current`` what the present jobs, transfers and land bring in a normal year.
    """
    if top_up_income == CURRENT:
        farm = land_mu * law_farm_income * (law_farm_without_labour if able == 0 else 1.0)
        running = 12 * (sum_pension + transfers + property_income)
        income = farm + sum_prospect + sum_entitled + support_entitled + running
    else:
        income = float(sum_income_12m + other_12m)
    income = income - sum_uncounted - support_uncounted - sum_disregarded - household_disregarded
    income = income + top_up_imputed_share * IMPUTED_MONTHS * law_local_wage * sum_is_idle
    return Assessment(to_fen(income) if income > 0.0 else 0)


@rule
def stand(
    members: int,
    assessed_12m: int,
    assessment_factor: float,
    sum_tekun: int,
    sum_single_dibao: int,
    top_up_standard: float,
) -> Standing:
    """Say where the household stands in the eyes of assistance: how near the standard, with whom on tekun or dibao.

    The ratio is rounded down: at 100 or more the household is at or above the standard.
    """
    line = 12.0 * top_up_standard * members
    ratio = FAR
    if line > 0.0:
        percent = 100.0 * (assessed_12m * assessment_factor) / line
        ratio = math.floor(percent) if percent < FAR else FAR
    return Standing(ratio, 1 if sum_tekun > 0 else 0, sum_single_dibao)


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
    on_single_dibao: int,
    turn: float,
    moy: int,
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
    top_up_review_month: float,
    u_apply: float,
) -> TopUp:
    """Move an application on by one month and pay what is due. Single-person dibao keeps a household from applying."""
    single = 1 if on_single_dibao > 0 else 0
    if members == 0 or (top_up_open == 0 and dibao_stage != NONE):
        return TopUp(single if members > 0 else 0, NONE, 0, 0, 0.0, 0)
    payment = gap_payment(assessed_12m * assessment_factor, members, top_up_standard, top_up_minimum)
    wealthy = assets - loan_balance > top_up_asset_limit * top_up_standard * members
    passes = top_up_open == 1 and payment > 0 and not wealthy and refusal_rank >= 100.0 * top_up_refused_share
    if dibao_stage == NONE:
        chance = top_up_take_up_monitored if helped & REFERS else top_up_take_up
        if passes and single == 0 and u_apply < chance:
            return TopUp(0, APPLIED, math.floor(top_up_decision_months + 0.5), 0, 0.0, 0)
        return TopUp(single, NONE, 0, 0, 0.0, 0)
    clock = dibao_clock - 1
    # a higher standard raises running payments at once, without a review
    running = dibao_benefit + to_fen((top_up_standard - dibao_standard) * members)
    running = running if running > 0 else 0
    by_clock = dibao_stage != PAID or top_up_review_month == 0.0
    if (clock > 0 and by_clock) or (not by_clock and moy != top_up_review_month):
        paid = 0 if dibao_stage == APPLIED else 1
        return TopUp(max(paid, single), dibao_stage, max(clock, 1), dibao_benefit, dibao_standard, running * paid)
    if dibao_stage == LEAVING:
        return TopUp(single, NONE, 0, 0, 0.0, 0)
    if passes:
        return TopUp(1, PAID, review_clock(dibao_stage, top_up_review_months, turn), payment, top_up_standard, payment)
    if dibao_stage == APPLIED:
        return TopUp(single, NONE, 0, 0, 0.0, 0)
    return TopUp(1, LEAVING, math.floor(top_up_exit_months + 0.5), dibao_benefit, dibao_standard, running)
