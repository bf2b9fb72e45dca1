"""Neighbours: what the families of a village see of each other before they decide."""

from __future__ import annotations

import numpy as np

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
