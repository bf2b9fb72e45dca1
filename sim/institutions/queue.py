"""Queues of households that finite staff work through, in an order that does not depend on villages or threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from sim.model import Model


class Queue(NamedTuple):
    """Rows of households in their order, and what each takes of the staff's time or measures."""

    rows: np.ndarray
    cost: np.ndarray


def in_order(county: Model, waiting: np.ndarray, since: np.ndarray, order: str) -> np.ndarray:
    """Return rows of households in the order in which they are served; what is equal keeps the county's order.

    Args:
        county: the county.
        waiting: rows of households.
        since: month, of all households, in which their clock started.
        order: ``longest_waiting`` (then the poorest), ``poorest_first``, or ``urgent_first``: whoever is below the poverty line
            as the registry counts, then the longest waiting.
    """
    households = county.state.households
    head = households["net_12m"][waiting] // np.maximum(households["members"][waiting], 1)
    month, day = since[waiting], households["clock_day"][waiting]
    if order == "poorest_first":
        return waiting[np.lexsort((waiting, day, month, head))]
    if order == "urgent_first":
        return waiting[np.lexsort((waiting, head, day, month, ~is_needy(county, waiting)))]
    return waiting[np.lexsort((waiting, head, day, month))]


def is_needy(county: Model, rows: np.ndarray) -> np.ndarray:
    """Say which households are below the poverty line as the registry counts."""
    households = county.state.households
    seen = county.world.value("seen_ratio") * households["net_12m"][rows]
    needy: np.ndarray = seen < county.world.value("poverty_line") * households["members"][rows]
    return needy


def settled_in(queue: Queue, available: int) -> tuple[np.ndarray, int]:
    """Return the households at the head of a queue that what is available is enough for, and what they take."""
    total = np.cumsum(queue.cost)
    count = int(np.searchsorted(total, available, side="right"))
    return queue.rows[:count], int(total[count - 1]) if count else 0
