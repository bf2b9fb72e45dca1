"""What a moment is, and how families of moments are told: name, unit, definition, and the columns it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from calibration.moments.wide import Sample

Values = Mapping[str, tuple[float, int]]
"""Value and number of observations, by name."""


class Moment(NamedTuple):
    """One moment.

    Attributes:
        name: unique.
        unit: of its value.
        definition: what is counted over what, with its weights.
    """

    name: str
    unit: str
    definition: str


class Family(NamedTuple):
    """Moments that are measured together.

    Attributes:
        name: of the family; the name of the set that holds all of it.
        moments: in order.
        needs: columns, as ``households.size``; all of them, or none of the family is measured.
        measure: works out all values of a sample.
        waves: that are needed.
        line: whether a poverty line is needed.
    """

    name: str
    moments: tuple[Moment, ...]
    needs: tuple[str, ...]
    measure: Callable[[Sample], Values]
    waves: int = 1
    line: bool = False


def lacking(family: Family, sample: Sample) -> str:
    """Say what a sample lacks for a family; nothing when all is there."""
    missing = [need for need in family.needs if not _has(sample, need)]
    if missing:
        return f"no column {', '.join(missing)}"
    if len(sample.households.waves) < family.waves:
        return f"{len(sample.households.waves)} waves; at least {family.waves}"
    if family.line and not np.isfinite(sample.lines).all():
        return "no poverty line given"
    return ""


def _has(sample: Sample, need: str) -> bool:
    """Return whether a column such as ``persons.insured`` was measured."""
    table, name = need.split(".")
    wide = sample.households if table == "households" else sample.persons
    return wide is not None and wide.has(name)
