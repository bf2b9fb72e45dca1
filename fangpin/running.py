"""The commands `fangpin runs` and `fangpin rerun`: what a folder holds, and any run of it once more."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.labels import Label
from experiments.wanted import DONE, FAILED, MISSING, Run, Wanted, read_wanted, short_ids
from fangpin.screen import Screen

if TYPE_CHECKING:
    from experiments.again import Again

LISTED = 40
"""Runs that are listed one by one without all=yes."""
STATES = {DONE: Label("完成", "done"), FAILED: Label("失败", "failed"), MISSING: Label("未做", "missing")}
SAID = {
    "same": Label("相同", "same"),
    "different": Label("不同", "different"),
    "only stored": Label("仅存档有", "only stored"),
    "only made now": Label("仅此次有", "only made now"),
}


def show_runs(folder: Path, lang: str, every: bool) -> None:
    """Print what a folder holds: how many runs by policy and county, then those that are not done, or all.

    Args:
        folder: a folder that runs were written to.
        lang: language.
        every: whether all runs are listed.

    Raises:
        FileNotFoundError: if the folder was never asked for runs.
    """
    wanted, screen = read_wanted(folder), Screen(lang)
    screen.heading(Label(f"运行：{folder}", f"runs: {folder}"))
    _show_counts(screen, wanted)
    _show_each(screen, wanted, every)
    if wanted.others:
        count = len(wanted.others)
        screen.line(
            Label(
                f"另有 {count} 个已存运行属于其他版本，不属于最近一次的命令",
                f"{count} further stored runs are of other versions and no part of what was asked for last",
            )
        )


def _show_counts(screen: Screen, wanted: Wanted) -> None:
    """Print a line for each policy and county, and one for all."""
    rows: dict[tuple[str, str], list[Run]] = {}
    for run in wanted.runs:
        rows.setdefault((run.task.policy, run.task.place), []).append(run)
    several = len({place for _, place in rows}) > 1
    cells = [[policy, *([place] if several else []), *_counts(runs)] for (policy, place), runs in rows.items()]
    if len(cells) > 1:
        cells.append(["", *([""] if several else []), *_counts(wanted.runs)])
    heads = [Label("政策", "policy"), *([Label("县", "county")] if several else []), Label("运行", "runs"), *STATES.values()]
    heads.append(Label("完整的重复", "whole replications"))
    screen.table(heads, cells, left=1 + several)


def _counts(runs: Sequence[Run]) -> list[str]:
    """Return how many runs there are, how many in each state, and how many repetitions have all theirs."""
    repeats: dict[tuple[str, int], bool] = {}
    for run in runs:
        repeat = run.task.draw, run.task.replication
        repeats[repeat] = repeats.get(repeat, True) and run.state == DONE
    states = [sum(run.state == state for run in runs) for state in STATES]
    return [str(number) for number in (len(runs), *states, sum(repeats.values()))]


def _show_each(screen: Screen, wanted: Wanted, every: bool) -> None:
    """Print runs one by one: all of them, or those that are not done."""
    ids = short_ids([*(run.key for run in wanted.runs), *wanted.others])
    chosen = [run for run in wanted.runs if every or run.state != DONE or len(wanted.runs) <= LISTED]
    chosen.sort(key=lambda run: (FAILED, MISSING, DONE).index(run.state))
    shown = chosen if every else chosen[:LISTED]
    if not shown:
        return
    rows = [[ids[run.key], run.task.label, STATES[run.state].said(screen.lang), _why(run)] for run in shown]
    heads = [Label("编号", "id"), Label("运行", "run"), Label("状态", "state"), Label("错误", "error")]
    screen.table(heads, rows, left=4, whole=1)
    if len(shown) < len(chosen):
        left = len(chosen) - len(shown)
        screen.line(Label(f"另有 {left} 个未列出：all=yes", f"{left} more: all=yes"))
    screen.line(Label(f"重做一个：fangpin rerun {wanted.folder} 编号", f"make one again: fangpin rerun {wanted.folder} ID"))


def _why(run: Run) -> str:
    """Return what a failed run says, without its name."""
    return run.error.removeprefix(f"{run.task.label}: ")


@dataclass(frozen=True)
class _Asked:
    """What `fangpin rerun` is asked for."""

    wanted: Wanted
    run: Run
    lang: str


def rerun(words: Sequence[str]) -> int:
    """Make one run again and compare; return 0 when all files are the same, 1 when not, 2 when it was not understood."""
    from fangpin.exits import NOT_UNDERSTOOD, refuse
    from fangpin.words import read_words
    from scenarios.problems import Problem, ScenarioError

    plain, rest = [word for word in words if "=" not in word], [word for word in words if "=" in word]
    found = read_words(rest, {"lang": "zh"})
    if len(plain) != 2:
        found.problems.append(Problem("command line", "DIR RUN", " ".join(plain) or "nothing", "a folder and the id of one run"))
    try:
        if found.problems:
            raise ScenarioError(found.problems)
        return _rerun(_find(Path(plain[0]), plain[1], found.options["lang"]))
    except ScenarioError as error:
        return refuse(error.problems, "rerun", "")
    except FileNotFoundError as error:
        print(f"fangpin rerun: {error}", file=sys.stderr)
    return NOT_UNDERSTOOD


def _find(folder: Path, given: str, lang: str) -> _Asked:
    """Return the run whose key begins with what was given.

    Raises:
        FileNotFoundError: if the folder was never asked for runs.
        ScenarioError: if no run, or more than one, begins so.
    """
    from scenarios.problems import Report

    wanted = read_wanted(folder)
    ids = short_ids([run.key for run in wanted.runs])
    found = [run for run in wanted.runs if run.key.startswith(given)]
    if len(found) != 1:
        some = ", ".join(ids[run.key] for run in (found or wanted.runs)[:5])
        report = Report()
        report.add("command line", "RUN", given, f"the beginning of one run's key, such as {some}", f"`fangpin runs {folder}`")
        report.stop()
    return _Asked(wanted, found[0], lang)


def _rerun(asked: _Asked) -> int:
    """Say what has changed since, make the run, and tell which files are the same."""
    from experiments.again import differences_now, load_scenario, make_again
    from experiments.progress import Shown
    from experiments.runner import default_threads

    screen, run = Screen(asked.lang), asked.run
    scenario, scenario_hash = load_scenario(asked.wanted, run)
    screen.heading(Label(f"重做：{run.task.label}  {run.key}", f"made again: {run.task.label}  {run.key}"))
    for changed in differences_now(asked.wanted, run, scenario_hash):
        screen.line(Label(f"注意，与当时不同：{changed}", f"not as it was: {changed}"))
    with Shown(run.task.months + 96) as progress:
        made = make_again(run, scenario, asked.wanted.folder, default_threads(), progress)
    return _tell(screen, asked, made)


def _tell(screen: Screen, asked: _Asked, made: Again) -> int:
    """Print what came of it and return the exit code."""
    if made.error:
        screen.line(Label(f"出错：{made.error}", f"it fails: {made.error}"))
        return 1
    if not made.files:
        state = STATES[asked.run.state]
        screen.line(
            Label(
                f"没有可比较的存档（{state.zh}）；此次可以完成，原命令会补做并保存",
                f"nothing is stored to compare with ({state.en}); it can be made now: the study's command makes and stores it",
            )
        )
        return 0
    rows = [[name, SAID[verdict].said(screen.lang)] for name, verdict in made.files.items()]
    screen.table([Label("文件", "file"), Label("字节", "bytes")], rows, left=2)
    whole = Label("全部相同", "all the same") if made.same else Label("有不同", "not all the same")
    screen.line(whole)
    return 0 if made.same else 1
