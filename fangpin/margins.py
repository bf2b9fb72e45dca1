"""The command `fangpin marginal`: what the next million yuan buys, lever by lever."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.labels import Label, Lang
from fangpin.exits import DONE, HELP_WORDS, NOT_UNDERSTOOD, refuse
from fangpin.making import exit_code, in_store, make_runs, prepare
from fangpin.screen import Screen

if TYPE_CHECKING:
    from experiments.compare.margins import Step
    from experiments.results import Results
    from experiments.store import Store
    from experiments.stored import Stored
    from experiments.study import Plan
    from fangpin.request import Request
    from scenarios import Problem

MARGINAL_HELP = """fangpin marginal lever=KNOB[,KNOB] levels=0,0.5,1,1.5 [key=value ...] - what each further million yuan buys
fangpin marginal DIR [base=] [lang=] - the same of a stored study: cells that turn one knob each, or policies by spending

  lever=                    knobs, such as public_welfare_jobs.kept@2022 (`fangpin explain` lists them), lever.field, values.name
  levels=                   levels at which each is run, from the knob's date on
  policy=documented         the policy that is the base: what the plan says
  place= households= months= reps= seed= levers= stress= workers= out= lang=    as for `fangpin run`

Every level of every knob is a policy of one study with the same luck. Prints by knob, from the cheapest level on, what all levers
cost and how many falls are averted against the base, and how many each further million averts between neighbours, with Fieller's
95% set. Writes tables/marginal.csv and charts/marginal. The same command goes on where it stopped.

examples:
  fangpin marginal lever=public_welfare_jobs.kept@2022 levels=0,0.25,0.5,0.75,1 reps=20
"""
OWN = ("lever", "levels")


def marginal(words: Sequence[str]) -> int:
    """Run the command and return its exit code.

    Args:
        words: the words after ``fangpin marginal``.
    """

    if not words or any(word in HELP_WORDS for word in words):
        print(MARGINAL_HELP, end="")
        return DONE
    # without a folder it is a study to be run, whatever is missing or misspelt
    if any(word.startswith(tuple(f"{key}=" for key in OWN)) for word in words) or all("=" in word for word in words):
        return _run(words)
    return _read(words)


def _read(words: Sequence[str]) -> int:
    """Tell of a stored study."""
    from experiments.stopped import OtherVersion
    from experiments.stored import open_stored
    from fangpin.compared import Unmeant, meant
    from fangpin.words import read_words

    found = read_words(words, {"base": "", "lang": "zh"}, "DIR")
    if found.problems:
        return refuse(found.problems, "marginal")
    try:
        stored = open_stored(Path(found.plain))
        base = meant("base", found.options["base"], stored.study.policies)
        tell(stored.against(base) if base else stored, "en" if found.options["lang"] == "en" else "zh")
    except (FileNotFoundError, OtherVersion) as error:
        print(f"fangpin marginal: {error}", file=sys.stderr)
        return NOT_UNDERSTOOD
    except Unmeant as error:
        return refuse([error.problem], "marginal")
    return DONE


def _run(words: Sequence[str]) -> int:
    """Make the runs and tell of them."""
    request, plan, problems = prepare_marginal(words)
    if plan is None:
        return refuse(problems, "marginal")
    return in_store(request, plan, "marginal", lambda store: _make_and_tell(request, plan, store))


def _make_and_tell(request: Request, plan: Plan, store: Store) -> int:
    """Make what is missing, then tell of it if all of it is there."""
    from experiments.stored import open_stored
    from fangpin.telling import tell_failures

    tally = make_runs(request, plan, store)
    tell_failures(tally, store)
    if not tally.failed:
        tell(open_stored(store.root).against(plan.study.base), "en" if request.lang == "en" else "zh")
    return exit_code(tally)


def prepare_marginal(words: Sequence[str]) -> tuple[Request, Plan | None, list[Problem]]:
    """Return what is asked for, and its plan or the problems that stand in the way. Nothing is written."""
    from fangpin.arguments import KEYS, read_words
    from fangpin.request import Request
    from fangpin.values import nearest
    from scenarios import Problem
    from scenarios.cell import Cell

    own = {word.partition("=")[0]: word.partition("=")[2] for word in words if word.partition("=")[0] in OWN}
    default = Request()
    default = replace(default, study=replace(default.study, policies=("documented",)))
    common = [word for word in words if word.partition("=")[0] not in OWN]
    unknown = [word for word in common if "=" in word and not _is_known(word.partition("=")[0])]
    request, problems = read_words([word for word in common if word not in unknown], default)
    for key, _, text in (word.partition("=") for word in unknown):
        known = (*OWN, *KEYS)
        problems.append(Problem("command line", key, text, f"{', '.join(known)}, or lever.field", nearest(key, known)))
    knobs, levels = (_listed(own.get(key, "")) for key in OWN)
    hint = "lever=public_welfare_jobs.kept@2022 levels=0,0.5,1"
    for key, given in zip(OWN, (knobs, levels), strict=True):
        if not given:
            problems.append(
                Problem("command line", key, "nothing", f"{key}=..., separated by commas, or a folder of stored runs", hint)
            )
    for knob in knobs:
        if "." not in knob:
            problems.append(Problem("command line", "lever", f"'{knob}'", "lever.knob, lever.field or values.name", hint))
    if len(request.study.policies) > 1:
        problems.append(Problem("command line", "policy", ", ".join(request.study.policies), "one policy: the base"))
    base = request.study.policies[0]
    cells = [Cell(base, (f"{knob}={level}",)).name for knob in knobs for level in levels]
    study = replace(request.study, policies=(base, *dict.fromkeys(cells)), reference=base)
    out = request.out or Path("runs") / f"marginal-{request.folder.name}"
    request = replace(request, study=study, out=out)
    plan, found = prepare(request, problems) if knobs and levels else (None, problems)
    return request, plan, found


def _is_known(key: str) -> bool:
    """Return whether a key is a word of a run or a change by hand, whose key has a dot."""
    from fangpin.arguments import KEYS

    return key in KEYS or "." in key.partition("@")[0]


def _listed(text: str) -> tuple[str, ...]:
    """Return the parts of a list, each once."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def tell(stored: Stored, lang: Lang) -> None:
    """Write table and chart and print the steps."""
    from experiments.charts.margins import draw_margins
    from experiments.charts.style import save
    from experiments.compare import margins
    from experiments.store import write_whole
    from experiments.tables import csv_text

    results = stored.results()
    curves = margins.curves(results)
    found = margins.steps(results, curves)
    text = csv_text(margins.HEADER, [margins.step_cells(step) for step in found])
    paths = [write_whole(stored.root / "tables" / "marginal.csv", text)]
    paths += save(draw_margins(results, curves, found, lang), stored.root / "charts", f"marginal-{lang}")
    screen = Screen(lang)
    _print_steps(screen, results, found)
    _print_order(screen, margins.by_value(found))
    for path in paths:
        if path.suffix not in (".svg", ".pdf"):
            screen.line(Label(f"  {path}", f"  {path}"))


def _print_steps(screen: Screen, results: Results, found: list[Step]) -> None:
    """Print every step, knob by knob."""
    from fangpin.comparetables import set_words
    from fangpin.tabling import number, with_error

    base, count = results.name(results.study.base), len(results.replications)
    screen.heading(
        Label(
            f"每多花一百万元减少多少返贫致贫人次（基准“{base.zh}”，{results.scope.zh}，{count}次重复，配对）",
            f"falls averted by each further million yuan (base '{base.en}', {results.scope.en}, {count} repetitions, paired)",
        )
    )
    heads = [Label("旋钮", "knob"), Label("从", "from"), Label("到", "to"), Label("多花±（百万元）", "dearer ± (million yuan)")]
    heads += [Label("减少人次±", "averted ±"), Label("每百万元", "for each million"), Label("95%置信集", "95% set")]
    cells = []
    for step in found:
        ends = [_level(screen, step.before.level, step.before.policy), _level(screen, step.after.level, step.after.policy)]
        figures = [with_error(step.dearer, 2), with_error(step.averted, 1), number(step.each.ratio, 1)]
        cells.append([step.knob, *ends, *figures, set_words(screen, step.each, 1)])
    screen.table(heads, cells, left=3)


def _level(screen: Screen, level: str, policy: str) -> str:
    """Return what a level is called."""
    return level or (Label("基准", "base").said(screen.lang) if ";" not in policy else policy)


def _print_order(screen: Screen, found: list[Step]) -> None:
    """Say where the next million buys most, and that one cannot tell where the sets hold zero."""
    from experiments.compare.fieller import BOUNDED

    for step in found:
        sure = step.each.shape == BOUNDED and step.each.low > 0
        zh, en = ("", "") if sure else ("（区间含零或无界，无法判断）", " (the set holds zero or has no bound: nobody can tell)")
        screen.line(
            Label(
                f"下一个百万元用于 {step.knob}：减少{step.each.ratio:,.1f}人次{zh}",
                f"the next million on {step.knob}: {step.each.ratio:,.1f} falls averted{en}",
            )
        )
