"""Whether stored runs keep what the plans commit to: every target as a statement about a measure, with its probability.

A statement holds or not in each replication; its probability is the share of replications in which it does. It counts as kept
when the 95% interval of that share lies above one half, as missed when it lies below, else nobody can tell: with few
replications nobody can. A target of every year is kept when it holds in all years of a replication.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.evidence import Evidence, NotStored, Numbers
from experiments.intervals import CONFIDENCE, Estimate, estimate
from experiments.labels import Label
from experiments.target_measures import BASE_YEAR, MEASURES

if TYPE_CHECKING:
    from scenarios.target import Target

KEPT, MISSED, UNSURE, UNJUDGED, UNMEASURED = "kept", "missed", "cannot tell", "not judged", "not measured"
VERDICTS = {
    KEPT: Label("兑现", KEPT),
    MISSED: Label("未兑现", MISSED),
    UNSURE: Label("无法判断", UNSURE),
    UNJUDGED: Label("不评判", UNJUDGED),
    UNMEASURED: Label("未计量", UNMEASURED),
}
FIRST_YEAR = 2021

_SAID = {
    "below": Label("低于 {}", "below {}"),
    "at_most": Label("不高于 {}", "at most {}"),
    "at_least": Label("不低于 {}", "at least {}"),
    "above": Label("高于 {}", "above {}"),
    "zero": Label("为零", "zero"),
    "rising": Label("逐年上升", "rises every year"),
    "not_below_start": Label("不低于起点", "not below the start"),
    "not_above_start": Label("不高于起点", "not above the start"),
    "above_benchmark": Label("高于对照增幅", "above the benchmark's growth"),
    "trend": Label("只看走势", "trend alone"),
}


class Chance(NamedTuple):
    """How often a statement held: share of replications, ends of its 95% interval, replications."""

    share: float
    low: float
    high: float
    runs: int


class YearJudged(NamedTuple):
    """One year: the measure over replications, and how often the statement held; None where nothing could be said."""

    year: int
    value: Estimate
    chance: Chance | None


class Judgement(NamedTuple):
    """One statement of a target under one policy.

    Attributes:
        target: the target.
        policy: name of the policy.
        plan: the plan whose clauses are meant; empty for none.
        clauses: of that plan.
        statement, threshold: what has to hold; the threshold is NaN where there is none.
        years: year by year.
        chance: how often it held in all years; None where nothing could be said.
        verdict: one of `VERDICTS`.
        reason: why nothing is measured; empty else.
    """

    target: Target
    policy: str
    plan: str
    clauses: tuple[str, ...]
    statement: str
    threshold: float
    years: tuple[YearJudged, ...]
    chance: Chance | None
    verdict: str
    reason: str = ""


def chance_of(held: NDArray[np.bool_]) -> Chance:
    """Return the share of replications in which a statement held, with its exact (Clopper-Pearson) interval."""
    from scipy.special import betaincinv

    runs, times = len(held), int(held.sum())
    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if times == 0 else float(betaincinv(times, runs - times + 1, tail))
    high = 1.0 if times == runs else float(betaincinv(times + 1, runs - times, 1 - tail))
    return Chance(times / runs, low, high, runs)


def verdict_of(chance: Chance | None) -> str:
    """Return whether the statement is more likely kept than not, or nobody can tell."""
    if chance is None:
        return UNSURE
    return KEPT if chance.low > 0.5 else MISSED if chance.high < 0.5 else UNSURE


def said(judgement: Judgement, lang: str) -> str:
    """Return the statement in words."""
    percent = judgement.target.unit == "share" and math.isfinite(judgement.threshold)
    figure = f"{judgement.threshold * 100:g}%" if percent else f"{judgement.threshold:g}"
    words = _SAID[judgement.statement]
    return (words.zh if lang == "zh" else words.en).format(figure)


def judge(runs: Sequence[Evidence], targets: Iterable[Target], plan: str = "") -> list[Judgement]:
    """Return every statement of every target under every policy.

    Args:
        runs: what the runs of each policy say (`experiments.evidence.read_evidence`).
        targets: the targets (`scenarios.planbook.plan_book`).
        plan: whose clauses and variants are meant; by default that of the runs.
    """
    found = []
    for target in targets:
        for one in runs:
            found += _judge_policy(one, target, plan or one.plan)
    return found


def _judge_policy(runs: Evidence, target: Target, plan: str) -> list[Judgement]:
    """Return the statements of one target under one policy, one a threshold."""
    statement = target.statement_of(plan)
    clauses = target.plans.get(plan, ())
    try:
        values = _measured(runs, target)
    except NotStored as error:
        return [Judgement(target, runs.policy, plan, clauses, statement, math.nan, (), None, UNMEASURED, str(error))]
    benchmark = target.benchmark[plan].values if plan in target.benchmark else {}
    thresholds = target.thresholds or (math.nan,)
    return [_judge_one(runs, target, plan, values, bar, benchmark) for bar in thresholds]


def _measured(runs: Evidence, target: Target) -> dict[int, Numbers]:
    """Return the measure by year, the year before the plans included where it is covered.

    Raises:
        NotStored: when no measure has the name, or the runs lack what it counts.
    """
    if target.measure not in MEASURES:
        raise NotStored(f"no run counts it yet ({target.measure})")
    last = runs.last_month // 12 if runs.last_month % 12 == 11 else runs.last_month // 12 - 1
    years = range(BASE_YEAR if runs.covers(BASE_YEAR - 1, 10) else FIRST_YEAR, last + 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {year: MEASURES[target.measure](runs, year) for year in years}


def _judge_one(
    runs: Evidence, target: Target, plan: str, values: Mapping[int, Numbers], bar: float, benchmark: Mapping[int, float]
) -> Judgement:
    """Return one statement, year by year and over all years."""
    statement = target.statement_of(plan)
    held = {year: _holds(statement, values, year, bar, benchmark) for year in values if year >= FIRST_YEAR}
    counted = {year: flags for year, flags in held.items() if target.year in (None, year)}
    years = tuple(YearJudged(year, estimate(values[year]), _yearly(flags)) for year, flags in counted.items())
    chance = _jointly(list(counted.values()))
    verdict = UNJUDGED if statement == "trend" else verdict_of(chance)
    clauses = target.plans.get(plan, ())
    return Judgement(target, runs.policy, plan, clauses, statement, bar, years, chance, verdict)


def _holds(statement: str, values: Mapping[int, Numbers], year: int, bar: float, benchmark: Mapping[int, float]) -> Numbers:
    """Return 1 where the statement holds, 0 where it does not, NaN where nobody was counted or nothing is said of the year."""
    value = values[year]
    tests = {
        "below": value < bar,
        "at_most": value <= bar,
        "at_least": value >= bar,
        "above": value > bar,
        "zero": value == 0,
    }
    if statement in tests:
        return np.where(np.isnan(value), np.nan, tests[statement].astype(np.float64))
    other = _other(statement, values, year, benchmark)
    better = value <= other if statement == "not_above_start" else value >= other
    if statement in ("rising", "above_benchmark"):
        better = value > other
    return np.where(np.isnan(value) | np.isnan(other), np.nan, better.astype(np.float64))


def _other(statement: str, values: Mapping[int, Numbers], year: int, benchmark: Mapping[int, float]) -> Numbers:
    """Return what a year is compared with; NaN where there is nothing."""
    nothing = np.full_like(values[year], np.nan)
    if statement == "above_benchmark":
        known = year in benchmark and BASE_YEAR in benchmark
        return np.full_like(nothing, benchmark[year] / benchmark[BASE_YEAR] - 1) if known else nothing
    if statement == "rising":
        return values.get(year - 1, nothing)
    if statement in ("not_below_start", "not_above_start"):
        counted = [first for first in sorted(values) if not np.isnan(values[first]).all()]
        return values[counted[0]] if counted and counted[0] < year else nothing
    return nothing


def _yearly(flags: Numbers) -> Chance | None:
    """Return how often it held among the replications of which something can be said."""
    known = flags[~np.isnan(flags)]
    return chance_of(known == 1) if len(known) else None


def _jointly(rows: list[Numbers]) -> Chance | None:
    """Return how often it held in all years of which something can be said."""
    if not rows:
        return None
    flags = np.stack(rows)
    known = ~np.isnan(flags).all(axis=0)
    return chance_of(np.asarray(np.nan_to_num(flags[:, known], nan=1.0).all(axis=0))) if known.any() else None


HEADER = (
    "target", "name", "plan", "clauses", "policy", "statement", "threshold", "year", "unit", "value", "mc_error", "probability",
    "low95", "high95", "replications", "verdict", "reason",
)  # fmt: skip


def judgement_rows(judgement: Judgement) -> list[tuple[object, ...]]:
    """Return a judgement as rows of the CSV file: one a year, and one for all of them."""
    from experiments.tables import plain

    target = judgement.target
    bar = plain(judgement.threshold) if math.isfinite(judgement.threshold) else ""
    head = (
        target.id,
        target.names["en"],
        judgement.plan,
        " ".join(judgement.clauses),
        judgement.policy,
        judgement.statement,
        bar,
    )

    def chances(chance: Chance | None) -> tuple[object, ...]:
        return ("", "", "", "") if chance is None else (*map(plain, chance[:3]), chance.runs)

    rows = [
        (*head, one.year, target.unit, plain(one.value.mean), plain(one.value.error), *chances(one.chance), "", "")
        for one in judgement.years
    ]
    return [*rows, (*head, "all", target.unit, "", "", *chances(judgement.chance), judgement.verdict, judgement.reason)]
