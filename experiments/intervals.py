"""Mean and Monte-Carlo error over replications."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

CONFIDENCE = 0.95


class Estimate(NamedTuple):
    """A mean over replications.

    Attributes:
        mean: the mean; NaN where nothing was observed.
        error: Monte-Carlo standard error; NaN with fewer than two replications.
        low, high: ends of the 95% interval of the mean (t distribution); NaN with fewer than two replications.
        runs: replications that it is over.
    """

    mean: float
    error: float
    low: float
    high: float
    runs: int


def estimate(values: ArrayLike) -> Estimate:
    """Return mean, standard error and interval of one value per replication; values that are NaN are left out.

    The interval is about the luck of the draws only: it says how far the mean of endlessly many replications may lie,
    not how uncertain the parameters are.
    """
    sample = np.asarray(values, dtype=np.float64)
    sample = sample[~np.isnan(sample)]
    count = len(sample)
    if count == 0:
        return Estimate(np.nan, np.nan, np.nan, np.nan, 0)
    mean = float(sample.mean())
    if count == 1:
        return Estimate(mean, np.nan, np.nan, np.nan, 1)
    error = float(sample.std(ddof=1) / np.sqrt(count))
    half = student_quantile(count - 1) * error
    return Estimate(mean, error, mean - half, mean + half, count)


def student_quantile(degrees: int, confidence: float = CONFIDENCE) -> float:
    """Return the two-sided quantile of the t distribution."""
    # scipy.special loads in a fraction of the time of scipy.stats
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + confidence / 2))
