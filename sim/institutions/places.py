"""Where a lever acts: the households among which alone it does, and the share of the county's villages that they are."""

from __future__ import annotations

import numpy as np

from sim.rules import Condition, County, Lever
from sim.state import COUNTY, Columns, attribute, is_reserved


def holds(condition: Condition, households: Columns, county: County) -> np.ndarray:
    """Mark the households that meet a condition on households and the county."""
    met = np.zeros(len(households), bool)
    for clause in condition:
        every = np.ones(len(households), bool)
        for term in clause:
            value = _values(term.attribute, households, county)
            every &= (value >= term.low) & (value <= term.high)
        met |= every
    return met


def _values(name: str, households: Columns, county: County) -> np.ndarray:
    """Return an attribute of every household; one that nobody lives reads 0."""
    column = attribute(name)
    if column is None:
        raise KeyError(f"no attribute {name}")
    if is_reserved(name):
        return np.zeros(1)
    if column in COUNTY:
        return np.full(1, getattr(county, column.name))
    return households[column.name].astype(np.float64)


def share_open(lever: Lever, month: int, households: Columns, county: County) -> float:
    """Return the share of the villages that a lever is meant for, by what it asks of a village, in which it acts in a month."""
    where = lever.where_in(month)
    if where is None:
        return 1.0
    asked = tuple(tuple(term for term in clause if term.attribute.startswith("v.")) for clause in lever.who)
    meant = holds(asked, households, county)
    villages = households["village"]
    served = len(np.unique(villages[meant]))
    return len(np.unique(villages[meant & holds(where, households, county)])) / served if served else 1.0
