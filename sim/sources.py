"""The accounting year by source: what is kept of each source of income and loss, and which cause of a fall it feeds.

A new source is one line here and one in `sim.month.BOOKED_LIVE` or `BOOKED_SETTLE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.arithmetic import to_fen
from sim.engine import procedure
from sim.indicators import CAUSES


class Source(NamedTuple):
    """A yearly sum of one household, in fen.

    Attributes:
        name: as ``year_<name>`` and ``last_<name>`` in rules.
        meaning: what is added up.
        pushes: by cause, the sign with which a rise since last year pushes the household towards the line.
        gross: whether gross income feels it; bills and premiums are felt in net income alone.
        kept: whether the sum is compared with last year's; if not, the whole of it counts.
    """

    name: str
    meaning: str
    pushes: Mapping[str, int]
    gross: bool = True
    kept: bool = True


SOURCES: tuple[Source, ...] = (
    Source("wage", "wages", {"job_loss": -1}),
    Source("post", "pay of posts", {"post_end": -1}),
    Source("farm", "farm income", {"farm": -1}),
    # a harvest lost to a disaster is no bad harvest, a wage lost to sickness no lost job: what one cause gains the other loses
    Source("lost", "harvest lost to disasters", {"disaster": 1, "farm": -1}),
    Source("sick", "wages lost to sickness", {"illness": 1, "job_loss": -1}),
    Source("dibao", "dibao", {"dibao_end": -1}),
    Source("medical", "own medical payments", {"illness": 1}, gross=False),
    Source("premium", "own premiums", {"premium": 1}, gross=False),
    Source("departed", "past incomes that left with their earners", {"household_change": 1, "job_loss": -1}, kept=False),
)

PLACE = {source.name: place for place, source in enumerate(SOURCES)}
COUNT = len(SOURCES)

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
    """Return the cause with the largest push towards the line since the last yearly test; ``other`` when nothing pushed.

    The rise of the line times the members counts as line, added mouths as household change.

    Args:
        operator: 0 gross, 1 net.
        first, last: rows of this year's and last year's sources in ``H_i4``.
        h: the household.
        members, members_at_test: members now and at the last test.
        line, line_before: poverty line now and a year ago, fen per person.
        H_i4: the households' matrix of 32-bit columns.
    """
    best = 0
    found = _OTHER
    for cause in range(_CAUSES):
        push = 0
        for place in range(COUNT):
            sign = _SIGN[operator, cause, place]
            if sign != 0:
                push += sign * (int(H_i4[first + place, h]) - _KEPT[place] * int(H_i4[last + place, h]))
        if cause == _LINE:
            push += to_fen((line - line_before) * members)
        if cause == _CHANGE and members > members_at_test:
            push += to_fen(line * (members - members_at_test))
        if push > best:
            best = push
            found = cause
    return found
