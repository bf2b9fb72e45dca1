"""The register of what was released: a file that only grows, in a folder that the user names; one for each source of persons.

Each line holds the hash of the one before, so that a line that was changed or taken out is found. No exact count stands in it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from experiments.disclosure import Counts, Known, Outcome, Protected, area_name
from scenarios.problems import Report

FILE = "register.jsonl"
RELEASED = "released.json"
"""A file in a folder of runs: the hashes of the register's lines that tell of it. So a register that was lost, cut or changed for
another one is found."""
START = "0" * 64
Entry = Mapping[str, Any]


def _digest(line: str) -> str:
    """Return the hash of a line."""
    return hashlib.sha256(line.encode()).hexdigest()


def _outcome_name(key: Outcome) -> str:
    """Return year and policy as a key of the register."""
    return f"{key[0]} {key[1]}"


class Register:
    """What was released, line by line."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is touched yet."""
        self.folder, self.path = folder, folder / FILE

    def entries(self) -> list[dict[str, Any]]:
        """Return all lines.

        Raises:
            ScenarioError: if a line cannot be read, or the lines do not follow each other.
        """
        found, before, report = [], START, Report()
        for number, line in enumerate(self._lines(), 1):
            entry = _read_line(line)
            if entry is None or entry.get("before") != before:
                what = "is no line of a register" if entry is None else "does not follow from the line before"
                hint = "take the register from a copy; what was released cannot be judged without it"
                report.add(f"{self.path}:{number}", "register", what, "lines as they were written", hint)
                report.stop()
            found.append(entry or {})
            before = _digest(line)
        return found

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one command at a time look and write.

        Raises:
            ScenarioError: if the folder cannot be used, or another command is at work.
        """
        from experiments.store import _lock

        report = Report()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / ".lock").touch()
        except OSError as error:
            report.add("command line", "register", f"{self.folder}: {error.strerror}", "a folder that you may write")
            report.stop()
        with open(self.folder / ".lock", "a", encoding="utf-8") as handle:
            if not _lock(handle):
                report.add("command line", "register", f"{self.folder} is in use", "one command at a time", "wait for it to end")
                report.stop()
            yield

    def _lines(self) -> list[str]:
        """Return the lines as they are written."""
        return self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []

    def check_folder(self, folder: Path) -> None:
        """Make sure that all that was released from a folder stands in this register.

        Raises:
            ScenarioError: if a line that the folder knows is not here.
        """
        missing = set(_released(folder)) - {_digest(line) for line in self._lines()}
        if missing:
            report = Report()
            given = f"{len(missing)} releases of {folder} do not stand in {self.path}"
            hint = "another register, or one whose end is lost: take it from a copy"
            report.add("register", "register", given, "the register that the folder was released with", hint)
            report.stop()

    def append(self, entry: Entry, folder: Path | None = None) -> None:
        """Add a line and make sure that it is on the disk.

        Args:
            entry: the line.
            folder: the folder of runs that it tells of; it learns the hash of the line.
        """
        from experiments.store import write_whole

        lines = self._lines()
        told = {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            **entry,
            "before": _digest(lines[-1]) if lines else START,
        }
        line = json.dumps(told, ensure_ascii=True, sort_keys=True)
        with open(self.path, "a", encoding="utf-8", newline="\n") as handle:
            handle.write(line + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        if folder is not None:
            write_whole(folder / RELEASED, json.dumps([*_released(folder), _digest(line)], indent=1) + "\n")


def _released(folder: Path) -> list[str]:
    """Return the hashes of the lines that tell of a folder.

    Raises:
        ScenarioError: if its file of them cannot be read.
    """
    told, found = folder / RELEASED, None
    if not told.is_file():
        return []
    with suppress(ValueError):
        found = json.loads(told.read_text(encoding="utf-8"))
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        report = Report()
        report.add(str(told), "register", "is no list of hashes", "the file as it was written", "take it from a copy")
        report.stop()
    return list(found or ())


def _read_line(line: str) -> dict[str, Any] | None:
    """Return a line, or None where it is none."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def release_entry(counts: Counts, protected: Protected, what: str) -> dict[str, Any]:
    """Return the line of a release: which villages, which tables, every shown figure; null where one is hidden."""
    names = [cell.name for cell in counts.cells]

    def figures(values: Any) -> dict[str, int | None]:
        return {name: None if np.isnan(value) else int(value) for name, value in zip(names, values, strict=True)}

    return {
        "kind": "release",
        "what": what,
        "population": counts.population,
        "unit": counts.unit,
        "groups": list(counts.groups),
        "villages": sorted(area_name(path[1:]) for path in counts.villages),
        "members": figures(protected.members),
        "fell": {_outcome_name(key): figures(values) for key, values in protected.fell.items()},
    }


def known_of(entries: list[dict[str, Any]], counts: Counts) -> Known:
    """Return what earlier releases say of the villages of some counts.

    Raises:
        ScenarioError: if these counts would give something away beside an earlier release: some but not all villages are the
            same, or the same villages were shown by other groups or in another unit.
    """
    report = Report()
    ours = {area_name(path[1:]) for path in counts.villages}
    same = []
    for entry in entries:
        theirs = set(entry.get("villages", ()))
        if entry.get("kind") != "release" or not ours & theirs:
            continue
        if ours != theirs:
            given = f"{len(ours ^ theirs)} villages differ from the release of {entry['when']}, {len(ours & theirs)} are the same"
            hint = "the difference of both totals would tell of the villages between them"
            report.add("register", "villages", given, "the same villages, or none of them", hint)
            continue
        for key, mine in (("unit", counts.unit), ("groups", list(counts.groups))):
            if entry[key] != mine:
                given = f"{mine}; the release of {entry['when']} has {entry[key]}"
                report.add("register", key, given, f"the same {key} for the same villages")
        if entry["population"] == counts.population:
            same.append(entry)
    report.stop()
    return _gather(same, counts)


def _gather(entries: list[dict[str, Any]], counts: Counts) -> Known:
    """Return the figures of releases of the same villages."""
    names = [cell.name for cell in counts.cells]
    empty = np.full(len(names), np.nan)
    members, fell, never = empty.copy(), dict[Outcome, Any](), dict[int | None, Any]()

    def take(into: Any, figures: Mapping[str, int | None], year: int | None) -> None:
        for place, name in enumerate(names):
            value = figures.get(name)
            if value is None:
                never.setdefault(year, np.zeros(len(names), np.bool_))[place] = True
            else:
                into[place] = value

    for entry in entries:
        take(members, entry["members"], None)
        for told, figures in entry["fell"].items():
            year, _, policy = told.partition(" ")
            take(fell.setdefault((int(year), policy), empty.copy()), figures, int(year))
    # a figure that was ever shown stays known, even if a later release hid it
    return Known(members, fell, never)


def check_figures(counts: Counts, known: Known) -> None:
    """Refuse other figures than those released before: two figures of one thing tell more than either.

    Raises:
        ScenarioError: with the number of cells that differ, by table.
    """
    from experiments.disclosure import rounded

    report = Report()
    tables = [("population", known.members, counts.members)]
    tables += [(_outcome_name(key), shown, counts.fell[key]) for key, shown in known.fell.items() if key in counts.fell]
    for name, shown, values in tables:
        now = rounded(counts.sums @ counts.means(values))
        differing = int((~np.isnan(shown) & (shown != now)).sum())
        if differing:
            given = f"{differing} cells differ from what was released before"
            hint = "released figures stay as they are; release other years or policies, or publish the earlier tables"
            report.add("register", name, given, "the same figures", hint)
    report.stop()
