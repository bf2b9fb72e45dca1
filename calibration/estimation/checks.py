"""Is the posterior to be trusted? Pseudo data sets whose truth is known, their ranks, coverage and standardised errors.

Ranks: Cook, Gelman and Rubin (2006), "Validation of Software for Bayesian Models Using Posterior Quantiles", Journal of
    Computational
and Graphical Statistics 15(3); Talts and others (2018), "Validating Bayesian Inference Algorithms with Simulation-Based
Calibration", arXiv 1804.06788.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import special, stats

from calibration.estimation.design import Box
from calibration.estimation.drawn import data_noise
from calibration.estimation.emulator import Emulator
from calibration.estimation.posterior import Posterior, sample_posterior
from calibration.estimation.prior import Priors
from calibration.estimation.region import Region
from calibration.estimation.sampling import Sampling
from calibration.estimation.simulator import Guarded, Numbers, Progress, Simulator, Stage, seeds_of, unsaid

LEVELS = (0.5, 0.9)
"""Levels of the central intervals whose coverage is counted."""

SETS = 200
"""Pseudo data sets of a full check."""

SIGNIFICANCE = 0.01
"""Ranks count as uneven below this p-value, for all parameters together."""

RANKS = 99
"""Draws that a truth is ranked among; ranks run from 0 to this number."""

STREAM = 40
"""Stream of the seeds of pseudo data: no design and no replicate has them."""


class Coverage(NamedTuple):
    """How often intervals hold the truth.

    Attributes:
        level: what was promised.
        share: that held, over all sets and parameters.
        low, high: 95% interval of the share; parameters of one set stand or fall together, so it counts sets more than cells.
        cells: sets times parameters.
        effective: independent trials that they are worth.
    """

    level: float
    share: float
    low: float
    high: float
    cells: int
    effective: float

    @property
    def kept(self) -> bool:
        """Whether the interval holds the level that was promised."""
        return self.low <= self.level <= self.high


@dataclass(frozen=True)
class Check:
    """Pseudo data sets and what became of them.

    Attributes:
        names: of the parameters.
        truths: one row a set.
        ranks: of the truth among `draws` draws.
        errors: posterior mean less truth, over the posterior standard deviation.
        inside: for each of `LEVELS`, whether the central interval held the truth.
        draws: that ranks are among.
        runs: simulator runs used.
    """

    names: tuple[str, ...]
    truths: Numbers
    ranks: np.ndarray
    errors: Numbers
    inside: dict[float, np.ndarray]
    draws: int
    runs: int

    def rank_tests(self, bins: int = 10) -> dict[str, float]:
        """Return the p-value of the chi-square test of uniform ranks for each parameter."""
        return {name: rank_test(column, self.draws, bins) for name, column in zip(self.names, self.ranks.T, strict=True)}

    @property
    def ranks_even(self) -> bool:
        """Whether no parameter's ranks are uneven at the 1% level, corrected for their number (Bonferroni)."""
        return min(self.rank_tests().values()) * len(self.names) >= SIGNIFICANCE

    def coverage(self, level: float) -> Coverage:
        """Return the pooled coverage of a level."""
        return pooled_coverage(self.inside[level], level)

    def coverage_by_parameter(self, level: float) -> dict[str, Coverage]:
        """Return the coverage of each parameter's interval."""
        columns = zip(self.names, self.inside[level].T, strict=True)
        return {name: pooled_coverage(column[:, None], level) for name, column in columns}

    def mean_errors(self) -> dict[str, tuple[float, float]]:
        """Return the mean standardised error of each parameter and its Monte-Carlo error: zero where there is no bias."""
        count = np.sqrt(len(self.errors))
        return {
            name: (float(column.mean()), float(column.std(ddof=1) / count))
            for name, column in zip(self.names, self.errors.T, strict=True)
        }


def rank_test(ranks: Sequence[int] | np.ndarray, draws: int, bins: int = 10) -> float:
    """Return the p-value of the chi-square test that ranks from 0 to ``draws`` are equally likely.

    Raises:
        ValueError: when the bins do not divide the ``draws + 1`` ranks evenly, or hold fewer than five each.
    """
    values = np.asarray(ranks)
    if (draws + 1) % bins or len(values) < 5 * bins:
        raise ValueError(
            f"{bins} bins for ranks 0 to {draws} of {len(values)} sets; allowed: a divisor of {draws + 1}, five sets a bin"
        )
    counts = np.bincount(values * bins // (draws + 1), minlength=bins)
    return float(stats.chisquare(counts).pvalue)


def pooled_coverage(inside: np.ndarray, level: float, confidence: float = 0.95) -> Coverage:
    """Return the share of truths inside with its binomial interval (Clopper and Pearson) over the trials the cells are worth.

    Args:
        inside: one row a set, one column a parameter.
        level: what was promised.
        confidence: of the interval.
    """
    sets, parameters = inside.shape
    share, cells = float(inside.mean()), sets * parameters
    between = float(inside.mean(axis=1).var(ddof=1)) / sets if sets > 1 else 0.0
    worth = share * (1 - share) / between if between > 0 else float(cells)
    effective = float(min(max(worth, 1.0), cells))
    hits, tail = share * effective, (1 - confidence) / 2
    low = 0.0 if hits <= 0 else float(special.betaincinv(hits, effective - hits + 1, tail))
    high = 1.0 if hits >= effective else float(special.betaincinv(hits + 1, effective - hits, 1 - tail))
    return Coverage(level, share, low, high, cells, effective)


def truths_in(box: Box, priors: Priors, count: int, seed: int) -> Numbers:
    """Return draws from the priors cut to a box: truths for which a posterior on that box is exact."""
    return Region.of(priors, box).at(np.random.default_rng(seed).random((count, len(priors.each))))


def check_posterior(
    simulator: Simulator,
    posterior: Posterior,
    sets: int = SETS,
    seed: int = 1,
    sampling: Sampling | None = None,
    truth: Simulator | None = None,
    progress: Progress | None = None,
    stage: Stage = unsaid,
) -> Check:
    """Check a posterior on pseudo data sets: new runs that pass through the same emulator as the data did.

    Truths come from the priors cut to the design. Every set is a run with a seed of its own; where the data have noise that
    runs lack, it is added.

    Args:
        simulator: that the emulator was fitted to.
        posterior: found with it.
        sets: how many pseudo data sets.
        seed: fixed beforehand; it decides truths, runs and draws.
        sampling: of each set; `QUICK` by default.
        truth: another simulator that makes the pseudo data, to see what a wrong model does to the intervals.
        progress: told of the runs.
        stage: told what comes next.
    """
    stage("check", sets)
    guarded = Guarded(truth or simulator, progress)
    truths = truths_in(posterior.emulator.box, posterior.priors, sets, seed)
    rows = pseudo_data(guarded, posterior, truths, seed)
    stage("rank", 0)
    return rank_truths(posterior, truths, rows, sampling or QUICK, guarded.runs)


QUICK = Sampling(walkers=6, burn=300, steps=700, draws=RANKS)
"""Enough for one of many sets."""


def pseudo_data(simulator: Guarded, posterior: Posterior, truths: Numbers, seed: int) -> Numbers:
    """Return pseudo data at the truths: one run each, and the noise that only data have."""
    rows = simulator.batch(truths, seeds_of(seed, len(truths), stream=STREAM))
    if not posterior.noise_in_data:
        rows = posterior.emulator.mean(truths)
    return with_noise(rows, posterior.data_covariance, seed)


def with_noise(rows: Numbers, covariance: Numbers | None, seed: int) -> Numbers:
    """Return runs as pseudo data: with the noise that only data have, of a check's seed."""
    return rows + data_noise(covariance, len(rows), rows.shape[1], np.random.default_rng(seed + 1))


def rank_truths(posterior: Posterior, truths: Numbers, rows: Numbers, sampling: Sampling, runs: int = 0) -> Check:
    """Find the posterior of each row of moments and place its truth in it."""

    def draws(number: int) -> Numbers:
        how = Sampling(sampling.walkers, sampling.burn, sampling.steps, sampling.draws, sampling.seed + number)
        return _draws(posterior, posterior.emulator, rows[number], how)

    return place_truths(posterior.priors.names, truths, map(draws, range(len(rows))), runs)


def place_truths(names: Sequence[str], truths: Numbers, draws: Iterable[Numbers], runs: int) -> Check:
    """Place every truth among the draws of its set.

    Args:
        names: of the parameters.
        truths: one row a set.
        draws: of each set, one row a draw; equally many for all.
        runs: simulator runs used.
    """
    ranks, errors, count = [], [], 0
    for truth, values in zip(truths, draws, strict=True):
        count = len(values)
        ranks.append((values < truth).sum(axis=0))
        errors.append((values.mean(axis=0) - truth) / values.std(axis=0, ddof=1))
    placed = np.array(ranks)
    inside = {level: (placed >= _tail(level, count)) & (placed <= count - _tail(level, count)) for level in LEVELS}
    return Check(tuple(names), truths, placed, np.array(errors), inside, count, runs)


def _tail(level: float, draws: int) -> int:
    """Return how many of the ``draws + 1`` places of a truth lie below its central interval."""
    return round((1 - level) / 2 * (draws + 1))


def _draws(posterior: Posterior, emulator: Emulator, row: Numbers, sampling: Sampling) -> Numbers:
    """Return draws for one row of moments."""
    found = sample_posterior(emulator, row, posterior.priors, sampling, posterior.data_covariance, posterior.noise_in_data)
    return found.values
