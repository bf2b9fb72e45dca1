"""The command line: which command, what is wrong with it, and what happens in which order."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fangpin.exits import DONE, HELP_WORDS, INTERRUPTED, NOT_UNDERSTOOD, SOME_FAILED, refuse
from fangpin.making import exit_code, in_store, make_runs, prepare
from fangpin.texts import HELP, LIFE_HELP, RUN_HELP

if TYPE_CHECKING:
    from experiments.store import Store
    from experiments.study import Plan
    from fangpin.request import Request


def run_command(words: Sequence[str]) -> int:
    """Run one command and return its exit code.

    Args:
        words: the words after ``fangpin``.
    """
    if not words or words[0] in HELP_WORDS:
        print(HELP, end="")
        return DONE
    command = _COMMANDS.get(words[0])
    if command is None:
        return _unknown_command(words[0])
    from experiments.stopped import REFUSALS, Stopped, no_room
    from fangpin.persons import tell_of_persons

    try:
        code = command(words[1:])
        if code == DONE:
            tell_of_persons(words)
        return code
    except Stopped as stopped:
        return _stopped(words[0], stopped)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return _too_long(words[0], error)
        if error.errno not in REFUSALS:
            raise
        return _stopped(words[0], no_room(error))
    except KeyboardInterrupt:
        print("\nfangpin: interrupted; the same command continues where it stopped", file=sys.stderr)
        return INTERRUPTED


def _stopped(command: str, why: Exception) -> int:
    """Say why a command cannot go on."""
    print(f"fangpin {command}: stopped; what is finished is stored:\n  {why}", file=sys.stderr)
    return SOME_FAILED


def _too_long(command: str, error: OSError) -> int:
    """Say that a name is longer than the disk takes."""
    from scenarios.problems import one_line

    given = one_line(error.filename)
    print(f"fangpin {command}: {given}: longer than a file's name may be; allowed: a shorter name", file=sys.stderr)
    return NOT_UNDERSTOOD


def _unknown_command(word: str) -> int:
    """Say which commands there are."""
    import difflib

    from scenarios.problems import one_line

    near = difflib.get_close_matches(word, _COMMANDS, n=1) or (["run"] if "=" in word else [])
    hint = f"; did you mean `fangpin {near[0]}{' ' + one_line(word) if '=' in word else ''}`?" if near else ""
    print(f"fangpin: {one_line(word)}: no such command; allowed: {', '.join(_COMMANDS)}{hint}", file=sys.stderr)
    return NOT_UNDERSTOOD


def _version(words: Sequence[str]) -> int:
    """Print the version."""
    from fangpin import __version__

    print(f"fangpin {__version__}")
    return DONE


def _life(words: Sequence[str]) -> int:
    """Follow one family."""
    if not words or any(word in HELP_WORDS for word in words):
        print(LIFE_HELP, end="")
        return DONE if words else NOT_UNDERSTOOD
    from fangpin.life import run_life

    return run_life(words)


def _run(words: Sequence[str]) -> int:
    """Simulate, store, tell."""
    if any(word in HELP_WORDS for word in words):
        from fangpin.size import DEFAULT_HOUSEHOLDS

        print(RUN_HELP.format(households=DEFAULT_HOUSEHOLDS), end="")
        return DONE
    from fangpin.arguments import read_words

    request, problems = read_words(words)
    prepared = [prepare(one, problems) for one in request.by_case()]
    found = list({str(problem): problem for _, problems in prepared for problem in problems}.values())
    if found:
        return refuse(found)
    # studies of the same arms under different stresses, one after the other
    with request.workers.staying():
        return max(_carry_out(one, plan) for one, (plan, _) in zip(request.by_case(), prepared, strict=True) if plan)


def _carry_out(request: Request, plan: Plan) -> int:
    """Make the runs in the study's folder and tell what came out."""
    return in_store(request, plan, "run", lambda store: _make_and_tell(request, plan, store))


def _make_and_tell(request: Request, plan: Plan, store: Store) -> int:
    """Make what is missing, then tables and charts of what is complete."""
    from experiments.results import complete_replications
    from fangpin.telling import tell_failures, tell_results, tell_start

    tell_start(request, plan, store)
    tally = make_runs(request, plan, store)
    if complete_replications(plan, store):
        tell_results(request, plan, store)
    tell_failures(tally, store)
    return exit_code(tally)


def _looking_up(command: str) -> Callable[[Sequence[str]], int]:
    """Return a command that looks something up and simulates nothing."""

    def run(words: Sequence[str]) -> int:
        from fangpin.lookup import look_up

        return look_up(command, words)

    return run


def _shapley(words: Sequence[str]) -> int:
    """Share relapses out among their causes."""
    if any(word in HELP_WORDS for word in words):
        from fangpin.size import DEFAULT_HOUSEHOLDS
        from fangpin.texts import SHAPLEY_HELP

        print(SHAPLEY_HELP.format(households=DEFAULT_HOUSEHOLDS), end="")
        return DONE
    from fangpin.sharing import run_shapley

    return run_shapley(words)


def _of(module: str, name: str) -> Callable[[Sequence[str]], int]:
    """Return a command of another module, which is loaded when it is called."""

    def run(words: Sequence[str]) -> int:
        from importlib import import_module

        found: int = getattr(import_module(module), name)(words)
        return found

    return run


def _rerun(words: Sequence[str]) -> int:
    """Make one stored run again."""
    from fangpin.texts import RERUN_HELP

    if not words or any(word in HELP_WORDS for word in words):
        print(RERUN_HELP, end="")
        return DONE if words else NOT_UNDERSTOOD
    from fangpin.running import rerun

    return rerun(words)


_LOOKUPS = (
    "places",
    "policies",
    "sets",
    "groups",
    "levers",
    "explain",
    "coverage",
    "facts",
    "targets",
    "causes",
    "goal",
    "warning",
    "runs",
)
_COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": _run,
    "compare": _of("fangpin.comparing", "compare"),
    "marginal": _of("fangpin.margins", "marginal"),
    "sweep": _of("fangpin.sweeping", "sweep"),
    "forecast": _of("fangpin.forecasting", "forecast"),
    "score": _of("fangpin.scoring", "score"),
    "charts": _of("fangpin.picturing", "charts"),
    "sensitivity": _of("fangpin.sensing", "sensitivity"),
    "search": _of("fangpin.searching", "search"),
    "shapley": _shapley,
    "check": _of("fangpin.checking", "check"),
    "stress": _of("fangpin.stress", "run_stress"),
    **{command: _looking_up(command) for command in _LOOKUPS},
    "rerun": _rerun,
    "life": _life,
    "survey": _of("fangpin.surveying", "survey"),
    "grow": _of("fangpin.growing", "grow"),
    "calibrate": _of("fangpin.calibrating", "calibrate"),
    "odd": _of("fangpin.odd", "odd"),
    "validate": _of("fangpin.validating", "validate"),
    "dashboard": _of("fangpin.dashboard", "dashboard"),
    "release": _of("fangpin.releasing", "release"),
    "report": _of("fangpin.reporting", "report"),
    "version": _version,
}
