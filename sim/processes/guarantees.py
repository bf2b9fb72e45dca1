"""Guarantees that can be lost: a safe house and safe water; what they cost, and what a household needs."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import rule
from sim.processes.income import JUNE

MEDICAL, EDUCATION, HOUSING, EMPLOYMENT, WATER, DISASTER, CARE = (1 << bit for bit in range(7))
"""Bits of current needs; those of lost guarantees are the same."""
SPENDING_OR_DROP = 6
"""Alerts that tell of a sudden hardship: high spending, a sharp fall."""
STRUCK_MONTHS = 12
"""Months for which a disaster counts as a need."""


class House(NamedTuple):
    """Whether the house is safe."""

    house_safe: int


class Water(NamedTuple):
    """Whether the drinking water is safe."""

    water_safe: int


class Struck(NamedTuple):
    """A disaster: whether the house still is safe, the loss in fen, and its month."""

    house_safe: int
    open_loss: int
    struck_month: int


class Rebuilt(NamedTuple):
    """A repair of the house this month: its cost and the grant towards it, in fen."""

    house_safe: int
    rebuilding: int
    rebuilding_aid: int


class Burden(NamedTuple):
    """What guarantees cost the household this month, in fen: water, school and rebuilding less aid, and their sum."""

    water_cost: int
    own_schooling: int
    own_rebuilding: int
    guarantee_cost: int


class Needs(NamedTuple):
    """What the household lacks: lost guarantees and all current needs, as bits; a sudden hardship; members without cover."""

    lost_guarantees: int
    need_types: int
    temporary_hardship: int
    uncovered: int


@rule
def age_house(house_safe: int, law_house_ageing: float, x_house_unsafe: float, u_house: float) -> House:
    """Let an old house become unsafe, once a year in the household's own month."""
    return House(0 if u_house < law_house_ageing * x_house_unsafe else house_safe)


@rule
def strike(
    house_safe: int,
    land_mu: float,
    members: int,
    month: int,
    law_disaster_month: float,
    law_farm_income: float,
    law_june_share: float,
    law_farm_price: float,
    law_house_damage: float,
    law_house_repair_cost: float,
    env_struck: float,
    x_house_unsafe: float,
    u_storm: float,
) -> Struck:
    """Let a disaster in the township damage the house and note the loss: the harvest that stands, and the repair.

    The harvest is estimated at a normal yield: it is booked with its own luck when it comes in.
    """
    hit = house_safe == 1 and u_storm < law_house_damage * env_struck * x_house_unsafe
    standing = 1.0 - law_june_share if law_disaster_month > JUNE else law_june_share
    crop = to_fen(land_mu * law_farm_income * standing * law_farm_price * env_struck) if members > 0 else 0
    return Struck(0 if hit else house_safe, crop + (to_fen(law_house_repair_cost) if hit else 0), month)


@rule
def rebuild(
    assets: int,
    members: int,
    house_grant: int,
    house_lever: int,
    law_house_repair_cost: float,
    law_consumption_floor: float,
    law_house_repair: float,
    u_rebuild: float,
) -> Rebuilt:
    """Repair an unsafe house with a service's grant, or out of pocket: by lot, where savings pay for it and a month's living.

    What a grant leaves the household pays itself, by debt if it must.
    """
    cost = to_fen(law_house_repair_cost)
    if members > 0 and house_lever >= 0:
        return Rebuilt(1, cost, house_grant)
    able = members > 0 and assets >= cost + to_fen(law_consumption_floor * members)
    if able and u_rebuild < law_house_repair:
        return Rebuilt(1, cost, 0)
    return Rebuilt(0, 0, 0)


@rule
def fail_supply(water_safe: int, law_water_interruption: float, x_water_interruption: float, u_supply: float) -> Water:
    """Let a village's water supply fail in the dry season."""
    return Water(0 if u_supply < law_water_interruption * x_water_interruption else water_safe)


@rule
def restore_supply(water_chance: float, law_water_repair: float, u_supply_repair: float) -> Water:
    """Repair a village's water supply, by itself or by a service."""
    return Water(1 if u_supply_repair < 1.0 - (1.0 - law_water_repair) * (1.0 - water_chance) else 0)


@rule
def bear_costs(
    members: int,
    water_safe: int,
    sum_school_cost: int,
    sum_school_aid: int,
    rebuilding: int,
    rebuilding_aid: int,
    law_water_cost: float,
) -> Burden:
    """Add up what schooling, an unsafe house and unsafe water cost this month, less aid."""
    water = to_fen(law_water_cost) if (water_safe == 0) & (members > 0) else 0
    own = rebuilding - rebuilding_aid
    school = sum_school_cost - sum_school_aid
    return Burden(water, school, own, school + own + water)


@rule
def find_needs(
    members: int,
    net_12m: int,
    spend_12m: int,
    trigger: int,
    house_safe: int,
    water_safe: int,
    struck_month: int,
    month: int,
    sum_is_covered: int,
    sum_has_employer: int,
    sum_is_sick: int,
    sum_needs_care: int,
    sum_is_idle: int,
    sum_is_out_of_school: int,
    sum_is_student: int,
    law_monitoring_line: float,
    law_rigid_spend_line: float,
) -> Needs:
    """Find lost guarantees and all current needs; students count as a need where the family is below the monitoring line.

    Hardship is sudden where income is below that line and an alert on spending or a sharp fall, a disaster or an unsafe house
    has brought it there.
    """
    some = 1 if members > 0 else 0
    uncovered = members - sum_is_covered - sum_has_employer
    poor = net_12m < law_monitoring_line * members
    struck = (struck_month > 0) & (month - struck_month < STRUCK_MONTHS)
    lost = MEDICAL if uncovered > 0 else 0
    lost = lost | (EDUCATION if sum_is_out_of_school > 0 else 0)
    lost = lost | (HOUSING if house_safe == 0 else 0)
    lost = lost | (WATER if water_safe == 0 else 0)
    need = lost | (MEDICAL if (sum_is_sick > 0) | (spend_12m > law_rigid_spend_line) else 0)
    need = need | (EDUCATION if (sum_is_student > 0) & poor else 0)
    need = need | (EMPLOYMENT if sum_is_idle > 0 else 0)
    need = need | (DISASTER if struck else 0)
    need = need | (CARE if sum_needs_care > 0 else 0)
    sudden = ((trigger & SPENDING_OR_DROP) > 0) | struck | (house_safe == 0)
    return Needs(lost * some, need * some, (1 if poor & sudden else 0) * some, uncovered)
