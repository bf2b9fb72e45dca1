"""Leaving a place: what becomes of its holder, and how many leavers at once crowd each other's search."""

from __future__ import annotations

import math

import numpy as np

from sim.events import note_all
from sim.processes.employment import FARM, LOCAL, LOW_LABOUR, SEEK_TO
from sim.state import State


def go_home(state: State, leavers: np.ndarray) -> None:
    """Send holders of temporary work back to the farm."""
    state.persons["job"][leavers] = FARM
    state.persons["wage"][leavers] = 0


def end_posts(state: State, leavers: np.ndarray, month: int) -> None:
    """Send holders of posts back to the farm; who has lost a post looks for work, whatever the wish before."""
    persons = state.persons
    homes = np.searchsorted(state.households["start"], leavers, side="right") - 1
    note_all(state.households, "post_ended", homes, month, persons["wage"][leavers].astype(np.int64))
    go_home(state, leavers)
    persons["job_since"][leavers] = month
    persons["left_post"][leavers] = month
    persons["work_rank"][leavers] = 0.0
    persons["wants_work"][leavers] = 1


def crowding(state: State, vacancies: float) -> float:
    """Return what is left of the chance of finding work when many posts end together: min(1, sqrt(vacancies / seekers)).

    Seekers are those who have lost a post and found no other work since, be it years ago.
    """
    persons = state.persons
    left = np.flatnonzero((persons["left_post"] > 0) & (persons["job_since"] == persons["left_post"]))
    seeking = (persons["alive"][left] == 1) & (persons["wants_work"][left] == 1) & (persons["job"][left] < LOCAL)
    able = (persons["labour"][left] < LOW_LABOUR) & (persons["age"][left] < SEEK_TO)
    seekers = int((seeking & able).sum())
    return 1.0 if seekers <= vacancies else math.sqrt(vacancies / seekers)
