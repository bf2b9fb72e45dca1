"""Posterior predictive checks: does what the posterior leads one to expect look like the data?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.estimation.drawn import Drawn, data_noise
from calibration.estimation.posterior import Posterior
from calibration.estimation.simulator import Guarded, Numbers, Progress, Simulator, seeds_of

STREAM = 60
"""Stream of the seeds of predictive runs."""


@dataclass(frozen=True)
class Predictive:
    """Observed moments among replicated ones.

    Attributes:
        names: of the moments.
        observed: values.
        mean, spread: of the replicated ones.
        p: two-sided share of replicates that lie as far out, for each moment.
        overall: share of replicates that are as far from the centre as the data, in the metric of their covariance.
        replicates: rows.
        runs: simulator runs used; 0 where the emulator was asked.
    """

    names: tuple[str, ...]
    observed: Numbers
    mean: Numbers
    spread: Numbers
    p: Numbers
    overall: float
    replicates: Numbers
    runs: int

    @property
    def not_fitting(self) -> tuple[str, ...]:
        """Names of the moments with p below 5%, the worst first."""
        order = np.argsort(self.p, kind="stable")
        return tuple(self.names[place] for place in order if self.p[place] < 0.05)


def predict(posterior: Posterior, count: int = 1000, seed: int = 1) -> Predictive:
    """Replicate the data from the emulator: a draw, its expected moments, the noise of a run and of the data."""
    rng = np.random.default_rng(seed)
    thetas = posterior.values[rng.integers(0, len(posterior.values), count)]
    emulator = posterior.emulator
    inner = float(posterior.noise_in_data) + emulator.leverage(thetas)
    noise = rng.standard_normal((count, len(emulator.names))) @ np.linalg.cholesky(emulator.noise).T * np.sqrt(inner)[:, None]
    rows = emulator.mean(thetas) + noise + data_noise(posterior.data_covariance, count, len(emulator.names), rng)
    return _compare(posterior, emulator.names, rows, 0)


def predict_with_runs(
    simulator: Simulator, posterior: Drawn, count: int = 64, seed: int = 1, progress: Progress | None = None
) -> Predictive:
    """Replicate the data with runs of the simulator itself: this also tries an emulator where it matters."""
    rng = np.random.default_rng(seed)
    guarded = Guarded(simulator, progress)
    thetas = posterior.values[rng.integers(0, len(posterior.values), count)]
    rows = guarded.batch(thetas, seeds_of(seed, count, stream=STREAM))
    rows = rows + data_noise(posterior.data_covariance, count, rows.shape[1], rng)
    return _compare(posterior, guarded.moment_names, rows, guarded.runs)


def _compare(posterior: Drawn, names: tuple[str, ...], rows: Numbers, runs: int) -> Predictive:
    """Place the observed moments among replicated ones."""
    observed, mean, spread = posterior.observed, rows.mean(axis=0), rows.std(axis=0, ddof=1)
    below = (rows < observed).mean(axis=0) + 0.5 * (rows == observed).mean(axis=0)
    correlation = np.atleast_2d(np.corrcoef(rows.T)) + 1e-9 * np.eye(len(observed))
    far = [_distance((row - mean) / spread, correlation) for row in (*rows, observed)]
    overall = float(np.mean(np.asarray(far[:-1]) >= far[-1]))
    return Predictive(names, observed, mean, spread, 2 * np.minimum(below, 1 - below), overall, rows, runs)


def _distance(standard: Numbers, correlation: Numbers) -> float:
    """Return the squared Mahalanobis distance."""
    return float(standard @ np.linalg.solve(correlation, standard))
