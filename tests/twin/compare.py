"""Comparison of the compiled model with its twin: every flow, every column of every household and person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from sim.indicators import GROUPS, INDICATORS
from sim.model import Model
from sim.state import HOUSEHOLD, PERSON
from twin.model import LAYOUT, TwinModel


def compare_flows(model: Model, twin: TwinModel) -> list[str]:
    """Return every difference of the monthly counts and of the payments by lever."""
    if model.record.shape != twin.record.shape or model.paid.shape != twin.paid.shape:
        return [f"shapes: engine {model.record.shape} {model.paid.shape}, twin {twin.record.shape} {twin.paid.shape}"]
    found = []
    for month, group, place in np.argwhere(model.record != twin.record):
        what = f"month {model.first_month + month}, {GROUPS[group]}, {INDICATORS[place].name}"
        found.append(_gap(what, model.record[month, group, place], twin.record[month, group, place]))
    for month, lever in np.argwhere(model.paid != twin.paid):
        what = f"month {model.first_month + month}, paid by {model.rules.levers[lever].id}"
        found.append(_gap(what, model.paid[month, lever], twin.paid[month, lever]))
    return [*found, *_post_moves(model, twin)]


def _post_moves(model: Model, twin: TwinModel) -> Iterable[str]:
    """Compare who held, got and left posts."""
    ours, theirs = dict(model.post_book.counts), dict(twin.post_book.counts)
    for key in sorted({*ours, *theirs}):
        if ours.get(key, 0) != theirs.get(key, 0):
            yield _gap(f"posts, {key}", ours.get(key, 0), theirs.get(key, 0))


def compare_state(model: Model, twin: TwinModel) -> list[str]:
    """Return every difference of the state: institutions, households, and persons by id."""
    entities = [*_institutions(model, twin), *_households(model, twin), *_members(model, twin), *_persons(model, twin)]
    return [*entities, *_falls(model, twin)]


def _institutions(model: Model, twin: TwinModel) -> Iterable[str]:
    """Compare what institutions carry from month to month."""
    pairs: dict[str, tuple[Any, Any]] = {
        "month": (model.month, twin.month),
        "round of visits": (model.registry.round, twin.registry.round[False]),
        "round of visits to the ex-poor": (model.registry.round_ex_poor, twin.registry.round[True]),
        "spare minutes": (model.registry.spare_minutes, twin.registry.spare_minutes),
        "crowding": (model.world.value("crowding"), twin.crowding),
    }
    for account, other in zip(model.accounts, twin.accounts, strict=True):
        last = account.months[-1] if account.months else None
        ours = (account.name, account.balance, account.open, account.demand, account.granted, last.unmet if last else 0)
        pairs[f"account {account.name}"] = (
            ours,
            (other.name, other.balance, other.open, other.demand, other.granted, other.unmet),
        )
    pairs["review"] = ((model.board.paused.tolist(), model.board.delays.tolist()), (twin.board.paused, twin.board.delays))
    for name in ("project_assets", "collective_income"):
        pairs[name] = (model.state.villages[name].tolist(), [getattr(village, name) for village in twin.villages])
    for village, lead in enumerate(model.state.villages["migrant_lead"].tolist()):
        pairs[f"migrant lead of village {village}"] = (lead, twin.neighbours.lead_of(village))
    pairs["spells of risk"] = (dict(model.watch.spells + model.watch.waiting()), dict(twin.watch.spells + twin.watch.waiting()))
    pairs["December lists"] = (dict(model.watch.lists), dict(twin.watch.lists))
    return [_gap(name, one, other) for name, (one, other) in pairs.items() if one != other]


def _households(model: Model, twin: TwinModel) -> Iterable[str]:
    """Compare every column of every household; both keep the order of the villages."""
    names = [column.name for column in HOUSEHOLD if column.name not in LAYOUT]
    rows = range(len(model.state.households))
    return _columns("household", names, model.state.households, rows, twin.households)


def _falls(model: Model, twin: TwinModel) -> Iterable[str]:
    """Compare the table of new falls, row by row."""
    table = {name: values.tolist() for name, values in model.relapse_table().items()}
    ours = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    theirs = sorted(twin.falls, key=lambda row: (row["month"], row["household"], row["definition"]))
    if len(ours) != len(theirs):
        yield _gap("falls", len(ours), len(theirs))
    for one, other in zip(ours, theirs, strict=False):
        what = f"fall of {one['household']} in {one['month']}"
        yield from (_gap(f"{what}, {name}", one[name], other[name]) for name in table if one[name] != other[name])


def _members(model: Model, twin: TwinModel) -> Iterable[str]:
    """Compare who lives in which household, in order."""
    households, persons = model.state.households, model.state.persons
    for place, household in enumerate(twin.households):
        first, slots = int(households["start"][place]), int(households["slots"][place])
        there = slice(first, first + slots)
        ids = persons["id"][there][persons["alive"][there] == 1].tolist()
        if ids != [person.id for person in household.people]:
            yield _gap(f"members of household {household.id}", ids, [person.id for person in household.people])


def _persons(model: Model, twin: TwinModel) -> Iterable[str]:
    """Compare every column of every living person, matched by id."""
    persons = model.state.persons
    alive = {int(persons["id"][row]): row for row in np.flatnonzero(persons["alive"] == 1).tolist()}
    agents = {person.id: person for person in twin.people()}
    if alive.keys() != agents.keys():
        yield _gap("living persons", sorted(alive.keys() - agents.keys()), sorted(agents.keys() - alive.keys()))
    both = [number for number in alive if number in agents]
    names = [column.name for column in PERSON]
    yield from _columns("person", names, persons, [alive[number] for number in both], [agents[number] for number in both])


def _columns(entity: str, names: Sequence[str], columns: Any, rows: Sequence[int], agents: Sequence[Any]) -> Iterable[str]:
    """Compare columns of the state with attributes of agents, row by agent."""
    for name in names:
        stored = columns[name].T.tolist()
        for row, agent in zip(rows, agents, strict=True):
            if stored[row] != getattr(agent, name):
                yield _gap(f"{entity} {agent.id}, {name}", stored[row], getattr(agent, name))


def _gap(what: str, engine: Any, twin: Any) -> str:
    """Say where the two differ."""
    return f"{what}: engine {engine}, twin {twin}"
