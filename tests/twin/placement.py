"""The placement office as a Mesa agent: ordinary jobs for seekers who qualify."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.institution import Institution
from sim.processes.employment import LOCAL, LOW_LABOUR, MIGRANT, SEEK_TO, WORK_FROM
from sim.world import whole
from twin import rules
from twin.person import Person
from twin.policies import Policy

if TYPE_CHECKING:
    from twin.model import TwinModel


class PlacementOffice(Institution):
    """The office of one lever's jobs."""

    model: TwinModel

    def __init__(self, model: TwinModel, policy: Policy) -> None:
        """Take over a policy's jobs."""
        super().__init__(model)
        self.policy = policy
        self.kind = {"local": LOCAL, "migrant": MIGRANT}[policy.words["kind"]]

    def step(self) -> None:
        """Give the month's jobs."""
        law, terms = self.model.law, self.policy.terms
        if not self.policy.on:
            return
        yearly = terms["places"] * self.model.county.households / 1000.0 * self.policy.share_open(self.model)
        places = whole(yearly * law.moy / 12.0) - whole(yearly * (law.moy - 1) / 12.0)
        seekers = sorted((person for person in self.model.people() if self.accepts(person)), key=self.claim)
        for person in seekers[: max(0, places)]:
            person.job, person.job_since, person.job_end, person.home_until = self.kind, law.month, 0, 0
            person.wage = rules.set_wage(
                self.kind, 0, person.labour, person.log_skill, law.migrant_wage, law.local_wage, law.wage_weak
            ).wage
            fen = whole(terms["cost"])
            self.model.ledger.pay(self.policy.number, fen)
            self.model.ledger.count(person.household.group, job_support=fen)

    def accepts(self, person: Person) -> bool:
        """Say whether a person looks for work, can take it, and is admitted."""
        free = person.job < LOCAL and person.labour < LOW_LABOUR and not person.sick_months and not person.in_school
        seeks = bool(person.wants_work) and WORK_FROM <= person.age < SEEK_TO
        return free and seeks and self.policy.admits(person.household, person)

    def claim(self, person: Person) -> tuple[int, int]:
        """Return what orders the seekers."""
        household = person.household
        first = self.policy.words["fill_order"] == "monitored_first"
        return (1 - household.monitored if first else 0), household.gross_12m // max(household.members, 1)
