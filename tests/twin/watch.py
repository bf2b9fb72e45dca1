"""Notes of true risk, household by household: spells, when they are found, and what each December's list was worth."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin.household import Household
    from twin.model import TwinModel

KNOWN, FOUND, UNSEEN, OPEN = range(4)


class Watch:
    """What one county's spells of risk came to."""

    def __init__(self, model: TwinModel) -> None:
        """Begin with nothing noted."""
        self.model = model
        self.spells: Counter[tuple[int, int, int, int]] = Counter()
        self.lists: Counter[tuple[int, int, int, int, int]] = Counter()

    def step(self) -> None:
        """Look at every household at the end of a month."""
        for household in self.model.households:
            at_risk = bool(household.members) and household.net_12m < self.model.law.monitoring_line * household.members
            if at_risk:
                self.at_risk(household)
            elif household.risk_since:
                if not household.risk_found:
                    self.note(household, UNSEEN)
                household.risk_since = household.risk_found = 0
            if self.model.law.moy == 12:
                self.december(household, at_risk)

    def at_risk(self, household: Household) -> None:
        """Go on with a spell, or begin one."""
        month = self.model.month
        household.risk_in_year = 1
        begins = household.risk_since == 0
        if begins:
            household.risk_since = month
        if household.monitored:
            entered = household.identified_month == month
            if not household.risk_found:
                self.note(household, KNOWN if begins and not entered else FOUND)
            household.risk_found = 1
            self.model.ledger.count(household.group, identified_at_risk_households=int(entered))

    def december(self, household: Household, at_risk: bool) -> None:
        """Hold last December's list against the year, and make this one's."""
        year, view = self.model.month // 12, household.december_view
        if view and household.members:
            fell = household.years_net // 2 ** (year - 2013) % 2
            self.lists[year, household.group, view, household.risk_in_year, fell] += 1
        standing = 2 if at_risk else household.risk_in_year
        known = household.risk_score + 101 * (standing + 3 * household.monitored)
        household.december_view = 1 + known if household.members else 0
        household.risk_in_year = 0

    def note(self, household: Household, end: int) -> None:
        """Note how the wait of a spell ends."""
        self.spells[household.risk_since, household.group, end, self.model.month - household.risk_since] += 1

    def waiting(self) -> Counter[tuple[int, int, int, int]]:
        """Return the spells that nobody has found yet."""
        month = self.model.month
        return Counter(
            (one.risk_since, one.group, OPEN, month - one.risk_since)
            for one in self.model.households
            if one.risk_since and not one.risk_found
        )
