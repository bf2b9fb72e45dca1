"""Households at risk for the first time after 2020: who, when, and what had happened to them last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.eventkinds import KINDS
from sim.rules import month_of_year
from sim.state import WINDOW

if TYPE_CHECKING:
    from sim.model import Model

LINE, NOTHING = "line", "nothing"
BEFORE = (*(kind.name for kind in KINDS), LINE, NOTHING)
"""What came before: the last event of a year's window; without one the line, where it has just risen, or nothing noted."""


def new_risks(model: Model) -> dict[str, np.ndarray]:
    """Return the households that are below the monitoring line this month for the first time, as columns.

    The columns: month, household, group, village, township, and what came before (place in `BEFORE`).
    """
    households = model.state.households
    places = np.flatnonzero((households["first_at_risk"] == model.month) & (households["members"] > 0))
    villages = households["village"][places]
    return {
        "month": np.full(len(places), model.month, np.int32),
        "household": households["id"][places],
        "group": households["group"][places],
        "village": villages,
        "township": model.state.villages["township"][villages],
        "event": last_events(households["event_month"][:, places], households["event_size"][:, places], model.month),
    }


def last_events(months: np.ndarray, sizes: np.ndarray, month: int) -> np.ndarray:
    """Return what came before a month, by household: the latest event of its last twelve months, of equal months the largest.

    Args:
        months, sizes: month of the last event of each kind and its amount in fen: a row a kind, a column a household.
        month: the month at risk; in January the lines have just risen.
    """
    kinds, count = months.shape
    recent = np.where((months > 0) & (months > month - WINDOW) & (months <= month), months, 0).astype(np.int64)
    # latest first, then largest, then the order of the kinds
    order = np.lexsort((np.broadcast_to(np.arange(kinds)[:, None], (kinds, count)), -sizes.astype(np.int64), -recent), axis=0)
    first = order[0] if count else np.zeros(0, np.int64)
    none = recent.max(axis=0, initial=0) == 0
    found: np.ndarray = np.where(none, BEFORE.index(LINE if month_of_year(month) == 1 else NOTHING), first)
    return found


def risk_table(model: Model) -> dict[str, np.ndarray]:
    """Return a row for each household at risk for the first time: month, household, group, village, township, event by name."""
    found = [new_risks(model)] if not model.risks else model.risks
    table = {name: np.concatenate([part[name] for part in found]) for name in found[0]}
    return {**table, "event": np.array(BEFORE, dtype=object)[table["event"]]}
