"""What estimation asks of a simulator, and a guard that holds every simulator to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Progress = Callable[[int], None]
"""Is told after every batch how many runs there were in all."""
Stage = Callable[[str, int], None]
"""Is told what comes next (look, search, pilot, design, sample, check or rank) and about how many runs that takes."""


def unsaid(stage: str, runs: int) -> None:
    """Say nothing of what comes next."""


@runtime_checkable
class Simulator(Protocol):
    """Anything that turns parameters and a seed into moments. What it must promise:

    - **Determinism.** The same parameters and seed give the same row, bit for bit, whenever and wherever it is asked. So a
      stored run can stand for a new one, and an estimation that was stopped goes on where it was.
    - **Common random numbers.** Chance comes from the seed alone, never from the parameters: with the seed held, a small
      change of a parameter changes the moments a little. Rows of different seeds are independent.
    - **The survey's measure.** A row holds the moments of *one* simulated panel of the size, waves, design, attrition and
      income operator of the data, through the same measurement operators, in the order of `moment_names`. Where the model
      has less noise than the data (a larger county), say so by `noise_in_data` of the likelihood.
    - **Whole rows.** Every moment is finite inside the bounds of the priors. What cannot be simulated raises an error that
      names the parameters; nothing is filled in.
    - **No memory.** A row does not depend on what was asked before, nor on the order or number of rows asked at once.

    Attributes:
        parameters: names, in the order of ``theta``.
        moment_names: names, in the order of the columns.
    """

    parameters: Sequence[str]
    moment_names: Sequence[str]

    def moments(self, theta: Numbers, seeds: Sequence[int]) -> Numbers:
        """Return the moments at one point: one row for each seed.

        Args:
            theta: one value for each parameter, in its own unit.
            seeds: one for each run.
        """
        ...


@runtime_checkable
class BatchSimulator(Protocol):
    """A simulator that can run many points at once, so that a runner can share them out to processes."""

    def batch(self, thetas: Numbers, seeds: Sequence[int]) -> Numbers:
        """Return one row for each pair of a point (row of ``thetas``) and its seed."""
        ...


class EstimationError(ValueError):
    """What stops an estimation, said with what was given and what is allowed."""


class Guarded:
    """A simulator that is counted and held to shape and finiteness.

    Attributes:
        parameters, moment_names: as of the simulator.
        runs: how many runs were asked of it.
    """

    def __init__(self, simulator: Simulator, progress: Progress | None = None) -> None:
        """Wrap a simulator; a guarded one is wrapped again with its own count."""
        self.simulator = simulator
        self.parameters = tuple(simulator.parameters)
        self.moment_names = tuple(simulator.moment_names)
        self.runs = 0
        self._progress = progress

    def moments(self, theta: ArrayLike, seeds: Sequence[int]) -> Numbers:
        """Return one row for each seed at one point."""
        point = np.asarray(theta, dtype=np.float64)
        return self.batch(np.repeat(point[None, :], len(seeds), axis=0), seeds)

    def mean(self, theta: ArrayLike, seeds: Sequence[int]) -> Numbers:
        """Return the mean over the seeds at one point."""
        return np.asarray(self.moments(theta, seeds).mean(axis=0))

    def batch(self, thetas: ArrayLike, seeds: Sequence[int]) -> Numbers:
        """Return one row for each pair of a point and a seed.

        Raises:
            EstimationError: when the simulator breaks its promise, naming the parameters and the moments.
        """
        points, rows = self.loose(thetas, seeds)
        self._finite(points, rows)
        return rows

    def loose(self, thetas: ArrayLike, seeds: Sequence[int]) -> tuple[Numbers, Numbers]:
        """Return the points and their rows as `batch` does, moments that are not defined at a point as they come: not finite.

        Raises:
            EstimationError: when the simulator returns another shape than it promised.
        """
        points = np.atleast_2d(np.asarray(thetas, dtype=np.float64))
        if len(points) != len(seeds) or points.shape[1] != len(self.parameters):
            asked = f"{points.shape} points and {len(seeds)} seeds"
            raise EstimationError(f"{asked}: one seed for each point, {len(self.parameters)} parameters")
        rows = self._run(points, seeds)
        if rows.shape != (len(points), len(self.moment_names)):
            expected = (len(points), len(self.moment_names))
            raise EstimationError(f"the simulator returned an array of shape {rows.shape}; {expected} was promised")
        self.runs += len(points)
        if self._progress is not None:
            self._progress(self.runs)
        return points, rows

    def _run(self, points: Numbers, seeds: Sequence[int]) -> Numbers:
        """Ask the simulator: in one batch when it can, else point by point with the seeds of each together."""
        if isinstance(self.simulator, BatchSimulator):
            return np.asarray(self.simulator.batch(points, seeds), dtype=np.float64)
        rows = [np.asarray(self.simulator.moments(point, [seed]))[0] for point, seed in zip(points, seeds, strict=True)]
        return np.asarray(rows, dtype=np.float64).reshape(len(points), -1)

    def _finite(self, points: Numbers, rows: Numbers) -> None:
        """Raise at the first row with moments that are not finite."""
        bad = ~np.isfinite(rows)
        if not bad.any():
            return
        row = int(np.argmax(bad.any(axis=1)))
        names = ", ".join(name for name, wrong in zip(self.moment_names, bad[row], strict=True) if wrong)
        values = ", ".join(f"{name}={value:.6g}" for name, value in zip(self.parameters, points[row], strict=True))
        remedy = "leave these moments out, or narrow the bounds of the priors"
        raise EstimationError(f"moments not finite: {names}; at {values} ({int(bad.any(axis=1).sum())} points). {remedy}")


def seeds_of(root: int, count: int, stream: int = 0) -> list[int]:
    """Return seeds of a root: the same for the same root and stream, others for other ones.

    Args:
        root: the seed of the whole estimation.
        count: how many are wanted; the first ones do not depend on it.
        stream: number of the use, so that design, replicates and tests share none.
    """
    return [int(np.random.SeedSequence([root, stream, number]).generate_state(1)[0]) for number in range(count)]
