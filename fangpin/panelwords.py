"""The words of commands that work on a researcher's panel: where it is, how it is read, and for which county."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fangpin.arguments import read_words
from fangpin.request import Request
from scenarios.problems import Problem, ScenarioError, listing, nearest

TAKEN = ("place", "policy", "households", "seed", "workers", "threads", "cluster", "levers", "out", "lang")
"""Keys that mean what they mean to `fangpin run`."""


def read_panel_words(
    words: Sequence[str], own: Mapping[str, str], households: int
) -> tuple[Request, dict[str, str], list[Problem]]:
    """Return what the words ask for of a run, the command's own words, and what is wrong with either.

    Args:
        words: the words after the command.
        own: its own keys with what they are by default; ``data`` and ``codebook`` among them.
        households: rural households of the county by default.
    """
    from experiments.study import Study

    problems: list[Problem] = []
    options, common, allowed = dict(own), [], (*own, *TAKEN)
    for word in words:
        key, equals, text = word.partition("=")
        if key in own and equals and text:
            options[key] = text
        elif key in own:
            problems.append(Problem("command line", key, "nothing", f"{key}=value"))
        elif key in TAKEN or "." in key.partition("@")[0]:
            common.append(word)
        else:
            problems.append(Problem("command line", key, "an unknown key", listing(allowed, 40), nearest(key, allowed)))
    usual = Request(study=Study(policies=("documented",), households=households, months=0, replications=1))
    request, more = read_words(common, usual)
    if len(request.study.policies) > 1:
        more.append(Problem("command line", "policy", ",".join(request.study.policies), "one policy: what was in force"))
    return request, options, problems + more + _missing(options)


def _missing(options: Mapping[str, str]) -> list[Problem]:
    """Return a problem for each word without which there is no panel."""
    from calibration.codebook import codebooks

    problems = []
    if not options["data"]:
        problems.append(Problem("command line", "data", "missing", "a file, or a folder with the files of all waves"))
    if not options["codebook"]:
        allowed = ", ".join(codebooks()) + ", or the path of a .yaml file"
        problems.append(Problem("command line", "codebook", "missing", allowed, "codebook=cfps"))
    return problems


def not_a_county(place: str) -> list[Problem]:
    """Return a problem for a place that lists counties: a panel of several is no panel of one."""
    from scenarios import counties, lists_counties

    try:
        if not lists_counties(place):
            return []
    except ScenarioError:
        return []  # told by who loads it
    names = ", ".join(county.name for county in counties(place))
    return [Problem("command line", "place", place, "a place that is one county", f"one of {names}")]
