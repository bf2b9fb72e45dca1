"""Lever entries: one policy of a known mechanism, who gets it, its dated numbers, and the clause that states it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from scenarios.cited import FIRST_MONTH, LAST_MONTH, NOT_USED, Cited, Origin, Series, show_month
from scenarios.clock import AFTER_TRANSITION
from scenarios.condition import ConditionError, attributes_of, parse_condition
from scenarios.problems import Report, listing, nearest
from scenarios.schema import Reader, read_series
from scenarios.yamlfile import Node
from sim.policies.mechanisms import MECHANISMS, Mechanism, acts_on
from sim.rules import Condition, Lever, Turn

LEVELS = ("township", "county", "city", "province", "nation")
EVERYBODY = {"verification": "settles every flagged case", "budget_rule": "limits an account, whoever is paid from it"}
"""Mechanisms whose condition is everybody, and why."""
OF_THE_COUNTY = ("budget_source", "budget_part", "budget_pool", "review")
"""Mechanisms that act on the county as a whole: their condition may ask of the county alone."""

_KEYS = (
    "id", "name", "place", "mechanism", "who", "account", "level", "start", "end",
    "enabled", "clauses", "fields", "unused", "words", "note",
)  # fmt: skip
_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)?\Z")


@dataclass(frozen=True)
class LeverEntry:
    """One entry of a file of levers.

    Attributes:
        id: name in the catalogue of levers, a dot and a suffix where one lever needs several entries.
        place: id of the place that it is for; the nearest place of the chain wins.
        names: in Chinese and English.
        mechanism, who, account, level, words: as in `sim.rules.Lever`; ``text`` is the condition as written.
        clauses: by plan, the clause that states it, of levers that the clause book does not have.
        fields: dated numbers of the mechanism.
        start, end: first month in force, first month no longer in force; None where open.
        group: name of the file of levers that it stands in.
        enabled: whether it is in force at all; what is off can be switched on.
        time_limited: whether it ends with the place's transition.
        turns: choices and conditions that change later.
        own: whether it is a user's own: in force whatever the place's plan says.
    """

    id: str
    place: str
    names: Mapping[str, str]
    mechanism: str
    who: Condition
    text: str
    account: str
    level: str
    clauses: Mapping[str, str]
    fields: Mapping[str, Series]
    words: Mapping[str, str]
    start: int | None
    end: int | None
    group: str = ""
    enabled: bool = True
    time_limited: bool = False
    turns: tuple[Turn, ...] = ()
    own: bool = False

    def rule(self) -> Lever:
        """Return the engine's object."""
        values = {name: series.dated() for name, series in self.fields.items()}
        start = FIRST_MONTH if self.start is None else self.start
        end = LAST_MONTH + 1 if self.end is None else self.end
        words, turns = dict(self.words), self.turns
        return Lever(self.id, self.mechanism, self.who, values, words, self.account, self.level, start, end, turns)


def read_levers(files: Iterable[Node], chain: Mapping[str, str], report: Report, own: bool = False) -> dict[str, LeverEntry]:
    """Read files of levers and keep, for each id, the entry of the nearest place.

    Args:
        files: files, each a mapping with the key ``levers``.
        chain: level of each place by its id, nearest first; the last one is the nation.
        report: collects problems.
        own: whether these are a user's own files.
    """
    order = list(chain)
    chosen: dict[str, LeverEntry] = {}
    seen: dict[tuple[str, str], str] = {}
    for node in files:
        for item in Reader(node, "", ("levers",), report).items("levers"):
            entry = read_lever(item, chain, report)
            if entry is None:
                continue
            if (entry.id, entry.place) in seen:
                given = f"a second entry for {entry.place}, first at {seen[entry.id, entry.place]}"
                report.add(item.where, entry.id, given, "one entry for each id and place")
            seen.setdefault((entry.id, entry.place), item.where)
            held = chosen.get(entry.id)
            if entry.place in order and (held is None or order.index(entry.place) < order.index(held.place)):
                chosen[entry.id] = replace(entry, own=own)
    return {key: chosen[key] for key in sorted(chosen)}


def read_lever(node: Node, chain: Mapping[str, str], report: Report) -> LeverEntry | None:
    """Read one entry; None when its id or mechanism is not usable."""
    outer = Reader(node, "lever", _KEYS, report)
    key = outer.text("id")
    if key and not _ID.match(key):
        outer.wrong(outer.content["id"], "id", "small letters, digits and _; one dot before a suffix")
    reader = outer.renamed(key or "lever")
    mechanism = reader.text("mechanism", choices=MECHANISMS)
    text = reader.text("who")
    who = read_condition(reader, text, mechanism) if text else ()
    place = reader.text("place", required=False) or list(chain)[-1]
    start, (end, limited) = reader.month("start"), _end(reader)
    if start is not None and end is not None and end <= start:
        given = f"{show_month(end)}, not after the start {show_month(start)}"
        report.add(reader.content["end"].where, reader.name("end"), given, "a later month")
    entry = LeverEntry(
        key, place, reader.names(), mechanism, who, text, reader.text("account"), reader.text("level", choices=LEVELS),
        _clauses(reader), {}, {}, start, end, PurePath(node.file).stem, _enabled(reader), limited,
    )  # fmt: skip
    reader.text("note", required=False)
    if not key or not mechanism:
        return None
    fields = _fields(reader, MECHANISMS[mechanism], chain.get(place, "place"))
    entry = replace(entry, fields=fields, words=_words(reader, MECHANISMS[mechanism]))
    check_unit(reader, entry)
    return entry


def _end(reader: Reader) -> tuple[int | None, bool]:
    """Read the first month no longer in force, and whether that is the first after the transition."""
    node = reader.content.get("end")
    if node is not None and node.value == AFTER_TRANSITION:
        return None, True
    return reader.month("end"), False


def _enabled(reader: Reader) -> bool:
    """Read whether the lever is in force; it is where nothing is said."""
    node = reader.content.get("enabled")
    if node is None or isinstance(node.value, bool):
        return node is None or node.value is True
    reader.wrong(node, "enabled", "true or false")
    return True


def read_condition(reader: Reader, text: str, mechanism: str) -> Condition:
    """Compile the condition of a lever and check that its mechanism can ask it."""
    child = reader.content["who"]
    try:
        condition = parse_condition(text)
    except ConditionError as error:
        reader.report.add(child.where, reader.name("who"), error.given, error.allowed, error.hint)
        return ()
    if not condition:
        given = f"'{text}', which nobody can meet"
        reader.report.add(child.where, reader.name("who"), given, "a condition that somebody can meet")
    strange = [name for name in attributes_of(condition) if not name.startswith("j.")]
    if mechanism in OF_THE_COUNTY and strange:
        allowed = f"'True' or attributes j., because {mechanism} acts on the county"
        reader.report.add(child.where, reader.name("who"), listing(strange), allowed)
    if mechanism in EVERYBODY and condition != ((),):
        allowed = f"'True', because {mechanism} {EVERYBODY[mechanism]}"
        reader.report.add(child.where, reader.name("who"), f"'{text}'", allowed)
    return condition


def check_unit(reader: Reader, entry: LeverEntry) -> None:
    """Check that a lever that acts on households asks about households alone."""
    persons = [name for name in attributes_of(entry.who) if name.startswith("p.")]
    if persons and acts_on(entry.mechanism, entry.words) == "household":
        allowed = f"attributes h., because {entry.mechanism} acts on households"
        reader.report.add(reader.content["who"].where, reader.name("who"), listing(persons), allowed)


def _fields(reader: Reader, mechanism: Mechanism, level: str) -> dict[str, Series]:
    """Read the dated numbers: all of the mechanism's, those marked unused as zero."""
    given = reader.mapping("fields")
    unused = [item.value for item in reader.items("unused", required=False)]
    for item in reader.items("unused", required=False):
        if item.value not in mechanism.fields or item.value in given:
            left = listing(name for name in mechanism.fields if name not in given)
            reader.wrong(item, "unused", f"fields that are not given: {left}")
    for name, node in given.items():
        if name not in mechanism.fields:
            hint = nearest(name, mechanism.fields)
            reader.report.add(node.where, reader.name(f"fields.{name}"), "an unknown field", listing(mechanism.fields), hint)
    found: dict[str, Series] = {}
    for name, parameter in mechanism.fields.items():
        path = reader.name(f"fields.{name}")
        if name in given:
            series = read_series(given[name], path, parameter.unit, level, reader.report)
            if series is not None:
                found[name] = series
        elif name in unused:
            origin = Origin(reader.node.file, reader.node.line, level, NOT_USED, "assumption")
            found[name] = Series((Cited(None, 0.0, origin),), parameter.unit, 0.0, 0.0)
        elif "fields" in reader.content:
            allowed, hint = f"{parameter.meaning}, in {parameter.unit}", "give it, or list it under 'unused'"
            reader.report.add(reader.content["fields"].where, path, "missing", allowed, hint)
    return found


def _words(reader: Reader, mechanism: Mechanism) -> dict[str, str]:
    """Read the choices of the mechanism: all of them."""
    if not mechanism.words and "words" not in reader.content:
        return {}
    child = reader.get("words")
    if child is None:
        return {}
    inner = Reader(child, reader.name("words"), mechanism.words, reader.report)
    return {name: inner.text(name, choices=allowed) for name, allowed in mechanism.words.items()}


def _clauses(reader: Reader) -> dict[str, str]:
    """Read by plan the clause that states the lever."""
    found: dict[str, str] = {}
    for plan, node in reader.mapping("clauses", required=False).items():
        if isinstance(node.value, str) and node.value.strip():
            found[plan] = node.value
        else:
            reader.wrong(node, f"clauses.{plan}", "the clause's number as text")
    return found
