"""The mass at the lines: how many households stand within 1% of each, and whether that is more than beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import binomtest

from experiments.checks.bench import Bench
from experiments.checks.row import Row, between
from experiments.labels import Label

LINES = {"poverty_line": Label("脱贫线", "poverty line"), "monitoring_line": Label("监测线", "monitoring line")}
NEAR, BESIDE = 0.01, 0.10
"""Band around a line, and the wider band that says what is usual there, as shares of the line."""


def mass_at_lines(bench: Bench, scale: float = 1.0) -> list[Row]:
    """Print the mass within 1% of each line, and check that households do not pile up there.

    The households of all replications are counted together, with the exact interval of a share: in a small county nobody at
    all may stand so near a line, in every replication, and that shows no gap.

    Args:
        bench: the county.
        scale: the line times this: a planted fault looks at another place.
    """
    rows = []
    for line, label in LINES.items():
        near, beside, homes = (sum(counts) for counts in zip(*(_mass(model, line, scale) for model in bench.runs()), strict=True))
        share = 100 * near / homes
        name = Label(
            f"{label.zh}上下1%以内的户数（占{share:.2f}%）与邻近收入段密度之比",
            f"households within 1% of the {label.en} ({share:.2f}% of all) relative to the density beside it",
        )
        expected = Label("约为1：不在线上堆积", "about 1: no heap at the line")
        rows.append(between(f"mass_{line}", name, _ratio(near, beside), expected, 0.5, 1.6, near))
    return rows


def _mass(model: Any, line: str, scale: float) -> tuple[int, int, int]:
    """Return households within 1% of a line, those beside it, and all."""
    households = model.state.households
    alive = households["members"] > 0
    heads = households["net_12m"][alive] / households["members"][alive].astype(int)
    gap = np.abs(heads / (model.world.value(line) * scale) - 1)
    near, wide = int((gap < NEAR).sum()), int((gap < BESIDE).sum())
    return near, wide - near, int(alive.sum())


def _ratio(near: int, beside: int) -> tuple[float, float, float]:
    """Return the density near a line over that beside it, with the exact 95% interval (Clopper and Pearson 1934)."""
    if not near + beside:
        return np.nan, 0.0, np.inf
    bounds = binomtest(near, near + beside).proportion_ci(0.95, "exact")
    wider = (BESIDE - NEAR) / NEAR

    def density(share: float) -> float:
        return share / (1.0 - share) * wider if share < 1.0 else np.inf

    return density(near / (near + beside)), density(bounds.low), density(bounds.high)
