"""Search over interpretable paths: common seeds, robust choice over parameter draws, the frontier, the best simple rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.intervals import Estimate, estimate
from experiments.paths import cell_of
from experiments.results import Numbers
from scenarios.searchspace import Chosen, SearchSpace

OBJECTIVES = ("relapse", "falls", "cost")
"""Persons relapsing (ex-poor, net), falling (marginal, net), million yuan of all levers: of the horizon, minus the base."""
CRITERIA = ("mean", "cvar", "regret")
"""How repetitions become one number: their mean; the mean of the worst fifth; the largest regret in any of them."""
WORST = 0.2
"""Share of the repetitions that the conditional value at risk is the mean of."""

WORST_OF_ALL = 1e30
"""Stands for candidates of a last generation that are beyond the number allowed: they are not run and never chosen."""

Values = dict[str, Numbers]
"""Each objective of one candidate, minus the base, by repetition: the same lucks and parameters for every candidate."""
Evaluate = Callable[[Sequence[str]], dict[str, Values]]
"""Returns the values of policies by their names; what was evaluated before is not run again."""


@dataclass
class Seen:
    """Every candidate that was evaluated.

    Attributes:
        chosen: the candidate's choices by the name of its policy.
        values: its objectives.
    """

    chosen: dict[str, Chosen] = field(default_factory=dict)
    values: dict[str, Values] = field(default_factory=dict)


def conditional_value_at_risk(values: Numbers, share: float = WORST) -> float:
    """Return the mean of the worst repetitions (Rockafellar and Uryasev 2000), the last one in part."""
    worst = np.sort(values)[::-1]
    weight = share * len(worst)
    full = int(weight)
    total = worst[:full].sum() + (weight - full) * (worst[full] if full < len(worst) else 0.0)
    return float(total / weight)


def score(values: Numbers, criterion: str, best: Numbers | None = None) -> float:
    """Return one number for an objective over repetitions; less is better.

    Args:
        values: by repetition.
        criterion: one of `CRITERIA`.
        best: the least value of any candidate by repetition, for the regret.
    """
    if criterion == "cvar":
        return conditional_value_at_risk(values)
    if criterion == "regret" and best is not None:
        return float((values - best).max())
    return float(values.mean())


def scores(seen: Seen, objectives: Sequence[str], criterion: str) -> dict[str, tuple[float, ...]]:
    """Return the scores of all candidates seen; regret is against the best of them in each repetition."""
    if not seen.values:
        return {}
    best = {name: np.min([values[name] for values in seen.values.values()], axis=0) for name in objectives}
    return {
        policy: tuple(score(values[name], "mean" if name == "cost" else criterion, best[name]) for name in objectives)
        for policy, values in seen.values.items()
    }


def affordable(seen: Seen, budget: float | None) -> list[str]:
    """Return the candidates whose mean cost, minus the base's, is within the budget; all without one."""
    return [policy for policy, values in seen.values.items() if budget is None or values["cost"].mean() <= budget]


def frontier(found: Mapping[str, tuple[float, ...]]) -> list[str]:
    """Return the candidates that no other is at least as good as in everything and better in something, by their first score."""
    kept = []
    for policy, mine in found.items():
        dominated = any(
            all(o <= m for o, m in zip(other, mine, strict=True)) and any(o < m for o, m in zip(other, mine, strict=True))
            for other in found.values()
        )
        if not dominated:
            kept.append(policy)
    return sorted(kept, key=lambda policy: (found[policy], policy))


def look(
    space: SearchSpace,
    evaluate: Evaluate,
    objectives: Sequence[str],
    *,
    most: int,
    seed: int,
    criterion: str = "mean",
    budget: float | None = None,
    population: int = 24,
) -> Seen:
    """Evaluate candidates: the simple rules, then all there are, or as many as allowed by a genetic search (NSGA-II).

    Args:
        space: what is looked through.
        evaluate: returns the values of policies.
        objectives: of `OBJECTIVES`; all are made small.
        most: candidates evaluated at most, simple rules aside.
        seed: seed of the search.
        criterion: one of `CRITERIA`; inside the search regret counts as the mean, for the best of a repetition is not known yet.
        budget: mean million yuan above the base that a candidate may cost; cheaper than the base where negative.
        population: candidates of a generation, fewer where fewer are allowed.
    """
    seen = Seen()
    _evaluate(space, list(space.simple.values()), evaluate, seen)
    names = dict.fromkeys(cell_of(space, chosen) for chosen in space.every()) if space.size() <= 50 * most else {}
    if names and len(names) <= most:
        _evaluate(space, list(space.every()), evaluate, seen)
        return seen
    _genetic(space, evaluate, seen, objectives, most + len(seen.values), seed, criterion, budget, min(population, most))
    return seen


def _evaluate(space: SearchSpace, candidates: Sequence[Chosen], evaluate: Evaluate, seen: Seen) -> None:
    """Evaluate candidates that are new."""
    new: dict[str, Chosen] = {}
    for chosen in candidates:
        name = cell_of(space, chosen)
        if name not in seen.values:
            new.setdefault(name, chosen)
    if new:
        found = evaluate(list(new))
        seen.chosen |= {name: new[name] for name in found}
        seen.values |= found


def _genetic(
    space: SearchSpace,
    evaluate: Evaluate,
    seen: Seen,
    objectives: Sequence[str],
    most: int,
    seed: int,
    criterion: str,
    budget: float | None,
    population: int,
) -> None:
    """Search by NSGA-II (Deb et al. 2002) over whole numbers, one a gene, until enough candidates were evaluated."""
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.operators.crossover.sbx import SBX
    from pymoo.operators.mutation.pm import PM
    from pymoo.operators.repair.rounding import RoundingRepair
    from pymoo.operators.sampling.rnd import IntegerRandomSampling

    algorithm = NSGA2(
        pop_size=population,
        sampling=IntegerRandomSampling(),
        crossover=SBX(prob=0.9, eta=3.0, vtype=float, repair=RoundingRepair()),
        mutation=PM(prob=1.0, prob_var=1.0 / len(space.genes), eta=3.0, vtype=float, repair=RoundingRepair()),
        eliminate_duplicates=True,
    )
    paths = _as_problem(space, evaluate, seen, objectives, most, criterion, budget)
    algorithm.setup(paths, termination=("n_gen", 10_000), seed=seed, verbose=False)
    idle = 0
    while len(seen.values) < most and idle < 10 and algorithm.has_next():
        before = len(seen.values)
        algorithm.next()
        # a generation of known candidates costs nothing; ten of them in a row find nothing new
        idle = idle + 1 if len(seen.values) == before else 0


def _as_problem(
    space: SearchSpace,
    evaluate: Evaluate,
    seen: Seen,
    objectives: Sequence[str],
    most: int,
    criterion: str,
    budget: float | None,
) -> Any:
    """Return the space as pymoo takes it: one whole number a gene, scores to be made small, the budget as a limit."""
    from pymoo.core.problem import Problem

    genes = space.genes
    inner = "mean" if criterion == "regret" else criterion

    class Paths(Problem):
        """The space as pymoo takes it."""

        def __init__(self) -> None:
            """One whole number a gene."""
            upper = np.array([len(gene.values) - 1 for gene in genes])
            limits = 0 if budget is None else 1
            super().__init__(n_var=len(genes), n_obj=len(objectives), n_ieq_constr=limits, xl=0 * upper, xu=upper, vtype=int)

        def _evaluate(self, x: NDArray[np.int64], out: dict[str, Any], *args: Any, **more: Any) -> None:
            """Evaluate a generation."""
            chosen = [tuple(gene.values[int(place)] for gene, place in zip(genes, row, strict=True)) for row in x]
            names = [cell_of(space, one) for one in chosen]
            new = set(list(dict.fromkeys(name for name in names if name not in seen.values))[: max(0, most - len(seen.values))])
            _evaluate(space, [one for one, name in zip(chosen, names, strict=True) if name in new], evaluate, seen)
            values = [seen.values.get(name) for name in names]
            out["F"] = np.array(
                [[score(one[o], "mean" if o == "cost" else inner) if one else WORST_OF_ALL for o in objectives] for one in values]
            )
            if budget is not None:
                out["G"] = np.array([[one["cost"].mean() - budget if one else WORST_OF_ALL] for one in values])

    return Paths()


@dataclass(frozen=True)
class Found:
    """A candidate as tables and charts show it.

    Attributes:
        policy: name of its cell.
        chosen: its choices.
        simple: name of the simple rule that it is, or empty.
        on_frontier: whether nothing affordable is better.
        scores: its score by objective.
        estimates: mean and Monte-Carlo error of each objective minus the base.
    """

    policy: str
    chosen: Chosen
    simple: str
    on_frontier: bool
    scores: Mapping[str, float]
    estimates: Mapping[str, Estimate]


def tell(space: SearchSpace, seen: Seen, objectives: Sequence[str], criterion: str, budget: float | None) -> list[Found]:
    """Return every candidate with its scores, those on the frontier first."""
    given = scores(seen, objectives, criterion)
    within = set(affordable(seen, budget))
    best = frontier({policy: values for policy, values in given.items() if policy in within})
    simple = {cell_of(space, chosen): name for name, chosen in space.simple.items()}
    rest = sorted((policy for policy in given if policy not in best), key=lambda policy: (given[policy], policy))
    return [
        Found(
            policy,
            seen.chosen[policy],
            simple.get(policy, ""),
            policy in best,
            dict(zip(objectives, given[policy], strict=True)),
            {name: estimate(values) for name, values in seen.values[policy].items()},
        )
        for policy in [*best, *rest]
    ]


@dataclass(frozen=True)
class SimpleLoss:
    """How much worse the best simple rule is.

    Attributes:
        simple: the best simple rule within the budget; empty where none is.
        best: policy of the best candidate that costs no more.
        loss: objective of the simple rule minus that of the best, in pairs.
    """

    simple: str
    best: str
    loss: Estimate | None


def simple_loss(space: SearchSpace, seen: Seen, objective: str, criterion: str, budget: float | None) -> SimpleLoss:
    """Return how much worse the best simple rule is than the best candidate that costs no more, in the first objective."""
    given = {policy: values[0] for policy, values in scores(seen, [objective], criterion).items()}
    within = set(affordable(seen, budget))
    simple = {name: cell_of(space, chosen) for name, chosen in space.simple.items() if cell_of(space, chosen) in within}
    if not simple:
        return SimpleLoss("", min(within, key=lambda policy: given[policy], default=""), None)
    name = min(simple, key=lambda one: (given[simple[one]], one))
    cost = seen.values[simple[name]]["cost"].mean()
    rivals = [policy for policy in within if seen.values[policy]["cost"].mean() <= cost + 1e-9]
    best = min(rivals, key=lambda policy: (given[policy], policy))
    return SimpleLoss(name, best, estimate(seen.values[simple[name]][objective] - seen.values[best][objective]))
