"""Chronic and transient poverty by three methods, as functions of arrays; they answer different questions and rarely agree.

*Components*: Jalan and Ravallion (1998), "Transient Poverty in Postreform Rural China", Journal of Comparative Economics 26(2).
Poverty of the household's mean income over time is chronic; what the ups and downs add to mean poverty is transient.
*Gaps*: Duclos, Araar and Giles (2010), "Chronic and Transient Poverty: Measurement and Estimation, with Evidence from China",
Journal of Development Economics 91(2). All is told as an equally distributed gap: what a household's gap varies over time costs
more than its mean gap, and that is transient; the rest, inequality between households included, is chronic.
*Spells*: counts of waves in poverty (the survey in Baulch and Hoddinott 2000, "Economic Mobility and Poverty Dynamics in
Developing Countries", Journal of Development Studies 36(6)): poor in every wave is chronic, poor in some is transient.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from calibration.moments.spells import poor_share_by_count
from calibration.moments.weighted import Numbers
from experiments.measures import poverty_index


class Components(NamedTuple):
    """Poverty over time and its parts.

    Attributes:
        total: mean over waves of the index.
        chronic: the index of mean incomes.
        transient: the rest; never negative for an index that is convex in income.
        households: households seen in every wave, that it is over.
    """

    total: float
    chronic: float
    transient: float
    households: int

    @property
    def transient_share(self) -> float:
        """Transient over total poverty; NaN without poverty."""
        return self.transient / self.total if self.total > 0 else np.nan


def poverty_components(incomes: Numbers, lines: Numbers, weights: Numbers, order: int = 2) -> Components:
    """Return chronic and transient poverty by components.

    Args:
        incomes: income per head, one row a household and one column a wave, NaN where not seen.
        lines: poverty line of each wave; incomes are taken relative to it, so that prices do not count as mobility.
        weights: one for each household.
        order: of the FGT index; Jalan and Ravallion use 2.
    """
    relative = incomes / lines
    whole = np.isfinite(relative).all(axis=1) & (weights > 0)
    if not whole.any():
        return Components(np.nan, np.nan, np.nan, 0)
    kept, shares = relative[whole], weights[whole]
    total = float(np.mean([poverty_index(kept[:, wave], 1.0, order, shares) for wave in range(kept.shape[1])]))
    chronic = poverty_index(kept.mean(axis=1), 1.0, order, shares)
    return Components(total, chronic, total - chronic, int(whole.sum()))


def gap_components(incomes: Numbers, lines: Numbers, weights: Numbers, order: int = 2) -> Components:
    """Return chronic and transient poverty by equally distributed gaps (Duclos, Araar and Giles), as shares of the line.

    A household's equally distributed gap is the power mean of its gaps over time; transient is how far it lies above the plain
    mean. Few waves understate it; that bias, which the authors take off, stays in data and simulated panels alike.

    Args:
        incomes, lines, weights, order: as for `poverty_components`.
    """
    relative = incomes / lines
    whole = np.isfinite(relative).all(axis=1) & (weights > 0)
    if not whole.any():
        return Components(np.nan, np.nan, np.nan, 0)
    gaps = np.maximum(1.0 - relative[whole], 0.0)
    shares = weights[whole] / weights[whole].sum()
    powers = (gaps**order).mean(axis=1)
    total = float(shares @ powers) ** (1.0 / order)
    transient = float(shares @ (powers ** (1.0 / order) - gaps.mean(axis=1)))
    return Components(total, total - transient, transient, int(whole.sum()))


class SpellShares(NamedTuple):
    """Households by how often they were poor.

    Attributes:
        never, sometimes, always: shares of those seen in every wave.
        households: how many they are.
    """

    never: float
    sometimes: float
    always: float
    households: int

    @property
    def transient_share(self) -> float:
        """Those poor in some waves over those poor at all; NaN when nobody ever was."""
        ever = self.sometimes + self.always
        return self.sometimes / ever if ever > 0 else np.nan


def spell_shares(poor: Numbers, weights: Numbers) -> SpellShares:
    """Return never, sometimes and always poor; with more waves fewer are always poor, so say how many there were."""
    shares, households = poor_share_by_count(poor, weights)
    return SpellShares(float(shares[0]), float(shares[1:-1].sum()), float(shares[-1]), households)
