"""A local emulator of moments: a quadratic regression of whitened moments on the parameters, with the full covariance of what
is left.

Near the estimate moments are smooth in the parameters, so a quadratic surface does, and its residuals are the noise of a run. The
likelihood of observed moments is the predictive distribution of that multivariate regression (Student; Geisser 1965, "Bayesian
Estimation in Multivariate Analysis", Annals of Mathematical Statistics 36(1)): the uncertainty of the surface itself enters by
the leverage of a point, that of the covariance by the degrees of freedom. Terms are drawn towards zero as far as the runs ask for
(`calibration.estimation.shrinkage`): slopes that are noise would pass for knowledge of the parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from calibration.estimation.design import Box
from calibration.estimation.shrinkage import shrink
from calibration.estimation.simulator import EstimationError, Guarded, Numbers

SPARE = 2.0
"""A design has at least this many runs for each coefficient of the surface and each moment."""


def features(scaled: Numbers) -> Numbers:
    """Return one, the parameters, and their squares and products, one row a point."""
    size = scaled.shape[1]
    rows, columns = np.triu_indices(size)
    return np.hstack([np.ones((len(scaled), 1)), scaled, scaled[:, rows] * scaled[:, columns]])


def groups_of(size: int) -> np.ndarray:
    """Return the group of each feature: none for one, each parameter its own, all squares and products together.

    The moments that a parameter moves say how large its slopes are; how far the surface bends is a matter of the whole design.
    """
    return np.concatenate([np.arange(1 + size), np.full(size * (size + 1) // 2, size + 1)])


@dataclass(frozen=True)
class Emulator:
    """The fitted surface.

    Attributes:
        box: where it holds.
        names: of the moments.
        coefficients: one row for each feature, one column for each whitened moment.
        inverse: of the features' cross product and their penalties.
        root: Cholesky root that whitens moments: whitened = root^-1 (moment - centre).
        centre: of the moments.
        covariance: of the residuals of one run, whitened.
        degrees: degrees of freedom of that covariance.
        misfit: for each moment, the variance of leave-one-out errors over that of the noise among replicates; near 1 when the
            quadratic surface does. NaN where no replicates were given.
        runs: of the design.
    """

    box: Box
    names: tuple[str, ...]
    coefficients: Numbers
    inverse: Numbers
    root: Numbers
    centre: Numbers
    covariance: Numbers
    degrees: int
    misfit: Numbers
    runs: int

    def whiten(self, moments: ArrayLike) -> Numbers:
        """Return moments in whitened units, one row each."""
        rows = np.atleast_2d(np.asarray(moments, dtype=np.float64)) - self.centre
        return np.asarray(np.linalg.solve(self.root, rows.T).T)

    def mean(self, thetas: ArrayLike) -> Numbers:
        """Return expected moments at points, in their own units."""
        whitened = features(self.box.scaled(thetas)) @ self.coefficients
        return np.asarray(self.centre + whitened @ self.root.T)

    def leverage(self, thetas: ArrayLike) -> Numbers:
        """Return how much the surface's own uncertainty adds to a run's, as a share of its variance."""
        rows = features(self.box.scaled(thetas))
        return np.asarray(((rows @ self.inverse) * rows).sum(axis=1))

    @cached_property
    def noise(self) -> Numbers:
        """Covariance of one run's moments, in their own units."""
        return np.asarray(self.root @ self.covariance @ self.root.T)


def fit_emulator(
    thetas: Numbers, moments: Numbers, box: Box, names: Sequence[str], replicates: Numbers | None = None
) -> Emulator:
    """Fit the surface.

    Args:
        thetas: design points, one row each.
        moments: one run at each point.
        box: where the points lie.
        names: of the moments.
        replicates: runs at one point, to whiten by and to tell noise from misfit; by default the residuals of a first fit whiten.

    Raises:
        EstimationError: with too few runs, saying how many are needed.
    """
    rows = features(box.scaled(thetas))
    count, terms = rows.shape
    needed = needed_runs(thetas.shape[1], moments.shape[1])
    if count < needed:
        raise EstimationError(f"{count} runs for a surface of {terms} terms and {moments.shape[1]} moments: at least {needed}")
    solved: Numbers = np.linalg.pinv(rows).astype(np.float64)
    left = moments - rows @ (solved @ moments)
    centre = moments.mean(axis=0)
    root = whitener(replicates if replicates is not None and len(replicates) > 2 * len(names) else left, names)
    whitened = np.linalg.solve(root, (moments - centre).T).T
    fit = shrink(rows, whitened, groups_of(thetas.shape[1]))
    leverage = ((rows @ fit.inverse) * rows).sum(axis=1)
    errors = (whitened - rows @ fit.coefficients) / (1 - leverage)[:, None]
    misfit = _misfit(errors @ root.T, replicates)
    return Emulator(box, tuple(names), fit.coefficients, fit.inverse, root, centre, fit.covariance, fit.degrees, misfit, count)


def needed_runs(parameters: int, moments: int) -> int:
    """Return how many runs a design needs at least."""
    terms = 1 + parameters + parameters * (parameters + 1) // 2
    return int(np.ceil(SPARE * max(terms, 1) + moments))


def whitener(rows: Numbers, names: Sequence[str]) -> Numbers:
    """Return the Cholesky root of the covariance of rows, by way of their correlations."""
    centred = rows - rows.mean(axis=0)
    spread = np.sqrt((centred**2).mean(axis=0))
    flat = ~(spread > 1e-12 * (1 + np.abs(rows).max(axis=0)))
    if flat.any():
        still = ", ".join(name for name, never in zip(names, flat, strict=True) if never)
        raise EstimationError(f"moments that never move in the design: {still}. Leave them out")
    correlation = centred.T @ centred / len(rows) / np.outer(spread, spread)
    # a trace of ridge: whitening is a change of units, so it may be inexact but not singular
    return np.asarray(spread[:, None] * np.linalg.cholesky(correlation + 1e-8 * np.eye(len(spread))))


def _misfit(left_out: Numbers, replicates: Numbers | None) -> Numbers:
    """Return the variance of leave-one-out errors over the noise of replicates."""
    if replicates is None or len(replicates) < 8:
        return np.full(left_out.shape[1], np.nan)
    return np.asarray((left_out**2).mean(axis=0) / replicates.var(axis=0, ddof=1))


class Likelihood:
    """The log likelihood of observed moments under an emulator.

    What is observed is one realisation of the process, like one run, plus what `data_covariance` adds: noise of the data that
    runs do not have. When simulated panels pass through the survey's own size, design and error, it is zero. When the observed
    moments come from a survey and the runs are of large populations without sampling, it is the survey's covariance and
    ``noise_in_data`` is False.
    """

    def __init__(
        self, emulator: Emulator, observed: ArrayLike, data_covariance: Numbers | None = None, noise_in_data: bool = True
    ) -> None:
        """Turn everything to coordinates in which all covariances are diagonal.

        Args:
            emulator: the surface.
            observed: moments.
            data_covariance: of noise in the data that runs lack.
            noise_in_data: whether the data have the noise of a run.
        """
        self.emulator, self.noise_in_data = emulator, noise_in_data
        base = np.linalg.cholesky(emulator.covariance)
        given = np.zeros_like(emulator.covariance) if data_covariance is None else np.asarray(data_covariance, dtype=np.float64)
        inner = np.linalg.solve(emulator.root, np.linalg.solve(emulator.root, given).T)
        turned = np.linalg.solve(base, np.linalg.solve(base, inner).T)
        self.extra, vectors = np.linalg.eigh((turned + turned.T) / 2)
        self.extra = np.maximum(self.extra, 0.0)
        if not noise_in_data and not self.extra.all():
            raise EstimationError(
                "without a run's noise in the data their own covariance is needed, and must be positive definite"
            )
        self.turn = np.linalg.solve(base, np.eye(len(base))).T @ vectors
        self.observed = (emulator.whiten(observed) @ self.turn)[0]
        self.coefficients = emulator.coefficients @ self.turn

    def parts(self, thetas: ArrayLike) -> tuple[Numbers, Numbers]:
        """Return residuals and variances in the turned coordinates, one row for each point."""
        rows = features(self.emulator.box.scaled(thetas))
        leverage = ((rows @ self.emulator.inverse) * rows).sum(axis=1)
        variances = self.extra + (float(self.noise_in_data) + leverage)[:, None]
        return self.observed - rows @ self.coefficients, variances

    def __call__(self, thetas: ArrayLike) -> Numbers:
        """Return the log likelihood of each point, up to a constant; minus infinity outside the design."""
        inside = self.emulator.box.holds(thetas)
        residuals, variances = self.parts(thetas)
        distance = np.sum(residuals**2 / variances, axis=1)
        degrees = self.emulator.degrees
        tails = -0.5 * (degrees + 1) * np.log1p(distance / degrees)
        return np.where(inside, tails - 0.5 * np.log(variances).sum(axis=1), -np.inf)


def run_design(simulator: Guarded, box: Box, count: int, seed: int, seeds: Sequence[int]) -> tuple[Numbers, Numbers]:
    """Run a design, each point with a seed of its own: the residuals then hold the noise of a run.

    Args:
        simulator: guarded.
        box: where.
        count: points; raised to a power of two.
        seed: of the design's scrambling.
        seeds: at least as many as points.
    """
    points = box.design(count, seed)
    return points, simulator.batch(points, list(seeds)[: len(points)])
