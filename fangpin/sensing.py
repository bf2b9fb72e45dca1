"""The command `fangpin sensitivity`: which parameters, levers and luck move an outcome or a policy difference."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.design import LUCK_INPUT, METHODS, Space, check_samples, design_columns, design_path, design_text, sample
from experiments.labels import Label
from fangpin.arguments import KEYS, read_words
from fangpin.exits import DONE, HELP_WORDS, NOT_UNDERSTOOD, refuse
from fangpin.making import exit_code, make_runs, prepare
from fangpin.request import Request
from fangpin.screen import Screen
from fangpin.values import Refused, nearest, whole_number
from scenarios.problems import Problem

if TYPE_CHECKING:
    from experiments.results import Numbers
    from experiments.sensitivity import Effect
    from experiments.store import Store
    from experiments.study import Plan

OWN_KEYS = ("method", "over", "samples", "luck", "outcome")
NOT_HERE = {
    "reps": "luck= says how many replications the points may meet",
    "parameters": "over= names the priors that are varied; all of them without it",
}
"""Words of a run that a sensitivity does not take, and what to say instead."""
HOUSEHOLDS = 2_000
"""Households of the county by default: many small runs say more here than few large ones."""
SAMPLES = {"sobol": 64, "morris": 10}
_INTERVAL = re.compile(r"interval\(\s*(?P<low>[-+.\deE]+)\s*,\s*(?P<high>[-+.\deE]+)\s*\)\Z")


@dataclass(frozen=True)
class SensitivityRequest:
    """What is asked for.

    Attributes:
        request: as for ``fangpin run``: place, one policy (its level) or two (their difference), size, seed.
        method: ``morris`` or ``sobol``.
        over: keys of priors to vary; all of them by default.
        ranges: ranges of knobs and values besides.
        samples: base points of Sobol, trajectories of Morris; 0 for the method's usual number.
        luck: how many different lucks there are.
        outcome: id of a quantity.
    """

    request: Request = field(default_factory=Request)
    method: str = "morris"
    over: tuple[str, ...] = ()
    ranges: tuple[tuple[str, float, float], ...] = ()
    samples: int = 0
    luck: int = 8
    outcome: str = "relapse_net"


def sensitivity(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    from experiments.store import StoreError
    from fangpin.texts import SENSITIVITY_HELP

    if not words or any(word in HELP_WORDS for word in words):
        print(SENSITIVITY_HELP, end="")
        return DONE
    asked, problems = read_sensitivity(words)
    if not _has_salib():
        problems.append(
            Problem("this environment", "SALib", "missing", "the package SALib", 'pip install "fangpin[calibration]"')
        )
    if problems:
        return refuse(problems, "sensitivity")
    try:
        return _carry_out(asked)
    except StoreError as error:
        return refuse([error.problem], "sensitivity")
    except ValueError as error:
        print(f"fangpin sensitivity: {error}", file=sys.stderr)
        return NOT_UNDERSTOOD


def _has_salib() -> bool:
    """Return whether the designs can be made."""
    import importlib.util

    return importlib.util.find_spec("SALib") is not None


def read_sensitivity(words: Sequence[str]) -> tuple[SensitivityRequest, list[Problem]]:
    """Return what the words ask for, and every problem with them."""
    from experiments.study import Study

    common = [word for word in words if word.partition("=")[0] in KEYS and word.partition("=")[0] not in NOT_HERE]
    usual = Request(study=Study(policies=("documented", "kept"), households=HOUSEHOLDS))
    request, problems = read_words(common, usual)
    asked = SensitivityRequest(request)
    for word in words:
        key, equals, text = word.partition("=")
        if word in common:
            continue
        try:
            asked = _take(asked, key, text if equals else "")
        except Refused as refused:
            problems.append(Problem("command line", key, text or "nothing", refused.allowed, refused.hint))
    if len(request.study.policies) > 2:
        problems.append(Problem("command line", "policy", ",".join(request.study.policies), "one policy, or two to compare"))
    asked = replace(asked, samples=asked.samples or SAMPLES[asked.method])
    wrong = check_samples(asked.method, asked.samples)
    if wrong:
        problems.append(Problem("command line", "samples", str(asked.samples), wrong))
    return asked, problems


def _take(asked: SensitivityRequest, key: str, text: str) -> SensitivityRequest:
    """Return the request with one word taken in.

    Raises:
        Refused: if it cannot be taken.
    """
    if key in _READ:
        return _READ[key](asked, text)
    if key in NOT_HERE:
        raise Refused("no word of a sensitivity", NOT_HERE[key])
    found = _INTERVAL.match(text)
    if "." not in key or found is None:
        known = [*(one for one in KEYS if one not in NOT_HERE), *OWN_KEYS]
        raise Refused(f"{', '.join(known)}, or lever.knob=interval(low,high)", nearest(key, known))
    low, high = float(found["low"]), float(found["high"])
    if not low < high:
        raise Refused("interval(low,high) with low below high")
    return replace(asked, ranges=(*asked.ranges, (key, low, high)))


def _over(asked: SensitivityRequest, text: str) -> SensitivityRequest:
    """Take in which priors are varied."""
    from scenarios.prior import read_priors

    known = read_priors()
    keys = tuple(part.strip() for part in text.split(",") if part.strip())
    for key in keys:
        if key not in known and key != "none":
            raise Refused(f"none, or keys of priors: {', '.join(known)}", nearest(key, list(known)))
    return replace(asked, over=keys)


def _method(asked: SensitivityRequest, text: str) -> SensitivityRequest:
    """Take in the method."""
    if text not in METHODS:
        raise Refused(" or ".join(METHODS), nearest(text, METHODS))
    return replace(asked, method=text)


def _number(name: str, low: int, high: int) -> Callable[[SensitivityRequest, str], SensitivityRequest]:
    """Return what takes in a whole number."""

    def take(asked: SensitivityRequest, text: str) -> SensitivityRequest:
        change: dict[str, Any] = {name: whole_number(int(text) if text.isdigit() else text, low, high)}
        return replace(asked, **change)

    return take


def _outcome(asked: SensitivityRequest, text: str) -> SensitivityRequest:
    """Take in the outcome."""
    from experiments.quantities import QUANTITIES

    known = [quantity.id for quantity in QUANTITIES]
    if text not in known:
        raise Refused(", ".join(known), nearest(text, known))
    return replace(asked, outcome=text)


_READ: dict[str, Callable[[SensitivityRequest, str], SensitivityRequest]] = {
    "over": _over,
    "method": _method,
    "samples": _number("samples", 2, 65_536),
    "luck": _number("luck", 2, 10_000),
    "outcome": _outcome,
}


def space_of(asked: SensitivityRequest) -> Space:
    """Return what is varied: priors, ranges of levers, luck."""
    from functools import partial

    from experiments.design import uniform_between
    from experiments.quantiles import prior_quantile
    from scenarios.prior import read_priors

    priors = {key: prior for key, prior in read_priors().items() if not asked.over or key in asked.over}
    priors |= {key: uniform_between(low, high) for key, low, high in asked.ranges}
    return Space({key: partial(prior_quantile, prior) for key, prior in priors.items()}, asked.luck)


def _carry_out(asked: SensitivityRequest) -> int:
    """Write the design, make the runs, analyse and tell."""
    from experiments.store import Store, write_whole
    from fangpin.telling import tell_failures

    space = space_of(asked)
    points = sample(space, asked.method, asked.samples, asked.request.study.seed)
    folder = asked.request.out or Path("runs") / f"sensitivity-{asked.request.folder.name}"
    columns = design_columns(space, points)
    text, path = design_text(columns), design_path(folder)
    study = replace(asked.request.study, parameters=str(path), replications=asked.luck)
    request = replace(asked.request, study=study, out=folder)
    if path.exists() and path.read_text(encoding="utf-8") != text:
        return refuse([_other_design(path)], "sensitivity")
    if not path.exists():
        # everything is looked at before the first file is written, a point of the design among it
        first = tuple(f"{key}={columns[key][0]!r}" for key in space.inputs)
        tried = replace(study, parameters="", overrides=(*study.overrides, *first))
        _, problems = prepare(replace(request, study=tried, out=folder / "unused"))
        if problems:
            return refuse(problems, "sensitivity")
        Store(folder).open(study)
        write_whole(path, text)
    plan, problems = prepare(request)
    if plan is None:
        return refuse(problems, "sensitivity")
    store = Store(folder)
    store.open(study)
    with store.locked():
        store.sweep()
        screen = Screen(request.lang)
        runs, inputs = len(plan.tasks), len(space.names)
        screen.heading(Label(f"敏感性：{plan.names['zh']}", f"sensitivity: {plan.names['en']}"))
        screen.line(
            Label(
                f"{asked.method}，{inputs} 个输入（含随机波动），{len(points)} 个点，{runs} 个运行",
                f"{asked.method}, {inputs} inputs (luck among them), {len(points)} points, {runs} runs",
            )
        )
        tally = make_runs(request, plan, store)
        if not tally.failed:
            _tell(replace(asked, request=request), space, points, plan, store)
    tell_failures(tally, store)
    return exit_code(tally)


def _other_design(path: Path) -> Problem:
    """Return the problem of a folder with another design."""
    return Problem(
        "command line", "out", f"{path.parent} holds another design", "a new folder or the same command", "choose another out="
    )


def _tell(asked: SensitivityRequest, space: Space, points: Any, plan: Plan, store: Store) -> None:
    """Analyse, print, write the table and the chart."""
    from experiments.charts.sensitivity import draw_sensitivity
    from experiments.charts.style import save
    from experiments.results import read_names
    from experiments.sensitivity import HEADER, analyse, effect_cells, values_by_repeat
    from experiments.sweep import quantity_named
    from experiments.tables import csv_text

    screen, outcome, study = Screen(asked.request.lang), quantity_named(asked.outcome), plan.study
    values = values_by_repeat(plan, store, outcome)
    base = study.policies.index(study.base)
    ours = next((policy for policy in study.policies if policy != study.base), study.base)
    against = study.base if ours != study.base else ""
    wanted = values[study.policies.index(ours)] - (values[base] if against else 0)
    effects = analyse(space, asked.method, points, wanted, study.seed)
    cells = [effect_cells(effect, outcome.id, ours, against, asked.method) for effect in effects]
    path = store.write_text("tables/sensitivity.csv", csv_text(HEADER, cells))
    names = read_names(plan)
    title = _title(outcome.label, names.get(ours, Label(ours, ours)), names.get(against) if against else None)
    screen.heading(title)
    _print(screen, effects, asked.method, outcome.unit)
    _conclude(screen, effects, asked.method, wanted, bool(against), outcome.unit)
    figure = draw_sensitivity(effects, asked.method, title, outcome.unit, len(points), screen.lang)
    paths = save(figure, store.root / "charts", f"sensitivity-{asked.outcome}-{screen.lang}")
    screen.files((path, paths[0], design_path(store.root)))


def _title(outcome: Label, ours: Label, base: Label | None) -> Label:
    """Return what is explained."""
    if base is None:
        return Label(f"{outcome.zh}：“{ours.zh}”", f"{outcome.en}: {ours.en}")
    return Label(f"{outcome.zh}：“{ours.zh}”减“{base.zh}”", f"{outcome.en}: {ours.en} minus {base.en}")


def meaning(key: str) -> str:
    """Return what an input is, in English, from the engine's list of values; empty for knobs."""
    from sim.parameters import PARAMETERS

    known = PARAMETERS.get(key.rstrip("*").removeprefix("values."))
    return known.meaning if known else ""


def _print(screen: Screen, effects: Sequence[Effect], method: str, unit: Label) -> None:
    """Print the effects."""
    if method == "sobol":
        heads = [
            Label("输入", "input"),
            Label("名次", "rank"),
            Label("总效应份额", "total index"),
            Label("一阶份额", "first-order index"),
        ]
    else:
        of = Label(f"平均变动（{unit.zh}）", f"mean change ({unit.en})")
        heads = [Label("输入", "input"), Label("名次", "rank"), of, Label("带号平均；离散", "with sign; spread")]
    rows = []
    for effect in effects:
        rank = f"{effect.best}" if effect.best == effect.worst else f"{effect.best}–{effect.worst}"
        first = f"{effect.first:.3g} ± {effect.other:.2g}" if method == "sobol" else f"{effect.first:+.3g}; {effect.other:.2g}"
        name = Label("随机波动", "luck").said(screen.lang) if effect.key == LUCK_INPUT else effect.key
        rows.append([name, rank, f"{effect.total:.3g} [{effect.low:.2g}, {effect.high:.2g}]", first])
    screen.table(heads, rows, left=1, whole=1)


def _conclude(screen: Screen, effects: Sequence[Effect], method: str, wanted: Numbers, paired: bool, unit: Label) -> None:
    """Say whether there is a ranking, how much is luck, and how firm the sign is."""
    from experiments.sensitivity import is_ranking, luck_share, same_sign

    if not is_ranking(effects):
        screen.line(
            Label(
                "不给出完整名次：区间重叠的输入分不出先后（名次列为可能范围）；可增大 samples=",
                "no full ranking: inputs whose intervals overlap cannot be told apart (the rank column says what is possible); "
                "raise samples=",
            )
        )
    if method == "sobol":
        share, low, high = luck_share(effects)
        screen.line(
            Label(
                f"随机波动参与方差的 {100 * share:.0f}% [{100 * low:.0f}, {100 * high:.0f}]；"
                f"其余 {100 * (1 - share):.0f}% 完全由参数先验与工具范围决定",
                f"luck has a part in {100 * share:.0f}% [{100 * low:.0f}, {100 * high:.0f}] of the variance; "
                f"the other {100 * (1 - share):.0f}% is driven by priors and ranges of levers alone",
            )
        )
    if paired:
        screen.line(
            Label(
                f"差值平均 {wanted.mean():+.3g} {unit.zh}，标准差 {wanted.std():.3g}；"
                f"{100 * same_sign(wanted):.0f}% 的点符号相同",
                f"difference: mean {wanted.mean():+.3g} {unit.en}, standard deviation {wanted.std():.3g}; "
                f"{100 * same_sign(wanted):.0f}% of the points have its sign",
            )
        )
