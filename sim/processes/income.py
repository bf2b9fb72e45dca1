"""Pensions, the person's trailing year, the farm's crop cycle and other household income."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import exp, normal, to_fen
from sim.engine import rule
from sim.processes.business import less_loss
from sim.processes.contribution import NO_ACCOUNT

JUNE, OCTOBER = 6, 10
CONTRIBUTES_FROM = 16
"""Age from which residents may contribute to the basic pension."""


class Pension(NamedTuple):
    """Basic pension of the month, whether the person is of an age to draw it or to contribute, and the month's own income."""

    pension: int
    drawing_pension: int
    pension_contributing_age: int
    earned: int


class Year(NamedTuple):
    """A person's income of the last 12 months, and the window's new entry."""

    income_12m: int
    income_now: int


class Collected(NamedTuple):
    """Cash of a harvest that was booked last month."""

    farm_cash: int
    farm_due: int


class Harvest(NamedTuple):
    """Farm income: booked in the month of the harvest, paid then or a month later; what a disaster took.

    For insurers: the harvest's value in a normal year, in fen, and yields relative to normal, of the farm and of its township.
    """

    farm_booked: int
    farm_cash: int
    farm_due: int
    farm_lost: int
    crop_value: float
    crop_yield: float
    crop_index: float


class Late(NamedTuple):
    """Pay of places still owed, what falls due this month (the ring is emptied), and what late pay adds to this month's cash."""

    owed_12m: int
    owed_now: int
    pay_shift: int


class Other(NamedTuple):
    """Transfers and property income of the month."""

    transfers: int
    property_income: int


@rule
def draw_pension(
    age: int,
    alive: int,
    no_pension: int,
    pension_account: int,
    earned_work: int,
    allowance: int,
    law_pension: float,
    law_pension_age: float,
) -> Pension:
    """Pay the basic resident pension from its age on, to those insured for it, and add up what the month brought."""
    old = 1 if (alive == 1) & (age >= law_pension_age) else 0
    insured = 1 if no_pension == 0 and pension_account != NO_ACCOUNT else 0
    pension = to_fen(law_pension) * old * insured
    contributes = 1 if (alive == 1) & (age >= CONTRIBUTES_FROM) & (old == 0) else 0
    return Pension(pension, old, contributes, earned_work + allowance + pension)


@rule
def close_month(alive: int, earned: int, income_12m: int, income_then: int) -> Year:
    """Add this month to the trailing year and drop the month a year ago; who is gone takes the whole year along."""
    if alive == 0:
        return Year(0, 0)
    return Year(income_12m + earned - income_then, earned)


@rule
def collect(farm_due: int) -> Collected:
    """Receive the cash of a harvest sold last month."""
    return Collected(farm_due, 0)


@rule
def collect_pay(owed_12m: int, owed_then: int, sum_pay_late: int) -> Late:
    """Receive the pay of places that falls due this month; what was earned this month and comes late is owed."""
    return Late(owed_12m + sum_pay_late - owed_then, 0, owed_then - sum_pay_late)


@rule
def harvest(
    moy: int,
    land_mu: float,
    members: int,
    able: int,
    farm_cash: int,
    law_farm_income: float,
    law_june_share: float,
    law_farm_price: float,
    law_yield_own_sd: float,
    law_farm_without_labour: float,
    law_late_sale_share: float,
    law_disaster_month: float,
    env_loss: float,
    env_yields: float,
    x_farm: float,
    x_yield_loss: float,
    x_price_loss: float,
    x_disaster_loss: float,
    u_yield: float,
    u_sale: float,
) -> Harvest:
    """Book the June or October harvest; a disaster hits the harvest that stands in the field. Nobody left, no harvest."""
    if members == 0:
        return Harvest(0, farm_cash, 0, 0, 0.0, 1.0, 1.0)
    share = law_june_share if moy == JUNE else 1.0 - law_june_share
    value = land_mu * law_farm_income * share * x_farm * (law_farm_without_labour if able == 0 else 1.0)
    shock = env_yields * exp(law_yield_own_sd * normal(u_yield) - 0.5 * law_yield_own_sd * law_yield_own_sd)
    grown = less_loss(shock, x_yield_loss)
    standing = moy == OCTOBER if law_disaster_month > JUNE else moy == JUNE
    taken = env_loss * x_disaster_loss if standing else 0.0
    taken = taken if taken < 1.0 else 1.0
    in_field = value * grown * less_loss(law_farm_price, x_price_loss)
    lost = to_fen(in_field * taken)
    booked = to_fen(in_field) - lost
    index = env_yields * (1.0 - env_loss) if standing else env_yields
    late = booked if u_sale < law_late_sale_share else 0
    return Harvest(booked, farm_cash + booked - late, late, lost, value, grown * (1.0 - taken), index)


class Displaced(NamedTuple):
    """The harvest less what places displace: booked, paid, and still to be paid."""

    farm_booked: int
    farm_cash: int
    farm_due: int


@rule
def lose_to_places(
    moy: int,
    sum_earned_place: int,
    farm_booked: int,
    farm_cash: int,
    farm_due: int,
    law_june_share: float,
    law_displacement: float,
) -> Displaced:
    """Take from the harvest what holders of posts and other places have no time for, at most all of it.

    A year's pay at this month's rate counts, by the share of the harvest in the year.
    """
    share = law_june_share if moy == JUNE else 1.0 - law_june_share
    lost = to_fen(12.0 * sum_earned_place * share * law_displacement)
    most = farm_due if farm_due > 0 else farm_booked
    lost = lost if lost < most else most
    lost = lost if lost > 0 else 0
    if farm_due > 0:
        return Displaced(farm_booked - lost, farm_cash, farm_due - lost)
    return Displaced(farm_booked - lost, farm_cash - lost, farm_due)


@rule
def other_income(
    members: int,
    sum_drawing_pension: int,
    sum_is_prime: int,
    registered: int,
    ex_poor: int,
    law_other_transfers: float,
    law_elderly_support: float,
    law_programme_transfers: float,
    law_property_income: float,
) -> Other:
    """Return the month's share of transfers and property income of all members."""
    yearly = law_other_transfers
    if registered == 1 or ex_poor == 1:
        yearly = yearly + law_programme_transfers
    support = law_elderly_support * sum_drawing_pension if sum_is_prime == 0 else 0.0
    return Other(to_fen((yearly * members + support) / 12.0), to_fen(law_property_income * members / 12.0))
