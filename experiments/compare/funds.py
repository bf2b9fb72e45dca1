"""When accounts run out of money, and what they lack, from the table of accounts of every run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from experiments.compare.figures import MILLION_YUAN, PER_CENT, Counts, Line
from experiments.labels import Label
from experiments.results import FEN_PER_MILLION_YUAN, Numbers
from experiments.stored import Run

MONTH = Label("月", "month")
RUNS_OUT = Label("用完的概率", "chance that it runs out")
FIRST = Label("用完月份（用完时）", "month in which it runs out, when it does")
GAP = Label("缺口", "gap")


def funds(counts: Counts, runs: list[list[Run]]) -> Iterable[Line]:
    """Yield by account and year: in how many repetitions it runs out, in which month, and what it lacks."""
    for account, found in sorted(_by_account(runs, counts.years).items()):
        for place, year in enumerate(counts.years):
            dry = found["dry"][:, place] > 0
            if dry.any():
                yield counts.line("funds", RUNS_OUT, year, 100.0 * dry, PER_CENT, account)
                yield counts.line("funds", FIRST, year, found["first"][:, place], MONTH, account, digits=1)
                yield counts.line("funds", GAP, year, found["gap"][:, place], MILLION_YUAN, account, digits=2)


def _by_account(runs: list[list[Run]], years: list[int]) -> dict[str, dict[str, Numbers]]:
    """Return by account, and by repetition and year: months that ran dry, the first of them, and the gap in million yuan."""
    found: dict[str, dict[str, Numbers]] = {}
    for number, row in enumerate(runs):
        for run in row:
            for account, months in _dry(run.columns("accounts.parquet")).items():
                here = found.setdefault(account, _nothing(len(runs), len(years)))
                values = _by_year(months, years, run.stands_for)
                here["dry"][number] += values["dry"]
                here["gap"][number] += values["gap"]
                # of several counties the first that runs out
                here["first"][number] = np.fmin(here["first"][number], values["first"])
    return found


def _nothing(repeats: int, years: int) -> dict[str, Numbers]:
    """Return an account that never runs out."""
    shape = (repeats, years)
    return {"dry": np.zeros(shape), "gap": np.zeros(shape), "first": np.full(shape, np.nan)}


def _dry(table: dict[str, Any]) -> dict[str, list[tuple[int, float, float]]]:
    """Return by limited account its months: month, share granted, million yuan of demand not met."""
    if not {"account", "granted", "unmet"} <= set(table):
        return {}
    rows = zip(table["account"], table["month"], table["granted"], table["unmet"], table["limited"], strict=True)
    found: dict[str, list[tuple[int, float, float]]] = {}
    for account, month, granted, unmet, limited in rows:
        if limited:
            found.setdefault(str(account), []).append((int(month), float(granted), float(unmet) / FEN_PER_MILLION_YUAN))
    return found


def _by_year(months: list[tuple[int, float, float]], years: list[int], times: int) -> dict[str, Numbers]:
    """Return by year: months in which less than everything was granted, the first of them, and the gap."""
    dry = [[month for month, granted, _ in months if month // 12 == year and granted < 1.0] for year in years]
    gaps = [times * sum(unmet for month, _, unmet in months if month // 12 == year) for year in years]
    firsts = [min(found) % 12 + 1 if found else np.nan for found in dry]
    return {"dry": np.array([float(len(found)) for found in dry]), "first": np.array(firsts), "gap": np.array(gaps)}
