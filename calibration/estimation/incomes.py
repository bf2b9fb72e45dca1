"""A persistent-transitory income process with known autocovariances: an income model of its own, and the bench of the estimators.

    y(h,t) = mean + growth t + a(h) + p(h,t) + e(h,t) + c(village,t)
    p(h,t) = rho p(h,t-1) + n(h,t),   e(h,t) = u(h,t) + theta u(h,t-1)

y is the log of income per head. All parts are normal and independent. p is stationary and its parameter is its own variance,
that of n over 1 - rho^2: the autocovariances are then smooth in rho up to a random walk, which a local surface needs. Survey
error that is
independent over waves cannot be told from u by moments of one survey: what is estimated as u contains it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from calibration.estimation.prior import Prior, Priors, uniform
from calibration.estimation.simulator import Numbers
from calibration.moments.income import autocovariance_steps, demeaned, mobility, shared_covariance
from calibration.moments.spells import entry_rate, exit_hazards
from scenarios.prior import Prior as Belief

PARAMETERS = ("mean", "growth", "fixed", "rho", "lasting", "transitory", "ma", "village")
"""Mean log income in the first wave; yearly growth; variance of a; rho; variance of p; variance of u; theta; variance of c."""

RECALLED = "assumption: order of magnitude of estimates from Chinese household panels, recalled; the split is disputed"


def _variance(name: str, low: float, high: float, bounds: tuple[float, float], meaning: str) -> Prior:
    """Return the prior of a variance: positive, over an order of magnitude."""
    return Prior(Belief(name, "lognormal", low, high, basis=RECALLED), *bounds, "log income^2", meaning)


PRIORS = Priors(
    (
        uniform("mean", 8.0, 10.0, "log yuan", "mean log income per head in the first wave"),
        uniform("growth", -0.02, 0.16, "1/year", "yearly growth of log income"),
        _variance("fixed", 0.05, 0.30, (0.01, 0.60), "variance of the fixed part"),
        Prior(Belief("rho", "beta", 0.40, 0.97, 0.75, RECALLED), 0.0, 1.0, "share", "persistence from year to year"),
        _variance("lasting", 0.04, 0.35, (0.01, 0.60), "variance of the part that fades slowly"),
        _variance("transitory", 0.04, 0.30, (0.01, 0.60), "variance of passing shocks and survey error"),
        uniform("ma", 0.0, 0.5, "share", "part of a passing shock that is left a year later"),
        _variance("village", 0.002, 0.04, (0.0005, 0.10), "variance of shocks that a village shares"),
    )
)


def autocovariances(theta: Numbers, lags: int) -> Numbers:
    """Return the autocovariances of log income at lags 0, 1, ... that the process has.

    Args:
        theta: in the order of `PARAMETERS`.
        lags: the largest lag.
    """
    _, _, fixed, rho, lasting, transitory, ma, village = theta
    each = fixed + rho ** np.arange(lags + 1) * lasting
    each[0] += transitory * (1 + ma**2) + village
    if lags:
        each[1] += ma * transitory
    return np.asarray(each)


class IncomeProcess:
    """The process as a simulator: made panels and their moments.

    Attributes:
        parameters: `PARAMETERS`.
        moment_names: of the moments that a row holds.
        households, villages, waves: size of a panel; villages have the same number of households.
        line: log of the poverty line in the first wave; it rises by `LINE_GROWTH` a year.
        lags: largest lag of the autocovariances.
        counted: whether moments that count households are among them; without them the moments are smooth in the parameters.
        tail: degrees of freedom of Student shocks in the place of normal ones, with the same variance; 0 for normal. A truth
            with tails is one that the process with normal shocks cannot be.
    """

    LINE_GROWTH = 0.05

    def __init__(
        self,
        households: int = 1200,
        villages: int = 60,
        waves: int = 8,
        line: float = 8.6,
        tail: int = 0,
        lags: int = 5,
        counted: bool = True,
    ) -> None:
        """Set the size of the panel."""
        self.parameters: Sequence[str] = PARAMETERS
        self.households, self.villages, self.waves = households - households % villages, villages, waves
        self.line, self.tail = line, tail
        self.lags, self.counted = min(lags, waves - 1), counted
        steps = [f"autocovariance {lag}-{lag + 1}" for lag in range(self.lags)]
        rest = ["shared change"]
        rest += ["poor", "entry", "exit after 1", "exit after 2+", "stays lowest", "stays middle"] if counted else []
        self.moment_names: Sequence[str] = ("mean", "growth", *steps, f"autocovariance {self.lags}", *rest)

    def panel(self, theta: Numbers, seed: int) -> Numbers:
        """Return log incomes, one row a household and one column a wave; households of a village stand together."""
        mean, growth, fixed, rho, lasting, transitory, ma, village = theta
        draws = self._draws(seed)
        years = np.arange(self.waves)
        slow = np.sqrt(lasting) * draws["n"]
        for year in years[1:]:
            slow[:, year] = rho * slow[:, year - 1] + np.sqrt(1 - rho**2) * slow[:, year]
        passing = np.sqrt(transitory) * (draws["u"][:, 1:] + ma * draws["u"][:, :-1])
        shared = np.repeat(np.sqrt(village) * draws["c"], self.households // self.villages, axis=0)
        return np.asarray(mean + growth * years + np.sqrt(fixed) * draws["a"] + slow + passing + shared)

    def moments(self, theta: Numbers, seeds: Sequence[int]) -> Numbers:
        """Return one row of moments for each seed."""
        return np.array([self.measure(self.panel(np.asarray(theta, dtype=np.float64), seed)) for seed in seeds])

    def measure(self, logs: Numbers) -> Numbers:
        """Return the moments of a panel of log incomes."""
        ones = np.ones(logs.shape)
        residuals = demeaned(logs, ones)
        steps = autocovariance_steps(residuals, ones, self.lags)
        places = np.arange(self.households) // (self.households // self.villages)
        together = shared_covariance(residuals[:, 1:] - residuals[:, :-1], ones[:, 1:], places)[0]
        level = [float(logs[:, 0].mean()), float((logs[:, -1] - logs[:, 0]).mean() / (self.waves - 1))]
        return np.array([*level, *steps, together, *(self._rates(logs, ones) if self.counted else [])])

    def _rates(self, logs: Numbers, ones: Numbers) -> list[float]:
        """Return the moments that count households: they jump when one more crosses a line."""
        poor = (logs < self.line + self.LINE_GROWTH * np.arange(self.waves)).astype(np.float64)
        out = exit_hazards(poor, ones, 2)
        moves = mobility(logs, ones)[0]
        return [float(poor.mean()), entry_rate(poor, ones)[0], out[0][0], out[1][0], float(moves[0, 0]), float(moves[2, 2])]

    def _draws(self, seed: int) -> dict[str, Numbers]:
        """Return standard draws that depend on the seed alone."""
        rng = np.random.default_rng(seed)
        shapes = {
            "a": (self.households, 1),
            "n": (self.households, self.waves),
            "u": (self.households, self.waves + 1),
            "c": (self.villages, self.waves),
        }
        return {name: self._shocks(rng, shape) for name, shape in shapes.items()}

    def _shocks(self, rng: np.random.Generator, shape: tuple[int, int]) -> Numbers:
        """Return standard shocks, normal or Student with variance one."""
        if not self.tail:
            return rng.standard_normal(shape)
        return np.asarray(rng.standard_t(self.tail, shape) * np.sqrt((self.tail - 2) / self.tail))
