"""The anti-relapse registry as a Mesa agent: a round of visits and a queue of cases, with finite staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from twin import rules
from twin.policies import Policy

if TYPE_CHECKING:
    from twin.household import Household
    from twin.model import TwinModel


class Registry(mesa.Agent):
    """The county's registry of households at risk."""

    model: TwinModel

    def __init__(self, model: TwinModel) -> None:
        """Open an empty registry."""
        super().__init__(model)
        self.round = 0.0
        self.spare_cases = 0.0
        self.visit_start = 0.0
        self.visit_share = 0.0

    def plan_visits(self) -> None:
        """Visit the monitored first; what is left of the staff's visits moves the round of all others on."""
        rural = self.model.county.households
        visits = sum(
            channel.terms["staff"] * rural / 1000.0 * channel.terms["visits"]
            for channel in self.model.policies.in_force("detection_channel")
            if channel.words["channel"] == "visit"
        )
        monitored = sum(household.monitored for household in self.model.households)
        self.visit_start = self.round
        self.visit_share = min(1.0, max(0.0, visits - monitored) / max(1, rural))
        self.round = (self.round + self.visit_share) % 1.0

    def verify_cases(self) -> None:
        """Settle the cases that the staff can: longest waiting first, then the poorest."""
        policies = self.model.policies.in_force("verification")
        if not policies:
            return
        terms = policies[0].terms
        self.spare_cases += terms["staff"] * self.model.county.households / 1000.0 * terms["cases"]
        queue = sorted((household for household in self.model.households if household.flagged), key=_urgency)
        settled = queue[: int(self.spare_cases)]
        self.spare_cases = self.spare_cases - len(settled) if len(settled) < len(queue) else 0.0
        for household in settled:
            self.verify(household, policies[0])

    def verify(self, household: Household, policy: Policy) -> None:
        """Settle one case: take the household in or turn it away."""
        law, luck = self.model.law, self.model.luck
        household.flagged = 0
        true = rules.verify(
            household.trigger, float(household.net_12m), household.members, law.monitoring_line, law.seen_ratio,
            law.verification_error, policy.terms["miss"], policy.terms["tolerance"], luck.once("verify", household),
            luck.once("miss", household),
        )  # fmt: skip
        if true:
            self.take_in(household)

    def take_in(self, household: Household) -> None:
        """Enter a household; one above the line is a false alarm."""
        law = self.model.law
        household.monitored = 1
        household.identified_month = law.month
        household.measures = 0
        household.monitored_type = rules.kind_of(household.trigger, household.ex_poor)
        seen = law.seen_ratio * household.net_12m
        above = seen >= law.monitoring_line * household.members
        self.model.ledger.count(household.group, identified_households=1, false_alarms=int(above))


def _urgency(household: Household) -> tuple[int, int]:
    """Return what orders the queue; equal cases keep the order of the county's households."""
    return household.flag_month, household.net_12m // max(household.members, 1)
