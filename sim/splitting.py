"""Splitting of households: what a new household takes along. It is a copy of the old one but for what is shared out by heads."""

from __future__ import annotations

import numpy as np

from sim.draws import descendant
from sim.state import BY_NAME, HOUSEHOLD, Columns

HOUSEHOLDS_ORDER = 900_000
"""A split household's id derives from that of the person who founds it, with this order."""
AS_IS = ("net_year_ago",)
"""Amounts in fen that are not shared: they are per head."""
SHARED = tuple(
    column for column in HOUSEHOLD if column.kind in ("i4", "i8") and column.unit.startswith("fen") and column.name not in AS_IS
)
"""Amounts that are shared out by heads; the remainder stays, so that not one fen is lost."""
COUNTED = ("members_at_test",)
"""Counts shared out in the same way."""
WINDOWS = tuple(column.name for column in HOUSEHOLD if column.name.endswith("_window"))
"""Rings of months; their sums of 12 months follow from them."""


def split_households(
    households: Columns, stems: np.ndarray, founders: np.ndarray, heads: np.ndarray, left: np.ndarray
) -> Columns:
    """Return the households with a new one behind each stem that splits, in the order given.

    Args:
        households: the households as they were.
        stems: rows of the households that split, ascending, once for every new household.
        founders: ids of the persons who found the new ones.
        heads: persons who go to each new one.
        left: persons of every household as it was, those who leave for good not counted.
    """
    order = np.sort(np.concatenate((np.arange(len(households)), stems)), kind="stable")
    fresh = Columns(households.entity, len(order))
    for kind, matrix in households.matrices.items():
        fresh.matrices[kind] = np.ascontiguousarray(matrix[:, order])
    left = left.copy()
    old = np.searchsorted(order, stems, side="left")
    rank = np.arange(len(stems)) - np.searchsorted(stems, stems, side="left")
    for turn in range(int(rank.max(initial=-1)) + 1):
        now = rank == turn
        share_out(fresh, old[now], old[now] + 1 + turn, heads[now], left[stems[now]])
        left[stems[now]] -= heads[now]
    fresh["id"][old + 1 + rank] = [descendant(np.uint64(founder), HOUSEHOLDS_ORDER) for founder in founders]
    return fresh


def share_out(households: Columns, stems: np.ndarray, new: np.ndarray, heads: np.ndarray, persons: np.ndarray) -> None:
    """Share amounts out between stems and new households by heads: so many of so many persons go."""
    for name in (*(column.name for column in SHARED), *COUNTED):
        values = households[name]
        share = values[..., stems].astype(np.int64) * heads // persons
        values[..., new] = share
        values[..., stems] -= share.astype(values.dtype)
    for window in WINDOWS:
        year = f"{window.removesuffix('_window')}_12m"
        if ("household", year) in BY_NAME:
            for rows in (stems, new):
                households[year][rows] = households[window][:, rows].astype(np.int64).sum(axis=0)
    land = households["land_mu"]
    share = (land[stems].astype(np.float64) * heads / persons).astype(np.float32)
    land[new] = share
    land[stems] = (land[stems].astype(np.float64) - share.astype(np.float64)).astype(np.float32)
