"""The books: no fen without an account, the same bytes in any number of threads, a variance budget and wages that add up."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.checks.bench import Bench
from experiments.checks.row import Row, bounded, exact
from experiments.facts import mean_wage
from experiments.labels import Label
from experiments.variance import budget
from sim.indicators import INDEX

THREAD_MONTHS = 15


def ledger(bench: Bench) -> list[Row]:
    """Check that the books of every policy leave no fen unexplained in any month."""
    months = wrong = 0
    for policy in bench.rules:
        for seed in bench.seeds:
            residual = bench.shared(policy, seed).ledger_residual()
            months, wrong = months + len(residual), wrong + int((residual != 0).sum())
    name = Label("账目有余额的月数（各政策、各次重复）", "months in which the books leave a fen, all policies and replications")
    return [exact("ledger", name, wrong, Label("0月", "0 months"), months)]


def threads_and_chunks(bench: Bench) -> list[Row]:
    """Check that threads and chunks of villages do not matter."""
    seed, wrong = bench.seeds[0], 0
    one = bench.run(bench.checked, seed, THREAD_MONTHS, threads=1, chunk=bench.county.villages)
    ways = ({"threads": 2, "chunk": 1}, {"threads": 3, "chunk": 2})
    for way in ways:
        wrong += int(not same_bytes(one, bench.run(bench.checked, seed, THREAD_MONTHS, **way)))
    name = Label("线程与分块不同而结果不同的运行数", "runs that differ with other threads and chunks")
    return [exact("threads", name, wrong, Label("0次", "0 runs"), len(ways))]


def same_bytes(one: Any, other: Any) -> bool:
    """Say whether two models have the same state, counts and payments."""
    parts = [(getattr(one.state, part), getattr(other.state, part)) for part in ("persons", "households", "villages")]
    states = all(np.array_equal(mine.matrices[kind], theirs.matrices[kind]) for mine, theirs in parts for kind in mine.matrices)
    return states and np.array_equal(one.record, other.record) and np.array_equal(one.paid, other.paid)


def variance_budget(bench: Bench) -> list[Row]:
    """Check that health, jobs, harvests and the rest add up to the whole variance of yearly income changes."""
    budgets = [budget(bench.county, bench.checked, (seed,)) for seed in bench.seeds[:4]]
    name = Label("收入变动方差中各部分与其余之和的缺口", "gap of the variance budget, as a share of the whole")
    expected = Label("0（容差10%）", "0 (tolerance 10%)")
    size = sum(one.changes for one in budgets)
    return [bounded("variance_budget", name, [one.gap for one in budgets], expected, -0.1, 0.1, size)]


def wages(bench: Bench, months: float = 1.0) -> list[Row]:
    """Check that workers times paid months times the wage given are the wages booked.

    Args:
        bench: the county.
        months: factor on the months paid: a planted fault.
    """
    ratios, size = [], 0
    for model in bench.runs():
        counts = model.record.sum(axis=1)
        paid = counts[:, INDEX["paid_workers"]] - counts[:, INDEX["posts"]]
        wage = np.repeat([mean_wage(bench.checked, 2021 + year) for year in range(len(paid) // 12)], 12)
        ratios.append(float((paid * wage).sum() * months * 100 / counts[:, INDEX["wage_income"]].sum()))
        size += int(paid.sum())
    name = Label("务工人数×领薪月数×月工资与入账工资之比", "workers x paid months x wage relative to wages booked")
    return [bounded("wages", name, ratios, Label("1（容差10%）", "1 (tolerance 10%)"), 0.9, 1.1, size)]
