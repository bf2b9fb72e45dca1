"""Booking: payments by lever, and counts that depend on the main cause. Mechanical, integers only."""

from __future__ import annotations

import numpy as np

from sim.engine import procedure, rule
from sim.indicators import GUARANTEE_CAUSES, INDEX
from sim.state import ROW

_TESTED = INDEX["tested_persons"]
_GROSS_P = INDEX["relapse_gross_persons"]
_GROSS_H = INDEX["relapse_gross_households"]
_NET_P = INDEX["relapse_net_persons"]
_NET_H = INDEX["relapse_net_households"]
_POOR_GROSS = INDEX["poor_gross_persons"]
_POOR_NET = INDEX["poor_net_persons"]
_CAUSE = INDEX["relapse_illness"]
_GUARANTEE_P = INDEX["relapse_guarantees_persons"]
_GUARANTEE_H = INDEX["relapse_guarantees_households"]
_CORE_P = INDEX["relapse_core_persons"]
_CORE_H = INDEX["relapse_core_households"]
_LOST_BY = tuple(INDEX.get(f"relapse_lost_{cause}", -1) for cause in GUARANTEE_CAUSES)
_CLEARED = INDEX["cleared_households"]
_NEEDED = INDEX["care_needed"]
_FORGONE = INDEX["care_forgone"]
_INJURIES = INDEX["injury_admissions"]
_LAPSES = INDEX["lapses"]
_WITHOUT = INDEX["without_price"]
_CHE_CAPACITY = INDEX["che_capacity_persons"]
_CHE_INCOME = INDEX["che_income_persons"]
_CHE_TENTH = INDEX["che_tenth_persons"]
_CHE_QUARTER = INDEX["che_quarter_persons"]
_REGISTRY_P = INDEX["registry_relapse_persons"]
_REGISTRY_H = INDEX["registry_relapse_households"]


@rule
def book_premium(premium_budget: int, subsidy_lever: int, paid: np.ndarray) -> None:
    """Book the budget's share of a premium to the lever that pays it."""
    if premium_budget > 0:
        paid[subsidy_lever] += premium_budget


@rule
def book_contribution(contribution_budget: int, contribution_lever: int, paid: np.ndarray) -> None:
    """Book the budget's share of a contribution to the resident pension to the lever that pays it."""
    if contribution_budget > 0:
        paid[contribution_lever] += contribution_budget


@rule
def book_house(rebuilding_aid: int, house_lever: int, paid: np.ndarray) -> None:
    """Book the grant for a house to the service that gives it."""
    if rebuilding_aid > 0:
        paid[house_lever] += rebuilding_aid


@rule
def book_post(earned_post: int, post_lever: int, paid: np.ndarray) -> None:
    """Book the pay of a post or of bridging work to its lever."""
    if earned_post > 0:
        paid[post_lever] += earned_post


@rule
def book_top_up(dibao_paid: int, top_up_lever: int, paid: np.ndarray) -> None:
    """Book a month's dibao to its lever."""
    if dibao_paid > 0:
        paid[top_up_lever] += dibao_paid


@rule
def book_test(
    members: int,
    group: int,
    below_gross: int,
    below_net: int,
    new_gross: int,
    new_net: int,
    cause_of_net: int,
    record: np.ndarray,
) -> None:
    """Count the yearly test."""
    record[group, _TESTED] += members
    record[group, _POOR_GROSS] += members * below_gross
    record[group, _POOR_NET] += members * below_net
    record[group, _GROSS_P] += members * new_gross
    record[group, _GROSS_H] += new_gross
    record[group, _NET_P] += members * new_net
    record[group, _NET_H] += new_net
    record[group, _CAUSE + cause_of_net] += members * new_net


@rule
def book_guarantees(
    members: int,
    group: int,
    below_net: int,
    new_guarantee: int,
    new_core: int,
    cause_of_guarantee: int,
    record: np.ndarray,
) -> None:
    """Count the yearly test of guarantees; those above the line by the guarantee lost."""
    record[group, _GUARANTEE_P] += members * new_guarantee
    record[group, _GUARANTEE_H] += new_guarantee
    record[group, _CORE_P] += members * new_core
    record[group, _CORE_H] += new_core
    if new_guarantee * (1 - below_net) == 1:
        record[group, _LOST_BY[cause_of_guarantee]] += members


@rule
def book_registry(members: int, group: int, cleared: int, confirmed: int, record: np.ndarray) -> None:
    """Count clearings and confirmed falls."""
    record[group, _CLEARED] += cleared
    record[group, _REGISTRY_P] += members * confirmed
    record[group, _REGISTRY_H] += confirmed


@procedure
def book_care(hh_group: int, forgone: int, record: np.ndarray) -> None:
    """Count a need for hospital care, met or not."""
    record[hh_group, _NEEDED] += 1
    record[hh_group, _FORGONE] += forgone


@procedure
def book_injury(hh_group: int, injured: int, record: np.ndarray) -> None:
    """Count an admission for an injury."""
    record[hh_group, _INJURIES] += injured


@procedure
def book_lapse(hh_group: int, lapsed: int, record: np.ndarray) -> None:
    """Count a person who gives up all cover."""
    record[hh_group, _LAPSES] += lapsed


@procedure
def book_without(hh_group: int, without_cover: int, without_reason: int, record: np.ndarray) -> None:
    """Count a person who pays for no cover of the next year by what kept it from that most."""
    record[hh_group, _WITHOUT + without_reason] += without_cover


@procedure
def book_burden(members: int, group: int, over: int, record: np.ndarray) -> None:
    """Count the persons of a household whose medical spending of the year was catastrophic, by definition (bits)."""
    record[group, _CHE_CAPACITY] += members * (over & 1)
    record[group, _CHE_INCOME] += members * ((over >> 1) & 1)
    record[group, _CHE_TENTH] += members * ((over >> 2) & 1)
    record[group, _CHE_QUARTER] += members * ((over >> 3) & 1)


_ID = ROW["person", "id"]


@procedure
def free_slot(first: int, last: int, P_u8: np.ndarray) -> int:
    """Return the first slot between two that nobody has used."""
    for slot in range(first, last):
        if P_u8[_ID, slot] == 0:
            return slot
    return -1
