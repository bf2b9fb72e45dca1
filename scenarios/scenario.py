"""A scenario: the engine's frozen rules and county, and where every figure comes from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from scenarios.cited import NOT_USED, Cited, Origin, Series, show_month
from scenarios.lever import LeverEntry
from scenarios.place import TableData
from scenarios.problems import Report
from scenarios.transition import Transition
from sim.rules import Condition, County, Dated, Lever, Rules, Turn


@dataclass(frozen=True)
class LeverInfo:
    """What a reader wants to know of a lever beside its numbers.

    Attributes:
        id: name in the catalogue of levers.
        names: in Chinese and English.
        mechanism: kind of lever.
        who: condition as written.
        account, level: budget line and level of government that pays.
        place: place that the entry is for.
        clauses: by plan, the clauses that state it.
        group: its group in the clause book; of others, the name of the file that they stand in.
    """

    id: str
    names: Mapping[str, str]
    mechanism: str
    who: str
    account: str
    level: str
    place: str
    clauses: Mapping[str, str]
    group: str = ""


@dataclass(frozen=True)
class Assumption:
    """A figure that nobody has measured: what it is, from when it holds, and what is assumed."""

    key: str
    month: str
    value: float | None
    unit: str
    source: str
    level: str


@dataclass(frozen=True)
class Scenario:
    """All that a run needs to know, with its sources.

    Attributes:
        place, policy: ids.
        place_names, policy_names: in Chinese and English.
        meaning: what the policy is, in a sentence.
        county: the county before policy.
        rules: dated values, tables and levers; money in fen.
        series: figures as the files give them, by ``values.<name>``, ``levers.<id>.<field>`` and ``county.<name>``.
        tables: tables with their origins, by name.
        levers: names, clauses and accounts of the levers, in the order of the rules.
        decision_month: first month at which anything differs from the policy ``kept``; None when nothing does.
        overrides: changes given by hand.
        plan: id of the plan whose clauses hold in the place; empty where there is none.
        transition: clock of the transition there; None where no place of the chain gives one.
        off: entries that are not in force here, and could be switched on.
    """

    place: str
    policy: str
    place_names: Mapping[str, str]
    policy_names: Mapping[str, str]
    meaning: str
    county: County
    rules: Rules
    series: Mapping[str, Series]
    tables: Mapping[str, TableData]
    levers: tuple[LeverInfo, ...]
    decision_month: int | None
    overrides: tuple[str, ...] = ()
    plan: str = ""
    transition: Transition | None = None
    off: tuple[LeverEntry, ...] = ()

    @property
    def origin(self) -> dict[str, tuple[Origin, ...]]:
        """Return by key the origin of every figure: file, line, level, source and grade."""
        found = {key: tuple(entry.origin for entry in series.entries) for key, series in self.series.items()}
        return found | {f"tables.{name}": (table.origin,) for name, table in self.tables.items()}

    def assumptions(self) -> tuple[Assumption, ...]:
        """Return every figure whose grade is assumption, in the order of the keys."""
        found = [
            Assumption(
                key,
                "" if entry.month is None else show_month(entry.month),
                entry.value,
                series.unit,
                entry.origin.source,
                entry.origin.level,
            )
            for key, series in self.series.items()
            for entry in series.entries
            if entry.origin.grade == "assumption" and entry.origin.source != NOT_USED
        ]
        tables = [
            Assumption(f"tables.{name}", "", None, "", table.origin.source, table.origin.level)
            for name, table in self.tables.items()
            if table.origin.grade == "assumption"
        ]
        return (*found, *tables)


def scaled(scenario: Scenario, households: int) -> Scenario:
    """Return the scenario with a smaller county: whole villages, dealt to as many of its townships as they reach.

    Keeping the townships keeps disasters as local as they are in the whole county.

    Args:
        scenario: the scenario of the whole county.
        households: rural households wanted; rounded to whole villages of the county's mean size.

    Raises:
        ScenarioError: when the number is more than the county has, or less than one village.
    """
    county = scenario.county
    size = county.households / county.villages
    smallest = math.ceil(size)
    if isinstance(households, bool) or not smallest <= households <= county.households:
        report = Report()
        allowed = f"{smallest} (one village) to {county.households} (the whole county of {county.villages} villages)"
        report.add(scenario.place, "households", str(households), allowed)
        report.stop()
    villages = min(county.villages, max(1, round(households / size)))
    townships = min(villages, county.townships)
    return replace(scenario, county=replace(county, households=round(villages * size), villages=villages, townships=townships))


def resolved(scenario: Scenario) -> dict[str, Any]:
    """Return the scenario as plain values that JSON can hold, in a fixed order: for its hash and its provenance."""
    county = scenario.county
    return {
        "place": scenario.place,
        "policy": scenario.policy,
        "overrides": list(scenario.overrides),
        "decision_month": None if scenario.decision_month is None else show_month(scenario.decision_month),
        "plan": scenario.plan,
        "transition": _clock(scenario.transition),
        "county": {
            "households": county.households,
            "villages": county.villages,
            "townships": county.townships,
            "number": county.number,
            **(
                {} if county.founders is None else {"founders": county.founders.digest, "founders_source": county.founders.source}
            ),
        },
        "values": {
            name: _dated(scenario.rules.values[name], scenario.series[f"values.{name}"]) for name in sorted(scenario.rules.values)
        },
        "tables": {
            name: {"figures": list(scenario.rules.tables[name]), "origin": _origin(scenario.tables[name].origin)}
            for name in sorted(scenario.rules.tables)
        },
        "levers": {lever.id: _lever(lever, scenario.series) for lever in scenario.rules.levers},
    }


def _clock(transition: Transition | None) -> dict[str, Any] | None:
    """Return the clock of the transition as plain values."""
    if transition is None:
        return None
    months = {"start": show_month(transition.start), "end": show_month(transition.end)}
    return {"rule": transition.rule, **months, "origin": _origin(transition.origin)}


def _lever(lever: Lever, series: Mapping[str, Series]) -> dict[str, Any]:
    """Return a lever as plain values."""
    return {
        "mechanism": lever.mechanism,
        "who": _who(lever.who),
        "account": lever.account,
        "level": lever.level,
        "start": show_month(lever.start),
        "end": show_month(lever.end),
        "words": {name: lever.words[name] for name in sorted(lever.words)},
        "turns": [_turn(turn) for turn in lever.turns],
        "fields": {name: _dated(lever.values[name], series[f"levers.{lever.id}.{name}"]) for name in sorted(lever.values)},
    }


def _who(who: Condition) -> list[list[list[Any]]]:
    """Return a condition as plain values."""
    return [[[term.attribute, _finite(term.low), _finite(term.high)] for term in clause] for clause in who]


def _turn(turn: Turn) -> dict[str, Any]:
    """Return a change of a lever's choices or condition as plain values."""
    said = {name: None if part is None else _who(part) for name, part in (("who", turn.who), ("where", turn.where))}
    return {"month": show_month(turn.month), "words": {name: turn.words[name] for name in sorted(turn.words)}, **said}


def _dated(dated: Dated, series: Series) -> dict[str, Any]:
    """Return dated numbers in the engine's units, with their origins."""
    return {
        "months": [show_month(month) for month in dated.months],
        "values": list(dated.values),
        "linear": dated.linear,
        "unit": series.unit.replace("yuan", "fen", 1) if series.scale == 100 else series.unit,
        "origin": [_origin(entry.origin) for entry in series.entries],
    }


def _origin(origin: Origin) -> dict[str, Any]:
    """Return an origin as plain values; lines are left out, they move without any figure moving."""
    return {
        "file": origin.file,
        "level": origin.level,
        "grade": origin.grade,
        "source": origin.source,
        "fact": origin.fact,
    }


def _finite(bound: float) -> float | None:
    """Return a bound, None for an open one."""
    return bound if math.isfinite(bound) else None


def cited_series(figure: Cited, unit: str) -> Series:
    """Return a single figure as a series, for the list of origins."""
    return Series((figure,), unit, figure.value, figure.value)
