"""The anti-relapse registry as a Mesa agent: rounds of visits and a queue of cases, with finite staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.institutions.institution import Institution
from twin import rules
from twin.policies import Policy

if TYPE_CHECKING:
    from twin.household import Household
    from twin.model import TwinModel

COUNTY = -1
"""Group under which counts of the county as a whole stand."""
BITS = {
    "none": 0,
    "hospital_bill": 1,
    "disaster": 2,
    "job_loss": 4,
    "disability": 8,
    "dropout": 16,
    "critical_illness": 32,
    "accident": 64,
}

ALERTS = {"income": 1, "spending": 2, "income_drop": 4, "guarantees": 8, "labour": 16}


class Registry(Institution):
    """The county's registry of households at risk."""

    model: TwinModel

    def __init__(self, model: TwinModel) -> None:
        """Open an empty registry."""
        super().__init__(model)
        self.round = {True: 0.0, False: 0.0}
        self.visited = {True: (0.0, 0.0), False: (0.0, 0.0)}
        self.spare_minutes = 0
        self.records_kept = self.alerts_on = 0
        self.large_bill = self.least_loss = 1e15
        self.mistakes = 0.0

    def take_over(self, carried: dict[str, float]) -> None:
        """Go on from the end of 2020."""
        self.round = {True: carried["round_ex_poor"], False: carried["round"]}
        self.spare_minutes = int(carried["spare_minutes"])

    def open_month(self) -> None:
        """Plan visits; learn which records are kept and how often households are flagged by mistake."""
        channels = self.model.policies.in_force("detection_channel")
        self.plan_visits([channel for channel in channels if channel.words["channel"] == "visit"])
        data = [channel for channel in channels if channel.words["channel"] == "data"]
        self.records_kept = 0
        for channel in data:
            self.records_kept |= BITS[channel.words["record"]]
        self.alerts_on = 0
        for indicator in self.model.policies.in_force("warning_indicator"):
            self.alerts_on |= ALERTS[indicator.words["indicator"]]
        bills = [channel.terms["large_bill"] for channel in data if channel.words["record"] == "hospital_bill"]
        losses = [channel.terms["least_loss"] for channel in data if channel.words["record"] == "disaster"]
        self.large_bill, self.least_loss = min(bills, default=1e15), min(losses, default=1e15)
        self.mistakes = 0.0
        for channel in channels:
            self.mistakes += channel.terms["false_alarms"]

    def plan_visits(self, channels: list[Policy]) -> None:
        """Visit the monitored first, then the ex-poor, then all others, as often as is due and staff is left."""
        rural = self.model.county.households
        visits = workers = 0.0
        for channel in channels:
            visits += channel.terms["staff"] * rural / 1000.0 * channel.terms["visits"]
            workers += channel.terms["staff"] * rural / 1000.0
        monitored = ex_poor = 0
        for household in self.model.households:
            monitored += household.monitored
            ex_poor += bool(household.is_former and not household.monitored and household.members > 0)
        first = min(visits, monitored * _most(channels, "visits_monitored"))
        share = min(1.0, _most(channels, "visits_ex_poor"), (visits - first) / max(1, ex_poor))
        second = share * ex_poor
        others = max(0, rural - monitored - ex_poor)
        left = max(0.0, visits - first - second)
        share_other = min(1.0, _most(channels, "visits_other"), left / max(1, others))
        for former, part in ((True, share), (False, share_other)):
            self.visited[former] = self.round[former], part
            self.round[former] = (self.round[former] + part) % 1.0
        self.model.ledger.count(
            COUNTY, visits_made=rules.to_fen(first + second + share_other * others), visiting_workers=rules.to_fen(workers)
        )

    def verify_cases(self) -> None:
        """Settle the cases that the staff's hours are enough for, in the order that the rule says."""
        policies = self.model.policies.in_force("verification")
        if not policies:
            return
        terms, ledger, month = policies[0].terms, self.model.ledger, self.model.law.month
        minutes = rules.to_fen(terms["staff"] * self.model.county.households / 1000.0 * terms["hours"] * 60.0)
        self.spare_minutes += minutes
        queue = [household for household in self.model.households if household.flagged]
        queue = [one for one in queue if rules.is_ready(month, one.flag_month, one.clock_day, terms["field_days"])]
        queue.sort(key=lambda one: urgency(one, one.flag_month, policies[0].words["order"]))
        cost = {1: "report", 2: "visit", 3: "data"}
        used = settled = 0
        for household in queue:
            takes = rules.to_fen(terms[f"hours_{cost[household.flag_channel]}"] * 60.0)
            if used + takes > self.spare_minutes:
                break
            used += takes
            settled += 1
            self.verify(household, policies[0])
        self.spare_minutes = self.spare_minutes - used if settled < len(queue) else 0
        ledger.count(COUNTY, staff_minutes=minutes, staff_minutes_used=used)

    def verify(self, household: Household, policy: Policy) -> None:
        """Settle one case: take the household in or turn it away."""
        law, luck, terms = self.model.law, self.model.luck, policy.terms
        household.flagged = 0
        true = rules.verify(
            household.trigger, float(household.net_12m), household.members, law.monitoring_line, law.seen_ratio,
            law.verification_error, terms["miss"], terms["tolerance"], terms["sudden_margin"],
            luck.once("verify", household), luck.once("miss", household),
        )  # fmt: skip
        low = bool(household.trigger % 2)
        days = rules.days_waited(law.month, household.flag_month, household.clock_day, terms["field_days"])
        self.model.ledger.count(
            household.group, verified_households=1, verified_in_time_households=int(days <= terms["clock_days"]),
            verification_days=days, false_alarms=int(true and not household.trigger),
            turned_away_households=int(not true and not low), missed_households=int(not true and low),
        )  # fmt: skip
        if true:
            self.take_in(household, days)

    def take_in(self, household: Household, days: int) -> None:
        """Enter a household; its clock of help starts on the day of the decision."""
        month = self.model.law.month
        self.model.ledger.count(
            household.group, identified_households=1, reidentified_households=int(household.cleared_month > 0)
        )
        household.clock_day += days - 30 * (month - household.flag_month)
        household.monitored = 1
        household.identified_month = month
        household.measures = household.first_help_month = household.on_trial = 0
        household.monitored_type = rules.kind_of(household.trigger, household.ex_poor)


def _most(channels: list[Policy], field: str) -> float:
    """Return the most visits that any channel owes a household, per month."""
    return max((channel.terms[field] for channel in channels), default=0.0) / 12.0


def urgency(household: Household, since: int, order: str) -> tuple[float, ...]:
    """Return what orders a queue; equal cases keep the order of the county's households."""
    head = household.net_12m // max(household.members, 1)
    if order == "poorest_first":
        return head, since, household.clock_day
    if order == "urgent_first":
        return not is_needy(household), since, household.clock_day, head
    return since, household.clock_day, head


def is_needy(household: Household) -> bool:
    """Say whether the household is below the poverty line as the registry counts."""
    law = household.model.law
    return bool(law.seen_ratio * household.net_12m < law.poverty_line * household.members)
