"""The review board: it looks at the county now and then and stops the clock of falling supports while too many are at risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.institutions.institution import Institution
from sim.policies.mechanisms import MECHANISMS
from sim.policies.review import is_review, too_many
from sim.policies.tables import ON, column_of

if TYPE_CHECKING:
    from sim.model import Model

_INTERVAL, _LIMIT, _LOOKS = (column_of("review", name) for name in ("interval", "limit", "looks_at"))
_WORST = MECHANISMS["review"].words["looks_at"].index("worst_township")


class ReviewBoard(Institution):
    """The board of the county. ``delay`` is how many months tapers are behind their plan so far."""

    def __init__(self, model: Model) -> None:
        """Begin without delay."""
        super().__init__(model)
        self.county: Model = model
        self.paused = False
        self.delay = 0

    def open_month(self) -> None:
        """Let the plan's clock of supports stand still for another month while it is paused."""
        if self.paused:
            self.delay += 1
        self.county.world.delay = self.delay

    def step(self) -> None:
        """In the month of a review decide whether the pause begins, goes on or ends; without a review in force none goes on."""
        table = self.county.world.levers["review"]
        table = table[table[:, ON] == 1.0]
        if len(table) == 0:
            self.paused = False
            return
        for row in table:
            if is_review(self.county.month, row[_INTERVAL]):
                self.paused = self._finds_too_many(float(row[_LIMIT]), int(row[_LOOKS]) == _WORST)

    def _finds_too_many(self, limit: float, worst: bool) -> bool:
        """Say whether more than a share of the ex-poor persons are at risk, in the county or in any of its townships."""
        state = self.county.state
        households = state.households
        rows = np.flatnonzero((households["ex_poor"] == 1) & (households["members"] > 0))
        members = households["members"][rows].astype(np.int64)
        line = self.county.world.value("monitoring_line") * members
        at_risk = np.where(households["net_12m"][rows] < line, members, 0)
        place = state.villages["township"][households["village"][rows]] if worst else np.zeros(len(rows), np.int64)
        persons = np.bincount(place, weights=members)
        risky = np.bincount(place, weights=at_risk)
        return any(too_many(int(few), int(all_), limit) for few, all_ in zip(risky, persons, strict=True))

    def carried(self) -> dict[str, float]:
        """Return what goes over into the next month."""
        return {"review.paused": float(self.paused), "review.delay": float(self.delay)}

    def take_over(self, carried: dict[str, float]) -> None:
        """Go on from the past."""
        self.paused, self.delay = carried.get("review.paused", 0.0) == 1.0, int(carried.get("review.delay", 0.0))
