"""January: members move together again and every household gets a slot for each woman who may give birth this year."""

from __future__ import annotations

import numpy as np

from sim.engine import procedure
from sim.processes.demography import FERTILE_FROM, FERTILE_TO
from sim.state import Columns, State


@procedure
def gather(source: np.ndarray, order: np.ndarray, target: np.ndarray) -> None:
    """Write the columns of a matrix in another order; where the order is -1 the target stays as it is."""
    for row in range(source.shape[0]):
        for place in range(len(order)):
            if order[place] >= 0:
                target[row, place] = source[row, order[place]]


def reordered(columns: Columns, order: np.ndarray) -> Columns:
    """Return the entities in another order; -1 makes an empty slot."""
    fresh = Columns(columns.entity, len(order))
    for kind, matrix in columns.matrices.items():
        gather(matrix, order, fresh.matrices[kind])
    return fresh


def repack(state: State, month: int) -> None:
    """Drop the slots of the dead and make spare ones, keeping the order of members and households."""
    persons, households = state.persons, state.households
    owner = np.repeat(np.arange(len(households)), households["slots"].astype(np.int64))
    alive = np.flatnonzero(persons["alive"] == 1)
    owner = owner[alive]
    age = (month - persons["birth_month"][alive].astype(np.int64)) // 12
    fertile = (persons["sex"][alive] == 0) & (age >= FERTILE_FROM - 1) & (age <= FERTILE_TO)
    members = np.bincount(owner, minlength=len(households))
    spare = np.bincount(owner[fertile], minlength=len(households))
    slots = members + spare
    start = np.concatenate(([0], np.cumsum(slots)[:-1]))
    first = np.concatenate(([0], np.cumsum(members)[:-1]))
    order = np.full(int(slots.sum()), -1)
    order[start[owner] + np.arange(len(alive)) - first[owner]] = alive
    state.persons = reordered(persons, order)
    households["start"] = start
    households["slots"] = slots
    households["spare"] = spare
