"""The placement office: ordinary jobs, near home or away, that are given to seekers who qualify, so many a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators import INDEX
from sim.institutions.institution import Institution
from sim.institutions.places import share_open
from sim.institutions.posts import owners, who_qualifies
from sim.policies.eligibility import Conditions
from sim.policies.mechanisms import MECHANISMS
from sim.policies.tables import columns_of
from sim.processes.employment import LOCAL, LOW_LABOUR, MIGRANT, SEEK_TO, WORK_FROM, set_wage
from sim.rules import month_of_year
from sim.world import whole

if TYPE_CHECKING:
    from sim.model import Model

KINDS = (LOCAL, MIGRANT)
"""Jobs in the order of the word ``kind``."""
FIRST = MECHANISMS["placement"].words["fill_order"].index("monitored_first")


def places_due(yearly: float, month_of_year: int) -> int:
    """Return the places of a month: those of the year are spread over its months, whole ones at a time."""
    return whole(yearly * month_of_year / 12.0) - whole(yearly * (month_of_year - 1) / 12.0)


class PlacementOffice(Institution):
    """The office of one lever's jobs. Who gets one works from next month on and keeps or loses it like anybody else."""

    def __init__(self, model: Model, row: int, conditions: Conditions) -> None:
        """Take over one row of the table of placements."""
        super().__init__(model)
        self.county: Model = model
        self.row = row
        self.conditions = conditions
        self.lever = [lever for lever in model.rules.levers if lever.mechanism == "placement"][row]

    def step(self, paid: np.ndarray) -> None:
        """Give this month's jobs: the poorest first, or those in the registry before them."""
        table = self.county.world.levers["placement"][self.row]
        terms = dict(zip(columns_of("placement"), (float(value) for value in table), strict=True))
        yearly = terms["places"] * self.county.county.households / 1000.0 if terms["on"] == 1.0 else 0.0
        yearly *= share_open(self.lever, self.county.month, self.county.state.households, self.county.county)
        places = places_due(yearly, month_of_year(self.county.month))
        if places <= 0:
            return
        chosen, households = self._ordered(int(terms["number"]), int(terms["fill_order"]) == FIRST)
        self._place(chosen[:places], KINDS[int(terms["kind"])])
        fen = whole(terms["cost"])
        if fen > 0:
            groups = self.county.state.households["group"][households[:places]]
            np.add.at(self.county.now[:, INDEX["job_support"]], groups, fen)
            paid[int(terms["number"])] += fen * len(groups)

    def _ordered(self, lever: int, monitored_first: bool) -> tuple[np.ndarray, np.ndarray]:
        """Return the seekers who qualify in the order in which they are served, and their households."""
        state = self.county.state
        persons = state.persons
        free = (persons["alive"] == 1) & (persons["job"] < LOCAL) & (persons["labour"] < LOW_LABOUR)
        free &= (persons["wants_work"] == 1) & (persons["age"] >= WORK_FROM) & (persons["age"] < SEEK_TO)
        seekers = np.flatnonzero(free & (persons["sick_months"] == 0) & (persons["in_school"] == 0))
        households = owners(state, seekers)
        found = np.zeros(len(seekers), bool)
        p, h = persons.matrices, state.households.matrices
        who_qualifies(lever, seekers, households, *self.conditions, p["i1"], p["i2"], p["i4"], h["i1"], h["i2"], h["i4"], found)
        seekers, households = seekers[found], households[found]
        head = state.households["gross_12m"][households] // np.maximum(state.households["members"][households], 1)
        first = 1 - state.households["monitored"][households] if monitored_first else np.zeros(len(head), np.int64)
        order = np.lexsort((head, first))
        return seekers[order], households[order]

    def _place(self, chosen: np.ndarray, kind: int) -> None:
        """Give the jobs, at the pay of the person's own wage level."""
        persons, world = self.county.state.persons, self.county.world
        pay = (world.value("migrant_wage"), world.value("local_wage"), world.value("wage_weak"))
        for person in chosen:
            labour, skill = int(persons["labour"][person]), float(persons["log_skill"][person])
            persons["wage"][person] = set_wage(kind, 0, labour, skill, *pay).wage
        persons["job"][chosen] = kind
        persons["job_since"][chosen] = self.county.month
        persons["job_end"][chosen] = 0
        persons["home_until"][chosen] = 0
