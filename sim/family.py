"""A described family: as a county of its own (one household or many copies), or moved into a county that has lived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from sim.draws import descendant
from sim.model import Past
from sim.repack import reordered
from sim.rules import County
from sim.state import Columns, State

FAMILIES = 1 << 60
"""Ids of described families begin here, above those of all counties."""
VILLAGE_SIZE = 100
"""Households of a village when a family is copied."""


FRESH = {"round": 0.0, "round_ex_poor": 0.0, "spare_minutes": 0.0, "crowding": 1.0}
"""What institutions carry over that have not worked yet."""


class Family(NamedTuple):
    """A family as the state holds it.

    Attributes:
        household: columns of the household by name.
        members: columns of each member by name.
    """

    household: Mapping[str, float]
    members: Sequence[Mapping[str, float]]


def family_id(copy: int = 0) -> int:
    """Return the id of a copy of the described family."""
    return FAMILIES + copy + 1


def member_id(copy: int, place: int) -> int:
    """Return the id of a member of a copy of the family, by its place in the description."""
    return int(descendant(np.uint64(family_id(copy)), place))


def own_county(copies: int) -> County:
    """Return a county of nothing but copies of one family."""
    return County(copies, -(-copies // VILLAGE_SIZE), 1)


def settle(family: Family, copies: int = 1, first: int = 0) -> State:
    """Return the state of a county of copies of a family: no past incomes, the statuses that it is described with.

    Copies are numbered from ``first`` on: families of several descriptions may live in one county.
    """
    size = len(family.members)
    households = Columns("household", copies)
    persons = Columns("person", copies * size)
    for name, value in family.household.items():
        households[name] = value
    households["id"] = [family_id(first + copy) for copy in range(copies)]
    households["root"] = households["id"]
    households["start"] = np.arange(copies) * size
    households["slots"] = size
    households["village"] = np.arange(copies) // VILLAGE_SIZE
    for place, member in enumerate(family.members):
        for name, value in member.items():
            persons[name][place::size] = value
        persons["id"][place::size] = [member_id(first + copy, place) for copy in range(copies)]
    persons["alive"] = 1
    villages = Columns("village", -(-copies // VILLAGE_SIZE))
    villages["id"] = np.arange(1, len(villages) + 1)
    villages["households"] = np.bincount(households["village"], minlength=len(villages))
    villages["first_household"] = np.concatenate(([0], np.cumsum(villages["households"])[:-1]))
    return State(persons, households, villages)


def move_in(past: Past, guest: Past, village: int = 0) -> Past:
    """Return a county that has lived, with the households of another one at the end of one of its villages.

    Args:
        past: the county.
        guest: a family's own county in the same month, under the same levers.
        village: where the family comes to live.
    """
    if past.month != guest.month or past.levers != guest.levers:
        raise ValueError("the family and the county must stand in the same month under the same levers")
    state, family = past.state, guest.state
    place = int(state.villages["first_household"][village] + state.villages["households"][village])
    slot = int(state.households["start"][place]) if place < len(state.households) else len(state.persons)
    households = _inserted(state.households, family.households, place)
    persons = _inserted(state.persons, family.persons, slot)
    here = slice(place, place + len(family.households))
    households["village"][here] = village
    slots = households["slots"].astype(np.int64)
    households["start"] = np.concatenate(([0], np.cumsum(slots)[:-1]))
    villages = state.villages.copy()
    villages["households"][village] += len(family.households)
    villages["first_household"][village + 1 :] += len(family.households)
    return replace(past, state=State(persons, households, villages))


def _inserted(columns: Columns, more: Columns, place: int) -> Columns:
    """Return columns with the rows of others put in before a place."""
    both = Columns(columns.entity, 0)
    both.matrices = {kind: np.concatenate((matrix, more.matrices[kind]), axis=1) for kind, matrix in columns.matrices.items()}
    ours, theirs = np.arange(len(columns)), np.arange(len(columns), len(columns) + len(more))
    return reordered(both, np.concatenate((ours[:place], theirs, ours[place:])))


def started(past: Past, family: Family, keep: Sequence[str]) -> Past:
    """Return a family's own county after its first years, with the described statuses: what it lived through are its incomes.

    Args:
        past: the county after the years that fill the trailing windows.
        family: the description.
        keep: columns of the household that are set back to the description, to 0 where it says nothing.
    """
    state = past.state.copy()
    for name in keep:
        state.households[name] = family.household.get(name, 0)
    return replace(past, state=state)
