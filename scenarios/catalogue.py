"""What there is: places, policies and levers as plain data, in the words of their entries."""

from __future__ import annotations

from typing import Any

from scenarios.cited import FIRST_MONTH, LAST_MONTH, NOT_USED, Series, show_month
from scenarios.knob import read_knobs
from scenarios.place import Place, plan_of, read_chain
from scenarios.problems import Report
from scenarios.scenario import LeverInfo, Scenario
from scenarios.schema import Reader
from scenarios.shipped import knob_files, lever_files, lever_ids, open_file, policies, shipped
from scenarios.transition import Transition, transition_of
from scenarios.wording import say_condition
from sim.rules import Lever


def place_catalogue() -> dict[str, dict[str, Any]]:
    """Return every shipped place by its id.

    Each has ``names`` (zh, en), ``level``, ``parent``, ``plan`` (whose clauses hold there; empty where there is none),
    ``transition`` (``rule``, ``start``, ``end``, ``exit``, ``source``, ``grade``), ``runs`` (whether it can be simulated),
    ``counties`` (how many it stands for), ``households`` (rural, of all its counties; None where it describes none),
    ``overrides`` (the values, tables and levers that it says differently from its parents) and ``listed``: the same of the
    counties that it lists, by name.
    """
    report = Report()
    entries = _levers_by_place()
    found = {name: _place(read_chain(name, report), entries) for name in shipped("places")}
    report.stop()
    return found


def _place(chain: tuple[Place, ...], levers: dict[str, list[str]]) -> dict[str, Any]:
    """Return the first place of a chain as plain data."""
    place = chain[0]
    changed = [*(f"values.{name}" for name in place.values), *(f"tables.{name}" for name in place.tables)]
    changed += dict.fromkeys(_changed(item.value) for item in place.overrides if isinstance(item.value, dict))
    listed = {one.id: _place((one, *chain), levers) for one in place.counties}
    weight = place.weight.value if place.weight else 1.0
    households = weight * place.county["households"].value if place.county else 0.0
    households += sum(one["households"] for one in listed.values())
    return {
        "names": dict(place.names),
        "level": place.level,
        "parent": place.parent,
        "plan": plan_of(chain),
        "transition": _clock(transition_of(chain)),
        "runs": bool(place.county or place.counties),
        "counties": weight if place.county else sum(one["counties"] for one in listed.values()),
        "households": round(households) if households else None,
        "overrides": [*changed, *levers.get(place.id, [])] if place.parent else [],
        "listed": listed,
    }


def _clock(transition: Transition | None) -> dict[str, str] | None:
    """Return the clock of the transition as plain data."""
    if transition is None:
        return None
    left = "" if transition.exit is None else show_month(transition.exit)
    months = {"start": show_month(transition.start), "end": show_month(transition.end), "exit": left}
    return {"rule": transition.rule, **months, "source": transition.origin.source, "grade": transition.origin.grade}


def _levers_by_place() -> dict[str, list[str]]:
    """Return the ids of the shipped levers that are entered for one place, by place."""
    found: dict[str, list[str]] = {}
    for node in lever_files():
        for item in Reader(node, "", ("levers",), Report()).items("levers"):
            content = item.value if isinstance(item.value, dict) else {}
            if "place" in content and "id" in content:
                found.setdefault(str(content["place"].value), []).append(str(content["id"].value))
    return found


def policy_catalogue() -> dict[str, dict[str, Any]]:
    """Return every shipped policy by its id: ``names``, ``meaning``, and the levers and values that it changes."""
    report = Report()
    found = {}
    for name in policies():
        node, _ = open_file("policies", name, report)
        content = node.value if isinstance(node.value, dict) else {}
        changes = Reader(node, "", tuple(content), report)
        items = [item.value for item in changes.items("overrides", required=False) if isinstance(item.value, dict)]
        keys = [_changed(item) for item in items] + list(changes.mapping("settings", required=False))
        if "plan" in content and content["plan"].value is True:
            keys += planned_knobs(report)
        meaning = changes.text("meaning", required=False)
        found[name] = {"names": changes.names(), "meaning": meaning, "changes": list(dict.fromkeys(keys))}
    report.stop()
    return found


def planned_knobs(report: Report) -> list[str]:
    """Return the knobs that some plan sets."""
    book = read_knobs(knob_files(), {}, lever_ids(), report)
    return sorted({key for settings in book.plans.values() for key in settings})


def _changed(item: dict[str, Any]) -> str:
    """Return the key that one change of a policy concerns."""
    if "lever" not in item:
        return f"values.{item['value'].value}" if "value" in item else ""
    part = item.get("field") or item.get("word")
    return f"{item['lever'].value}.{part.value if part else 'end'}"


def describe_lever(info: LeverInfo, rule: Lever, scenario: Scenario) -> dict[str, Any]:
    """Return a lever as plain data; ``start`` and ``end`` are empty where they are open."""
    grades = [
        entry.origin.grade == "assumption"
        for field in rule.values
        for entry in scenario.series[f"levers.{info.id}.{field}"].entries
        if entry.origin.source != NOT_USED
    ]
    return {
        "names": dict(info.names),
        "group": info.group,
        "mechanism": info.mechanism,
        "who": info.who,
        "who_words": {language: say_condition(info.who, language) for language in ("zh", "en")},
        "account": info.account,
        "level": info.level,
        "place": info.place,
        "start": "" if rule.start <= FIRST_MONTH else show_month(rule.start),
        "end": "" if rule.end > LAST_MONTH else show_month(rule.end),
        "sourced": grades.count(False),
        "assumed": grades.count(True),
    }


def figures(series: Series) -> list[dict[str, Any]]:
    """Return the dated figures of a series as plain data, in the units of the files; ``from`` is empty for always."""
    return [
        {
            "from": "" if entry.month is None else show_month(entry.month),
            "value": entry.value,
            "source": entry.origin.source,
            "grade": entry.origin.grade,
            "level": entry.origin.level,
            "file": f"{entry.origin.file}:{entry.origin.line}" if entry.origin.line else entry.origin.file,
            "fact": entry.origin.fact,
        }
        for entry in series.entries
    ]
