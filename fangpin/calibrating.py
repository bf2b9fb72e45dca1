"""The command `fangpin calibrate`: parameters with uncertainty from a survey panel, and what the panel could not tell."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fangpin.calibration_words import HOUSEHOLDS, Asked, listed, priors_asked, read_calibrate
from fangpin.exits import DONE, HELP_WORDS, NOT_UNDERSTOOD, SOME_FAILED, refuse
from fangpin.making import prepare
from fangpin.panelwords import not_a_county
from fangpin.request import Request
from fangpin.sampled import cut_to_simulated, tell_kept
from fangpin.screen import Screen
from scenarios.problems import Problem, ScenarioError

if TYPE_CHECKING:
    from calibration.estimation.prior import Priors
    from calibration.fitting import Calibration
    from calibration.moments.measured import Measured
    from calibration.panel import Panel
    from calibration.sample import Kept
    from experiments.store import Store
    from experiments.study import Plan


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

    names = names_of(listed(asked.options["moments"]))
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
    from fangpin.calibration_earlier import method_beside
    from fangpin.calibration_telling import tell, tell_begin

    lines = lines_of(plan, panel.waves)
    measured = _measured(asked, panel, lines)
    names = dict(load_codebook(asked.options["codebook"]).names)
    tell_begin(request, plan, panel, measured, priors, names)
    tell_kept(Screen(request.lang), kept)
    design = interview(panel.waves, panel.meta.operator, asked.options["error"] == "yes")
    registered = registered_columns(panel) if kept.sample == "registered" else ()
    how = Interviewer(design, measured.names, lines, registered)
    said: dict[str, Any] = {key: asked.options[key] for key in ("moments", "method", "reps", "points", "check", "error")}
    said |= {"sample": kept.told(), "names": names, **read_from(asked.options["data"], asked.options["codebook"])}
    said |= {"waves": list(panel.waves), "lines": lines, "source": panel.meta.source}
    said["method"] = method_beside(asked.options["method"], request, plan, store, priors.names, said)
    effort = Effort(said["method"], asked.replicates, asked.points, asked.sets, request.study.seed)
    expected = effort.expected(len(priors.names), len(measured.names))
    months = months_of_a_run(plan)
    with Shown(months * sum(expected.values()), sum(expected.values())) as progress, request.workers.staying():
        course = Course(progress, expected, months, store, request.workers, request.lang)
        simulator = CountySimulator(plan, priors.names, how, store, course.make, reload)
        found: Calibration = fit(simulator, measured, priors, effort, course.begin)
    tell(request, plan, store, found, said)
