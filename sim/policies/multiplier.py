"""Multiplier: a lever that scales a hazard, a chance or an income of whoever meets its condition; several multiply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.engine import procedure
from sim.policies.eligibility import qualifies
from sim.policies.tables import by_target, column_of
from sim.policies.targets import TARGETS

if TYPE_CHECKING:
    from sim.model import Model

_FACTOR = column_of("multiplier", "factor")


@procedure
def multiplier(  # type: ignore[no-untyped-def]
    first, last, rows, i, h, L_multiplier, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> float:  # fmt: skip
    """Return the product of the factors of a target's levers in force, so many rows, that person i of household h meets."""
    product = 1.0
    for k in range(first, last):
        row = rows[k]
        number = int(L_multiplier[row, 1])
        if qualifies(number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
            product = product * L_multiplier[row, _FACTOR]
    return product


@procedure
def multiply_all(  # type: ignore[no-untyped-def]
    product, first, last, rows, persons, households, L_multiplier, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> None:  # fmt: skip
    """Write the product of all factors of a target for many persons or households."""
    for k in range(len(product)):
        product[k] = multiplier(
            first, last, rows, persons[k], households[k], L_multiplier, W_lever, W_clause, W_term, W_bound,
            P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
        )  # fmt: skip


def factors(county: Model, target: str, households: np.ndarray) -> np.ndarray:
    """Return the product of all factors of a target for some households, outside the compiled passes."""
    product = np.ones(len(households))
    table, first = by_target(county.world.levers["multiplier"])
    place = tuple(TARGETS).index(target)
    if first[place + 1] > first[place]:
        state = county.state
        p, h = state.persons.matrices, state.households.matrices
        start = state.households["start"][households]
        rows = np.arange(len(table), dtype=np.int32)
        multiply_all(
            product, first[place], first[place + 1], rows, start, households, table, *county.conditions,
            p["i1"], p["i2"], p["i4"], h["i1"], h["i2"], h["i4"],
        )  # fmt: skip
    return product
