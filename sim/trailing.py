"""Trailing years: the month, the last 12 months and the accounting year of a household, by source."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import rule


class Trail(NamedTuple):
    """The household's month and its trailing sums before assistance, in fen."""

    other_12m: int
    other_now: int
    spend_12m: int
    spend_now: int
    gross_12m: int
    net_12m: int
    market_month: int
    cash_month: int
    unavoidable_month: int
    own_medical: int
    interest: int


class Benefit(NamedTuple):
    """Trailing sums with this month's assistance, in fen."""

    benefit_12m: int
    benefit_now: int
    gross_12m: int
    net_12m: int


class YearSources(NamedTuple):
    """The accounting year so far by source, in fen."""

    year_wage: int
    year_post: int
    year_farm: int
    year_lost: int
    year_sick: int
    year_medical: int
    year_premium: int
    year_departed: int


class YearDibao(NamedTuple):
    """Dibao of the accounting year so far, in fen."""

    year_dibao: int


class YearAgo(NamedTuple):
    """Net income of the calendar year, for next year's test of a sharp fall."""

    net_year_ago: int


class NewYear(NamedTuple):
    """The next accounting year: this one becomes the last."""

    last_wage: int
    last_post: int
    last_farm: int
    last_lost: int
    last_sick: int
    last_dibao: int
    last_medical: int
    last_premium: int
    year_wage: int
    year_post: int
    year_farm: int
    year_lost: int
    year_sick: int
    year_dibao: int
    year_medical: int
    year_premium: int
    year_departed: int
    members_at_test: int


@rule
def trail(
    sum_income_12m: int,
    sum_earned: int,
    sum_own_payment: int,
    sum_own_drugs: int,
    sum_premium_own: int,
    farm_booked: int,
    farm_cash: int,
    transfers: int,
    property_income: int,
    debt: int,
    other_12m: int,
    other_then: int,
    benefit_12m: int,
    spend_12m: int,
    spend_then: int,
    members: int,
    law_interest_rate: float,
) -> Trail:
    """Close the month before assistance: income by crop cycle, cash as it comes, unavoidable spending; a year ago drops out.

    Assistance counts here with its 12 months to last month, so that no family looks poorer before it is paid than after.
    """
    other = farm_booked + transfers + property_income
    medical = sum_own_payment + sum_own_drugs
    interest = to_fen(debt * law_interest_rate / 12.0) if members > 0 else 0
    unavoidable = medical + sum_premium_own + interest
    other_year = other_12m + other - other_then
    spend_year = spend_12m + unavoidable - spend_then
    gross = sum_income_12m + other_year + benefit_12m
    return Trail(
        other_year, other, spend_year, unavoidable, gross, gross - spend_year,
        sum_earned + other, sum_earned + farm_cash + transfers + property_income, unavoidable, medical, interest,
    )  # fmt: skip


@rule
def add_benefit(dibao_paid: int, benefit_12m: int, benefit_then: int, gross_12m: int, net_12m: int) -> Benefit:
    """Add this month's assistance to the trailing sums and drop that of a year ago."""
    change = dibao_paid - benefit_then
    return Benefit(benefit_12m + change, dibao_paid, gross_12m + change, net_12m + change)


@rule
def book_sources(
    sum_earned_wage: int,
    sum_earned_post: int,
    sum_lost_sick: int,
    sum_departed: int,
    sum_premium_own: int,
    farm_booked: int,
    farm_lost: int,
    own_medical: int,
    year_wage: int,
    year_post: int,
    year_farm: int,
    year_lost: int,
    year_sick: int,
    year_medical: int,
    year_premium: int,
    year_departed: int,
) -> YearSources:
    """Add the month to the accounting year's sources."""
    return YearSources(
        year_wage + sum_earned_wage,
        year_post + sum_earned_post,
        year_farm + farm_booked,
        year_lost + farm_lost,
        year_sick + sum_lost_sick,
        year_medical + own_medical,
        year_premium + sum_premium_own,
        year_departed + sum_departed,
    )


@rule
def book_dibao(year_dibao: int, dibao_paid: int) -> YearDibao:
    """Add this month's dibao to the accounting year."""
    return YearDibao(year_dibao + dibao_paid)


@rule
def remember_year(net_12m: int, members: int) -> YearAgo:
    """Keep December's trailing income per head."""
    return YearAgo(to_fen(net_12m / members) if members > 0 else 0)


@rule
def turn_year(
    members: int,
    year_wage: int,
    year_post: int,
    year_farm: int,
    year_lost: int,
    year_sick: int,
    year_dibao: int,
    year_medical: int,
    year_premium: int,
) -> NewYear:
    """Open the next accounting year in October."""
    return NewYear(
        year_wage, year_post, year_farm, year_lost, year_sick, year_dibao, year_medical, year_premium,
        0, 0, 0, 0, 0, 0, 0, 0, 0, members,
    )  # fmt: skip
