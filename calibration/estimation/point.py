"""The method of simulated moments: a point, its standard errors, and what the data could not tell.

McFadden (1989), "A Method of Simulated Moments for Estimation of Discrete Response Models without Numerical Integration",
Econometrica 57(5); Duffie and Singleton (1993), "Simulated Moments Estimation of Markov Models of Asset Prices", Econometrica
61(4); sensitivity: Andrews, Gentzkow and Shapiro (2017), "Measuring the Sensitivity of Parameter Estimates to Estimation
Moments", Quarterly Journal of Economics 132(4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

from calibration.estimation.prior import Priors
from calibration.estimation.simulator import EstimationError, Guarded, Numbers, Progress, Simulator, seeds_of

STEP = 0.02
"""Difference step of the Jacobian, as a share of a parameter's range: smaller steps see the jumps of discrete households.
Errors stand on the slope through one, two and three of them on either side."""

REPLICATES = 4
"""Runs at each point; they widen the covariance of the moments by 1/R."""

WEIGHTS = ("optimal", "diagonal")
"""``optimal``: the inverse covariance. ``diagonal``: variances only, which is safer when the survey is small (Altonji and Segal
1996, Journal of Business and Economic Statistics 14(3))."""

Flags = NDArray[np.bool_]
"""One for each parameter."""

LEDGE = 0.02
"""A search goes on while it lowers the weighted distance (a chi-square) by more than this."""

WORST_FIT = 2.0
"""A moment does not fit when its residual is larger than this many standard errors of the residual."""


@dataclass(frozen=True)
class Target:
    """What is to be matched.

    Attributes:
        names: of the moments.
        values: observed.
        covariance: of the observed values, by the survey's design.
    """

    names: tuple[str, ...]
    values: Numbers
    covariance: Numbers

    def __post_init__(self) -> None:
        """Check shapes, finiteness and that the covariance can be inverted.

        Raises:
            EstimationError: naming the moments that are wrong.
        """
        size = len(self.names)
        if self.values.shape != (size,) or self.covariance.shape != (size, size):
            shapes = f"{self.values.shape} values and a covariance of {self.covariance.shape}"
            raise EstimationError(f"{shapes} for {size} moments: one value for each name, and a square covariance")
        bad = ~np.isfinite(self.values) | ~np.isfinite(self.covariance).all(axis=1) | ~(np.diag(self.covariance) > 0)
        if bad.any():
            names = ", ".join(name for name, wrong in zip(self.names, bad, strict=True) if wrong)
            raise EstimationError(f"moments without a finite value or a positive variance: {names}. Leave them out")
        root(self.covariance, self.names)

    def only(self, names: Sequence[str]) -> Target:
        """Return the part of these moments, in this order."""
        places = [self.names.index(name) for name in names]
        return Target(tuple(names), self.values[places], self.covariance[np.ix_(places, places)])


def root(covariance: Numbers, names: Sequence[str]) -> Numbers:
    """Return the Cholesky root of a covariance, by way of the correlations so that units do not matter.

    Raises:
        EstimationError: naming the moments that others determine.
    """
    scale = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(scale, scale)
    values, vectors = np.linalg.eigh((correlation + correlation.T) / 2)
    if values[0] < 1e-9:
        heavy = np.argsort(-np.abs(vectors[:, 0]))[:4]
        involved = ", ".join(names[place] for place in heavy if abs(vectors[place, 0]) > 0.1)
        raise EstimationError(
            f"the covariance of the moments is singular along {involved}: some follow from the others. Leave one out"
        )
    return np.asarray(scale[:, None] * np.linalg.cholesky(correlation))


@dataclass(frozen=True)
class Point:
    """A point estimate with everything that has to be printed beside it.

    Attributes:
        parameters: names.
        theta: estimates, in the parameters' units.
        errors: standard errors; infinite along what the moments do not identify.
        covariance: of the estimates.
        at_bound: which estimates lie at a bound of their prior; their standard errors mean little.
        moments: names of the moments.
        observed, simulated: of each moment; simulated at the estimate.
        misfit: residual over its own standard error, for each moment.
        j: overidentification statistic; NaN when there are no more moments than parameters.
        degrees: its degrees of freedom.
        p: its p-value.
        singular: singular values of the whitened Jacobian per range of the parameters, largest first.
        directions: one row for each, the direction in ranges of the parameters.
        jacobian: change of each moment per unit of each parameter.
        sensitivity: change of each estimate in its standard errors when a moment rises by one of its own.
        moment_covariance: that the weights stand on: the data's times 1 + 1/R, or the data's plus the simulator's over R.
        seeds: of the replicates.
        runs: simulator runs used.
        converged: whether the search stopped by itself.
    """

    parameters: tuple[str, ...]
    theta: Numbers
    errors: Numbers
    covariance: Numbers
    at_bound: Flags
    moments: tuple[str, ...]
    observed: Numbers
    simulated: Numbers
    misfit: Numbers
    j: float
    degrees: int
    p: float
    singular: Numbers
    directions: Numbers
    jacobian: Numbers
    sensitivity: Numbers
    moment_covariance: Numbers
    seeds: tuple[int, ...]
    runs: int
    converged: bool

    @property
    def not_fitting(self) -> tuple[str, ...]:
        """Names of the moments that do not fit, the worst first."""
        order = np.argsort(-np.abs(self.misfit))
        return tuple(self.moments[place] for place in order if abs(self.misfit[place]) > WORST_FIT)

    def weak_directions(self, priors: Priors) -> list[tuple[float, str]]:
        """Return directions along which the data say less than the prior: standard error over the prior's, and what moves."""
        told = []
        width = priors.upper - priors.lower
        for value, direction in zip(self.singular, self.directions, strict=True):
            prior_spread = np.sqrt(np.sum((direction * priors.spreads / width) ** 2))
            ratio = np.inf if value <= 0 else 1 / (value * prior_spread)
            if ratio > 1:
                told.append((float(ratio), _direction(direction, self.parameters)))
        return told


def _direction(direction: Numbers, names: Sequence[str]) -> str:
    """Say a direction by its heaviest parameters."""
    heavy = [place for place in np.argsort(-np.abs(direction)) if abs(direction[place]) > 0.3]
    return ", ".join(f"{direction[place]:+.2f} {names[place]}" for place in heavy)


@dataclass(frozen=True)
class Search:
    """How the estimate is searched for.

    Attributes:
        replicates: runs at each point (R).
        step: difference step as a share of the range.
        weights: one of `WEIGHTS`.
        screen: points of a Sobol design over the priors that are tried first; the search starts from the best of them and the
            start.
        most_steps: steps after which the search gives up.
        seed: root of all seeds.
        simulator_covariance: of one run's moments, where it is not that of the data; then the weights stand on data +
            simulator / R.
    """

    replicates: int = REPLICATES
    step: float = STEP
    weights: str = "optimal"
    screen: int = 0
    most_steps: int = 40
    seed: int = 1
    simulator_covariance: Numbers | None = None


def estimate_point(
    simulator: Simulator,
    target: Target,
    priors: Priors,
    search: Search | None = None,
    start: ArrayLike | None = None,
    progress: Progress | None = None,
) -> Point:
    """Estimate parameters by the method of simulated moments with common random numbers.

    Args:
        simulator: parameters and seeds in, moments out.
        target: observed moments and their covariance.
        priors: their bounds limit the search; their shapes do not enter.
        search: how to search.
        start: first point; the priors' medians by default.
        progress: told of the runs.

    Raises:
        EstimationError: when there are fewer moments than parameters, or the simulator breaks its promise.
    """
    how = search or Search()
    guarded = Guarded(simulator, progress)
    _check(guarded, target, priors, how)
    problem = _Problem(guarded, target, priors, how)
    first = problem.unit(priors.medians if start is None else np.asarray(start, dtype=np.float64))
    unit, converged = problem.search(problem.best_of_screen(first))
    return _finish(problem, unit, converged)


def _check(simulator: Guarded, target: Target, priors: Priors, how: Search) -> None:
    """Check that all speak of the same things."""
    priors.check(simulator.parameters)
    if target.names != simulator.moment_names:
        raise EstimationError(
            f"observed moments {', '.join(target.names)}; "
            f"the simulator returns {', '.join(simulator.moment_names)}, in this order"
        )
    if len(target.names) < len(priors.each):
        raise EstimationError(f"{len(target.names)} moments for {len(priors.each)} parameters: at least as many moments")
    if how.weights not in WEIGHTS:
        raise EstimationError(f"weights '{how.weights}'; allowed: {', '.join(WEIGHTS)}")
    if how.replicates < 1 or not 0 < how.step < 0.5:
        raise EstimationError(f"{how.replicates} replicates and step {how.step:g}; allowed: 1 or more, and 0 to 0.5")


class _Problem:
    """The weighted distance between simulated and observed moments, in parameters that run from 0 to 1."""

    def __init__(self, simulator: Guarded, target: Target, priors: Priors, how: Search) -> None:
        """Set the seeds, the covariance and the weights."""
        self.simulator, self.target, self.priors, self.how = simulator, target, priors, how
        self.width = priors.upper - priors.lower
        self.seeds = tuple(seeds_of(how.seed, how.replicates))
        count = how.replicates
        inner = how.simulator_covariance
        self.omega = target.covariance * (1 + 1 / count) if inner is None else target.covariance + inner / count
        weighted = self.omega if how.weights == "optimal" else np.diag(np.diag(self.omega))
        self.whiten = np.linalg.inv(root(weighted, target.names))
        self._known: dict[bytes, Numbers] = {}

    def unit(self, theta: Numbers) -> Numbers:
        """Return a point on the unit scale, inside the bounds."""
        return np.clip((theta - self.priors.lower) / self.width, 0.0, 1.0)

    def theta(self, unit: Numbers) -> Numbers:
        """Return a point in the parameters' units."""
        return np.asarray(self.priors.lower + unit * self.width)

    def means(self, units: Numbers) -> Numbers:
        """Return mean moments of each point, one row each; all new points in one batch, none run twice."""
        new = {unit.tobytes(): unit for unit in units if unit.tobytes() not in self._known}
        if new:
            points = np.repeat(np.array([self.theta(unit) for unit in new.values()]), len(self.seeds), axis=0)
            rows = self.simulator.batch(points, list(self.seeds) * len(new))
            means = rows.reshape(len(new), len(self.seeds), -1).mean(axis=1)
            self._known |= dict(zip(new, means, strict=True))
        return np.array([self._known[unit.tobytes()] for unit in units])

    def residual(self, unit: Numbers) -> Numbers:
        """Return the whitened difference, simulated less observed."""
        return np.asarray(self.whiten @ (self.means(unit[None, :])[0] - self.target.values))

    def search(self, first: Numbers) -> tuple[Numbers, bool]:
        """Return the nearest point found and whether the search stopped by itself.

        Counted moments jump, so a search may stop on a ledge: it goes on with steps twice as wide and with its own again, as
            long as that
        gains something.
        """
        best, cost, converged = first, np.inf, False
        for factor in (1.0, 2.0, 1.0):
            found = optimize.least_squares(
                self.residual,
                np.clip(best, 1e-6, 1 - 1e-6),
                jac=lambda unit, factor=factor: self.whiten @ self.slopes(unit, (factor,)),
                bounds=(0.0, 1.0),
                xtol=1e-7,
                ftol=1e-4,
                gtol=1e-6,
                max_nfev=self.how.most_steps,
            )
            gain = cost - 2 * float(found.cost)
            if gain > 0:
                best, cost, converged = found.x, 2 * float(found.cost), bool(found.status > 0)
            if gain < LEDGE:
                break
        return best, converged

    def slopes(self, unit: Numbers, multiples: Sequence[float]) -> Numbers:
        """Return the change of each moment per range of each parameter: the slope through points on both sides.

        Args:
            unit: where.
            multiples: of the step; several of them even out the jumps of counted moments.
        """
        moves = np.array([sign * multiple * self.how.step for multiple in multiples for sign in (-1.0, 1.0)])
        offsets = np.clip(unit[:, None] + moves, 0.0, 1.0) - unit[:, None]
        points = np.repeat(unit[None, :], offsets.size, axis=0)
        place = np.repeat(np.arange(len(unit)), len(moves))
        points[np.arange(len(points)), place] += offsets.ravel()
        rows = self.means(points).reshape(len(unit), len(moves), -1)
        apart = offsets - offsets.mean(axis=1, keepdims=True)
        return np.asarray(np.einsum("pk,pkm->mp", apart, rows) / np.sum(apart**2, axis=1))

    def best_of_screen(self, first: Numbers) -> Numbers:
        """Return the best of the first point and of a Sobol design over the priors."""
        inner = np.clip(first, 1e-3, 1 - 1e-3)
        if self.how.screen < 1:
            return inner
        shares = stats.qmc.Sobol(len(first), rng=np.random.default_rng(self.how.seed)).random(_power(self.how.screen))
        units = np.vstack([inner, np.clip([self.unit(point) for point in self.priors.at(shares)], 1e-3, 1 - 1e-3)])
        losses = [float(np.sum((self.whiten @ (row - self.target.values)) ** 2)) for row in self.means(units)]
        return np.asarray(units[int(np.argmin(losses))])


def _power(count: int) -> int:
    """Return the next power of two: a Sobol design is balanced at these only."""
    return 1 << max(0, int(count) - 1).bit_length()


def _finish(problem: _Problem, unit: Numbers, converged: bool) -> Point:
    """Return the point with its errors and checks."""
    target, priors, width = problem.target, problem.priors, problem.width
    simulated = problem.means(unit[None, :])[0]
    jacobian = problem.slopes(unit, (1.0, 2.0, 3.0))
    whitened = problem.whiten @ jacobian
    gain = np.linalg.pinv(whitened, rcond=1e-8) @ problem.whiten
    covariance = gain @ problem.omega @ gain.T * np.outer(width, width)
    errors = np.where(_identified(whitened), np.sqrt(np.diag(covariance)), np.inf)
    j, degrees, misfit = _overidentification(problem, jacobian, gain, simulated)
    exact = np.linalg.inv(root(problem.omega, target.names)) @ jacobian
    _, singular, directions = np.linalg.svd(exact, full_matrices=False)
    scale = np.sqrt(np.diag(problem.omega))
    return Point(
        parameters=priors.names,
        theta=problem.theta(unit),
        errors=errors,
        covariance=covariance,
        at_bound=(unit < 1e-3) | (unit > 1 - 1e-3),
        moments=target.names,
        observed=target.values,
        simulated=simulated,
        misfit=misfit,
        j=j,
        degrees=degrees,
        p=float(special.chdtrc(degrees, j)) if degrees > 0 else float("nan"),
        singular=singular,
        directions=directions,
        jacobian=jacobian / width,
        sensitivity=gain * width[:, None] * scale / errors[:, None],
        moment_covariance=problem.omega,
        seeds=problem.seeds,
        runs=problem.simulator.runs,
        converged=converged,
    )


def _identified(whitened: Numbers) -> Flags:
    """Return which parameters the moments move apart from the others (their direction is not in the null space)."""
    _, values, rows = np.linalg.svd(whitened, full_matrices=True)
    values = np.concatenate([values, np.zeros(len(rows) - len(values))])
    null = rows[values < 1e-8 * max(values[0], 1e-300)]
    return np.asarray(np.sum(null**2, axis=0) < 1e-6)


def _overidentification(problem: _Problem, jacobian: Numbers, gain: Numbers, simulated: Numbers) -> tuple[float, int, Numbers]:
    """Return J, its degrees of freedom, and each residual over its standard error.

    With optimal weights J is the weighted distance itself; with others it is the residual against its own covariance
    (Newey 1985, Journal of Econometrics 29(3)).
    """
    residual = simulated - problem.target.values
    keep = np.eye(len(residual)) - jacobian @ gain
    covariance = keep @ problem.omega @ keep.T
    rank = int(np.linalg.matrix_rank(problem.whiten @ jacobian))
    degrees = len(residual) - rank
    spread = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    scale = np.sqrt(np.diag(problem.omega))
    misfit = np.divide(residual, spread, out=np.zeros_like(residual), where=spread > 1e-6 * scale)
    if degrees < 1:
        return float("nan"), 0, misfit
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    parts = vectors[:, -degrees:].T @ (residual / scale)
    return float(np.sum(parts**2 / values[-degrees:])), degrees, misfit
