"""The register of the poor as a Mesa agent, until 2020: registration, yearly reviews, the end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.draws import bulk
from sim.institutions.institution import Institution
from sim.institutions.register import LAST_ENTRIES, LAST_REVIEW, MARGIN, REGISTRATION
from sim.world import whole
from twin.rules import exp, normal

if TYPE_CHECKING:
    from twin.household import Household
    from twin.model import TwinModel

EX_POOR, MARGINAL, OTHER = range(3)


class PoorRegister(Institution):
    """The register of the poor of one county."""

    model: TwinModel

    def step(self) -> None:
        """Register in January 2014; review every December to 2020; then close."""
        month = self.model.month
        if month == REGISTRATION:
            self.register()
        elif REGISTRATION < month <= LAST_REVIEW and self.model.law.moy == 12:
            self.review()
        if month == LAST_REVIEW:
            self.close()

    def seen_income(self, error: float) -> list[float]:
        """Return every household's income per head as the register sees it."""
        lots = bulk(self.model.key, "register", self.model.household_ids, self.model.month).tolist()
        return [
            household.gross_12m * exp(error * normal(lot)) / max(household.members, 1)
            for household, lot in zip(self.model.households, lots, strict=True)
        ]

    def register(self) -> None:
        """Register as many of the poorest seen as the county was told to find."""
        seen = self.seen_income(self.model.law.registration_error)
        count = whole(self.model.law.registered_share * self.model.county.households)

        def rank(household: Household) -> tuple[float, int]:
            return (seen[household.place] if household.members else math.inf), household.id

        for household in sorted(self.model.households, key=rank)[:count]:
            household.registered = 1
            household.group = EX_POOR

    def review(self) -> None:
        """Let out who is seen above the exit line; take in who is seen below the poverty line."""
        seen = self.seen_income(self.model.law.verification_error)
        open_to_entries = self.model.law.year <= LAST_ENTRIES
        for household in self.model.households:
            if household.registered:
                held = household.lost_guarantees in (0, 1)  # cover alone may lapse
                if held and seen[household.place] >= self.model.law.exit_line:
                    household.registered, household.ex_poor = 0, 1
            elif open_to_entries and household.members and seen[household.place] < self.model.law.poverty_line:
                self.take_in(household)

    def take_in(self, household: Household) -> None:
        """Register a household; one that had left before has returned to poverty."""
        if household.ex_poor:
            self.model.ledger.count(EX_POOR, registry_relapse_households=1, registry_relapse_persons=household.members)
        household.registered, household.ex_poor, household.group = 1, 0, EX_POOR

    def close(self) -> None:
        """Declare everybody exited, mark the marginal and forget the events of the history."""
        line = MARGIN * self.model.law.monitoring_line
        for household in self.model.households:
            if household.registered:
                household.registered, household.ex_poor = 0, 1
            near = household.gross_12m < line * household.members
            household.group = EX_POOR if household.ex_poor else (MARGINAL if near else OTHER)
            household.first_relapse_gross = household.first_relapse_net = 0
            household.first_relapse_registry = household.first_at_risk = household.first_relapse_guarantee = 0
            household.years_net = household.years_core = 0
