"""Draws from a posterior that is known up to a constant: an ensemble sampler over many points at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.estimation.prior import Priors
from calibration.estimation.simulator import EstimationError, Numbers

LogDensity = Callable[[Numbers], Numbers]
"""Log density of each row, up to a constant; minus infinity where it is zero."""


@dataclass(frozen=True)
class Sampling:
    """How much to sample.

    Attributes:
        walkers: of the ensemble, in multiples of the number of parameters.
        burn: steps that are thrown away.
        steps: steps that are kept.
        draws: how many of them are returned, evenly spaced.
        seed: of the sampler.
    """

    walkers: int = 6
    burn: int = 500
    steps: int = 1500
    draws: int = 2000
    seed: int = 1


@dataclass(frozen=True)
class Draws:
    """Draws and how well they mix.

    Attributes:
        values: one row each.
        autocorrelation: the longest integrated autocorrelation time of a parameter, in steps.
        effective: how many independent draws they are worth, at least.
        acceptance: share of moves that were taken.
    """

    values: Numbers
    autocorrelation: float
    effective: float
    acceptance: float


def sample(log_density: LogDensity, starts: Numbers, how: Sampling) -> Draws:
    """Sample with emcee (Foreman-Mackey and others 2013, Publications of the ASP 125), half differential moves, half stretches.

    Args:
        log_density: vectorised over rows.
        starts: points where it is finite; walkers start from them, drawn with replacement and shaken.
        how: how much.

    Raises:
        EstimationError: when emcee is missing, or no start has a positive density.
    """
    try:
        import emcee
    except ImportError as error:
        raise EstimationError("emcee is missing: pip install 'fangpin[calibration]'") from error
    rng = np.random.default_rng(how.seed)
    size = starts.shape[1]
    count = max(2 * size + 2, how.walkers * size)
    walkers = _spread(log_density, starts, count, rng)
    moves = [(emcee.moves.DEMove(), 0.5), (emcee.moves.StretchMove(), 0.5)]
    sampler = emcee.EnsembleSampler(count, size, log_density, moves=moves, vectorize=True)
    # emcee draws from its own legacy generator: its state is handed over, so that equal seeds give equal draws
    state = emcee.State(walkers, random_state=np.random.RandomState(int(rng.integers(2**31))).get_state())
    state = sampler.run_mcmc(state, how.burn, skip_initial_state_check=True)
    sampler.reset()
    sampler.run_mcmc(state, how.steps, skip_initial_state_check=True)
    time = float(np.nanmax(sampler.get_autocorr_time(tol=0)))
    chain = sampler.get_chain(flat=True)
    places = np.linspace(0, len(chain) - 1, min(how.draws, len(chain))).astype(np.int64)
    kept = float(min(len(chain) / max(time, 1.0), len(places)))
    return Draws(chain[places], time, kept, float(sampler.acceptance_fraction.mean()))


def _spread(log_density: LogDensity, starts: Numbers, count: int, rng: np.random.Generator) -> Numbers:
    """Return starting walkers, drawn by their density from the starts and shaken by a little of their spread."""
    values = log_density(starts)
    fine = np.isfinite(values)
    if not fine.any():
        raise EstimationError("no starting point has a positive posterior: do the priors and the design overlap?")
    points, values = starts[fine], values[fine]
    chances = np.exp((values - values.max()) / 4)
    shake = 0.02 * (points.std(axis=0) + 1e-12)
    walkers = np.empty((0, points.shape[1]))
    while len(walkers) < count:
        tries = points[rng.choice(len(points), count, p=chances / chances.sum())] + shake * rng.standard_normal(
            (count, len(shake))
        )
        walkers = np.vstack([walkers, tries[np.isfinite(log_density(tries))]])
    return walkers[:count]


def laplace_points(log_density: LogDensity, centre: Numbers, lower: Numbers, upper: Numbers, count: int, seed: int) -> Numbers:
    """Return points spread over a box and close to a centre: starts for the sampler."""
    rng = np.random.default_rng(seed)
    wide = lower + rng.random((count, len(lower))) * (upper - lower)
    near = centre + rng.standard_normal((count, len(lower))) * (upper - lower) / 12
    return np.vstack([np.clip(centre, lower, upper)[None, :], near[((near > lower) & (near < upper)).all(axis=1)], wide])


def prior_and(likelihood: LogDensity, priors: Priors) -> LogDensity:
    """Return the log posterior, up to a constant."""

    def log_posterior(thetas: Numbers) -> Numbers:
        prior = priors.log_density(thetas)
        inside = np.isfinite(prior)
        return np.where(inside, prior + likelihood(np.where(inside[:, None], thetas, priors.medians)), -np.inf)

    return log_posterior
