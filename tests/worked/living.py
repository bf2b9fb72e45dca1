"""Worked households: living the cases, each by itself, or many of them in one county that has lived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from experiments.life import lived_before, unrationed
from scenarios.load import load
from scenarios.scenario import Scenario, scaled
from scenarios.scripted import as_script
from sim.family import family_id, move_in, own_county
from sim.history import live
from sim.indicators import INDICATORS
from sim.model import PLAN_START, Model
from sim.past import Past
from sim.rules import Rules
from sim.script import Script
from sim.state import BY_NAME, Columns, State
from sim.trace import Traced
from worked.cases import Case

SEED = 7
HOUSEHOLDS = 3000
"""Rural households of the county into which the families move."""
FEN_COUNTS = {one.name for one in INDICATORS if one.unit.startswith("fen")}


@cache
def scenario(place: str, policy: str, overrides: tuple[str, ...]) -> Scenario:
    """Return a scenario, loaded once."""
    return load(place, policy, overrides)


def rules_of(case: Case) -> Rules:
    """Return the rules of a case: nothing is rationed."""
    return unrationed(scenario(case.described.place, case.policy, case.described.overrides).rules)


def alone(case: Case) -> list[Traced]:
    """Live a case by itself."""
    rules, family = rules_of(case), case.described
    past = lived_before(family, rules, case.policy, SEED, 1)
    script = as_script(family, case.policy, rules)
    model = Model(own_county(1), rules, SEED, past, family.months, 1, script=script, trace=(family_id(),))
    model.run_model()
    assert (model.ledger_residual()[1:] == 0).all(), f"{case.name}: the books do not close"
    return list(model.tracer.months[family_id()])


@cache
def county(place: str, start: int) -> Past:
    """Return the shared county of a place at a month, where support was kept until then."""
    given = scaled(scenario(place, "kept", ()), HOUSEHOLDS)
    past = live(given.county, given.rules, SEED, 1)
    if start == PLAN_START:
        return past
    model = Model(given.county, given.rules, SEED, past, start - PLAN_START, 1)
    model.run_model()
    return model.as_past()


def with_village(past: Past, guest: Past) -> Past:
    """Return a county with a copy of a family's own village as its last one, still empty: funds, place, what it built."""
    state, last = past.state, past.county.villages
    villages = Columns("village", 0)
    both = state.villages.matrices, guest.state.villages.matrices
    villages.matrices = {kind: np.concatenate((both[0][kind], both[1][kind]), axis=1) for kind in both[0]}
    villages["id"][last] = int(state.villages["id"].max()) + 1
    villages["first_household"][last], villages["households"][last] = len(state.households), 0
    county = replace(past.county, villages=last + 1)
    return replace(past, state=State(state.persons, state.households, villages), county=county)


def together(cases: Sequence[Case]) -> dict[str, list[Traced]]:
    """Live cases of one world in one county of thousands, spread over its villages; return the months of each by its name."""
    rules, first = rules_of(cases[0]), cases[0].described
    shared = county(first.place, first.start)
    # posts and loans of the county point to levers by number: let it take over the numbers of these rules
    past = replace(Model(shared.county, rules, SEED, shared, 0, 1).as_past(), record=shared.record)
    scripts = []
    struck = any(event.kind == "disaster" for event in first.events)
    # a disaster of a family strikes the first township: there the families of such a world live
    places = np.flatnonzero((past.state.villages["township"] == 0) | (not struck))
    for number, case in enumerate(cases):
        guest = lived_before(case.described, rules, case.policy, SEED, 1, number)
        village = int(places[number % len(places)])
        if case.apart:
            past, village = with_village(past, guest), past.county.villages
        past = move_in(past, guest, village)
        scripts.append(as_script(case.described, case.policy, rules, 1, number))
    script = Script([one for part in scripts for one in part.forced], {edit for part in scripts for edit in part.edits})
    ids = tuple(family_id(number) for number in range(len(cases)))
    months = max(case.described.months for case in cases)
    model = Model(past.county, rules, SEED, past, months, 1, script=script, trace=ids)
    model.run_model()
    assert (model.ledger_residual()[1:] == 0).all(), f"{cases[0].name} and others: the books do not close"
    return {case.name: list(model.tracer.months[number]) for case, number in zip(cases, ids, strict=True)}


def misses(case: Case, months: Sequence[Traced]) -> list[str]:
    """Return where a life differs from what was worked out: money to the fen, everything else exactly."""
    lived = {month.month: month for month in months}
    known = {lever.id for lever in rules_of(case).levers}
    found: list[str] = []
    for number, expected in sorted(case.expected.items()):
        where = f"{case.name}, {number // 12}-{number % 12 + 1:02d}"
        month = lived[number]
        for lever, yuan in (expected.get("paid") or {}).items():
            if lever not in known:
                found.append(f"{where}: no lever {lever}")
            else:
                found += _differs(f"{where}, paid by {lever}", month.paid.get(lever, 0) / 100, yuan)
        for name, amount in (expected.get("counts") or {}).items():
            lived_count = month.counts[name] / (100 if name in FEN_COUNTS else 1)
            found += _differs(f"{where}, {name}", lived_count, amount)
        found += _columns(where, "household", month.household, expected.get("household") or {})
        keys = [member.key for member in case.described.members]
        for member, columns in (expected.get("members") or {}).items():
            found += _columns(f"{where}, {member}", "person", _person(month, case, keys.index(member)), columns)
    return found


def _person(month: Traced, case: Case, place: int) -> dict[str, Any]:
    """Return a member's columns; of a household nobody leaves unless a case says so, so that the order of members stays."""
    born = case.described.members[place].born
    return next(person for person in month.persons if person["birth_month"] == born)


def _columns(where: str, entity: str, lived: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    """Compare columns: enumerations by name, amounts in yuan where the column is in fen."""
    found: list[str] = []
    for name, value in expected.items():
        column = BY_NAME.get((entity, name))
        if column is None:
            found.append(f"{where}: a {entity} has no column {name}")
        elif isinstance(value, str):
            found += [] if lived[name] == value else [f"{where}, {name}: {lived[name]}, worked out {value}"]
        else:
            found += _differs(f"{where}, {name}", lived[name] / (100 if column.unit.startswith("fen") else 1), float(value))
    return found


def _differs(where: str, lived: float, worked: float) -> list[str]:
    """Compare two figures to within half a fen."""
    return [] if abs(lived - worked) < 0.005 else [f"{where}: {lived:g}, worked out {worked:g}"]
