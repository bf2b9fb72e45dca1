"""Disregard: income that the means test of assistance leaves out of a person's account."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import procedure
from sim.policies.eligibility import qualifies
from sim.policies.mechanisms import MECHANISMS
from sim.policies.opening import DISREGARDS
from sim.policies.tables import column_of

_AMOUNT, _SHARE, _SOURCE = (column_of("disregard", name) for name in ("amount", "share", "source"))
_PENSION, _WAGE = (MECHANISMS["disregard"].words["source"].index(name) for name in ("pension", "wage"))


_ONCE = column_of("household_disregard", "amount")


class Disregarded(NamedTuple):
    """Income of a year that the means test leaves out, in fen."""

    disregarded: int


@procedure
def disregard(  # type: ignore[no-untyped-def]
    alive, pension, prospect, i, h, O_first, O_last, O_rows, L_disregard, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Disregarded:  # fmt: skip
    """Add up what all levers in force leave out for person i: an amount, and a share of the pension or of a year's wages."""
    left_out = 0.0
    if alive == 1:
        for k in range(O_first[DISREGARDS], O_last[DISREGARDS]):
            row = O_rows[k]
            number = int(L_disregard[row, 1])
            if not qualifies(number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
                continue
            source = L_disregard[row, _SOURCE]
            base = 12.0 * pension if source == _PENSION else (float(prospect) if source == _WAGE else 0.0)
            left_out = left_out + L_disregard[row, _AMOUNT] + L_disregard[row, _SHARE] * base
    return Disregarded(to_fen(left_out))


class LeftOut(NamedTuple):
    """Income of a year that the means test leaves out once for a household, in fen."""

    household_disregarded: int


@procedure
def disregard_once(  # type: ignore[no-untyped-def]
    members, start, h, L_household_disregard, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> LeftOut:  # fmt: skip
    """Add up what all levers in force leave out once for the household."""
    left_out = 0.0
    for row in range(L_household_disregard.shape[0]):
        if L_household_disregard[row, 0] != 1.0 or members == 0:
            continue
        number = int(L_household_disregard[row, 1])
        if qualifies(number, start, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
            left_out = left_out + L_household_disregard[row, _ONCE]
    return LeftOut(to_fen(left_out))
