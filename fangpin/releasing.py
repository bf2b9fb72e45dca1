"""The command ``fangpin release``: tables of runs of real persons, through the disclosure gate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments.disclosure import BASE, UNITS, Counts
from experiments.labels import Label
from fangpin.exits import DONE, HELP_WORDS, refuse
from fangpin.screen import Screen
from fangpin.words import Words, read_words

HELP = """fangpin release DIR register=FOLDER [key=value ...] - make tables of runs of real persons fit to be published

  DIR                       a folder that `fangpin run ... population=person_level` wrote
  register=                 the folder of the register of all that was released of the same persons; made if it is not there
  unit=households           households or persons
  secure=                   name of who asks for exact tables, inside a secure room; the register takes it down
  why=                      with secure=: why
  lang=zh                   zh or en

Writes release/counts.csv into DIR: who was there and who fell, by year, policy, village, township, county and group. Nothing else
of such a folder may be published. Runs of a synthetic population need no gate. docs/disclosure.md says what the gate does.

Exit code: 0 done, 2 refused; nothing was written then.

example:
  fangpin release runs/ours register=released lang=en
"""
_KEYS = {"register": "", "unit": "households", "secure": "", "why": "", "lang": "zh"}


def release(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    if any(word in HELP_WORDS for word in words):
        print(HELP, end="")
        return DONE
    from experiments.stored import NoRuns
    from scenarios.problems import Problem, ScenarioError

    found = read_words(words, _KEYS, "DIR")
    _check(found)
    problems: Sequence[Problem] = found.problems
    try:
        if not problems:
            _release(found)
            return DONE
    except ScenarioError as error:
        problems = error.problems
    except NoRuns as error:
        problems = [Problem("command line", "DIR", str(error), "a folder with whole replications")]
    return refuse(problems, "release", ", nothing was released")


def _check(found: Words) -> None:
    """Note what is missing or does not fit."""
    from scenarios.problems import Problem, listing, nearest

    given = found.options

    def note(key: str, what: str, allowed: str, hint: str = "") -> None:
        found.problems.append(Problem("command line", key, what, allowed, hint))

    if not found.plain:
        note("DIR", "missing", "a folder that `fangpin run` wrote")
    if given["unit"] not in UNITS:
        note("unit", given["unit"], listing(UNITS), nearest(given["unit"], UNITS))
    if bool(given["secure"].strip()) != bool(given["why"].strip()):
        missing = "why" if given["secure"].strip() else "secure"
        note(missing, "missing", "both secure=WHO and why=REASON, or neither", "the register says who saw exact tables and why")


FREE = Label(
    "合成人口：不受披露限制，表格可直接公布。", "Synthetic population: free of disclosure limits; its tables may be published."
)


def _release(found: Words) -> None:
    """Release, or say that no gate is needed."""
    from experiments.disclosure_tables import counts_of_runs
    from experiments.persons import population_of
    from experiments.stored import reopen
    from experiments.study import SYNTHETIC
    from scenarios.problems import Report

    given, folder = found.options, Path(found.plain)
    plan, store = reopen(folder)
    if population_of(folder) == SYNTHETIC:
        Screen(given["lang"]).line(FREE)
        return
    report = Report()
    if not given["register"]:
        report.add(
            "command line", "register", "missing", "a folder", "register=released; one for all releases of the same persons"
        )
        report.stop()
    counts = counts_of_runs(plan, store, given["unit"])
    _through_the_gate(counts, folder, given) if not given["secure"].strip() else _inside(counts, folder, given)


def _through_the_gate(counts: Counts, folder: Path, given: dict[str, str]) -> None:
    """Write the tables and say what was hidden."""
    from experiments.disclosure_register import Register
    from experiments.disclosure_tables import release as put_through
    from experiments.store import write_whole

    protected, text = put_through(counts, Register(Path(given["register"])), folder.name, folder)
    path = write_whole(folder / "release" / "counts.csv", text, "utf-8-sig")
    screen = Screen(given["lang"])
    total = len(counts.cells) * (1 + len({year for year, _ in counts.fell}))
    screen.line(
        Label(
            f"共{total}格：{protected.primary}格因人数或户数不足隐去，另有{protected.added}格为防推算隐去；其余取整到{BASE}。",
            f"{total} cells: {protected.primary} hidden for too few persons or households, {protected.added} more so that those "
            f"cannot be worked out; the others are rounded to {BASE}.",
        )
    )
    screen.line(
        Label(f"可公布：{path}；登记于 {given['register']}", f"may be published: {path}; registered in {given['register']}")
    )


def _inside(counts: Counts, folder: Path, given: dict[str, str]) -> None:
    """Write exact tables for a secure room."""
    from experiments.disclosure_register import Register
    from experiments.disclosure_tables import write_exact

    path = write_exact(folder, counts, Register(Path(given["register"])), given["secure"], given["why"], folder.name)
    Screen(given["lang"]).line(
        Label(f"精确表（仅限安全环境，不得公布）：{path}", f"exact tables, for the secure room alone: {path}")
    )
