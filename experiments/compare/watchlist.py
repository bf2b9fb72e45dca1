"""The bureau's list: watched households below a round figure, or whose income fell sharply within a year."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from experiments.compare.figures import Counts, Line
from experiments.labels import Label
from experiments.quantities import WATCHED
from experiments.stored import Run, Stored
from sim.indicators import GROUPS

ROUND_FIGURE = 10_000.0
"""Yuan of net income per head below which a household stands on the list: a choice."""
SHARP_DROP = 0.30
"""Fall of net income per head within a year that puts a household on the list: a choice."""


def watch_list(counts: Counts, runs: list[list[Run]]) -> Iterable[Line]:
    """Yield how many watched households stand on the list at the end of each year."""
    tables = [[(run, run.columns("households.parquet")) for run in row] for row in runs]
    figure, drop = f"{ROUND_FIGURE:,.0f}", f"{100 * SHARP_DROP:.0f}%"
    items = (
        Label(f"人均纯收入低于{figure}元", f"net income per head below {figure} yuan"),
        Label(f"一年下降{drop}及以上", f"fell by {drop} or more within a year"),
    )
    for year in counts.years:
        if all(f"net_head_{year}" in table for row in tables for _, table in row):
            found = np.array([sum(run.stands_for * np.array(listed_in(table, year)) for run, table in row) for row in tables])
            for item, values in zip(items, found.T, strict=True):
                yield counts.line("watch_list", item, year, values, digits=1)


def listed_in(table: dict[str, Any], year: int) -> tuple[int, int]:
    """Return how many watched households are below the round figure in December, and how many fell sharply since the last."""
    below, fell = list_marks(table, year)
    return int(below.sum()), int(fell.sum())


def list_marks(table: dict[str, Any], year: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which households are below the round figure in December, and which fell sharply since the December before."""
    now, before = (np.asarray(table[f"net_head_{when}"], np.float64) for when in (year, year - 1))
    watched = np.asarray(table["group"]) < len(WATCHED)
    with np.errstate(invalid="ignore"):
        below = watched & (now < ROUND_FIGURE)
        fell = watched & (before > 0) & (now <= (1 - SHARP_DROP) * before)
    return below, fell


def list_columns(stored: Stored, policy: str) -> dict[str, Any]:
    """Return the list of the last December as columns, one row a household on it; empty where incomes are not stored."""
    parts: dict[str, list[Any]] = {}
    for repeat in stored.repeats:
        for run in stored.of(policy, repeat):
            table = run.columns("households.parquet")
            years = sorted(int(name.rpartition("_")[2]) for name in table if name.startswith("net_head_"))
            if len(years) < 2:
                continue
            below, fell = list_marks(table, years[-1])
            chosen = np.flatnonzero(below | fell)
            columns = _list_rows(table, chosen, years[-1], below, fell)
            words = {"policy": policy, "county": run.place, "draw": repeat[0]}
            columns = {name: np.full(len(chosen), word, dtype=object) for name, word in words.items()} | columns
            columns["replication"] = np.full(len(chosen), repeat[1], np.int32)
            for name, values in columns.items():
                parts.setdefault(name, []).append(values)
    return {name: np.concatenate(values) for name, values in parts.items()}


def _list_rows(table: dict[str, Any], chosen: np.ndarray, year: int, below: np.ndarray, fell: np.ndarray) -> dict[str, Any]:
    """Return the columns of the households on the list."""
    return {
        "id": np.asarray(table["id"])[chosen],
        "group": np.array(GROUPS, dtype=object)[np.asarray(table["group"])[chosen].astype(int)],
        "township": np.asarray(table["township"])[chosen],
        "village": np.asarray(table["village"])[chosen],
        "year": np.full(len(chosen), year, np.int16),
        "net_head": np.asarray(table[f"net_head_{year}"])[chosen],
        "net_head_before": np.asarray(table[f"net_head_{year - 1}"])[chosen],
        "below_round_figure": below[chosen],
        "sharp_drop": fell[chosen],
    }
