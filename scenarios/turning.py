"""Turning knobs: settings of several layers become dated figures, choices, conditions and spans of entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from scenarios.cited import LAST_MONTH, Cited, Series, show_month
from scenarios.condition import ConditionError, attributes_of, parse_condition
from scenarios.knob import Knob, entries_of, own_condition
from scenarios.lever import LeverEntry
from scenarios.path import Path, continued
from scenarios.policy import Setting
from scenarios.problems import Report
from scenarios.settings import OWN, Turned
from scenarios.yamlfile import Scalar
from sim.policies.mechanisms import MECHANISMS, acts_on
from sim.rules import Condition, Turn, month_index

_WHOLE = {"switch": "enabled", "who": "who", "where": "where"}
"""Kinds of knobs that move entries as a whole, and what of them."""
_LAST_GROWTH = month_index(2031)
"""Growth goes on until here: the horizon ends before."""


@dataclass(frozen=True)
class _Claim:
    """A knob that moves something: how much its layer counts, and what it is set to."""

    rank: tuple[int, bool]
    turned: Turned


def apply_settings(layers: Sequence[Sequence[Turned]], base: Setting, current: Setting, report: Report) -> Setting:
    """Apply settings; of two that move the same, the later layer counts, and what is written out before what a choice brings.

    Args:
        layers: settings, those of the place's plan first, those by hand last.
        base: what multiplied paths and growth start from: the place's own figures.
        current: the setting that is changed.
        report: collects problems.
    """
    chosen = _merged(layers)
    owners = _owners(chosen, base, report)
    for claim in chosen.values():
        for slot in slots_of(claim.turned.knob, base):
            if owners[slot] == claim.turned.knob.key:
                current = _write(claim.turned, slot, base, current, report)
    return current


def _merged(layers: Sequence[Sequence[Turned]]) -> dict[str, _Claim]:
    """Return one setting for each knob: that of the latest layer."""
    chosen: dict[str, _Claim] = {}
    for number, layer in enumerate(layers):
        for turned in layer:
            rank, held = (number, turned.explicit), chosen.get(turned.knob.key)
            if held is not None and held.rank > rank:
                continue
            path = continued(turned.path, held.turned.path if held else None)
            chosen.pop(turned.knob.key, None)
            chosen[turned.knob.key] = _Claim(rank, replace(turned, path=path))
    return chosen


def _owners(chosen: dict[str, _Claim], setting: Setting, report: Report) -> dict[str, str]:
    """Return who moves each slot, noting two knobs of one layer that claim the same."""
    owners: dict[str, str] = {}
    for key, claim in chosen.items():
        for slot in slots_of(claim.turned.knob, setting):
            other = chosen[owners[slot]] if slot in owners else None
            if other is None or claim.rank > other.rank:
                owners[slot] = key
            elif claim.rank == other.rank:
                given = f"moves {slot}, which {owners[slot]} at {other.turned.path.where} moves as well"
                report.add(claim.turned.path.where, key, given, "one knob for each figure", "leave one of the two out")
    return owners


def slots_of(knob: Knob, setting: Setting) -> tuple[str, ...]:
    """Return what a knob moves in a place: ``values.name``, ``entry.field``, ``entry.word``, ``entry.who``, ``entry.where``,
    ``entry.enabled``."""
    found: list[str] = []
    for slot in knob.of:
        if knob.kind in _WHOLE:
            part = _WHOLE[knob.kind]
            found += [f"{entry}.{part}" for entry in entries_of(slot, setting.levers)]
            continue
        owner, _, part = slot.rpartition(".")
        names = (owner,) if owner == "values" else entries_of(owner, setting.levers)
        found += [f"{name}.{part}" for name in names]
    return tuple(dict.fromkeys(found))


def _write(turned: Turned, slot: str, base: Setting, current: Setting, report: Report) -> Setting:
    """Write one slot."""
    owner, _, part = slot.rpartition(".")
    knob, path = turned.knob, turned.path
    if not path.points:
        return current
    if owner == "values":
        series = _series(turned, slot, base.values[part], current.values[part], base, report)
        return replace(current, values={**current.values, part: series})
    entry = current.levers[owner]
    if path.contract_end:
        entry = _run_out(entry, path, report)
    elif knob.kind == "switch":
        entry = _switch(entry, path, knob, report)
    elif knob.kind == "where":
        for month, value in path.points:
            entry = with_turn(entry, month, where=parse_condition(str(value)))
    elif knob.kind == "who":
        entry = _ask(entry, base.levers[owner], path, knob, report)
    elif knob.kind == "word":
        for month, value in path.points:
            entry = with_turn(entry, month, words={part: knob.words.get(str(value), str(value))})
    else:
        series = _series(turned, slot, base.levers[owner].fields[part], entry.fields[part], base, report)
        entry = replace(entry, fields={**entry.fields, part: series})
    return replace(current, levers={**current.levers, owner: entry})


def _series(turned: Turned, slot: str, base: Series, current: Series, place: Setting, report: Report) -> Series:
    """Return a figure's path as a knob moves it, checked against the figure's range."""
    knob, path = turned.knob, turned.path
    points = [(month, _number(value) * knob.times) for month, value in path.points if value != OWN]
    if knob.kind == "set" and len(points) < len(path.points):
        made, moved = _returning(path, knob.times, base), current
    elif knob.kind == "scale":
        made, moved = _scaled(points, base), base
    elif knob.kind == "share":
        made, moved = _scaled(points, place.values[knob.to.removeprefix("values.")]), base
    elif knob.kind == "growth":
        made, moved = _grown(points, base, knob.by), base
    else:
        made, moved = _stepped(points, current.linear), current
    for month, value in made:
        if not base.low <= value <= base.high:
            given = f"brings {slot} to {value:g} in {show_month(month)}"
            report.add(path.where, knob.key, given, f"{base.low:g} to {base.high:g} ({base.unit})")
            return current
    return moved.changed(tuple(Cited(month, value, path.origin) for month, value in made))


def _stepped(points: Sequence[tuple[int, float]], linear: bool) -> list[tuple[int, float]]:
    """Return steps; where the figure runs in straight lines, the month before each step holds what was there."""
    made: list[tuple[int, float]] = []
    for month, value in points:
        if linear and made and made[-1][0] < month - 1:
            made.append((month - 1, made[-1][1]))
        made.append((month, round(value, 10)))
    return made


def _returning(path: Path, times: float, base: Series) -> list[tuple[int, float]]:
    """Return steps that go back to the place's own figures where a path says so."""
    made: list[tuple[int, float]] = []
    ends = [month for month, _ in path.points[1:]] + [LAST_MONTH + 1]
    for (month, value), end in zip(path.points, ends, strict=True):
        if value != OWN:
            made.append((month, round(_number(value) * times, 10)))
            made += [(end - 1, made[-1][1])] if base.linear and end - 1 > month and end <= LAST_MONTH else []
            continue
        own = [entry.month for entry in base.entries if entry.month is not None and month < entry.month < end]
        made += [(since, base.at(since)) for since in (month, *own)]
    return made


def _scaled(points: Sequence[tuple[int, float]], base: Series) -> list[tuple[int, float]]:
    """Return the base path times a stepwise factor, from the factor's first month on."""
    first = points[0][0]
    own = {entry.month for entry in base.entries if entry.month is not None and entry.month > first}
    edges = {month - 1 for month, _ in points[1:]} if base.linear else set()
    months = sorted({month for month, _ in points} | own | {month for month in edges if month > first})
    return [(month, round(base.at(month) * _in_force(points, month), 10)) for month in months]


def _in_force(points: Sequence[tuple[int, float]], month: int) -> float:
    """Return the value of the last point up to a month."""
    return [value for since, value in points if since <= month][-1]


def _grown(points: Sequence[tuple[int, float]], base: Series, by: str) -> list[tuple[int, float]]:
    """Return a path that grows once a year from what was in force the month before it begins."""
    first = points[0][0]
    level = base.at(first - 1)
    made: list[tuple[int, float]] = []
    for month in range(first, min(_LAST_GROWTH, LAST_MONTH) + 1, 12):
        rate = _in_force(points, month)
        grown = level + rate if by == "amount" else level * (1.0 + rate)
        # a path that falls, or rises, to the end of its range stays there
        level = min(max(round(grown, 6), base.low), base.high)
        made.append((month, level))
    return _stepped([point for k, point in enumerate(made) if k == 0 or point[1] != made[k - 1][1]], base.linear)


def _number(value: Scalar) -> float:
    """Return a value of a knob that takes numbers."""
    assert isinstance(value, int | float)
    return float(value)


def with_turn(
    entry: LeverEntry,
    month: int,
    words: dict[str, str] | None = None,
    who: Condition | None = None,
    where: Condition | None = None,
) -> LeverEntry:
    """Return an entry that says something else from a month on."""
    held = next((turn for turn in entry.turns if turn.month == month), Turn(month))
    said = {**held.words, **(words or {})}
    merged = replace(held, words=said, who=held.who if who is None else who, where=held.where if where is None else where)
    rest = [turn for turn in entry.turns if turn.month != month]
    return replace(entry, turns=tuple(sorted((*rest, merged), key=lambda turn: turn.month)))


def _switch(entry: LeverEntry, path: Path, knob: Knob, report: Report) -> LeverEntry:
    """Return an entry in force from, or until, the month in which a switch is turned; on and off again at most once."""
    states = [bool(value) for _, value in path.points]
    if any(first == second for first, second in pairwise(states)) or len(states) > 2:
        report.add(path.where, knob.key, "a switch that turns back and forth", "on, off, or on and then off, each with its date")
    for month, on in path.points:
        entry = _switched(entry, month, on is True, path, knob, report)
    return entry


def _switched(entry: LeverEntry, month: int, on: bool, path: Path, knob: Knob, report: Report) -> LeverEntry:
    """Return an entry switched on or off from a month on."""
    if not on:
        end = month if entry.end is None else min(month, entry.end)
        lives = entry.start is None or entry.start < end
        return replace(entry, end=end) if entry.enabled and lives else replace(entry, enabled=False)
    if not entry.enabled:
        return replace(entry, enabled=True, start=month if entry.start is None else max(month, entry.start))
    if entry.end is not None and entry.end <= month:
        given = f"switched on in {show_month(month)}, after it ended in {show_month(entry.end)}"
        report.add(path.where, knob.key, given, "a lever that ends once", "write its figure as a path instead")
    return entry


def _ask(entry: LeverEntry, base: LeverEntry, path: Path, knob: Knob, report: Report) -> LeverEntry:
    """Return an entry that asks another condition from a month on."""
    for month, choice in path.points:
        text = own_condition(knob.who.get(str(choice), "True"), base.text)
        try:
            who = parse_condition(text)
        except ConditionError as error:
            report.add(knob.where, knob.key, error.given, error.allowed, error.hint)
            continue
        persons = [name for name in attributes_of(who) if name.startswith("p.")]
        if persons and acts_on(entry.mechanism, entry.words) == "household":
            report.add(knob.where, knob.key, ", ".join(persons), f"attributes h., because {entry.mechanism} acts on households")
        entry = with_turn(entry, month, who=who)
    return entry


def _run_out(entry: LeverEntry, path: Path, report: Report) -> LeverEntry:
    """Return an entry whose places are not given again, and whose contracts are not renewed, from a month on."""
    kind = MECHANISMS[entry.mechanism]
    if "renewals" not in kind.fields or "refill" not in kind.words:
        report.add(path.where, entry.id, f"contract_end for {entry.mechanism}", "levers that give places by contract")
        return entry
    month = path.points[0][0]
    none = entry.fields["renewals"].changed((Cited(month, 0.0, path.origin),))
    entry = replace(entry, fields={**entry.fields, "renewals": none})
    return with_turn(entry, month, words={"refill": "none"})
