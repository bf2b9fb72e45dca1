"""Priors with bounds: densities and draws of all parameters together, on the beliefs that `scenarios.prior` holds as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from calibration.estimation.simulator import Numbers
from experiments.quantiles import Z95, beta_shape, prior_quantile
from scenarios.prior import SHAPES
from scenarios.prior import Prior as Belief
from scenarios.problems import nearest

TAIL = 0.001
"""Where no bounds are given a belief is cut where this share of it lies outside on each side."""


@dataclass(frozen=True)
class Prior:
    """A belief between two bounds.

    Attributes:
        belief: shape and range as data; its key is the parameter's name.
        lower, upper: bounds; nothing lies outside.
        unit: of the values.
        meaning: what the parameter is.
    """

    belief: Belief
    lower: float
    upper: float
    unit: str = ""
    meaning: str = ""

    def __post_init__(self) -> None:
        """Check shape and bounds.

        Raises:
            ValueError: naming what is wrong.
        """
        fault = self._fault()
        if fault:
            raise ValueError(f"prior of {self.name}: {fault}")

    def _fault(self) -> str:
        """Say what is wrong; nothing when all is well."""
        one, lower, upper = self.belief, self.lower, self.upper
        if one.shape not in SHAPES:
            return f"shape '{one.shape}'; allowed: {', '.join(SHAPES)}. {nearest(one.shape, SHAPES)}".strip()
        if not (np.isfinite([lower, upper, one.low, one.high]).all() and lower < upper and one.low < one.high):
            return (
                f"bounds {lower:g} to {upper:g}, range {one.low:g} to {one.high:g}; allowed: finite numbers, the lower one first"
            )
        if one.high <= lower or one.low >= upper:
            return f"range {one.low:g} to {one.high:g} outside the bounds {lower:g} to {upper:g}"
        signs = {"lognormal": min(lower, one.low), "negative_lognormal": -max(upper, one.high), "beta": min(lower, 1 - upper)}
        if signs.get(one.shape, 0.0) < 0:
            return f"{one.shape} from {lower:g} to {upper:g}; allowed: values of one sign, within 0 and 1 for a beta"
        return ""

    @property
    def name(self) -> str:
        """Name of the parameter."""
        return self.belief.key

    @property
    def assumed(self) -> bool:
        """Whether nobody's figure stands behind it."""
        return self.belief.basis.startswith("assumption") or not self.belief.basis

    @property
    def _sign(self) -> float:
        """Minus one where the belief is about the negative of the value."""
        return -1.0 if self.belief.shape == "negative_lognormal" else 1.0

    @cached_property
    def _frozen(self) -> Any:
        """The distribution of the value times its sign, before the cut, of scipy."""
        one = self.belief
        if one.shape == "uniform":
            return stats.uniform(one.low, one.high - one.low)
        if one.shape == "beta":
            return stats.beta(*beta_shape(one.mean, one.low, one.high))
        if one.shape == "normal":
            return stats.norm((one.low + one.high) / 2, (one.high - one.low) / (2 * Z95))
        low, high = sorted((abs(one.low), abs(one.high)))
        return stats.lognorm(np.log(high / low) / (2 * Z95), scale=np.sqrt(low * high))

    @cached_property
    def _tails(self) -> tuple[float, float]:
        """Mass below the two ends of the signed value."""
        ends = sorted((self._sign * self.lower, self._sign * self.upper))
        return float(self._frozen.cdf(ends[0])), float(self._frozen.cdf(ends[1]))

    def quantile(self, shares: ArrayLike) -> Numbers:
        """Return the values below which these shares lie."""
        below, above = self._tails
        asked = np.asarray(shares, dtype=np.float64)
        signed = asked if self._sign > 0 else 1 - asked
        values = self._sign * self._frozen.ppf(below + signed * (above - below))
        return np.clip(np.asarray(values, dtype=np.float64), self.lower, self.upper)

    def share_below(self, value: float) -> float:
        """Return the share of the prior below a value."""
        return float(self.shares_below(value))

    def shares_below(self, values: ArrayLike) -> Numbers:
        """Return the shares of the prior below values."""
        below, above = self._tails
        shares = np.clip((self._frozen.cdf(self._sign * np.asarray(values)) - below) / (above - below), 0.0, 1.0)
        return np.asarray(shares if self._sign > 0 else 1 - shares)

    @cached_property
    def spread(self) -> float:
        """Standard deviation, over 4,001 quantiles of equal weight."""
        return float(self.quantile((np.arange(4001) + 0.5) / 4001).std())

    @cached_property
    def constant(self) -> float:
        """What turns the kernel into the log density of the cut distribution."""
        middle = float(self.quantile(0.5))
        below, above = self._tails
        return float(self._frozen.logpdf(self._sign * middle) - self._kernel(np.array([middle]))[0] - np.log(above - below))

    def _kernel(self, values: Numbers) -> Numbers:
        """Return the log density up to a constant, in closed form."""
        one = self.belief
        if one.shape == "uniform":
            return np.where((values >= one.low) & (values <= one.high), 0.0, -np.inf)
        make = {"normal": _normal, "beta": _beta}.get(one.shape, _lognormal)
        return make([one])(np.atleast_1d(values)[..., None])[..., 0].reshape(np.shape(values))

    def log_density(self, values: ArrayLike) -> Numbers:
        """Return the log density; minus infinity outside the bounds and where the density is zero."""
        points = np.asarray(values, dtype=np.float64)
        inside = (points >= self.lower) & (points <= self.upper)
        with np.errstate(divide="ignore", invalid="ignore"):
            density = self._kernel(np.where(inside, points, (self.lower + self.upper) / 2)) + self.constant
        return np.where(inside & ~np.isnan(density), density, -np.inf)


def _normal(beliefs: Sequence[Belief]) -> Callable[[Numbers], Numbers]:
    """Return the kernels of normal densities, one for each column."""
    low, high = (np.array([getattr(one, end) for one in beliefs]) for end in ("low", "high"))
    return lambda values: -0.5 * ((values - (low + high) / 2) * (2 * Z95 / (high - low))) ** 2


def _lognormal(beliefs: Sequence[Belief]) -> Callable[[Numbers], Numbers]:
    """Return the kernels of lognormal densities of values or of their negatives."""
    low, high = (np.log([abs(getattr(one, end)) for one in beliefs]) for end in ("low", "high"))

    def kernel(values: Numbers) -> Numbers:
        logs = np.log(np.abs(values))
        return np.asarray(-0.5 * ((logs - (low + high) / 2) * (2 * Z95 / (high - low))) ** 2 - logs)

    return kernel


def _beta(beliefs: Sequence[Belief]) -> Callable[[Numbers], Numbers]:
    """Return the kernels of beta densities."""
    first, second = np.array([beta_shape(one.mean, one.low, one.high) for one in beliefs]).T
    return lambda values: (first - 1) * np.log(values) + (second - 1) * np.log1p(-values)


def uniform(name: str, lower: float, upper: float, unit: str = "", meaning: str = "", basis: str = "assumption: wide") -> Prior:
    """Return a flat prior between two bounds."""
    return Prior(Belief(name, "uniform", lower, upper, basis=basis), lower, upper, unit, meaning)


def bounded(belief: Belief, lower: float | None = None, upper: float | None = None, unit: str = "", meaning: str = "") -> Prior:
    """Return a belief cut at bounds, or where little of it (`TAIL`) lies outside."""
    ends = (
        (belief.low, belief.high)
        if belief.shape == "uniform"
        else (prior_quantile(belief, TAIL), prior_quantile(belief, 1 - TAIL))
    )
    return Prior(belief, ends[0] if lower is None else lower, ends[1] if upper is None else upper, unit, meaning)


@dataclass(frozen=True)
class Priors:
    """Independent priors of all parameters, in order."""

    each: tuple[Prior, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names in order."""
        return tuple(prior.name for prior in self.each)

    @cached_property
    def lower(self) -> Numbers:
        """Lower bounds."""
        return np.array([prior.lower for prior in self.each])

    @cached_property
    def upper(self) -> Numbers:
        """Upper bounds."""
        return np.array([prior.upper for prior in self.each])

    @cached_property
    def spreads(self) -> Numbers:
        """Standard deviations."""
        return np.array([prior.spread for prior in self.each])

    @cached_property
    def medians(self) -> Numbers:
        """Medians."""
        return np.array([float(prior.quantile(0.5)) for prior in self.each])

    def log_density(self, thetas: ArrayLike) -> Numbers:
        """Return the log density of each row: the sum of `Prior.log_density`, for all parameters of a shape at once."""
        points = np.atleast_2d(np.asarray(thetas, dtype=np.float64))
        low, high = self._support
        inside = np.asarray(((points >= low) & (points <= high)).all(axis=1))
        safe = np.where(inside[:, None], points, self.medians)
        total = np.full(len(points), sum(prior.constant for prior in self.each))
        with np.errstate(divide="ignore", invalid="ignore"):
            for places, kernel in self._kernels:
                total += kernel(safe[:, places]).sum(axis=1)
        return np.where(inside & ~np.isnan(total), total, -np.inf)

    @cached_property
    def _support(self) -> tuple[Numbers, Numbers]:
        """Where the density is not zero: a flat belief may be narrower than its bounds."""
        flat = [prior.belief if prior.belief.shape == "uniform" else None for prior in self.each]
        low = [prior.lower if one is None else max(prior.lower, one.low) for prior, one in zip(self.each, flat, strict=True)]
        high = [prior.upper if one is None else min(prior.upper, one.high) for prior, one in zip(self.each, flat, strict=True)]
        return np.array(low), np.array(high)

    @cached_property
    def _kernels(self) -> list[tuple[list[int], Callable[[Numbers], Numbers]]]:
        """Places of the parameters of each shape, and their log densities up to constants; a flat one has none."""
        found = []
        for shapes, make in ((("normal",), _normal), (("lognormal", "negative_lognormal"), _lognormal), (("beta",), _beta)):
            places = [place for place, prior in enumerate(self.each) if prior.belief.shape in shapes]
            if places:
                found.append((places, make([self.each[place].belief for place in places])))
        return found

    def draw(self, count: int, seed: int) -> Numbers:
        """Return draws, one row each."""
        return self.at(np.random.default_rng(seed).random((count, len(self.each))))

    def at(self, shares: ArrayLike) -> Numbers:
        """Return the points whose marginal shares are given, one row each."""
        points = np.atleast_2d(np.asarray(shares, dtype=np.float64))
        return np.column_stack([prior.quantile(column) for prior, column in zip(self.each, points.T, strict=True)])

    def check(self, names: Sequence[str]) -> None:
        """Check that these are the parameters of a simulator, in its order.

        Raises:
            ValueError: naming both lists.
        """
        if self.names != tuple(names):
            raise ValueError(
                f"priors of {', '.join(self.names)}; the simulator's parameters are {', '.join(names)}, in this order"
            )


def priors_of(beliefs: Iterable[Belief]) -> Priors:
    """Return beliefs, such as those of `scenarios.prior.read_priors`, cut at their tails."""
    return Priors(tuple(bounded(belief) for belief in beliefs))
