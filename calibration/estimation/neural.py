"""Neural posterior estimation: a second opinion beside the emulator, from other runs and with another approximation.

A density of the parameters given the moments is learned from runs at points of the prior (Papamakarios and Murray 2016, "Fast
epsilon-free Inference of Simulation Models with Bayesian Conditional Density Estimation", NeurIPS 29). It supposes no quadratic
surface and no normal noise. Over the whole prior few runs leave it blunt, so the next rounds cut the prior to where the last
left draws (Deistler, Goncalves and Macke 2022, "Truncated proposals for scalable and hassle-free simulation-based inference",
NeurIPS 35), or there is one round on the box of the emulator that it stands beside: both then answer the same question.

Each parameter stands for the normal score of its share of the prior: the prior is then standard normal, no draw lies outside its
bounds, and a parameter that the data do not tell comes out as the prior.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from calibration.estimation.checks import RANKS, Check, place_truths, with_noise
from calibration.estimation.design import Box, sobol
from calibration.estimation.drawn import Drawn, data_noise
from calibration.estimation.emulator import needed_runs, whitener
from calibration.estimation.headstart import Headstart
from calibration.estimation.network import Learned, Network, Training, train
from calibration.estimation.posterior import design_size, edge_shares
from calibration.estimation.prior import Priors
from calibration.estimation.region import Region
from calibration.estimation.sampling import Draws
from calibration.estimation.simulator import (
    EstimationError,
    Flags,
    Guarded,
    Numbers,
    Progress,
    Simulator,
    Stage,
    seeds_of,
    unsaid,
)

STREAM, TRUTHS = 70, 79
"""Streams of the seeds of the first round's runs (the next ones follow), and of pseudo data."""
MARGIN = 0.1
"""The next round reaches beyond the draws of the last by this share of their range on each side."""
DEFINED = 0.9
"""Moments that fewer of the runs than this define are left out; of the others the runs that do not define them."""
AGAIN = 10
"""How often truths of pseudo data that lack a moment are drawn anew."""
NARROWER = 0.8
"""There is a next round where the prior of some parameter is cut below this share of the last."""


@dataclass(frozen=True)
class NeuralPlan:
    """How much to run and how to learn.

    Attributes:
        points: runs of a round, raised to a power of two and to what a design of the emulator needs.
        rounds: at most; one where a box is given.
        draws: of the posterior.
        training: of the network.
        seed: root of all seeds.
    """

    points: int = 256
    rounds: int = 3
    draws: int = 2000
    training: Training = field(default_factory=Training)
    seed: int = 1


@dataclass(frozen=True)
class Summary:
    """Moments as the network takes them: those defined nearly everywhere, in units of the noise of one pseudo data set.

    Attributes:
        names: of all moments.
        places: of those that are taken.
        centre, root: whitened = root^-1 (moments - centre).
    """

    names: tuple[str, ...]
    places: np.ndarray
    centre: Numbers
    root: Numbers

    def __call__(self, rows: Numbers) -> Numbers:
        """Return whitened moments, one row each."""
        taken = np.atleast_2d(rows)[:, self.places] - self.centre
        return np.asarray(np.linalg.solve(self.root, taken.T).T)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Names of the moments that too many points do not define."""
        return tuple(name for place, name in enumerate(self.names) if place not in self.places)


@dataclass(frozen=True)
class NeuralPosterior(Drawn):
    """Draws of the density at the observed moments, and the density itself.

    Attributes:
        priors, draws, observed, edge, data_covariance: as of `Drawn`.
        region: the part of the prior that the network has learned.
        summary: what the network takes.
        start: linear regression that the network begins with.
        network: trained.
        beyond: share of the training rows that lie as far from their centre as the data do: near 0, the data are unlike
            anything the network has seen and its answer is a guess.
        runs: simulator runs used.
        rounds: how many there were.
    """

    priors: Priors
    draws: Draws
    observed: Numbers
    edge: Numbers
    data_covariance: Numbers | None
    region: Region
    summary: Summary
    start: Headstart
    network: Network
    beyond: float
    runs: int
    rounds: int

    @property
    def learned(self) -> Learned:
        """How training went."""
        return self.network.learned

    def at(self, rows: Numbers, count: int, seed: int) -> Numbers:
        """Return draws for rows of moments: sets, draws, parameters in their own units."""
        return _drawn(self.region, self.start, self.network, self.summary(rows), count, seed)


def _drawn(region: Region, start: Headstart, network: Network, seen: Numbers, count: int, seed: int) -> Numbers:
    """Return draws for whitened moments: sets, draws, parameters in their own units."""
    scores = start.scores(seen, network.draw(seen, count, seed))
    return np.asarray(region.from_scores(scores.reshape(-1, scores.shape[-1])).reshape(scores.shape))


def find_neural(
    simulator: Simulator,
    observed: Numbers,
    priors: Priors,
    plan: NeuralPlan | None = None,
    data_covariance: Numbers | None = None,
    box: Box | None = None,
    progress: Progress | None = None,
    stage: Stage = unsaid,
) -> NeuralPosterior:
    """Return the posterior of observed moments that a network has learned from runs at points of the prior.

    Args:
        simulator: parameters and seeds in, moments out.
        observed: moments of the data.
        priors: of the parameters.
        plan: how much to run.
        data_covariance: of noise in the data that runs lack; it is added to runs before anything is learned.
        box: the prior is cut to it: that of an emulator beside which this stands.
        progress: told of the runs.
        stage: told what comes next.

    Raises:
        EstimationError: when packages or moments are missing.
    """
    how = plan or NeuralPlan()
    guarded = Guarded(simulator, progress)
    region, rounds = (Region.whole(priors), how.rounds) if box is None else (Region.of(priors, box), 1)
    points, rows = np.empty((0, len(priors.each))), np.empty((0, len(guarded.moment_names)))
    for number in range(rounds):
        more = _round(guarded, region, how, number, rounds, stage)
        points, rows = np.vstack([points, more[0]]), np.vstack([rows, more[1] + _noise(data_covariance, more[1], how, number)])
        stage("train", 0)
        inside = region.holds(points)
        scores, kept = region.scores(points[inside]), rows[inside]
        summary, fine = summarise(scores, kept, guarded.moment_names)
        seen, data = summary(kept[fine]), summary(observed)
        start, rest = Headstart.fit(scores[fine], seen)
        network = train(rest, seen, replace(how.training, seed=how.seed))
        values = _drawn(region, start, network, data, how.draws, how.seed)[0]
        smaller = _around(values, region)
        if number + 1 == rounds or not ((smaller.high - smaller.low) < NARROWER * (region.high - region.low)).any():
            break
        region = smaller
    far = _distances(seen, np.vstack([seen, data]))
    beyond = float((far[:-1] >= far[-1]).mean())
    draws = Draws(values, 1.0, float(how.draws), 1.0)
    edge = edge_shares(values, region.box, priors)
    return NeuralPosterior(
        priors, draws, observed, edge, data_covariance, region, summary, start, network, beyond, guarded.runs, number + 1
    )


def _round(
    simulator: Guarded, region: Region, how: NeuralPlan, number: int, rounds: int, stage: Stage
) -> tuple[Numbers, Numbers]:
    """Return points that fill a part of the prior evenly, and a run at each."""
    count = design_size(how.points, len(simulator.parameters), len(simulator.moment_names))
    stage("prior", count * (rounds - number))
    points = region.at(sobol(len(region.low), count, how.seed + number))
    return simulator.loose(points, seeds_of(how.seed, count, STREAM + number))


def _noise(covariance: Numbers | None, rows: Numbers, how: NeuralPlan, number: int) -> Numbers:
    """Return the noise of a round that only data have."""
    return data_noise(covariance, len(rows), rows.shape[1], np.random.default_rng([how.seed, STREAM, number]))


def _around(values: Numbers, region: Region) -> Region:
    """Return the part of the prior where draws lie and a margin, within the part that they are from."""
    low, high = values.min(axis=0), values.max(axis=0)
    reach = MARGIN * (high - low)
    box = Box(np.maximum(low - reach, region.box.lower), np.minimum(high + reach, region.box.upper))
    return Region.of(region.priors, box)


def summarise(scores: Numbers, rows: Numbers, names: tuple[str, ...]) -> tuple[Summary, Flags]:
    """Return how moments are whitened, and the runs that define them all.

    They are whitened by what a linear regression on the parameters leaves, noise of the data with it. A run without a moment that
    the data have is of other data: what is learned from the rest is the same density.

    Raises:
        EstimationError: when too few moments or runs are left.
    """
    places = np.flatnonzero(np.isfinite(rows).mean(axis=0) >= DEFINED)
    fine = np.asarray(np.isfinite(rows[:, places]).all(axis=1))
    needed = needed_runs(scores.shape[1], len(places))
    if len(places) < scores.shape[1] or fine.sum() < needed:
        lost = ", ".join(name for place, name in enumerate(names) if place not in places) or "none"
        raise EstimationError(
            f"{len(places)} moments for {scores.shape[1]} parameters at {int(fine.sum())} points of the prior; allowed: as many "
            f"moments, {needed} points. Too often undefined: {lost}. Narrow the priors, or raise households= or points="
        )
    taken = rows[np.ix_(fine, places)]
    terms = np.column_stack([np.ones(len(taken)), scores[fine]])
    left = taken - terms @ (np.linalg.pinv(terms) @ taken)
    return Summary(tuple(names), places, taken.mean(axis=0), whitener(left, [names[place] for place in places])), fine


def _distances(seen: Numbers, rows: Numbers) -> Numbers:
    """Return squared Mahalanobis distances from the centre of what was seen."""
    spread = np.atleast_2d(np.cov(seen.T)) + 1e-9 * np.eye(seen.shape[1])
    away = rows - seen.mean(axis=0)
    return np.asarray((away * np.linalg.solve(spread, away.T).T).sum(axis=1))


def check_neural(
    simulator: Simulator,
    posterior: NeuralPosterior,
    sets: int,
    seed: int = 1,
    given: tuple[Numbers, Numbers] | None = None,
    stage: Stage = unsaid,
) -> Check:
    """Check on pseudo data sets, by the same ranks, coverage and errors as the emulator's.

    Args:
        simulator: that the network learned from.
        posterior: found with it.
        sets: how many, where none are given.
        seed: fixed beforehand; it decides truths, runs and draws.
        given: truths and pseudo data that another posterior was checked on, from the part of the prior that was learned; by
            default truths are drawn from it and run.
        stage: told what comes next.

    Raises:
        EstimationError: when too many pseudo data sets lack moments that the network takes.
    """
    if given is None:
        stage("check", sets)
        given = _pseudo_data(Guarded(simulator), posterior, sets, seed)
        runs = sets
    else:
        runs = 0
    truths, rows = given
    stage("rank", 0)
    return place_truths(posterior.priors.names, truths, posterior.at(rows, RANKS, seed), runs)


def _pseudo_data(simulator: Guarded, posterior: NeuralPosterior, sets: int, seed: int) -> tuple[Numbers, Numbers]:
    """Return truths and pseudo data that have every moment the network takes, as the data do.

    Raises:
        EstimationError: when too many lack one.
    """
    rng, seeds = np.random.default_rng(seed), seeds_of(seed, AGAIN * sets, TRUTHS)
    truths, rows = np.empty((0, len(posterior.priors.each))), np.empty((0, len(simulator.moment_names)))
    for _ in range(AGAIN):
        count = sets - len(truths)
        points = posterior.region.at(rng.random((count, truths.shape[1])))
        made, seeds = simulator.loose(points, seeds[:count])[1], seeds[count:]
        fine = np.isfinite(made[:, posterior.summary.places]).all(axis=1)
        truths, rows = np.vstack([truths, points[fine]]), np.vstack([rows, made[fine]])
        if len(truths) == sets:
            return truths, with_noise(rows, posterior.data_covariance, seed)
    raise EstimationError(f"{sets} pseudo data sets: too many lack moments. Narrow the priors, or raise households=")
