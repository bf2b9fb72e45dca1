"""All that the files say of one lever or value: meaning, dated figures with sources, clauses, and every policy that differs."""

from __future__ import annotations

from os import PathLike, fspath
from typing import Any

from scenarios.catalogue import describe_lever, figures
from scenarios.load import load
from scenarios.problems import Report, nearest
from scenarios.scenario import Scenario
from scenarios.shipped import policies
from scenarios.wording import PLANS
from sim.parameters import PARAMETERS, TABLES, Parameter
from sim.policies.mechanisms import MECHANISMS
from sim.rules import Lever


def explain(key: str, place: str | PathLike[str] = "nanyang", policy: str | PathLike[str] = "documented") -> dict[str, Any]:
    """Return what the files say of a lever, a lever's field or word, a named value or a table.

    Args:
        key: ``dibao``, ``dibao.standard``, ``values.poverty_line`` or ``poverty_line``, ``tables.admission``.
        place, policy: names or files, as in `scenarios.load`.

    Returns:
        plain data: ``key``, ``kind`` (lever, value or table), ``meaning``, and for levers all of
        `scenarios.catalogue.lever_catalogue` with ``clauses`` of the five plans, ``words`` and ``fields``; a field or value has
        ``unit``, ``range``, ``shape`` and ``figures``. ``policies`` holds, for every shipped policy under which something
        differs, what differs: figures by field, words, start and end.

    Raises:
        ScenarioError: if place or policy is not known, or nothing has that name.
    """
    scenario = load(place, policy)
    kind, name, part = _find(key, scenario)
    others = {other: load(place, other) for other in policies() if other != fspath(policy)}
    if kind == "table":
        return _table(name, scenario)
    if kind == "value":
        return _value(name, scenario, others)
    return _lever(name, part, scenario, others)


def _find(key: str, scenario: Scenario) -> tuple[str, str, str]:
    """Return kind, name and part of what a key names; a value may be named without ``values.``."""
    levers = {lever.id: lever for lever in scenario.rules.levers}
    owner, _, part = key.rpartition(".")
    if key in levers:
        return "lever", key, ""
    if owner in levers and part in (*levers[owner].values, *levers[owner].words):
        return "lever", owner, part
    if key.removeprefix("values.") in PARAMETERS:
        return "value", key.removeprefix("values."), ""
    if key.removeprefix("tables.") in TABLES:
        return "table", key.removeprefix("tables."), ""
    _unknown(key, owner, levers)
    return "", "", ""


def _unknown(key: str, owner: str, levers: dict[str, Lever]) -> None:
    """Refuse a key that nothing has.

    Raises:
        ScenarioError: with the nearest match.
    """
    parts = [f"{owner}.{part}" for part in (*levers[owner].values, *levers[owner].words)] if owner in levers else []
    known = [*parts, *levers, *(f"values.{name}" for name in PARAMETERS), *(f"tables.{name}" for name in TABLES), *PARAMETERS]
    report = Report()
    allowed = "a lever (`fangpin levers` lists them), lever.field, values.<name>, tables.<name>"
    report.add("explain", "name", f"'{key}' names nothing here", allowed, nearest(key, known))
    report.stop()


def _series(scenario: Scenario, key: str, parameter: Parameter) -> dict[str, Any]:
    """Return a dated value as plain data."""
    series = scenario.series[key]
    return {
        "meaning": parameter.meaning,
        "unit": series.unit,
        "range": [series.low, series.high],
        "shape": "linear" if series.linear else "step",
        "figures": figures(series),
    }


def _table(name: str, scenario: Scenario) -> dict[str, Any]:
    """Return a table as plain data; no policy changes a table."""
    table, found = TABLES[name], scenario.tables[name]
    columns = table.shape[-1]
    rows = [list(found.values[start : start + columns]) for start in range(0, len(found.values), columns)]
    origin = {"source": found.origin.source, "grade": found.origin.grade, "level": found.origin.level}
    return {"key": f"tables.{name}", "kind": "table", "meaning": table.meaning, "unit": table.unit, "rows": rows, **origin}


def _value(name: str, scenario: Scenario, others: dict[str, Scenario]) -> dict[str, Any]:
    """Return a named value as plain data."""
    key = f"values.{name}"
    said = {"key": key, "kind": "value", **_series(scenario, key, PARAMETERS[name])}
    told = {other: figures(scenario.series[key]) for other, scenario in others.items()}
    said["policies"] = {other: {name: found} for other, found in told.items() if _numbers(found) != _numbers(said["figures"])}
    return said


def _numbers(told: list[dict[str, Any]]) -> list[tuple[str, float]]:
    """Return dates and figures without what they rest on."""
    return [(one["from"], one["value"]) for one in told]


def _lever(name: str, part: str, scenario: Scenario, others: dict[str, Scenario]) -> dict[str, Any]:
    """Return a lever, or one part of it, as plain data."""
    info = next(lever for lever in scenario.levers if lever.id == name)
    rule = next(lever for lever in scenario.rules.levers if lever.id == name)
    fields = MECHANISMS[info.mechanism].fields
    said = {
        "key": f"{name}.{part}" if part else name,
        "kind": "lever",
        "meaning": MECHANISMS[info.mechanism].meaning,
        **describe_lever(info, rule, scenario),
        "clauses": {plan: info.clauses.get(plan, "") for plan in PLANS},
        "words": {word: chosen for word, chosen in rule.words.items() if part in ("", word)},
        "fields": {
            field: _series(scenario, f"levers.{name}.{field}", fields[field]) for field in rule.values if part in ("", field)
        },
    }
    differing = {other: _differences(said, name, told) for other, told in others.items()}
    said["policies"] = {other: parts for other, parts in differing.items() if parts}
    return said


def _differences(said: dict[str, Any], name: str, other: Scenario) -> dict[str, Any]:
    """Return what another policy says differently of a lever; ``{"absent": True}`` where it has none."""
    rule = next((lever for lever in other.rules.levers if lever.id == name), None)
    info = next((lever for lever in other.levers if lever.id == name), None)
    if rule is None or info is None:
        return {"absent": True}
    whole = describe_lever(info, rule, other)
    parts: dict[str, Any] = {key: whole[key] for key in ("start", "end", "who", "account") if whole[key] != said[key]}
    parts |= {word: rule.words[word] for word in said["words"] if rule.words.get(word) != said["words"][word]}
    told = {field: figures(other.series[f"levers.{name}.{field}"]) for field in said["fields"]}
    figured = {field: _numbers(one["figures"]) for field, one in said["fields"].items()}
    return parts | {field: found for field, found in told.items() if _numbers(found) != figured[field]}
