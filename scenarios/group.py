"""Config groups: one choice with named options, ``premium=linear``, that a sweep combines with others."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from scenarios.planbook import plan_book
from scenarios.problems import Report, listing, nearest
from scenarios.scenarioset import Part, read_parts, read_set, sets, unfolded
from scenarios.schema import Reader
from scenarios.shipped import FILE_ENDINGS, open_file, shipped
from scenarios.yamlfile import Node

_KEYS = ("id", "name", "meaning", "levers", "options")
_OPTION_KEYS = ("group", "id", "name", "note", "set", "source", "levers")


@dataclass(frozen=True)
class Group:
    """A config group.

    Attributes:
        id, names, meaning: what it is called and what it chooses.
        levers: those that its options turn: each option begins from support kept.
        options: by name; a list in an option's settings unfolds into several, as in scenario sets.
    """

    id: str
    names: Mapping[str, str]
    meaning: Mapping[str, str]
    levers: tuple[str, ...]
    options: Mapping[str, Part]


@dataclass(frozen=True)
class Option:
    """One option of a group.

    Attributes:
        group: name of the group.
        part: its names, settings and what they rest on. Without settings it leaves the levers as the policy has them.
        levers: those that begin from support kept.
    """

    group: str
    part: Part
    levers: tuple[str, ...]

    @property
    def clean(self) -> frozenset[str]:
        """The levers that begin from support kept under this option."""
        return frozenset(self.levers if self.part.items else ())


def groups() -> tuple[str, ...]:
    """Return the names of the groups: the shipped ones, then the scenario sets, whose arms are options."""
    return (*shipped("groups"), *sets())


def open_group(name: str, report: Report) -> Group | None:
    """Return a group by its name; None, with a note, where there is none."""
    if name in shipped("groups"):
        return _shipped_group(name)
    if name in sets():
        found = read_set(name, report)
        return Group(name, found.names, found.question, found.levers, {arm.id: arm for arm in found.arms})
    report.add("command line", name, "an unknown group", listing(groups()), nearest(name, groups()))
    return None


@cache
def _shipped_group(name: str) -> Group:
    """Read a shipped group once."""
    report = Report()
    node, _ = open_file("groups", name, report, ("command line", "group"))
    group = read_group(node, report)
    report.stop()
    return group


def read_group(node: Node, report: Report) -> Group:
    """Read a group's file."""
    reader = Reader(node, "", _KEYS, report)
    key = reader.text("id")
    source = f"assumption: a what-if of the group {key}"
    options = {option.id: option for part in read_parts(reader, "options", source) for option in unfolded(part, report, node)}
    inner = reader.get("meaning")
    said = Reader(inner, reader.name("meaning"), ("zh", "en"), report) if inner else None
    meaning = {language: said.text(language) for language in ("zh", "en")} if said else {}
    return Group(key, reader.names(), meaning, _levers(reader), options)


def _levers(reader: Reader) -> tuple[str, ...]:
    """Read the levers that a group's options turn."""
    known = plan_book().levers
    for item in reader.items("levers", required=False):
        if item.value not in known:
            reader.wrong(item, "levers", f"one of the {len(known)} levers of the clause book", nearest(str(item.value), known))
    return tuple(str(item.value) for item in reader.items("levers", required=False))


def open_option(group: str, name: str, report: Report) -> Option | None:
    """Return an option of a group, or a file of the user's own as one.

    Args:
        group: name of a group.
        name: name of an option, or the path of a .yaml file with ``name`` and ``set``.
        report: collects problems.
    """
    found = open_group(group, report)
    if found is None:
        return None
    if name.endswith(FILE_ENDINGS):
        return _own_option(found, name, report)
    if name not in found.options:
        allowed = f"{listing(found.options)}, or the path of a .yaml file"
        report.add("command line", group, f"unknown option '{name}'", allowed, nearest(name, found.options))
        return None
    return Option(group, found.options[name], found.levers)


def _own_option(group: Group, name: str, report: Report) -> Option:
    """Read an option from a file of the user's own."""
    node, _ = open_file("groups", name, report)
    reader = Reader(node, "", _OPTION_KEYS, report)
    source = reader.text("source", required=False) or f"assumption: an option of the user's own, {name}"
    note = reader.text("note", required=False)
    part = Part(reader.text("id", required=False) or name, reader.names(), reader.mapping("set"), source, name, note)
    return Option(group.id, part, (*group.levers, *_levers(reader)))


def matching(group: str, include: Sequence[str], exclude: Sequence[str], report: Report) -> list[str]:
    """Return the options that patterns choose, as Hydra's ``glob(...)`` says."""
    found = open_group(group, report)
    names = list(found.options) if found else []
    chosen = [name for name in names if any(fnmatch.fnmatchcase(name, pattern) for pattern in include)]
    return [name for name in chosen if not any(fnmatch.fnmatchcase(name, pattern) for pattern in exclude)]
