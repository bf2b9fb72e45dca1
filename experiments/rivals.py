"""Naive rivals of a forecast: persistence, a linear trend, AR(1), each a whole distribution made of the figures known so far.

All three are Student t distributions. Their spread is estimated from few figures, so that it begins with a guess
(`scenarios/scored.yaml`), which counts as so many observed changes and is outweighed as figures come in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.labels import Label
from scenarios.scored import Spread

FEWEST_FOR_AR = 4
"""Figures that a mean, a persistence and a spread need at least."""
PERSISTENCES = np.linspace(0.0, 0.98, 50)
"""Persistences from year to year that AR(1) chooses among: at 1 it would be the first rival."""


class Known(NamedTuple):
    """A figure that was known.

    Attributes:
        time: its year, where a year stands for its December.
        value: the figure.
    """

    time: float
    value: float


class Predicted(NamedTuple):
    """A rival's forecast of one figure: a Student t distribution."""

    location: float
    scale: float
    degrees: float

    def cdf(self, value: float) -> float:
        """Return the probability of a figure no higher than this one."""
        from scipy.special import stdtr

        return float(stdtr(self.degrees, (value - self.location) / self.scale))

    def crps(self, observed: float) -> float:
        """Return the continuous ranked probability score of what was observed."""
        from scoringrules import crps_t

        return float(crps_t(observed, self.degrees, self.location, self.scale, backend="numpy"))


Rival = Callable[[Sequence[Known], float, Spread], Predicted | None]
"""Forecasts the figure of a time from those known before it; None where they are too few."""


def persistence(known: Sequence[Known], time: float, spread: Spread) -> Predicted | None:
    """Expect the last figure; the spread grows with the square root of the years ahead."""
    if not known:
        return None
    gaps, changes = _steps(known)
    scale = _scale(float(np.sum(changes**2 / gaps)), len(changes), known, spread)
    return Predicted(known[-1].value, scale * _root(time - known[-1].time), spread.weight + len(changes))


def linear_trend(known: Sequence[Known], time: float, spread: Spread) -> Predicted | None:
    """Expect the straight line of least squares to go on; the spread is that of a new figure about it."""
    if len(known) < 2:
        return None
    times, values = np.array(known).T
    centre, around = times.mean(), times - times.mean()
    across = float(np.sum(around**2))
    slope = float(np.sum(around * values)) / across
    left = values - values.mean() - slope * around
    scale = _scale(float(np.sum(left**2)), len(known) - 2, known, spread)
    reach = np.sqrt(1 + 1 / len(known) + (time - centre) ** 2 / across)
    return Predicted(float(values.mean() + slope * (time - centre)), scale * float(reach), spread.weight + len(known) - 2)


def autoregression(known: Sequence[Known], time: float, spread: Spread) -> Predicted | None:
    """Expect a return to the mean, as fast as fits best: AR(1), gaps of several years as that many steps.

    That mean and persistence are estimates adds nothing to its spread but the fewer degrees of freedom.
    """
    if len(known) < FEWEST_FOR_AR:
        return None
    fits = [_autoregressed(known, phi) for phi in PERSISTENCES]
    phi, (mean, squares, _) = max(zip(PERSISTENCES, fits, strict=True), key=lambda pair: pair[1][2])
    pairs = len(known) - 1
    scale = _scale(squares, pairs - 2, known, spread)
    ahead = time - known[-1].time
    location = mean + phi**ahead * (known[-1].value - mean)
    return Predicted(float(location), scale * float(np.sqrt(_summed(phi, ahead))), spread.weight + pairs - 2)


def _autoregressed(known: Sequence[Known], phi: float) -> tuple[float, float, float]:
    """Return the mean that fits best with a persistence, the sum of squares of its yearly errors, and its log likelihood."""
    gaps, _ = _steps(known)
    values = np.array([one.value for one in known])
    kept, width = phi**gaps, _summed(phi, gaps)
    weight = (1 - kept) / width
    mean = float(np.sum(weight * (values[1:] - kept * values[:-1])) / np.sum(weight * (1 - kept)))
    errors = values[1:] - mean - kept * (values[:-1] - mean)
    squares = float(np.sum(errors**2 / width))
    pairs = len(errors)
    # a perfect fit has no logarithm
    floor = max(squares, 1e-12 * float(np.sum(values**2)) + 1e-300)
    return mean, squares, -pairs / 2 * np.log(floor / pairs) - float(np.sum(np.log(width))) / 2


def _summed(phi: float, gap: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the variance that so many years of errors of variance 1 add up to."""
    return np.asarray((1 - phi ** (2 * np.asarray(gap))) / (1 - phi**2))


def _steps(known: Sequence[Known]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the years between figures, and the changes."""
    times, values = np.array(known, dtype=np.float64).T
    return np.diff(times), np.diff(values)


def _scale(squares: float, count: int, known: Sequence[Known], spread: Spread) -> float:
    """Return the standard deviation of a year: observed squares and the guess, each with its weight."""
    guess = spread.share * abs(known[-1].value)
    return float(np.sqrt((squares + spread.weight * guess**2) / (count + spread.weight))) or np.finfo(float).tiny


def _root(years: float) -> float:
    """Return the square root of the years ahead, of a month at least."""
    return float(np.sqrt(max(years, 1 / 12)))


RIVALS: dict[str, tuple[Label, Rival]] = {
    "persistence": (Label("持续（末值不变）", "persistence"), persistence),
    "trend": (Label("线性趋势", "linear trend"), linear_trend),
    "ar1": (Label("AR(1)", "AR(1)"), autoregression),
}
"""The rivals by their names in the files."""
