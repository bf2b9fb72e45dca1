"""Checks that every kind of file shares: known keys, types, months, sources, and dated series in the engine's units."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy

from scenarios.cited import GRADES, Cited, Origin, Series, parse_month, show_month
from scenarios.problems import Report, listing, nearest
from scenarios.yamlfile import Node

_ENTRY_KEYS = ("from", "value", "source", "grade", "fact")
RATIO = "ratio"
"""Unit of a figure that is multiplied with another one of the files (``of``)."""
WHOLE_UNITS = ("month of year", "flag")
"""Units that have no fractions."""
_SERIES_KEYS = ("unit", "range", "values", "shape", "note", "value", "source", "grade", "fact", "of")
_MONTHS_ALLOWED = "a month such as 2021-04, from 2000-01 to 2060-12"


def kind(value: object) -> str:
    """Name the type of a value the way a reader of the file would."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    names = {str: "text", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return names.get(type(value), type(value).__name__)


class Reader:
    """Reads one mapping: notes unknown, missing and mistyped keys, and returns what is usable."""

    def __init__(self, node: Node, path: str, known: Iterable[str], report: Report) -> None:
        """Check that the node is a mapping and that its keys are known."""
        self.node = node
        self.path = path
        self.report = report
        self.known = tuple(known)
        if not isinstance(node.value, dict):
            report.add(node.where, path or "file", _given(node), "a mapping")
        self.content: dict[str, Node] = node.value if isinstance(node.value, dict) else {}
        for key, child in self.content.items():
            if key not in self.known:
                report.add(child.where, self.name(key), "an unknown key", listing(self.known), nearest(key, self.known))

    def renamed(self, path: str) -> Reader:
        """Return the same mapping under another path, for messages that name an entry by its id."""
        other = copy(self)
        other.path = path
        return other

    def name(self, key: str) -> str:
        """Return the path of a key for messages."""
        return f"{self.path}.{key}" if self.path else key

    def get(self, key: str, required: bool = True) -> Node | None:
        """Return a child, noting it when it is required and missing."""
        child = self.content.get(key)
        if child is None and required and isinstance(self.node.value, dict):
            self.report.add(self.node.where, self.name(key), "missing", "this key is required")
        return child

    def wrong(self, child: Node, key: str, allowed: str, hint: str = "") -> None:
        """Note a child that is not what it should be."""
        self.report.add(child.where, self.name(key), _given(child), allowed, hint)

    def text(self, key: str, required: bool = True, choices: Iterable[str] = ()) -> str:
        """Return text, one of ``choices`` when there are any; empty when it is missing or wrong."""
        child = self.get(key, required)
        if child is None:
            return ""
        allowed = tuple(choices)
        if not isinstance(child.value, str) or not child.value.strip():
            self.wrong(child, key, listing(allowed) if allowed else "text that is not empty")
            return ""
        if allowed and child.value not in allowed:
            self.wrong(child, key, listing(allowed), nearest(child.value, allowed))
            return ""
        return child.value

    def number(self, key: str, required: bool = True) -> float | None:
        """Return a number, or None."""
        child = self.get(key, required)
        if child is None:
            return None
        if isinstance(child.value, bool) or not isinstance(child.value, int | float):
            self.wrong(child, key, "a number")
            return None
        return child.value

    def month(self, key: str) -> int | None:
        """Return an optional month, or None."""
        child = self.get(key, required=False)
        if child is None:
            return None
        month = parse_month(child.value)
        if month is None:
            self.wrong(child, key, _MONTHS_ALLOWED)
        return month

    def items(self, key: str, required: bool = True) -> list[Node]:
        """Return the nodes of a list; empty when it is missing or wrong."""
        child = self.get(key, required)
        if child is None:
            return []
        if not isinstance(child.value, list):
            self.wrong(child, key, "a list")
            return []
        return child.value

    def mapping(self, key: str, required: bool = True) -> dict[str, Node]:
        """Return the nodes of a mapping; empty when it is missing or wrong."""
        child = self.get(key, required)
        if child is None:
            return {}
        if not isinstance(child.value, dict):
            self.wrong(child, key, "a mapping")
            return {}
        return child.value

    def names(self) -> dict[str, str]:
        """Return the names in Chinese and English."""
        child = self.get("name")
        if child is None:
            return {}
        reader = Reader(child, self.name("name"), ("zh", "en"), self.report)
        return {language: reader.text(language) for language in ("zh", "en")}


def read_origin(reader: Reader, level: str) -> Origin:
    """Read source, grade and fact."""
    source = reader.text("source")
    grade = reader.text("grade", choices=GRADES)
    fact = reader.text("fact", required=False)
    return Origin(reader.node.file, reader.node.line, level, source, grade, fact)


def read_cited(node: Node, path: str, level: str, report: Report) -> Cited | None:
    """Read one dated figure with its source and grade; None when it is not usable."""
    return _cited(Reader(node, path, _ENTRY_KEYS, report), level, dated=True)


def _cited(reader: Reader, level: str, dated: bool) -> Cited | None:
    """Read figure, source and grade from a mapping that is already checked for unknown keys."""
    start = reader.get("from") if dated else None
    month = parse_month(start.value) if start else None
    if start is not None and month is None:
        reader.wrong(start, "from", _MONTHS_ALLOWED)
    value = reader.number("value")
    origin = read_origin(reader, level)
    if value is None or (dated and month is None):
        return None
    return Cited(month, value, origin)


def read_series(node: Node, path: str, unit: str, level: str, report: Report) -> Series | None:
    """Read a named value: unit, range and figures, checked against the engine's unit; None when it is not usable.

    With ``of: lever.field`` or ``of: values.name`` the figures are ratios of that series (`scenarios.derived`).
    """
    reader = Reader(node, path, _SERIES_KEYS, report)
    given = reader.text("unit")
    of = reader.text("of", required=False)
    unit = RATIO if of else unit
    if given and given != unit:
        wrong_unit(reader, given, unit)
    low, high = _range(reader)
    shape = reader.text("shape", required=False, choices=("step", "linear")) or "step"
    reader.text("note", required=False)
    entries = _entries(reader, low, high, level)
    for entry in entries:
        if unit in WHOLE_UNITS and entry.value != int(entry.value):
            reader.report.add(node.where, path, f"{entry.value:g}", f"whole numbers, for the unit is {unit}")
    return Series(entries, unit, low, high, shape == "linear", of) if entries else None


def wrong_unit(reader: Reader, given: str, needed: str) -> None:
    """Note a unit that is not the engine's."""
    where, path = reader.content["unit"].where, reader.name("unit")
    reader.report.add(where, path, f"'{given}'", f"'{needed}', the engine's unit", "convert the figures")


def _range(reader: Reader) -> tuple[float, float]:
    """Read the allowed range; everything when it is missing or wrong."""
    bounds = reader.items("range")
    numbers = [b.value for b in bounds if isinstance(b.value, int | float) and not isinstance(b.value, bool)]
    if len(bounds) == 2 and len(numbers) == 2 and numbers[0] <= numbers[1]:
        return float(numbers[0]), float(numbers[1])
    if bounds:
        reader.wrong(reader.content["range"], "range", "two numbers, the lower one first")
    return float("-inf"), float("inf")


def _entries(reader: Reader, low: float, high: float, level: str) -> tuple[Cited, ...]:
    """Read one constant figure or the list of dated figures."""
    if "values" in reader.content and "value" in reader.content:
        child = reader.content["value"]
        reader.report.add(child.where, reader.name("value"), "'value' beside 'values'", "one of the two", "remove one")
        return ()
    if "values" in reader.content:
        return read_entries(reader.items("values"), reader.name("values"), (low, high), level, reader.report)
    entry = _cited(reader, level, dated=False)
    if entry is not None:
        _in_range(reader.content["value"], reader.name("value"), entry.value, low, high, reader.report)
    return (entry,) if entry else ()


def read_entries(nodes: list[Node], path: str, limits: tuple[float, float], level: str, report: Report) -> tuple[Cited, ...]:
    """Read dated figures: each in range, dates increasing."""
    entries: list[Cited] = []
    for number, node in enumerate(nodes):
        entry = read_cited(node, f"{path}[{number}]", level, report)
        if entry is None:
            continue
        _in_range(node, f"{path}[{number}].value", entry.value, *limits, report)
        before = entries[-1].month if entries else None
        if before is not None and entry.month is not None and entry.month <= before:
            given = f"{show_month(entry.month)} after {show_month(before)}"
            hint = "sort the figures and keep one for each date"
            report.add(node.where, f"{path}[{number}].from", given, "dates that increase", hint)
        entries.append(entry)
    return tuple(entries)


def _in_range(node: Node, path: str, value: float, low: float, high: float, report: Report) -> None:
    """Note a figure outside its allowed range."""
    if not low <= value <= high:
        report.add(node.where, path, f"{value:g}", f"{low:g} to {high:g}")


def _given(node: Node) -> str:
    """Say what stands in a file: the type, and a scalar's value."""
    plain = node.value is None or isinstance(node.value, list | dict)
    return kind(node.value) if plain else f"{kind(node.value)} {node.value!r}"
