"""Weighted statistics of one wave: quantiles, Lorenz curve, Gini, fifths, and the poverty indices beside FGT
(`experiments.measures`).

Every row counts as many times as its weight says. Rows that are NaN are the caller's to leave out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.measures import poverty_index, relative_gaps

Numbers = NDArray[np.float64]


def checked(values: ArrayLike, weights: ArrayLike | None) -> tuple[Numbers, Numbers]:
    """Return values and weights as arrays of one length.

    Raises:
        ValueError: on other shapes, values that are not finite, or weights that are negative or all zero.
    """
    numbers = np.asarray(values, dtype=np.float64)
    shares = np.ones_like(numbers) if weights is None else np.asarray(weights, dtype=np.float64)
    if numbers.ndim != 1 or numbers.shape != shares.shape:
        raise ValueError(f"{numbers.shape} values and {shares.shape} weights: one weight for each value")
    if not (np.isfinite(numbers).all() and np.isfinite(shares).all()):
        raise ValueError("values and weights must be finite")
    if (shares < 0).any() or shares.sum() <= 0:
        raise ValueError("weights must not be negative, and not all zero")
    return numbers, shares


def quantile(values: ArrayLike, share: ArrayLike, weights: ArrayLike | None = None) -> Numbers:
    """Return the least value at or below which at least this share of the weight lies."""
    numbers, shares = checked(values, weights)
    order = np.argsort(numbers, kind="stable")
    cumulative = np.cumsum(shares[order])
    # the tolerance keeps a share that is met exactly from slipping to the next value by rounding
    places = np.searchsorted(cumulative, np.asarray(share, dtype=np.float64) * cumulative[-1] * (1 - 1e-12))
    return np.asarray(numbers[order][np.minimum(places, len(numbers) - 1)])


def lorenz(values: ArrayLike, weights: ArrayLike | None = None) -> tuple[Numbers, Numbers]:
    """Return cumulative shares of persons and of the total, from (0, 0) to (1, 1), poorest first.

    Raises:
        ValueError: when the total is not positive; then shares of it mean nothing.
    """
    numbers, shares = checked(values, weights)
    order = np.argsort(numbers, kind="stable")
    held = np.cumsum(numbers[order] * shares[order])
    if not held[-1] > 0:
        raise ValueError("the total must be above zero")
    persons = np.cumsum(shares[order])
    return np.concatenate([[0.0], persons / persons[-1]]), np.concatenate([[0.0], held / held[-1]])


def gini(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the Gini coefficient: one less twice the area below the Lorenz polygon.

    It is that of the persons seen (no correction for the size of the sample); above one is possible with negative values.
    """
    persons, held = lorenz(values, weights)
    return float(1 - np.sum(np.diff(persons) * (held[1:] + held[:-1])))


def watts_index(incomes: ArrayLike, line: float, weights: ArrayLike | None = None) -> float:
    """Return the mean log shortfall of the poor over all persons (Watts 1968); incomes must be above zero.

    Raises:
        ValueError: with poor incomes of zero or less, for which it is not defined.
    """
    numbers, shares = checked(incomes, weights)
    poor = relative_gaps(numbers, line) > 0
    if (numbers[poor] <= 0).any():
        raise ValueError(f"{int((numbers[poor] <= 0).sum())} incomes of zero or less: the Watts index is not defined")
    return float(np.sum(shares[poor] * np.log(line / numbers[poor])) / shares.sum())


def sen_index(incomes: ArrayLike, line: float, weights: ArrayLike | None = None) -> float:
    """Return the Sen index of a large population: H (I + (1 - I) G), G the Gini coefficient among the poor.

    Sen (1976), "Poverty: An Ordinal Approach to Measurement", Econometrica 44(2); H is the headcount, I the mean gap of the
    poor. For q poor persons Sen multiplies G by q/(q+1), which has no meaning with weights. Gaps count as one line at most.
    """
    numbers, shares = checked(incomes, weights)
    head = poverty_index(numbers, line, 0, shares)
    if head == 0:
        return 0.0
    gap = poverty_index(numbers, line, 1, shares) / head
    poor = relative_gaps(numbers, line) > 0
    kept = np.maximum(numbers[poor], 0.0)
    if not kept.sum() > 0:
        return head
    return float(head * (gap + (1 - gap) * gini(kept, shares[poor])))


def fifths(values: ArrayLike, weights: ArrayLike | None = None, parts: int = 5) -> NDArray[np.int64]:
    """Return the group of each row, 0 the lowest, by the share of the weight below the middle of the row.

    Rows of equal value stand in the same group only where the border does not fall on them; ties are broken by position.
    """
    numbers, shares = checked(values, weights)
    order = np.argsort(numbers, kind="stable")
    middle = np.cumsum(shares[order]) - shares[order] / 2
    group = np.empty(len(numbers), dtype=np.int64)
    group[order] = np.minimum((middle / shares.sum() * parts).astype(np.int64), parts - 1)
    return group


def fifth_shares(values: ArrayLike, weights: ArrayLike | None = None, parts: int = 5) -> Numbers:
    """Return the share of the total that each group holds, by the Lorenz polygon."""
    persons, held = lorenz(values, weights)
    return np.diff(np.interp(np.linspace(0, 1, parts + 1), persons, held))
