"""Where households stand: their type and income fifth at the end of 2020, and net income per head at the end of a year."""

from __future__ import annotations

import numpy as np

from sim.processes.employment import LOCAL, MIGRANT, OWN, POST, RELIEF
from sim.state import State

HOUSEHOLD_TYPES = ("assisted", "no_worker", "sick", "post", "away", "local", "farm")
"""Types, the first that fits: on dibao or with a tekun member; nobody able to work; a disabled or critically ill member; a member
in a post, a ranger, in a workshop or relief work; a worker away from the county; one with a local job or business; the rest."""
FIFTHS = 5
UNKNOWN = -1
FEN = 100.0


def household_types(state: State) -> np.ndarray:
    """Return the type of every household, a code of `HOUSEHOLD_TYPES`."""
    households, persons = state.households, state.persons
    job, alive = persons["job"], persons["alive"] == 1
    ill = alive & ((persons["critical_illness"] == 1) | (persons["disability_grade"] > 0))
    fits = [
        (households["dibao"] == 1) | (households["any_tekun"] == 1),
        households["able"] == 0,
        _any(state, ill),
        _any(state, alive & (job >= POST) & (job <= RELIEF)),
        _any(state, alive & (job == MIGRANT)),
        _any(state, alive & ((job == LOCAL) | (job == OWN))),
    ]
    kinds: np.ndarray = np.select(fits, np.arange(len(fits)), len(fits)).astype(np.int8)
    return kinds


def _any(state: State, marked: np.ndarray) -> np.ndarray:
    """Say which households have a marked member."""
    slots = state.households["slots"].astype(np.int64)
    owner = np.repeat(np.arange(len(slots)), slots)
    found: np.ndarray = np.bincount(owner, weights=marked, minlength=len(slots)) > 0
    return found


def income_fifths(state: State) -> np.ndarray:
    """Return the fifth of every simulated household by gross income per head of 12 months: 1 the poorest, 5 the best off.

    Fifths hold equal numbers of simulated households: those of the poorer part of the county's villages, not of all of them. Of
    equal incomes the first household counts as the poorer. Households without members have none (-1).
    """
    households = state.households
    there = np.flatnonzero(households["members"] > 0)
    head = households["gross_12m"][there] / households["members"][there]
    rank = np.empty(len(there), np.int64)
    rank[np.argsort(head, kind="stable")] = np.arange(len(there))
    fifths = np.full(len(households), UNKNOWN, np.int8)
    fifths[there] = rank * FIFTHS // max(1, len(there)) + 1
    return fifths


def net_heads(state: State) -> tuple[np.ndarray, np.ndarray]:
    """Return the ids of all households and their net income per head of the last 12 months, in yuan; NaN where nobody is left."""
    households = state.households
    members = households["members"].astype(np.float64)
    heads = np.divide(households["net_12m"] / FEN, members, out=np.full(len(members), np.nan), where=members > 0)
    return households["id"].copy(), heads.astype(np.float32)


def at(wanted: np.ndarray, ids: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the values of some households out of those of all."""
    order = np.argsort(ids)
    found: np.ndarray = values[order[np.searchsorted(ids[order], wanted)]]
    return found


def standing(state: State, ids: np.ndarray) -> dict[str, np.ndarray]:
    """Return type, income fifth and net income per head at the end of 2020 of some households, as columns."""
    everybody = state.households["id"]
    return {
        "type_2020": at(ids, everybody, household_types(state)),
        "fifth_2020": at(ids, everybody, income_fifths(state)),
        "net_head_2020": at(ids, *net_heads(state)),
    }
