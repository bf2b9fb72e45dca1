"""The causes of a fall: how far each pushed towards the line since the last yearly test; the main one pushed most."""

from __future__ import annotations

import numpy as np

from sim.arithmetic import to_fen
from sim.engine import procedure
from sim.indicators import CAUSES
from sim.sources import COUNT, SOURCES

_LINE, _CHANGE, _OTHER = CAUSES.index("line"), CAUSES.index("household_change"), CAUSES.index("other")
_CAUSES = len(CAUSES)
_SIGN = np.array(
    [
        [[source.pushes.get(cause, 0) * (source.gross or operator == 1) for source in SOURCES] for cause in CAUSES]
        for operator in range(2)
    ],
    np.int64,
)
_KEPT = np.array([source.kept for source in SOURCES], np.int64)


@procedure
def push_of(
    cause: int,
    operator: int,
    first: int,
    last: int,
    h: int,
    members: int,
    members_at_test: int,
    line: float,
    line_before: float,
    H_i4: np.ndarray,
) -> int:
    """Return how far a cause pushed the household towards the line since the last yearly test, in fen; negative away from it.

    The rise of the line times the members counts as line, added mouths as household change.

    Args:
        cause: place in `sim.indicators.CAUSES`.
        operator: 0 gross, 1 net.
        first, last: rows of this year's and last year's sources in ``H_i4``.
        h: the household.
        members, members_at_test: members now and at the last test.
        line, line_before: poverty line now and a year ago, fen per person.
        H_i4: the households' matrix of 32-bit columns.
    """
    push = 0
    for place in range(COUNT):
        sign = _SIGN[operator, cause, place]
        if sign != 0:
            push += sign * (int(H_i4[first + place, h]) - _KEPT[place] * int(H_i4[last + place, h]))
    if cause == _LINE:
        push += to_fen((line - line_before) * members)
    if cause == _CHANGE and members > members_at_test:
        push += to_fen(line * (members - members_at_test))
    return push


@procedure
def main_cause(
    operator: int,
    first: int,
    last: int,
    h: int,
    members: int,
    members_at_test: int,
    line: float,
    line_before: float,
    H_i4: np.ndarray,
) -> int:
    """Return the cause with the largest push towards the line since the last yearly test; ``other`` when nothing pushed."""
    best = 0
    found = _OTHER
    for cause in range(_CAUSES):
        push = push_of(cause, operator, first, last, h, members, members_at_test, line, line_before, H_i4)
        if push > best:
            best = push
            found = cause
    return found


@procedure
def write_pushes(
    operator: int,
    first: int,
    last: int,
    h: int,
    members: int,
    members_at_test: int,
    line: float,
    line_before: float,
    H_i4: np.ndarray,
    into: np.ndarray,
    row: int,
    place: int,
) -> None:
    """Write the pushes of all causes, in their order, into a row from a place on."""
    for cause in range(_CAUSES):
        into[row, place + cause] = push_of(cause, operator, first, last, h, members, members_at_test, line, line_before, H_i4)
