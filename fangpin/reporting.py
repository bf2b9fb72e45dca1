"""The command `fangpin report`: stored results as a report in Word, Excel and one HTML page. Nothing is simulated."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.labels import Label
from experiments.report.files import FORMATS, lacking, write_report
from experiments.study import SYNTHETIC
from fangpin.beside import studies_in
from fangpin.exits import DONE, HELP_WORDS, NOT_UNDERSTOOD, refuse
from fangpin.screen import Screen
from fangpin.words import Words, newest_results, read_words
from scenarios.problems import Problem, Report, ScenarioError, listing, nearest

if TYPE_CHECKING:
    from experiments.disclosure import Counts
    from experiments.report.document import Document
    from experiments.report.subject import Subject

KEYS = {"format": ",".join(FORMATS), "lang": "zh", "out": "", "base": "", "policy": "", "register": "", "unit": "households",
        "secure": "", "why": "", "boundaries": ""}  # fmt: skip
OWN = "report"
"""Folder of the report inside the folder of runs."""


def report(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    from experiments.boundaries import BadBoundaries
    from experiments.frozen import Broken
    from experiments.report.subject import Unmeant
    from experiments.stopped import OtherVersion
    from experiments.stored import NoRuns
    from fangpin.texts import REPORT_HELP

    if any(word in HELP_WORDS for word in words):
        print(REPORT_HELP, end="")
        return DONE
    folders = [Path(word) for word in words if "=" not in word]
    found = read_words([word for word in words if "=" in word], KEYS)
    problems: Sequence[Problem] = [*found.problems, *_wrong(found.options, folders)]
    try:
        if not problems:
            given = folders or [_newest()]
            _report([study for folder in given for study in studies_in(folder) or [folder]], found)
            return DONE
    except ScenarioError as error:
        problems = error.problems
    except Unmeant as error:
        hint = nearest(error.given, error.policies)
        problems = [
            Problem("command line", error.key, f"'{error.given}', no policy of {error.folder}", listing(error.policies), hint)
        ]
    except BadBoundaries as error:
        problems = error.problems
    except NoRuns as error:
        problems = [Problem("command line", "DIR", str(error), "a folder with whole replications, as `fangpin run` writes")]
    except OSError as error:
        problems = [Problem("command line", "out", f"{error.filename}: {error.strerror}", "a folder that you may write")]
    except Broken as error:
        problems = [Problem(str(error.folder), "forecast", f"unreadable: {error}", "a frozen forecast as it was written")]
    except OtherVersion as error:
        print(f"fangpin report: {error}", file=sys.stderr)
        return NOT_UNDERSTOOD
    return refuse(problems, "report", ", no report was written")


def _newest() -> Path:
    """Return the newest folder of results.

    Raises:
        ScenarioError: if there is none.
    """
    folder = newest_results("")
    if folder is None:
        problem = Report()
        problem.add("command line", "DIR", "missing, and no results under runs/", "a folder that `fangpin run` wrote")
        problem.stop()
    assert folder is not None
    return folder


def formats_of(text: str) -> tuple[str, ...]:
    """Return the formats named."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _wrong(given: dict[str, str], folders: Sequence[Path]) -> list[Problem]:
    """Return what is wrong with the words before a folder is opened."""
    from experiments.disclosure import UNITS

    report = Report()
    formats = formats_of(given["format"])
    for one in formats:
        if one not in FORMATS:
            report.add("command line", "format", f"'{one}'", listing(FORMATS), nearest(one, FORMATS))
    absent = lacking([one for one in formats if one in FORMATS])
    if absent:
        report.add("command line", "format", f"{', '.join(absent)}: a package is not installed", 'pip install "fangpin[report]"')
    if given["unit"] not in UNITS:
        report.add("command line", "unit", given["unit"], listing(UNITS), nearest(given["unit"], UNITS))
    if bool(given["secure"].strip()) != bool(given["why"].strip()):
        missing = "why" if given["secure"].strip() else "secure"
        report.add(
            "command line", missing, "missing", "both secure=WHO and why=REASON, or neither", "the register says who saw what"
        )
    for folder in folders:
        if not folder.is_dir():
            report.add("command line", "DIR", f"{folder}: no such folder", "folders that `fangpin run` or another command wrote")
    if given["boundaries"] and not Path(given["boundaries"]).is_file():
        report.add("command line", "boundaries", f"{given['boundaries']}: no such file", "a GeoJSON file of polygons")
    if given["boundaries"] and len(folders) > 1:
        report.add("command line", "boundaries", f"{len(folders)} folders", "one folder: a map is of one place")
    if given["out"] and Path(given["out"]).is_file():
        report.add("command line", "out", f"{given['out']} is a file", "a folder")
    return list(report.problems)


def _report(folders: Sequence[Path], found: Words) -> None:
    """Make the report that the folders may have."""
    from experiments.persons import population_of
    from experiments.report.build import report as build
    from experiments.report.subject import open_subjects

    given = found.options
    screen = Screen(given["lang"])
    subjects = open_subjects(
        folders, screen.lang, given["base"], given["policy"], Path(given["boundaries"]) if given["boundaries"] else None
    )
    real = [one for one in subjects if population_of(one.folder) != SYNTHETIC]
    if real:
        _of_persons(screen, subjects, given)
        return
    _write(screen, build(subjects), _folder(subjects, given, OWN), given)


def _folder(subjects: Sequence[Subject], given: dict[str, str], own: str) -> Path:
    """Return where the report goes: ``out``, else a folder of its own inside the first folder."""
    return Path(given["out"]) if given["out"] else subjects[0].folder / own


def _write(screen: Screen, document: Document, folder: Path, given: dict[str, str]) -> None:
    """Write the files and say what the answer is and where they are."""
    from experiments.report.document import Paragraph
    from experiments.report.said import sentence

    paths = write_report(document, folder, formats_of(given["format"]))
    screen.heading(Label(document.title, document.title))
    for block in document.blocks():
        if isinstance(block, Paragraph) and block.kind in ("asked", "lead"):
            text = sentence(block, document.lang)
            screen.line(Label(text, text))
    count = len(document.tables()), len(document.figures())
    screen.line(
        Label(
            f"{count[0]}张表，{count[1]}幅图。{document.standing}", f"{count[0]} tables, {count[1]} figures; {document.standing}"
        )
    )
    screen.files(paths)


# persons ---------------------------------------------------------------------------------------------------------


def _of_persons(screen: Screen, subjects: Sequence[Subject], given: dict[str, str]) -> None:
    """Make the report of runs of real persons: through the gate, or, taken down in the register, for a secure room.

    Raises:
        ScenarioError: if there is no register, or several folders.
    """
    from experiments.report.build import report as build

    _check_persons(subjects, given)
    subject = subjects[0]
    if not given["secure"].strip():
        _through_the_gate(screen, subject, given)
        return
    _take_down(subject, given)
    folder = _folder(subjects, given, "secure")
    _write(screen, build([subject]), folder, given)
    screen.line(
        Label(
            "含精确数字：仅限安全环境，不得公布；已登记。", "exact figures: for the secure room alone; the register took it down."
        )
    )


def _check_persons(subjects: Sequence[Subject], given: dict[str, str]) -> None:
    """Refuse what no gate can judge.

    Raises:
        ScenarioError: with every problem.
    """
    report = Report()
    if not given["register"]:
        hint = "register=released; one for all releases of the same persons"
        report.add("command line", "register", "missing; the population came from rows of persons", "a folder", hint)
    if len(subjects) > 1:
        report.add(
            "command line",
            "DIR",
            f"{len(subjects)} folders, one from rows of persons",
            "one such folder",
            "report each by itself",
        )
    report.stop()


def _counts(subject: Subject, unit: str) -> Counts:
    """Return the exact counts of a folder."""
    from experiments.disclosure_tables import counts_of_runs
    from experiments.store import Store

    return counts_of_runs(subject.stored.plan(), Store(subject.stored.root), unit)


def _through_the_gate(screen: Screen, subject: Subject, given: dict[str, str]) -> None:
    """Put the counts through the gate and write what it shows."""
    from experiments.disclosure_register import Register
    from experiments.disclosure_tables import release
    from experiments.report.guarded import guarded

    counts = _counts(subject, given["unit"])
    what = f"report of {subject.folder.name}"
    protected, _ = release(counts, Register(Path(given["register"])), what, subject.folder)
    _write(screen, guarded(subject, counts, protected), _folder([subject], given, "release"), given)
    screen.line(Label(f"登记于 {given['register']}", f"registered in {given['register']}"))


def _take_down(subject: Subject, given: dict[str, str]) -> None:
    """Write into the register who asks for exact figures, and why, before they are written."""
    from experiments.disclosure_register import Register

    register = Register(Path(given["register"]))
    with register.locked():
        register.entries()
        register.check_folder(subject.folder)
        what = f"report of {subject.folder.name}"
        register.append({"kind": "secure", "who": given["secure"], "why": given["why"], "what": what}, subject.folder)
