"""Calibration of the county to measured moments: what a county can give, a point estimate, a posterior, and their diagnostics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from calibration.counties import CountySimulator, why_not_simulated
from calibration.estimation.checks import Check, check_posterior, pseudo_data
from calibration.estimation.design import sobol
from calibration.estimation.drawn import Drawn
from calibration.estimation.neural import NeuralPlan, NeuralPosterior, check_neural, find_neural
from calibration.estimation.point import Point
from calibration.estimation.posterior import Plan, Posterior, design_size, find_posterior
from calibration.estimation.predictive import Predictive, predict, predict_with_runs
from calibration.estimation.prior import Priors
from calibration.estimation.sampling import Sampling
from calibration.estimation.simulated_moments import Search, estimate_point
from calibration.estimation.simulator import EstimationError, Guarded, Numbers, Stage, seeds_of, unsaid
from calibration.moments.measured import Measured

BOTH = "posterior,npe"
METHODS = ("posterior", "npe", BOTH, "msm")
"""All begin with the point estimate. ``posterior``: then draws by a local emulator. ``npe``: by neural posterior estimation.
Both: the second is an opinion beside the first. ``msm``: nothing more."""
PREDICTED = 64
"""Runs of a posterior predictive check where there is no emulator to ask."""
TRIED = 8
"""Points over the priors at which is looked which moments a county can give, beside the medians."""
STREAM = 90
"""Stream of their seeds."""
SEARCHED = 18
"""Points that a search looks at for each parameter, its last slopes among them: about, for what is told of the time left."""


@dataclass(frozen=True)
class Effort:
    """How much to run.

    Attributes:
        method: one of `METHODS`.
        replicates: runs at each point of the search.
        points: points of each design of the posterior and of the runs that a network learns from, raised to a power of two and
            to what the surface needs.
        sets: pseudo data sets that the posterior is checked on; 0 for none.
        seed: root of all seeds.
    """

    method: str = "posterior"
    replicates: int = 4
    points: int = 256
    sets: int = 0
    seed: int = 1

    @property
    def plan(self) -> Plan:
        """How much to run for a posterior: an eighth of a design tells noise from misfit, 64 runs at most."""
        pilot = min(64, max(8, self.points // 8))
        return Plan(self.points, self.points, pilot, sampling=Sampling(seed=self.seed), seed=self.seed)

    @property
    def neural(self) -> NeuralPlan:
        """How much to run for a network."""
        return NeuralPlan(self.points, seed=self.seed)

    def asks(self, method: str) -> bool:
        """Return whether a method is among those that are asked for."""
        return method in self.method.split(",")

    def expected(self, parameters: int, moments: int) -> dict[str, int]:
        """Return about how many runs each stage takes: a search moves some steps, a posterior two designs or more."""
        found = {"look": 1 + TRIED, "search": SEARCHED * self.replicates * parameters}
        each = design_size(self.points, parameters, moments)
        if self.asks("posterior"):
            found |= {"pilot": self.plan.replicates, "design": 2 * each}
        if self.asks("npe"):
            found |= {"prior": each} if self.asks("posterior") else {"prior": self.neural.rounds * each, "predict": PREDICTED}
        return found | ({"check": self.sets} if self.method != "msm" else {})


@dataclass(frozen=True)
class Opinion:
    """A second posterior of the same data.

    Attributes:
        posterior: draws by neural posterior estimation.
        check: on the pseudo data sets of the first, or None.
    """

    posterior: NeuralPosterior
    check: Check | None = None


@dataclass(frozen=True)
class Calibration:
    """What came out.

    Attributes:
        measured: the moments that were matched.
        dropped: why each moment that was asked for was not: the data or the county cannot give it.
        priors: of the parameters.
        point: estimate by simulated moments.
        posterior: draws, or None; by the emulator where that was asked for, else by the network.
        predictive: what the posterior leads one to expect of each moment, or None.
        ratio: sampling variance of a run's households over that of the survey, the median of the moments (`run_noise`).
        check: what pseudo data sets said of the intervals, or None.
        runs: runs that were asked for.
        made: those that were made now.
        second: another posterior of the same data, or None.
    """

    measured: Measured
    dropped: dict[str, str]
    priors: Priors
    point: Point
    posterior: Drawn | None
    predictive: Predictive | None
    ratio: float
    check: Check | None
    runs: int
    made: int
    second: Opinion | None = None

    @property
    def beyond(self) -> float:
        """Share of the survey's covariance that the runs' own noise does not stand for already."""
        return float(np.clip(1.0 - self.ratio, 0.0, 1.0))


def only(measured: Measured, names: Sequence[str]) -> Measured:
    """Return the part of measured moments, in this order."""
    places = [measured.names.index(name) for name in names]
    return replace(
        measured,
        moments=tuple(measured.moments[place] for place in places),
        values=measured.values[places],
        covariance=measured.covariance[np.ix_(places, places)],
        counts=tuple(measured.counts[place] for place in places),
    )


def run_noise(measured: Measured, simulator: CountySimulator, point: Point) -> float:
    """Return the sampling variance of a run's households over that of the survey: what of the latter need not be added to a run.

    A run differs from the next by the county's luck and by that of its households. The latter is what a survey's covariance
    holds: a run of as many households as were asked needs none of it added, one of very many households all of it. How much
    the simulated panel has is worked out as for the data, from its own replicates; the median over moments counts.
    """
    own = simulator.errors(point.theta, point.seeds[0], measured)
    return float(np.nanmedian((own / measured.errors) ** 2))


def _enough(moments: int, priors: Priors, dropped: Mapping[str, str]) -> None:
    """Refuse fewer moments than parameters.

    Raises:
        EstimationError: saying which moments were left out, and why.
    """
    if moments < len(priors.each):
        told = "; ".join(f"{name}: {why}" for name, why in dropped.items())
        more = f". Left out: {told}" if told else ""
        raise EstimationError(f"{moments} moments for {len(priors.each)} parameters: at least as many{more}")


def calibrate(
    simulator: CountySimulator, measured: Measured, priors: Priors, effort: Effort, stage: Stage = unsaid
) -> Calibration:
    """Fit parameters to measured moments.

    The data are one county's luck and a sample of it. The likelihood has the noise of a run, and of the survey's covariance what
    a run's noise does not hold already (`run_noise`). Where the simulated county has fewer households than the survey,
    intervals are too wide.

    Args:
        simulator: of all measured moments.
        measured: of the data.
        priors: of the simulator's parameters, in its order.
        effort: how much to run.
        stage: told what comes next.

    Raises:
        EstimationError: when runs fail or fewer moments than parameters are left.
    """
    _enough(len(measured.names), priors, measured.unavailable)
    stage("look", 1 + TRIED)
    shares = np.vstack([np.full(len(priors.each), 0.5), sobol(len(priors.each), TRIED, effort.seed)])
    lost = why_not_simulated(simulator, priors.at(shares), seeds_of(effort.seed, len(shares), STREAM))
    kept = [name for name in measured.names if name not in lost]
    _enough(len(kept), priors, {**measured.unavailable, **lost})
    measured, simulator = only(measured, kept), simulator.measuring(kept)
    search = Search(replicates=effort.replicates, seed=effort.seed)
    stage("search", effort.expected(len(priors.each), len(kept))["search"])
    point = estimate_point(simulator, measured.target(), priors, search)
    ratio = run_noise(measured, simulator, point)
    extra = (1.0 - ratio) * measured.covariance if ratio < 1.0 else None
    drawn = _draw(simulator, point, priors, effort, extra, stage)
    dropped = {**measured.unavailable, **lost}
    counts = (len(simulator.asked), simulator.made)
    return Calibration(measured, dropped, priors, point, *drawn[:2], ratio, drawn[2], *counts, drawn[3])


def _draw(
    simulator: CountySimulator, point: Point, priors: Priors, effort: Effort, extra: Numbers | None, stage: Stage
) -> tuple[Drawn | None, Predictive | None, Check | None, Opinion | None]:
    """Return the posterior that is asked for, what it leads one to expect, its check, and a second opinion."""
    if effort.asks("posterior"):
        posterior = find_posterior(simulator, point, priors, effort.plan, extra, stage=stage)
        box, neural = posterior.emulator.box, None
        if effort.asks("npe"):
            neural = find_neural(simulator, point.observed, priors, effort.neural, extra, box, stage=stage)
        check = check_posterior(simulator, posterior, effort.sets, effort.seed, stage=stage) if effort.sets else None
        second = Opinion(neural, _same_sets(simulator, posterior, neural, check, effort.seed, stage)) if neural else None
        return posterior, predict(posterior, seed=effort.seed), check, second
    if effort.asks("npe"):
        neural = find_neural(simulator, point.observed, priors, effort.neural, extra, stage=stage)
        stage("predict", PREDICTED)
        predictive = predict_with_runs(simulator, neural, PREDICTED, effort.seed)
        check = check_neural(simulator, neural, effort.sets, effort.seed, stage=stage) if effort.sets else None
        return neural, predictive, check, None
    return None, None, None, None


def _same_sets(
    simulator: CountySimulator, first: Posterior, second: NeuralPosterior, check: Check | None, seed: int, stage: Stage
) -> Check | None:
    """Return the check of the second posterior on the pseudo data sets of the first, whose runs are stored."""
    if check is None:
        return None
    rows = pseudo_data(Guarded(simulator), first, check.truths, seed)
    return check_neural(simulator, second, len(rows), seed, (check.truths, rows), stage)
