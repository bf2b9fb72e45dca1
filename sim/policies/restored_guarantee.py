"""Services that restore a lost guarantee: a grant for the house, a repaired water supply, a return to school, insurance cover."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import procedure
from sim.policies.eligibility import qualifies
from sim.policies.tables import column_of

HOUSING, WATER, EDUCATION, MEDICAL = range(4)
"""Codes of the word ``guarantee``."""
_PROBABILITY = column_of("restored_guarantee", "probability")
_SHARE = column_of("restored_guarantee", "share")
_CAP = column_of("restored_guarantee", "cap")
_GUARANTEE = column_of("restored_guarantee", "guarantee")


class HouseOffer(NamedTuple):
    """The grant that a service gives for the house this month, in fen, and its lever; -1 where none acts."""

    house_grant: int
    house_lever: int


class WaterOffer(NamedTuple):
    """Chance that services repair the water supply this month."""

    water_chance: float


class SchoolOffer(NamedTuple):
    """Chance that services bring the child back to school this month."""

    school_chance: float


class CoverOffer(NamedTuple):
    """Insurance cover out of season, the premium that the budget pays for it, in fen."""

    bmi_enrolled: int
    late_premium: int


@procedure
def offer_house(  # type: ignore[no-untyped-def]
    start, h, law_house_repair_cost, x_housing_service, u_service, L_restored_guarantee, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> HouseOffer:  # fmt: skip
    """Return the largest grant among the services that act on an unsafe house this month; of equal ones the first."""
    best = -1
    payer = -1
    for row in range(L_restored_guarantee.shape[0]):
        if L_restored_guarantee[row, 0] != 1.0 or L_restored_guarantee[row, _GUARANTEE] != HOUSING:
            continue
        if u_service >= x_housing_service * L_restored_guarantee[row, _PROBABILITY]:
            continue
        grant = law_house_repair_cost * L_restored_guarantee[row, _SHARE]
        cap = L_restored_guarantee[row, _CAP]
        amount = to_fen(grant if grant < cap else cap)
        if amount > best:
            number = int(L_restored_guarantee[row, 1])
            if qualifies(number, start, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
                best = amount
                payer = number
    return HouseOffer(best if payer >= 0 else 0, payer)


@procedure
def chance_to_restore(  # type: ignore[no-untyped-def]
    guarantee, i, h, L_restored_guarantee, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4
) -> float:
    """Return the chance that at least one of the services in force restores a guarantee this month."""
    none = 1.0
    for row in range(L_restored_guarantee.shape[0]):
        if L_restored_guarantee[row, 0] == 1.0 and L_restored_guarantee[row, _GUARANTEE] == guarantee:
            number = int(L_restored_guarantee[row, 1])
            if qualifies(number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
                none = none * (1.0 - L_restored_guarantee[row, _PROBABILITY])
    return 1.0 - none


@procedure
def offer_water(  # type: ignore[no-untyped-def]
    start, h, L_restored_guarantee, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4
) -> WaterOffer:
    """Return the chance that services repair the water supply of a household this month."""
    return WaterOffer(
        chance_to_restore(
            WATER, start, h, L_restored_guarantee, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4
        )
    )


@procedure
def offer_school(  # type: ignore[no-untyped-def]
    i, h, L_restored_guarantee, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4
) -> SchoolOffer:
    """Return the chance that services bring a child back to compulsory school this month."""
    return SchoolOffer(
        chance_to_restore(
            EDUCATION, i, h, L_restored_guarantee, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4
        )
    )


@procedure
def offer_cover(  # type: ignore[no-untyped-def]
    i, h, alive, paid, law_premium, u_service_cover, L_restored_guarantee, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> CoverOffer:  # fmt: skip
    """Let the first service that acts enrol a person without cover for the rest of the year; its budget pays the premium."""
    for row in range(L_restored_guarantee.shape[0]):
        if L_restored_guarantee[row, 0] != 1.0 or L_restored_guarantee[row, _GUARANTEE] != MEDICAL or alive == 0:
            continue
        number = int(L_restored_guarantee[row, 1])
        if u_service_cover < L_restored_guarantee[row, _PROBABILITY] and qualifies(
            number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4
        ):
            premium = to_fen(law_premium)
            paid[number] += premium
            return CoverOffer(1, premium)
    return CoverOffer(0, 0)
