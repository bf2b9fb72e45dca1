"""The register of the poor: registration in 2014, yearly exits, returns and new entries, all out by the end of 2020."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arithmetic import exp, normal
from sim.indicators import GROUPS, INDEX
from sim.institutions.institution import Institution
from sim.processes.guarantees import MEDICAL
from sim.rules import month_index, month_of_year, year_of
from sim.world import whole

if TYPE_CHECKING:
    from sim.model import Model

REGISTRATION = month_index(2014, 1)
LAST_REVIEW = month_index(2020, 12)
LAST_ENTRIES = 2019
MARGIN = 1.5
"""Marginal households: income of 2020 below this many monitoring lines."""
EX_POOR, MARGINAL, OTHER = range(len(GROUPS))


_FIRSTS = (
    "first_relapse_gross",
    "first_relapse_net",
    "first_relapse_guarantee",
    "first_relapse_registry",
    "first_at_risk",
    "years_net",
    "years_core",
)
"""What is forgotten at the end of the history."""


class PoorRegister(Institution):
    """The register of the poor of one county."""

    def __init__(self, model: Model) -> None:
        """Open the register."""
        super().__init__(model)
        self.county: Model = model

    def seen_income(self, error: float) -> np.ndarray:
        """Return gross income per head of 12 months as the register sees it, in fen; the error is in log points."""
        households = self.county.state.households
        u = self.county.bulk("register", households["id"], self.county.month)
        factor = np.array([exp(error * normal(float(value))) for value in u])
        return households["gross_12m"] * factor / np.maximum(households["members"], 1)

    def step(self) -> None:
        """Register in January 2014; review every December to 2020."""
        month = self.county.month
        if month == REGISTRATION:
            self.register()
        elif REGISTRATION < month <= LAST_REVIEW and month_of_year(month) == 12:
            self.review()
        if month == LAST_REVIEW:
            self.close()

    def register(self) -> None:
        """Register the share of rural households that the county was told to find: those with the least income seen."""
        county = self.county
        households = county.state.households
        count = min(whole(county.world.value("registered_share") * county.county.households), len(households))
        seen = np.where(households["members"] > 0, self.seen_income(county.world.value("registration_error")), np.inf)
        chosen = np.lexsort((households["id"], seen))[:count]
        households["registered"][chosen] = 1
        households["group"][chosen] = EX_POOR

    def review(self) -> None:
        """Let those out whose income seen reaches the exit line and who hold house, water and schooling.

        Take back and take in those seen below the poverty line.
        """
        county = self.county
        households = county.state.households
        seen = self.seen_income(county.world.value("verification_error"))
        alive = households["members"] > 0
        registered = households["registered"] == 1
        held = (households["lost_guarantees"] & ~MEDICAL) == 0
        out = registered & held & (seen >= county.world.value("exit_line"))
        if year_of(county.month) <= LAST_ENTRIES:
            poor = alive & ~registered & (seen < county.world.value("poverty_line"))
            returned = poor & (households["ex_poor"] == 1)
            county.now[EX_POOR, INDEX["registry_relapse_households"]] += int(returned.sum())
            county.now[EX_POOR, INDEX["registry_relapse_persons"]] += int(households["members"][returned].sum())
            households["registered"][poor] = 1
            households["ex_poor"][poor] = 0
            households["group"][poor] = EX_POOR
        households["registered"][out] = 0
        households["ex_poor"][out] = 1

    def close(self) -> None:
        """Declare all registered households exited, mark the marginal ones and forget the events of the history."""
        households = self.county.state.households
        households["ex_poor"][households["registered"] == 1] = 1
        households["registered"] = 0
        line = MARGIN * self.county.world.value("monitoring_line")
        near = households["gross_12m"] < line * households["members"]
        households["group"] = np.where(households["ex_poor"] == 1, EX_POOR, np.where(near, MARGINAL, OTHER))
        for name in _FIRSTS:
            households[name] = 0
