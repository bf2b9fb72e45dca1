"""The mass at the lines: how many persons stand within 1% of each, and whether that is more than beside it."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.checks.bench import Bench
from experiments.checks.row import Row, bounded
from experiments.labels import Label

LINES = {"poverty_line": Label("脱贫线", "poverty line"), "monitoring_line": Label("监测线", "monitoring line")}
NEAR, BESIDE = 0.01, 0.10
"""Band around a line, and the wider band that says what is usual there, as shares of the line."""


def mass_at_lines(bench: Bench, scale: float = 1.0) -> list[Row]:
    """Print the mass within 1% of each line, and check that persons do not pile up there.

    Args:
        bench: the county.
        scale: the line times this: a planted fault looks at another place.
    """
    rows = []
    for line, label in LINES.items():
        found = [_mass(model, line, scale) for model in bench.runs()]
        near, persons = np.array([one[0] for one in found]), sum(one[2] for one in found)
        ratios = [there / usual if usual > 0 else np.nan for there, usual, _ in found]
        share = 100 * near.sum() / persons
        name = Label(
            f"{label.zh}上下1%以内的人数（占{share:.2f}%）与邻近收入段密度之比",
            f"persons within 1% of the {label.en} ({share:.2f}% of all) relative to the density beside it",
        )
        expected = Label("约为1：不在线上堆积", "about 1: no heap at the line")
        rows.append(bounded(f"mass_{line}", name, ratios, expected, 0.5, 1.6, int(near.sum())))
    return rows


def _mass(model: Any, line: str, scale: float) -> tuple[int, float, int]:
    """Return persons within 1% of a line, those to be expected from the density beside it, and all persons."""
    households = model.state.households
    alive = households["members"] > 0
    members = households["members"][alive].astype(int)
    gap = np.abs(households["net_12m"][alive] / members / (model.world.value(line) * scale) - 1)
    near, wide = int(members[gap < NEAR].sum()), int(members[gap < BESIDE].sum())
    return near, (wide - near) * NEAR / (BESIDE - NEAR), int(members.sum())
