"""The words after ``fangpin run``: ``key=value`` in the grammar of Hydra's overrides, all mistakes told together."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.study import PERSON_LEVEL, POPULATIONS, SYNTHETIC, Study
from fangpin.request import Request
from fangpin.setwords import with_set
from fangpin.values import Refused, nearest, parse_axis, parse_value, whole_number
from scenarios.cell import SEPARATOR
from scenarios.problems import Problem
from scenarios.shipped import FILE_ENDINGS

KEYS = (
    "place", "policy", "set", "arms", "stress", "levers", "parameters", "population", "households", "months", "reps", "seed",
    "workers", "threads", "cluster", "out", "lang",
)  # fmt: skip
MAXIMUM_MONTHS = 120
MAXIMUM_SEED = 2**63 - 1
FOUNDERS = ".parquet"
"""Ending of a file of founders (`scenarios.founders`)."""

Change = Callable[[Request, Any], Request]
"""Takes one word's value into a request."""


def _is_path(name: str) -> bool:
    """Return whether a name is a file, or a county that a file lists (``mine.yaml/west``)."""
    return name.endswith(FILE_ENDINGS) or any(f"{ending}/" in name for ending in FILE_ENDINGS)


def _names(value: Any, known: Sequence[str]) -> tuple[str, ...]:
    """Return distinct known names.

    Raises:
        Refused: on an unknown or repeated name.
    """
    names = tuple(str(part) for part in (value if isinstance(value, list) else [value]))
    for name in names:
        if name not in known and not _is_path(name) and not _is_arm(name) and SEPARATOR not in name:
            raise Refused(", ".join(known) + ", or the path of a .yaml file", nearest(name, known))
    if len(set(names)) < len(names):
        raise Refused("each policy once", f"leave out the second {max(names, key=names.count)}")
    return names


def _is_arm(name: str) -> bool:
    """Return whether a name asks for an arm of a shipped set: ``premium_subsidy_exit/keep_full``."""
    from scenarios import sets

    return name.partition("/")[0] in sets() and "/" in name


def _texts(value: Any) -> tuple[str, ...]:
    """Return the texts of one value or a list."""
    return tuple(str(part) for part in (value if isinstance(value, list) else [value]))


def _files(value: Any) -> tuple[str, ...]:
    """Return paths of files of levers.

    Raises:
        Refused: on what is no path of a YAML file.
    """
    for path in _texts(value):
        if not path.endswith(FILE_ENDINGS):
            raise Refused("paths of .yaml files of levers, separated by commas", "levers=my-levers.yaml")
    return _texts(value)


def _parameters(value: Any) -> str:
    """Return where parameter draws come from.

    Raises:
        Refused: on a list, or what is neither ``priors`` nor ``posterior`` nor a file.
    """
    words, endings = ("priors", "posterior"), (*FILE_ENDINGS, ".parquet", ".csv")
    if isinstance(value, list) or not (value in words or str(value).endswith(endings)):
        allowed = "priors, posterior, a .yaml file of priors, or a .parquet or .csv table of draws"
        raise Refused(allowed, nearest(str(value), words) or "parameters=priors")
    return str(value)


def _population(request: Request, value: Any) -> Request:
    """Return the request with where the simulated persons come from: a word, or a file of founders that says so itself.

    Raises:
        Refused: on anything but `POPULATIONS` and files.
    """
    study = request.study
    if str(value).endswith(FOUNDERS):
        from scenarios.founders import describe
        from scenarios.problems import Report

        report = Report()
        about = describe(str(value), report)
        if report.problems:
            raise Refused(report.problems[0].allowed, report.problems[0].hint)
        kind = PERSON_LEVEL if about["person_level"] else SYNTHETIC
        return replace(request, study=replace(study, population=kind, founders=str(value)))
    if value not in POPULATIONS:
        raise Refused(f"{' or '.join(POPULATIONS)}, or a {FOUNDERS} file of founders", nearest(str(value), POPULATIONS))
    return replace(request, study=replace(study, population=str(value)))


def _one_set(value: Any) -> str:
    """Return the name of a set.

    Raises:
        Refused: on a list or an unknown name.
    """
    from scenarios import sets

    if isinstance(value, list):
        raise Refused("one set", "one set a command")
    if value not in sets() and not _is_path(str(value)):
        raise Refused(", ".join(sets()) + ", or the path of a .yaml file", nearest(str(value), sets()))
    return str(value)


def _ask(**changes: Callable[[Any], Any]) -> Change:
    """Return a change of one field of what is asked of a set."""
    ((name, read),) = changes.items()

    def change(request: Request, value: Any) -> Request:
        keys = (*request.asked.keys, name)
        return replace(request, asked=replace(request.asked, keys=keys, **{name: read(value)}))

    return change


def _one_name(value: Any, known: Sequence[str]) -> str:
    """Return one known name.

    Raises:
        Refused: on a list or an unknown name.
    """
    if isinstance(value, list):
        raise Refused("one of " + ", ".join(known), "one place a command")
    return _names(value, known)[0]


def place_names_of(text: str) -> tuple[str, ...]:
    """Return the places of an axis: ``nanyang,longyan``, or ``glob(*)`` for all shipped ones.

    Raises:
        Refused: if there are none, one twice, or one is not known.
    """
    from scenarios import places

    def matching(include: Sequence[str], exclude: Sequence[str]) -> list[str]:
        return [
            name
            for name in places()
            if any(fnmatch.fnmatchcase(name, one) for one in include)
            and not any(fnmatch.fnmatchcase(name, one) for one in exclude)
        ]

    names = parse_axis(text, matching)
    if not names:
        raise Refused("at least one place", "place=nanyang,longyan; `fangpin places` lists them")
    for name in names:
        if name not in (known := _known_places()) and not _is_path(name):
            raise Refused(", ".join(known) + ", or the path of a .yaml file", nearest(name, known))
    if len(set(names)) < len(names):
        raise Refused("each place once", f"leave out the second {max(names, key=names.count)}")
    return tuple(names)


def _language(value: Any) -> str:
    """Return ``zh`` or ``en``."""
    if value not in ("zh", "en"):
        raise Refused("zh or en")
    return str(value)


def _households(value: Any) -> int | None:
    """Return a number of households, or None for all."""
    return None if value == "all" else whole_number(value, 1, None, "or households=all")


def _study(**changes: Callable[[Any], Any]) -> Change:
    """Return a change of one field of the study."""
    ((name, read),) = changes.items()
    return lambda request, value: replace(request, study=replace(request.study, **{name: read(value)}))


def _workers(**changes: Callable[[Any], Any]) -> Change:
    """Return a change of one field of who makes the runs."""
    ((name, read),) = changes.items()
    return lambda request, value: replace(request, workers=replace(request.workers, **{name: read(value)}))


def _cluster(text: str) -> str:
    """Return ``local`` or the address of a scheduler.

    Raises:
        Refused: on anything else.
    """
    if text != "local" and not re.fullmatch(r"(tcp|tls)://[^\s/:]+:\d{1,5}", text):
        raise Refused(
            "local, or the address of a Dask scheduler, tcp://host:port or tls://host:port", "cluster=tcp://10.0.0.5:8786"
        )
    return text


def _known_places() -> list[str]:
    """Return the names of the places, and of the counties that they list."""
    from scenarios import counties, places

    listed = [county.name for place in places() for county in counties(place)]
    return list(dict.fromkeys((*places(), *listed)))


def _known_policies() -> list[str]:
    """Return the names of the policies."""
    from scenarios import policies

    return list(policies())


_CHANGES: dict[str, Change] = {
    "place": _study(place=lambda value: _one_name(value, _known_places())),
    "policy": _study(policies=lambda value: _names(value, _known_policies())),
    "households": _study(households=_households),
    "months": _study(
        months=lambda value: whole_number(value, 1, MAXIMUM_MONTHS, "the horizon begins in 2021-01 and may end in 2030-12")
    ),
    "reps": _study(replications=lambda value: whole_number(value, 1, None)),
    "seed": _study(seed=lambda value: whole_number(value, 0, MAXIMUM_SEED)),
    "parameters": _study(parameters=lambda value: _parameters(value)),
    "population": _population,
    "set": _ask(set_name=_one_set),
    "arms": _ask(arms=_texts),
    "stress": _ask(stress=_texts),
    "levers": _study(levers=_files),
    "threads": _workers(threads=lambda value: whole_number(value, 1, 1024)),
    "workers": _workers(jobs=lambda value: whole_number(value, 1, 1024)),
    "lang": lambda request, value: replace(request, lang=_language(value)),
}


def _read_word(request: Request, word: str, seen: set[str]) -> Request:
    """Return the request with one word taken in.

    Raises:
        Refused: if the word cannot be taken.
    """
    key, equals, text = word.partition("=")
    if not equals:
        raise Refused("key=value", f"write {key}=..." if key in KEYS else nearest(key, KEYS))
    if key in seen:
        raise Refused("each key once", f"leave out one of the two {key}=")
    seen.add(key)
    if key == "out":
        if not text:
            raise Refused("a folder", "out=results")
        return replace(request, out=Path(text))
    if key == "cluster":
        return replace(request, workers=replace(request.workers, cluster=_cluster(text)))
    if key == "policy" and SEPARATOR in text:
        # names of cells hold characters that Hydra's grammar keeps for itself, and no commas
        return _CHANGES[key](request, [part.strip(" '\"") for part in text.split(",")])
    if key in _CHANGES:
        return _CHANGES[key](request, parse_value(text))
    return _add_override(request, word)


def _add_override(request: Request, word: str) -> Request:
    """Return the request with a change of the scenario; whether it exists is the loader's to say.

    Raises:
        Refused: if the key has no dot, or the value is a list.
    """
    key, _, text = word.partition("=")
    if "." not in key:
        raise Refused(", ".join(KEYS) + ", or lever.field", nearest(key, KEYS))
    if isinstance(parse_value(text), list):
        raise Refused("one value", "run the command once for each value, each with its own out=")
    study = replace(request.study, overrides=(*request.study.overrides, word))
    return replace(request, study=study)


def _dates_after_the_end(study: Study) -> list[Problem]:
    """Return a problem for each change that is dated after the last simulated month: it would change nothing."""
    last = f"{study.last_month // 12}-{study.last_month % 12 + 1:02d}"
    problems = []
    for override in study.overrides:
        key, _, value = override.partition("=")
        month = key.partition("@")[2].strip()
        if re.fullmatch(r"\d{4}-\d{2}", month) and month > last:
            problems.append(Problem("command line", key, value, f"a month up to {last}, where this run ends", "raise months="))
    return problems


def read_words(words: Sequence[str], default: Request | None = None) -> tuple[Request, list[Problem]]:
    """Return what the words ask for, and every problem with them.

    Args:
        words: the words after ``fangpin run``.
        default: what holds where the words say nothing; that of ``fangpin run`` if none is given.
    """
    problems: list[Problem] = []
    request = default or Request()
    seen: set[str] = set()
    for word in words:
        try:
            request = _read_word(request, word, seen)
        except Refused as refused:
            key, equals, text = word.partition("=")
            problems.append(Problem("command line", key or word, text if equals else word, refused.allowed, refused.hint))
    request, more = with_set(request, seen)
    if request.study.founders and "households" in seen:
        given, hint = str(request.study.households), "grow another population for another size"
        more = [*more, Problem("command line", "households", given, "left out: population= decides the size", hint)]
    return request, [*problems, *more, *_dates_after_the_end(request.study)]
