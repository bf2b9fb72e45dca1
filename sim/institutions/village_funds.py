"""Village funds: project assets and collective income by village, and what villages pay out to households in a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arithmetic import exp, normal
from sim.institutions.institution import Institution
from sim.institutions.posts import who_qualifies
from sim.policies.eligibility import Conditions
from sim.policies.mechanisms import MECHANISMS
from sim.policies.multiplier import factors
from sim.policies.tables import columns_of
from sim.policies.village_fund import divide, eroded
from sim.rules import month_index, month_of_year
from sim.traits import ASSETS, COLLECTIVE
from sim.world import whole

if TYPE_CHECKING:
    from sim.model import Model

HANDED_OVER = month_index(2021)
"""From this month on the programme builds no new assets: those that there are can only be lost."""
_WORDS = MECHANISMS["village_fund"].words


class VillageFunds(Institution):
    """The villages' books of project assets and collectives."""

    def __init__(self, model: Model, conditions: Conditions) -> None:
        """Begin with nothing due."""
        super().__init__(model)
        self.county: Model = model
        self.conditions = conditions

    def open_month(self, paid: np.ndarray) -> None:
        """In January take stock; then pay out what is due this month, each lever from what those before it left."""
        if month_of_year(self.county.month) == 1:
            self._take_stock()
        households = self.county.state.households
        households["village_due"] = 0
        left: dict[str, np.ndarray] = {}
        for row in self.county.world.levers["village_fund"]:
            terms = dict(zip(columns_of("village_fund"), (float(value) for value in row), strict=True))
            if terms["on"] == 1.0 and whole(terms["month"]) == month_of_year(self.county.month):
                self._pay_out(terms, left, paid)

    def _take_stock(self) -> None:
        """Measure collective incomes anew; build project assets until the programme ends, then let some be lost."""
        county, villages = self.county, self.county.state.villages
        target = county.world.value("collective_target")
        income = county.world.value("collective_income") * self._spread(COLLECTIVE, county.world.value("collective_sd"))
        villages["collective_income"] = np.floor(income + 0.5)
        county.count_for_county("villages", county.county.villages)
        county.count_for_county("collective_villages", int((villages["collective_income"] > target).sum()))
        if county.month < HANDED_OVER:
            villages["project_assets"] = np.floor(self._built() + 0.5)
        else:
            self._lose_some()
        county.count_for_county("project_assets", int(villages["project_assets"].sum()))

    def _lose_some(self) -> None:
        """Let each village lose a part of its project assets, or not."""
        county, villages = self.county, self.county.state.villages
        lots = county.bulk("project", villages["id"].copy(), county.month)
        for village in np.flatnonzero(villages["project_assets"] > 0):
            first = int(villages["first_household"][village])
            chance = county.world.value("project_loss") * factors(county, "project_loss", np.array([first]))[0]
            assets, part = int(villages["project_assets"][village]), county.world.value("project_part")
            villages["project_assets"][village] = eroded(assets, chance, part, float(lots[village]))

    def _built(self) -> np.ndarray:
        """Return the project assets that the programme has built by now: by the households that it registered in a village."""
        county, households = self.county, self.county.state.households
        mean, spread = county.world.value("project_assets"), county.world.value("project_sd")
        former = (households["registered"] == 1) | (households["ex_poor"] == 1)
        count = np.bincount(households["village"][former], minlength=county.county.villages)
        return mean * count * self._spread(ASSETS, spread)

    def _spread(self, number: int, sd: float) -> np.ndarray:
        """Return each village's lasting place around the mean: lognormal with mean one."""
        lots = self.county.bulk("village_trait", self.county.state.villages["id"].copy(), number)
        return np.array([exp(sd * normal(float(lot)) - 0.5 * sd * sd) for lot in lots])

    def _pay_out(self, terms: dict[str, float], left: dict[str, np.ndarray], paid: np.ndarray) -> None:
        """Divide every village's income of one source and give the households' part to those who qualify."""
        villages, households = self.county.state.villages, self.county.state.households
        source = _WORDS["source"][int(terms["source"])]
        if source not in left:
            own = villages["collective_income"].astype(np.float64)
            left[source] = own if source == "collective" else villages["project_assets"] * terms["yield"]
        rows = self._qualified(int(terms["number"]))
        heads = households["members"][rows].astype(np.int64)
        by_member = _WORDS["by"][int(terms["by"])] == "member"
        parts = heads if by_member else np.ones(len(rows), np.int64)
        whole_village = _WORDS["shared_by"][int(terms["shared_by"])] == "whole_village"
        sharers = self._sharers(rows, parts, whole_village, by_member)
        for village in range(len(sharers)):
            share = terms["households"] if sharers[village] > 0 else 0.0
            uses = divide(float(left[source][village]), terms["upkeep"], terms["works"], share, int(terms["order"]))
            left[source][village] = uses.rest
            if share == 0.0:
                continue
            mine = rows[households["village"][rows] == village]
            own = parts[households["village"][rows] == village]
            fen = uses.households * own // int(sharers[village])
            households["village_due"][mine] += fen.astype(np.int32)
            paid[int(terms["number"])] += int(fen.sum())

    def _sharers(self, rows: np.ndarray, parts: np.ndarray, whole_village: bool, by_member: bool) -> np.ndarray:
        """Return the shares into which each village's part is cut; households not simulated count like the simulated ones."""
        households = self.county.state.households
        count = self.county.county.villages
        if not whole_village:
            return np.bincount(households["village"][rows], weights=parts, minlength=count)
        there = np.flatnonzero(households["members"] > 0)
        weights = households["members"][there] if by_member else np.ones(len(there))
        simulated = np.bincount(households["village"][there], weights=weights, minlength=count)
        return np.floor(simulated / self.county.world.value("simulated_share") + 0.5)

    def _qualified(self, lever: int) -> np.ndarray:
        """Return the households that meet a lever's condition."""
        state = self.county.state
        rows = np.flatnonzero(state.households["members"] > 0)
        found = np.zeros(len(rows), bool)
        p, h = state.persons.matrices, state.households.matrices
        start = state.households["start"][rows]
        who_qualifies(lever, start, rows, *self.conditions, p["i1"], p["i2"], p["i4"], h["i1"], h["i2"], h["i4"], found)
        return rows[found]
