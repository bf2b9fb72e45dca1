"""Family files: who lives in a family, what it has, and what is forced to happen to it and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from scenarios.cited import show_month
from scenarios.problems import Report, listing, nearest
from scenarios.schema import Reader
from scenarios.shipped import open_file, policies
from scenarios.yamlfile import Node
from sim.draws import STREAMS
from sim.rules import month_index
from sim.state import BY_NAME, JOBS, MONITORED_TYPES, Column

PLAN_START, EARLIEST = month_index(2021, 1), month_index(2015, 1)
"""First told month when none is given; the earliest one."""
LIVED_BEFORE = 24
"""Months lived unseen before the first told one: they fill the trailing windows and the sources of the year before."""
GROUPS = ("ex_poor", "marginal", "other")
SEXES = ("female", "male")
LUCKS = ("quiet", "drawn")
"""``quiet``: nothing happens to the family by chance but what is written; ``drawn``: all the rest is drawn."""

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z")
_KEYS = ("id", "name", "meaning", "place", "start", "months", "luck", "overrides", "household", "members", "events", "policies")
_HOUSEHOLD = ("group", "monitored", "since", "farm", "livestock", "assets", "loan", "set")
_LOAN = ("amount", "from", "months", "rate", "lever")
_MEMBER = ("name", "sex", "born", "job", "set")
_JOB = ("kind", "wage", "months", "lever")
_POLICY = ("overrides", "events")
EVENTS = ("job", "dies", "admitted", "disaster", "monitored", "cleared", "applies", "luck", "set")
"""What can be forced; see docs/families.md."""

_EVENT = ("month", "until", "member", "note", *EVENTS)


@dataclass(frozen=True)
class Job:
    """A member's work.

    Attributes:
        kind: one of the kinds of work.
        wage: yuan a month; None for the mean.
        months: paid months a year; None for the mean.
        lever: id of the lever that pays a place; None for the first that pays such places.
        where, key: file and line, and the key in the file, for messages.
    """

    kind: str
    wage: float | None = None
    months: float | None = None
    lever: str | None = None
    where: str = field(default="", compare=False)
    key: str = field(default="job", compare=False)


@dataclass(frozen=True)
class Loan:
    """A loan that the family takes.

    Attributes:
        amount: yuan.
        month: month number in which it is taken.
        months: months to its repayment in one sum.
        rate: yearly rate of interest.
        lever: id of the lever that lends, and pays interest while it does; None for a lender outside all levers.
        where: file and line, for messages.
    """

    amount: float
    month: int
    months: int
    rate: float
    lever: str | None = None
    where: str = field(default="", compare=False)


@dataclass(frozen=True)
class Member:
    """A member as described; ``columns`` are set as given."""

    key: str
    names: Mapping[str, str]
    sex: str
    born: int
    job: Job | None
    columns: Mapping[str, float]


@dataclass(frozen=True)
class Event:
    """Something forced: ``kind`` is one of `EVENTS`, ``value`` what the file gives for it."""

    month: int
    until: int | None
    member: str | None
    kind: str
    value: object


@dataclass(frozen=True)
class Described:
    """A family file.

    Attributes:
        start: first month that is told; two years before it fill the trailing windows.
        household: group, kind of monitoring (``none`` or a kind), since when, farm income and livestock sales in yuan a year at
            the start, assets in yuan.
        events: forced under every policy; ``under`` those forced under one alone.
        overrides: changes of the scenario under every policy; ``changes`` those under one alone.
    """

    id: str
    names: Mapping[str, str]
    meaning: str
    place: str
    start: int
    months: int
    luck: str
    household: Mapping[str, float | str | None]
    columns: Mapping[str, float]
    loan: Loan | None
    members: tuple[Member, ...]
    events: tuple[Event, ...]
    overrides: tuple[str, ...] = ()
    under: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_family(name: str) -> Described:
    """Read a shipped family or a file of one's own.

    Args:
        name: a shipped name, or a path that ends in .yaml.

    Raises:
        ScenarioError: with every problem that was found.
    """
    report = Report()
    node, _ = open_file("families", name, report, ("load", "family"))
    reader = Reader(node, "", _KEYS, report)
    members = tuple(_member(key, child, report) for key, child in reader.mapping("members").items())
    if not members and "members" in reader.content:
        reader.wrong(reader.content["members"], "members", "at least one member")
    known = [member.key for member in members]
    household, columns = _household(reader, report)
    under, changes = _policies(reader, known, report)
    described = Described(
        reader.text("id"),
        reader.names(),
        reader.text("meaning", required=False),
        reader.text("place", required=False) or "nanyang",
        _start(reader),
        int(reader.number("months", required=False) or 72),
        reader.text("luck", required=False, choices=LUCKS) or "quiet",
        household,
        columns,
        _loan(reader, report),
        members,
        _events(reader.items("events", required=False), "events", known, report),
        _texts(reader, "overrides"),
        under,
        changes,
    )
    _check_months(reader, described)
    report.stop()
    return described


def _check_months(reader: Reader, described: Described) -> None:
    """Refuse members born after the story begins, and events that neither it nor the years lived unseen before it reach."""
    for member in described.members:
        if member.born > described.start:
            where, key = reader.mapping("members")[member.key].where, f"members.{member.key}.born"
            reader.report.add(
                where, key, show_month(member.born), f"a month up to {show_month(described.start)}, the first one told"
            )
    first, last = described.start - LIVED_BEFORE, described.start + described.months - 1
    for path, nodes, events in _dated(reader, described):
        if len(nodes) != len(events):
            continue  # what could not be read is told already
        for k, (node, event) in enumerate(zip(nodes, events, strict=True)):
            if not first <= event.month <= last:
                allowed = f"from {show_month(first)} to {show_month(last)}"
                reader.report.add(node.where, f"{path}[{k}].month", show_month(event.month), allowed)


def _dated(reader: Reader, described: Described) -> Iterator[tuple[str, list[Node], tuple[Event, ...]]]:
    """Yield the lists of events: where they stand, as written, as read."""
    yield "events", list(reader.items("events", required=False)), described.events
    for name, child in reader.mapping("policies", required=False).items():
        nodes = child.value.get("events") if isinstance(child.value, dict) else None
        listed = nodes.value if nodes and isinstance(nodes.value, list) else []
        yield f"policies.{name}.events", listed, described.under.get(name, ())


def _start(reader: Reader) -> int:
    """Read the first told month: a January, two years after the model's own first month at the earliest."""
    month = reader.month("start")
    if month is not None and (month % 12 or month < EARLIEST):
        reader.wrong(reader.content["start"], "start", "a January such as 2021-01, from 2015-01 on")
    return PLAN_START if month is None else month


def _household(outer: Reader, report: Report) -> tuple[dict[str, float | str | None], dict[str, float]]:
    """Read what the household is and has."""
    child = outer.get("household")
    if child is None:
        return {}, {}
    reader = Reader(child, "household", _HOUSEHOLD, report)
    found: dict[str, float | str | None] = {
        "group": reader.text("group", choices=GROUPS),
        "monitored": reader.text("monitored", required=False, choices=MONITORED_TYPES) or "none",
        "since": reader.month("since"),
    }
    for key in ("farm", "livestock", "assets"):
        found[key] = _amount(reader, key)
    return found, _columns(reader, "household")


def _loan(outer: Reader, report: Report) -> Loan | None:
    """Read the loan of the household."""
    house = outer.content.get("household")
    child = house.value.get("loan") if house and isinstance(house.value, dict) else None
    if child is None:
        return None
    reader = Reader(child, "household.loan", _LOAN, report)
    amount, months, rate = (reader.number(key) for key in ("amount", "months", "rate"))
    month = reader.month("from")
    if "from" not in reader.content:
        reader.get("from")
    if amount is None or months is None or rate is None or month is None:
        return None
    return Loan(amount, month, int(months), rate, reader.text("lever", required=False) or None, child.where)


def _member(key: str, node: Node, report: Report) -> Member:
    """Read one member."""
    reader = Reader(node, f"members.{key}", _MEMBER, report)
    names = reader.names() if "name" in reader.content else {"zh": key, "en": key}
    return Member(key, names, reader.text("sex", choices=SEXES), _born(reader), _job(reader, "job"), _columns(reader, "person"))


def _born(reader: Reader) -> int:
    """Read a month of birth, from 1900 on."""
    child = reader.get("born")
    found = _MONTH.match(str(child.value)) if child else None
    if child and not (found and int(found[1]) >= 1900):
        reader.wrong(child, "born", "a month such as 1962-09, from 1900 on")
    return month_index(int(found[1]), int(found[2])) if found else 0


def _job(outer: Reader, key: str) -> Job | None:
    """Read work: the name of a kind, or a mapping with its terms."""
    child = outer.content.get(key)
    if child is None:
        return None
    if isinstance(child.value, str):
        kind = outer.text(key, choices=JOBS)
        return Job(kind, where=child.where, key=outer.name(key)) if kind else None
    reader = Reader(child, outer.name(key), _JOB, outer.report)
    return Job(
        reader.text("kind", choices=JOBS),
        reader.number("wage", required=False),
        reader.number("months", required=False),
        reader.text("lever", required=False) or None,
        child.where,
        reader.path,
    )


def _amount(reader: Reader, key: str) -> float:
    """Read an amount in yuan that is not negative; 0 when it is not given."""
    number = reader.number(key, required=False)
    if number is not None and number < 0:
        reader.wrong(reader.content[key], key, "an amount in yuan of at least 0")
    return number or 0.0


def _luck(outer: Reader, entity: str) -> dict[str, float]:
    """Read fixed draws: streams of the member or household with numbers between 0 and 1."""
    known = [name for name, stream in STREAMS.items() if stream.entity == entity]
    found: dict[str, float] = {}
    for name, child in outer.mapping("luck").items():
        if name not in known:
            outer.report.add(child.where, outer.name(f"luck.{name}"), "an unknown draw", listing(known), nearest(name, known))
        elif isinstance(child.value, bool) or not isinstance(child.value, int | float) or not 0 < child.value < 1:
            outer.wrong(child, f"luck.{name}", "a number between 0 and 1")
        else:
            found[name] = float(child.value)
    return found


def _columns(outer: Reader, entity: str) -> dict[str, float]:
    """Read columns of the state that are set as given; enumerations by their names, amounts in fen."""
    found: dict[str, float] = {}
    for name, child in outer.mapping("set", required=False).items():
        column = BY_NAME.get((entity, name))
        path = f"set.{name}"
        if column is None or column.length > 1:
            known = [c for (owner, c), one in BY_NAME.items() if owner == entity and one.length == 1]
            outer.report.add(child.where, outer.name(path), "an unknown column", listing(known), nearest(name, known))
            continue
        value = _value(column, child)
        if value is None:
            allowed = listing(column.values) if column.values else "a number"
            outer.wrong(child, path, allowed)
        else:
            found[name] = value
    return found


def _value(column: Column, node: Node) -> float | None:
    """Return a column's value as a number, or None."""
    if isinstance(node.value, str):
        return float(column.values.index(node.value)) if node.value in column.values else None
    if isinstance(node.value, bool):
        return float(node.value)
    return float(node.value) if isinstance(node.value, int | float) else None


def _policies(
    outer: Reader, members: list[str], report: Report
) -> tuple[dict[str, tuple[Event, ...]], dict[str, tuple[str, ...]]]:
    """Read what is forced, and what is changed, under one policy alone."""
    events: dict[str, tuple[Event, ...]] = {}
    changes: dict[str, tuple[str, ...]] = {}
    for name, child in outer.mapping("policies", required=False).items():
        path = f"policies.{name}"
        if name not in policies() and not name.endswith(".yaml") and not set(name) & set(";="):
            report.add(
                child.where, path, "an unknown policy", f"{listing(policies())}, or a policy file", nearest(name, policies())
            )
        reader = Reader(child, path, _POLICY, report)
        events[name] = _events(reader.items("events", required=False), f"{path}.events", members, report)
        changes[name] = _texts(reader, "overrides")
    return events, changes


def _texts(reader: Reader, key: str) -> tuple[str, ...]:
    """Read a list of texts."""
    found = []
    for child in reader.items(key, required=False):
        if isinstance(child.value, str):
            found.append(child.value)
        else:
            reader.wrong(child, key, "texts such as 'values.pension=100'")
    return tuple(found)


def _events(nodes: Iterable[Node], path: str, members: list[str], report: Report) -> tuple[Event, ...]:
    """Read events."""
    found = [_event(Reader(node, f"{path}[{k}]", _EVENT, report), members) for k, node in enumerate(nodes)]
    return tuple(event for event in found if event is not None)


def _event(reader: Reader, members: list[str]) -> Event | None:
    """Read one event: a month, perhaps a last month and a member, and one thing that happens."""
    month, until = reader.month("month"), reader.month("until")
    if "month" not in reader.content:
        reader.get("month")
    if month is not None and until is not None and until < month:
        reader.wrong(reader.content["until"], "until", "a month that is not before 'month'")
    kinds = [kind for kind in EVENTS if kind in reader.content]
    member = reader.text("member", required=False, choices=members) or None
    reader.text("note", required=False)
    if len(kinds) != 1:
        reader.report.add(reader.node.where, reader.path, listing(kinds) or "nothing that happens", f"one of {listing(EVENTS)}")
        return None
    kind = kinds[0]
    if kind in ("job", "dies", "admitted") and member is None:
        reader.report.add(reader.node.where, reader.name("member"), "missing", f"one of {listing(members)}")
    value: object = {
        "job": lambda: _job(reader, "job"),
        "admitted": lambda: reader.number("admitted"),
        "disaster": lambda: reader.number("disaster"),
        "monitored": lambda: reader.text("monitored", choices=MONITORED_TYPES),
        "applies": lambda: reader.text("applies", choices=("dibao",)),
        "luck": lambda: _luck(reader, "person" if member else "household"),
        "set": lambda: _columns(reader, "person" if member else "household"),
    }.get(kind, lambda: True)()
    return Event(month, until, member, kind, value) if month is not None else None
