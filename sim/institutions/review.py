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
_COUNTY, _, _EACH = range(3)
"""What a review looks at, in the order of the word ``looks_at``."""
assert MECHANISMS["review"].words["looks_at"] == ("county", "worst_township", "each_township")


class ReviewBoard(Institution):
    """The board of the county. ``delays`` are how many months tapers are behind their plan so far, by township."""

    def __init__(self, model: Model) -> None:
        """Begin without delay."""
        super().__init__(model)
        self.county: Model = model
        self.paused = np.zeros(len(model.world.delays), bool)
        self.delays = np.zeros(len(self.paused), np.int64)

    def open_month(self) -> None:
        """Let the plan's clock of supports stand still for another month where it is paused."""
        self.delays += self.paused
        self.county.world.delays = self.delays

    def step(self) -> None:
        """In the month of a review decide whether the pause begins, goes on or ends; without a review in force none goes on."""
        table = self.county.world.levers["review"]
        table = table[table[:, ON] == 1.0]
        if len(table) == 0:
            self.paused[:] = False
            return
        for row in table:
            if is_review(self.county.month, row[_INTERVAL]):
                found = self._finds_too_many(float(row[_LIMIT]), int(row[_LOOKS]) == _COUNTY)
                self.paused[:] = found if int(row[_LOOKS]) == _EACH else found.any()

    def _finds_too_many(self, limit: float, whole: bool) -> np.ndarray:
        """Say by township, or for the whole county under the first, whether more than a share of the ex-poor are at risk."""
        state = self.county.state
        households = state.households
        rows = np.flatnonzero((households["ex_poor"] == 1) & (households["members"] > 0))
        members = households["members"][rows].astype(np.int64)
        line = self.county.world.value("monitoring_line") * members
        at_risk = np.where(households["net_12m"][rows] < line, members, 0)
        place = np.zeros(len(rows), np.int64) if whole else state.villages["township"][households["village"][rows]]
        persons = np.bincount(place, weights=members, minlength=len(self.paused))
        risky = np.bincount(place, weights=at_risk, minlength=len(self.paused))
        return np.array([too_many(int(few), int(all_), limit) for few, all_ in zip(risky, persons, strict=True)])

    def carried(self) -> dict[str, float]:
        """Return what goes over into the next month."""
        paused = {f"review.paused.{place}": float(one) for place, one in enumerate(self.paused)}
        return paused | {f"review.delay.{place}": float(one) for place, one in enumerate(self.delays)}

    def take_over(self, carried: dict[str, float]) -> None:
        """Go on from the past."""
        for place in range(len(self.paused)):
            self.paused[place] = carried.get(f"review.paused.{place}", 0.0) == 1.0
            self.delays[place] = int(carried.get(f"review.delay.{place}", 0.0))
