"""The folder of a study: one folder a run, written under another name and renamed when whole."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from experiments.canonical import canonical_json, content_hash
from experiments.runfiles import PROVENANCE, SHARED, json_bytes
from experiments.stopped import no_room
from experiments.study import PERSON_LEVEL, Study
from experiments.task import SCHEMA_VERSION, Task
from experiments.unpublished import mark
from scenarios.problems import Problem

TEMPORARY = ".tmp-"
STUDY = "study.json"


class StoreError(Exception):
    """A folder that cannot take the study.

    Attributes:
        problem: what was found, what is allowed and what to do.
    """

    def __init__(self, given: str, allowed: str, hint: str = "choose another out=") -> None:
        """Keep the parts as a problem with the key ``out``."""
        self.problem = Problem("command line", "out", given, allowed, hint)
        super().__init__(str(self.problem))


class OtherStudy(StoreError):
    """A folder holds the runs of another study."""


def _nearest_existing(path: Path) -> Path:
    """Return the path itself or its first parent that exists."""
    return next(place for place in (path, *path.parents) if place.exists())


def _can_write(folder: Path) -> bool:
    """Try it, and leave nothing behind: permissions alone do not tell of read-only disks."""
    try:
        Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=folder)).rmdir()
    except OSError:
        return False
    return True


def write_whole(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a text file in one step, so that a reader never sees half of it, and make its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{TEMPORARY}{path.name}")
    draft.write_text(text, encoding=encoding, newline="")
    os.replace(draft, path)
    return path


class Store:
    """Results of one study in one folder.

    ``study.json`` says which study it is, ``runs/<key>/`` holds whole runs, ``errors/<key>.txt`` the failed ones,
    ``shared/<hash>.json`` what many runs have in common.

    Attributes:
        root: the folder.
        shared: names of what is known to be in ``shared``.
    """

    def __init__(self, root: Path) -> None:
        """Name the folder; nothing is touched yet."""
        self.root = root.absolute()
        self.shared: set[str] = set()

    def check(self, study: Study) -> None:
        """Make sure, without writing anything, that the folder can take the study.

        Raises:
            StoreError: if it holds another study or other files, or cannot be written.
        """
        ground = _nearest_existing(self.root)
        if not ground.is_dir():
            raise StoreError(f"{ground} is a file", "a folder")
        if not _can_write(ground):
            raise StoreError(f"{ground} cannot be written", "a folder that you may write")
        self._check_study(study)

    def _check_study(self, study: Study) -> None:
        """Refuse a folder with another study or with files that no study made."""
        if not self.root.exists():
            return
        told = self.root / STUDY
        if not told.exists():
            foreign = sorted(entry.name for entry in self.root.iterdir() if not entry.name.startswith("."))
            if foreign:
                raise StoreError(f"{self.root} holds other files ({', '.join(foreign[:3])})", "an empty or new folder")
            return
        self._check_same(study, told)

    def _check_same(self, study: Study, told: Path) -> None:
        """Refuse a folder whose study.json tells of another study, and say in what it differs."""
        try:
            found = json.loads(told.read_text(encoding="utf-8"))["study"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{told} cannot be read", f"the {STUDY} of a study") from error
        wanted = study.identity()
        differing = [key for key in sorted({*wanted, *found}) if wanted.get(key) != found.get(key)]
        if differing:
            words = "; ".join(f"{key}={_plain(found.get(key))} there, {_plain(wanted.get(key))} here" for key in differing)
            raise OtherStudy(f"{self.root} holds another study ({words})", "a new folder or the same study")

    def open(self, study: Study) -> None:
        """Create the folder where it is missing and write ``study.json``; where rows of persons stand behind it, mark it.

        Raises:
            StoreError: as `check`, and if the folder cannot be created.
        """
        self.check(study)
        try:
            (self.root / "runs").mkdir(parents=True, exist_ok=True)
            if study.population == PERSON_LEVEL:
                mark(self.root)
            self.write_text(STUDY, json.dumps({"schema": SCHEMA_VERSION, "study": study.identity()}, indent=2) + "\n")
        except OSError as error:
            raise StoreError(f"{self.root}: {error.strerror}", "a folder that you may write") from error

    def sweep(self) -> None:
        """Remove what killed commands left half written. Only for the holder of the lock."""
        for leftover in self.root.glob(f"runs/{TEMPORARY}*"):
            shutil.rmtree(leftover, ignore_errors=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other commands out of the folder; the system frees it whenever and however this process ends.

        Raises:
            StoreError: if another command is at work here.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with open(self.root / ".lock", "a", encoding="utf-8") as handle:
            if not _lock(handle):
                raise StoreError(f"{self.root} is in use", "one command at a time", "wait for it to end, or choose another out=")
            yield

    def write_text(self, name: str, text: str) -> Path:
        """Write a text file of the study in one step."""
        return write_whole(self.root / name, text)

    def folder(self, task: Task) -> Path:
        """Return the folder of a run, whether it exists or not."""
        return self.root / "runs" / task.key

    def has(self, task: Task) -> bool:
        """Return whether the run is there, whole."""
        return self.folder(task).is_dir()

    def write(self, task: Task, files: dict[str, bytes], provenance: dict[str, Any]) -> None:
        """Write a run and rename it into place; an older error of the same run goes.

        Raises:
            Stopped: if it cannot be written; nothing of it is left.
        """
        draft = self.root / "runs" / f"{TEMPORARY}{task.key}"
        shutil.rmtree(draft, ignore_errors=True)
        try:
            draft.mkdir(parents=True)
            for name, content in {**files, PROVENANCE: json_bytes(provenance)}.items():
                (draft / name).write_bytes(content)
            draft.rename(self.folder(task))
            self.error_file(task).unlink(missing_ok=True)
        except OSError as error:
            raise no_room(error, str(self.root)) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def share(self, value: Any) -> str:
        """Write what many runs have in common, unless it is there, and return its name: the hash of its content.

        Raises:
            Stopped: if it cannot be written.
        """
        name = content_hash(value)
        if name not in self.shared:
            if not (self.root / SHARED / f"{name}.json").is_file():
                self.keep(f"{SHARED}/{name}.json", canonical_json(value) + "\n")
            self.shared.add(name)
        return name

    def error_file(self, task: Task) -> Path:
        """Return the path of the error file of a run."""
        return self.root / "errors" / f"{task.key}.txt"

    def write_error(self, task: Task, text: str) -> Path:
        """Write what went wrong in a run.

        Raises:
            Stopped: if it cannot be written.
        """
        return self.keep(f"errors/{task.key}.txt", text)

    def keep(self, name: str, text: str) -> Path:
        """Write a text file of the study in one step while runs are made.

        Raises:
            Stopped: if it cannot be written.
        """
        try:
            return self.write_text(name, text)
        except OSError as error:
            raise no_room(error, str(self.root)) from error


def _plain(value: Any) -> str:
    """Return a value of study.json in the words of the command line."""
    if isinstance(value, list):
        return ",".join(str(part) for part in value) or "none"
    return "all" if value is None else str(value)


def _lock(handle: Any) -> bool:
    """Take the lock of an open file. Where the system or the disk has no locks, go on without."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
