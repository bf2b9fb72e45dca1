"""Lasting traits of households and villages: who lies where, who is linked with whom, as named shares by date.

A trait is a lasting lot and a share: the places below the share have it. When the share rises, more gain it in the order of
their lots; when it falls, the last to gain lose it. A household that splits off keeps the lot of its founding household.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.rules import month_of_year
from sim.state import State
from sim.world import World, whole


class Trait(NamedTuple):
    """A trait: its column, whose lot decides, the named value that is its share, and its peculiarities.

    ``former`` says that only households once on the register of the poor can have it; ``stream`` names a lot of its own that
    is drawn anew every January.
    """

    column: str
    entity: str
    share: str
    former: bool = False
    stream: str = ""


TRAITS: tuple[Trait, ...] = (
    Trait("relocated", "household", "relocated_share", former=True),
    Trait("seismic_zone", "village", "seismic_villages"),
    Trait("slope_cut_site", "household", "slope_cut_share"),
    Trait("idle_homestead", "household", "idle_homestead_share"),
    Trait("linked_operator", "household", "linked_share", former=True),
    Trait("collective_member", "household", "collective_share"),
    Trait("leases_land", "household", "leases_land_share"),
    Trait("entrusts_land", "household", "entrusts_land_share"),
    Trait("v_ex_poor_village", "village", "ex_poor_villages"),
    Trait("v_key_support", "village", "key_support_villages"),
    Trait("v_has_work_team", "village", "work_team_villages"),
    Trait("v_paired_enterprise", "village", "paired_villages"),
    Trait("v_workshop", "village", "workshop_villages"),
    Trait("v_tourism", "village", "tourism_villages"),
    Trait("v_clinic", "village", "clinic_villages"),
    Trait("v_telemedicine", "village", "telemedicine_villages"),
    Trait("v_express_point", "village", "express_villages"),
    Trait("v_irrigated", "village", "irrigated_villages"),
    Trait("v_specialty", "village", "specialty_villages"),
    Trait("retrofitted", "household", "retrofit_share"),
    Trait("has_helper", "household", "helper_share"),
    Trait("site_supported", "household", "site_support_share"),
    Trait("v_operator_failed", "village", "operator_failure", stream="operator"),
    Trait("agri_community", "household", "agri_community_share"),
    Trait("fisher", "household", "fisher_share"),
    Trait("farm_forest_unit", "household", "farm_forest_share"),
)
"""The traits. Their order numbers their lots: add new ones at the end."""

TITLED, ASSETS, COLLECTIVE = 100, 101, 102
"""Numbers of further lasting lots: title to project assets, a village's project assets, its collective's income."""


def live_traits(state: State, world: World, month: int) -> None:
    """Give and take the traits whose share changes this month; in January look at all, for who is new."""
    january = month_of_year(month) == 1
    households = state.households
    for number, trait in enumerate(TRAITS):
        before, now = world.rules.values[trait.share].at(month - 1), world.rules.values[trait.share].at(month)
        nobody = now <= 0.0 and before <= 0.0
        if nobody or not (january or (before != now and not trait.stream)):
            continue
        lot = _lots(state, world, trait, number, month)
        gains = lot < now
        if trait.former:
            gains &= (households["registered"] == 1) | (households["ex_poor"] == 1)
        if trait.stream:
            households[trait.column] = gains
        else:
            households[trait.column][gains] = 1
            households[trait.column][(lot >= now) & (lot < before)] = 0
    if january and world.value("titled_share") > 0.0:
        _title_assets(state, world)


def number_places(state: State, world: World) -> None:
    """Write every household's township, and its village's place in the order in which villages get a workshop."""
    households, villages = state.households, state.villages
    households["township"] = villages["township"][households["village"]]
    number = next(place for place, trait in enumerate(TRAITS) if trait.column == "v_workshop")
    lots = world.script.bulk(world.key, "village_trait", villages["id"].copy(), number)
    order = np.empty(len(lots), np.int16)
    order[np.lexsort((np.arange(len(lots)), lots))] = np.arange(1, len(lots) + 1)
    households["workshop_site"] = order[households["village"]]


def _lots(state: State, world: World, trait: Trait, number: int, month: int) -> np.ndarray:
    """Return every household's lot of a trait: its own, or its village's."""
    when = month if trait.stream else number
    if trait.entity == "household":
        return world.script.bulk(world.key, trait.stream or "trait", state.households["root"].copy(), when)
    lots = world.script.bulk(world.key, trait.stream or "village_trait", state.villages["id"].copy(), when)
    return lots[state.households["village"]]


def _title_assets(state: State, world: World) -> None:
    """Give title to assets to the households once registered whose lot has come; who has some keeps them."""
    households = state.households
    lot = world.script.bulk(world.key, "trait", households["root"].copy(), TITLED)
    former = (households["registered"] == 1) | (households["ex_poor"] == 1)
    due = former & (lot < world.value("titled_share")) & (households["titled_asset_value"] == 0)
    households["titled_asset_value"][due] = whole(world.value("titled_assets"))
