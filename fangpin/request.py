"""What the user asked for: a study, who makes its runs, and the scenario set whose arms and stresses it takes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.study import Study
from experiments.workers import Workers
from fangpin.size import DEFAULT_HOUSEHOLDS
from scenarios.shipped import FILE_ENDINGS

if TYPE_CHECKING:
    from scenarios import ScenarioSet

NO_STRESS = "baseline"
"""Folder of the study without stress, beside those with."""


@dataclass(frozen=True)
class Asked:
    """What is asked for of a scenario set.

    Attributes:
        set_name: a shipped set, or the path of a file; empty where none is run.
        arms: names of arms, or of those that a list unfolds into several; empty for all.
        stress: names of stresses, or one of `STRESS_WORDS`; empty for what the set says.
        keys: the words given, so that they are refused without a set.
        scenario_set: the set, once read.
        cases: stresses that act together, one tuple for each study that is made.
        case: the folder of one of several such studies; empty where there is one.
    """

    set_name: str = ""
    arms: tuple[str, ...] = ()
    stress: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    scenario_set: ScenarioSet | None = None
    cases: tuple[tuple[str, ...], ...] = ()
    case: str = ""


@dataclass(frozen=True)
class Request:
    """What the user asked for.

    Attributes:
        study: the comparison.
        workers: who makes the runs: how many at a time, with how many threads, here or on a cluster.
        out: the folder for results.
        lang: language of tables and charts, ``zh`` or ``en``.
        asked: the scenario set that is run, its arms and stresses as given; empty without a set.
    """

    study: Study = field(default_factory=lambda: Study(households=DEFAULT_HOUSEHOLDS))
    workers: Workers = field(default_factory=Workers)
    out: Path | None = None
    lang: str = "zh"
    asked: Asked = field(default_factory=Asked)

    @property
    def folder(self) -> Path:
        """The folder for results: ``out``, or ``runs/<place>``, or ``runs/<set>-<place>``, under the current folder."""
        parts = [folder_of(name) for name in (self.asked.set_name, self.study.place) if name]
        return (self.out or Path("runs") / "-".join(parts)) / self.asked.case

    def by_case(self) -> list[Request]:
        """Return one request for each study to make: one for each group of stresses that act together."""
        cases = self.asked.cases
        if len(cases) < 2:
            return [self]
        return [
            replace(
                self,
                study=replace(self.study, stress=tuple(f"{self.asked.set_name}/{part}" for part in case)),
                asked=replace(self.asked, case="+".join(case) or NO_STRESS),
            )
            for case in cases
        ]


def folder_of(name: str) -> str:
    """Return what the folder of a place, a set or a policy is called: a file by its stem, a part of a whole with a dash."""
    return Path(name).stem if name.endswith(FILE_ENDINGS) else name.replace("/", "-")
