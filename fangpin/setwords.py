"""The words of a scenario set: its arms become policies, its stresses those of the study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fangpin.request import Request
from fangpin.values import nearest
from scenarios.problems import Problem

if TYPE_CHECKING:
    from scenarios import ScenarioSet

STRESS_WORDS = {"off": "none", "all": "all at once", "apart": "none, then each alone"}
"""Words for stresses besides their names, and what they mean."""


def with_set(request: Request, seen: set[str]) -> tuple[Request, list[Problem]]:
    """Return the request with the arms and stresses of its set as policies and stress, and what is wrong with them.

    Args:
        request: what the words ask for so far.
        seen: keys that the words name: policies beside the arms, and months that count before the set's.
    """
    from scenarios import ScenarioError, open_set

    asked = request.asked
    if not asked.set_name:
        hint = "set=premium_subsidy_exit; `fangpin sets` lists them"
        return request, [Problem("command line", key, "without set=", "with a scenario set", hint) for key in asked.keys]
    try:
        found = open_set(asked.set_name)
    except ScenarioError:
        return request, _all_of_set(request)
    known = tuple(part.id for part in found.stress)
    cases = _cases(asked.stress, known, found.together)
    arms = [arm for arm in found.arms if not asked.arms or arm.id in asked.arms or arm.arm in asked.arms]
    problems = _unknown("arms", asked.arms, {name for arm in found.arms for name in (arm.id, arm.arm)})
    problems += _unknown("stress", [name for case in cases for name in case], set(known))
    problems += _unknown_quantities(found)
    policies = tuple(found.policy(arm) for arm in arms) + (request.study.policies if "policy" in seen else ())
    months = request.study.months if "months" in seen else found.months
    stresses = tuple(f"{asked.set_name}/{part}" for part in cases[0])
    study = replace(request.study, policies=policies, months=months, stress=stresses)
    return replace(request, study=study, asked=replace(asked, scenario_set=found, cases=cases)), problems


def _all_of_set(request: Request) -> list[Problem]:
    """Return what is wrong with a set itself together with what its arms turn wrongly in the place."""
    from scenarios import ScenarioError, counties
    from scenarios.load import set_problems
    from scenarios.problems import Report
    from scenarios.scenarioset import read_set

    try:
        place = counties(request.study.place)[0].name
    except ScenarioError:
        place = request.study.place
    problems = list(set_problems(place, request.asked.set_name, request.study.levers))
    try:
        return problems + _unknown_quantities(read_set(request.asked.set_name, Report()))
    except ScenarioError:
        return problems


def _unknown_quantities(found: ScenarioSet) -> list[Problem]:
    """Return a problem for each quantity that the tables do not have: they are known here, and not to the file's reader."""
    asked = [name for output in found.outputs if output.measure == "quantity" for name in output.of]
    if not asked:
        return []
    from experiments.quantities import QUANTITIES

    known = sorted(one.id for one in QUANTITIES)
    return [
        Problem(found.file, "outputs.quantity", name, ", ".join(known), nearest(name, known))
        for name in asked
        if name not in known
    ]


def _cases(given: tuple[str, ...], known: tuple[str, ...], default: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Return which stresses act together in each study that is to be made."""
    if given == ("apart",):
        return ((), *((name,) for name in known))
    chosen = {(): default, ("off",): ((),), ("all",): (known,)}
    return chosen.get(given, (given,))


def _unknown(key: str, names: Sequence[str], known: set[str]) -> list[Problem]:
    """Return a problem for each name that a set does not have."""
    words = [f"{word} ({meaning})" for word, meaning in STRESS_WORDS.items()] if key == "stress" else []
    allowed = ", ".join([*sorted(known), *words])
    return [Problem("command line", key, name, allowed, nearest(name, sorted(known))) for name in names if name not in known]
