"""Quantiles of priors: what a probability means for a parameter whose prior says its middle 95%."""

from __future__ import annotations

import math
from functools import cache

from scenarios.prior import Prior

Z95 = 1.959963984540054
"""The 97.5% quantile of the standard normal."""


def prior_quantile(prior: Prior, probability: float) -> float:
    """Return the value below which a parameter lies with a probability.

    Args:
        prior: what is thought likely of it.
        probability: above 0 and below 1; 0 and 1 are allowed for a uniform.
    """
    from scipy.special import betaincinv, ndtri

    low, high = prior.low, prior.high
    if prior.shape == "uniform":
        return low + (high - low) * probability
    if prior.shape == "beta":
        one, two = beta_shape(prior.mean, low, high)
        return float(betaincinv(one, two, probability))
    z = float(ndtri(probability))
    if prior.shape == "normal":
        return (low + high) / 2 + z * (high - low) / (2 * Z95)
    if prior.shape == "lognormal":
        return _lognormal(low, high, z)
    return -_lognormal(-high, -low, -z)


def _lognormal(low: float, high: float, z: float) -> float:
    """Return a quantile of the lognormal whose middle 95% lies between two positive figures."""
    centre = (math.log(low) + math.log(high)) / 2
    return math.exp(centre + z * (math.log(high) - math.log(low)) / (2 * Z95))


@cache
def beta_shape(mean: float, low: float, high: float) -> tuple[float, float]:
    """Return the two shape parameters of a beta with a mean, whose middle 95% is as wide as from low to high."""
    from scipy.optimize import brentq
    from scipy.special import betaincinv

    def excess(log_size: float) -> float:
        one, two = mean * math.exp(log_size), (1 - mean) * math.exp(log_size)
        return float(betaincinv(one, two, 0.975) - betaincinv(one, two, 0.025) - (high - low))

    size = math.exp(brentq(excess, math.log(0.5), math.log(1e6)))
    return mean * size, (1 - mean) * size
