"""Moments that follow from others, such as shares that add up to one: a covariance with them has no inverse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from calibration.fitting import only
from calibration.moments.measured import Measured

LEFT = 1e-5
"""Share of a moment's sampling variance that earlier ones must leave open for it to say something of its own."""
NAMED = 3
"""Moments that are named as those it follows from."""


def without_followers(measured: Measured) -> Measured:
    """Return measured moments without those that earlier ones determine up to rounding; these are told as unavailable."""
    scale = measured.errors
    correlation = measured.covariance / np.outer(scale, scale)
    kept: list[int] = []
    told: dict[str, str] = {}
    for place, name in enumerate(measured.names):
        row = correlation[place, kept]
        weights = np.linalg.solve(correlation[np.ix_(kept, kept)], row) if kept else row
        if 1.0 - float(weights @ row) >= LEFT:
            kept.append(place)
            continue
        first = np.argsort(-np.abs(weights))[:NAMED]
        told[name] = f"follows from {', '.join(measured.names[kept[one]] for one in first)}"
    if not told:
        return measured
    return replace(only(measured, [measured.names[place] for place in kept]), unavailable=measured.unavailable | told)
