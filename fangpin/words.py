"""The words after a command that looks up or works on a folder: options, one plain word, what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenarios.problems import Problem


@dataclass
class Words:
    """What stands after a command: its options, the one plain word, and what is wrong with them."""

    options: dict[str, str]
    plain: str = ""
    problems: list[Problem] = field(default_factory=list)


def read_words(words: Sequence[str], keys: dict[str, str], plain: str = "") -> Words:
    """Return what the words say.

    Args:
        words: the words after the command.
        keys: allowed keys with their defaults.
        plain: what the one word without ``=`` is; empty where there is none.
    """
    from scenarios.problems import Problem, listing, nearest

    found = Words(dict(keys))
    allowed = listing(f"{key}=" for key in keys)
    for word in words:
        key, equals, text = word.partition("=")
        if not equals and plain and not found.plain:
            found.plain = word
        elif not equals or not text:
            found.problems.append(Problem("command line", word, "not key=value", allowed, nearest(key, keys)))
        elif key not in keys:
            found.problems.append(Problem("command line", key, "an unknown key", allowed, nearest(key, keys)))
        elif key == "all" and text not in ("yes", "no"):
            found.problems.append(Problem("command line", key, text, "yes or no"))
        elif key == "lang" and text not in ("zh", "en"):
            found.problems.append(Problem("command line", key, text, "zh or en"))
        else:
            found.options[key] = text
    return found


def results_folder(words: Words, place: str = "") -> Path:
    """Return the folder that the words name, or the newest with results under ``runs``.

    Args:
        words: what stands after the command.
        place: whose results are wanted where no folder is named; any place's if empty.

    Raises:
        FileNotFoundError: if none is named and there is none.
    """
    folder = Path(words.plain) if words.plain else newest_results(place)
    if folder is None:
        raise FileNotFoundError("no results under runs/; allowed: a folder that `fangpin run` wrote, or run it first")
    return folder


def newest_results(place: str, root: Path = Path("runs")) -> Path | None:
    """Return the folder under ``runs`` whose comparison is newest, of one place where one is named; None when there is none."""
    found = [path for path in root.glob("*/tables/facts.csv") if place in ("", path.parent.parent.name)]
    newest = max(found, key=lambda path: path.stat().st_mtime, default=None)
    return newest.parent.parent if newest else None
