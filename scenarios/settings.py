"""Settings of knobs as files and the command line write them: ``lever.knob`` and what it is set to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scenarios.clock import Clock
from scenarios.condition import ConditionError, attributes_of, parse_condition
from scenarios.knob import NUMBERS, Knob, KnobBook, entries_of
from scenarios.lever import EVERYBODY, OF_THE_COUNTY, LeverEntry
from scenarios.path import Path, PathForm, read_path
from scenarios.problems import Report, listing, nearest
from scenarios.yamlfile import Node, Scalar
from sim.parameters import PARAMETERS
from sim.policies.mechanisms import MECHANISMS

ENABLED = "enabled"
"""The knob that every lever has: its entries on or off."""
WHERE = "where"
"""The knob that every lever on persons or households has: a condition on households, among which alone it acts."""
OWN = "base"
"""What a path says from whose date on the place's own figures count again."""
DOCUMENTED = "plan"
"""What an option of a choice says that stands for the settings of the place's plan."""
UNTOUCHED = "kept"
"""What an option says that undoes the settings of the place's plan."""
_RAW = {"scale": "scale", "growth": "growth"}
"""How a figure that is no knob may be moved otherwise than by writing it."""


@dataclass(frozen=True)
class Turned:
    """A knob and what it is set to; ``explicit`` is false where a choice of another knob stands for it."""

    knob: Knob
    path: Path
    explicit: bool = True


@dataclass(frozen=True)
class Table:
    """What settings are read against.

    Attributes:
        book: the knobs.
        levers: entries of the place.
        plan: id of the place's plan, empty where it has none.
        clock: the place's months.
        level: whose settings they are: policy, or override by hand.
        source: what settings rest on that name no source; empty where each must.
    """

    book: KnobBook
    levers: Mapping[str, LeverEntry]
    plan: str
    clock: Clock
    level: str = "policy"
    source: str = ""


def read_settings(items: Mapping[str, Node], table: Table, report: Report, within: tuple[str, ...] = ()) -> list[Turned]:
    """Read settings by their keys; a choice is followed by what it stands for.

    Args:
        items: what each key is set to.
        table: what they are read against.
        report: collects problems.
        within: choices that these settings stand for.
    """
    found: list[Turned] = []
    for key, node in items.items():
        knob, node = find_knob(key, node, table)
        if knob is None:
            _unknown(key, node, table, report)
            continue
        path = read_path(node, key, form_of(knob, table, report), report)
        if path is None:
            continue
        found.append(Turned(knob, path, not within))
        if knob.kind == "choice":
            found += _chosen(knob, path, table, report, within)
    return found


def plan_settings(table: Table, report: Report, within: tuple[str, ...] = ()) -> list[Turned]:
    """Return what the plan of the place sets; each setting must name its source."""
    return read_settings(table.book.plans.get(table.plan, {}), replace(table, source=""), report, within)


def _chosen(knob: Knob, path: Path, table: Table, report: Report, within: tuple[str, ...]) -> list[Turned]:
    """Return the settings that a choice stands for, from the month in which it is made."""
    if knob.key in within:
        report.add(knob.where, knob.key, f"chooses itself through {listing(within)}", "choices that end in figures")
        return []
    found: list[Turned] = []
    for month, value in path.points[-1:]:
        node = knob.options.get(plain(value))
        if node is None:
            continue
        inner = (*within, knob.key)
        if node.value == DOCUMENTED:
            found += plan_settings(table, report, inner)
        elif node.value == UNTOUCHED:
            # a path without points stays as it is, and stands in the place of what the plan sets
            found += [replace(one, path=replace(one.path, points=())) for one in plan_settings(table, report, inner)]
        elif isinstance(node.value, dict):
            begun = replace(table, clock=replace(table.clock, begin=month), source=path.origin.source, level=path.origin.level)
            found += read_settings(node.value, begun, report, inner)
    return found


def find_knob(key: str, node: Node, table: Table) -> tuple[Knob | None, Node]:
    """Return the knob that a key names, and its setting; figures and words of entries are knobs of their own."""
    way = next((word for word in _RAW if isinstance(node.value, dict) and word in node.value), "")
    node = _plain_path(node, way)
    if key in table.book.knobs:
        knob = table.book.knobs[key]
        moved = way and knob.kind == "set"
        return (replace(knob, kind=way, low=float("-inf"), high=float("inf"), unit="ratio", times=1.0) if moved else knob), node
    owner, _, name = key.rpartition(".")
    if name == ENABLED and entries_of(owner, table.levers):
        return Knob(owner, ENABLED, "switch", (owner,)), node
    if name == WHERE and entries_of(owner, table.levers):
        return Knob(owner, WHERE, WHERE, entries_of(owner, table.levers)), node
    if owner == "values" and name in PARAMETERS:
        return Knob(owner, name, _RAW.get(way, "set"), (key,), PARAMETERS[name].unit), node
    if owner in table.levers:
        kind = MECHANISMS[table.levers[owner].mechanism]
        if name in kind.fields:
            return Knob(owner, name, _RAW.get(way, "set"), (key,), kind.fields[name].unit), node
        if name in kind.words:
            return Knob(owner, name, "word", (key,)), node
    return None, node


def _plain_path(node: Node, way: str) -> Node:
    """Return a setting that says ``scale`` or ``growth`` as one that says ``from`` or ``value``."""
    if not way or not isinstance(node.value, dict):
        return node
    inner = node.value[way]
    word = "from" if isinstance(inner.value, dict) else "value"
    return Node({(word if key == way else key): child for key, child in node.value.items()}, node.file, node.line)


def _unknown(key: str, node: Node, table: Table, report: Report) -> None:
    """Note a key that names no knob."""
    owner, _, _ = key.rpartition(".")
    own = [knob.name for knob in table.book.of_lever(owner)]
    # a lever of knobs alone has no entry of its own that could be switched off or stop somewhere
    both = [ENABLED, WHERE] if entries_of(owner, table.levers) else []
    known = [*table.book.knobs, *(f"{lever}.{ENABLED}" for lever in table.book.groups if entries_of(lever, table.levers))]
    known += [f"{entry.id}.{name}" for entry in table.levers.values() for name in (*entry.fields, *entry.words)]
    known += [f"values.{name}" for name in PARAMETERS]
    allowed = f"knobs of {owner}: {listing([*own, *both])}" if own else "lever.knob, entry.field, values.<name>"
    report.add(node.where, key, "an unknown knob", allowed, nearest(key, known))


def form_of(knob: Knob, table: Table, report: Report) -> PathForm:
    """Return how the values of a knob are read and checked."""

    def check(node: Node, name: str) -> Scalar:
        return _value(knob, node, name, table, report)

    # what ends leaves a switch off, and a lever acting everywhere again
    off: Scalar = False if knob.kind == "switch" else "True" if knob.kind == WHERE else 0.0
    return PathForm(table.clock, check, knob.lead, table.level, table.source, off)


def _value(knob: Knob, node: Node, name: str, table: Table, report: Report) -> Scalar:
    """Return one value of a setting, noting what a knob does not take."""
    if knob.kind in NUMBERS:
        return _number(knob, node, name, report)
    if knob.kind == "switch":
        if not isinstance(node.value, bool):
            report.add(node.where, name, f"'{plain(node.value)}'", "true or false")
        return node.value is True
    if knob.kind == WHERE:
        return _where(knob, node, name, table, report)
    known = choices(knob, table.levers)
    if plain(node.value) not in known:
        report.add(node.where, name, f"'{plain(node.value)}'", listing(known), nearest(plain(node.value), known))
    return plain(node.value)


def _where(knob: Knob, node: Node, name: str, table: Table, report: Report) -> str:
    """Return a condition on households that says where a lever acts, noting what is none; ``everywhere`` is all of them."""
    text = "True" if node.value in (True, "everywhere") else "False" if node.value is False else str(node.value)
    try:
        asked = [one for one in attributes_of(parse_condition(text)) if not one.startswith(("h.", "v."))]
    except ConditionError as error:
        report.add(node.where, name, error.given, error.allowed, error.hint)
        return "True"
    if asked:
        allowed = "attributes of households and villages, such as h.township, h.village, h.workshop_site, v.workshop"
        report.add(node.where, name, listing(asked), allowed)
    for entry in knob.of:
        mechanism = table.levers[entry].mechanism
        if mechanism in (*EVERYBODY, *OF_THE_COUNTY):
            report.add(
                node.where, name, f"a place for {entry}", "levers on persons or households", f"{mechanism} is the county's"
            )
    return text


def choices(knob: Knob, levers: Mapping[str, LeverEntry]) -> tuple[str, ...]:
    """Return what a knob that is no number may be set to."""
    if knob.kind == "switch":
        return ("true", "false")
    if knob.kind == "word" and not knob.words:
        owner, _, word = knob.of[0].rpartition(".")
        entries = entries_of(owner, levers)
        return MECHANISMS[levers[entries[0]].mechanism].words.get(word, ()) if entries else ()
    return tuple(knob.options or knob.who or knob.words)


def _number(knob: Knob, node: Node, name: str, report: Report) -> float | str:
    """Return a number within the knob's range, or the number that a name stands for."""
    value = node.value
    if value == OWN and knob.kind == "set":
        return OWN
    if plain(value) in knob.names:
        return knob.names[plain(value)]
    if isinstance(value, bool) or not isinstance(value, int | float):
        allowed = f"{_limits(knob)}, {listing(knob.names)}" if knob.names else _limits(knob)
        report.add(node.where, name, f"'{plain(value)}'", allowed, nearest(plain(value), knob.names))
        return 0.0
    if not knob.low <= value <= knob.high:
        report.add(node.where, name, f"{value:g}", _limits(knob))
    return float(value)


def _limits(knob: Knob) -> str:
    """Say which numbers a knob takes."""
    return f"{knob.low:g} to {knob.high:g} ({knob.unit})" if knob.low > float("-inf") else f"a number ({knob.unit})"


def plain(value: object) -> str:
    """Return a value of a file as the text that names a choice."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


_HAND = re.compile(r"\s*(?P<key>[\w.]+)\s*(@\s*(?P<date>[\w-]+)\s*)?=\s*(?P<value>.*\S)\s*\Z")


def is_knob(text: str, book: KnobBook, levers: Mapping[str, LeverEntry]) -> bool:
    """Say whether a change by hand turns a knob: entries' own fields, words and dates are changed directly."""
    found = _HAND.match(text)
    if found is None:
        return False
    key = found["key"]
    owner, _, name = key.rpartition(".")
    return (
        key in book.knobs
        or name in (ENABLED, WHERE)
        or (found["date"] is not None and len(found["date"]) == 4 and owner in levers)
    )


def read_by_hand(texts: Sequence[str], table: Table, report: Report) -> list[Turned]:
    """Read settings given by hand: ``lever.knob=0.5`` from January 2021 on, ``lever.knob@2023=0.5`` from that date on."""
    found: list[Turned] = []
    for text in texts:
        match = _HAND.match(text)
        assert match is not None
        value = Node(_hand_value(match["value"]), "override", 0)
        date = match["date"]
        node = value if date is None else Node({"from": Node({date: value}, "override", 0)}, "override", 0)
        turned = read_settings({match["key"]: node}, replace(table, level="override", source="given by hand"), report)
        if date is not None:
            turned = [replace(one, path=replace(one.path, whole=False)) for one in turned]
        found += turned
    return found


def _hand_value(text: str) -> Scalar:
    """Return what a text by hand stands for: true, false, nothing, a number or a word."""
    words: dict[str, Scalar] = {"true": True, "false": False, "null": None}
    if text in words:
        return words[text]
    try:
        return float(text)
    except ValueError:
        return text.strip("'\"")
