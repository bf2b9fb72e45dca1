"""The past: founders of January 2013 live through registration, exit and two quiet years, so that 2021 starts without a start."""

from __future__ import annotations

from sim.model import HISTORY_START, PLAN_START, Model
from sim.past import Past
from sim.rules import County, Rules


def live(county: County, rules: Rules, seed: int, threads: int | None = None) -> Past:
    """Live from January 2013 to December 2020.

    Args:
        county: the place.
        rules: the scenario; only its values before 2021 matter.
        seed: the luck of the history, and of whatever goes on from it.
        threads: as in `sim.model.Model`.

    Returns:
        The county at the end of 2020, to be shared by all policies that agree until then.
    """
    model = Model(county, rules, rng=seed, months=PLAN_START - HISTORY_START, threads=threads)
    model.run_model()
    return model.as_past()
