"""Knobs: what can be turned in a lever of the catalogue, and which figures, choices or conditions of entries it moves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scenarios.condition import ConditionError, parse_condition
from scenarios.lever import LeverEntry
from scenarios.problems import Report, listing, nearest
from scenarios.schema import Reader
from scenarios.yamlfile import Node
from sim.parameters import PARAMETERS
from sim.policies.mechanisms import MECHANISMS

KINDS = ("set", "scale", "growth", "share", "word", "switch", "who", "choice", "clock")
"""What a knob does: write a figure, multiply a path, let it grow, make it a share of another series, choose a word, switch
entries, choose whom, several at once, the rule by which the transition is counted."""
NUMBERS = ("set", "scale", "growth", "share")
"""Kinds whose values are numbers."""
BASE = "base"
"""The word that stands, in a condition of a knob, for the condition that the entry has."""
FIXED = ("job",)
"""Words that say what an entry is: they cannot turn."""
_BASE = re.compile(rf"(?<![\w.']){BASE}(?![\w.'])")

_KEYS = (
    "kind", "of", "unit", "range", "lead_months", "meaning", "note", "names", "words", "who", "options", "by", "times", "to",
)  # fmt: skip
_NEEDED = {
    "clock": "words", "word": "of", "who": "who", "choice": "options", "set": "of", "scale": "of", "growth": "of", "switch": "of",
    "share": "to",
}  # fmt: skip
"""What a knob of each kind must say."""


@dataclass(frozen=True)
class Knob:
    """One thing that can be turned in a lever.

    Attributes:
        lever, name: the catalogue's lever, and what the knob is called.
        kind: one of `KINDS`.
        of: what it moves: ``entry.field``, ``entry.word``, ``values.name``, or entries; a lever's id stands for all its entries.
        unit, low, high: of the values that it takes.
        lead: months by which what is for a year begins before it.
        meaning: in Chinese and English.
        names: words that stand for numbers.
        words: choices, and the entries' words that they stand for; empty for the mechanism's own.
        who: choices, and the conditions that they stand for.
        options: choices, and the settings of other knobs that they stand for.
        by: growth by a ratio or an amount a year.
        times: what a value is multiplied with on its way to the entry.
        to: value whose share a figure becomes, ``values.name``.
        where: file and line.
    """

    lever: str
    name: str
    kind: str
    of: tuple[str, ...] = ()
    unit: str = ""
    low: float = float("-inf")
    high: float = float("inf")
    lead: int = 0
    meaning: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    who: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Node] = field(default_factory=dict)
    by: str = "ratio"
    times: float = 1.0
    where: str = ""
    to: str = ""

    @property
    def key(self) -> str:
        """What settings call it."""
        return f"{self.lever}.{self.name}"


@dataclass(frozen=True)
class KnobBook:
    """All knobs, and by plan the settings that the documents make.

    Attributes:
        knobs: by ``lever.knob``.
        plans: by plan and ``lever.knob``, the setting as read.
        groups: the file of knobs that a lever stands in.
    """

    knobs: Mapping[str, Knob]
    plans: Mapping[str, Mapping[str, Node]]
    groups: Mapping[str, str] = field(default_factory=dict)

    def of_lever(self, lever: str) -> tuple[Knob, ...]:
        """Return the knobs of a lever."""
        return tuple(knob for knob in self.knobs.values() if knob.lever == lever)


def lever_of(entry: str) -> str:
    """Return the catalogue's lever of an entry: its id before the dot."""
    return entry.partition(".")[0]


def entries_of(owner: str, levers: Iterable[str]) -> tuple[str, ...]:
    """Return the entries that an owner names: that entry, else all entries of that lever."""
    known = tuple(levers)
    return (owner,) if owner in known else tuple(entry for entry in known if lever_of(entry) == owner)


def read_knobs(files: Iterable[Node], levers: Mapping[str, LeverEntry], shipped: Iterable[str], report: Report) -> KnobBook:
    """Read files of knobs.

    Args:
        files: files, each a mapping with the key ``levers``.
        levers: entries of the place.
        shipped: ids of all entries, those for other places included.
        report: collects problems.
    """
    knobs: dict[str, Knob] = {}
    plans: dict[str, dict[str, Node]] = {}
    groups: dict[str, str] = {}
    known = tuple(dict.fromkeys((*levers, *shipped)))
    for node in files:
        for lever, item in Reader(node, "", ("levers",), report).mapping("levers").items():
            if lever in groups:
                report.add(item.where, lever, f"given twice (first in {groups[lever]})", "each lever once", "join the two")
            groups[lever] = node.file
            reader = Reader(item, lever, ("knobs", "plans"), report)
            for name, child in reader.mapping("knobs", required=False).items():
                knob = _read_knob(lever, name, child, levers, known, report)
                if knob is not None:
                    knobs[knob.key] = knob
            for plan, child in reader.mapping("plans", required=False).items():
                for name, setting in _mapping(child, f"{lever}.plans.{plan}", report).items():
                    plans.setdefault(plan, {})[f"{lever}.{name}"] = setting
    return KnobBook(knobs, plans, groups)


def _mapping(node: Node, name: str, report: Report) -> dict[str, Node]:
    """Return a mapping's content, noting what is none."""
    if isinstance(node.value, dict):
        return node.value
    report.add(node.where, name, "no mapping", "a mapping from knobs to settings")
    return {}


def _read_knob(
    lever: str, name: str, node: Node, levers: Mapping[str, LeverEntry], known: tuple[str, ...], report: Report
) -> Knob | None:
    """Read one knob and check that what it moves exists."""
    reader = Reader(node, f"{lever}.knobs.{name}", _KEYS, report)
    sort = reader.text("kind", choices=KINDS)
    if not sort:
        return None
    if sort in _NEEDED:
        reader.get(_NEEDED[sort])
    low, high = _range(reader, sort)
    knob = Knob(
        lever, name, sort, _of(reader), reader.text("unit", required=sort in NUMBERS), low, high,
        int(reader.number("lead_months", required=False) or 0), _meaning(reader), _numbers(reader), _texts(reader, "words"),
        _texts(reader, "who"), reader.mapping("options", required=False),
        reader.text("by", required=False, choices=("ratio", "amount")) or "ratio",
        float(reader.number("times", required=False) or 1.0), node.where, reader.text("to", required=False),
    )  # fmt: skip
    reader.text("note", required=False)
    if knob.to and knob.to.removeprefix("values.") not in PARAMETERS:
        reader.wrong(
            reader.content["to"], "to", "a named value, values.<name>", nearest(knob.to, (f"values.{one}" for one in PARAMETERS))
        )
    for slot in knob.of:
        _check_slot(knob, slot, reader, levers, known)
    for choice, text in knob.who.items():
        _check_condition(reader, choice, text)
    return knob


def _range(reader: Reader, sort: str) -> tuple[float, float]:
    """Read the range of a knob's values; required for numbers."""
    bounds = reader.items("range", required=sort in NUMBERS)
    numbers = [float(b.value) for b in bounds if isinstance(b.value, int | float) and not isinstance(b.value, bool)]
    if len(numbers) == 2 and numbers[0] <= numbers[1]:
        return numbers[0], numbers[1]
    if bounds:
        reader.wrong(reader.content["range"], "range", "two numbers, the lower one first")
    return float("-inf"), float("inf")


def _of(reader: Reader) -> tuple[str, ...]:
    """Read what a knob moves: one slot or a list."""
    child = reader.content.get("of")
    if child is None:
        return ()
    items = child.value if isinstance(child.value, list) else [child]
    return tuple(str(item.value) for item in items)


def _meaning(reader: Reader) -> dict[str, str]:
    """Read what the knob means in Chinese and English."""
    child = reader.get("meaning")
    if child is None:
        return {}
    inner = Reader(child, reader.name("meaning"), ("zh", "en"), reader.report)
    return {language: inner.text(language) for language in ("zh", "en")}


def _numbers(reader: Reader) -> dict[str, float]:
    """Read words that stand for numbers."""
    found: dict[str, float] = {}
    for name, node in reader.mapping("names", required=False).items():
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            reader.wrong(node, f"names.{name}", "a number")
        else:
            found[name] = float(node.value)
    return found


def _texts(reader: Reader, key: str) -> dict[str, str]:
    """Read a mapping from choices to texts."""
    found: dict[str, str] = {}
    for name, node in reader.mapping(key, required=False).items():
        if isinstance(node.value, str):
            found[name] = node.value
        else:
            reader.wrong(node, f"{key}.{name}", "text")
    return found


def _check_condition(reader: Reader, choice: str, text: str) -> None:
    """Check a condition that a knob may choose."""
    try:
        parse_condition(own_condition(text, "True"))
    except ConditionError as error:
        reader.report.add(reader.content["who"].where, reader.name(f"who.{choice}"), error.given, error.allowed, error.hint)


def own_condition(text: str, base: str) -> str:
    """Return a knob's condition with the entry's own in the place of the word ``base``."""
    return _BASE.sub(f"({base})", text)


def _check_slot(knob: Knob, slot: str, reader: Reader, levers: Mapping[str, LeverEntry], known: tuple[str, ...]) -> None:
    """Check that what a knob moves exists, here or in an entry for another place."""
    report, where = reader.report, reader.content["of"].where
    if knob.kind in ("switch", "who"):
        if not entries_of(slot, known):
            report.add(where, reader.name("of"), f"no entry '{slot}'", "an entry or a lever with entries", nearest(slot, known))
        return
    owner, _, part = slot.rpartition(".")
    if owner == "values":
        if part not in PARAMETERS:
            report.add(where, reader.name("of"), f"no value '{part}'", "a named value", nearest(part, PARAMETERS))
        return
    if not entries_of(owner, known):
        report.add(where, reader.name("of"), f"no entry '{owner}' for '{slot}'", "an entry's field", nearest(owner, known))
    for entry in entries_of(owner, levers):
        kind = MECHANISMS[levers[entry].mechanism]
        parts = tuple(word for word in kind.words if word not in FIXED) if knob.kind == "word" else tuple(kind.fields)
        if part not in parts:
            report.add(where, reader.name("of"), f"'{entry}' has no '{part}'", listing(parts), nearest(part, parts))
