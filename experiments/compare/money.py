"""What policies cost and what that buys: cost by account and level, cost per fall averted, net benefit, dominance, the frontier.

Falls are persons newly below the line, net, ex-poor and marginal, over the horizon; costs are payments of all levers, as the
ledger books them, over the same months and not discounted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from experiments.compare.fieller import Fieller, fieller
from experiments.compare.outcomes import cost, relapses
from experiments.intervals import Estimate, estimate
from experiments.labels import Label
from experiments.results import FEN_PER_MILLION_YUAN, Numbers, Results
from experiments.stored import Run, Stored

MILLION = 1e6
VALUES = (0.0, 10_000.0, 20_000.0, 50_000.0, 100_000.0, 200_000.0)
"""Values in yuan of one fall averted at which net benefit is told: a choice of the reader, not a fact."""

BETTER_DEARER, BETTER_CHEAPER = "fewer falls, dearer", "fewer falls, cheaper"
WORSE_DEARER, WORSE_CHEAPER = "more falls, dearer", "more falls, cheaper"
QUADRANTS = {
    BETTER_DEARER: Label("少返贫、多花钱", BETTER_DEARER),
    BETTER_CHEAPER: Label("少返贫、少花钱", BETTER_CHEAPER),
    WORSE_DEARER: Label("多返贫、多花钱", WORSE_DEARER),
    WORSE_CHEAPER: Label("多返贫、少花钱", WORSE_CHEAPER),
}


class CostRow(NamedTuple):
    """What an account of a level paid under a policy over the horizon, in million yuan."""

    policy: str
    account: str
    level: str
    paid: Estimate
    difference: Estimate


class Trade(NamedTuple):
    """A policy against the base: what it averts and what it costs.

    Attributes:
        policy: the policy.
        averted: falls averted, persons.
        dearer: cost above the base's, million yuan.
        quadrant: where the means lie; one of `QUADRANTS`.
        share: share of repetitions that lie there as well.
        each: yuan for one fall averted (both more), or saved for one fall more (both less).
        certain: whether the signs of both differences are certain at 95%.
        points: averted and dearer by repetition.
    """

    policy: str
    averted: Estimate
    dearer: Estimate
    quadrant: str
    share: float
    each: Fieller
    certain: bool
    points: Numbers


class Benefit(NamedTuple):
    """Net benefit of a policy against the base at a value of a fall averted.

    Attributes:
        policy: the policy; the base itself has none.
        value: yuan for one fall averted.
        benefit: value times falls averted less the cost above the base's, million yuan.
        best: share of repetitions in which no other policy has a larger one.
    """

    policy: str
    value: float
    benefit: Estimate
    best: float


class Ranked(NamedTuple):
    """A policy on the cost-effectiveness plane.

    Attributes:
        policy: the policy.
        cost: million yuan.
        falls: persons who fall.
        by: policies that dominate it: one that costs no more and has no more falls, or two between which a mix does (extended
            dominance); empty on the frontier.
        extended: whether it is by a mix.
        share: share of repetitions in which a single policy dominates it.
        step: yuan for each further fall averted, from the policy before it on the frontier; NaN elsewhere and for the first.
    """

    policy: str
    cost: float
    falls: float
    by: tuple[str, ...]
    extended: bool
    share: float
    step: float


def cost_rows(stored: Stored, policies: Sequence[str] = ()) -> list[CostRow]:
    """Return what every account paid, by level of government and policy, with the paired difference from the base."""
    policies, base = policies or stored.study.policies, stored.study.base
    paid = {policy: [_by_account(stored.of(policy, repeat)) for repeat in stored.repeats] for policy in {*policies, base}}
    keys = sorted({key for rows in paid.values() for row in rows for key in row})
    rows = []
    for policy in policies:
        for key in keys:
            ours, theirs = (np.array([row.get(key, 0.0) for row in paid[one]]) for one in (policy, base))
            rows.append(CostRow(policy, *key, estimate(ours), estimate(ours - theirs)))
    return rows


def _by_account(runs: Sequence[Run]) -> dict[tuple[str, str], float]:
    """Return million yuan by account and level over the horizon, added over counties."""
    found: dict[tuple[str, str], float] = {}
    for run in runs:
        ledger = run.columns("ledger.parquet")
        fen = np.asarray(ledger["fen"], dtype=np.int64)
        accounts, levels = (np.asarray(ledger[name]).astype(str) for name in ("account", "level"))
        for key in sorted(set(zip(accounts.tolist(), levels.tolist(), strict=True))):
            here = int(fen[(accounts == key[0]) & (levels == key[1])].sum())
            found[key] = found.get(key, 0.0) + here * run.stands_for / FEN_PER_MILLION_YUAN
    return found


def trades(results: Results) -> list[Trade]:
    """Return every policy against the base: falls averted, cost, and cost for each."""
    falls, costs = relapses(results).horizon(), cost(results).horizon()
    base = results.place_of(results.study.base)
    others = [policy for policy in results.study.policies if policy != results.study.base]
    return [
        _trade(policy, falls[base] - falls[results.place_of(policy)], costs[results.place_of(policy)] - costs[base])
        for policy in others
    ]


def _trade(policy: str, averted: Numbers, dearer: Numbers) -> Trade:
    """Return one policy against the base."""
    one, other = estimate(averted), estimate(dearer)
    quadrant = _quadrant(one.mean, other.mean)
    share = float(np.mean([_quadrant(*point) == quadrant for point in zip(averted, dearer, strict=True)]))
    certain = all(not np.isnan(each.error) and each.low * each.high > 0 for each in (one, other))
    return Trade(
        policy, one, other, quadrant, share, fieller(dearer * MILLION, averted), certain, np.stack([averted, dearer])
    )  # fmt: skip


def _quadrant(averted: float, dearer: float) -> str:
    """Return where a point lies on the plane; no difference counts as not better and not dearer."""
    if averted > 0:
        return BETTER_DEARER if dearer > 0 else BETTER_CHEAPER
    return WORSE_DEARER if dearer > 0 else WORSE_CHEAPER


def benefits(results: Results, values: Sequence[float] = VALUES) -> list[Benefit]:
    """Return the net benefit of every policy against the base, at every value of a fall averted."""
    falls, costs = relapses(results).horizon(), cost(results).horizon()
    base = results.place_of(results.study.base)
    rows = []
    for value in values:
        net = value / MILLION * (falls[base] - falls) - (costs - costs[base])
        top = net.max(axis=0)
        for place, policy in enumerate(results.study.policies):
            rows.append(Benefit(policy, value, estimate(net[place]), float((net[place] >= top).mean())))
    return rows


def ranking(results: Results) -> list[Ranked]:
    """Return all policies by cost: which of them are dominated, by whom, and the steps of the frontier."""
    falls, costs = relapses(results).horizon(), cost(results).horizon()
    return rank(results.study.policies, costs, falls)


def rank(policies: Sequence[str], costs: Numbers, falls: Numbers) -> list[Ranked]:
    """Return the policies by mean cost, with dominance.

    Args:
        policies: their names.
        costs, falls: by policy and repetition.
    """
    mean_cost, mean_falls = costs.mean(axis=1), falls.mean(axis=1)
    order = sorted(range(len(policies)), key=lambda place: (mean_cost[place], mean_falls[place]))
    single = {place: _dominating(place, order, mean_cost, mean_falls) for place in order}
    left = [place for place in order if not single[place]]
    hull = frontier([(float(mean_cost[place]), float(mean_falls[place])) for place in left])
    on = [left[place] for place in hull]
    rows = []
    for place in order:
        by, extended = single[place], False
        if not by and place not in on:
            by, extended = _around(place, on, mean_cost), True
        step = float("nan")
        if place in on and place != on[0]:
            before = on[on.index(place) - 1]
            step = (mean_cost[place] - mean_cost[before]) * MILLION / (mean_falls[before] - mean_falls[place])
        share = _dominated_share(place, costs, falls)
        names = tuple(policies[one] for one in by)
        rows.append(
            Ranked(policies[place], float(mean_cost[place]), float(mean_falls[place]), names, extended, share, float(step))
        )
    return rows


def _dominating(place: int, order: Sequence[int], costs: Numbers, falls: Numbers) -> tuple[int, ...]:
    """Return the cheapest policy that costs no more and has no more falls, and is better in one of them; of equals the first."""
    for other in order:
        no_worse = costs[other] <= costs[place] and falls[other] <= falls[place]
        better = costs[other] < costs[place] or falls[other] < falls[place]
        if other != place and no_worse and better:
            return (other,)
    return ()


def frontier(points: Sequence[tuple[float, float]]) -> list[int]:
    """Return the places of the points on the lower convex hull, from the cheapest to the one with the fewest falls.

    Args:
        points: cost and falls, ordered by cost; none dominates another, but equal ones may stand twice.
    """
    hull: list[int] = []
    for place, point in enumerate(points):
        if hull and points[hull[-1]] == point:
            continue
        while len(hull) > 1 and not _turns(points[hull[-2]], points[hull[-1]], point):
            hull.pop()
        hull.append(place)
    return hull


def _turns(one: tuple[float, float], two: tuple[float, float], three: tuple[float, float]) -> bool:
    """Say whether each further fall averted costs more from the second to the third point than from the first to the second."""
    return (two[1] - one[1]) * (three[0] - two[0]) < (three[1] - two[1]) * (two[0] - one[0])


def _around(place: int, on: Sequence[int], costs: Numbers) -> tuple[int, ...]:
    """Return the two neighbours on the frontier between which a policy lies."""
    below = [other for other in on if costs[other] <= costs[place]]
    above = [other for other in on if costs[other] > costs[place]]
    return (*below[-1:], *above[:1])


def _dominated_share(place: int, costs: Numbers, falls: Numbers) -> float:
    """Return the share of repetitions in which another policy costs no more, has no more falls, and is better in one."""
    no_worse = (costs <= costs[place]) & (falls <= falls[place])
    better = (costs < costs[place]) | (falls < falls[place])
    return float((no_worse & better).any(axis=0).mean())


COST_HEADER = (
    "policy", "account", "level", "million_yuan", "mc_error", "difference", "difference_low95", "difference_high95",
    "replications",
)  # fmt: skip
TRADE_HEADER = (
    "policy", "falls_averted", "averted_low95", "averted_high95", "million_yuan_dearer", "dearer_low95", "dearer_high95",
    "quadrant", "share_in_quadrant", "yuan_per_fall", "fieller_low", "fieller_high", "fieller_set", "signs_certain",
    "replications",
)  # fmt: skip
BENEFIT_HEADER = ("policy", "yuan_per_fall_averted", "net_benefit_million_yuan", "mc_error", "low95", "high95", "share_best")
RANK_HEADER = (
    "policy",
    "million_yuan",
    "falls",
    "frontier",
    "dominated_by",
    "by_a_mix",
    "share_dominated",
    "yuan_per_further_fall",
)


def cost_cells(row: CostRow) -> tuple[object, ...]:
    """Return a row as the cells of the CSV file."""
    from experiments.tables import plain

    numbers = (row.paid.mean, row.paid.error, row.difference.mean, row.difference.low, row.difference.high)
    return (row.policy, row.account, row.level, *map(plain, numbers), row.paid.runs)


def trade_cells(row: Trade) -> tuple[object, ...]:
    """Return a row as the cells of the CSV file."""
    from experiments.tables import plain

    one, other, each = row.averted, row.dearer, row.each
    head = map(plain, (one.mean, one.low, one.high, other.mean, other.low, other.high))
    ends = map(plain, (row.share, each.ratio, each.low, each.high))
    share, *numbers = ends
    return (row.policy, *head, row.quadrant, share, *numbers, each.shape, "yes" if row.certain else "no", one.runs)


def benefit_cells(row: Benefit) -> tuple[object, ...]:
    """Return a row as the cells of the CSV file."""
    from experiments.tables import plain

    one = row.benefit
    return (row.policy, *map(plain, (row.value, one.mean, one.error, one.low, one.high, row.best)))


def rank_cells(row: Ranked) -> tuple[object, ...]:
    """Return a row as the cells of the CSV file."""
    from experiments.tables import plain

    words = ("no" if row.by else "yes", " + ".join(row.by), "yes" if row.extended else "no")
    return (row.policy, plain(row.cost), plain(row.falls), *words, plain(row.share), plain(row.step))
