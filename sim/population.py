"""The founders: households drawn for January 2013, before registration. What they become is lived, not drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.founders import GIVEN, NOBODY, NOBODY_KNOWS
from sim.founding import draw_households, draw_members
from sim.policies.tables import column_of
from sim.rules import County
from sim.state import Columns, State
from sim.world import World, whole

if TYPE_CHECKING:
    from sim.founders import Founders

FIRST_YOUNGER = 2
"""First household type that is not of elderly people."""
ELDERLY = 60
"""Age of the head from which a given household is one of elderly people, who keep no livestock."""


class Types(NamedTuple):
    """Household types: cumulated shares, whether of elderly people, sizes, ages of heads, and sexes and ages of all, by type.

    Founders who are given are a type each; there are no shares then.
    """

    bounds: np.ndarray
    elderly: np.ndarray
    sizes: np.ndarray
    heads: np.ndarray
    sexes: np.ndarray
    ages: np.ndarray


def _types(world: World) -> Types:
    """Return the household types of the scenario."""
    bounds = np.cumsum(np.array(world.rules.tables["household_types"]))
    heads, sexes, ages = (
        np.array(world.rules.tables[f"household_{name}"]).astype(np.int64).reshape(len(bounds), -1)
        for name in ("heads", "sexes", "ages")
    )
    return Types(bounds, np.arange(len(bounds)) < FIRST_YOUNGER, (sexes != NOBODY).sum(axis=1), heads, sexes, ages)


def _given(founders: Founders) -> Types:
    """Return given households as types, each its own."""
    heads = np.stack([founders.heads, founders.heads], axis=1).astype(np.int64)
    sexes, ages = founders.sexes.astype(np.int64), founders.ages.astype(np.int64)
    return Types(np.zeros(0), founders.heads >= ELDERLY, founders.sizes.astype(np.int64), heads, sexes, ages)


def _per_village(county: County, world: World) -> np.ndarray:
    """Return how many households are simulated in each village."""
    if county.founders is not None:
        return county.founders.per_village(county.villages)
    homes = np.full(county.villages, county.households // county.villages)
    homes[: county.households % county.villages] += 1
    return np.array([whole(world.value("simulated_share") * n) for n in homes])


def _households(county: County, world: World) -> tuple[Columns, Columns]:
    """Lay out villages and their simulated households, with ids."""
    simulated = _per_village(county, world)
    villages = Columns("village", county.villages)
    villages["id"] = ((county.number + 1) << 20) + np.arange(1, county.villages + 1)
    villages["township"] = np.arange(county.villages) % county.townships
    villages["households"] = simulated
    villages["first_household"] = np.concatenate(([0], np.cumsum(simulated)[:-1]))
    households = Columns("household", int(simulated.sum()))
    village = np.repeat(np.arange(county.villages), simulated)
    order = np.arange(len(village)) - np.repeat(villages["first_household"], simulated)
    if county.founders is not None:
        order = county.founders.number
    households["village"] = village
    households["id"] = ((county.number + 1) << 40) + (village.astype(np.int64) << 20) + order + 1
    households["root"] = households["id"]
    return villages, households


def found(county: County, world: World, month: int) -> State:
    """Draw the founders of a county.

    Args:
        county: how many households live where.
        world: the law of the first month.
        month: the first month.

    Returns:
        The state before anything has happened: no past income, no status.
    """
    villages, households = _households(county, world)
    types = np.zeros(len(households), np.int64)
    means_tests = world.levers["top_up"][:, column_of("top_up", "assessment_error")]
    error = float(means_tests[0]) if len(means_tests) else 0.0
    kinds = _types(world) if county.founders is None else _given(county.founders)
    if county.founders is not None:
        types = np.arange(len(households), dtype=np.int64)
    draw_households(
        world.key, month, world.law, error, kinds.bounds, kinds.elderly, kinds.sizes, types, households.matrices["u8"],
        households.matrices["i1"], households.matrices["i4"], households.matrices["i8"], households.matrices["f4"],
    )  # fmt: skip
    persons = Columns("person", int(kinds.sizes[types].sum()))
    shares = np.array(world.shares)
    given = np.full((len(GIVEN), len(persons)), NOBODY_KNOWS, np.int8) if county.founders is None else county.founders.given
    draw_members(
        world.key, month, world.law, types, *kinds[2:], shares, given, households.matrices["u8"], households.matrices["i4"],
        *(persons.matrices[kind] for kind in ("u8", "i1", "i2", "f4")),
    )  # fmt: skip
    return State(persons, households, villages)
