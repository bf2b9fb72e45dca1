"""The command `fangpin calibrate`: parameters with uncertainty from a survey panel, and what the panel could not tell."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fangpin.exits import DONE, HELP_WORDS, NOT_UNDERSTOOD, SOME_FAILED, refuse
from fangpin.making import prepare
from fangpin.panelwords import not_a_county, read_panel_words
from fangpin.request import Request
from fangpin.sampled import cut_to_simulated, sample_problems, tell_kept
from fangpin.screen import Screen
from fangpin.values import whole_number
from scenarios.problems import Problem, ScenarioError, listing, nearest

if TYPE_CHECKING:
    from calibration.estimation.prior import Priors
    from calibration.fitting import Calibration
    from calibration.moments.measured import Measured
    from calibration.panel import Panel
    from calibration.sample import Kept
    from experiments.store import Store
    from experiments.study import Plan

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


def calibrate(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    from calibration.estimation.simulator import EstimationError
    from experiments.store import StoreError
    from fangpin.texts import CALIBRATE_HELP

    if not words or any(word in HELP_WORDS for word in words):
        print(CALIBRATE_HELP.format(households=HOUSEHOLDS), end="")
        return DONE if words else NOT_UNDERSTOOD
    asked, problems = read_calibrate(words)
    try:
        return _carry_out(asked, problems)
    except ScenarioError as error:
        return refuse(error.problems, "calibrate")
    except StoreError as error:
        return refuse([error.problem], "calibrate")
    except EstimationError as error:
        print(f"fangpin calibrate: {error}", file=sys.stderr)
        return SOME_FAILED


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
    return problems + _moment_problems(options["moments"]) + _emcee_missing(options["method"]) + more


def _moment_problems(text: str) -> list[Problem]:
    """Return what is wrong with names of moments."""
    from calibration.moments.measured import SETS, names_of

    problems = []
    for name in _listed(text):
        try:
            names_of(name)
        except ValueError:
            allowed = f"sets ({', '.join(SETS)}), families, or moments"
            problems.append(Problem("command line", "moments", name, allowed, nearest(name, list(SETS))))
    return problems


def _emcee_missing(method: str) -> list[Problem]:
    """Return a problem where draws are asked for and the sampler is not installed."""
    import importlib.util

    if method != "posterior" or importlib.util.find_spec("emcee"):
        return []
    hint = 'pip install "fangpin[calibration]", or method=msm'
    return [Problem("this environment", "emcee", "missing", "the package emcee", hint)]


def _listed(text: str) -> list[str]:
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
    keys = list(dict.fromkeys(_listed(text))) or list(SPOKEN_OF)
    wrong = [key for key in keys if key not in known]
    if wrong:
        allowed = f"keys of priors, or a .yaml file of priors: {', '.join(known)}"
        raise ScenarioError([Problem("command line", "parameters", key, allowed, nearest(key, list(known))) for key in wrong])
    return priors_of(known[key] for key in keys)


def _carry_out(asked: Asked, problems: list[Problem]) -> int:
    """Read the panel, look at everything, make the runs, estimate, tell."""
    from experiments.store import Store

    def attempt(do: Any, *given: Any) -> Any:
        try:
            return do(*given)
        except ScenarioError as error:
            problems.extend(error.problems)
            return None

    priors = attempt(priors_asked, asked.options["parameters"])
    panel = attempt(_panel, asked) if asked.options["data"] and asked.options["codebook"] else None
    request = _request(asked, panel)
    plan, found = prepare(request, problems + not_a_county(request.study.place))
    if plan is None or panel is None:
        raise ScenarioError({str(problem): problem for problem in [*found]}.values())
    panel, kept = cut_to_simulated(asked.options, panel, plan)
    reload = _reload(request, priors, plan)
    store = Store(asked.folder)
    store.open(plan.study)
    with store.locked():
        store.sweep()
        _estimate(asked, request, plan, store, priors, panel, kept, reload)
    return DONE


def _panel(asked: Asked) -> Panel:
    """Return the waves of the panel that the model can live.

    Raises:
        ScenarioError: with everything that is wrong with the files, or when fewer than two waves are left.
    """
    from calibration.reader import read_survey
    from experiments.latent import FIRST_YEAR, LAST_YEAR

    panel = read_survey(asked.options["data"], asked.options["codebook"], asked.options["encoding"])
    kept = [wave for wave in panel.waves if FIRST_YEAR <= wave <= LAST_YEAR]
    if len(kept) < 2:
        given = f"waves {', '.join(map(str, panel.waves))}"
        raise ScenarioError([Problem("command line", "data", given, f"two waves or more from {FIRST_YEAR} to {LAST_YEAR}")])
    tables = {name: frame[frame["wave"].isin(kept)].reset_index(drop=True) for name, frame in _tables(panel).items()}
    return replace(panel, **tables)


def _tables(panel: Panel) -> dict[str, Any]:
    """Return the tables of a panel by name."""
    return {"households": panel.households, "persons": panel.persons}


def _request(asked: Asked, panel: Panel | None) -> Request:
    """Return the request with the years that runs record."""
    from calibration.counties import interview
    from calibration.made import years_needed
    from experiments.latent import months_after

    request = replace(asked.request, out=asked.folder)
    if panel is None:
        return request
    years = years_needed(interview(panel.waves, panel.meta.operator, asked.options["error"] == "yes"))
    return replace(request, study=replace(request.study, records=years, months=months_after(years)))


def _reload(request: Request, priors: Priors, plan: Plan) -> Any:
    """Return what loads the scenario of a draw; the corners of the priors are loaded at once.

    Raises:
        ScenarioError: if a corner is refused.
    """
    from experiments.draws import Draw
    from fangpin.planning import Reload

    reload = Reload(request.study)
    for corner in (priors.lower, priors.upper):
        values = {key: float(value) for key, value in zip(priors.names, corner, strict=True)}
        reload(plan.cases[0], request.study.policies[0], Draw(0, values).changes)
    return reload


def lines_of(plan: Plan, waves: Sequence[int]) -> dict[int, float]:
    """Return the place's poverty line in December of each wave, in yuan a person and year."""
    from sim.rules import month_index

    line = plan.cases[0].scenarios[plan.study.policies[0]].rules.values["poverty_line"]
    return {wave: line.at(month_index(wave, 12)) / 100.0 for wave in waves}


def _measured(asked: Asked, panel: Panel, lines: dict[int, float]) -> Measured:
    """Return the moments of the panel with their covariance.

    Raises:
        EstimationError: when they cannot be measured.
    """
    from calibration.estimation.simulator import EstimationError
    from calibration.moments.measured import measure, names_of
    from calibration.redundant import without_followers

    names = names_of(_listed(asked.options["moments"]))
    try:
        return without_followers(measure(panel, names, lines, count=max(200, 4 * len(names)), seed=asked.request.study.seed))
    except ValueError as error:
        raise EstimationError(str(error)) from error


def read_from(data: str, codebook: str) -> dict[str, str]:
    """Return survey and codebook by name and hash: enough to know the same file again; no folder, no value of a row."""
    from calibration.codebook import codebook_path
    from calibration.files import digest_of

    return {
        "data": Path(data).name,
        "survey_sha256": digest_of(data),
        "codebook": Path(codebook).name,
        "codebook_sha256": digest_of(codebook_path(codebook)),
    }


def _estimate(
    asked: Asked, request: Request, plan: Plan, store: Store, priors: Priors, panel: Panel, kept: Kept, reload: Any
) -> None:
    """Measure, simulate, estimate, write and print."""
    from calibration.codebook import load_codebook
    from calibration.counties import CountySimulator, Interviewer, interview
    from calibration.fitting import Effort
    from calibration.fitting import calibrate as fit
    from calibration.sample import registered_columns
    from experiments.progress import Shown
    from fangpin.calibration_course import Course, months_of_a_run
    from fangpin.calibration_telling import tell, tell_begin

    lines = lines_of(plan, panel.waves)
    measured = _measured(asked, panel, lines)
    names = dict(load_codebook(asked.options["codebook"]).names)
    tell_begin(request, plan, panel, measured, priors, names)
    tell_kept(Screen(request.lang), kept)
    design = interview(panel.waves, panel.meta.operator, asked.options["error"] == "yes")
    registered = registered_columns(panel) if kept.sample == "registered" else ()
    how = Interviewer(design, measured.names, lines, registered)
    effort = Effort(asked.options["method"], asked.replicates, asked.points, asked.sets, request.study.seed)
    expected = effort.expected(len(priors.names), len(measured.names))
    months = months_of_a_run(plan)
    with Shown(months * sum(expected.values()), sum(expected.values())) as progress, request.workers.staying():
        course = Course(progress, expected, months, store, request.workers, request.lang)
        simulator = CountySimulator(plan, priors.names, how, store, course.make, reload)
        found: Calibration = fit(simulator, measured, priors, effort, course.begin)
    said: dict[str, Any] = {key: asked.options[key] for key in ("moments", "method", "reps", "points", "check", "error")}
    said |= {"sample": kept.told(), "names": names, **read_from(asked.options["data"], asked.options["codebook"])}
    tell(request, plan, store, found, said | {"waves": list(panel.waves), "lines": lines, "source": panel.meta.source})
