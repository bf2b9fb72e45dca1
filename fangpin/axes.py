"""The words after ``fangpin sweep``: those of ``fangpin run``, and axes in the grammar of Hydra's overrides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from experiments.sweep import MOST_CELLS, Axis, cell_names, count_cells, find_cell, quantity_named
from fangpin.arguments import KEYS, place_names_of, read_words
from fangpin.beside import folder_of
from fangpin.request import Request
from fangpin.values import Refused, nearest, parse_axis, whole_number
from scenarios.problems import Problem, Report
from scenarios.shipped import FILE_ENDINGS

SWEEP_KEYS = ("precision", "outcome", "most", "base")
NOT_HERE = {
    "set": "the set as a group: premium_subsidy_exit=keep_full,linear_to_zero",
    "arms": "arms of a set as options of a group",
}
_PRECISION = re.compile(r"(?P<number>[0-9]*\.?[0-9]+)\s*(?P<unit>pp|%)?\Z")


@dataclass(frozen=True)
class SweepRequest:
    """What a sweep is asked for.

    Attributes:
        request: as for ``fangpin run``; its study has every cell as a policy.
        places: the places that the cells are run in; a study each.
        axes: what is varied, besides the policy.
        outcome: id of the quantity that tables, chart and precision are about.
        precision: half of the widest paired interval wanted, in the outcome's unit; None to make ``reps`` replications.
        most: replications that are never exceeded.
    """

    request: Request = field(default_factory=Request)
    places: tuple[str, ...] = ()
    axes: tuple[Axis, ...] = ()
    outcome: str = "relapse_net"
    precision: float | None = None
    most: int = 200

    @property
    def folder(self) -> Path:
        """The folder of the sweep: ``out``, or ``runs/sweep-<places>``; of several places each has a folder within it."""
        if self.request.out:
            return self.request.out
        # of one place the folder's usual name, whatever the place's file is called
        name = self.request.folder.name if len(self.places) < 2 else "-".join(folder_of(place) for place in self.places)
        return Path("runs") / f"sweep-{name}"

    def by_place(self) -> list[SweepRequest]:
        """Return a sweep of one place each, with its folder."""
        if len(self.places) < 2:
            return [replace(self, request=replace(self.request, out=self.folder))]
        study = self.request.study
        return [
            replace(
                self,
                places=(place,),
                request=replace(self.request, study=replace(study, place=place), out=self.folder / folder_of(place)),
            )
            for place in self.places
        ]


def read_sweep(words: Sequence[str], default: Request) -> tuple[SweepRequest, list[Problem]]:
    """Return what the words ask for, and every problem with them.

    Args:
        words: the words after ``fangpin sweep``: ``key=value``, or a .yaml file of such words.
        default: what holds where the words say nothing.
    """
    problems: list[Problem] = []
    places, words = _places(_spread(words, problems), problems)
    own = [word for word in words if word.partition("=")[0] in SWEEP_KEYS]
    common = [word for word in words if word.partition("=")[0] in KEYS or "=" not in word]
    varied = [word for word in words if word not in own and word not in common]
    for word in [word for word in common if word.partition("=")[0] in NOT_HERE]:
        key, _, text = word.partition("=")
        problems.append(Problem("command line", key, text, "no word of a sweep", NOT_HERE[key]))
    request, more = read_words([word for word in common if word.partition("=")[0] not in NOT_HERE], default)
    axes, fixed = read_axes(varied, problems)
    found = SweepRequest(_with_cells(request, axes, fixed, problems), places or (request.study.place,), axes)
    for word in own:
        found = _own_word(found, word, problems)
    if found.precision is not None and any(word.startswith("reps=") for word in words):
        problems.append(Problem("command line", "reps", "with precision=", "one of the two", "most= limits the replications"))
    return found, [*problems, *more]


def _places(words: Sequence[str], problems: list[Problem]) -> tuple[tuple[str, ...], list[str]]:
    """Return the places of an axis of several, and the words with the first of them alone; no places where there is one."""
    found: tuple[str, ...] = ()
    rest = []
    for word in words:
        key, _, text = word.partition("=")
        if key == "place" and not found:
            try:
                found = place_names_of(text)
                word = f"place={found[0]}" if found else word
            except Refused as refused:
                problems.append(Problem("command line", key, text or "nothing", refused.allowed, refused.hint))
                continue
        rest.append(word)
    return (found if len(found) > 1 else ()), rest


def _spread(words: Sequence[str], problems: list[Problem]) -> list[str]:
    """Return the words with those of files in their place; words on the command line count instead of a file's."""
    given = {word.partition("=")[0] for word in words}
    found: list[str] = []
    for word in words:
        if "=" in word or not word.endswith(FILE_ENDINGS):
            found.append(word)
        else:
            found += [one for one in _of_file(word, problems) if one.partition("=")[0] not in given]
    return found


def _of_file(path: str, problems: list[Problem]) -> list[str]:
    """Return the words of a file: a mapping of keys to a value or a list of values."""
    from scenarios import ScenarioError
    from scenarios.schema import Reader
    from scenarios.settings import plain
    from scenarios.yamlfile import read_yaml

    report = Report()
    try:
        node = read_yaml(Path(path), path)
    except ScenarioError as error:
        problems += error.problems
        return []
    content = node.value if isinstance(node.value, dict) else {}
    if not content:
        report.add(node.where, "", "no mapping", "key: value, or key: [value, value]")
    words = []
    for key, child in Reader(node, "", tuple(content), report).content.items():
        items = child.value if isinstance(child.value, list) else [child]
        if any(isinstance(item.value, dict | list) for item in items):
            report.add(child.where, key, "a mapping", "a value or a list of values")
            continue
        words.append(f"{key}={','.join(plain(item.value) for item in items)}")
    problems += report.problems
    return words


def read_axes(
    words: Sequence[str], problems: list[Problem], own: Sequence[str] = SWEEP_KEYS
) -> tuple[tuple[Axis, ...], tuple[str, ...]]:
    """Return the axes, and the changes by hand that have one value: they hold for every cell.

    Args:
        words: what may vary.
        problems: takes what is wrong.
        own: keys of the command itself, for the message about an unknown one.
    """
    axes: dict[str, Axis] = {}
    fixed: list[str] = []
    for word in words:
        key, _, text = word.partition("=")
        try:
            values = _values(key, text, own)
            if key in axes or any(one.startswith(f"{key}=") for one in fixed):
                raise Refused("each key once", f"leave out one of the two {key}=")
        except Refused as refused:
            problems.append(Problem("command line", key, text or "nothing", refused.allowed, refused.hint))
            continue
        if "." in key and len(values) == 1:
            fixed.append(f"{key}={values[0]}")
        else:
            axes[key] = Axis(key, values)
    return tuple(axes.values()), tuple(fixed)


def _values(key: str, text: str, own: Sequence[str]) -> tuple[str, ...]:
    """Return the values of an axis.

    Raises:
        Refused: if there are none, one twice, or the group is not known.
    """
    from scenarios.group import groups, matching

    if "." not in key and key not in groups():
        known = (*KEYS, *own, *groups())
        raise Refused(f"a group ({', '.join(groups())}), lever.knob, or one of {', '.join((*KEYS, *own))}", nearest(key, known))
    report = Report()
    values = parse_axis(text, lambda include, exclude: matching(key, include, exclude, report))
    if not values:
        raise Refused("at least one value", f"{key}=kept,linear")
    if len(set(values)) < len(values):
        raise Refused("each value once", f"leave out the second {max(values, key=values.count)}")
    return tuple(values)


def _with_cells(request: Request, axes: Sequence[Axis], fixed: tuple[str, ...], problems: list[Problem]) -> Request:
    """Return the request with every cell as a policy, the first one as the base."""
    study = request.study
    if count_cells(study.policies, axes) > MOST_CELLS:
        count = f"{count_cells(study.policies, axes):,} cells"
        problems.append(Problem("command line", "axes", count, f"at most {MOST_CELLS:,}", "leave out values"))
        return request
    names = cell_names(study.policies, axes)
    return replace(request, study=replace(study, policies=names, overrides=(*study.overrides, *fixed), reference=names[0]))


def _own_word(found: SweepRequest, word: str, problems: list[Problem]) -> SweepRequest:
    """Return the request with one of a sweep's own words."""
    key, _, text = word.partition("=")
    try:
        return _READ[key](found, text)
    except Refused as refused:
        problems.append(Problem("command line", key, text or "nothing", refused.allowed, refused.hint))
        return found


def _precision(found: SweepRequest, text: str) -> SweepRequest:
    """Take in how narrow intervals should be."""
    match = _PRECISION.match(text)
    if match is None or float(match["number"]) <= 0:
        raise Refused("a number above zero, with pp for percentage points", "precision=0.1pp")
    return replace(found, precision=float(match["number"]))


def _outcome(found: SweepRequest, text: str) -> SweepRequest:
    """Take in which outcome tables and precision are about."""
    from experiments.quantities import QUANTITIES

    known = [quantity.id for quantity in QUANTITIES]
    if text not in known:
        raise Refused(", ".join(known), nearest(text, known))
    return replace(found, outcome=quantity_named(text).id)


def _most(found: SweepRequest, text: str) -> SweepRequest:
    """Take in how many replications are never exceeded."""
    return replace(found, most=whole_number(int(text) if text.isdigit() else text, 2, 100_000))


def _base(found: SweepRequest, text: str) -> SweepRequest:
    """Take in which cell the others are compared with."""
    study = found.request.study
    cells = find_cell(study.policies, text)
    if not cells:
        raise Refused(f"a cell or a part of one, such as {study.policies[0]}", nearest(text, study.policies))
    request = replace(found.request, study=replace(study, reference=cells[0]))
    return replace(found, request=request)


_READ: dict[str, Any] = {"precision": _precision, "outcome": _outcome, "most": _most, "base": _base}
