"""The commands that look up and simulate nothing: places, policies, levers, explain, coverage, facts, targets, goal, warning."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from fangpin.exits import DONE, HELP_WORDS, NOT_UNDERSTOOD, refuse
from fangpin.words import Words, newest_results, read_words, results_folder


def look_up(command: str, words: Sequence[str]) -> int:
    """Run one command that looks something up and return its exit code."""
    from fangpin.texts import LOOKUP_HELP

    if any(word in HELP_WORDS for word in words):
        print(LOOKUP_HELP[command], end="")
        return DONE
    keys, plain, show = _COMMANDS[command]
    found = read_words(words, keys, plain)
    if plain == "NAME" and not found.plain and not found.problems:
        from scenarios.problems import Problem

        allowed = "a lever, an entry, entry.field, values.<name> or tables.<name>"
        found.problems.append(Problem("command line", "name", "missing", allowed, "fangpin explain dibao"))
    return refuse(found.problems, command, "") if found.problems else _attempt(command, show, found)


def _attempt(command: str, show: Callable[[Words], None], found: Words) -> int:
    """Show it, or say what is wrong."""
    from experiments.stopped import OtherVersion
    from scenarios.problems import ScenarioError

    try:
        show(found)
    except ScenarioError as error:
        return refuse(error.problems, command, "")
    except (FileNotFoundError, OtherVersion) as error:
        print(f"fangpin {command}: {error}", file=sys.stderr)
        return NOT_UNDERSTOOD
    return DONE


def _places(words: Words) -> None:
    """Print the places."""
    from fangpin.entries import places
    from fangpin.showing import show_places

    show_places(places(), words.options["lang"])


def _policies(words: Words) -> None:
    """Print the policies."""
    from fangpin.entries import policies
    from fangpin.showing import show_policies

    show_policies(policies(), words.options["lang"])


def _sets(words: Words) -> None:
    """Print the scenario sets, or one of them."""
    from fangpin.asked import show_sets
    from scenarios import open_set, sets

    show_sets([open_set(name) for name in ([words.plain] if words.plain else sets())], words.options["lang"])


def _groups(words: Words) -> None:
    """Print the config groups, or the options of one."""
    from fangpin.asked import show_group, show_groups
    from scenarios.group import groups, open_group
    from scenarios.problems import Report

    report = Report()
    found = [open_group(name, report) for name in ([words.plain] if words.plain else groups())]
    report.stop()
    known = [group for group in found if group is not None]
    show_group(known[0], words.options["lang"]) if words.plain else show_groups(known, words.options["lang"])


def _levers(words: Words) -> None:
    """Print the levers."""
    from fangpin.entries import levers
    from fangpin.leverbook import show_levers

    given = words.options
    chosen = {key: given[key] for key in ("group", "grade", "kind", "mechanism")}
    show_levers(levers(given["place"], given["policy"], **chosen, levers=_files(given)), given["place"], given["lang"])


def _files(given: dict[str, str]) -> list[str]:
    """Return the files of levers of one's own."""
    return [name for name in given["levers"].split(",") if name]


def _explain(words: Words) -> None:
    """Print what stands behind a lever, an entry or a value."""
    from fangpin.entries import explain
    from fangpin.leverbook import show_lever
    from fangpin.showing import show_explanation

    given = words.options
    said = explain(words.plain, given["place"], given["policy"], levers=_files(given))
    show = show_lever if said["kind"] == "lever" else show_explanation
    show(said, given["place"], given["policy"], given["lang"])


def _coverage(words: Words) -> None:
    """Print what stands behind the clauses of a plan."""
    from fangpin.entries import coverage
    from fangpin.leverbook import show_coverage

    show_coverage(coverage(words.options["place"]), words.options["lang"])


def _facts(words: Words) -> None:
    """Print the observed figures, beside those of a folder, of the newest folder of runs, or alone."""
    from fangpin.entries import facts
    from fangpin.showing import show_facts

    folder = Path(words.plain) if words.plain else newest_results(words.options["place"])
    show_facts(facts(folder), folder, words.options["lang"])


def _targets(words: Words) -> None:
    """Judge the runs of a folder, or of the newest one, by the targets of a plan."""
    from fangpin.targeting import judged, show_targets, write_targets

    given = words.options
    folder = results_folder(words, given["place"])
    found = judged(folder, given["plan"], given["all"] == "yes")
    show_targets(found, folder, write_targets(folder, found), given["lang"])


def _goal(words: Words) -> None:
    """Say how likely the runs of a folder, or of the newest one, hold the goal."""
    from fangpin.goal import tell_goal

    given = words.options
    tell_goal(results_folder(words, given["place"]), given["thresholds"], given["definition"], given["lang"])


def _warning(words: Words) -> None:
    """Say how soon households at risk are found in the runs of a folder, or of the newest one."""
    from fangpin.warning import tell_warning

    tell_warning(results_folder(words, words.options["place"]), words.options["lang"])


def _runs(words: Words) -> None:
    """Print what a folder of runs holds."""
    from fangpin.beside import studies_in
    from fangpin.running import show_runs

    folder = Path(words.plain) if words.plain else newest_runs()
    if folder is None:
        raise FileNotFoundError("no runs under runs/; allowed: a folder that `fangpin run` or `fangpin sweep` wrote")
    for one in studies_in(folder) or [folder]:
        show_runs(one, words.options["lang"], words.options["all"] == "yes")


def newest_runs(root: Path = Path("runs")) -> Path | None:
    """Return the folder under ``runs`` that was asked for runs last, or None when there is none."""
    from experiments.wanted import NAME

    newest = max(root.glob(f"**/{NAME}"), key=lambda path: path.stat().st_mtime, default=None)
    return newest.parent if newest else None


def _causes(words: Words) -> None:
    """Print why households fell, by the runs of a folder or of the newest one."""
    from fangpin.causing import show_causes

    show_causes(words)


_SCENARIO = {"place": "nanyang", "policy": "documented", "levers": ""}

CAUSES_KEYS = {
    "place": "", "definition": "net", "group": "ex_poor", "least": "200", "most": "8", "household": "", "policy": "", "rep": "1",
    "lang": "zh",
}  # fmt: skip

_COMMANDS: dict[str, tuple[dict[str, str], str, Callable[[Words], None]]] = {
    "places": ({"lang": "zh"}, "", _places),
    "policies": ({"lang": "zh"}, "", _policies),
    "sets": ({"lang": "zh"}, "SET", _sets),
    "groups": ({"lang": "zh"}, "GROUP", _groups),
    "levers": ({**_SCENARIO, "group": "", "grade": "", "kind": "", "mechanism": "", "lang": "zh"}, "", _levers),
    "explain": ({**_SCENARIO, "lang": "zh"}, "NAME", _explain),
    "coverage": ({"place": "", "lang": "zh"}, "", _coverage),
    "facts": ({"place": "", "lang": "zh"}, "DIR", _facts),
    "goal": ({"place": "", "thresholds": "0.5,1,2,3,5", "definition": "", "lang": "zh"}, "DIR", _goal),
    "warning": ({"place": "", "lang": "zh"}, "DIR", _warning),
    "runs": ({"all": "no", "lang": "zh"}, "DIR", _runs),
    "targets": ({"place": "", "plan": "", "all": "no", "lang": "zh"}, "DIR", _targets),
    "causes": (CAUSES_KEYS, "DIR", _causes),
}
