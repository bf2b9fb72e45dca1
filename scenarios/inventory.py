"""The inventory of levers: all that the catalogue lists, what stands behind each in a place, and where its plan states it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from os import PathLike
from typing import Any

from scenarios.catalogue import describe_lever
from scenarios.cited import GRADES, NOT_USED
from scenarios.counties import counties
from scenarios.load import load
from scenarios.planbook import KINDS, BookLever, plan_book
from scenarios.problems import Report, listing, nearest
from scenarios.scenario import LeverInfo, Scenario
from scenarios.shipped import lever_ids, open_file, shipped
from sim.policies.mechanisms import MECHANISMS

OUTSIDE = "outside"
"""Kind of the entries that belong to no lever of the catalogue: background schemes, and levers of one's own."""

SOURCED = "sourced"
"""Asks for every lever with at least one figure that is more than an assumption."""

STATES = ("entries", "knobs", "off", "missing")
"""How a lever stands in a place: by entries, by knobs alone, known but not in force, or not written yet."""


@dataclass(frozen=True)
class Choice:
    """Which levers are asked for; empty means all.

    Attributes:
        group: a group of the clause book.
        grade: the best grade among a lever's figures, or `SOURCED`.
        kind: direct, proxy, context or `OUTSIDE`.
        mechanism: only entries of one mechanism.
    """

    group: str = ""
    grade: str = ""
    kind: str = ""
    mechanism: str = ""

    def check(self, groups: Iterable[str]) -> None:
        """Refuse what is not known.

        Raises:
            ScenarioError: with the known ones and the nearest match, all of them together.
        """
        report = Report()
        known = {
            "group": sorted(set(groups)), "grade": (*GRADES, SOURCED), "kind": (*KINDS, OUTSIDE), "mechanism": sorted(MECHANISMS),
        }  # fmt: skip
        for key, names in known.items():
            given = getattr(self, key)
            if given and given not in names:
                report.add("levers", key, f"unknown name '{given}'", listing(names, 20), nearest(given, names))
        report.stop()

    def holds(self, told: Mapping[str, Any]) -> bool:
        """Tell whether a lever of the inventory is asked for."""
        graded = self.grade in ("", told["grade"]) or (self.grade == SOURCED and told["sourced"] > 0)
        used = not self.mechanism or any(entry["mechanism"] == self.mechanism for entry in told["entries"].values())
        return graded and used and self.group in ("", told["group"]) and self.kind in ("", told["kind"])


def lever_inventory(
    place: str | PathLike[str] = "nanyang",
    policy: str | PathLike[str] = "documented",
    choice: Choice = Choice(),
    files: Sequence[str | PathLike[str]] = (),
) -> dict[str, dict[str, Any]]:
    """Return the levers of the catalogue, and those outside it, by their ids.

    Each has ``names``, ``group``, ``kind``, ``class``, ``meaning``, ``state`` (one of `STATES`), ``everywhere``, ``clauses``
    and ``path`` of the place's plan (empty where it does not name it), ``entries`` (as `scenarios.catalogue.describe_lever`
    says), ``off`` (ids of entries that are not in force), ``knobs`` (names), ``sourced`` and ``assumed`` (counts of figures)
    and ``grade`` (the best one; empty without figures).

    Args:
        place, policy: names or files, as in `scenarios.load`; of a place that lists counties the first one.
        choice: which levers.
        files: files of levers of one's own.

    Raises:
        ScenarioError: if place, policy or what is asked for is not known.
    """
    scenario = load(counties(place)[0].name, policy, levers=files)
    choice.check((*plan_book().groups, *(info.group for info in scenario.levers)))
    found = {key: lever_of_book(lever, scenario) for key, lever in plan_book().levers.items()}
    found |= {key: _outside(key, scenario) for key in _ids_outside(scenario)}
    return {key: told for key, told in found.items() if choice.holds(told)}


def lever_of_book(lever: BookLever, scenario: Scenario) -> dict[str, Any]:
    """Return a lever of the clause book as it stands in a scenario."""
    said = lever.plans.get(scenario.plan)
    return {
        "names": dict(lever.names),
        "group": lever.group,
        "kind": lever.kind,
        "class": lever.policy_class,
        "meaning": dict(lever.meaning),
        "state": _state(lever, scenario),
        "everywhere": lever.everywhere,
        "clauses": list(said.clauses) if said else [],
        "path": said.path if said else "",
        "knobs": list(knobs_of(lever.id)),
        **_figures(lever.id, scenario),
    }


def _outside(key: str, scenario: Scenario) -> dict[str, Any]:
    """Return what stands outside the catalogue in the same form."""
    infos = entries_of(key, scenario)
    clauses = [infos[0].clauses[scenario.plan]] if scenario.plan in infos[0].clauses else []
    told: dict[str, Any] = {"names": dict(infos[0].names), "group": infos[0].group, "kind": OUTSIDE, "class": "", "meaning": {}}
    told |= {"state": "entries", "everywhere": False, "clauses": clauses, "path": "", "knobs": []}
    return told | _figures(key, scenario)


def _ids_outside(scenario: Scenario) -> list[str]:
    """Return the ids, before the dot, of entries that the catalogue does not have."""
    found = (info.id.partition(".")[0] for info in scenario.levers if plan_book().lever(info.id) is None)
    return list(dict.fromkeys(found))


def entries_of(key: str, scenario: Scenario) -> list[LeverInfo]:
    """Return the entries of a lever in a scenario."""
    return [info for info in scenario.levers if info.id.partition(".")[0] == key]


def _state(lever: BookLever, scenario: Scenario) -> str:
    """Tell how a lever stands in a scenario."""
    if entries_of(lever.id, scenario):
        return "entries"
    if is_missing(lever.id):
        return "missing"
    alone = lever.id not in {entry.partition(".")[0] for entry in lever_ids()}
    return "knobs" if alone and lever.id in plan_book().in_force(scenario.plan) else "off"


def is_missing(key: str) -> bool:
    """Tell whether the shipped files have neither an entry nor a knob of a lever."""
    return not knobs_of(key) and key not in {entry.partition(".")[0] for entry in lever_ids()}


def _figures(key: str, scenario: Scenario) -> dict[str, Any]:
    """Return a lever's entries and how well founded their figures are."""
    rules = {rule.id: rule for rule in scenario.rules.levers}
    infos = entries_of(key, scenario)
    entries = {info.id: describe_lever(info, rules[info.id], scenario) for info in infos}
    grades = grades_of(infos, scenario)
    assumed = grades.count("assumption")
    best = min(grades, key=GRADES.index, default="")
    off = [entry.id for entry in scenario.off if entry.id.partition(".")[0] == key]
    return {"entries": entries, "off": off, "sourced": len(grades) - assumed, "assumed": assumed, "grade": best}


def grades_of(infos: Iterable[LeverInfo], scenario: Scenario) -> list[str]:
    """Return the grade of each figure that entries use."""
    keys = [f"levers.{info.id}." for info in infos]
    series = [found for name, found in scenario.series.items() if any(name.startswith(key) for key in keys)]
    cited = [entry.origin for found in series for entry in found.entries]
    return [origin.grade for origin in cited if origin.source != NOT_USED]


@cache
def _knobs() -> dict[str, Mapping[str, Any]]:
    """Return what the shipped files of knobs say of each lever, unread: whoever turns a knob checks it."""
    report = Report()
    found: dict[str, Mapping[str, Any]] = {}
    for name in shipped("knobs"):
        content = open_file("knobs", name, report)[0].plain()
        found |= content.get("levers", {}) if isinstance(content, dict) else {}
    return found


def knobs_of(key: str) -> dict[str, Any]:
    """Return the knobs of a lever as they are written."""
    return dict(_knobs().get(key, {}).get("knobs") or {})


def turned_in(key: str, plan: str) -> dict[str, Any]:
    """Return how a plan turns the knobs of a lever, as it is written."""
    return dict((_knobs().get(key, {}).get("plans") or {}).get(plan) or {})
