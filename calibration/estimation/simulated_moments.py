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
from numpy.typing import ArrayLike
from scipy import optimize, special

from calibration.estimation.design import sobol
from calibration.estimation.point import Point
from calibration.estimation.prior import Priors
from calibration.estimation.simulator import EstimationError, Flags, Guarded, Numbers, Progress, Simulator, seeds_of
from calibration.estimation.target import Target, root

STEP = 0.02
"""Difference step of the Jacobian, as a share of a parameter's range: smaller steps see the jumps of discrete households.
Errors stand on the slope through one, two and three of them on either side."""

REPLICATES = 4
"""Runs at each point; they widen the covariance of the moments by 1/R."""

WEIGHTS = ("optimal", "diagonal")
"""``optimal``: the inverse covariance. ``diagonal``: variances only, which is safer when the survey is small (Altonji and Segal
1996, Journal of Business and Economic Statistics 14(3))."""


LEDGE = 0.02
"""A search goes on while it lowers the weighted distance (a chi-square) by more than this."""


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
        shares = sobol(len(first), self.how.screen, self.how.seed)
        units = np.vstack([inner, np.clip([self.unit(point) for point in self.priors.at(shares)], 1e-3, 1 - 1e-3)])
        losses = [float(np.sum((self.whiten @ (row - self.target.values)) ** 2)) for row in self.means(units)]
        return np.asarray(units[int(np.argmin(losses))])


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
