"""The command `fangpin stress`: the mildest shock under which a goal no longer holds, from stored runs of several sizes."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.labels import Label
from experiments.study import Study
from fangpin.arguments import Request, read_words
from fangpin.screen import Screen
from scenarios.problems import Problem

if TYPE_CHECKING:
    from experiments.stress import Answer, Shock, Trial

REPLICATIONS = 20
DEFAULT = Request(study=Study(policies=("documented",), households=6_000, replications=REPLICATIONS))
_VALUE = re.compile(r"(values\.\w+)(?:@(\d{4}(?:-\d{2})?))?\*(\d+(?:\.\d+)?)\Z")


@dataclass(frozen=True)
class Wish:
    """What is asked beside the words of a run.

    Attributes:
        limit: share that the outcome has to stay below in every year.
        outcome: id of a quantity.
        shocks: ``set/stress``, or ``values.x@2023-01*1.5``; moved together.
        upto: largest size.
        chance: probability that counts as holding.
        tolerance: width of the answer, as a share of the largest size.
    """

    limit: float = 0.02
    outcome: str = "poor_stock"
    shocks: tuple[str, ...] = ()
    upto: float = 2.0
    chance: float = 0.5
    tolerance: float = 0.05


@dataclass
class Trials:
    """Makes and reads the runs of each round.

    Attributes:
        request: the words of a run.
        wish: what is asked.
        shocks: the values that are moved.
        folder: where the rounds' folders lie.
        failed: whether a run failed.
    """

    request: Request
    wish: Wish
    shocks: Sequence[Shock]
    folder: Path
    failed: list[str] = field(default_factory=list)

    def cell(self, size: float) -> str:
        """Return the policy under the shock at a size, by the name that the loader knows."""
        from experiments.engine import FIRST_MONTH
        from scenarios.cited import show_month

        changes = [change for shock in self.shocks for change in shock.changes(size, lambda k: show_month(FIRST_MONTH + k))]
        return ";".join([self.request.study.policies[0], *changes])

    def study(self, sizes: Sequence[float]) -> Study:
        """Return the study of one round."""
        return replace(self.request.study, policies=tuple(self.cell(size) for size in sizes))

    def __call__(self, number: int, sizes: Sequence[float]) -> list[Trial]:
        """Make what is missing of a round and read it.

        Raises:
            ScenarioError, StoreError: if a size cannot be loaded, or the folder not written.
            RoundFailed: if no repetition is whole.
        """
        from experiments.canonical import content_hash
        from experiments.progress import Shown
        from experiments.results import complete_replications
        from experiments.runner import run_plan, work_left
        from experiments.store import Store
        from fangpin.planning import load_counties, plan_of

        study = self.study(sizes)
        plan = plan_of(study, load_counties(study))
        store = Store(self.folder / f"round-{number}-{content_hash(study.identity())[:8]}")
        store.open(study)
        with store.locked():
            store.sweep()
            with Shown(work_left(plan, store)) as progress:
                tally = run_plan(plan, store, self.request.workers, progress)
        self.failed += [str(store.error_file(task)) for task in tally.failed]
        if not complete_replications(plan, store):
            raise RoundFailed(f"{store.root}: no repetition is whole")
        return _read(plan, store, sizes, self.wish)


class RoundFailed(Exception):
    """A round of which no repetition is whole."""


def _read(plan: Any, store: Any, sizes: Sequence[float], wish: Wish) -> list[Trial]:
    """Return the trials that stored runs tell, one for each size."""
    from experiments.chances import below, chance_of, jointly
    from experiments.goal import WHOLE, read_rates
    from experiments.results import read_results
    from experiments.stress import Trial

    rates = read_rates(read_results(plan, store), WHOLE, (wish.outcome,))
    trials = []
    for place, size in enumerate(sizes):
        values = rates.values[wish.outcome][place]
        chance = chance_of(jointly([below(values[:, k], wish.limit) for k in range(len(rates.years))]), rates.independent)
        assert chance is not None
        trials.append(Trial(size, chance, float(np.nanmax(values, axis=1).mean())))
    return trials


def run_stress(words: Sequence[str]) -> int:
    """Search for the mildest shock and tell.

    Args:
        words: the words after ``fangpin stress``.
    """
    from experiments.store import StoreError
    from fangpin.cli import DONE, HELP_WORDS, INTERRUPTED, SOME_FAILED, refuse
    from fangpin.texts import STRESS_HELP
    from scenarios import ScenarioError

    if not words or any(word in HELP_WORDS for word in words):
        print(STRESS_HELP.format(households=DEFAULT.study.households, reps=REPLICATIONS), end="")
        return DONE
    trials, problems = prepare(words)
    if trials is None:
        return refuse(problems, "stress")
    try:
        answer = search(trials)
    except ScenarioError as error:
        return refuse(error.problems, "stress")
    except StoreError as error:
        return refuse([error.problem], "stress")
    except RoundFailed as error:
        print(f"fangpin stress: {error}; see {', '.join(trials.failed[:3])}", file=sys.stderr)
        return SOME_FAILED
    except KeyboardInterrupt:
        print("\nfangpin: interrupted; the same command continues where it stopped", file=sys.stderr)
        return INTERRUPTED
    tell(Screen(trials.request.lang), trials, answer, write(trials, answer))
    return SOME_FAILED if trials.failed else DONE


def prepare(words: Sequence[str]) -> tuple[Trials | None, list[Problem]]:
    """Return what makes the trials, or the problems that stand in the way. Nothing is written."""
    from scenarios import ScenarioError

    wish, rest, problems = read_wish(words)
    request, more = read_words(rest, DEFAULT)
    problems += more
    study = request.study
    if len(study.policies) > 1:
        problems.append(
            Problem("command line", "policy", ",".join(study.policies), "one policy", "run the command once for each")
        )
    if study.months < 9:
        problems.append(Problem("command line", "months", str(study.months), "9 or more", "rates are tested each September"))
    if problems:
        return None, problems
    try:
        shocks = [shock for name in wish.shocks for shock in open_shock(name, study)]
    except ScenarioError as error:
        return None, list(error.problems)
    most = min(shock.largest() for shock in shocks)
    if wish.upto > most:
        tightest = min(shocks, key=lambda shock: shock.largest())
        given = f"{wish.upto:g}: {tightest.key} leaves its range {tightest.low:g} to {tightest.high:g}"
        return None, [
            Problem("command line", "upto", given, f"a size up to {most:.4g}", f"upto={np.floor(most * 1000) / 1000:g}")
        ]
    stem = "-".join(re.sub(r"\W+", "_", name) for name in (study.place, study.policies[0], *wish.shocks))
    return Trials(request, wish, shocks, request.out or Path("runs") / f"stress-{stem}"), []


def read_wish(words: Sequence[str]) -> tuple[Wish, list[str], list[Problem]]:
    """Return what is asked beside a run, the other words, and the problems."""
    from experiments.quantities import PER_CENT, QUANTITIES
    from scenarios.problems import listing, nearest

    wish, rest, problems = Wish(), [], []
    shares = {"limit": (0.0, 1.0), "chance": (0.0, 1.0), "tolerance": (0.0, 1.0), "upto": (0.0, 1000.0)}
    for word in words:
        key, _, text = word.partition("=")
        if key in shares:
            low, high = shares[key]
            value = _number(text)
            if not low < value < high:
                given = f"above {low:g} and below {high:g}" + (", or per cent such as 2%" if high == 1 else "")
                problems.append(Problem("command line", key, text, given))
            changed: dict[str, Any] = {key: value}
            wish = replace(wish, **changed)
        elif key == "outcome":
            known = [one.id for one in QUANTITIES if one.unit == PER_CENT]
            if text not in known:
                problems.append(Problem("command line", key, text, listing(known), nearest(text, known)))
            wish = replace(wish, outcome=text)
        elif key == "shock":
            wish = replace(wish, shocks=tuple(part.strip() for part in text.split(",") if part.strip()))
        else:
            rest.append(word)
    if not wish.shocks:
        allowed = "set/stress, or values.<name>@month*factor; several, separated by commas, are moved together"
        problems.append(Problem("command line", "shock", "missing", allowed, "shock=premium_subsidy_exit/illness_wave"))
    return wish, rest, problems


def _number(text: str) -> float:
    """Return a number, per cent as a share; NaN for anything else."""
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return float("nan")


def open_shock(name: str, study: Study) -> list[Shock]:
    """Return the values that a shock moves in the study's place, with their course and how far it moves them.

    Args:
        name: ``set/stress``, or ``values.x@2023-01*1.5``: times 1.5 from January 2023 on, from 2021 on without a month.
        study: the study: its place, policy and horizon.

    Raises:
        ScenarioError: on a shock that is not known, moves nothing, or turns a lever.
    """
    from experiments.engine import FIRST_MONTH
    from experiments.stress import Shock
    from fangpin.size import sized_scenario
    from scenarios import counties
    from scenarios.problems import Report, nearest
    from scenarios.scenarioset import stress_parts

    report, place = Report(), counties(study.place)[0].name
    given = (place, study.policies[0], study.overrides, study.households, place != study.place, study.levers)
    plain = sized_scenario(*given, study.stress).series
    months = range(FIRST_MONTH, FIRST_MONTH + study.months)
    found = _VALUE.match(name)
    if found:
        key, since, factor = found[1], _month(found[2]), float(found[3])
        if key not in plain:
            report.add(
                "command line",
                "shock",
                f"'{key}'",
                "a named value",
                nearest(key, [one for one in plain if one.startswith("values.")]),
            )
            report.stop()
        moved = {key: np.array([plain[key].at(m) * (factor if m >= since else 1.0) for m in months])}
    else:
        parts = stress_parts((name,), report)
        report.stop()
        keys = list(parts[0].items)
        levers = [key for key in keys if not key.startswith("values.")]
        if levers:
            report.add(
                "command line",
                "shock",
                f"{name}, which turns {', '.join(levers)}",
                "a shock of values",
                "vary a lever's knob instead",
            )
            report.stop()
        stressed = sized_scenario(*given, (*study.stress, name)).series
        moved = {key: np.array([stressed[key].at(m) for m in months]) for key in keys}
    shocks = [
        Shock(key, plain[key].unit, np.array([plain[key].at(m) for m in months]), path, plain[key].low, plain[key].high)
        for key, path in moved.items()
    ]
    if not any((shock.moved != shock.course).any() for shock in shocks):
        report.add(
            "command line", "shock", f"{name}, which moves nothing in {study.months} months from 2021-01", "a shock that does"
        )
    report.stop()
    return [shock for shock in shocks if (shock.moved != shock.course).any()]


def _month(text: str | None) -> int:
    """Return a month number; the first month of the horizon without one."""
    from experiments.engine import FIRST_MONTH
    from scenarios.cited import parse_month

    return max(FIRST_MONTH, parse_month(text if "-" in text else f"{text}-01") or FIRST_MONTH) if text else FIRST_MONTH


def search(trials: Trials) -> Answer:
    """Search for the mildest size that breaks the goal."""
    from experiments.stress import reverse

    return reverse(trials, trials.wish.upto, trials.wish.chance, trials.wish.tolerance)


def write(trials: Trials, answer: Answer) -> Path:
    """Write all sizes tried as ``stress.csv``."""
    from experiments.store import write_whole
    from experiments.stress import HEADER, trial_cells
    from experiments.tables import csv_text

    rows = [trial_cells(trial, trials.wish.chance) for trial in answer.trials]
    return write_whole(trials.folder / "stress.csv", csv_text(HEADER, rows))


def tell(screen: Screen, trials: Trials, answer: Answer, path: Path) -> None:
    """Print the sizes tried and the answer."""
    from experiments.goal import quantity

    wish, study = trials.wish, trials.request.study
    outcome, limit = quantity(wish.outcome).label, f"{100 * wish.limit:g}%"
    screen.heading(
        Label(
            f"反向压力测试：{study.place}，{study.policies[0]}；目标：{outcome.zh}每年低于{limit}",
            f"Reverse stress test: {study.place}, {study.policies[0]}; goal: {outcome.en} below {limit} in every year",
        )
    )
    screen.line(Label(f"冲击（大小1）：{'；'.join(wish.shocks)}", f"shock (size 1): {'; '.join(wish.shocks)}"))
    heads = [Label("大小", "size"), Label("取值", "values"), Label("最差年均值%", "worst year, mean %")]
    heads += [Label("守住的概率", "probability to hold"), Label("结论", "verdict")]
    cells = [
        [f"{trial.size:g}", _moved(trials.shocks, trial.size), f"{100 * trial.worst:.2f}",
         f"{trial.chance.share:.2f} [{trial.chance.low:.2f}, {trial.chance.high:.2f}]",
         VERDICTS[trial.verdict(wish.chance)].said(screen.lang)]
        for trial in answer.trials
    ]  # fmt: skip
    screen.table([head.said(screen.lang) for head in heads], cells, left=2)
    screen.line(_said(answer, wish))
    if answer.returns:
        screen.line(
            Label(
                "注意：更大的冲击下又能守住，结果并非单调。",
                "Note: the goal holds again under a larger shock; it is not monotone.",
            )
        )
    screen.line(
        Label(
            f"各大小用同样的运气；概率只含随机波动，n={answer.trials[0].chance.runs}。守住：概率不低于{wish.chance:g}，按整个95%区间判断。",
            f"All sizes have the same luck; probabilities contain random draws only, n={answer.trials[0].chance.runs}. "
            f"Holds: probability {wish.chance:g} or more, by the whole 95% interval.",
        )
    )
    screen.line(Label(f"全表：{path}", f"whole table: {path}"))


VERDICTS = {
    "holds": Label("守住", "holds"),
    "breaks": Label("守不住", "breaks"),
    "cannot tell": Label("无法判断", "cannot tell"),
}


def _moved(shocks: Sequence[Shock], size: float) -> str:
    """Return how far the values are moved at most."""
    said = []
    for shock in shocks:
        path = shock.path(size)
        at = int(np.abs(path - shock.course).argmax())
        said.append(f"{shock.key} {shock.course[at]:.4g} → {path[at]:.4g}")
    return "; ".join(said)


def _said(answer: Answer, wish: Wish) -> Label:
    """Return the answer in a sentence."""
    from experiments.stress import BROKEN, UNBROKEN

    most = answer.trials[-1].size
    if answer.outcome == UNBROKEN:
        return Label(f"答案：直到大小{most:g}都没有守不住。", f"Answer: it does not break within the range, up to size {most:g}.")
    if answer.outcome == BROKEN:
        return Label("答案：没有冲击也守不住。", "Answer: the goal is broken without any shock.")
    sure = (f"{answer.surely_holds:g}" if np.isfinite(answer.surely_holds) else "–",
            f"{answer.surely_breaks:g}" if np.isfinite(answer.surely_breaks) else "–")  # fmt: skip
    return Label(
        f"答案：最轻的守不住的冲击在大小{answer.below:g}与{answer.above:g}之间（按占比）；"
        f"按区间，直到{sure[0]}都守得住，从{sure[1]}起守不住（–：无法判断）。",
        f"Answer: the mildest shock that breaks the goal lies between size {answer.below:g} and {answer.above:g} (by the share "
        f"of repetitions); by the intervals it holds up to {sure[0]} and breaks from {sure[1]} on (–: cannot tell).",
    )
