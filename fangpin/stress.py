"""The command `fangpin stress`: the mildest shock under which a goal no longer holds, from stored runs of several sizes."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.study import Study
from fangpin.arguments import KEYS, read_words
from fangpin.exits import DONE, HELP_WORDS, SOME_FAILED, refuse
from fangpin.request import Request
from fangpin.stress_telling import tell, write
from fangpin.trials import RoundFailed, Trials, Wish
from scenarios.problems import Problem

if TYPE_CHECKING:
    from experiments.stress import Answer

OWN_KEYS = ("shock", "limit", "outcome", "upto", "chance", "tolerance")
REPLICATIONS = 20
DEFAULT = Request(study=Study(policies=("documented",), households=6_000, replications=REPLICATIONS))


def run_stress(words: Sequence[str]) -> int:
    """Search for the mildest shock and tell.

    Args:
        words: the words after ``fangpin stress``.
    """
    from experiments.stopped import Stopped
    from experiments.store import StoreError
    from fangpin.screen import Screen
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
