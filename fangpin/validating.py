"""The command `fangpin validate`: simulated against observed, figure by figure, with bands and a verdict."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.labels import Label, place_label, unit_label
from fangpin.exits import DONE, HELP_WORDS, NOT_UNDERSTOOD, refuse
from fangpin.making import exit_code, in_store, make_runs, prepare
from fangpin.screen import Screen

if TYPE_CHECKING:
    from experiments.facts import Comparison
    from experiments.results import Results
    from experiments.store import Store
    from experiments.study import Plan
    from fangpin.request import Request
    from scenarios import Observation, Problem

PLACE, HOUSEHOLDS, REPS = "national", 2_000, 8
"""Most figures are the country's, totals among them: only a run of the country can be held against these."""
NOT_HERE = ("set", "arms", "stress", "population")
"""Keys of `fangpin run` that make runs which no observed figure is about."""
NAME = "validation"


class Validation(NamedTuple):
    """Runs held against what was observed.

    Attributes:
        results: of the runs; their factual policy is compared.
        lines: one for each figure that they speak of.
        silent: figures of the place that they say nothing of: years that were not simulated, totals of a larger place.
    """

    results: Results
    lines: tuple[Comparison, ...]
    silent: tuple[Observation, ...]


def validate(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    from experiments.stopped import OtherVersion
    from fangpin.texts import VALIDATE_HELP
    from scenarios import ScenarioError

    if any(word in HELP_WORDS for word in words):
        print(VALIDATE_HELP.format(place=PLACE, households=HOUSEHOLDS, reps=REPS), end="")
        return DONE
    if words and "=" not in words[0]:
        try:
            return _from_folder(Path(words[0]), words[1:])
        except (FileNotFoundError, OtherVersion, ScenarioError) as error:
            print(f"fangpin validate: {error}", file=sys.stderr)
            return NOT_UNDERSTOOD
    return _from_runs(words)


def _from_folder(folder: Path, words: Sequence[str]) -> int:
    """Judge stored runs; nothing is simulated.

    Raises:
        FileNotFoundError: if the folder holds no whole replication.
        ScenarioError: on words that mean nothing here, or a place that is no longer known.
    """
    from experiments.store import Store
    from scenarios.problems import Report, nearest

    report, lang = Report(), "zh"
    for word in words:
        key, _, value = word.partition("=")
        if key != "lang":
            report.add("command line", key, word, "lang= alone: the runs of a folder are what they are", nearest(key, ["lang"]))
        elif value not in ("zh", "en"):
            report.add("command line", "lang", value, "zh or en")
        else:
            lang = value
    report.stop()
    _tell(validation_of_folder(folder), Store(folder), lang)
    return DONE


def _from_runs(words: Sequence[str]) -> int:
    """Make the runs that are missing and judge them."""
    request, plan, problems = prepare_validation(words)
    if plan is None:
        return refuse(problems, "validate")
    return in_store(request, plan, "validate", lambda store: _make_and_tell(request, plan, store))


def prepare_validation(words: Sequence[str]) -> tuple[Request, Plan | None, list[Problem]]:
    """Return what is asked for, and its plan or the problems that stand in the way. Nothing is written."""
    from fangpin.arguments import read_words
    from fangpin.request import Request
    from scenarios.problems import Problem

    default = Request()
    study = replace(default.study, place=PLACE, policies=("documented",), households=HOUSEHOLDS, replications=REPS)
    refused = [word for word in words if word.partition("=")[0] in NOT_HERE]
    request, problems = read_words([word for word in words if word not in refused], replace(default, study=study))
    for word in refused:
        key, _, value = word.partition("=")
        problems.append(Problem("command line", key, value, "runs of what happened: no sets, stresses or rows of persons"))
    if request.out is None:
        request = replace(request, out=Path("runs") / f"validate-{request.folder.name}")
    plan, found = prepare(request, problems)
    return request, plan, found


def _make_and_tell(request: Request, plan: Plan, store: Store) -> int:
    """Make what is missing, then hold what is complete against the figures."""
    from experiments.results import complete_replications, read_results
    from fangpin.telling import tell_failures, tell_start

    tell_start(request, plan, store)
    tally = make_runs(request, plan, store)
    if complete_replications(plan, store):
        _tell(validation_of(read_results(plan, store), plan.facts), store, request.lang)
    tell_failures(tally, store)
    return exit_code(tally)


def validation_of(results: Results, facts: Sequence[Observation]) -> Validation:
    """Hold results against observed figures."""
    from experiments.facts import compare_with_facts

    lines = tuple(compare_with_facts(results, facts))
    said = {line.id for line in lines}
    return Validation(results, lines, tuple(fact for fact in facts if fact.id not in said))


def validation_of_folder(folder: Path) -> Validation:
    """Hold the stored runs of a folder against the figures as they stand today.

    Raises:
        FileNotFoundError: if the folder holds no whole replication.
        ScenarioError: if its place is no longer known.
    """
    from experiments.results import read_results
    from experiments.stored import reopen
    from scenarios import observations_of

    plan, store = reopen(folder)
    return validation_of(read_results(plan, store), observations_of(plan.study.place))


def validation_rows(folder: Path) -> list[dict[str, Any]]:
    """Return the comparison of a folder as plain data, one dict a figure; None where there is no number.

    Raises:
        FileNotFoundError: if the folder holds no whole replication.
    """
    return [_plain_row(line) for line in validation_of_folder(folder).lines]


def _plain_row(line: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data."""
    kept = ("id", "year", "month", "place", "unit", "tag", "sample", "kind", "used_for", "source", "confidence", "bound", "note")
    numbers = {
        "observed": line.observed,
        "simulated": line.simulated.mean,
        "mc_error": line.simulated.error,
        "low": line.band[0],
        "high": line.band[1],
        "miss": line.miss,
    }
    plain = {key: float(value) if np.isfinite(value) else None for key, value in numbers.items()}
    ends = [float(end) if np.isfinite(end) else None for end in line.tolerance]
    told = {key: getattr(line, key) for key in kept}
    return {**told, "names": line.name._asdict(), **plain, "tolerance": ends, "verdict": line.verdict}


def write_validation(found: Validation, store: Store, lang: str) -> list[Path]:
    """Write the table as CSV and Parquet, and the chart; return their paths."""
    import pandas as pd

    from experiments.charts.style import save
    from experiments.charts.validation import draw_validation
    from experiments.facts import HEADER, comparison_cells
    from experiments.tables import csv_text

    rows = [comparison_cells(line) for line in found.lines]
    paths = [store.write_text(f"tables/{NAME}.csv", csv_text(HEADER, rows))]
    frame = pd.DataFrame([_plain_row(line) for line in found.lines])
    for key in ("names", "tolerance"):
        frame = frame.drop(columns=key, errors="ignore")
    frame["name_zh"], frame["name_en"] = [line.name.zh for line in found.lines], [line.name.en for line in found.lines]
    paths.append(paths[0].with_suffix(".parquet"))
    frame.to_parquet(paths[1], index=False)
    screen = Screen(lang)
    place, caption = found.results.place.said(screen.lang), contains(found.results).said(screen.lang)
    figure = draw_validation(found.lines, place, caption, screen.lang)
    return [*paths, *save(figure, store.root / "charts", f"{NAME}-{screen.lang}")]


def contains(results: Results) -> Label:
    """Return what the bands contain and what they do not."""
    count, draws = len(results.replications), len({draw for draw, _ in results.replications})
    if draws > 1:
        return Label(
            f"{count} 次重复，含随机波动与 {draws} 组参数；不含模型结构与观测误差",
            f"{count} repetitions: luck and {draws} parameter draws; not the model's structure or errors of the figures",
        )
    return Label(
        f"{count} 次重复，只含随机波动（模拟村数越少越宽）；不含参数、模型结构与观测误差",
        f"{count} repetitions: luck alone (the fewer villages are simulated, the wider); not parameters, the model's structure "
        "or errors of the figures",
    )


def _tell(found: Validation, store: Store, lang: str) -> None:
    """Write everything and print the tables."""
    from experiments.labels import KIND_LABELS
    from fangpin.tabling import print_counts

    paths = write_validation(found, store, lang)
    screen, results = Screen(lang), found.results
    place, policy = results.place, results.name(results.study.factual)
    screen.heading(
        Label(f"模拟与实际对照：{place.zh}，{policy.zh}", f"simulated against observed: {place.en}, {policy.en}"),
    )
    for kind, label in KIND_LABELS.items():
        lines = [line for line in found.lines if line.kind == kind]
        if lines:
            _table(screen, label, kind, lines)
    print_counts(screen, [(line.kind, line.verdict) for line in found.lines])
    screen.line(contains(results))
    _tell_silent(screen, found)
    screen.files(paths, store.root)


LAST_COLUMN = {
    "fitted": Label("据以取值", "values chosen with it"),
    "input": Label("取值", "the value"),
    "not_comparable": Label("不可比的原因", "why not comparable"),
    "administrative_target": Label("据以取值", "values chosen with it"),
}


def _table(screen: Screen, label: Label, kind: str, lines: Sequence[Comparison]) -> None:
    """Print the figures of one kind; what values were chosen with them, or why they are not judged, stands last."""
    heads = [label, Label("时间", "date"), Label("单位", "unit"), Label("地区", "place")]
    last = LAST_COLUMN.get(kind)
    if last:
        heads.append(last)
    heads += [Label("实际", "observed"), Label("模拟", "simulated"), Label("90%区间", "90% band")]
    if kind != "not_comparable":
        heads.append(Label("结论", "verdict"))
    screen.table(heads, [_row(line, kind, screen) for line in lines], left=4 + bool(last))


def _row(line: Comparison, kind: str, screen: Screen) -> list[str]:
    """Return one figure as a row."""
    from fangpin.showing import BOUNDS
    from fangpin.tabling import DASH, significant, verdict_words

    when = str(line.year) if line.month == 12 else f"{line.year}-{line.month:02d}"
    cells = [
        line.name.said(screen.lang),
        when,
        unit_label(line.unit).said(screen.lang),
        place_label(line.place).said(screen.lang),
    ]
    if kind in LAST_COLUMN:
        cells.append((line.note if kind == "not_comparable" else ", ".join(line.used_for)) or DASH)
    cells += [BOUNDS.get(line.bound, "") + significant(line.observed), significant(line.simulated.mean)]
    cells.append(DASH if np.isnan(line.band[0]) else f"{significant(line.band[0])} – {significant(line.band[1])}")
    return cells if kind == "not_comparable" else [*cells, verdict_words(line.verdict, line.miss).said(screen.lang)]


def _tell_silent(screen: Screen, found: Validation) -> None:
    """Say how many figures these runs cannot speak of, and why."""
    totals = sum(fact.is_total for fact in found.silent)
    others = len(found.silent) - totals
    if totals and not found.results.weighted:
        screen.line(
            Label(
                f"另有{totals}项是全国总数，一个县的运行说不了：可用 place={PLACE}",
                f"{totals} more are totals of the country, of which runs of a county say nothing: place={PLACE}",
            )
        )
        totals = 0
    if totals + others:
        screen.line(
            Label(f"另有{totals + others}项不在模拟期内", f"{totals + others} more lie outside the months that were simulated")
        )
