"""fangpin itself as a simulator: parameters and a seed in, moments of a surveyed county out, every run stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from calibration.estimation.simulator import EstimationError, Numbers
from calibration.made import Design, make_survey
from calibration.moments.measured import LEAST, Measured, measure, values_of
from calibration.moments.simulated import Lines
from calibration.moments.wide import sample_of
from calibration.panel import Panel
from calibration.sample import only_registered
from experiments.draws import Draw
from experiments.latent import read_latent
from experiments.runner import Tally
from experiments.store import Store
from experiments.study import CountyCase, Plan, with_draws
from experiments.task import Task

Reload = Callable[[CountyCase, str, tuple[str, ...]], object]
"""Loads the scenario of a county and policy with changes by hand."""
MakeRuns = Callable[[Plan], Tally]
"""Makes the runs of a plan that are not stored, and says what failed."""


def interview(waves: Sequence[int], operator: str, error: bool = True) -> Design:
    """Return how a simulated county is asked: everybody, every wave, by the data's income operator.

    Sampling and attrition of the data stand in the covariance of their moments; here they would only add noise.

    Args:
        waves: years of the waves of the data.
        operator: income operator of the data.
        error: whether answers are misreported as `calibration.made.Design` assumes; without it everything is told as it was.
    """
    usual = Design(tuple(waves), operator)
    if not error:
        return Design(usual.waves, operator, (1.0, 1.0, 1.0), 0.0, 0.0, {}, forgotten=0.0, telescoped=0.0)
    return Design(usual.waves, operator, (1.0, 1.0, 1.0), 0.0, 0.0)


@dataclass(frozen=True)
class Interviewer:
    """How a recorded county is turned into moments.

    Attributes:
        design: how it is asked.
        names: moments, in the order of the data.
        lines: poverty line, as for the data.
        registered: columns of the data that say who was registered, where only those are compared; else none.
    """

    design: Design
    names: tuple[str, ...]
    lines: Lines
    registered: tuple[str, ...] = ()

    def panel(self, store: Store, task: Task) -> Panel:
        """Return what the county of a stored run answers."""
        whole = make_survey(read_latent(store.folder(task), task.label), self.design, task.seed)
        return only_registered(whole, self.registered)

    def row(self, store: Store, task: Task) -> tuple[Numbers, np.ndarray]:
        """Return the moments of a stored run, NaN where there is none, and the observations behind each."""
        found = values_of(sample_of(self.panel(store, task), self.lines), self.names)
        pairs = [found.get(name, (np.nan, 0)) for name in self.names]
        return np.array([value for value, _ in pairs]), np.array([count for _, count in pairs])


class CountySimulator:
    """A simulator (`calibration.estimation.simulator.Simulator`) whose calls are runs of the runner, kept in a folder.

    A run is known by its parameters and its luck, so what was run once is read again; moments are worked out from the recorded
    panel, so other moments of the same waves need no new run.

    Attributes:
        parameters: keys of changes by hand (``values.bill_mean*``), in the order of ``theta``.
        moment_names: in the order of the columns.
        asked: draws that were asked for so far.
        made: runs that were made, not read.
    """

    def __init__(
        self, plan: Plan, parameters: Sequence[str], interviewer: Interviewer, store: Store, make: MakeRuns, reload: Reload
    ) -> None:
        """Keep what runs are made of.

        Args:
            plan: one county and one policy, whose study names the years of record.
            parameters: keys.
            interviewer: turns a recorded county into moments.
            store: the opened folder.
            make: makes what is missing.
            reload: as `experiments.study.with_draws` takes it.
        """
        self.parameters: Sequence[str] = tuple(parameters)
        self.moment_names: Sequence[str] = interviewer.names
        self._plan, self._store, self._make, self._reload = plan, store, make, reload
        self._interviewer = interviewer
        self._rows: dict[str, tuple[Numbers, np.ndarray]] = {}
        self.asked: dict[tuple[str, int], Draw] = {}
        self.made = 0

    def measuring(self, names: Sequence[str]) -> CountySimulator:
        """Return the same simulator for some of its moments; what was run and asked stays known."""
        how = replace(self._interviewer, names=tuple(names))
        other = CountySimulator(self._plan, self.parameters, how, self._store, self._make, self._reload)
        places = [self.moment_names.index(name) for name in names]
        other._rows = {key: (row[places], counts[places]) for key, (row, counts) in self._rows.items()}
        other.asked, other.made = dict(self.asked), self.made
        return other

    def moments(self, theta: Numbers, seeds: Sequence[int]) -> Numbers:
        """Return one row for each seed."""
        return self.batch(np.repeat(np.asarray(theta)[None, :], len(seeds), axis=0), seeds)

    def batch(self, thetas: Numbers, seeds: Sequence[int]) -> Numbers:
        """Return one row for each pair of a point and a seed.

        Raises:
            EstimationError: when a run fails.
        """
        return np.array([row for row, _ in self.measured(thetas, seeds)])

    def measured(self, thetas: Numbers, seeds: Sequence[int]) -> list[tuple[Numbers, np.ndarray]]:
        """Return moments and counts of each pair of a point and a seed; runs that are not stored are made.

        Raises:
            EstimationError: when a run fails.
        """
        return [self._row(task) for task in self.tasks(thetas, seeds)]

    def errors(self, theta: Numbers, seed: int, data: Measured) -> Numbers:
        """Return standard errors of moments in a simulated panel, worked out as those of the data; NaN where there is none."""
        panel = self._interviewer.panel(self._store, self.tasks(np.atleast_2d(theta), [seed])[0])
        units = data.drawn if panel.households["cluster"].nunique() > 1 else "households"
        found = measure(panel, data.names, self._interviewer.lines, data.method, data.replicates, units=units)
        errors = dict(zip(found.names, found.errors, strict=True))
        return np.array([errors.get(name, np.nan) for name in data.names])

    def tasks(self, thetas: Numbers, seeds: Sequence[int]) -> list[Task]:
        """Return the stored runs of pairs of a point and a seed; those that are not stored are made.

        Raises:
            EstimationError: when a run fails.
        """
        draws = [self._draw(theta, seed) for theta, seed in zip(thetas, seeds, strict=True)]
        self.asked |= {(draw.name, draw.replication or 0): draw for draw in draws}
        # all that was ever asked for stands in the folder's list of runs
        plan = with_draws(self._plan, tuple(self.asked.values()), self._reload)
        tally = self._make(plan)
        if tally.failed:
            raise EstimationError(_failure(tally, self._store))
        self.made += len(tally.made)
        tasks = {(task.draw, task.replication): task for task in plan.tasks}
        return [tasks[draw.name, draw.replication or 0] for draw in draws]

    def _draw(self, theta: Numbers, seed: int) -> Draw:
        """Return a point with its luck as a draw; all have the number 0, for a point is known by its values alone."""
        return Draw(0, {key: float(value) for key, value in zip(self.parameters, theta, strict=True)}, int(seed))

    def _row(self, task: Task) -> tuple[Numbers, np.ndarray]:
        """Return moments and counts of a run, worked out once."""
        if task.key not in self._rows:
            self._rows[task.key] = self._interviewer.row(self._store, task)
        return self._rows[task.key]


def _failure(tally: Tally, store: Store) -> str:
    """Say that runs failed and why the first did."""
    path = store.error_file(tally.failed[0])
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    return f"{len(tally.failed)} runs failed; the first: {first} (see {path})"


def why_not_simulated(simulator: CountySimulator, points: Numbers, seeds: Sequence[int]) -> dict[str, str]:
    """Say which moments a county cannot give, from runs at some points, and why.

    Args:
        simulator: of all moments.
        points: spread over the priors.
        seeds: one for each.
    """
    pairs = simulator.measured(points, seeds)
    rows, counts = (np.array(part) for part in zip(*pairs, strict=True))
    told: dict[str, str] = {}
    for place, name in enumerate(simulator.moment_names):
        column = rows[:, place]
        if not np.isfinite(column).all():
            told[name] = f"not defined in {int((~np.isfinite(column)).sum())} of {len(column)} simulated counties"
        elif counts[:, place].min() < LEAST:
            told[name] = f"{int(counts[:, place].min())} observations in a simulated county; at least {LEAST}: raise households="
        elif np.ptp(column) <= 1e-12 * max(abs(float(column.mean())), 1e-300):
            told[name] = "the same in every simulated county"
    return told
