"""Flat hazards: under a constant policy and a line that follows the median, entry below the line shows no trace of the start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from experiments.checks.bench import Bench
from experiments.checks.edits import frozen, with_lever, with_values, without_moves
from experiments.checks.row import Row, bounded
from experiments.labels import Label
from sim.rules import Dated, Rules, month_index

YEARS = 6
"""Septembers lived, 2021 to 2026; hazards begin with the second."""
LINES = ("poverty_line", "monitoring_line")
SLOPE = 0.15
"""Yearly change of the hazard, relative to its mean, that counts as none (assumption)."""
FIRST = 0.3
"""Difference of the first year from the later ones, relative to the mean, that counts as none (assumption)."""
START = month_index(2021)


def flat_hazards(bench: Bench, follow: bool = True) -> list[Row]:
    """Check that hazards of entry have no trend after the first year.

    Args:
        bench: the county.
        follow: whether the lines follow the median income; without it they stay, and the check should fail.
    """
    hazards = np.array([_hazards(bench, seed, follow) for seed in bench.seeds])
    level = float(np.nanmean(hazards))
    slopes = [float(np.polyfit(range(len(row)), row, 1)[0]) / level if level > 0 else np.nan for row in hazards]
    first = (hazards[:, 0] - hazards[:, 1:].mean(axis=1)) / level if level > 0 else [np.nan] * len(hazards)
    none = Label("0：没有趋势", "0: no trend")
    slope = Label(
        "政策不变、标准线随中位数：返贫风险的年变化（相对均值）",
        "yearly change of the entry hazard relative to its mean, constant policy, lines that follow the median",
    )
    start = Label("同上：首年风险与以后各年之差（相对均值）", "the same: first year less the later ones, relative to the mean")
    return [
        bounded("hazard_slope", slope, slopes, none, -SLOPE, SLOPE, hazards.size),
        bounded("hazard_first_year", start, list(first), none, -FIRST, FIRST, hazards.size),
    ]


def _hazards(bench: Bench, seed: int, follow: bool) -> list[float]:
    """Return yearly entry hazards, net, of households in their prime whose members did not change."""
    still = without_moves(frozen(bench.checked, START))
    if follow:
        still = _following(still, [median for *_, median in _septembers(bench, still, seed)])
    hazards, before = [], None
    for there, below, members, able, _ in _septembers(bench, still, seed):
        if before is not None:
            same = there & before[0] & ~before[1] & (members == before[2]) & (able == before[3])
            hazards.append(float(below[same].mean()) if same.any() else np.nan)
        before = (there, below, members, able)
    return hazards


def _following(rules: Rules, medians: list[float]) -> Rules:
    """Return rules whose lines, and dibao's standard, keep their ratio to the median."""

    def follow(value: float) -> Dated:
        months = tuple(month_index(2021 + year) for year in range(YEARS))
        return Dated(months, tuple(value * median / medians[0] for median in medians))

    moving = with_values(rules, **{name: follow(rules.values[name].at(START)) for name in LINES})
    standards = {lever.id: lever.values["standard"] for lever in rules.levers if "standard" in lever.values}
    return with_lever(moving, "dibao", standard=follow(standards["dibao"].at(START))) if "dibao" in standards else moving


def _septembers(bench: Bench, rules: Rules, seed: int) -> Iterator[tuple[Any, Any, Any, Any, float]]:
    """Yield each September who is there and in their prime, who is below the line, members, able members, median income.

    In their prime: a fully able member of 25 to 44, so that households do not age out of work within the years.
    """
    model = bench.start(rules, seed, 12 * YEARS)
    for _ in range(12 * YEARS):
        model.step()
        if model.month % 12 == 8:
            households, persons = model.state.households, model.state.persons
            alive = (households["members"] > 0) & (households["group"] == 0)
            median = float(np.median(households["gross_12m"][alive] / households["members"][alive]))
            prime = (persons["alive"] == 1) & (persons["age"] >= 25) & (persons["age"] < 45) & (persons["labour"] == 0)
            owner = np.repeat(np.arange(len(households)), households["slots"].astype(int))
            has = np.bincount(owner[prime], minlength=len(households)) > 0
            yield alive & has, households["below_net"] == 1, households["members"].copy(), households["able"].copy(), median
