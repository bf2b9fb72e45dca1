"""A quotient of two paired means with its confidence set: the cost of a fall averted is one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from experiments.intervals import student_quantile
from experiments.results import Numbers

BOUNDED, UNBOUNDED, NO_BOUND = "bounded", "one-sided or outside", "none"
"""Shapes of Fieller's confidence set: an interval; everything outside an interval; every number."""


class Fieller(NamedTuple):
    """A quotient of two paired means with its confidence set (Fieller 1954).

    Attributes:
        ratio: quotient of the means.
        low, high: ends of the 95% interval, or, where `shape` says so, of the interval that the set leaves out.
        shape: ``bounded``, ``one-sided or outside`` where the denominator may be zero, or ``none``: nothing is ruled out.
    """

    ratio: float
    low: float
    high: float
    shape: str


def fieller(top: Numbers, bottom: Numbers) -> Fieller:
    """Return the quotient of the means of two paired samples with Fieller's 95% confidence set.

    It solves (top - r bottom)² <= t² var(top - r bottom) for r, means and their variances over pairs.
    """
    runs = len(top)
    ratio = float(top.mean() / bottom.mean()) if bottom.mean() != 0 else float("nan")
    if runs < 2:
        return Fieller(ratio, float("nan"), float("nan"), NO_BOUND)
    (aa, ab), (_, bb) = np.cov(top, bottom, ddof=1) / runs
    quantile = student_quantile(runs - 1) ** 2
    square = float(bottom.mean() ** 2 - quantile * bb)
    linear = float(top.mean() * bottom.mean() - quantile * ab)
    fixed = float(top.mean() ** 2 - quantile * aa)
    root = linear**2 - square * fixed
    if square == 0 or root < 0:
        return Fieller(ratio, float("nan"), float("nan"), NO_BOUND)
    ends = sorted((linear + sign * np.sqrt(root)) / square for sign in (-1, 1))
    return Fieller(ratio, float(ends[0]), float(ends[1]), BOUNDED if square > 0 else UNBOUNDED)
