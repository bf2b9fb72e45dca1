"""The words of `fangpin calibrate`: what is asked for, and everything that is wrong with it."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fangpin.panelwords import read_panel_words
from fangpin.request import Request
from fangpin.sampled import sample_problems
from fangpin.values import whole_number
from scenarios.problems import Problem, ScenarioError, listing, nearest

if TYPE_CHECKING:
    from calibration.estimation.prior import Priors

OWN = {
    "data": "", "codebook": "", "encoding": "", "moments": "standard", "parameters": "", "method": "posterior", "reps": "4",
    "points": "256", "check": "60", "error": "yes", "sample": "",
}  # fmt: skip
HOUSEHOLDS = 2_000
"""Households of the simulated county by default: many small runs say more than few large ones."""
LEAST_SETS = 50
"""Pseudo data sets at least: ranks in ten bins need five to a bin."""
SPOKEN_OF = (
    "values.wage_persistence",
    "values.wage_innovation_sd",
    "values.yield_sd",
    "values.job_loss_migrant",
    "values.job_loss_local",
    "values.job_finding*",
    "values.admission_level*",
    "values.bill_mean*",
    "values.bill_log_sd",
)
"""Parameters that are free where the command names none: those that moments of income, work and health speak of directly."""


@dataclass(frozen=True)
class Asked:
    """What is asked for.

    Attributes:
        request: place, size, seed, workers, folder.
        options: the words of `OWN`.
        replicates, points, sets: whole numbers among them.
    """

    request: Request
    options: dict[str, str]
    replicates: int = 4
    points: int = 256
    sets: int = 60

    @property
    def folder(self) -> Path:
        """Where results go."""
        return self.request.out or Path("runs") / f"calibrate-{self.request.folder.name}"


def read_calibrate(words: Sequence[str]) -> tuple[Asked, list[Problem]]:
    """Return what the words ask for, and every problem with them."""
    request, options, problems = read_panel_words(words, OWN, HOUSEHOLDS)
    replicates, points = _number(options, "reps", 1, 1000, problems), _number(options, "points", 8, 65_536, problems)
    sets = _number(options, "check", 0, 100_000, problems)
    if 0 < sets < LEAST_SETS:
        problems.append(Problem("command line", "check", str(sets), f"0, or {LEAST_SETS} pseudo data sets or more"))
    return Asked(request, options, replicates, points, sets), problems + _choices(options)


def _number(options: dict[str, str], key: str, low: int, high: int, problems: list[Problem]) -> int:
    """Return a whole number among the words; the usual one beside a problem where it is none."""
    from fangpin.values import Refused

    text = options[key]
    try:
        return whole_number(int(text) if text.isdigit() else text, low, high)
    except Refused as refused:
        problems.append(Problem("command line", key, text, refused.allowed, refused.hint))
        return int(OWN[key])


def _choices(options: dict[str, str]) -> list[Problem]:
    """Return what is wrong with words that are chosen from a list."""
    from calibration.fitting import METHODS
    from calibration.sample import SAMPLES

    problems = []
    for key, allowed in (("method", METHODS), ("error", ("yes", "no"))):
        if options[key] not in allowed:
            problems.append(Problem("command line", key, options[key], listing(allowed), nearest(options[key], allowed)))
    more = sample_problems(options["sample"], SAMPLES)
    return problems + _moment_problems(options["moments"]) + _missing(options["method"]) + more


def _moment_problems(text: str) -> list[Problem]:
    """Return what is wrong with names of moments."""
    from calibration.moments.measured import SETS, names_of

    problems = []
    for name in listed(text):
        try:
            names_of(name)
        except ValueError:
            allowed = f"sets ({', '.join(SETS)}), families, or moments"
            problems.append(Problem("command line", "moments", name, allowed, nearest(name, list(SETS))))
    return problems


def _missing(method: str) -> list[Problem]:
    """Return a problem for each package that a method of drawing needs and that is not installed."""
    from calibration.estimation.network import PACKAGES, REMEDY, missing_packages

    found = []
    if "posterior" in method.split(",") and importlib.util.find_spec("emcee") is None:
        hint = 'pip install "fangpin[calibration]", or method=msm'
        found.append(Problem("this environment", "emcee", "missing", "the package emcee", hint))
    lost = missing_packages() if "npe" in method.split(",") else []
    if lost:
        other = f"{REMEDY}; or method=posterior"
        found.append(Problem("this environment", ", ".join(lost), "missing", f"the packages {listing(PACKAGES)}", other))
    return found


def listed(text: str) -> list[str]:
    """Return the parts of a list."""
    return [part.strip() for part in text.split(",") if part.strip()]


def priors_asked(text: str) -> Priors:
    """Return the priors of the parameters that are free.

    Args:
        text: keys of shipped priors with commas between, a .yaml file of priors (all of it), or nothing for `SPOKEN_OF`.

    Raises:
        ScenarioError: naming keys that are no priors.
    """
    from calibration.estimation.prior import priors_of
    from scenarios.prior import read_priors

    if text.endswith((".yaml", ".yml")):
        return priors_of(read_priors(text).values())
    known = read_priors()
    keys = list(dict.fromkeys(listed(text))) or list(SPOKEN_OF)
    wrong = [key for key in keys if key not in known]
    if wrong:
        allowed = f"keys of priors, or a .yaml file of priors: {', '.join(known)}"
        raise ScenarioError([Problem("command line", "parameters", key, allowed, nearest(key, list(known))) for key in wrong])
    return priors_of(known[key] for key in keys)
