"""Trailing years: the month, the last 12 months and the accounting year of a household, by source."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arithmetic import to_fen
from sim.engine import procedure, rule
from sim.sources import COUNT
from sim.state import ROW

_YEAR, _LAST = ROW["household", "year_sources"], ROW["household", "last_sources"]


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
    own_premiums: int
    interest: int


class Benefit(NamedTuple):
    """Trailing sums with this month's assistance, in fen."""

    benefit_12m: int
    benefit_now: int
    gross_12m: int
    net_12m: int


class YearAgo(NamedTuple):
    """Net income of the calendar year, for next year's test of a sharp fall."""

    net_year_ago: int


class NewYear(NamedTuple):
    """Members at the turn of the accounting year."""

    members_at_test: int


@rule
def trail(
    sum_income_12m: int,
    sum_earned: int,
    sum_own_payment: int,
    sum_own_drugs: int,
    sum_care_cost: int,
    sum_premium_own: int,
    sum_contribution_own: int,
    farm_booked: int,
    farm_cash: int,
    transfers: int,
    support: int,
    property_income: int,
    guarantee_cost: int,
    pay_shift: int,
    debt: int,
    loan_interest: int,
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
    other = farm_booked + transfers + support + property_income
    medical = sum_own_payment + sum_own_drugs + sum_care_cost
    premiums = sum_premium_own + sum_contribution_own
    interest = to_fen(debt * law_interest_rate / 12.0) if members > 0 else 0
    interest = interest + loan_interest
    unavoidable = medical + premiums + interest + guarantee_cost
    other_year = other_12m + other - other_then
    spend_year = spend_12m + unavoidable - spend_then
    gross = sum_income_12m + other_year + benefit_12m
    return Trail(
        other_year, other, spend_year, unavoidable, gross, gross - spend_year,
        sum_earned + other, sum_earned + pay_shift + farm_cash + transfers + support + property_income, unavoidable, medical,
        premiums, interest,
    )  # fmt: skip


@rule
def add_benefit(dibao_paid: int, benefit_12m: int, benefit_then: int, gross_12m: int, net_12m: int) -> Benefit:
    """Add this month's assistance to the trailing sums and drop that of a year ago."""
    change = dibao_paid - benefit_then
    return Benefit(benefit_12m + change, dibao_paid, gross_12m + change, net_12m + change)


class Granted(NamedTuple):
    """Trailing sums with this month's one-off grants, in fen."""

    benefit_12m: int
    benefit_now: int
    spend_12m: int
    spend_now: int
    gross_12m: int
    net_12m: int


@rule
def add_grants(
    relief_paid: int,
    rebuilding_grant: int,
    benefit_12m: int,
    benefit_then: int,
    spend_12m: int,
    spend_then: int,
    gross_12m: int,
    net_12m: int,
) -> Granted:
    """Add one-off grants to the month that the rings already hold: as assistance, or off unavoidable spending."""
    return Granted(
        benefit_12m + relief_paid, benefit_then + relief_paid, spend_12m - rebuilding_grant, spend_then - rebuilding_grant,
        gross_12m + relief_paid, net_12m + relief_paid + rebuilding_grant,
    )  # fmt: skip


class Status(NamedTuple):
    """The registry's status at the end of the year."""

    monitored_december: int


@rule
def remember_status(monitored: int) -> Status:
    """Keep December's status in the registry: next year's order of exit from posts looks at it."""
    return Status(monitored)


class Residents(NamedTuple):
    """Gross income of the residents in 12 months, in fen, and how many persons live below the poverty line as residents."""

    resident_12m: int
    residents: int
    below_resident_gross: int
    below_resident_net: int


@rule
def count_residents(
    members: int, absent: int, gross_12m: int, spend_12m: int, kept_away: int, law_poverty_line: float
) -> Residents:
    """Count income as a household survey does: without the absent, with what they send.

    The household's own premiums and medical payments, the absent members' included, are taken off for the net.
    """
    resident = gross_12m - kept_away
    persons = members - absent
    bar = law_poverty_line * persons
    return Residents(resident, persons, persons if resident < bar else 0, persons if resident - spend_12m < bar else 0)


@rule
def remember_year(net_12m: int, members: int) -> YearAgo:
    """Keep December's trailing income per head."""
    return YearAgo(to_fen(net_12m / members) if members > 0 else 0)


@procedure
def turn_year(h: int, members: int, H_i4: np.ndarray) -> NewYear:
    """Open the next accounting year in October: this one becomes the last."""
    for place in range(COUNT):
        H_i4[_LAST + place, h] = H_i4[_YEAR + place, h]
        H_i4[_YEAR + place, h] = 0
    return NewYear(members)
