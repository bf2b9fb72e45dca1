"""Villages as they look to those who choose work: how many of the people are away."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.institutions.institution import Institution
from sim.processes.employment import MIGRANT

if TYPE_CHECKING:
    from twin.model import TwinModel


class Neighbours(Institution):
    """What is known in January about who works away, village by village."""

    model: TwinModel

    def __init__(self, model: TwinModel) -> None:
        """Know nothing yet."""
        super().__init__(model)
        self.leads: dict[int, int] = {}

    def look_around(self) -> None:
        """Compare every village's share of persons away with the county's, in thousandths."""
        people: dict[int, int] = {}
        away: dict[int, int] = {}
        for person in self.model.people():
            village = person.household.village
            people[village] = people.get(village, 0) + 1
            away[village] = away.get(village, 0) + (person.job == MIGRANT)
        of_county = sum(away.values()) / max(1, sum(people.values()))
        self.leads = {
            village: math.floor(1000.0 * (away[village] / count - of_county) + 0.5) for village, count in people.items()
        }

    def lead_of(self, village: int) -> int:
        """Return a village's lead; 0 where nobody lives."""
        return self.leads.get(village, 0)
