"""Simulators whose answers are known in closed form."""

from __future__ import annotations

import numpy as np


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
