"""A synthetic population from a survey: weights moved to a place's known totals, and whole households drawn in proportion.

Method: J.-C. Deville, C.-E. Särndal, Calibration estimators in survey sampling, Journal of the American Statistical Association
1992;87(418):376-382 (raking and the bounded logit), as implemented by pycarus.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.luck import uniforms
from calibration.panel import Panel
from calibration.problems import SurveyReport
from scenarios.problems import listing, nearest

BOUNDS = (0.3, 3.0)
"""New over old weight in the bounded method."""
FAR = 5.0
"""A ratio beyond which raking is said to have run off."""
_CLOSE = 1e-3
"""A marginal is met when it lies this close, relative to its target."""


@dataclass(frozen=True)
class Marginal:
    """A known total of a place.

    Attributes:
        name: what it is, for the report.
        column: column of households. A number is added up over households; with ``low`` and ``high`` its rows are counted.
        total: the total: households, persons, yuan.
        low, high: households whose value lies from low to below high are counted; None adds the values up.
        persons: whether counted households count by their size.
        source: where the total is published.
    """

    name: str
    column: str
    total: float
    low: float | None = None
    high: float | None = None
    persons: bool = False
    source: str = ""

    def of(self, homes: pd.DataFrame) -> np.ndarray:
        """Return what each household adds to the total."""
        values = homes[self.column].to_numpy(dtype=np.float64)
        if self.low is None and self.high is None:
            return values
        low, high = (-np.inf if self.low is None else self.low), (np.inf if self.high is None else self.high)
        inside = ((values >= low) & (values < high)).astype(np.float64)
        return inside * homes["size"].to_numpy(dtype=np.float64) if self.persons else inside


@dataclass(frozen=True)
class Fit:
    """How well one marginal is met: totals with the design weights and with the new ones."""

    name: str
    target: float
    before: float
    after: float

    @property
    def miss(self) -> float:
        """Relative distance from the target."""
        return self.after / self.target - 1.0 if self.target else float(self.after != 0.0)


@dataclass(frozen=True, repr=False)
class Reweighted:
    """A wave with new weights.

    Attributes:
        households: the wave's households with the new ``weight``, those without an answer to a marginal left out.
        fits: every marginal.
        method: ``raking``, or ``logit`` where raking ran off.
        ratios: least, median and largest new over old weight.
        effective: effective sample before and after: (sum of w)^2 / sum of w^2 (Kish 1965).
        left_out: households that did not answer.
    """

    households: pd.DataFrame
    fits: tuple[Fit, ...]
    method: str
    ratios: tuple[float, float, float]
    effective: tuple[float, float]
    left_out: int

    @property
    def met(self) -> bool:
        """Whether every marginal is met."""
        return all(abs(fit.miss) <= _CLOSE for fit in self.fits)


def reweight(panel: Panel, wave: int, marginals: tuple[Marginal, ...], bounds: tuple[float, float] = BOUNDS) -> Reweighted:
    """Move a wave's design weights to a place's totals.

    Raking is tried first; where it fails, or a ratio leaves a fifth to five times, the bounded logit; where that cannot meet the
    totals, raking all the same. Where neither meets them the weights are only scaled: no error, for the fit says so.

    Raises:
        SurveyError: on an unknown wave or column, no marginals, or one that no household adds to.
    """
    report = SurveyReport()
    homes = panel.households[panel.households["wave"] == wave]
    _check(panel, homes, wave, marginals, report)
    whole = homes.dropna(subset=list({marginal.column for marginal in marginals})).reset_index(drop=True)
    parts = pd.DataFrame({f"m{place}": marginal.of(whole) for place, marginal in enumerate(marginals)})
    for marginal, column in zip(marginals, parts, strict=True):
        if not (parts[column] != 0.0).any():
            report.add(
                "households",
                marginal.name,
                "no household adds to it",
                "a total that the sample can meet",
                "merge it with another",
            )
    report.stop()
    old = whole["weight"].to_numpy()
    # one scale first: the sample may stand for a nation, the totals for a county
    scale = marginals[0].total / float(parts["m0"] @ old)
    start = old * scale
    method, new = _solve(parts, start, np.array([marginal.total for marginal in marginals]), bounds)
    ratio = new / start
    fits = tuple(
        Fit(marginal.name, marginal.total, float(parts[column] @ old), float(parts[column] @ new))
        for marginal, column in zip(marginals, parts, strict=True)
    )
    ratios = (float(ratio.min()), float(np.median(ratio)), float(ratio.max()))
    return Reweighted(whole.assign(weight=new), fits, method, ratios, (_kish(old), _kish(new)), len(homes) - len(whole))


def _check(panel: Panel, homes: pd.DataFrame, wave: int, marginals: tuple[Marginal, ...], report: SurveyReport) -> None:
    """Note what cannot be reweighted."""
    if not len(homes):
        report.add("panel", "wave", str(wave), listing(map(str, panel.waves)))
    if not marginals:
        report.add("panel", "marginals", "none", "at least one total")
    for marginal in marginals:
        if not panel.has(marginal.column):
            known = list(panel.households.columns)
            report.add("panel", marginal.column, "no such column", listing(known, 40), nearest(marginal.column, known))
        if not marginal.total > 0.0:
            report.add("panel", marginal.name, f"{marginal.total:g}", "a total above zero")
    report.stop()


def _solve(parts: pd.DataFrame, start: np.ndarray, totals: np.ndarray, bounds: tuple[float, float]) -> tuple[str, np.ndarray]:
    """Return the method and the new weights: raking, or the bounded logit where raking fails or runs off."""
    raked = _calibrated(parts, start, totals, "raking", None)
    if raked is not None and (raked / start).min() >= 1.0 / FAR and (raked / start).max() <= FAR:
        return "raking", raked
    bounded = _calibrated(parts, start, totals, "logit", bounds)
    if bounded is not None:
        return "logit", bounded
    return ("raking", raked) if raked is not None else ("none", start)


def _calibrated(
    parts: pd.DataFrame, start: np.ndarray, totals: np.ndarray, method: str, bounds: tuple[float, float] | None
) -> np.ndarray | None:
    """Return weights by one method; None where it finds none that meets the totals."""
    from pycarus import calibrate
    from pycarus.exceptions import CalibrationError

    # each part divided by its total, so that one tolerance fits persons and yuan
    scaled = pd.DataFrame(parts.to_numpy() / totals, columns=parts.columns).assign(start=start)
    aims = dict.fromkeys(parts.columns, 1.0)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found, _ = calibrate(scaled, aims, method=method, initial_weights_column="start", bounds=bounds, verbose=False)
    except (CalibrationError, ValueError, np.linalg.LinAlgError):
        return None
    weights = np.asarray(found, dtype=np.float64)
    missed = np.abs(parts.to_numpy().T @ weights / totals - 1.0).max()
    return weights if np.isfinite(weights).all() and (weights > 0.0).all() and missed <= _CLOSE else None


def _kish(weights: np.ndarray) -> float:
    """Return the effective sample of weights."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def synthetic_households(reweighted: Reweighted, count: int, seed: int = 1) -> pd.DataFrame:
    """Return whole households drawn in proportion to their weights, systematically: each stands as often as its share says, up or
    down to the next whole number.

    Args:
        reweighted: the wave.
        count: households wanted.
        seed: luck of the start.

    Returns:
        The rows, repeated, with ``origin``, the household of the panel that each copies; every weight is 1. They are copies of
        survey rows: tables of them need the same care as the survey itself.
    """
    weights = reweighted.households["weight"].to_numpy()
    ends = np.cumsum(weights) / weights.sum() * count
    start = float(uniforms(seed, "synthetic", [0])[0])
    times = np.diff(np.concatenate([[0.0], np.floor(ends + start)])).astype(np.int64)
    # the last end is a sum of many parts: rounding must not lose a household
    times[-1] += count - int(times.sum())
    rows = reweighted.households.loc[reweighted.households.index.repeat(times)].reset_index(drop=True)
    return rows.assign(origin=rows["household"], household=np.arange(len(rows)), weight=1.0)
