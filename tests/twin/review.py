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
        self.paused, self.delay = False, 0

    def take_over(self, carried: Mapping[str, float]) -> None:
        """Go on from the end of 2020."""
        self.paused = bool(carried.get("review.paused", 0.0))
        self.delay = int(carried.get("review.delay", 0.0))

    def open_month(self) -> None:
        """Count a month of pause."""
        self.delay += int(self.paused)

    def step(self) -> None:
        """Look, if it is time to."""
        boards = self.model.policies.in_force("review")
        if not boards:
            self.paused = False
        for policy in boards:
            interval = int(policy.terms["interval"])
            if interval <= 1 or (self.model.month + 1) % interval == 0:
                self.paused = any(share > policy.terms["limit"] for share in self.shares(policy.words["looks_at"]))

    def shares(self, place: str) -> list[float]:
        """Return the share of ex-poor persons at risk, of the county or by township."""
        groups: dict[int, list[Household]] = {}
        for household in self.model.households:
            if household.ex_poor and household.members:
                groups.setdefault(household.township if place == "worst_township" else 0, []).append(household)
        line = self.model.law.monitoring_line
        return [
            sum(one.members for one in group if one.net_12m < line * one.members) / sum(one.members for one in group)
            for group in groups.values()
        ]
