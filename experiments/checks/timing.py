"""The calendar of ends: no month holds more than 15% of a year's ends unless a calendar says so; no cut too late to be judged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from experiments.checks.bench import MONTHS, Bench
from experiments.checks.row import Row, between, exact
from experiments.horizon import late_cuts
from experiments.labels import Label
from sim.rules import Rules, constant

MOST = 0.15
"""Largest share of a year's ends that one month may hold."""
DECEMBER = 12
KINDS = {
    "posts": Label("公益性岗位", "posts"),
    "dibao": Label("低保", "dibao"),
    "registry": Label("监测户解除", "clearing of the registry"),
}


def ends_by_month(bench: Bench, calendar: Iterable[int] = (DECEMBER,)) -> list[Row]:
    """Check that ends are spread over the months of the year, under constant support.

    Args:
        bench: the county.
        calendar: months in which the registry's review may clear in bulk.
    """
    counts = {kind: np.zeros((MONTHS // 12, 12), np.int64) for kind in KINDS}
    for seed in bench.seeds:
        for month, ends in enumerate(_ends(bench, seed)):
            for kind, number in zip(KINDS, ends, strict=True):
                counts[kind][month // 12, month % 12] += number
    free = {kind: [month for month in range(12) if kind != "registry" or month + 1 not in calendar] for kind in KINDS}
    return [_spread(kind, counts[kind][1:], free[kind]) for kind in KINDS]


def _spread(kind: str, counts: np.ndarray, free: list[int]) -> Row:
    """Return the check of one kind: the largest share of a calendar month, all years together, with its binomial interval."""
    total, most = int(counts.sum()), int(counts.sum(axis=0)[free].max())
    share = most / total if total else np.nan
    error = 2.0 * np.sqrt(MOST * (1 - MOST) / total) if total else np.nan
    name = Label(
        f"{KINDS[kind].zh}终止：一年中最多月份所占比例（登记册12月集中复核除外）",
        f"ends of {KINDS[kind].en}: share of the largest month of the year (but for the registry's December review)",
    )
    expected = Label("不超过15%", "at most 15%")
    return between(f"ends_{kind}", name, (share, share - error, share + error), expected, -np.inf, MOST, total)


def _ends(bench: Bench, seed: int) -> Iterable[tuple[int, int, int]]:
    """Yield by month the ends of posts, of dibao and of places in the registry."""
    model = bench.start(bench.kept, seed)
    before: set[int] = set()
    for _ in range(MONTHS):
        model.step()
        households = model.state.households
        there = households["members"] > 0
        posts = int((model.state.persons["left_post"] == model.month).sum())
        cleared = int(((households["cleared_month"] == model.month) & there).sum())
        on, alive = _ids(households, there & (households["dibao_stage"] >= 2)), _ids(households, there)
        yield posts, len((before & alive) - on), cleared
        before = on


def _ids(households: Any, chosen: np.ndarray) -> set[int]:
    """Return ids of chosen households."""
    return set(households["id"][chosen].tolist())


def late_cut_warning(bench: Bench, months: int = MONTHS) -> list[Row]:
    """Check that every shipped cut of the last twelve months, and one made for the purpose, is found."""
    from experiments.engine import FIRST_MONTH

    last = FIRST_MONTH + months - 1
    found = len(late_cuts(bench.checked, last))
    missed = sum(lever.id not in late_cuts(_ending(bench.checked, lever.id, last - 5), last) for lever in _lasting(bench, last))
    name = Label(
        f"在期末前12个月内终止而未警告的工具（检验政策自身有{found}项警告）",
        f"levers that end within 12 months of the horizon and draw no warning (the policy checked has {found} warnings)",
    )
    return [exact("late_cuts", name, missed, Label("0项", "0 levers"), len(_lasting(bench, last)))]


def _lasting(bench: Bench, last: int) -> list[Any]:
    """Return the levers that are in force before the last year and after it."""
    return [lever for lever in bench.checked.levers if lever.start <= last - 12 and lever.end > last]


def _ending(rules: Rules, name: str, month: int) -> Rules:
    """Return rules in which one lever, constant until then, ends in a month."""
    import dataclasses

    from experiments.checks.edits import with_levers

    def edit(lever: Any) -> Any:
        values = {key: constant(dated.at(month)) for key, dated in lever.values.items()}
        return lever if lever.id != name else dataclasses.replace(lever, end=month, values=values)

    return with_levers(rules, edit)
