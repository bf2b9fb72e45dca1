"""Places: what a nation, a province or a county says about itself; the nearest that gives a figure counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from scenarios.cited import Cited, Origin, Series
from scenarios.problems import Report, listing, nearest
from scenarios.schema import Reader, read_origin, read_series, wrong_unit
from scenarios.shipped import open_file
from scenarios.yamlfile import Node
from sim.parameters import PARAMETERS, TABLES

LEVELS = ("nation", "province", "place")
COUNTY = ("households", "villages", "townships")
"""Figures of a county; their units have the same names."""

_KEYS = ("id", "level", "name", "parent", "county", "values", "tables")
_SHARES = ("fertility", "household_types")
"""Tables that sum to one."""

_QUANTILES = ("disaster_townships", "disaster_loss")


@dataclass(frozen=True)
class TableData:
    """A table: its figures row by row, and its origin."""

    values: tuple[float, ...]
    origin: Origin


@dataclass(frozen=True)
class Place:
    """What one file of a place says; `parent` is as written there, empty for the nation."""

    id: str
    level: str
    names: Mapping[str, str]
    county: Mapping[str, Cited]
    values: Mapping[str, Series]
    tables: Mapping[str, TableData]
    parent: str = ""


def read_chain(name: str, report: Report) -> tuple[Place, ...]:
    """Read a place, its province and its nation, nearest first."""
    chain: list[Place] = []
    seen: list[str] = []
    asked, near = None, None
    while name:
        node, near = open_file("places", name, report, asked, near)
        if str(near) in seen:
            report.add(node.where, "parent", f"'{name}' is its own ancestor", "a chain that ends at the nation")
            break
        seen.append(str(near))
        reader = Reader(node, "", _KEYS, report)
        chain.append(_read_place(reader, report))
        parent = reader.content.get("parent")
        name = reader.text("parent", required=False)
        asked = (parent.where, "parent") if parent else None
    return tuple(chain)


def _read_place(reader: Reader, report: Report) -> Place:
    """Read one file."""
    level = reader.text("level", choices=LEVELS) or "place"
    return Place(
        reader.text("id"),
        level,
        reader.names(),
        _read_county(reader, level, report),
        _read_values(reader, level, report),
        _read_tables(reader, level, report),
        reader.text("parent", required=False),
    )


def _read_county(reader: Reader, level: str, report: Report) -> dict[str, Cited]:
    """Read the figures of the county; empty where the file describes none."""
    if "county" not in reader.content:
        return {}
    inner = Reader(reader.content["county"], "county", COUNTY, report)
    figures: dict[str, Cited] = {}
    for key in COUNTY:
        child = inner.get(key)
        series = _read_count(child, key, level, report) if child else None
        if series is not None:
            figures[key] = series
    numbers = [figures[key].value for key in COUNTY if key in figures]
    if len(numbers) == 3 and not numbers[0] >= numbers[1] >= numbers[2] >= 1:
        given = f"{numbers[0]:g} households, {numbers[1]:g} villages, {numbers[2]:g} townships"
        allowed = "households >= villages >= townships >= 1"
        report.add(reader.content["county"].where, "county", given, allowed)
    return figures


def _read_count(node: Node, key: str, level: str, report: Report) -> Cited | None:
    """Read one whole number with its source."""
    reader = Reader(node, f"county.{key}", ("unit", "value", "source", "grade", "fact", "note"), report)
    reader.text("unit", choices=(key,))
    value = reader.number("value")
    origin = read_origin(reader, level)
    if value is None:
        return None
    if value != int(value) or value < 1:
        reader.wrong(reader.content["value"], "value", "a whole number of at least 1")
    return Cited(None, float(value), origin)


def _read_values(reader: Reader, level: str, report: Report) -> dict[str, Series]:
    """Read the named values that the file gives."""
    found: dict[str, Series] = {}
    for name, node in reader.mapping("values", required=False).items():
        if name not in PARAMETERS:
            report.add(node.where, f"values.{name}", "an unknown value", listing(PARAMETERS), nearest(name, PARAMETERS))
            continue
        series = read_series(node, f"values.{name}", PARAMETERS[name].unit, level, report)
        if series is not None:
            found[name] = series
    return found


def _read_tables(reader: Reader, level: str, report: Report) -> dict[str, TableData]:
    """Read the tables that the file gives."""
    found: dict[str, TableData] = {}
    for name, node in reader.mapping("tables", required=False).items():
        if name not in TABLES:
            report.add(node.where, f"tables.{name}", "an unknown table", listing(TABLES), nearest(name, TABLES))
            continue
        table = _read_table(node, name, level, report)
        if table is not None:
            found[name] = table
    return found


def _read_table(node: Node, name: str, level: str, report: Report) -> TableData | None:
    """Read one table and check its unit, its shape and its figures."""
    path, table = f"tables.{name}", TABLES[name]
    reader = Reader(node, path, ("unit", "rows", "source", "grade", "fact", "note"), report)
    unit = reader.text("unit")
    if unit and unit != table.unit:
        wrong_unit(reader, unit, table.unit)
    origin = read_origin(reader, level)
    rows, columns = table.shape if len(table.shape) == 2 else (1, table.shape[0])
    lines = reader.items("rows")
    cells = [line.value if isinstance(line.value, list) else [] for line in lines]
    if lines and (len(lines) != rows or any(len(line) != columns for line in cells)):
        given = f"{len(lines)} rows of {listing(dict.fromkeys(str(len(line)) for line in cells))} figures"
        report.add(reader.content["rows"].where, f"{path}.rows", given, f"{rows} rows of {columns} figures")
        return None
    values = [_cell(cell, path, table.unit, report) for line in cells for cell in line]
    _check_sums(node, name, values, report)
    return TableData(tuple(values), origin) if values else None


def _cell(node: Node, path: str, unit: str, report: Report) -> float:
    """Return one figure of a table; shares and probabilities lie between 0 and 1."""
    highest = 1.0 if unit.startswith(("share", "probability")) else float("inf")
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= highest:
        allowed = "numbers from 0 to 1" if highest == 1 else "numbers of at least 0"
        report.add(node.where, f"{path}.rows", repr(value), allowed)
        return 0.0
    return float(value)


def _check_sums(node: Node, name: str, values: list[float], report: Report) -> None:
    """Note shares that do not sum to one and quantiles that fall."""
    if name in _SHARES and abs(sum(values) - 1) > 1e-6:
        report.add(node.where, f"tables.{name}.rows", f"shares that sum to {sum(values):g}", "shares that sum to 1")
    if name in _QUANTILES and any(later < earlier for earlier, later in pairwise(values)):
        report.add(node.where, f"tables.{name}.rows", "quantiles that fall", "quantiles that never fall")
