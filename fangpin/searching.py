"""The command `fangpin search`: interpretable paths that make relapse and cost small, and how much worse a simple rule is."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.harmless import WIDEST_PLACE, shown_names
from experiments.labels import Label
from fangpin.arguments import KEYS, read_words
from fangpin.exits import DONE, HELP_WORDS, SOME_FAILED, refuse
from fangpin.making import make_runs
from fangpin.request import Request
from fangpin.screen import Screen
from fangpin.values import Refused, nearest, whole_number
from scenarios.problems import Problem
from scenarios.shipped import FILE_ENDINGS

if TYPE_CHECKING:
    from experiments.intervals import Estimate
    from experiments.search import Found, Seen, SimpleLoss, Values
    from experiments.store import Store
    from experiments.study import Plan
    from scenarios.searchspace import SearchSpace

OWN_KEYS = ("space", "minimise", "budget", "robust", "most")
HOUSEHOLDS = 4_000
SHOWN = 12
"""Candidates of the frontier that are printed."""
FRESH = 10
"""Candidates of the frontier that are run again with fresh luck: the best of many looks better than it is."""
_NUMBER = re.compile(r"[-+]?[0-9]*\.?[0-9]+\Z")


@dataclass(frozen=True)
class SearchRequest:
    """What is asked for.

    Attributes:
        request: as for ``fangpin run``: place, size, replications, parameters; its policy is the space's base.
        space: name or path of what is looked through.
        minimise: objectives, the first one first.
        budget: million yuan above the base over the horizon that a path may cost; None for no limit.
        robust: how repetitions become one number.
        most: candidates evaluated at most.
    """

    request: Request = field(default_factory=Request)
    space: str = "exits"
    minimise: tuple[str, ...] = ("relapse", "cost")
    budget: float | None = None
    robust: str = "mean"
    most: int = 120


def search(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    import importlib.util

    from experiments.store import StoreError
    from fangpin.texts import SEARCH_HELP
    from scenarios import ScenarioError

    if not words or any(word in HELP_WORDS for word in words):
        print(SEARCH_HELP, end="")
        return DONE
    asked, problems = read_search(words)
    if importlib.util.find_spec("pymoo") is None:
        problems.append(Problem("this environment", "pymoo", "missing", "the package pymoo", 'pip install "fangpin[search]"'))
    if problems:
        return refuse(problems, "search")
    try:
        return _carry_out(asked)
    except (StoreError, ScenarioError) as error:
        return refuse([error.problem] if isinstance(error, StoreError) else list(error.problems), "search")


def read_search(words: Sequence[str]) -> tuple[SearchRequest, list[Problem]]:
    """Return what the words ask for, and every problem with them."""
    from experiments.study import Study

    own = [word for word in words if word.partition("=")[0] in OWN_KEYS]
    unknown = [word for word in words if _is_unknown(word.partition("=")[0])]
    usual = Request(study=Study(policies=("kept",), households=HOUSEHOLDS, replications=8))
    request, problems = read_words(
        [word for word in words if word not in (*own, *unknown) and not word.startswith("policy=")], usual
    )
    for key, _, text in (word.partition("=") for word in unknown):
        known = (*OWN_KEYS, *KEYS)
        problems.append(Problem("command line", key, text, f"{', '.join(known)}, or lever.field", nearest(key, known)))
    for word in words:
        if word.startswith("policy="):
            problems.append(Problem("command line", "policy", word[7:], "the base of the space", "base: in a space of your own"))
    asked = SearchRequest(request)
    for word in own:
        key, _, text = word.partition("=")
        try:
            asked = _READ[key](asked, text)
        except Refused as refused:
            problems.append(Problem("command line", key, text or "nothing", refused.allowed, refused.hint))
    return asked, problems


def _is_unknown(key: str) -> bool:
    """Return whether a key is neither a word of the command nor a change by hand, whose key has a dot."""
    return key not in (*OWN_KEYS, *KEYS) and "." not in key


def _space(asked: SearchRequest, text: str) -> SearchRequest:
    """Take in what is looked through."""
    from scenarios.searchspace import search_spaces

    if text not in search_spaces() and not text.endswith(FILE_ENDINGS):
        raise Refused(f"{', '.join(search_spaces())}, or the path of a .yaml file", nearest(text, search_spaces()))
    return replace(asked, space=text)


def _minimise(asked: SearchRequest, text: str) -> SearchRequest:
    """Take in the objectives."""
    from experiments.search import OBJECTIVES

    names = tuple(part.strip() for part in text.split(",") if part.strip())
    wrong = [name for name in names if name not in OBJECTIVES]
    if wrong or not names or len(set(names)) < len(names):
        raise Refused(f"one or more of {', '.join(OBJECTIVES)}", nearest((wrong or ["relapse"])[0], OBJECTIVES))
    return replace(asked, minimise=names)


def _budget(asked: SearchRequest, text: str) -> SearchRequest:
    """Take in the budget."""
    if not _NUMBER.match(text):
        raise Refused("million yuan above the base over the horizon; below zero to save", "budget=-5")
    return replace(asked, budget=float(text))


def _robust(asked: SearchRequest, text: str) -> SearchRequest:
    """Take in the criterion."""
    from experiments.search import CRITERIA

    if text not in CRITERIA:
        raise Refused(", ".join(CRITERIA), nearest(text, CRITERIA))
    return replace(asked, robust=text)


def _most(asked: SearchRequest, text: str) -> SearchRequest:
    """Take in how many candidates are evaluated."""
    return replace(asked, most=whole_number(int(text) if text.isdigit() else text, 2, 100_000))


_READ: dict[str, Callable[[SearchRequest, str], SearchRequest]] = {
    "space": _space,
    "minimise": _minimise,
    "budget": _budget,
    "robust": _robust,
    "most": _most,
}


class Evaluator:
    """Runs candidates and reads their objectives; every run is stored, so that a search that stops goes on."""

    def __init__(self, request: Request, store: Store, base: str, fresh: bool = False) -> None:
        """Keep what is common to all candidates; `fresh` takes replications that the search has not seen."""
        self.request, self.store, self.base, self.fresh = request, store, base, fresh
        self.failed: list[Any] = []
        self.evaluated = 0

    def __call__(self, policies: Sequence[str]) -> dict[str, Values]:
        """Return the objectives of candidates, minus the base's, by repetition."""

        plan = self.plan(policies)
        tally = make_runs(self.request, plan, self.store)
        self.failed += tally.failed
        self.evaluated += len(policies)
        print(f"fangpin search: {self.evaluated} paths", file=sys.stderr, flush=True)
        lost = {task.policy for task in tally.failed}
        if self.base in lost:
            raise RuntimeError(f"runs of the base {self.base} failed: see {self.store.root / 'errors'}")
        kept = [policy for policy in policies if policy not in lost]
        return self._values(replace(plan, tasks=tuple(task for task in plan.tasks if task.policy not in lost)), kept)

    def plan(self, policies: Sequence[str]) -> Plan:
        """Return the runs of some candidates and the base."""
        from fangpin.planning import load_counties, plan_of

        count = self.request.study.replications
        # the base itself may be a candidate
        names = tuple(dict.fromkeys((self.base, *policies)))
        study = replace(self.request.study, policies=names, replications=2 * count if self.fresh else count, reference=self.base)
        plan = plan_of(study, load_counties(study))
        first = count if self.fresh else 0
        return replace(plan, tasks=tuple(task for task in plan.tasks if task.replication >= first))

    def _values(self, plan: Plan, policies: Sequence[str]) -> dict[str, Values]:
        """Return the objectives of stored candidates."""
        from experiments.differences import TOTAL, paired_counts
        from experiments.results import FEN_PER_MILLION_YUAN, read_results

        plan = replace(plan, study=replace(plan.study, policies=tuple(dict.fromkeys((self.base, *policies)))))
        results = read_results(plan, self.store)
        base = results.place_of(self.base)
        paid: Any = sum(results.cost(lever, year) for lever in results.costs for year in results.years)
        return {
            policy: {
                "relapse": paired_counts(results, policy, "ex_poor", results.years)[TOTAL].astype(float),
                "falls": paired_counts(results, policy, "marginal", results.years)[TOTAL].astype(float),
                "cost": (paid[results.place_of(policy)] - paid[base]) / FEN_PER_MILLION_YUAN,
            }
            for policy in policies
        }


def _carry_out(asked: SearchRequest) -> int:
    """Search, look again with fresh luck, and tell."""
    from experiments.paths import cell_of
    from experiments.search import look, tell
    from experiments.store import Store
    from scenarios.searchspace import open_space

    space = open_space(asked.space)
    request = asked.request
    folder = request.out or Path("runs") / f"search-{request.folder.name}"
    request = replace(request, out=folder)
    store = Store(folder)
    # the candidates of a search are known only when it ends: the folder is that of the space
    study = replace(request.study, policies=(f"search:{space.id}",), reference=f"search:{space.id}")
    evaluator = Evaluator(request, store, space.base)
    evaluator.plan([cell_of(space, next(space.every())), *(cell_of(space, chosen) for chosen in space.simple.values())])
    store.open(study)
    screen = Screen(request.lang)
    with store.locked(), request.workers.staying():
        store.sweep()
        _tell_start(screen, asked, space)
        seen = look(
            space,
            evaluator,
            asked.minimise,
            most=asked.most,
            seed=request.study.seed,
            criterion=asked.robust,
            budget=asked.budget,
        )
        found = tell(space, seen, asked.minimise, asked.robust, asked.budget)
        best = [one.policy for one in found if one.on_frontier][:FRESH]
        again = Evaluator(request, store, space.base, fresh=True)
        chosen = dict.fromkeys([*best, *(cell_of(space, one) for one in space.simple.values())])
        fresh = _seen_again(seen, again([policy for policy in chosen if policy in seen.values]))
        _tell(screen, asked, space, seen, found, fresh, store)
    return SOME_FAILED if evaluator.failed or again.failed else DONE


def _seen_again(seen: Seen, values: dict[str, Values]) -> Seen:
    """Return candidates with the values of fresh luck."""
    from experiments.search import Seen

    return Seen({policy: seen.chosen[policy] for policy in values}, values)


def _tell_start(screen: Screen, asked: SearchRequest, space: SearchSpace) -> None:
    """Say what is looked through."""
    from scenarios import place_names

    study, names = asked.request.study, shown_names(place_names(asked.request.study.place), WIDEST_PLACE)
    screen.heading(Label(f"防贫寻优：{names['zh']}，{space.names['zh']}", f"fangpin search: {names['en']}, {space.names['en']}"))
    size, first = space.size(), ", ".join(asked.minimise)
    held = "无预算约束" if asked.budget is None else f"预算 {asked.budget:+g} 百万元"
    said = "no budget" if asked.budget is None else f"budget {asked.budget:+g} M yuan"
    screen.line(
        Label(
            f"{size:,} 种组合，至多评估 {asked.most} 种（简单规则另计）；目标 {first}（越小越好，{asked.robust}）；{held}；"
            f"每种重复 {study.replications} 次",
            f"{size:,} combinations, at most {asked.most} evaluated besides the simple rules; minimise {first} ({asked.robust}); "
            f"{said}; {study.replications} replications each",
        )
    )


def _tell(
    screen: Screen, asked: SearchRequest, space: SearchSpace, seen: Seen, found: Sequence[Found], fresh: Seen, store: Store
) -> None:
    """Write tables, chart and the best path's name; print the frontier and the loss of the best simple rule."""
    from experiments.charts.frontier import draw_frontier
    from experiments.charts.style import save
    from experiments.search import simple_loss
    from experiments.tables import csv_text
    from scenarios import place_names

    table = store.write_text("tables/search.csv", csv_text(_HEADER, [_cells(one, space, fresh) for one in found]))
    place = shown_names(place_names(asked.request.study.place), WIDEST_PLACE)[screen.lang]
    figure = draw_frontier(found, fresh, asked.minimise, place, asked.budget, screen.lang)
    paths = save(figure, store.root / "charts", f"frontier-{screen.lang}")
    best = [one for one in found if one.on_frontier]
    policy = _write_policy(store, space, best[0]) if best else None
    _print_frontier(screen, space, best, fresh)
    _print_simple(screen, space, simple_loss(space, fresh, asked.minimise[0], asked.robust, asked.budget), fresh, asked)
    count = len(seen.values)
    screen.line(
        Label(f"共评估 {count} 种；区间只含所用重复的波动", f"{count} candidates evaluated; intervals hold the replications used")
    )
    screen.files(path for path in (table, paths[0], policy) if path)


_HEADER = (
    "policy", "words", "simple_rule", "on_frontier", "relapse", "relapse_low95", "relapse_high95", "falls", "falls_low95",
    "falls_high95", "cost_million_yuan", "cost_low95", "cost_high95", "fresh_relapse", "fresh_falls", "fresh_cost",
    "replications",
)  # fmt: skip


def _cells(one: Found, space: SearchSpace, fresh: Seen) -> tuple[object, ...]:
    """Return a candidate as a row of ``tables/search.csv``; fresh luck where it was run again."""
    from experiments.tables import plain

    numbers: list[object] = []
    for name in ("relapse", "falls", "cost"):
        row = one.estimates[name]
        numbers += [plain(row.mean), plain(row.low), plain(row.high)]
    again = fresh.values.get(one.policy)
    numbers += [plain(float(again[name].mean())) if again else "" for name in ("relapse", "falls", "cost")]
    words = space.said(one.chosen, "en")
    return (one.policy, words, one.simple, int(one.on_frontier), *numbers, one.estimates["relapse"].runs)


def _print_frontier(screen: Screen, space: SearchSpace, best: Sequence[Found], fresh: Seen) -> None:
    """Print the frontier: each path in words, with fresh luck where it was run again."""
    from experiments.intervals import estimate

    screen.heading(
        Label("前沿（与基准成对比较，全期；新随机数）", "frontier (in pairs with the base, whole horizon; fresh luck)")
    )
    heads = [Label("路径", "path"), Label("返贫人次之差", "more relapses"), Label("支出之差（百万元）", "more cost (M yuan)")]
    rows = []
    for one in best[:SHOWN]:
        again = fresh.values.get(one.policy)
        shown = {name: estimate(again[name]) if again else one.estimates[name] for name in ("relapse", "cost")}
        rows.append([space.said(one.chosen, screen.lang), _amount(shown["relapse"], 0), _amount(shown["cost"], 2)])
    screen.table(heads, rows, left=1)
    if len(best) > SHOWN:
        screen.line(Label(f"另有 {len(best) - SHOWN} 条，见 tables/search.csv", f"{len(best) - SHOWN} more in tables/search.csv"))


def _amount(row: Estimate, digits: int) -> str:
    """Return a mean with its interval."""
    if row.error != row.error:
        return f"{row.mean:+,.{digits}f}"
    return f"{row.mean:+,.{digits}f} [{row.low:,.{digits}f}, {row.high:,.{digits}f}]"


def _print_simple(screen: Screen, space: SearchSpace, loss: SimpleLoss, fresh: Seen, asked: SearchRequest) -> None:
    """Say how much worse the best simple rule is."""
    from experiments.paths import cell_of

    if loss.loss is None:
        screen.line(Label("预算之内没有简单规则", "no simple rule is within the budget"))
        return
    words = Label(space.said(fresh.chosen[loss.best], "zh"), space.said(fresh.chosen[loss.best], "en"))
    size = _amount(loss.loss, 0 if asked.minimise[0] != "cost" else 2)
    if cell_of(space, space.simple[loss.simple]) == loss.best or loss.loss.low == loss.loss.high == 0:
        screen.line(
            Label(
                f"最好的简单规则“{loss.simple}”不比同样花费的任何路径差",
                f"the best simple rule, {loss.simple}, is no worse than any path found that costs as much",
            )
        )
        return
    screen.line(
        Label(
            f"最好的简单规则“{loss.simple}”比花费不高于它的最优路径（{words.zh}）多：{asked.minimise[0]} {size}",
            f"the best simple rule, {loss.simple}, is worse than the best path that costs no more ({words.en}) "
            f"by {asked.minimise[0]} {size}",
        )
    )


def _write_policy(store: Store, space: SearchSpace, best: Found) -> Path:
    """Write the first path of the frontier: its words, and the name of its cell, which ``policy=`` takes."""
    words = space.said(best.chosen, "en")
    return store.write_text("best.txt", f"# {words}\n# fangpin run policy='{best.policy},kept'\n{best.policy}\n")
