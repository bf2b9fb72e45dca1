"""Variance components of a panel without a simulator: the random-effects split, and a minimum-distance fit of autocovariances.

Swamy and Arora (1972), "The Exact Finite Sample Properties of the Estimators of Coefficients in the Error Components Regression
Models", Econometrica 40(2); Abowd and Card (1989), "On the Covariance Structure of Earnings and Hours Changes", Econometrica
57(2).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import optimize, special

from calibration.estimation.simulator import Numbers
from calibration.moments.income import autocovariance


class ErrorComponents(NamedTuple):
    """A variance split in two.

    Attributes:
        permanent: variance of what a unit has in every wave.
        transitory: variance of the rest.
    """

    permanent: float
    transitory: float

    @property
    def share(self) -> float:
        """Permanent over total."""
        return self.permanent / (self.permanent + self.transitory)


def error_components(values: Numbers, covariates: Numbers | None = None) -> ErrorComponents:
    """Return the random-effects split of a balanced panel by Swamy and Arora, after covariates.

    Args:
        values: one row a unit, one column a wave, no gaps.
        covariates: rows, waves and one layer for each covariate; dummies of waves included by the caller.

    Raises:
        ValueError: with gaps.
    """
    units, waves = values.shape
    if not np.isfinite(values).all():
        raise ValueError(f"{int((~np.isfinite(values)).sum())} values missing: the split needs a balanced panel")
    others = np.empty((units, waves, 0)) if covariates is None else covariates
    centred = (values - values.mean(axis=1, keepdims=True)).ravel()
    inner = (others - others.mean(axis=1, keepdims=True)).reshape(units * waves, -1)
    within, rank = _left_over(centred, inner)
    transitory = within / (units * (waves - 1) - rank)
    means = np.column_stack([np.ones(units), others.mean(axis=1)])
    between, rank = _left_over(values.mean(axis=1), means)
    return ErrorComponents(max(between / (units - rank) - transitory / waves, 0.0), transitory)


def _left_over(values: Numbers, design: Numbers) -> tuple[float, int]:
    """Return the residual sum of squares of a regression, and its rank."""
    if not design.shape[1]:
        return float(values @ values), 0
    scale = np.maximum(np.abs(design).max(axis=0), 1e-300)
    found, _, rank, _ = np.linalg.lstsq(design / scale, values, rcond=1e-9)
    left = values - design / scale @ found
    return float(left @ left), int(rank)


class ProcessFit(NamedTuple):
    """A persistent-transitory process fitted to autocovariances.

    Attributes:
        fixed: variance of what never changes.
        rho: yearly persistence.
        lasting: variance of the part that fades with rho.
        transitory: variance of shocks that pass, survey error included.
        errors: standard errors, in this order; infinite where the autocovariances do not tell them apart.
        misses: fitted less measured autocovariances, from lag 0.
        measured: autocovariances.
        j: overidentification statistic.
        degrees: its degrees of freedom.
        p: its p-value.
    """

    fixed: float
    rho: float
    lasting: float
    transitory: float
    errors: Numbers
    misses: Numbers
    measured: Numbers
    j: float
    degrees: int
    p: float


def fit_process(residuals: Numbers, weights: Numbers, clusters: np.ndarray | None = None, lags: int | None = None) -> ProcessFit:
    """Fit the process to the autocovariances of residual log income, pooled over waves, weighted by their precision.

    Args:
        residuals: log income less the wave's mean (and covariates), one row a unit, one column a year, NaN where not seen.
        weights: of the same shape.
        clusters: sampling unit of each row; each its own by default.
        lags: largest lag; all but the last two by default, where few pairs are left.

    Raises:
        ValueError: with fewer than five lags: four parameters need as many.
    """
    most = residuals.shape[1] - 2 if lags is None else lags
    if most < 4:
        raise ValueError(f"autocovariances up to lag {most}; at least 4 for four parameters")
    measured = np.array([autocovariance(residuals, weights, lag)[0] for lag in range(most + 1)])
    spread = _covariance_of(residuals, weights, np.arange(len(residuals)) if clusters is None else clusters, measured)
    whiten = np.linalg.inv(np.linalg.cholesky(spread))
    total = measured[0]

    def miss(theta: Numbers) -> Numbers:
        return np.asarray(whiten @ (_autocovariances(theta, most) - measured))

    starts = [np.array([total / 3, rho, total / 3, total / 3]) for rho in (0.3, 0.6, 0.9)]
    bounds = (np.array([0.0, -0.5, 0.0, 0.0]), np.array([2 * total, 0.999, 2 * total, 2 * total]))
    found = min((optimize.least_squares(miss, start, bounds=bounds) for start in starts), key=lambda one: one.cost)
    _, singular, rows = np.linalg.svd(found.jac, full_matrices=False)
    told = singular > 1e-6 * singular[0]
    errors = np.sqrt(np.sum((rows[told].T / singular[told]) ** 2, axis=1))
    errors = np.where(np.abs(rows[~told]).max(axis=0, initial=0.0) > 1e-3, np.inf, errors)
    j, degrees = 2 * float(found.cost), most + 1 - 4
    p = float(special.chdtrc(degrees, j)) if degrees else float("nan")
    misses = _autocovariances(found.x, most) - measured
    fixed, rho, lasting, transitory = (float(value) for value in found.x)
    return ProcessFit(fixed, rho, lasting, transitory, errors, misses, measured, j, degrees, p)


def _autocovariances(theta: Numbers, lags: int) -> Numbers:
    """Return the autocovariances of the process."""
    fixed, rho, lasting, transitory = theta
    each = fixed + lasting * rho ** np.arange(lags + 1)
    each[0] += transitory
    return np.asarray(each)


def _covariance_of(residuals: Numbers, weights: Numbers, clusters: np.ndarray, measured: Numbers) -> Numbers:
    """Return the covariance of pooled autocovariances by linearisation over sampling units."""
    _, place = np.unique(clusters, return_inverse=True)
    count = residuals.shape[1]
    parts = []
    for lag, value in enumerate(measured):
        first, second = residuals[:, : count - lag], residuals[:, lag:]
        share = np.where(np.isfinite(first * second), weights[:, : count - lag], 0.0)
        apart = np.where(share > 0, first * second - value, 0.0) * share
        parts.append(np.bincount(place, apart.sum(axis=1)) / share.sum())
    table = np.array(parts)
    units = table.shape[1]
    return np.asarray(table @ table.T * units / (units - 1))
