"""Targets: what the plans commit to, how a run is judged on it, and against what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scenarios.cited import GRADES
from scenarios.problems import listing, nearest
from scenarios.schema import Reader
from scenarios.yamlfile import Node

AGAINST = ("below", "at_most", "at_least", "above")
"""Statements against thresholds."""

STATEMENTS = (*AGAINST, "zero", "rising", "not_below_start", "not_above_start", "above_benchmark", "trend")
DEFAULT = "default"
"""Stands for all plans that a statement does not name."""

KEYS = ("id", "name", "plans", "formula", "measure", "statement", "thresholds", "unit", "when", "benchmark")
UNITS = ("share", "ratio", "persons", "days", "yuan/household", "yuan/village")


@dataclass(frozen=True)
class Benchmark:
    """What growth is compared with where a plan holds: a level by year, with its source."""

    values: Mapping[int, float]
    unit: str
    source: str
    grade: str


@dataclass(frozen=True)
class Target:
    """A commitment of the plans.

    Attributes:
        id, names: as in the catalogue.
        plans: by plan the clauses that state it.
        formula: in words how a run is judged, in Chinese and English.
        measure: name of what is measured; empty where nothing is.
        statement: by plan, or ``default``, what has to hold of the measure: one of `STATEMENTS`.
        thresholds: figures that the statement is made against, one statement each.
        unit: unit of the measure.
        year: the year that counts; None where every year does.
        benchmark: by plan, the levels whose growth is to be exceeded.
    """

    id: str
    names: Mapping[str, str]
    plans: Mapping[str, tuple[str, ...]]
    formula: Mapping[str, str]
    measure: str
    statement: Mapping[str, str]
    thresholds: tuple[float, ...]
    unit: str
    year: int | None
    benchmark: Mapping[str, Benchmark]

    def statement_of(self, plan: str) -> str:
        """Return what has to hold where a plan holds."""
        return self.statement.get(plan, self.statement.get(DEFAULT, ""))


def read_target(reader: Reader, key: str, clauses: Mapping[str, tuple[str, ...]], formula: Mapping[str, str]) -> Target:
    """Read one target whose id, clauses and words are read."""
    statement = _statement(reader, clauses)
    thresholds = tuple(_number(node, reader, "thresholds") for node in reader.items("thresholds", required=False))
    if not thresholds and set(statement.values()) & set(AGAINST):
        reader.report.add(reader.node.where, reader.name("thresholds"), "missing", f"figures, for {listing(AGAINST)}")
    benchmark = {plan: _benchmark(reader, plan, node) for plan, node in reader.mapping("benchmark", required=False).items()}
    lacking = [plan for plan in clauses if plan not in benchmark]
    if lacking and "above_benchmark" in statement.values():
        reader.report.add(reader.node.where, reader.name("benchmark"), f"none for {listing(lacking)}", "levels for each plan")
    return Target(
        key,
        reader.names(),
        clauses,
        formula,
        reader.text("measure"),
        statement,
        thresholds,
        reader.text("unit", choices=UNITS),
        _year(reader),
        benchmark,
    )


def _statement(reader: Reader, plans: Mapping[str, object]) -> dict[str, str]:
    """Read one statement for all plans, or one by plan."""
    child = reader.get("statement")
    if child is None:
        return {}
    if not isinstance(child.value, dict):
        return {DEFAULT: reader.text("statement", choices=STATEMENTS)}
    inner = Reader(child, reader.name("statement"), (DEFAULT, *plans), reader.report)
    return {plan: inner.text(plan, choices=STATEMENTS) for plan in child.value}


def _number(node: Node, reader: Reader, key: str) -> float:
    """Return a number of a list or a mapping."""
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        reader.wrong(node, key, "a number")
        return 0.0
    return float(node.value)


def _year(reader: Reader) -> int | None:
    """Read the year that counts."""
    year = reader.number("when", required=False)
    if year is not None and (year != int(year) or not 2021 <= year <= 2060):
        reader.wrong(reader.content["when"], "when", "a year from 2021 to 2060")
    return None if year is None else int(year)


def _benchmark(reader: Reader, plan: str, node: Node) -> Benchmark:
    """Read levels by year with their source."""
    path = reader.name(f"benchmark.{plan}")
    if plan not in reader.mapping("plans"):
        known = reader.mapping("plans")
        reader.report.add(node.where, path, "a plan without the target", listing(known), nearest(plan, known))
    inner = Reader(node, path, ("values", "unit", "source", "grade"), reader.report)
    values: dict[int, float] = {}
    for year, child in inner.mapping("values").items():
        if not year.isdigit() or not 2000 <= int(year) <= 2060:
            reader.report.add(child.where, f"{path}.values.{year}", f"'{year}'", "a year from 2000 to 2060")
            continue
        values[int(year)] = _number(child, inner, "values")
    return Benchmark(values, inner.text("unit"), inner.text("source"), inner.text("grade", choices=GRADES))
