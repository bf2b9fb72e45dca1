"""The response desk as a Mesa agent: first measures for households at risk, with finite staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.institution import Institution
from twin import rules
from twin.policies import Policy
from twin.registry import is_needy, urgency

if TYPE_CHECKING:
    from twin.household import Household
    from twin.model import TwinModel

CODES = {"matched": 0, "any": 1}


class ResponseDesk(Institution):
    """The office that arranges measures."""

    model: TwinModel

    def step(self) -> None:
        """End help that no policy reaches any more; then let each policy that meets this month help."""
        policies = self.model.policies.in_force("response_clock")
        for household in self.model.households:
            if household.helped and not (household.members and any(self.reaches(policy, household) for policy in policies)):
                household.helped = household.job_help = 0
        for policy in policies:
            months = max(1, int(policy.terms["dispatch_months"]))
            if (self.model.law.month + 1) % months == 0:
                self.help(policy, months)

    def reaches(self, policy: Policy, household: Household) -> bool:
        """Say whether a policy helps a household: it admits it, and its risk is as high as asked for."""
        score = policy.terms["least_score"]
        return policy.admits(household) and (score <= 0.0 or household.risk_score > 100.0 * score)

    def help(self, policy: Policy, months: int) -> None:
        """Arrange measures one household after the other while the staff can; some referrals get lost."""
        terms = policy.terms
        rural = self.model.county.households
        left = rules.to_fen(terms["staff"] * rural / 1000.0 * terms["measures"] * months)
        waiting = [(household, self.due(household, policy)) for household in self.model.households]
        waiting = [(household, measures) for household, measures in waiting if measures]
        waiting.sort(key=lambda pair: urgency(pair[0], self.clock(pair[0])[0], policy.words["order"]))
        for household, measures in waiting:
            left -= rules.count_bits(measures)
            if left < 0:
                break
            if self.model.luck.once("referral", household) >= terms["lost"]:
                self.start(household, measures, terms["days"])

    def clock(self, household: Household) -> tuple[int, int]:
        """Return the month and day in which the clock of help started: identification, else the first of this month."""
        if household.monitored:
            return household.identified_month, household.clock_day
        return self.model.law.month, 1

    def due(self, household: Household, policy: Policy) -> int:
        """Return the measures that are due and not yet given."""
        if not household.members or not self.reaches(policy, household):
            return 0
        if not rules.is_ready(self.model.law.month, *self.clock(household), self.days(household, policy.terms["days"])):
            return 0
        needs = rules.needs_of(household.need_types, household.trigger, household.able, is_needy(household))
        return rules.measures_of(needs, CODES[policy.words["match"]]) & ~household.helped

    def days(self, household: Household, days: float) -> float:
        """Return the days to a household's first measure."""
        return days * self.model.policies.factor("response_days", household)

    def start(self, household: Household, measures: int, days: float) -> None:
        """Start measures; the first one since identification is counted with its days."""
        month = self.model.law.month
        before, household.helped = household.helped, household.helped | measures
        household.job_help = int(bool(household.helped & 8))
        if household.first_help_month or before or not household.monitored:
            return
        household.first_help_month = month
        waited = rules.days_waited(month, household.identified_month, household.clock_day, self.days(household, days))
        self.model.ledger.count(
            household.group, helped_households=1, helped_in_15_days_households=int(waited <= 15),
            helped_in_30_days_households=int(waited <= 30), help_days=waited,
        )  # fmt: skip
