"""Townships, villages and funds: the places where households live and the accounts that pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.institutions.institution import Institution
from sim.rules import Lever

if TYPE_CHECKING:
    from sim.model import Model


class Township(Institution):
    """A township: where disasters strike together."""

    def __init__(self, model: Model, number: int) -> None:
        """Take a number."""
        super().__init__(model)
        self.county: Model = model
        self.number = number

    @property
    def loss(self) -> float:
        """Share of this year's standing harvest that a disaster takes here."""
        return float(self.county.world.townships["loss"][self.number])

    @property
    def struck(self) -> float:
        """The same in the month in which the disaster strikes, else 0."""
        return float(self.county.world.townships["struck"][self.number])


class Village(Institution):
    """A village: its households lie side by side in the state."""

    def __init__(self, model: Model, number: int) -> None:
        """Take a number."""
        super().__init__(model)
        self.county: Model = model
        self.number = number

    @property
    def households(self) -> np.ndarray:
        """Places of its households in the columns."""
        villages = self.county.state.villages
        first = int(villages["first_household"][self.number])
        return np.arange(first, first + int(villages["households"][self.number]))

    @property
    def monitored(self) -> int:
        """Households of the village in the registry."""
        return int(self.county.state.households["monitored"][self.households].sum())


class Fund(Institution):
    """The account of one lever: what it has paid, in fen."""

    def __init__(self, model: Model, number: int, lever: Lever) -> None:
        """Open the account."""
        super().__init__(model)
        self.number, self.lever, self.account, self.level = number, lever.id, lever.account, lever.level
        self.paid_month = 0
        self.paid_total = 0

    def receive(self, fen: int) -> None:
        """Book the month's payments."""
        self.paid_month = fen
        self.paid_total += fen
