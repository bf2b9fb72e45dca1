"""Income dynamics of a panel, as functions of arrays: one row a household, one column a wave, NaN where it was not seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from calibration.moments.weighted import Numbers, fifths, quantile

FLOOR = 0.02
"""Incomes below this share of the wave's weighted median have no place in moments of logs: one near zero would outweigh all
others. How many they are is a moment of its own."""


def log_income(incomes: Numbers, weights: Numbers, floor: float = FLOOR) -> tuple[Numbers, Numbers]:
    """Return log incomes, NaN below the floor, and a flag for each that was seen but lies below it (NaN where not seen)."""
    seen = np.isfinite(incomes)
    low = np.full(incomes.shape, np.nan)
    logs = np.full(incomes.shape, np.nan)
    for wave in range(incomes.shape[1]):
        here = seen[:, wave] & (weights[:, wave] > 0)
        if not here.any():
            continue
        least = max(floor * float(quantile(incomes[here, wave], 0.5, weights[here, wave])), np.finfo(float).tiny)
        fine = here & (incomes[:, wave] >= least)
        logs[fine, wave] = np.log(incomes[fine, wave])
        low[here, wave] = (incomes[here, wave] < least).astype(np.float64)
    return logs, low


def demeaned(logs: Numbers, weights: Numbers) -> Numbers:
    """Return what is left after each wave's weighted mean."""
    shares = np.where(np.isfinite(logs), weights, 0.0)
    total = shares.sum(axis=0)
    sums = np.where(shares > 0, logs, 0.0) * shares
    means = np.divide(sums.sum(axis=0), total, out=np.full(logs.shape[1], np.nan), where=total > 0)
    return np.asarray(logs - means)


def autocovariance(residuals: Numbers, weights: Numbers, lag: int) -> tuple[float, int]:
    """Return the covariance of residuals ``lag`` waves apart, pooled over pairs of waves, and the number of pairs.

    Residuals have mean zero in each wave by construction, so the mean product is the covariance. A pair counts by its earlier
    weight.
    """
    count = residuals.shape[1]
    if lag >= count:
        return np.nan, 0
    first, second = residuals[:, : count - lag], residuals[:, lag:]
    both = np.isfinite(first) & np.isfinite(second) & (weights[:, : count - lag] > 0)
    shares = np.where(both, weights[:, : count - lag], 0.0)
    if not shares.sum() > 0:
        return np.nan, 0
    return float(np.sum(shares * np.where(both, first * second, 0.0)) / shares.sum()), int(both.sum())


def autocovariance_steps(residuals: Numbers, weights: Numbers, lags: int) -> Numbers:
    """Return the autocovariances as successive differences, and the last one as it is.

    Autocovariances at neighbouring lags share the noise of the lasting part; their differences do not.

    Returns:
        c(0) - c(1), c(1) - c(2), ..., c(lags).
    """
    each = np.array([autocovariance(residuals, weights, lag)[0] for lag in range(lags + 1)])
    return np.append(each[:-1] - each[1:], each[-1])


def change_covariance(residuals: Numbers, weights: Numbers, lag: int) -> tuple[float, int]:
    """Return the covariance of changes between neighbouring waves, ``lag`` waves apart, and the number of pairs."""
    return autocovariance(residuals[:, 1:] - residuals[:, :-1], weights[:, :-1], lag)


def mean_change(logs: Numbers, weights: Numbers, years: Numbers) -> tuple[float, int]:
    """Return the mean yearly growth of log income of those seen in neighbouring waves, and the number of pairs."""
    change = (logs[:, 1:] - logs[:, :-1]) / np.diff(years)
    both = np.isfinite(change) & (weights[:, :-1] > 0)
    shares = np.where(both, weights[:, :-1], 0.0)
    if not shares.sum() > 0:
        return np.nan, 0
    return float(np.sum(shares * np.where(both, change, 0.0)) / shares.sum()), int(both.sum())


def shared_covariance(changes: Numbers, weights: Numbers, groups: ArrayLike) -> tuple[float, int]:
    """Return the covariance of changes between different members of a group: what a village or township shares.

    The mean over pairs of the product of their changes in the same two waves; a pair counts by the product of weights.

    Args:
        changes: change of the residual, one row a household and one column a pair of waves.
        weights: of the households at the start of each change.
        groups: a number for each household.
    """
    seen = np.isfinite(changes) & (weights > 0)
    shares = np.where(seen, weights, 0.0)
    parts = np.where(seen, changes, 0.0) * shares
    _, place = np.unique(np.asarray(groups), return_inverse=True)
    total, pairs = 0.0, 0.0
    for wave in range(changes.shape[1]):
        sums, mass = np.bincount(place, parts[:, wave]), np.bincount(place, shares[:, wave])
        total += float(np.sum(sums**2) - np.sum(parts[:, wave] ** 2))
        pairs += float(np.sum(mass**2) - np.sum(shares[:, wave] ** 2))
    return (total / pairs if pairs > 0 else np.nan), int(seen.sum())


def mobility(incomes: Numbers, weights: Numbers, parts: int = 5) -> tuple[Numbers, int]:
    """Return the shares that move from each group to each in the next wave, rows adding up to one, and the pairs seen.

    Groups are formed anew in each wave among those seen in both, so that each holds the same weight.
    """
    table, seen = np.zeros((parts, parts)), 0
    for wave in range(incomes.shape[1] - 1):
        shares = weights[:, wave]
        both = np.isfinite(incomes[:, wave]) & np.isfinite(incomes[:, wave + 1]) & (shares > 0)
        if both.sum() < parts:
            continue
        origin, goal = (fifths(incomes[both, which], shares[both], parts) for which in (wave, wave + 1))
        np.add.at(table, (origin, goal), shares[both])
        seen += int(both.sum())
    with np.errstate(invalid="ignore"):
        return table / table.sum(axis=1, keepdims=True), seen
