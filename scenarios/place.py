"""Places: what a nation, a province or a county says about itself; the nearest that gives a figure counts.

A place is a county (``county``), or lists the counties that it is made of or that represent it (``counties``), each with the
number of counties that it stands for. A listed county has its own name, ``national/west``, and the place above it as parent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from scenarios.cited import Cited, Origin, Series
from scenarios.problems import Report, listing, nearest
from scenarios.schema import Reader, read_origin, read_series, wrong_unit
from scenarios.shipped import FILE_ENDINGS, open_file, shipped
from scenarios.transition import Transition, read_transition
from scenarios.wording import PLANS
from scenarios.yamlfile import Node
from sim.parameters import PARAMETERS, TABLES

LEVELS = ("nation", "province", "place")
COUNTY = ("households", "villages", "townships")
"""Figures of a county; their units have the same names."""

TRAITS = ("former_poor_county",)
"""What a county may say of itself beside its figures: flags, 0 or 1."""

NO_PLAN = "none"
"""Says that a place has no plan though one above it has."""

_KEYS = (
    "id", "level", "name", "parent", "plan", "in_force", "transition", "county", "counties", "values", "tables", "overrides",
)  # fmt: skip
_COUNTY_KEYS = ("id", "name", "weight", "plan", "transition", "county", "values", "tables", "overrides")
_ID = re.compile(r"[a-z][a-z0-9_]*\Z")
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
    """What one file of a place says, or one county of a file that lists counties.

    Attributes:
        id, level, names: as in the file; a listed county is called ``place/county``.
        county: figures of the county; empty where the file describes none.
        values, tables: what it says differently from its parents.
        parent: as written, empty for the nation.
        overrides: changes of levers, in the form of a policy's.
        counties: the counties that the file lists.
        weight: how many counties a listed county stands for.
        number: its place in the list: its own luck.
        plan: id of the plan whose clauses hold there; empty where it says nothing, ``none`` where it has none.
        transition: its clock of the transition; None where it says nothing.
        in_force: ``every`` where the levers of all plans are in force.
    """

    id: str
    level: str
    names: Mapping[str, str]
    county: Mapping[str, Cited]
    values: Mapping[str, Series]
    tables: Mapping[str, TableData]
    parent: str = ""
    overrides: tuple[Node, ...] = ()
    counties: tuple[Place, ...] = ()
    weight: Cited | None = None
    number: int = 0
    plan: str = ""
    transition: Transition | None = None
    in_force: str = ""


def plan_of(chain: Sequence[Place]) -> str:
    """Return the plan of the nearest place that names one; empty where there is none."""
    plan = next((part.plan for part in chain if part.plan), "")
    return "" if plan == NO_PLAN else plan


def split_name(name: str) -> tuple[str, str]:
    """Return the place and the county that a name such as ``national/west`` or ``mine.yaml/west`` asks for."""
    place, slash, county = name.rpartition("/")
    listed = slash and not county.endswith(FILE_ENDINGS) and (place.endswith(FILE_ENDINGS) or place in shipped("places"))
    return (place, county) if listed else (name, "")


def read_chain(name: str, report: Report) -> tuple[Place, ...]:
    """Read a place, its province and its nation, nearest first; a listed county comes before the place that lists it."""
    place, county = split_name(name)
    chain = _read_files(place, report)
    return chain if not county else (*_listed(chain, county, report), *chain)


def _listed(chain: tuple[Place, ...], county: str, report: Report) -> tuple[Place, ...]:
    """Return one of the counties that a place lists.

    Raises:
        ScenarioError: when it lists none of that name.
    """
    known = {one.id.rpartition("/")[2]: one for one in (chain[0].counties if chain else ())}
    if county not in known:
        report.add(
            "load",
            "place",
            f"unknown county '{county}' of {chain[0].id if chain else ''}",
            listing(known),
            nearest(county, known),
        )
        report.stop()
    return (known[county],)


def _read_files(name: str, report: Report) -> tuple[Place, ...]:
    """Read a place's file and those above it."""
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
    place = _read_body(reader, level, report)
    if "counties" not in reader.content:
        return place
    if "county" in reader.content:
        where = reader.content["county"].where
        report.add(where, "county", "'county' beside 'counties'", "one of the two", "put the county into the list")
    return replace(place, county={}, counties=_read_counties(reader, place.id, report))


def _read_body(reader: Reader, level: str, report: Report) -> Place:
    """Read what a file and a listed county have in common."""
    return Place(
        reader.text("id"),
        level,
        reader.names(),
        _read_county(reader, level, report),
        _read_values(reader, level, report),
        _read_tables(reader, level, report),
        reader.text("parent", required=False) if "parent" in reader.known else "",
        tuple(reader.items("overrides", required=False)),
        plan=reader.text("plan", required=False, choices=(*PLANS, NO_PLAN)),
        transition=_read_transition(reader, level, report),
        in_force=reader.text("in_force", required=False, choices=("every",)) if "in_force" in reader.known else "",
    )


def _read_transition(reader: Reader, level: str, report: Report) -> Transition | None:
    """Read the clock where there is one."""
    node = reader.get("transition", required=False)
    return read_transition(node, reader.name("transition"), level, report) if node else None


def _read_counties(reader: Reader, place: str, report: Report) -> tuple[Place, ...]:
    """Read the counties that a file lists: each with an id of its own, its figures and its weight."""
    found: list[Place] = []
    items = reader.items("counties")
    for number, item in enumerate(items):
        inner = Reader(item, f"counties[{number}]", _COUNTY_KEYS, report)
        inner.get("county")
        county = _read_body(inner, "place", report)
        if county.id and not _ID.match(county.id):
            inner.wrong(inner.content["id"], "id", "small letters, digits and _")
        called = f"{place}/{county.id}"
        if called in {other.id for other in found}:
            report.add(item.where, inner.name("id"), f"'{county.id}' given twice", "each county once")
        found.append(replace(county, id=called, parent=place, number=number, weight=_read_weight(inner, report)))
    if "counties" in reader.content and not items:
        report.add(reader.content["counties"].where, "counties", "no county", "a list of at least one county")
    return tuple(found)


def _read_weight(reader: Reader, report: Report) -> Cited | None:
    """Read how many counties a listed county stands for: a number above zero, with its source."""
    node = reader.get("weight")
    if node is None:
        return None
    inner = Reader(node, reader.name("weight"), ("unit", "value", "source", "grade", "fact", "note"), report)
    inner.text("unit", choices=("counties",))
    value = inner.number("value")
    origin = read_origin(inner, "place")
    if value is None:
        return None
    if value <= 0:
        inner.wrong(inner.content["value"], "value", "a number above 0")
    return Cited(None, float(value), origin)


def _read_county(reader: Reader, level: str, report: Report) -> dict[str, Cited]:
    """Read the figures of the county; empty where the file describes none."""
    if "county" not in reader.content:
        return {}
    inner = Reader(reader.content["county"], "county", (*COUNTY, *TRAITS), report)
    figures: dict[str, Cited] = {}
    for key in (*COUNTY, *TRAITS):
        child = inner.get(key, required=key in COUNTY)
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
    """Read one whole number, or a trait's 0 or 1, with its source."""
    reader = Reader(node, f"county.{key}", ("unit", "value", "source", "grade", "fact", "note"), report)
    trait = key in TRAITS
    reader.text("unit", choices=("flag",) if trait else (key,))
    value = reader.number("value")
    origin = read_origin(reader, level)
    if value is None:
        return None
    if trait and value not in (0, 1):
        reader.wrong(reader.content["value"], "value", "0 or 1")
    elif not trait and (value != int(value) or value < 1):
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
    """Return one figure of a table; shares and probabilities lie between 0 and 1, only relative figures below 0."""
    highest = 1.0 if unit.startswith(("share", "probability")) else float("inf")
    lowest = -float("inf") if " relative " in unit else 0.0
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
        allowed = "numbers from 0 to 1" if highest == 1 else ("numbers" if lowest < 0 else "numbers of at least 0")
        report.add(node.where, f"{path}.rows", repr(value), allowed)
        return 0.0
    return float(value)


def _check_sums(node: Node, name: str, values: list[float], report: Report) -> None:
    """Note shares that do not sum to one and quantiles that fall."""
    if name in _SHARES and abs(sum(values) - 1) > 1e-6:
        report.add(node.where, f"tables.{name}.rows", f"shares that sum to {sum(values):g}", "shares that sum to 1")
    if name in _QUANTILES and any(later < earlier for earlier, later in pairwise(values)):
        report.add(node.where, f"tables.{name}.rows", "quantiles that fall", "quantiles that never fall")
