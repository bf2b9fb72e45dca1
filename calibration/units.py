"""Amounts that look as if yuan and ten thousand yuan (万元) were mixed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.coding import Mapped
from calibration.problems import SurveyReport, rows

LOOKED_AT = ("income_total", "consumption")
"""Columns in which a household's year cannot be a few yuan; parts of them can."""
_SMALL, _PLAIN, _LARGE = 100.0, 1000.0, 5e6
"""Yuan a year: below the first no household lives, above the third none of a county; between the first two lie few."""
_SHARE = 0.01
_LEAST = 3
_JUMP = (3.3, 4.7)
"""Powers of ten between two waves of a household that a change of unit makes (10,000 gives 4)."""


def check_units(table: str, frame: pd.DataFrame, mapped: Mapped | None, report: SurveyReport) -> None:
    """Note a column whose amounts are plausibly in two units, or in another one than the codebook says.

    Args:
        table: its name in messages.
        frame: household, wave and the amounts, in yuan a year.
        mapped: how the column is found.
        report: collects problems.
    """
    if mapped is None or mapped.checked or mapped.column.name not in LOOKED_AT or mapped.column.name not in frame.columns:
        return
    name = mapped.column.name
    amounts = frame[name].to_numpy(dtype=np.float64)
    known = int((~np.isnan(amounts)).sum())
    positive = amounts[amounts > 0.0]
    if len(positive) < _LEAST:
        return
    hint = f"give one unit throughout; if the amounts are right, write checked: true ({mapped.where})"
    middle = float(np.median(positive))
    if middle < _SMALL or middle > _LARGE:
        said = "half of the amounts are too small for yuan a year" if middle < _SMALL else "half of the amounts are too large"
        report.add(table, name, f"{said}: {rows(len(positive), known)} positive", "the unit in which they are", hint)
        return
    for count, said in (
        (_two_groups(positive), "far below all others"),
        (_jumps(frame, name), "ten thousand times another wave's"),
    ):
        if count:
            report.add(table, name, f"perhaps 万元 among yuan, {said}: {rows(count, known)}", "amounts in one unit", hint)


def _two_groups(positive: np.ndarray) -> int:
    """Return how many amounts form a group of their own far below the others; zero when there is none."""
    small = int((positive < _SMALL).sum())
    between = int(((positive >= _SMALL) & (positive < _PLAIN)).sum())
    return small if small >= max(_LEAST, _SHARE * len(positive)) and between < small else 0


def _jumps(frame: pd.DataFrame, name: str) -> int:
    """Return how many steps between waves of a household look like a change of unit; zero below what chance gives."""
    above = np.flatnonzero(frame[name].to_numpy() > 0.0)
    order = above[np.lexsort((frame["wave"].to_numpy()[above], frame["household"].to_numpy()[above]))]
    homes = frame["household"].to_numpy()[order]
    size = np.abs(np.diff(np.log10(frame[name].to_numpy(dtype=np.float64)[order])))[homes[1:] == homes[:-1]]
    count = int(((size > _JUMP[0]) & (size < _JUMP[1])).sum())
    return count if count >= max(_LEAST, 2 * _SHARE * len(size)) else 0
