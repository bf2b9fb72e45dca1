"""What a command says at its end where rows of real persons stand behind what it told."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

OWN_WORDS = ("release", "report", "survey", "grow", "calibrate")
"""Commands that say themselves what may leave."""


def tell_of_persons(words: Sequence[str]) -> None:
    """Say that nothing of it may be published, where a command read or wrote runs of real persons.

    Args:
        words: the command and its words.
    """
    if words[0] in OWN_WORDS or any(word in ("--help", "-h", "help") for word in words):
        return
    values = [word.partition("=")[2] if word.startswith(("out=", "population=")) else word for word in words[1:]]
    if any(map(_of_persons, values)):
        from experiments.unpublished import NOTICE

        print(NOTICE.en if "lang=en" in words else NOTICE.zh)


def _of_persons(value: str) -> bool:
    """Return whether a word names rows of persons: the kind of population, a file of founders, or a folder of runs."""
    from experiments.study import PERSON_LEVEL

    if value == PERSON_LEVEL:
        return True
    if value.endswith(".parquet"):
        from scenarios.founders import describe
        from scenarios.problems import Report

        report = Report()
        about = describe(value, report)
        return not report.problems and bool(about["person_level"])
    from experiments.persons import population_of

    folder = Path(value)
    with suppress(OSError):
        return (folder / "study.json").is_file() and population_of(folder) == PERSON_LEVEL
    return False
