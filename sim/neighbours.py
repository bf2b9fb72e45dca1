"""Neighbours: what the families of a village see of each other before they decide."""

from __future__ import annotations

import numpy as np

from sim.processes.employment import MIGRANT
from sim.state import State


def note_neighbours(state: State) -> None:
    """Write each village's covered share of this year: residents with cover among those not in employee insurance.

    A village where nobody is asked counts as fully covered.
    """
    persons, villages = state.persons, state.villages
    home = np.repeat(state.households["village"].astype(np.int64), state.households["slots"].astype(np.int64))
    asked = (persons["alive"] == 1) & (persons["employee_insured"] == 0)
    count = np.bincount(home[asked], minlength=len(villages))
    covered = np.bincount(home[asked & (persons["bmi_enrolled"] == 1)], minlength=len(villages))
    villages["enrolled_share"] = np.where(count > 0, covered / np.maximum(count, 1), 1.0)


def compare_villages(state: State) -> None:
    """Note for every village by how much its share of persons working away exceeds the county's, in thousandths."""
    persons, households, villages = state.persons, state.households, state.villages
    village = np.repeat(households["village"].astype(np.int64), households["slots"].astype(np.int64))
    alive = persons["alive"] == 1
    people = np.bincount(village[alive], minlength=len(villages))
    away = np.bincount(village[alive & (persons["job"] == MIGRANT)], minlength=len(villages))
    of_county = away.sum() / max(1, int(people.sum()))
    lead = np.floor(1000.0 * (away / np.maximum(people, 1) - of_county) + 0.5)
    villages["migrant_lead"] = np.where(people > 0, lead, 0.0)
