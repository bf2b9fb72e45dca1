"""Designs of a sensitivity analysis: which points of the space of inputs are run, and with whose luck."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.draws import LUCK
from scenarios.prior import Prior

LUCK_INPUT = "luck"
"""The input that stands for everything random: shocks, health, jobs, weather."""
METHODS = ("sobol", "morris")
LEVELS = 4
"""Levels of Morris' grid."""
CLIP = 1e-6
"""How near points come to the ends of a distribution that has none."""


@dataclass(frozen=True)
class Space:
    """What is varied.

    Attributes:
        inputs: quantile function of each input by the key of its change by hand.
        luck: number of replications that the input `LUCK_INPUT` chooses from.
    """

    inputs: Mapping[str, Callable[[float], float]]
    luck: int

    @property
    def names(self) -> list[str]:
        """The inputs, luck last."""
        return [*self.inputs, LUCK_INPUT]

    @property
    def problem(self) -> dict[str, Any]:
        """The space as SALib takes it: the unit cube."""
        return {"num_vars": len(self.names), "names": self.names, "bounds": [[0.0, 1.0]] * len(self.names)}


def uniform_between(low: float, high: float) -> Prior:
    """Return a uniform range of a lever's knob."""
    return Prior("", "uniform", low, high)


def sample(space: Space, method: str, samples: int, seed: int) -> NDArray[np.float64]:
    """Return the points of a design in the unit cube, one row each.

    Args:
        space: what is varied.
        method: ``sobol`` (Saltelli's design, Sobol' points: samples x (inputs + 2) rows) or ``morris`` (trajectories of one step
            an input: samples x (inputs + 1) rows).
        samples: base points, a power of two for Sobol; or trajectories.
        seed: seed of the design.
    """
    if method == "sobol":
        from SALib.sample import sobol

        points = sobol.sample(space.problem, samples, calc_second_order=False, seed=seed)
    else:
        from SALib.sample import morris

        points = morris.sample(space.problem, samples, num_levels=LEVELS, seed=seed)
    return np.asarray(points, dtype=np.float64)


def design_columns(space: Space, points: NDArray[np.float64]) -> dict[str, list[float] | list[int]]:
    """Return a design as columns of a table of draws: values of the inputs, and the replication whose luck a point meets."""
    inside = np.clip(points, CLIP, 1 - CLIP)
    columns: dict[str, list[float] | list[int]] = {
        key: [float(quantile(float(u))) for u in inside[:, place]] for place, (key, quantile) in enumerate(space.inputs.items())
    }
    columns[LUCK] = [min(int(u * space.luck), space.luck - 1) for u in points[:, -1]]
    return columns


def design_text(columns: Mapping[str, Sequence[float] | Sequence[int]]) -> str:
    """Return a design as CSV, figures to the last bit."""
    text = io.StringIO()
    text.write(",".join(columns) + "\n")
    for row in zip(*columns.values(), strict=True):
        text.write(",".join(repr(value) for value in row) + "\n")
    return text.getvalue()


def check_samples(method: str, samples: int) -> str:
    """Return what is wrong with a number of samples, or nothing."""
    if method == "sobol" and samples & (samples - 1):
        return "a power of two: 16, 32, 64, ..."
    return ""


def design_path(folder: Path) -> Path:
    """Return where a study keeps its design."""
    return folder.absolute() / "design.csv"
