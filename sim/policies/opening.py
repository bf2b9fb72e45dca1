"""Which levers a household opens to its members: those in force whose condition on the household holds, found once a month.

Levers that every person meets every month (transfers, disregards, multipliers) are laid out by slot. A household's own
conditions do not change while its members live their month, so each is tested once, not once a member.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine import procedure
from sim.policies.eligibility import may_qualify
from sim.policies.mechanisms import MECHANISMS
from sim.policies.tables import NUMBER, ON, by_target, column_of
from sim.policies.targets import TARGETS

SLOTS = ("cash_transfer", "disregard", *(target for target, kind in TARGETS.items() if kind.acts_on == "person"))
"""Mechanisms, and targets of multipliers, that every person meets every month."""
TRANSFERS, DISREGARDS = 0, 1
_PERSON = MECHANISMS["cash_transfer"].words["per"].index("person")


class Openings(NamedTuple):
    """Levers in force by slot: slots with any, where each slot's rows begin, and each row's place in its table and lever."""

    slots: np.ndarray
    first: np.ndarray
    rows: np.ndarray


def openings(levers: dict[str, np.ndarray]) -> Openings:
    """Return the levers on persons that change anything, from a month's tables as the passes take them: rows in force alone."""
    multipliers, first = by_target(levers["multiplier"])  # in their order already where the passes take them
    found = [_rows(levers["cash_transfer"], _transfers(levers["cash_transfer"]))]
    found.append(_rows(levers["disregard"], levers["disregard"][:, ON] == 1.0))
    for target in SLOTS[2:]:
        place = tuple(TARGETS).index(target)
        rows = np.arange(first[place], first[place + 1])
        found.append(np.stack((rows, multipliers[rows, NUMBER].astype(np.int64)), axis=1))
    sizes = np.array([len(rows) for rows in found])
    starts = np.concatenate(([0], np.cumsum(sizes)))
    return Openings(np.flatnonzero(sizes).astype(np.int32), starts.astype(np.int32), np.concatenate(found).astype(np.int32))


def _transfers(table: np.ndarray) -> np.ndarray:
    """Mark the transfers to persons that are in force and pay anything."""
    pays: np.ndarray = (table[:, ON] == 1.0) & (table[:, column_of("cash_transfer", "amount")] > 0.0)
    return pays & (table[:, column_of("cash_transfer", "per")] == _PERSON)


def _rows(table: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """Return the places and levers of a table's marked rows."""
    rows = np.flatnonzero(marked)
    return np.stack((rows, table[rows, NUMBER].astype(np.int64)), axis=1)


@procedure
def open_rows(  # type: ignore[no-untyped-def]
    start, h, A_slots, A_first, A_rows, O_first, O_last, O_rows, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> None:  # fmt: skip
    """Note by slot the rows of `Openings` that household h opens to its members; slots without any stay empty."""
    n = 0
    for k in range(len(A_slots)):
        slot = A_slots[k]
        O_first[slot] = n
        for place in range(A_first[slot], A_first[slot + 1]):
            if may_qualify(A_rows[place, 1], start, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
                O_rows[n] = A_rows[place, 0]
                n += 1
        O_last[slot] = n
