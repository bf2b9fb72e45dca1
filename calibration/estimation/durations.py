"""How long a state lasts, as a regression: Weibull, log-normal and log-logistic models of durations that may be cut off
(censored).

ln t = x'b + sigma z, with z of the smallest extreme value, the normal or the logistic distribution (accelerated failure time).
The hazard of a return to poverty that falls with the time since the exit is a Weibull with sigma above one, or a log-normal
after its peak; part of any fall is heterogeneity, which none of the three tells from a true one. See Wooldridge (2002),
Econometric Analysis of Cross Section and Panel Data, MIT Press, ch. 20.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from calibration.estimation.simulator import Numbers

KINDS = ("weibull", "lognormal", "loglogistic")


class Standard(NamedTuple):
    """A standard distribution on the real line.

    Attributes:
        log_density, log_survival: of z.
        slope: derivative of the log density.
    """

    log_density: Callable[[Numbers], Numbers]
    log_survival: Callable[[Numbers], Numbers]
    slope: Callable[[Numbers], Numbers]


def _normal_log_density(z: Numbers) -> Numbers:
    """Return the log density of the standard normal."""
    return np.asarray(-0.5 * z**2 - 0.5 * np.log(2 * np.pi))


def _logistic_log_survival(z: Numbers) -> Numbers:
    """Return the log survival of the logistic distribution."""
    return np.asarray(-np.logaddexp(0.0, z))


STANDARD = {
    "weibull": Standard(lambda z: z - np.exp(z), lambda z: -np.exp(z), lambda z: 1 - np.exp(z)),
    "lognormal": Standard(_normal_log_density, lambda z: special.log_ndtr(-z), lambda z: -z),
    "loglogistic": Standard(
        lambda z: z + 2 * _logistic_log_survival(z), _logistic_log_survival, lambda z: 1 - 2 * special.expit(z)
    ),
}


class DurationFit(NamedTuple):
    """A fitted model.

    Attributes:
        kind: one of `KINDS`.
        coefficients: of ln t, the constant first.
        sigma: scale of z; the shape of a Weibull is its inverse.
        errors: standard errors of the coefficients and of ln sigma, by the observed information.
        log_likelihood: of ln t, as Stata's streg and textbooks print it; that of t itself is lower by the sum of ln t over
            ended spells.
        spells: how many there are.
        ended: how many of them were seen to end.
    """

    kind: str
    coefficients: Numbers
    sigma: float
    errors: Numbers
    log_likelihood: float
    spells: int
    ended: int

    def hazard(self, times: ArrayLike, covariates: ArrayLike | None = None) -> Numbers:
        """Return the hazard at times, for the same covariates (without the constant)."""
        t = np.asarray(times, dtype=np.float64)
        row = np.append(1.0, np.asarray(covariates if covariates is not None else [], dtype=np.float64))
        z = (np.log(t) - row @ self.coefficients) / self.sigma
        model = STANDARD[self.kind]
        return np.asarray(np.exp(model.log_density(z) - model.log_survival(z)) / (self.sigma * t))

    @property
    def hazard_ratios(self) -> Numbers:
        """Factors on the hazard for one unit more of each covariate.

        Raises:
            ValueError: when the model is no Weibull: only then are hazards proportional.
        """
        if self.kind != "weibull":
            raise ValueError(f"hazard ratios of a {self.kind} model; allowed: weibull, whose hazards are proportional")
        return np.exp(-self.coefficients[1:] / self.sigma)


def fit_durations(
    times: ArrayLike,
    ended: ArrayLike,
    covariates: ArrayLike | None = None,
    kind: str = "weibull",
    weights: ArrayLike | None = None,
) -> DurationFit:
    """Fit a duration model by maximum likelihood.

    Args:
        times: durations, above zero.
        ended: whether each was seen to end; else it was cut off.
        covariates: one row a spell, without a constant.
        kind: one of `KINDS`.
        weights: one for each spell; standard errors then need replicate weights, those returned take them as counts.

    Raises:
        ValueError: on an unknown kind, durations that are not positive, or when no spell ended.
    """
    t, done = np.asarray(times, dtype=np.float64), np.asarray(ended, dtype=bool)
    if kind not in KINDS:
        raise ValueError(f"kind '{kind}'; allowed: {', '.join(KINDS)}")
    if t.ndim != 1 or t.shape != done.shape or not (t > 0).all():
        raise ValueError(f"{t.shape} durations, {done.shape} ends: one for each, durations above zero")
    if not done.any():
        raise ValueError("no spell was seen to end: nothing can be fitted")
    others = np.empty((len(t), 0)) if covariates is None else np.asarray(covariates, dtype=np.float64)
    counts = np.ones_like(t) if weights is None else np.asarray(weights, dtype=np.float64)
    problem = _Likelihood(np.log(t), done, np.column_stack([np.ones(len(t)), others]), counts, STANDARD[kind])
    return problem.fit(kind)


class _Likelihood:
    """The log likelihood of a location-scale model of ln t, with its slopes; covariates are scaled inside."""

    def __init__(self, logs: Numbers, done: np.ndarray, design: Numbers, counts: Numbers, model: Standard) -> None:
        """Keep the data and scale the covariates."""
        self.logs, self.done, self.counts, self.model = logs, done, counts, model
        self.scale = np.where(design.std(axis=0) > 0, design.std(axis=0), 1.0)
        self.design = design / self.scale

    def value(self, parameters: Numbers) -> tuple[float, Numbers]:
        """Return minus the log likelihood and its gradient in coefficients and ln sigma."""
        sigma = np.exp(parameters[-1])
        z = (self.logs - self.design @ parameters[:-1]) / sigma
        density, survival = self.model.log_density(z), self.model.log_survival(z)
        each = np.where(self.done, density - parameters[-1], survival)
        slope = np.where(self.done, self.model.slope(z), -np.exp(np.clip(density - survival, -700, 700)))
        by_location = -(self.counts * slope) @ self.design / sigma
        by_scale = -np.sum(self.counts * (self.done + slope * z))
        return -float(np.sum(self.counts * each)), -np.append(by_location, by_scale)

    def fit(self, kind: str) -> DurationFit:
        """Return the maximum."""
        start = np.append(np.linalg.lstsq(self.design, self.logs, rcond=None)[0], np.log(self.logs.std() + 0.1))
        found = optimize.minimize(self.value, start, jac=True, method="BFGS", options={"gtol": 1e-7, "maxiter": 2000})
        spread = np.sqrt(np.diag(np.linalg.inv(self._information(found.x))))
        scale = np.append(self.scale, 1.0)
        ended = int(self.done.sum())
        return DurationFit(
            kind, found.x[:-1] / self.scale, float(np.exp(found.x[-1])), spread / scale, -float(found.fun), len(self.logs), ended
        )

    def _information(self, parameters: Numbers) -> Numbers:
        """Return the observed information, by central differences of the gradient."""
        steps = 1e-5 * np.maximum(np.abs(parameters), 1.0)
        rows = []
        for place, step in enumerate(steps):
            move = np.zeros_like(parameters)
            move[place] = step
            rows.append((self.value(parameters + move)[1] - self.value(parameters - move)[1]) / (2 * step))
        table = np.array(rows)
        return np.asarray((table + table.T) / 2)
