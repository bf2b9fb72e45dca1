"""A posterior around the point estimate: two designs, an emulator on each, an ensemble sampler, and what the data could not
tell."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from calibration.estimation.design import Box, box_around
from calibration.estimation.drawn import EDGE, Drawn
from calibration.estimation.emulator import Emulator, Likelihood, fit_emulator, needed_runs, run_design
from calibration.estimation.point import Point
from calibration.estimation.prior import Priors
from calibration.estimation.sampling import Draws, Sampling, laplace_points, prior_and, sample
from calibration.estimation.simulator import Guarded, Numbers, Progress, Simulator, Stage, seeds_of, unsaid

FIRST_REACH, REACH = 3.5, 4.0
"""Half sides of the first design in standard errors, and of the next ones in posterior standard deviations."""

WIDE = 1.5
"""A design that is wider than the reach by this factor is made anew, smaller."""


@dataclass(frozen=True)
class Plan:
    """How much to run for a posterior.

    Attributes:
        first: points of the first design, raised to a power of two and to what the surface needs.
        second: points of each later design.
        replicates: runs at the estimate: for whitening and for telling noise from misfit.
        moves: designs after the first; it stops when few draws lie at an edge.
        sampling: of each posterior.
        seed: root of all seeds; other streams than the point estimate's.
    """

    first: int = 256
    second: int = 512
    replicates: int = 64
    moves: int = 3
    sampling: Sampling = field(default_factory=Sampling)
    seed: int = 1


@dataclass(frozen=True)
class Posterior(Drawn):
    """Draws and what has to be printed beside them.

    Attributes:
        priors: what was believed before.
        draws: and how they mix.
        emulator: that the likelihood stands on.
        observed: moments.
        edge: for each parameter, the share of draws at an edge of the design that is no bound of the prior.
        runs: simulator runs used, those of the point estimate not counted.
        designs: how many designs there were.
        pilot: rows of runs at the point estimate.
        data_covariance: noise of the data that runs lack; None for none.
        noise_in_data: whether the data have the noise of a run.
    """

    priors: Priors
    draws: Draws
    emulator: Emulator
    observed: Numbers
    edge: Numbers
    runs: int
    designs: int
    pilot: Numbers
    data_covariance: Numbers | None = None
    noise_in_data: bool = True


def sample_posterior(
    emulator: Emulator,
    observed: ArrayLike,
    priors: Priors,
    sampling: Sampling,
    data_covariance: Numbers | None = None,
    noise_in_data: bool = True,
    centre: ArrayLike | None = None,
) -> Draws:
    """Return draws of the posterior of observed moments under an emulator; nothing outside its design.

    Args:
        emulator: fitted.
        observed: moments.
        priors: of the parameters.
        sampling: how much.
        data_covariance, noise_in_data: as `Likelihood` takes them.
        centre: a point that is likely; the middle of the design by default.
    """
    likelihood = Likelihood(emulator, observed, data_covariance, noise_in_data)
    target = prior_and(likelihood, priors)
    box = emulator.box
    middle = (box.lower + box.upper) / 2 if centre is None else np.asarray(centre, dtype=np.float64)
    starts = laplace_points(target, middle, box.lower, box.upper, 200 * len(middle), sampling.seed)
    return sample(target, starts, sampling)


def edge_shares(values: Numbers, box: Box, priors: Priors) -> Numbers:
    """Return for each parameter the share of draws at an edge of the design that is no bound of its prior."""
    margin = EDGE * box.width
    range_ = priors.upper - priors.lower
    low = (values < box.lower + margin) & (box.lower > priors.lower + 1e-9 * range_)
    high = (values > box.upper - margin) & (box.upper < priors.upper - 1e-9 * range_)
    return np.asarray((low | high).mean(axis=0))


def find_posterior(
    simulator: Simulator,
    point: Point,
    priors: Priors,
    plan: Plan | None = None,
    data_covariance: Numbers | None = None,
    noise_in_data: bool = True,
    progress: Progress | None = None,
    stage: Stage = unsaid,
) -> Posterior:
    """Return the posterior around a point estimate.

    Args:
        simulator: parameters and seeds in, moments out.
        point: the estimate; its observed moments are taken.
        priors: of the parameters.
        plan: how much to run.
        data_covariance, noise_in_data: as `Likelihood` takes them.
        progress: told of the runs.
        stage: told what comes next.
    """
    how = plan or Plan()
    guarded = Guarded(simulator, progress)
    stage("pilot", how.replicates)
    pilot = guarded.moments(point.theta, seeds_of(how.seed, how.replicates, stream=10))
    spread = np.minimum(np.where(np.isfinite(point.errors), point.errors, np.inf), 2 * priors.spreads)
    box = box_around(point.theta, FIRST_REACH * spread, priors)
    centre, count, known = point.theta, how.first, _Pool()
    for number in range(1, how.moves + 2):
        stage("design", design_size(count, len(guarded.parameters), len(guarded.moment_names)))
        known.add(*_design(guarded, box, count, how.seed, number))
        stage("sample", 0)
        emulator = fit_emulator(*known.inside(box), box, guarded.moment_names, pilot)
        draws = sample_posterior(emulator, point.observed, priors, how.sampling, data_covariance, noise_in_data, centre)
        edge = edge_shares(draws.values, box, priors)
        spread = draws.values.std(axis=0)
        if number > how.moves or (number > 1 and edge.max() <= EDGE and not _wasteful(box, spread, priors)):
            break
        centre, count = draws.values.mean(axis=0), how.second
        # where draws stand at the edge their spread is the box's: reach further than it says
        box = box_around(centre, REACH * spread * np.where(edge > EDGE, 1.5, 1.0), priors)
    return Posterior(priors, draws, emulator, point.observed, edge, guarded.runs, number, pilot, data_covariance, noise_in_data)


def _wasteful(box: Box, spread: Numbers, priors: Priors) -> bool:
    """Return whether a design is so much wider than the posterior that a surface on a smaller one would be truer."""
    least = 0.04 * (priors.upper - priors.lower)
    return bool((box.width > WIDE * 2 * REACH * spread + least).any())


def _design(simulator: Guarded, box: Box, count: int, seed: int, number: int) -> tuple[Numbers, Numbers]:
    """Run one design with at least as many points as a surface needs."""
    count = design_size(count, len(simulator.parameters), len(simulator.moment_names))
    return run_design(simulator, box, count, seed + number, seeds_of(seed, count, stream=10 + number))


def design_size(count: int, parameters: int, moments: int) -> int:
    """Return the points of a design: at least as many as are asked for and as a surface needs, a power of two."""
    return 1 << (max(count, needed_runs(parameters, moments)) - 1).bit_length()


class _Pool:
    """All runs of all designs: the old ones that lie in a new box serve again."""

    def __init__(self) -> None:
        """Start with none."""
        self._parts: list[tuple[Numbers, Numbers]] = []

    def add(self, thetas: Numbers, moments: Numbers) -> None:
        """Keep the runs of a design."""
        self._parts.append((thetas, moments))

    def inside(self, box: Box) -> tuple[Numbers, Numbers]:
        """Return the runs inside a box."""
        thetas, moments = (np.vstack(part) for part in zip(*self._parts, strict=True))
        here = box.holds(thetas)
        return thetas[here], moments[here]
