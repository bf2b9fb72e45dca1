"""The review board as a Mesa agent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.institutions.institution import Institution

if TYPE_CHECKING:
    from twin.household import Household
    from twin.model import TwinModel


class ReviewBoard(Institution):
    """Pauses falling supports while too many are at risk."""

    model: TwinModel

    def __init__(self, model: TwinModel) -> None:
        """Begin without delay."""
        super().__init__(model)
        townships = range(max(1, model.county.townships))
        self.paused, self.delays = [False for _ in townships], [0 for _ in townships]

    def take_over(self, carried: Mapping[str, float]) -> None:
        """Go on from the end of 2020."""
        for place in range(len(self.paused)):
            self.paused[place] = bool(carried.get(f"review.paused.{place}", 0.0))
            self.delays[place] = int(carried.get(f"review.delay.{place}", 0.0))

    def open_month(self) -> None:
        """Count a month of pause."""
        self.delays = [delay + int(paused) for delay, paused in zip(self.delays, self.paused, strict=True)]

    def step(self) -> None:
        """Look, if it is time to."""
        boards = self.model.policies.in_force("review")
        if not boards:
            self.paused = [False for _ in self.paused]
        for policy in boards:
            interval = int(policy.terms["interval"])
            if interval <= 1 or (self.model.month + 1) % interval == 0:
                over = {place: share > policy.terms["limit"] for place, share in self.shares(policy.words["looks_at"]).items()}
                alone = policy.words["looks_at"] == "each_township"
                self.paused = [over.get(place, False) if alone else any(over.values()) for place in range(len(self.paused))]

    def shares(self, place: str) -> dict[int, float]:
        """Return the share of ex-poor persons at risk, of the county or by township."""
        groups: dict[int, list[Household]] = {}
        for household in self.model.households:
            if household.ex_poor and household.members:
                groups.setdefault(0 if place == "county" else household.township, []).append(household)
        line = self.model.law.monitoring_line
        return {
            number: sum(one.members for one in group if one.net_12m < line * one.members) / sum(one.members for one in group)
            for number, group in groups.items()
        }
