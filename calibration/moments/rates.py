"""Shares, means and flows of one table, as the families use them: weighted, pooled over waves, with the number of
observations."""

from __future__ import annotations

import numpy as np

from calibration.moments.weighted import Numbers


def mean(values: Numbers, weights: Numbers) -> tuple[float, int]:
    """Return the weighted mean of what was seen, pooled over waves; of flags it is a share."""
    seen = np.isfinite(values) & (weights > 0)
    total = float(np.sum(np.where(seen, weights, 0.0)))
    if not total > 0:
        return np.nan, 0
    return float(np.sum(np.where(seen, values * weights, 0.0)) / total), int(seen.sum())


def mean_where(values: Numbers, where: np.ndarray, weights: Numbers) -> tuple[float, int]:
    """Return the weighted mean among some."""
    return mean(np.where(where, values, np.nan), weights)


def spread(values: Numbers, weights: Numbers) -> tuple[float, int]:
    """Return the weighted standard deviation, pooled over waves."""
    centre, count = mean(values, weights)
    return (float(np.sqrt(mean((values - centre) ** 2, weights)[0])), count) if count else (np.nan, 0)


def kept(flags: Numbers, weights: Numbers) -> tuple[float, int]:
    """Return the share of those with the flag that have it in the next wave too."""
    return mean_where(flags[:, 1:], flags[:, :-1] == 1, weights[:, :-1])


def gained(flags: Numbers, weights: Numbers) -> tuple[float, int]:
    """Return the share of those without the flag that have it in the next wave."""
    return mean_where(flags[:, 1:], flags[:, :-1] == 0, weights[:, :-1])


def ratio(top: Numbers, bottom: Numbers, weights: Numbers) -> tuple[float, int]:
    """Return the ratio of two weighted sums over those with both, pooled over waves."""
    both = np.isfinite(top) & np.isfinite(bottom)
    above, count = mean(np.where(both, top, np.nan), weights)
    below, _ = mean(np.where(both, bottom, np.nan), weights)
    return (above / below if count and below else np.nan), count
