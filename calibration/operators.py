"""Measurement, apart from behaviour: what a survey makes of what happened. No function here changes a true state.

Each operator is a pure function of arrays, one value a household (or person) and wave; amounts are yuan a year.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.burden import CAPACITY, INCOME, QUARTER, TENTH

Floats = NDArray[np.float64]


class Counted(NamedTuple):
    """Income of a household as one operator counts it, and the persons over whom it is divided."""

    income: Floats
    persons: Floats

    @property
    def per_head(self) -> Floats:
        """Income per head; NaN where nobody is counted."""
        income, persons = np.broadcast_arrays(self.income, self.persons)
        return np.where(persons > 0, income / np.where(persons > 0, persons, 1.0), np.nan)


def count_income(
    operator: str,
    gross: ArrayLike,
    members: ArrayLike,
    absent: ArrayLike = 0.0,
    kept_away: ArrayLike = 0.0,
    premiums: ArrayLike = 0.0,
    reimbursed: ArrayLike = 0.0,
) -> Counted:
    """Return income and persons as one of three definitions counts them.

    Args:
        operator: ``latent``, what happened to all members; ``registry``, the same for the registered members, absent earners in
            full: equal sums in the model, but over an accounting year where the caller gives that year's sums; ``survey``, as a
            household survey of residents does: what the absent kept for themselves and own premiums are no income, reimbursed
            medical bills are, and the absent are not counted.
        gross: income of all members.
        members: members, absent ones included.
        absent: members who live and earn elsewhere.
        kept_away: their own income less what they sent home.
        premiums: own premiums of medical insurance.
        reimbursed: medical bills that others paid.

    Raises:
        ValueError: on an unknown operator.
    """
    income, persons = np.asarray(gross, np.float64), np.asarray(members, np.float64)
    if operator in ("latent", "registry"):
        return Counted(income, persons)
    if operator != "survey":
        raise ValueError(f"operator {operator!r}; allowed: registry, survey, latent")
    counted = income - np.asarray(kept_away) - np.asarray(premiums) + np.asarray(reimbursed)
    return Counted(counted, persons - np.asarray(absent))


def misreport(true: ArrayLike, noise: ArrayLike, sd: float, reversion: float = 0.0, centre: ArrayLike = np.nan) -> Floats:
    """Return amounts as they are reported, with an error in logs; zeros stay zero and losses stay losses.

    ln reported = ln true - reversion (ln true - ln centre) + sd noise - sd^2/2. Without reversion the mean is kept.

    Args:
        true: amounts; what is unknown (NaN) stays unknown.
        noise: standard normals, one for each amount.
        sd: standard deviation of the classical error, in log points.
        reversion: 0 for classical error; the share of the distance from the centre that reports lose (mean-reverting error).
        centre: the amount towards which reports lean, above zero; not needed without reversion.

    Raises:
        ValueError: on a negative sd or a reversion outside 0 to 1.
    """
    if sd < 0.0 or not 0.0 <= reversion <= 1.0:
        raise ValueError(f"sd {sd} and reversion {reversion}; allowed: sd from 0 on, reversion from 0 to 1")
    amounts = np.asarray(true, np.float64)
    size = np.abs(amounts)
    logs = np.log(np.where(size > 0.0, size, 1.0))
    lean = reversion * (logs - np.log(np.asarray(centre, np.float64))) if reversion else 0.0
    factor = np.exp(sd * np.asarray(noise) - sd**2 / 2.0 - lean)
    return np.where(size > 0.0, amounts * factor, amounts)


def recall_income(now: ArrayLike, before: ArrayLike, share_before: float) -> Floats:
    """Return income as it is remembered: a share of last year's stands for this year's.

    Where last year is unknown this year's is remembered in full.
    """
    this, last = np.asarray(now, np.float64), np.asarray(before, np.float64)
    return this + share_before * np.where(np.isnan(last), 0.0, last - this)


def recall_event(now: ArrayLike, before: ArrayLike, luck: ArrayLike, forgotten: float, telescoped: float = 0.0) -> Floats:
    """Return whether an event of the year is reported.

    Args:
        now: 1 where it happened this year, 0 elsewhere.
        before: 1 where it happened the year before; unknown counts as not.
        luck: one uniform for each.
        forgotten: probability that an event is not reported.
        telescoped: probability that one of the year before is reported as this year's, where there was none this year.
    """
    this, chance = np.asarray(now, np.float64), np.asarray(luck)
    said = np.where(this > 0.0, chance >= forgotten, (np.asarray(before, np.float64) > 0.0) & (chance < telescoped))
    return np.where(np.isnan(this), np.nan, said.astype(np.float64))


def top_code(amounts: ArrayLike, cut: float) -> Floats:
    """Return amounts with all above the cut set to it; NaN stays."""
    return np.minimum(np.asarray(amounts, np.float64), cut)


def heap(amounts: ArrayLike, luck: ArrayLike, share: float, digits: int = 1) -> Floats:
    """Return amounts of which a share is rounded to so many leading digits, as people say numbers."""
    values = np.asarray(amounts, np.float64)
    size = np.abs(values)
    step = 10.0 ** (np.floor(np.log10(np.where(size > 0.0, size, 1.0))) - (digits - 1))
    return np.where((np.asarray(luck) < share) & (size > 0.0), np.round(values / step) * step, values)


def catastrophic(
    definition: str,
    medical: ArrayLike,
    consumption: ArrayLike | None = None,
    food: ArrayLike | None = None,
    income: ArrayLike | None = None,
    bar: float | None = None,
) -> Floats:
    """Return 1 where a household's own medical spending is catastrophic, 0 elsewhere, NaN where that is unknown.

    Args:
        definition: ``capacity``, 40% or more of consumption but for food (K. Xu et al., Lancet 2003;362:111-117); ``income``,
            more than 10% of income; ``consumption``, more than 10% of consumption (25% by ``bar``), as Sustainable Development
            Goal indicator 3.8.2 counts.
        medical: own medical spending of the year.
        consumption: consumption spending, own medical spending included.
        food: food within it.
        income: gross income; negative counts as none.
        bar: another bar than the definition's, as a share.

    Raises:
        ValueError: on an unknown definition, or where what it needs is not given.
    """
    own = np.asarray(medical, np.float64)
    if definition == "capacity" and consumption is not None and food is not None:
        base, least = np.asarray(consumption) - np.asarray(food), bar or CAPACITY
        over = own >= least * base
    elif definition == "income" and income is not None:
        base = np.maximum(np.asarray(income, np.float64), 0.0)
        base, over = np.where(np.isnan(income), np.nan, base), own > (bar or INCOME) * base
    elif definition == "consumption" and consumption is not None:
        base = np.asarray(consumption, np.float64)
        over = own > (bar or TENTH) * base
    else:
        raise ValueError(
            f"definition {definition!r} with what is given; allowed: capacity (consumption and food), income (income), "
            f"consumption (consumption; bar={QUARTER} for the higher one)"
        )
    return np.where(np.isnan(own) | np.isnan(base), np.nan, (over & (own > 0.0)).astype(np.float64))
