"""Shocks by name: a stress of a scenario set, or a value times a factor, as paths that can be scaled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.study import Study

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.stress import Shock
    from scenarios.cited import Series
    from scenarios.problems import Report

_VALUE = re.compile(r"(values\.\w+)(?:@(\d{4}(?:-\d{2})?))?\*(\d+(?:\.\d+)?)\Z")


def open_shock(name: str, study: Study) -> list[Shock]:
    """Return the values that a shock moves in the study's place, with their course and how far it moves them.

    Args:
        name: ``set/stress``, or ``values.x@2023-01*1.5``: times 1.5 from January 2023 on, from 2021 on without a month.
        study: the study: its place, policy and horizon.

    Raises:
        ScenarioError: on a shock that is not known, moves nothing, or turns a lever.
    """
    from experiments.engine import FIRST_MONTH
    from experiments.stress import Shock
    from scenarios.problems import Report

    report, months = Report(), range(FIRST_MONTH, FIRST_MONTH + study.months)
    plain = _series(study)
    found = _VALUE.match(name)
    if found:
        moved = {found[1]: _scaled(plain, found[1], _month(found[2]), float(found[3]), months, report)}
    else:
        keys = _moved_by(name, report)
        stressed = _series(study, name)
        moved = {key: np.array([stressed[key].at(m) for m in months]) for key in keys}
    shocks = [
        Shock(key, plain[key].unit, np.array([plain[key].at(m) for m in months]), path, plain[key].low, plain[key].high)
        for key, path in moved.items()
    ]
    if not any((shock.moved != shock.course).any() for shock in shocks):
        report.add(
            "command line", "shock", f"{name}, which moves nothing in {study.months} months from 2021-01", "a shock that does"
        )
    report.stop()
    return [shock for shock in shocks if (shock.moved != shock.course).any()]


def _series(study: Study, *stress: str) -> Mapping[str, Series]:
    """Return the figures of the study's place and first policy, under its own stresses and further ones."""
    from fangpin.size import sized_scenario
    from scenarios import counties

    place = counties(study.place)[0].name
    given = (place, study.policies[0], study.overrides, study.households, place != study.place, study.levers)
    return sized_scenario(*given, (*study.stress, *stress), study.founders).series


def _scaled(
    plain: Mapping[str, Series], key: str, since: int, factor: float, months: range, report: Report
) -> NDArray[np.float64]:
    """Return the course of a named value, multiplied from a month on.

    Raises:
        ScenarioError: if there is no such value.
    """
    from scenarios.problems import nearest

    if key not in plain:
        hint = nearest(key, [one for one in plain if one.startswith("values.")])
        report.add("command line", "shock", f"'{key}'", "a named value", hint)
        report.stop()
    return np.array([plain[key].at(m) * (factor if m >= since else 1.0) for m in months])


def _moved_by(name: str, report: Report) -> list[str]:
    """Return the values that a stress of a set moves.

    Raises:
        ScenarioError: if it is not known, or turns levers.
    """
    from scenarios.scenarioset import stress_parts

    parts = stress_parts((name,), report)
    report.stop()
    keys = list(parts[0].items)
    levers = [key for key in keys if not key.startswith("values.")]
    if levers:
        given = f"{name}, which turns {', '.join(levers)}"
        report.add("command line", "shock", given, "a shock of values", "vary a lever's knob instead")
        report.stop()
    return keys


def _month(text: str | None) -> int:
    """Return a month number; the first month of the horizon without one."""
    from experiments.engine import FIRST_MONTH
    from scenarios.cited import parse_month

    return max(FIRST_MONTH, parse_month(text if "-" in text else f"{text}-01") or FIRST_MONTH) if text else FIRST_MONTH


def check_moved(shocks: Sequence[Shock], size: float, series: Mapping[str, Any]) -> None:
    """Make sure that a loaded scenario lives through a shock as meant: a policy may set the same values itself.

    Raises:
        ScenarioError: if a value takes another path.
    """
    from experiments.engine import FIRST_MONTH
    from scenarios.problems import Report

    report = Report()
    for shock in shocks:
        found = np.array([series[shock.key].at(FIRST_MONTH + k) for k in range(len(shock.course))])
        if not np.allclose(found, shock.path(size), rtol=1e-4, atol=1e-9):
            report.add(
                "command line", "shock", f"{shock.key}, which the policy sets itself", "a value that the policy leaves alone"
            )
    report.stop()
