"""Paths over time as settings write them: one value, a value by year or month, a straight line, a cliff, an end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from scenarios.cited import GRADES, Origin, show_month
from scenarios.clock import AFTER_TRANSITION, Clock
from scenarios.problems import Report, listing
from scenarios.schema import Reader, kind
from scenarios.yamlfile import Node, Scalar

SHAPES = ("stable", "steps", "linear", "cliff", "contract_end")
"""How a path goes on between its dates; steps where nothing is said."""

_KEYS = ("value", "from", "shape", "at", "to", "until", "then", "decided", "source", "grade", "fact", "note")
_DATES = "a year such as 2023, a month such as 2023-07, or after_transition"
Check = Callable[[Node, str], Scalar]
"""Turns what stands for a value into one, noting what is wrong with it."""


@dataclass(frozen=True)
class Path:
    """What a setting says, month by month.

    Attributes:
        points: values and the months from which they hold, increasing; none where everything stays as it is.
        origin: where the setting stands and what it rests on.
        where: file and line, for messages.
        contract_end: whether places are not given again and contracts not renewed, from the first point on.
        whole: whether it replaces what an earlier layer says; a setting by hand with a date goes on from it.
    """

    points: tuple[tuple[int, Scalar], ...]
    origin: Origin
    where: str
    contract_end: bool = False
    whole: bool = True


@dataclass(frozen=True)
class PathForm:
    """How the values of a path are read: the clock, the lead of its years, the check of one value, what it rests on."""

    clock: Clock
    check: Check
    lead: int = 0
    level: str = "policy"
    source: str = ""
    off: Scalar = 0

    def source_of(self, reader: Reader) -> Origin:
        """Return what a setting rests on; required where no source is given for all of a file's settings."""
        if self.source and "source" not in reader.content:
            return Origin(reader.node.file, reader.node.line, self.level, self.source, "assumption")
        source, fact = reader.text("source"), reader.text("fact", required=False)
        return Origin(reader.node.file, reader.node.line, self.level, source, reader.text("grade", choices=GRADES), fact)


def read_path(node: Node, name: str, form: PathForm, report: Report) -> Path | None:
    """Read one setting.

    Args:
        node: a value, a value by date, or a mapping with ``from`` and what else belongs to it.
        name: its key, for messages.
        form: how to read it.
        report: collects problems.
    """
    content = node.value if isinstance(node.value, dict) else {"value": node}
    if content and not set(content) & set(_KEYS):
        content = {"from": node}
    reader = Reader(Node(content, node.file, node.line), name, _KEYS, report)
    decided = reader.month("decided")
    origin = form.source_of(reader)
    begin = form.clock.begin if decided is None else decided
    points = _points(reader, name, form, begin)
    if points is None:
        return None
    shape = reader.text("shape", required=False, choices=SHAPES)
    return Path(_kept_from(points, begin), origin, node.where, shape == "contract_end")


def _points(reader: Reader, name: str, form: PathForm, begin: int) -> list[tuple[int, Scalar]] | None:
    """Return the dated values of a setting; None when it says nothing usable."""
    shape = reader.text("shape", required=False, choices=SHAPES) or "steps"
    given = [key for key in ("value", "from") if key in reader.content]
    wanted = {"steps": 1, "linear": 1}.get(shape, 0)
    if len(given) != wanted:
        allowed = f"one of value, from with shape {shape}" if wanted else f"neither value nor from with shape {shape}"
        reader.report.add(reader.node.where, name, listing(given), allowed)
        return None
    if shape == "stable":
        return []
    points = _dated(reader, name, form, begin) if wanted else _cliff(reader, name, form, begin, shape)
    points = _line(points, reader, name) if shape == "linear" else points
    return _ended(points, reader, name, form)


def _dated(reader: Reader, name: str, form: PathForm, begin: int) -> list[tuple[int, Scalar]]:
    """Read one value for always, or values by date."""
    if "value" in reader.content:
        return [(begin, form.check(reader.content["value"], name))]
    found: list[tuple[int, Scalar]] = []
    for date, node in reader.mapping("from").items():
        month = form.clock.month(date, form.lead)
        if month is None:
            reader.report.add(node.where, f"{name}.{date}", f"'{date}'", _DATES)
            continue
        if found and month <= found[-1][0]:
            given = f"{date} ({show_month(month)}) after {show_month(found[-1][0])}"
            hint = "sort the dates and keep one value for each"
            reader.report.add(node.where, f"{name}.{date}", given, "dates that increase", hint)
        found.append((month, form.check(node, f"{name}.{date}")))
    return found


def _cliff(reader: Reader, name: str, form: PathForm, begin: int, shape: str) -> list[tuple[int, Scalar]]:
    """Read the date of a cliff, or from which contracts run out; what remains is nothing, or `to`."""
    date = _date(reader, "at", name, form)
    if shape == "contract_end":
        return [(begin if date is None else date, form.off)]
    if date is None:
        reader.get("at")
        return []
    return [(date, form.check(reader.content["to"], f"{name}.to") if "to" in reader.content else form.off)]


def _date(reader: Reader, key: str, name: str, form: PathForm) -> int | None:
    """Return the month of an optional date."""
    node = reader.content.get(key)
    if node is None:
        return None
    month = form.clock.month(str(node.value), form.lead)
    if month is None:
        reader.report.add(node.where, f"{name}.{key}", f"{kind(node.value)} '{node.value}'", _DATES)
    return month


def _line(points: list[tuple[int, Scalar]], reader: Reader, name: str) -> list[tuple[int, Scalar]]:
    """Fill the years between the dates with a straight line, in steps of a year."""
    found = points[:1]
    for (first, low), (last, high) in pairwise(points):
        if not _is_number(low) or not _is_number(high):
            reader.report.add(reader.node.where, f"{name}.shape", "linear, of values that are no numbers", "steps")
            return points
        for month in range(first + 12, last, 12):
            found.append((month, round(_float(low) + (_float(high) - _float(low)) * (month - first) / (last - first), 10)))
        found.append((last, high))
    return found


def _ended(points: list[tuple[int, Scalar]], reader: Reader, name: str, form: PathForm) -> list[tuple[int, Scalar]]:
    """End a path at the date after which nothing, or `then`, is left."""
    end = _date(reader, "until", name, form)
    if "until" not in reader.content and "then" in reader.content:
        reader.report.add(reader.content["then"].where, f"{name}.then", "'then' without 'until'", f"until: {AFTER_TRANSITION}")
    if end is None:
        return points
    left = form.check(reader.content["then"], f"{name}.then") if "then" in reader.content else form.off
    late = [month for month, _ in points if month >= end]
    if late:
        given = f"a value from {show_month(late[0])} on, not before the end {show_month(end)}"
        reader.report.add(reader.content["until"].where, f"{name}.until", given, "a later end, or no value after it")
    return [*(point for point in points if point[0] < end), (end, left)]


def _kept_from(points: list[tuple[int, Scalar]], begin: int) -> tuple[tuple[int, Scalar], ...]:
    """Leave the months before the decision alone: the value in force then counts from the decision on."""
    early = [value for month, value in points if month <= begin]
    later = tuple(point for point in points if point[0] > begin)
    return ((begin, early[-1]), *later) if early else later


def continued(path: Path, before: Path | None) -> Path:
    """Return a path by hand with what an earlier layer says before its first date."""
    if path.whole or before is None or not path.points:
        return path
    first = path.points[0][0]
    kept = tuple(point for point in before.points if point[0] < first)
    return Path((*kept, *path.points), path.origin, path.where, path.contract_end)


def _is_number(value: Scalar) -> bool:
    """Say whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _float(value: Scalar) -> float:
    """Return a number as one."""
    assert isinstance(value, int | float)
    return float(value)
