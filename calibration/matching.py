"""Which files of a survey belong to which part of a codebook, and whether the codebook is the right one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from calibration.codebook import codebooks, load_codebook
from calibration.coding import Codebook, Part
from calibration.decode import Task, missing_variables
from calibration.files import Table, endings, open_table
from calibration.identifiers import kind_of_identifier, suspicious_name
from calibration.problems import SurveyReport, rows
from scenarios.problems import listing, nearest

SAMPLE = 20_000
"""Rows of every column, asked for or not, that are searched for identifiers."""
_SHARE = 0.5
"""A file that lacks more of a part's variables than this is of another kind."""


def survey_files(path: Path) -> list[Path]:
    """Return the files of a survey: one file, or all of a folder and the folders in it that can be read.

    Raises:
        SurveyError: when there is none.
    """
    report = SurveyReport()
    if not path.is_dir():
        return [path]
    files = sorted(
        found for found in path.rglob("*") if found.suffix.lower() in endings() and not found.name.startswith((".", "~"))
    )
    if not files:
        report.add(path.name or str(path), "folder", "no survey files in it", f"files ending in {listing(endings())}")
        report.stop()
    return files


def tasks_of(book: Codebook, path: Path, encoding: str, report: SurveyReport) -> list[Task]:
    """Return what is to be read: every file with its part and wave. Problems are noted."""
    tasks: list[Task] = []
    alone = not path.is_dir()
    for file in survey_files(path):
        parts = [(part, wave) for part in book.parts for wave in [wave_in_name(part, file.name)] if wave is not None]
        if not parts and not alone:
            continue
        table = open_table(file, encoding or book.encoding)
        check_identifiers(table, _ids(book), report)
        tasks += _tasks(book, table, parts or [(part, 0) for part in book.parts], bool(parts), report)
    if not tasks and not report.problems:
        patterns = listing(dict.fromkeys(part.file for part in book.parts))
        hint = _better_by_name(book, survey_files(path)) or "or name one file of the survey"
        report.add(path.name, "files", "none fits the codebook", f"names like {patterns}", hint)
    return tasks


def wave_in_name(part: Part, name: str) -> int | None:
    """Return the year that a file's name says, 0 where the part's pattern says none; None when the name does not fit."""
    pattern = "".join(_PIECES.get(piece, re.escape(piece)) for piece in re.split(r"(\*|\{wave\}|\{yy\})", part.file))
    stem = Path(name).stem
    found = re.fullmatch(pattern, name, re.IGNORECASE) or re.fullmatch(pattern, stem, re.IGNORECASE)
    if found is None:
        return None
    year = found.groupdict().get("wave") or found.groupdict().get("yy") or "0"
    return int(year) + (2000 if len(year) == 2 else 0)


_PIECES = {"*": ".*", "{wave}": r"(?P<wave>(?:19|20)\d\d)", "{yy}": r"(?P<yy>\d\d)"}


def _tasks(book: Codebook, table: Table, parts: Sequence[tuple[Part, int]], named: bool, report: SurveyReport) -> Iterator[Task]:
    """Return the tasks of one file; note what a file of its kind must have."""
    found = [task for part, wave in parts for task in _waves(part, table, wave)]
    fitting = [task for task in found if _fits(task)]
    if not fitting:
        _tell_wrong(book, found, report)
    for task in fitting if not named else found:
        if task.part.wave.variable and not task.wave_variable():
            known = table.variables
            report.add(
                table.path.name,
                task.part.wave.variable,
                "missing",
                "the year of the wave",
                nearest(task.part.wave.variable, known),
            )
        if task.part.wave.file and not task.wave:
            report.add(table.path.name, "wave", "no year in the file's name", f"a name like {task.part.file}", "rename the file")
        for mapped, wanted in missing_variables(task):
            if mapped.required and fitting:
                hint = nearest(wanted.split(", ")[0], table.variables)
                report.add(table.path.name, mapped.column.name, f"no variable {wanted}", "this variable is required", hint)
        for keep in task.part.keep:
            if not task.found([keep.variable]) and fitting:
                name = task.filled(keep.variable)
                report.add(table.path.name, name, "missing", "needed by keep:", nearest(name, table.variables))
        yield task


def _waves(part: Part, table: Table, wave: int) -> list[Task]:
    """Return one task, or one for each wave of a wide file that the file has."""
    if part.wave.each is None:
        return [Task(part, table, part.wave.year or wave)]
    tasks = [Task(part, table, year, w) for w, year in part.wave.each.items()]
    return [task for task in tasks if _varying(task)] or tasks[:1]


def _varying(task: Task) -> bool:
    """Return whether a wide file has any variable of this wave."""
    names = [name for mapped in task.part.columns for name in (*mapped.variables, *mapped.plus) if "{w}" in name]
    return any(task.filled(name) in task.table.variables for name in names)


def _fits(task: Task) -> bool:
    """Return whether a file has the keys of a part and not too few of its variables."""
    asked = [mapped for mapped in task.part.columns if not mapped.persons]
    lacking = [mapped for mapped, _ in missing_variables(task)]
    keys = any(mapped.column.kind == "id" for mapped in lacking)
    return not keys and len(lacking) <= _SHARE * len(asked)


def _tell_wrong(book: Codebook, tasks: Sequence[Task], report: SurveyReport) -> None:
    """Say that a file does not fit the codebook, what the best part lacks, and which shipped codebook fits better."""
    best = min(tasks, key=lambda task: len(missing_variables(task)))
    lacking = missing_variables(best)
    asked = sum(not mapped.persons for mapped in best.part.columns)
    given = f"{asked - len(lacking)} of the {asked} variables of codebook {book.id} ({best.part.table})"
    wanted = listing((names for _, names in lacking), 6)
    report.add(best.table.path.name, "codebook", given, f"a file with {wanted}", _better(book, best.table))


def _better(book: Codebook, table: Table) -> str:
    """Return a hint that names a shipped codebook that fits a file, if there is one."""
    for name in codebooks():
        if name != book.id:
            parts = load_codebook(name).parts
            if any(_fits(task) for part in parts for task in _waves(part, table, wave_in_name(part, table.path.name) or 2018)):
                return f"codebook={name} fits better"
    return "write a codebook of your own from the nearest shipped one"


def _better_by_name(book: Codebook, files: Sequence[Path]) -> str:
    """Return a hint that names a shipped codebook whose files are called like these; nothing without one."""
    for name in codebooks():
        parts = [part for part in load_codebook(name).parts if name != book.id and part.file.strip("*")]
        if any(wave_in_name(part, file.name) is not None for part in parts for file in files):
            return f"codebook={name} fits better"
    return ""


def _ids(book: Codebook) -> set[str]:
    """Return the variables that a codebook takes for numbers of units or places."""
    mapped = [one for part in book.parts for one in part.columns if one.column.kind in ("id", "group")]
    return {name for one in mapped for name in one.variables}


def check_identifiers(table: Table, ids: set[str], report: SurveyReport) -> None:
    """Note every column that names people directly, by its name or by the pattern of its values."""
    remedy = "drop the column where the file comes from, and use the copy"
    named = [name for name in table.variables if suspicious_name(name, table.labels.get(name, ""))]
    for name in named:
        report.add(table.path.name, name, "a direct identifier by its name", "no names, numbers or addresses of persons", remedy)
    others = [name for name in table.variables if name not in named]
    for chunk in table.chunks(others, SAMPLE):
        for name in others:
            kind, count = kind_of_identifier(chunk[name], name in ids)
            if kind:
                given = f"{kind}: {rows(count, len(chunk))} looked at"
                report.add(table.path.name, name, given, "no names, numbers or addresses of persons", remedy)
        break
