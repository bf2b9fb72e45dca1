"""Poverty measures of a weighted population (Foster, Greer and Thorbecke 1984), as pure functions.

A person is poor when income lies below the line; at the line nobody is poor. Incomes may be negative: in the indices a gap counts
as one line at most, as in the engine's counts; the shortfall in money counts in full.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def _checked(incomes: ArrayLike, weights: ArrayLike | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return incomes and weights as arrays of the same length, or say what is wrong with them."""
    values = np.asarray(incomes, dtype=np.float64)
    shares = np.ones_like(values) if weights is None else np.asarray(weights, dtype=np.float64)
    if values.ndim != 1 or shares.shape != values.shape:
        raise ValueError(f"{values.shape} incomes and {shares.shape} weights: one weight for each income")
    if not (np.isfinite(values).all() and np.isfinite(shares).all()):
        raise ValueError("incomes and weights must be finite")
    if (shares < 0).any() or shares.sum() <= 0:
        raise ValueError("weights must not be negative, and not all zero")
    return values, shares


def relative_gaps(incomes: ArrayLike, line: float) -> NDArray[np.float64]:
    """Return each person's shortfall as a share of the line; zero from the line upwards."""
    if not line > 0:
        raise ValueError(f"poverty line {line}: must be above zero")
    return np.maximum(0.0, (line - np.asarray(incomes, dtype=np.float64)) / line)


def poverty_index(incomes: ArrayLike, line: float, order: int, weights: ArrayLike | None = None) -> float:
    """Return the Foster-Greer-Thorbecke index of an order.

    Args:
        incomes: income per head of each person, in the unit of the line.
        line: the poverty line.
        order: 0 for the headcount ratio, 1 for the gap, 2 for the squared gap.
        weights: how many persons each stands for; one each by default.

    Raises:
        ValueError: on a line of zero or less, a negative order, or bad weights.
    """
    if order < 0:
        raise ValueError(f"order {order}: must be 0 or more")
    values, shares = _checked(incomes, weights)
    gaps = np.minimum(relative_gaps(values, line), 1.0)
    depths = (gaps > 0).astype(np.float64) if order == 0 else gaps**order
    return float((shares * depths).sum() / shares.sum())


def shortfall(incomes: ArrayLike, line: float, weights: ArrayLike | None = None) -> float:
    """Return the money that would lift everybody to the line, in the unit of the line, summed over persons."""
    values, shares = _checked(incomes, weights)
    return float((shares * relative_gaps(values, line)).sum() * line)


def shortfall_area(incomes_by_month: ArrayLike, line: float, weights: ArrayLike | None = None) -> float:
    """Return the shortfall summed over months, each month counting a twelfth of its yearly shortfall.

    Args:
        incomes_by_month: yearly income per head, one row a month and one column a person.
        line: the yearly poverty line.
        weights: how many persons each column stands for.
    """
    rows = np.atleast_2d(np.asarray(incomes_by_month, dtype=np.float64))
    return float(sum(shortfall(row, line, weights) for row in rows) / 12)
