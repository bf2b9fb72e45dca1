"""The clock of a place: when the plans begin to count, and when the transition is over."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scenarios.cited import parse_month
from sim.rules import month_index

AFTER_TRANSITION = "after_transition"
"""The word that stands for the first month after the transition, wherever a date may stand."""

EXIT = "exit"
"""The word that stands for the place's own exit from poverty, in a rule that dates the transition."""
FIVE_YEARS = 60

HORIZON = month_index(2021)
"""First simulated month after the lived past: no setting counts before it."""


@dataclass(frozen=True)
class Clock:
    """The months that settings count by.

    Attributes:
        begin: first month in which a setting without a date counts.
        after: first month after the transition.
    """

    begin: int = HORIZON
    after: int = month_index(2026)

    def month(self, date: str, lead: int = 0) -> int | None:
        """Return the month that a date stands for; None when it is none.

        Args:
            date: ``2023``, ``2023-07`` or ``after_transition``.
            lead: months by which what is for a year begins before it; dates with a month stay as they are.
        """
        if date == AFTER_TRANSITION:
            return self.after - lead
        if len(date) == 4:
            month = parse_month(f"{date}-01")
            return None if month is None else month - lead
        return parse_month(date)


def ended(clock: Clock, said: str, left: int | None) -> Clock:
    """Return the clock of a place whose transition is dated otherwise.

    Args:
        clock: the place's own.
        said: its last month, ``2025-12``; with ``exit, 2025-02`` five years after the exit, that month where none is known.
        left: month of the place's exit from poverty; None where it is not known.
    """
    word, _, month = (part.strip() for part in said.rpartition(","))
    last = parse_month(month)
    if word == EXIT and left is not None:
        last = left + FIVE_YEARS
    return clock if last is None else replace(clock, after=last + 1)
