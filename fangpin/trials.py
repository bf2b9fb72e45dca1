"""The trials of a reverse stress test: what is asked, and the runs of each round of shock sizes, made and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.study import Study
from fangpin.making import make_runs
from fangpin.request import Request

if TYPE_CHECKING:
    from experiments.stress import Shock, Trial


@dataclass(frozen=True)
class Wish:
    """What is asked beside the words of a run.

    Attributes:
        limit: share that the outcome has to stay below in every year.
        outcome: id of a quantity.
        shocks: ``set/stress``, or ``values.x@2023-01*1.5``; moved together.
        upto: largest size.
        chance: probability that counts as holding.
        tolerance: width of the answer, as a share of the largest size.
    """

    limit: float = 0.02
    outcome: str = "poor_stock"
    shocks: tuple[str, ...] = ()
    upto: float = 2.0
    chance: float = 0.5
    tolerance: float = 0.05


@dataclass
class Trials:
    """Makes and reads the runs of each round.

    Attributes:
        request: the words of a run.
        wish: what is asked.
        shocks: the values that are moved.
        folder: where the rounds' folders lie.
        failed: whether a run failed.
    """

    request: Request
    wish: Wish
    shocks: Sequence[Shock]
    folder: Path
    failed: list[str] = field(default_factory=list)

    def cell(self, size: float) -> str:
        """Return the policy under the shock at a size, by the name that the loader knows."""
        from experiments.engine import FIRST_MONTH
        from scenarios.cited import show_month

        changes = [change for shock in self.shocks for change in shock.changes(size, lambda k: show_month(FIRST_MONTH + k))]
        return ";".join([self.request.study.policies[0], *changes])

    def study(self, sizes: Sequence[float]) -> Study:
        """Return the study of one round."""
        return replace(self.request.study, policies=tuple(self.cell(size) for size in sizes))

    def __call__(self, number: int, sizes: Sequence[float]) -> list[Trial]:
        """Make what is missing of a round and read it.

        Raises:
            ScenarioError, StoreError: if a size cannot be loaded, or the folder not written.
            RoundFailed: if no repetition is whole.
        """
        from experiments.canonical import content_hash
        from experiments.results import complete_replications
        from experiments.store import Store
        from fangpin.planning import load_counties, plan_of
        from fangpin.shocks import check_moved

        study = self.study(sizes)
        loaded = load_counties(study)
        for size, policy in zip(sizes, study.policies, strict=True):
            check_moved(self.shocks, size, loaded[0][1][policy].series)
        plan = plan_of(study, loaded)
        store = Store(self.folder / f"round-{number}-{content_hash(study.identity())[:8]}")
        store.open(study)
        with store.locked():
            store.sweep()
            tally = make_runs(self.request, plan, store)
        self.failed += [str(store.error_file(task)) for task in tally.failed]
        if not complete_replications(plan, store):
            raise RoundFailed(f"{store.root}: no repetition is whole")
        return _read(plan, store, sizes, self.wish)


class RoundFailed(Exception):
    """A round of which no repetition is whole."""


def _read(plan: Any, store: Any, sizes: Sequence[float], wish: Wish) -> list[Trial]:
    """Return the trials that stored runs tell, one for each size."""
    from experiments.chances import below, chance_of, jointly
    from experiments.goal import WHOLE, read_rates
    from experiments.results import read_results
    from experiments.stress import Trial

    rates = read_rates(read_results(plan, store), WHOLE, (wish.outcome,))
    trials = []
    for place, size in enumerate(sizes):
        values = rates.values[wish.outcome][place]
        chance = chance_of(jointly([below(values[:, k], wish.limit) for k in range(len(rates.years))]), rates.independent)
        assert chance is not None
        trials.append(Trial(size, chance, float(np.nanmax(values, axis=1).mean())))
    return trials
