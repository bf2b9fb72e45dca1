"""The clock of a place: when the plans begin to count, and when the transition is over."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.cited import parse_month, show_month
from sim.rules import month_index

AFTER_TRANSITION = "after_transition"
"""The word that stands for the first month after the transition, wherever a date may stand."""

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


def show_date(month: int) -> str:
    """Return a month as settings write it: the year alone for a January."""
    return show_month(month)[:4] if month % 12 == 0 else show_month(month)
