"""Reads a survey: files and a codebook in, a panel out. All problems are told together, in counts and columns, never a value."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.assemble import derive, drop_empty, number_units, weigh
from calibration.codebook import load_codebook
from calibration.coding import Codebook, Mapped
from calibration.columns import JOBS, KEYS, TABLES
from calibration.decode import NO_JOB, Faults, Task, decode, missing_variables
from calibration.identifiers import kind_of_identifier
from calibration.matching import tasks_of
from calibration.panel import Panel, make_panel
from calibration.problems import SurveyError, SurveyReport, rows
from calibration.units import LOOKED_AT, check_units
from experiments.labels import Label
from scenarios.problems import Problem, ScenarioError

FEW = 30
"""Households below which a panel says little."""
_AGAIN = 2_000
"""Rows of each later chunk that are searched for identifiers."""


@dataclass(frozen=True)
class FileRead:
    """What was read of one file and wave.

    Attributes:
        file: its name.
        table: ``households`` or ``persons``.
        rows: rows of the file.
        kept: rows that met the conditions of the codebook.
        found: columns of ours that it gave.
        lacking: columns of ours that it did not.
    """

    file: str
    table: str
    rows: int
    kept: int
    found: tuple[str, ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A panel, the codebook that read it, and what was read file by file."""

    panel: Panel
    book: Codebook
    files: tuple[FileRead, ...]


def read_survey(path: str | Path, codebook: str, encoding: str = "", least_waves: int = 1) -> Panel:
    """Return the panel that is in a file or folder.

    Args:
        path: a file, or a folder with the files of all waves.
        codebook: a shipped codebook (``cfps``, ``charls``, ``monitoring``), or the path of one.
        encoding: of the files' text, such as ``gb18030``; empty takes the codebook's, or finds out.
        least_waves: waves that are needed; 2 where anything is to be followed over time.

    Raises:
        ScenarioError: with everything that is wrong, in counts and columns.
    """
    return read_files(path, codebook, encoding, least_waves).panel


def read_files(path: str | Path, codebook: str, encoding: str = "", least_waves: int = 1) -> Reading:
    """Return the panel with an account of what was read; see `read_survey`."""
    try:
        return _read_all(path, codebook, encoding, least_waves)
    except (ScenarioError, MemoryError):
        raise
    except Exception as error:
        # words of a library may hold a value of a row: only where it happened is told
        raise _unforeseen(Path(path), error) from None


def _unforeseen(path: Path, error: Exception) -> SurveyError:
    """Return what to tell of an error that nobody foresaw."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    given = (
        f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}; its words are kept back, they may hold a value"
    )
    return SurveyError([Problem(path.name, "file", given, "a file that can be read", "please report the place")])


def _read_all(path: str | Path, codebook: str, encoding: str, least_waves: int) -> Reading:
    """Read every file and put the panel together."""
    book = load_codebook(codebook)
    report, faults = SurveyReport(), Faults()
    tasks = tasks_of(book, Path(path), encoding, report)
    report.stop()
    files, frames = [], []
    for task in tasks:
        told, frame = _read(task, faults, report)
        files.append(told)
        frames.append(frame)
    faults.tell(report)
    report.stop()
    tables = {name: _joined(name, tasks, frames, report) for name in TABLES}
    del frames
    panel = _finish(book, tables, report, least_waves)
    return Reading(panel, book, tuple(files))


def _read(task: Task, faults: Faults, report: SurveyReport) -> tuple[FileRead, pd.DataFrame]:
    """Read one file for one part, a chunk at a time."""
    total, pieces = 0, []
    ids = {name for mapped in task.part.columns if mapped.column.kind in ("id", "group") for name in task.sources(mapped)}
    for chunk in task.table.chunks(task.used()):
        if total:
            _search(task, chunk.head(_AGAIN), ids, report)
        total += len(chunk)
        pieces.append(decode(task, chunk, faults))
    frame = pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame({"wave": np.zeros(0, np.int16)})
    found = tuple(name for name in frame.columns if name != "wave")
    lacking = tuple(mapped.column.name for mapped, _ in missing_variables(task))
    return FileRead(task.table.path.name, task.part.table, total, len(frame), found, lacking), frame


def _search(task: Task, chunk: pd.DataFrame, ids: set[str], report: SurveyReport) -> None:
    """Note identifiers that turn up later in a file."""
    for name in chunk.columns:
        kind, count = kind_of_identifier(chunk[name], name in ids)
        if kind:
            given = f"{kind}: {rows(count, len(chunk))} looked at"
            report.add(task.table.path.name, name, given, "no names, numbers or addresses of persons", "drop the column")


def _joined(table: str, tasks: Sequence[Task], frames: list[pd.DataFrame], report: SurveyReport) -> pd.DataFrame:
    """Return one table of all waves: files of the same kind below each other, files of other kinds beside them."""
    parts: dict[int, list[pd.DataFrame]] = {}
    for task, frame in zip(tasks, frames, strict=True):
        if task.part.table == table and len(frame):
            parts.setdefault(id(task.part), []).append(_once(task, frame, report) if task.part.repeated else frame)
    stacks = [pd.concat(stack, ignore_index=True) if len(stack) > 1 else stack[0] for stack in parts.values()]
    if not stacks:
        return pd.DataFrame()
    keys = list(KEYS[table])
    whole = stacks[0]
    for more in stacks[1:]:
        doubled = int(more.duplicated(keys).sum())
        if doubled:
            report.add(
                table, "+".join(keys), f"twice in a wave of a further file: {rows(doubled, len(more))}", "one row for each"
            )
            more = more.drop_duplicates(keys)
        whole = whole.merge(more[[*keys, *(name for name in more.columns if name not in whole.columns)]], on=keys, how="left")
    return whole


def _once(task: Task, frame: pd.DataFrame, report: SurveyReport) -> pd.DataFrame:
    """Return each household once where it stands once for each member; note those whose rows differ."""
    keys = list(KEYS[task.part.table])
    alike = frame.drop_duplicates()
    different = int(alike.duplicated(keys).sum())
    if different:
        given = f"differs among the rows of a household: {rows(different, len(alike))}"
        report.add(task.table.path.name, task.part.table, given, "the same in every row of a household and wave")
    return alike.drop_duplicates(keys)


def _finish(book: Codebook, tables: dict[str, pd.DataFrame], report: SurveyReport, least_waves: int) -> Panel:
    """Number the units, weigh the rows, derive what comes from members, check, and return the panel."""
    if not len(tables["households"]):
        report.add("households", "rows", "none in the files that fit the codebook", "at least one row")
    report.stop()
    notes: list[Label] = []
    number_units(tables)
    weighted = weigh(tables, notes)
    _check_members(tables, report)
    derive(book, tables)
    for table in tables:
        tables[table] = drop_empty(table, tables[table], book, notes)
    for name in LOOKED_AT:
        check_units("households", tables["households"], _mapping(book, name), report)
    people = _with_jobs(tables["persons"]) if len(tables["persons"]) else None
    meta = replace(book.meta, weighted=weighted, person_level=people is not None)
    _tell_thin(tables["households"], notes)
    panel = None
    try:
        panel = make_panel(tables["households"], people, meta, tuple(notes), least_waves)
    except SurveyError as error:
        report.problems.extend(error.problems)
    report.stop()
    assert panel is not None
    return panel


def _check_members(tables: dict[str, pd.DataFrame], report: SurveyReport) -> None:
    """Note persons of whom none lives in a household of the panel: their files number households in another way."""
    people = tables["persons"]
    if len(people) and not people["household"].isin(tables["households"]["household"]).any():
        given = f"of no household: {rows(len(people), len(people))}"
        hint = "look which variable of the persons' files numbers households as those of households do"
        report.add("persons", "household", given, "numbers of households that the files of households have", hint)


def _mapping(book: Codebook, name: str) -> Mapped | None:
    """Return how a household column is found, or None."""
    found = [mapped for part in book.parts if part.table == "households" for mapped in part.columns if mapped.column.name == name]
    return found[0] if found else None


def _with_jobs(people: pd.DataFrame) -> pd.DataFrame:
    """Return persons with their jobs as categories."""
    if "job" in people.columns:
        codes = people["job"].fillna(NO_JOB).to_numpy(dtype=np.int8)
        people["job"] = pd.Categorical.from_codes(codes, categories=pd.Index(JOBS))
    return people


def _tell_thin(households: pd.DataFrame, notes: list[Label]) -> None:
    """Note a panel with few households, or with one wave."""
    count = households["household"].nunique()
    if count < FEW:
        notes.append(
            Label(f"只有 {count} 户：任何估计都很不精确", f"{count} households only: every estimate will be very imprecise")
        )
    if households["wave"].nunique() == 1:
        notes.append(Label("只有一轮：不能估计任何变化", "one wave only: no change over time can be measured"))
