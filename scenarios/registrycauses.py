"""The registry's list of causes: which of the model's causes and events each entry stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scenarios.problems import Report, nearest
from scenarios.schema import Reader
from scenarios.shipped import FOLDER
from scenarios.yamlfile import read_yaml
from sim.eventkinds import KIND
from sim.indicators import GUARANTEE_CAUSES

FILE = "registry_causes.yaml"
_KEYS = ("window", "source", "grade", "causes")
_ENTRY_KEYS = ("id", "name", "of", "when", "over", "listed")


@dataclass(frozen=True)
class RegistryCause:
    """An entry of the list.

    Attributes:
        id, names: what it is called.
        of: causes of the model that it may stand for.
        when: events one of which must have happened; empty for none.
        over: events than which it must have cost more.
        listed: whether the registry has it.
    """

    id: str
    names: Mapping[str, str]
    of: tuple[str, ...]
    when: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    listed: bool = True

    def fits(self, cause: str, sizes: Mapping[str, int]) -> bool:
        """Say whether a cause of the model, with the events before the fall, belongs here.

        Args:
            cause: the cause.
            sizes: amounts of the events within the window, by kind.
        """
        if cause not in self.of:
            return False
        there = [sizes[kind] for kind in self.when if kind in sizes]
        if self.when and not there:
            return False
        return all(max(there, default=0) > sizes[kind] for kind in self.over if kind in sizes)


@dataclass(frozen=True)
class RegistryList:
    """The list, the months before a test in which an event counts, and what the assignment rests on."""

    causes: tuple[RegistryCause, ...]
    window: int
    source: str
    grade: str

    def of(self, cause: str, sizes: Mapping[str, int]) -> RegistryCause:
        """Return the first entry that fits.

        Raises:
            LookupError: if none does.
        """
        found = next((one for one in self.causes if one.fits(cause, sizes)), None)
        if found is None:
            raise LookupError(f"{FILE}: no entry for {cause} with {', '.join(sizes) or 'no event'}")
        return found

    def named(self, key: str) -> RegistryCause:
        """Return an entry by its id."""
        return next(one for one in self.causes if one.id == key)


@cache
def registry_causes() -> RegistryList:
    """Return the shipped list."""
    return read_registry_causes(FOLDER / FILE)


def read_registry_causes(path: Path) -> RegistryList:
    """Read a list.

    Raises:
        ScenarioError: with every problem: an unknown cause or event, a cause of the model that no entry takes whatever happened.
    """
    report = Report()
    reader = Reader(read_yaml(path, path.name), "", _KEYS, report)
    found = []
    for number, node in enumerate(reader.items("causes")):
        entry = Reader(node, f"causes[{number}]", _ENTRY_KEYS, report)
        found.append(
            RegistryCause(
                entry.text("id"), entry.names(), _words(entry, "of", GUARANTEE_CAUSES), _words(entry, "when", KIND),
                _words(entry, "over", KIND), "listed" not in entry.content or entry.content["listed"].value is True,
            )
        )  # fmt: skip
    always = {cause for one in found if not one.when for cause in one.of}
    missing = [cause for cause in GUARANTEE_CAUSES if cause not in always]
    if missing and not report.problems:
        report.add(path.name, "causes", f"no entry without `when` for {', '.join(missing)}", "one for every cause of the model")
    window = reader.number("window") or 0
    source, grade = reader.text("source"), reader.text("grade")
    report.stop()
    return RegistryList(tuple(found), int(window), source, grade)


def _words(reader: Reader, key: str, known: Mapping[str, object] | tuple[str, ...]) -> tuple[str, ...]:
    """Read an optional list of known words."""
    items = list(reader.items(key, required=False))
    for item in items:
        if item.value not in known:
            reader.wrong(item, key, ", ".join(known), nearest(str(item.value), known))
    return tuple(str(item.value) for item in items)
