"""All that the files say of one lever or value: meaning, clauses, dated figures with sources, and every policy that differs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from os import PathLike, fspath
from typing import Any

from scenarios.catalogue import describe_lever, figures
from scenarios.counties import counties
from scenarios.inventory import entries_of, knobs_of, lever_of_book, turned_in
from scenarios.knob import lever_of
from scenarios.load import load
from scenarios.mechanismwords import FIELD_WORDS, MECHANISM_WORDS
from scenarios.planbook import BookLever, Stated, plan_book
from scenarios.problems import Report, ScenarioError, nearest
from scenarios.scenario import Scenario
from scenarios.shipped import policies
from scenarios.wording import PLANS
from sim.parameters import PARAMETERS, TABLES, Parameter
from sim.policies.mechanisms import MECHANISMS
from sim.rules import Lever


def explain(
    key: str,
    place: str | PathLike[str] = "nanyang",
    policy: str | PathLike[str] = "documented",
    files: Sequence[str | PathLike[str]] = (),
) -> dict[str, Any]:
    """Return what the files say of a lever, an entry, its field or word, a named value or a table.

    Args:
        key: ``dibao``, ``student_financial_aid.senior``, ``dibao.standard``, ``values.poverty_line`` or ``poverty_line``,
            ``tables.admission``.
        place, policy: names or files, as in `scenarios.load`; of a place that lists counties the first one.
        files: files of levers of one's own.

    Returns:
        plain data: ``key``, ``kind`` (lever, entry, value or table) and what that kind has. A lever of the catalogue: ``names``,
        ``lever`` (as `scenarios.inventory.lever_of_book`), ``plans`` (by plan ``clauses``, ``main``, ``path``, ``differs``),
        ``knobs`` (as written, with the ``setting`` of the place's plan), ``moved`` (figures of other entries, and values, that
        the knobs move) and ``entries``, those that are switched off there too (``off``). An entry: ``meaning``, all of
        `scenarios.catalogue.describe_lever`, ``clauses``, ``words`` and ``fields``. A field or value: ``unit``, ``range``,
        ``shape`` and ``figures``. ``policies`` holds, for every shipped policy under which an entry or a value differs, what
        differs: figures by field, words, start and end.

    Raises:
        ScenarioError: if place or policy is not known, or nothing has that name.
    """
    county = counties(place)[0].name
    scenario = load(county, policy, levers=files)
    kind, name, part = _find(key, scenario)
    if kind == "table":
        return _table(name, scenario)
    others = _others(county, fspath(policy), files)
    if kind == "value":
        return _value(name, scenario, others)
    if kind == "entry":
        return _entry(name, part, scenario, others)
    off = [entry.id for entry in scenario.off if lever_of(entry.id) == name]
    on = load(county, policy, [f"{entry}.enabled=true" for entry in off], files) if off else scenario
    return _lever(plan_book().levers[name], scenario, others, off, on)


def _others(county: str, policy: str, files: Sequence[str | PathLike[str]]) -> dict[str, Scenario]:
    """Return the scenarios of the other shipped policies, without those that change what the place does not have."""
    found = {}
    for other in policies():
        if other != policy:
            with suppress(ScenarioError):
                found[other] = load(county, other, levers=files)
    return found


def _find(key: str, scenario: Scenario) -> tuple[str, str, str]:
    """Return kind, name and part of what a key names; a value may be named without ``values.``."""
    levers = {lever.id: lever for lever in scenario.rules.levers}
    owner, _, part = key.rpartition(".")
    if key in plan_book().levers:
        return "lever", key, ""
    if key in levers:
        return "entry", key, ""
    if owner in levers and part in (*levers[owner].values, *levers[owner].words):
        return "entry", owner, part
    if owner in plan_book().levers and part in knobs_of(owner):
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
    parts += [f"{owner}.{knob}" for knob in knobs_of(owner)]
    values = [f"values.{name}" for name in PARAMETERS] + [f"tables.{name}" for name in TABLES]
    known = [*parts, *plan_book().levers, *levers, *values, *PARAMETERS]
    report = Report()
    allowed = "a lever (`fangpin levers` lists them), lever.field, values.<name>, tables.<name>"
    report.add("explain", "name", f"'{key}' names nothing here", allowed, nearest(key, known))
    report.stop()


def _lever(lever: BookLever, scenario: Scenario, others: dict[str, Scenario], off: Sequence[str], on: Scenario) -> dict[str, Any]:
    """Return a lever of the catalogue as plain data; what is off is told as it stands where it is switched on."""
    turned = turned_in(lever.id, scenario.plan)
    knobs = {name: {**knob, "setting": turned.get(name)} for name, knob in knobs_of(lever.id).items()}
    return {
        "key": lever.id,
        "kind": "lever",
        "names": dict(lever.names),
        "plan": scenario.plan,
        "lever": lever_of_book(lever, scenario),
        "plans": {plan: _stated(lever.plans.get(plan)) for plan in PLANS},
        "knobs": knobs,
        "moved": _moved(lever.id, knobs, scenario),
        "entries": {
            **{info.id: _entry(info.id, "", scenario, others) for info in entries_of(lever.id, scenario)},
            **{entry: {**_entry(entry, "", on, {}), "off": True} for entry in off},
        },
    }


def _moved(lever: str, knobs: dict[str, Any], scenario: Scenario) -> dict[str, Any]:
    """Return the figures of other entries, and the values, that a lever's knobs move, as far as the place has them."""
    found: dict[str, Any] = {}
    slots = [slot for knob in knobs.values() for slot in (*_listed(knob.get("of")), *_listed(knob.get("to")))]
    for slot in dict.fromkeys(slots):
        owner, _, part = slot.rpartition(".")
        key = slot if owner == "values" else f"levers.{slot}"
        if lever_of(owner) == lever or key not in scenario.series:
            continue
        rule = next((one for one in scenario.rules.levers if one.id == owner), None)
        known = PARAMETERS[part] if rule is None else MECHANISMS[rule.mechanism].fields[part]
        chinese = FIELD_WORDS[rule.mechanism][part] if rule else ""
        found[slot] = _series(scenario, key, known, chinese)
    return found


def _listed(given: Any) -> list[str]:
    """Return what a knob says of one slot or several as a list."""
    return [str(one) for one in given] if isinstance(given, list) else [str(given)] if given else []


def _stated(said: Stated | None) -> dict[str, Any] | None:
    """Return what a plan says of a lever as plain data; None where it does not name it."""
    if said is None:
        return None
    return {"clauses": list(said.clauses), "main": said.main, "path": said.path, "differs": dict(said.differs)}


def _series(scenario: Scenario, key: str, parameter: Parameter, chinese: str = "") -> dict[str, Any]:
    """Return a dated value as plain data."""
    series = scenario.series[key]
    return {
        "meaning": parameter.meaning,
        "meaning_zh": chinese or parameter.meaning,
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


def _entry(name: str, part: str, scenario: Scenario, others: dict[str, Scenario]) -> dict[str, Any]:
    """Return an entry, or one part of it, as plain data."""
    info = next(lever for lever in scenario.levers if lever.id == name)
    rule = next(lever for lever in scenario.rules.levers if lever.id == name)
    fields = MECHANISMS[info.mechanism].fields
    said = {
        "key": f"{name}.{part}" if part else name,
        "kind": "entry",
        "meaning": MECHANISMS[info.mechanism].meaning,
        "meaning_zh": MECHANISM_WORDS[info.mechanism],
        **describe_lever(info, rule, scenario),
        "clauses": {plan: info.clauses.get(plan, "") for plan in (*PLANS, *sorted(info.clauses.keys() - PLANS.keys()))},
        "words": {word: chosen for word, chosen in rule.words.items() if part in ("", word)},
        "fields": {
            field: _series(scenario, f"levers.{name}.{field}", fields[field], FIELD_WORDS[info.mechanism][field])
            for field in rule.values
            if part in ("", field)
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
