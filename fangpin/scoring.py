"""The command `fangpin score`: forecasts as of past months against what was then observed, and against naive rivals."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fangpin.exits import DONE, HELP_WORDS, NOT_UNDERSTOOD, refuse
from fangpin.making import exit_code, make_runs
from fangpin.scored import YEARS, Asked
from scenarios.cited import parse_month
from scenarios.problems import Problem

if TYPE_CHECKING:
    from experiments.fans import Forecast
    from fangpin.forecastwords import Wanted

OWN = ("asof", "lang", "out")


def score(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    from fangpin.texts import SCORE_HELP

    if any(word in HELP_WORDS for word in words):
        print(SCORE_HELP, end="")
        return DONE
    asked = read_score(words)
    problems = [*asked.problems, *_missing_package()]
    if problems:
        return refuse(problems, "score")
    return _score(asked)


def read_score(words: Sequence[str]) -> Asked:
    """Return what the words ask for, with every problem that can be seen without loading a scenario."""
    given = dict(word.split("=", 1) for word in words if "=" in word)
    folders = tuple(Path(word) for word in words if "=" not in word)
    common = tuple(word for word in words if "=" in word and word.partition("=")[0] not in OWN)
    problems = [
        Problem("command line", "DIR", str(folder), "a folder of `fangpin forecast` or a frozen forecast", "is the path right?")
        for folder in folders
        if not folder.is_dir()
    ]
    if folders and (common or "asof" in given):
        wrong = next(word for word in words if "=" in word and word.partition("=")[0] not in ("lang", "out"))
        problems.append(
            Problem("command line", wrong.partition("=")[0], wrong, "folders with lang= and out= alone", "leave it out")
        )
    lang = given.get("lang", "zh")
    if lang not in ("zh", "en"):
        problems.append(Problem("command line", "lang", lang, "zh or en"))
    asof = tuple(part.strip() for part in given["asof"].split(",")) if "asof" in given else YEARS
    problems += [
        Problem("command line", "asof", month or "nothing", "months such as 2022-12, separated by commas")
        for month in asof
        if parse_month(month) is None
    ]
    out = Path(given["out"]) if given.get("out") else None
    if not words or not (folders or common or "asof" in given):
        folders = (Path("runs"),) if Path("runs").is_dir() else ()
        if not folders:
            hint = "fangpin score place=national makes them first"
            problems.append(Problem("command line", "DIR", "nothing, and no folder runs", "frozen forecasts", hint))
    return Asked(folders, common, asof, lang, out, problems)


def _missing_package() -> list[Problem]:
    """Return a problem where the scores' package is not installed."""
    if importlib.util.find_spec("scoringrules"):
        return []
    hint = 'pip install "fangpin[calibration]"'
    return [Problem("this environment", "scoringrules", "missing", "the package scoringrules", hint)]


def _score(asked: Asked) -> int:
    """Read frozen forecasts, or make them, then score them and tell."""

    code = DONE
    if asked.folders:
        forecasts, problems = read_forecasts(asked.folders)
        if problems:
            return refuse(problems, "score")
    else:
        prepared, problems = _prepare(asked)
        if problems:
            return refuse(problems, "score")
        forecasts = []
        for one in prepared:
            made, failed = _make(*one)
            forecasts += made
            code = max(code, failed)
    if forecasts:
        from fangpin.score_telling import tell_score

        tell_score(asked, forecasts)
    return code


def read_forecasts(folders: Sequence[Path]) -> tuple[list[tuple[Path, Forecast, int]], list[Problem]]:
    """Return the frozen forecasts in folders with the month known to each, and the problems of those that cannot be read."""
    import json

    from experiments.frozen import TOLD, frozen_in, read_frozen

    found: list[tuple[str, tuple[Path, Forecast, int]]] = []
    problems = []
    for folder in folders:
        frozen = frozen_in(folder) or [one for part in sorted(folder.glob("*")) if part.is_dir() for one in frozen_in(part)]
        if not frozen:
            problems.append(Problem(str(folder), "DIR", "no frozen forecast", "a folder that `fangpin forecast` wrote"))
        for one in frozen:
            try:
                forecast = read_frozen(one)
                made = json.loads((one / TOLD).read_text(encoding="utf-8"))["made"]
                asof = forecast.asof if forecast.asof is not None else parse_month(made[:7])
                assert asof is not None
                found.append((made, (one, forecast, asof)))
            except (OSError, ValueError, KeyError, TypeError, AssertionError) as error:
                problems.append(Problem(str(one), "forecast", f"unreadable: {error}", "a frozen forecast as it was written"))
    # the latest first: it counts where several speak of one place as of one month
    return [one for _, one in sorted(found, key=lambda pair: pair[0], reverse=True)], problems


def _prepare(asked: Asked) -> tuple[list[tuple[Wanted, Any, Any]], list[Problem]]:
    """Return every forecast that is asked for with its plan, and all problems, each once."""
    from fangpin.forecasting import prepare_forecast

    prepared, problems = [], {}
    for month in asked.asof:
        wanted, plan, hindsight, found = prepare_forecast([*_words(asked), f"asof={month}"])
        problems.update({str(problem): problem for problem in found})
        prepared.append((wanted, plan, hindsight))
    return prepared, list(problems.values())


def _words(asked: Asked) -> list[str]:
    """Return the words of each forecast: of the policy in fact followed and of the series named beforehand."""
    from experiments.fans import series_ids
    from scenarios import observations
    from scenarios.scored import read_scored

    keys = {word.partition("=")[0] for word in asked.common}
    words = [*asked.common, f"lang={asked.lang}"]
    if "policy" not in keys:
        words.append("policy=documented")
    if "outcome" not in keys:
        there = series_ids(observations())
        words.append(f"outcome={','.join(one.id for one in read_scored().series if one.id in there)}")
    return words


def _make(wanted: Wanted, plan: Any, hindsight: Any) -> tuple[list[tuple[Path, Forecast, int]], int]:
    """Make the runs of a forecast that are missing, and freeze it; return it with its month, and the exit code."""
    from experiments.frozen import Clash, freeze
    from experiments.results import complete_replications
    from experiments.store import Store, StoreError
    from fangpin.forecasting import forecast_from
    from fangpin.hindsight import plan_to_tell, tell_hindsight
    from fangpin.screen import Screen
    from fangpin.telling import tell_failures, tell_start

    store = Store(wanted.request.folder)
    try:
        store.open(plan.study)
        with store.locked():
            store.sweep()
            told = plan_to_tell(plan, wanted, hindsight)
            tell_start(replace(wanted.request, study=told.study), told, store)
            tell_hindsight(Screen(wanted.request.lang), wanted, hindsight)
            tally = make_runs(wanted.request, plan, store)
            tell_failures(tally, store)
            if not complete_replications(plan, store):
                return [], exit_code(tally)
            made = forecast_from(wanted, plan, store)
            if not made.series or wanted.asof is None:
                return [], exit_code(tally)
            return [(freeze(made, plan, hindsight, store.root), made, wanted.asof)], exit_code(tally)
    except StoreError as error:
        return [], refuse([error.problem], "score")
    except Clash as error:
        print(f"fangpin score: {error}", file=sys.stderr)
        return [], NOT_UNDERSTOOD
