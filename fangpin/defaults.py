"""How default values are set from published figures: one value at a time is changed in runs of the country, then a step is taken.

`python -m fangpin.defaults` makes the runs (`fangpin validate` with one change each, under the same luck, each in a folder of its
own below ``runs/defaults``) and prints how every in-sample figure answers to every value, the step of Gauss and Newton that the
figures ask for with its standard error, and how well they fit before and, by the linear picture, after. Values stand where they
should when no step is longer than its error. Docs: docs/validation.md.

`python -m fangpin.defaults asof=2022-12` does it with the figures known by a month alone, for the hindcasts of `fangpin forecast`
(``scenarios/knownby.yaml``): values that none of these tells stand at what they were before the fit.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.labels import Label
from fangpin.making import make_runs
from fangpin.screen import Screen

if TYPE_CHECKING:
    from experiments.facts import Comparison

Numbers = NDArray[np.float64]

CHANGES: Mapping[str, tuple[str, ...]] = {
    "dibao.imputed_share": ("dibao.imputed_share*=0.8",),
    "values.programme_transfers": ("values.programme_transfers*=0.8",),
    "values.wants_work": ("values.wants_work_men*=0.97", "values.wants_work_women*=0.97"),
    "places of posts and rangers": ("public_welfare_jobs.slots*=0.9", "ecological_rangers.slots*=0.9"),
    "values.seen_ratio": ("values.seen_ratio*=1.1",),
}
"""Values that published figures identify, and the change that shows it. Steps are told in units of the change."""
TOLD_BY: Mapping[str, tuple[str, ...]] = {
    "dibao.imputed_share": ("dibao_total_2021",),
    "values.programme_transfers": ("income_2020", "income_2021", "income_2022", "offfarm_share_2024"),
    "values.wants_work": ("workers_2020", "workers_2021", "workers_2022"),
    "places of posts and rangers": ("posts_total_2020", "rangers_total_2020"),
    "values.seen_ratio": ("monitored_register_2024",),
}
"""Figures that tell a value: without any of them it is not fitted."""
BEFORE: Mapping[str, tuple[str, ...]] = {
    "dibao.imputed_share": ("dibao.imputed_share*=0.2",),
    "values.programme_transfers": ("values.programme_transfers*=2",),
    "values.wants_work": ("values.wants_work_men*=1.04", "values.wants_work_women*=1.04"),
    "places of posts and rangers": ("public_welfare_jobs.slots*=1.44", "ecological_rangers.slots*=1.44"),
    "values.seen_ratio": ("values.seen_ratio*=0.73",),
}
"""From the shipped values back to those before the fit (docs/validation.md)."""
FIGURES = (
    "income_2020",
    "income_2021",
    "income_2022",
    "offfarm_share_2024",
    "workers_2020",
    "workers_2021",
    "workers_2022",
    "dibao_total_2021",
    "posts_total_2020",
    "rangers_total_2020",
    "monitored_register_2024",
)
"""Figures of the country in sample: those that the values above are chosen with (``used_for`` in facts.yaml)."""
DEFAULTS = ("place=national", "households=1000", "reps=2", "months=48")


class Step(NamedTuple):
    """What the figures ask for.

    Attributes:
        step: of each value, in units of its change.
        error: standard error, from the tolerances of the figures alone.
        before, after: sum of squared misses in tolerances, as it is and after the step by the linear picture.
        singular: singular values of the weighted answers: near zero where no figure tells a combination of values.
    """

    step: Numbers
    error: Numbers
    before: float
    after: float
    singular: Numbers


def gauss_newton(simulated: Numbers, changed: Numbers, observed: Numbers, width: Numbers) -> Step:
    """Return the step that makes the weighted squared misses least, if figures answer in proportion to changes.

    Args:
        simulated: figures at the defaults.
        changed: figures with one value changed each: value, figure.
        observed: the published figures.
        width: their tolerances, taken for standard deviations.
    """
    answers = ((changed - simulated) / width).T
    missing = (observed - simulated) / width
    step: Numbers = np.asarray(np.linalg.lstsq(answers, missing, rcond=None)[0], dtype=np.float64)
    after = missing - answers @ step
    spread = np.linalg.pinv(answers.T @ answers)
    singular: Numbers = np.asarray(np.linalg.svd(answers, compute_uv=False), dtype=np.float64)
    return Step(step, np.sqrt(np.diag(spread)), float(missing @ missing), float(after @ after), singular)


class Fit(NamedTuple):
    """What is fitted to what.

    Attributes:
        values: names of the values fitted.
        figures: ids of the figures that they are fitted to.
        before: changes that put the other values back to what they were before the fit.
        folder: of the runs; equal where the same values are put back.
    """

    values: tuple[str, ...]
    figures: tuple[str, ...]
    before: tuple[str, ...]
    folder: Path


def fit_as_of(month: int | None) -> Fit:
    """Return what can be fitted with the figures known in a month; all of it where no month is given."""
    from experiments.asof import known
    from scenarios import observations

    there = {fact.id for fact in known(observations(), month)}
    figures = tuple(name for name in FIGURES if name in there)
    values = tuple(name for name, told in TOLD_BY.items() if there & set(told))
    unknown = [name for name in CHANGES if name not in values]
    before = tuple(change for name in unknown for change in BEFORE[name])
    named = "-".join(name.rpartition(".")[2].replace(" ", "_") for name in unknown)
    return Fit(values, figures, before, Path("runs") / (f"defaults-without-{named}" if named else "defaults"))


def _compared(fit: Fit, name: str, words: Sequence[str]) -> dict[str, Comparison]:
    """Make the runs with some changes, or read them, and return the figures in sample by their ids.

    Raises:
        ScenarioError: if the words cannot be understood.
    """
    from experiments.results import read_results
    from experiments.store import Store
    from fangpin.validating import prepare_validation, validation_of
    from scenarios import ScenarioError

    given = {word.partition("=")[0] for word in words}
    usual = [word for word in (*DEFAULTS, f"out={fit.folder / name.replace(' ', '-')}") if word.partition("=")[0] not in given]
    request, plan, problems = prepare_validation([*usual, *fit.before, *words])
    if plan is None:
        raise ScenarioError(problems)
    store = Store(request.folder)
    store.open(plan.study)
    with store.locked():
        make_runs(request, plan, store)
    found = validation_of(read_results(plan, store), plan.facts)
    return {line.id: line for line in found.lines if line.id in fit.figures}


def main(words: Sequence[str]) -> int:
    """Make the runs and print what the figures ask for.

    Args:
        words: what every run is made with, such as ``seed=7`` or ``households=2000``; ``asof=2022-12`` leaves out later figures.

    Raises:
        ScenarioError: if the words cannot be understood.
    """
    from scenarios.cited import parse_month
    from scenarios.problems import Problem, ScenarioError

    asked = [word.partition("=")[2] for word in words if word.startswith("asof=")]
    words = [word for word in words if not word.startswith("asof=")]
    month = parse_month(asked[0]) if asked else None
    if asked and month is None:
        raise ScenarioError([Problem("command line", "asof", asked[0], "a month such as 2022-12")])
    fit = fit_as_of(month)
    base = _compared(fit, "base", words)
    changed = {name: _compared(fit, name, [*CHANGES[name], *words]) for name in fit.values}
    names = [name for name in fit.figures if name in base]
    figure = {name: base[name] for name in names}
    observed = np.array([line.observed for line in figure.values()])
    width = np.array([line.observed - line.tolerance[0] for line in figure.values()])
    simulated = np.array([line.simulated.mean for line in figure.values()])
    moved = np.array([[lines[name].simulated.mean for name in names] for lines in changed.values()])
    _tell(fit, names, observed, simulated, moved, gauss_newton(simulated, moved, observed, width))
    return 0


def _tell(fit: Fit, names: Sequence[str], observed: Numbers, simulated: Numbers, moved: Numbers, found: Step) -> None:
    """Print the answers of the figures, and the step."""
    screen = Screen("en")
    if fit.before:
        text = f"no figure known tells these; they stand at what was before the fit: {' '.join(fit.before)}"
        screen.line(Label(text, text))
    screen.heading(Label("", "how figures answer, per cent of their value"))
    heads = ["figure", "observed", "simulated", *fit.values]
    rows = [
        [name, f"{observed[k]:.4g}", f"{simulated[k]:.4g}", *(f"{100 * (row[k] / simulated[k] - 1):+.1f}" for row in moved)]
        for k, name in enumerate(names)
    ]
    screen.table(heads, rows, whole=1)
    screen.heading(Label("", "step asked for, in units of the change"))
    told = zip(fit.values, found.step, found.error, strict=True)
    screen.table(
        ["value", "change", "step"], [[name, " ".join(CHANGES[name]), f"{step:+.2f} ± {error:.2f}"] for name, step, error in told]
    )
    text = f"squared misses in tolerances: {found.before:.2f}, after the step {found.after:.2f} (linear); "
    text += f"singular values: {', '.join(f'{value:.2g}' for value in found.singular)}"
    screen.line(Label(text, text))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
