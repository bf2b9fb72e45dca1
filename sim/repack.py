"""January: members lie side by side again and every household gets a slot for each woman who may give birth this year."""

from __future__ import annotations

from typing import NamedTuple

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


class Moved(NamedTuple):
    """Who lives where from now on.

    Attributes:
        owner: the household of each slot; -1 for who has left.
        newcomers: persons from elsewhere.
        homes: their households.
    """

    owner: np.ndarray
    newcomers: Columns
    homes: np.ndarray


def stay(state: State) -> Moved:
    """Return that everybody lives where they lived."""
    slots = state.households["slots"].astype(np.int64)
    return Moved(np.repeat(np.arange(len(slots)), slots), Columns("person", 0), np.zeros(0, np.int64))


def repack(state: State, month: int, moved: Moved | None = None) -> None:
    """Drop the slots of the dead and make spare ones, keeping the order of households and members, newcomers last."""
    persons, households = state.persons, state.households
    moved = moved or stay(state)
    there = np.flatnonzero((persons["alive"] == 1) & (moved.owner >= 0))
    owner = np.concatenate((moved.owner[there], moved.homes))
    born = np.concatenate((persons["birth_month"][there], moved.newcomers["birth_month"])).astype(np.int64)
    sex = np.concatenate((persons["sex"][there], moved.newcomers["sex"]))
    age = (month - born) // 12
    fertile = (sex == 0) & (age >= FERTILE_FROM - 1) & (age <= FERTILE_TO)
    members = np.bincount(owner, minlength=len(households))
    spare = np.bincount(owner[fertile], minlength=len(households))
    slots = members + spare
    start = np.concatenate(([0], np.cumsum(slots)[:-1]))
    first = np.concatenate(([0], np.cumsum(members)[:-1]))
    queue = np.argsort(owner, kind="stable")
    slot = np.zeros(len(owner), np.int64)
    slot[queue] = start[owner[queue]] + np.arange(len(owner)) - first[owner[queue]]
    order = np.full(int(slots.sum()), -1)
    order[slot[: len(there)]] = there
    state.persons = reordered(persons, order)
    for kind, matrix in moved.newcomers.matrices.items():
        state.persons.matrices[kind][:, slot[len(there) :]] = matrix
    households["start"] = start
    households["slots"] = slots
    households["spare"] = spare
