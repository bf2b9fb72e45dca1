"""Multiplier: a lever that scales a hazard, a chance or an income of whoever meets its condition; several multiply."""

from __future__ import annotations

from sim.engine import procedure
from sim.policies.eligibility import qualifies
from sim.policies.tables import column_of

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
