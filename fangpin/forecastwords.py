"""The words after ``fangpin forecast``: those of ``fangpin run``, groups as in sweeps, and horizon, extend, asof, outcome."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from experiments.asof import INPUTS
from experiments.sweep import cell_names
from fangpin.arguments import KEYS, MAXIMUM_MONTHS, read_words
from fangpin.axes import read_axes
from fangpin.request import Request
from fangpin.values import Refused, nearest
from scenarios.cell import SEPARATOR
from scenarios.cited import parse_month, show_month
from scenarios.problems import Problem, Report
from sim.rules import month_index

FORECAST_KEYS = ("horizon", "extend", "asof", "inputs", "outcome")
NOT_HERE = {
    "months": "horizon=2021-2025, and extend=2030 to look further",
    "set": "an arm as an option: premium_subsidy_exit=keep_full",
    "arms": "an arm as an option: premium_subsidy_exit=keep_full",
}
FIRST_YEAR, LAST_YEAR = 2021, 2020 + MAXIMUM_MONTHS // 12
REPS = 20
"""Repetitions where nothing is said: with fewer the ends of a 90% band are single draws."""
NO_DRAWS = "none"
"""Word of ``parameters=`` that leaves every replication the scenario's own values."""
_HORIZON = re.compile(r"(?P<first>\d{4})(?:-(?P<last>\d{4}))?\Z")


@dataclass(frozen=True)
class Wanted:
    """What a forecast is asked for.

    Attributes:
        request: as for ``fangpin run``; its study has every cell as a policy.
        horizon: first and last year.
        extend: last year simulated, where it is after the horizon.
        asof: last month of which something is known; None to hide nothing.
        inputs: what becomes of inputs after that month, one of `experiments.asof.INPUTS`.
        outcomes: ids of series; empty for the default ones.
    """

    request: Request = field(default_factory=Request)
    horizon: tuple[int, int] = (2021, 2025)
    extend: int | None = None
    asof: int | None = None
    inputs: str = INPUTS[0]
    outcomes: tuple[str, ...] = ()

    @property
    def last_year(self) -> int:
        """The last year simulated."""
        return self.extend or self.horizon[1]


def read_forecast(words: Sequence[str]) -> tuple[Wanted, list[Problem]]:
    """Return what the words ask for, and every problem with them.

    Args:
        words: the words after ``fangpin forecast``.
    """
    problems: list[Problem] = []
    own = [word for word in words if word.partition("=")[0] in FORECAST_KEYS]
    refused = [word for word in words if word.partition("=")[0] in NOT_HERE]
    common = [word for word in words if word not in refused and (word.partition("=")[0] in KEYS or "=" not in word)]
    varied = [word for word in words if word not in (*own, *common, *refused)]
    for word in refused:
        key, _, text = word.partition("=")
        problems.append(Problem("command line", key, text, "no word of a forecast", NOT_HERE[key]))
    request, more = read_words(
        [_plain_word(word, problems) for word in common if word != f"parameters={NO_DRAWS}"], _default(words)
    )
    wanted = _own_words(Wanted(request), own, problems)
    axes, fixed = read_axes(varied, problems, FORECAST_KEYS)
    study = wanted.request.study
    names = study.policies + cell_names(study.policies[:1], axes) if axes else study.policies
    months = 12 * (wanted.last_year - FIRST_YEAR + 1)
    study = replace(study, policies=tuple(dict.fromkeys(names)), overrides=(*study.overrides, *fixed), months=months)
    return replace(wanted, request=_in_folder(replace(wanted.request, study=study), wanted)), [*problems, *more]


def _default(words: Sequence[str]) -> Request:
    """Return what holds where nothing is said: parameters are drawn, for a forecast that leaves them out is too sure."""
    default = Request()
    drawn = "" if f"parameters={NO_DRAWS}" in words else "priors"
    return replace(default, study=replace(default.study, replications=REPS, parameters=drawn))


def _in_folder(request: Request, wanted: Wanted) -> Request:
    """Return the request with a folder of its own for each month of knowledge and what becomes of inputs after it."""
    if request.out is not None:
        return request
    known = "" if wanted.asof is None else f"-asof-{show_month(wanted.asof)}"
    known += "" if wanted.inputs == INPUTS[0] else f"-{wanted.inputs}"
    return replace(request, out=Path("runs") / f"forecast-{request.folder.name}{known}")


def _plain_word(word: str, problems: list[Problem]) -> str:
    """Return a word of ``fangpin run``: in ``policy=`` options of groups become cells on the first policy named."""
    key, _, text = word.partition("=")
    if key != "policy":
        return word
    parts = [part.strip(" '\"") for part in text.split(",")]
    base = next((part for part in parts if SEPARATOR not in part and _is_policy(part)), "documented")
    cells = [_cell(part, base, problems) for part in parts]
    return f"policy={','.join(cells)}"


def _is_policy(name: str) -> bool:
    """Return whether a name is a shipped policy, or stands for a file or an arm."""
    from scenarios import policies

    return name in policies() or "/" in name or name.endswith((".yaml", ".yml"))


def _cell(part: str, base: str, problems: list[Problem]) -> str:
    """Return a part of ``policy=`` as a policy: ``linear``, if one group alone has that option, becomes ``premium=linear``."""
    if SEPARATOR in part or _is_policy(part):
        return part
    if "=" in part:
        return f"{base}{SEPARATOR}{part}"
    having = groups_with(part)
    if len(having) == 1:
        return f"{base}{SEPARATOR}{having[0]}={part}"
    if having:
        allowed = " or ".join(f"{group}={part}" for group in having)
        problems.append(Problem("command line", "policy", f"'{part}', an option of several groups", allowed, "name the group"))
        return base
    return part


def groups_with(option: str) -> tuple[str, ...]:
    """Return the shipped groups that have an option."""
    from scenarios.group import open_group
    from scenarios.shipped import shipped

    report = Report()
    found = [open_group(name, report) for name in shipped("groups")]
    return tuple(group.id for group in found if group is not None and option in group.options)


def _own_words(wanted: Wanted, words: Sequence[str], problems: list[Problem]) -> Wanted:
    """Return what is wanted with a forecast's own words taken in."""
    seen: set[str] = set()
    for word in words:
        key, _, text = word.partition("=")
        try:
            if key in seen:
                raise Refused("each key once", f"leave out one of the two {key}=")
            seen.add(key)
            wanted = _READ[key](wanted, text)
        except Refused as refused:
            problems.append(Problem("command line", key, text or "nothing", refused.allowed, refused.hint))
    if wanted.extend is not None and wanted.extend <= wanted.horizon[1]:
        given = f"{wanted.extend}, within the horizon"
        problems.append(Problem("command line", "extend", given, f"a year from {wanted.horizon[1] + 1} to {LAST_YEAR}"))
    if wanted.asof is None and "inputs" in seen:
        problems.append(Problem("command line", "inputs", wanted.inputs, "a hindcast", "asof=2022-12"))
    if wanted.asof is not None and wanted.asof >= month_index(wanted.last_year, 12):
        given = f"{show_month(wanted.asof)}, when everything has happened"
        problems.append(Problem("command line", "asof", given, f"a month before {wanted.last_year}-12"))
    return wanted


def _horizon(wanted: Wanted, text: str) -> Wanted:
    """Take in the years of the forecast."""
    match = _HORIZON.match(text)
    first, last = (int(match["first"]), int(match["last"] or match["first"])) if match else (0, 0)
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        raise Refused(f"two years from {FIRST_YEAR} to {LAST_YEAR}, the earlier first", "horizon=2021-2025")
    return replace(wanted, horizon=(first, last))


def _extend(wanted: Wanted, text: str) -> Wanted:
    """Take in the last year simulated."""
    if not text.isdigit() or not FIRST_YEAR < int(text) <= LAST_YEAR:
        raise Refused(f"a year after the horizon, up to {LAST_YEAR}", "extend=2027")
    return replace(wanted, extend=int(text))


def _asof(wanted: Wanted, text: str) -> Wanted:
    """Take in the last month of which something is known: none that is yet to come."""
    month, now = parse_month(text), date.today()
    last = min(month_index(LAST_YEAR, 11), month_index(now.year, now.month))
    if month is None or not month_index(2020, 12) <= month <= last:
        raise Refused(f"a month from 2020-12 to {show_month(last)}", "asof=2022-12")
    return replace(wanted, asof=month)


def _inputs(wanted: Wanted, text: str) -> Wanted:
    """Take in what becomes of inputs after the month of a hindcast."""
    if text not in INPUTS:
        raise Refused(" or ".join(INPUTS), nearest(text, INPUTS))
    return replace(wanted, inputs=text)


def _outcome(wanted: Wanted, text: str) -> Wanted:
    """Take in what is forecast."""
    from experiments.fans import series_ids
    from scenarios import observations

    known = series_ids(observations())
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise Refused(", ".join(known), nearest(unknown[0], known) if unknown else "outcome=relapse_net")
    return replace(wanted, outcomes=tuple(dict.fromkeys(names)))


_READ = {"horizon": _horizon, "extend": _extend, "asof": _asof, "inputs": _inputs, "outcome": _outcome}
