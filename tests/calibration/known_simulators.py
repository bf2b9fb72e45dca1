"""Simulators whose answers are known in closed form."""

from __future__ import annotations

import numpy as np

from calibration.estimation.network import Learned
from calibration.estimation.prior import Prior, Priors
from scenarios.prior import Prior as Belief


class Linear:
    """Moments = start + slopes theta + noise: simulated moments, posterior and coverage are known exactly."""

    def __init__(self, slopes, start, root):
        """Keep the slopes, the start and the root of the noise's covariance."""
        self.slopes, self.start, self.root = np.asarray(slopes, float), np.asarray(start, float), np.asarray(root, float)
        self.parameters = tuple(f"p{place}" for place in range(self.slopes.shape[1]))
        self.moment_names = tuple(f"m{place}" for place in range(len(self.slopes)))

    def moments(self, theta, seeds):
        """Return one row for each seed."""
        noise = np.array([np.random.default_rng(seed).standard_normal(len(self.start)) for seed in seeds])
        return self.start + self.slopes @ np.asarray(theta) + noise @ self.root.T


class Curved(Linear):
    """The same with a square of the first parameter in every moment."""

    def moments(self, theta, seeds):
        """Return one row for each seed."""
        return super().moments(theta, seeds) + 0.3 * np.asarray(theta)[0] ** 2


def linear(moments=5, parameters=2, noise=0.2, seed=11):
    """Return a linear simulator with correlated noise."""
    rng = np.random.default_rng(seed)
    root = noise * (np.eye(moments) + 0.3 * np.tril(rng.standard_normal((moments, moments)), -1))
    return Linear(rng.standard_normal((moments, parameters)), rng.standard_normal(moments), root)


class StandardNormal:
    """In the place of a trained network: what a linear regression leaves is standard normal, as it is for linear simulators."""

    def __init__(self, targets, rows, how):
        """Keep how large it is."""
        self.size = targets.shape[1]
        self.learned = Learned(len(rows), 1.0, 0.0, 0.0, how.seed, {"sbi": "none", "torch": "none"})

    def draw(self, rows, count, seed):
        """Return draws: sets, draws, parameters."""
        return np.random.default_rng(seed).standard_normal((len(rows), count, self.size))


def normal_priors(count, spread=1.0):
    """Return independent normal priors around 0: with a linear simulator the posterior is normal."""
    half = 1.959964 * spread
    return Priors(
        tuple(Prior(Belief(f"p{place}", "normal", -half, half, basis="test"), -6 * spread, 6 * spread) for place in range(count))
    )


def exact_posterior(simulator, observed, spread=1.0, extra=0.0):
    """Return mean and standard deviations of the posterior of a linear simulator under `normal_priors`."""
    noise = simulator.root @ simulator.root.T + extra * np.eye(len(simulator.start))
    weighed = simulator.slopes.T @ np.linalg.inv(noise)
    covariance = np.linalg.inv(weighed @ simulator.slopes + np.eye(simulator.slopes.shape[1]) / spread**2)
    return covariance @ weighed @ (np.asarray(observed) - simulator.start), np.sqrt(np.diag(covariance))
