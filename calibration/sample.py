"""Which households of a survey stand beside a county that simulates its poorer ones only.

A county follows, from January 2013 on, the poorer share of its rural households (`simulated_share`) with all that are registered
as poor, whatever becomes of them. A survey is of all households. Cut by the income of one wave it would hold those who had a
bad year: they recover by themselves, which looks like growth. Households are therefore ordered by what lasts, and are in or out
for all waves: by consumption but for medical spending, which follows what a household expects to have rather than what the year
brought and whose errors are not those of income; by income where consumption was not asked. Both are orders within a wave,
averaged over the waves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from calibration.panel import Panel
from calibration.problems import SurveyReport
from scenarios.problems import listing

SAMPLES = ("all", "poorer", "registered")
"""``all``: the survey is of households as the county simulates them. ``poorer``: of all rural households, the poorer are kept.
``registered``: those ever registered as poor are kept, in the survey and in the simulated county."""
REGISTERED = ("ex_poor", "registered")
"""Columns that say that a household is or was registered as poor."""
ANSWERED = 0.5
"""Share of the rows that must tell consumption for it to order households."""


@dataclass(frozen=True)
class Kept:
    """What was kept of a panel: counts and shares, no row of anybody.

    Attributes:
        sample: one of `SAMPLES`.
        by: what households were ordered by, ``consumption`` or ``income_total``; empty where they were not.
        wanted: share of the households that the county simulates; 1 where nothing is cut by it.
        households: before and after.
        rows: rows of households before and after.
        share: of the households' weight that is kept.
        registered: households kept that were ever registered; None where the panel does not say.
        untold: households left out because nothing orders them.
    """

    sample: str
    by: str
    wanted: float
    households: tuple[int, int]
    rows: tuple[int, int]
    share: float
    registered: int | None
    untold: int

    def told(self) -> Mapping[str, object]:
        """Return the same for a file."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def read_kept(told: Mapping[str, Any]) -> Kept:
    """Return what a file tells of what was kept."""
    pairs = {name: (int(told[name][0]), int(told[name][1])) for name in ("households", "rows")}
    return Kept(**{**told, **pairs})


def cut_panel(panel: Panel, sample: str, simulated_share: float) -> tuple[Panel, Kept]:
    """Return the households of a panel that stand beside the simulated ones, and what was kept.

    Args:
        panel: all waves that are used.
        sample: one of `SAMPLES`.
        simulated_share: share of rural households that the county simulates.

    Raises:
        SurveyError: when the panel lacks what the cut needs, or nobody is left.
    """
    weights = panel.households.groupby("household")["weight"].mean()
    known, chosen = ever_registered(panel, registered_columns(panel)), np.ones(len(weights), np.bool_)
    by, wanted, untold = "", 1.0, 0
    if sample == "registered":
        chosen = _registered(known)
    elif sample == "poorer":
        wanted, by = simulated_share, ordered_by(panel)
        order = standing(panel, by)
        first = np.zeros(len(weights)) if known is None else known.to_numpy(np.float64)
        untold = int((order.isna() & (first == 0.0)).sum())
        chosen = poorest(order.to_numpy(), weights.to_numpy(), first, wanted)
    kept = _only(panel, weights.index[chosen])
    counted = None if known is None else int(known.to_numpy()[chosen].sum())
    counts, rows = (len(weights), int(chosen.sum())), (len(panel.households), len(kept.households))
    share = float(weights.to_numpy()[chosen].sum() / weights.sum())
    return kept, Kept(sample, by, wanted, counts, rows, share, counted, untold)


def registered_columns(panel: Panel) -> tuple[str, ...]:
    """Return the columns of a panel that say who is or was registered as poor."""
    return tuple(name for name in REGISTERED if panel.has(name))


def ever_registered(panel: Panel, columns: Sequence[str]) -> pd.Series | None:
    """Return whether each household was registered as poor in any wave, by number; None without columns that say so."""
    if not columns:
        return None
    flags = panel.households[list(columns)].astype(float).max(axis=1) > 0.0
    return flags.groupby(panel.households["household"]).any()


def only_registered(panel: Panel, columns: Sequence[str]) -> Panel:
    """Return the households of a simulated panel that were ever registered by the columns that the data have; all without any."""
    known = ever_registered(panel, columns)
    return panel if known is None else _only(panel, known.index[known.to_numpy(np.bool_)])


def _registered(known: pd.Series | None) -> np.ndarray:
    """Return who was registered.

    Raises:
        SurveyError: when the panel does not say, or nobody was.
    """
    report = SurveyReport()
    if known is None:
        hint = "name its variable in the codebook, or sample=poorer"
        report.add("households", "sample", "registered, which no column tells", f"a panel with {listing(REGISTERED)}", hint)
    elif not known.any():
        report.add("households", "sample", "registered: nobody", "a panel in which some household is or was registered")
    report.stop()
    assert known is not None
    return known.to_numpy(np.bool_)


def ordered_by(panel: Panel) -> str:
    """Return what orders the households of a panel: consumption where most rows tell it, else income.

    Raises:
        SurveyError: when it has neither, or no size.
    """
    report = SurveyReport()
    told = [name for name in ("consumption", "income_total") if panel.has(name)]
    for missing, allowed in ((not told, "consumption or income_total"), (not panel.has("size"), "size")):
        if missing:
            report.add("households", "sample", "poorer, without what orders households", f"a panel with {allowed}", "sample=all")
    report.stop()
    consumption = panel.households["consumption"].notna().mean() if "consumption" in told else 0.0
    return "consumption" if consumption >= ANSWERED or told == ["consumption"] else "income_total"


def standing(panel: Panel, by: str) -> pd.Series:
    """Return where each household stands among all, by number: its place by amount a head within a wave, from 0 to 1, averaged
    over the waves it was seen in; NaN where it never told.

    Args:
        panel: all waves that are used.
        by: ``consumption`` (less own medical spending, where that is told) or ``income_total``.
    """
    homes = panel.households
    amount = homes[by].astype(float)
    if by == "consumption" and panel.has("medical_spending"):
        amount = amount - homes["medical_spending"].astype(float).fillna(0.0)
    heads = amount / homes["size"].astype(float).where(homes["size"] > 0)
    places = pd.Series(np.nan, homes.index)
    for _, rows in homes.groupby("wave").groups.items():
        places.loc[rows] = _places(heads.loc[rows].to_numpy(), homes.loc[rows, "weight"].to_numpy())
    return places.groupby(homes["household"]).mean()


def _places(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the share of the weight below each value, its own counted by half; equal values share a place."""
    found = np.full(len(values), np.nan)
    told = ~np.isnan(values)
    if told.any():
        _, group = np.unique(values[told], return_inverse=True)
        mass = np.bincount(group, weights=weights[told])
        found[told] = ((np.cumsum(mass) - 0.5 * mass) / mass.sum())[group]
    return found


def poorest(order: np.ndarray, weights: np.ndarray, first: np.ndarray, share: float) -> np.ndarray:
    """Return who is among the poorer ones: those who come first, then by their order, up to a share of the weight.

    Args:
        order: low for the poor; NaN for those who are left out unless they come first.
        weights: households that each stands for.
        first: 1 for those who are in whatever they have.
        share: of the weight of those who are ordered or come first.
    """
    in_line = ~np.isnan(order) | (first > 0.0)
    line = np.lexsort((np.arange(len(order)), np.nan_to_num(order, nan=np.inf), -first))
    line = line[in_line[line]]
    before = np.cumsum(weights[line]) - weights[line]
    chosen = np.zeros(len(order), np.bool_)
    chosen[line] = (before < share * weights[line].sum()) | (first[line] > 0.0)
    return chosen


def _only(panel: Panel, households: pd.Index) -> Panel:
    """Return the part of a panel that is of some households."""
    homes, people = (
        table[table["household"].isin(households)].reset_index(drop=True) for table in (panel.households, panel.persons)
    )
    return replace(panel, households=homes, persons=people)
