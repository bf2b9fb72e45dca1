"""The command `fangpin stress`: the mildest shock under which a goal no longer holds, from stored runs of several sizes."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.study import Study
from fangpin.arguments import KEYS, Request, read_words
from fangpin.exits import DONE, HELP_WORDS, SOME_FAILED, refuse
from fangpin.making import make_runs
from scenarios.problems import Problem

if TYPE_CHECKING:
    from experiments.stress import Answer, Shock, Trial

OWN_KEYS = ("shock", "limit", "outcome", "upto", "chance", "tolerance")
REPLICATIONS = 20
DEFAULT = Request(study=Study(policies=("documented",), households=6_000, replications=REPLICATIONS))


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


def run_stress(words: Sequence[str]) -> int:
    """Search for the mildest shock and tell.

    Args:
        words: the words after ``fangpin stress``.
    """
    from experiments.stopped import Stopped
    from experiments.store import StoreError
    from fangpin.screen import Screen
    from fangpin.stress_telling import tell, write
    from fangpin.texts import STRESS_HELP
    from scenarios import ScenarioError

    if not words or any(word in HELP_WORDS for word in words):
        print(STRESS_HELP.format(households=DEFAULT.study.households, reps=REPLICATIONS), end="")
        return DONE
    trials, problems = prepare(words)
    if trials is None:
        return refuse(problems, "stress")
    try:
        with trials.request.workers.staying():
            answer = search(trials)
    except ScenarioError as error:
        return refuse(error.problems, "stress")
    except (StoreError, Stopped) as error:
        return refuse([error.problem], "stress")
    except RoundFailed as error:
        print(f"fangpin stress: {error}; see {', '.join(trials.failed[:3])}", file=sys.stderr)
        return SOME_FAILED
    tell(Screen(trials.request.lang), trials, answer, write(trials, answer))
    return SOME_FAILED if trials.failed else DONE


def prepare(words: Sequence[str]) -> tuple[Trials | None, list[Problem]]:
    """Return what makes the trials, or the problems that stand in the way. Nothing is written."""
    from fangpin.shocks import open_shock
    from scenarios import ScenarioError

    wish, rest, problems = read_wish(words)
    request, more = read_words(rest, DEFAULT)
    problems += more
    study = request.study
    if len(study.policies) > 1:
        problems.append(
            Problem("command line", "policy", ",".join(study.policies), "one policy", "run the command once for each")
        )
    if study.months < 9:
        problems.append(Problem("command line", "months", str(study.months), "9 or more", "rates are tested each September"))
    if problems:
        return None, problems
    try:
        shocks = [shock for name in wish.shocks for shock in open_shock(name, study)]
    except ScenarioError as error:
        return None, list(error.problems)
    most = min(shock.largest() for shock in shocks)
    if wish.upto > most:
        tightest = min(shocks, key=lambda shock: shock.largest())
        given = f"{wish.upto:g}: {tightest.key} leaves its range {tightest.low:g} to {tightest.high:g}"
        return None, [
            Problem("command line", "upto", given, f"a size up to {most:.4g}", f"upto={np.floor(most * 1000) / 1000:g}")
        ]
    stem = "-".join(re.sub(r"\W+", "_", name) for name in (study.place, study.policies[0], *wish.shocks))
    return Trials(request, wish, shocks, request.out or Path("runs") / f"stress-{stem}"), []


def read_wish(words: Sequence[str]) -> tuple[Wish, list[str], list[Problem]]:
    """Return what is asked beside a run, the other words, and the problems."""
    from experiments.quantities import PER_CENT, QUANTITIES
    from scenarios.problems import listing, nearest

    wish, rest, problems = Wish(), [], []
    shares = {"limit": (0.0, 1.0), "chance": (0.0, 1.0), "tolerance": (0.0, 1.0), "upto": (0.0, 1000.0)}
    for word in words:
        key, _, text = word.partition("=")
        if key in shares:
            low, high = shares[key]
            value = _number(text)
            if not low < value < high:
                given = f"above {low:g} and below {high:g}" + (", or per cent such as 2%" if high == 1 else "")
                problems.append(Problem("command line", key, text, given))
            changed: dict[str, Any] = {key: value}
            wish = replace(wish, **changed)
        elif key == "outcome":
            known = [one.id for one in QUANTITIES if one.unit == PER_CENT]
            if text not in known:
                problems.append(Problem("command line", key, text, listing(known), nearest(text, known)))
            wish = replace(wish, outcome=text)
        elif key == "shock":
            wish = replace(wish, shocks=tuple(part.strip() for part in text.split(",") if part.strip()))
        elif key in KEYS or "." in key:
            rest.append(word)
        else:
            own = (*OWN_KEYS, *KEYS)
            problems.append(Problem("command line", key, text, f"{', '.join(own)}, or lever.field", nearest(key, own)))
    if not wish.shocks:
        allowed = "set/stress, or values.<name>@month*factor; several, separated by commas, are moved together"
        problems.append(Problem("command line", "shock", "missing", allowed, "shock=premium_subsidy_exit/illness_wave"))
    return wish, rest, problems


def _number(text: str) -> float:
    """Return a number, per cent as a share; NaN for anything else."""
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return float("nan")


def search(trials: Trials) -> Answer:
    """Search for the mildest size that breaks the goal."""
    from experiments.stress import reverse

    return reverse(trials, trials.wish.upto, trials.wish.chance, trials.wish.tolerance)
