"""Poverty spells of a panel, as functions of arrays: 1 poor, 0 not poor, NaN not seen; one row a household, one column a wave.

Durations count waves since the state was entered, and only spells whose beginning was seen have one: a household that is poor
    when it
first answers may have been poor for long (left-censored spells are left out of the hazards by duration, not of entry).
"""

from __future__ import annotations

import numpy as np

from calibration.moments.weighted import Numbers


def entry_rate(poor: Numbers, weights: Numbers) -> tuple[float, int]:
    """Return the share of those not poor that are poor in the next wave, pooled, and how many were at risk."""
    return _rate(poor[:, :-1] == 0, poor[:, 1:], weights[:, :-1])


def exit_rate(poor: Numbers, weights: Numbers) -> tuple[float, int]:
    """Return the share of the poor that are not poor in the next wave, pooled, and how many were at risk."""
    return _rate(poor[:, :-1] == 1, 1 - poor[:, 1:], weights[:, :-1])


def durations(poor: Numbers) -> Numbers:
    """Return how many waves the present state has lasted, 1 in its first; NaN where its beginning was not seen."""
    lasted = np.full(poor.shape, np.nan)
    for wave in range(1, poor.shape[1]):
        now, before = poor[:, wave], poor[:, wave - 1]
        begins = (now != before) & np.isfinite(now) & np.isfinite(before)
        goes_on = now == before
        lasted[:, wave] = np.where(begins, 1.0, np.where(goes_on, lasted[:, wave - 1] + 1, np.nan))
    return lasted


def exit_hazards(poor: Numbers, weights: Numbers, most: int) -> list[tuple[float, int]]:
    """Return the share that leaves poverty after 1, 2, ... waves in it; the last takes all longer durations together."""
    return _by_duration(poor, weights, state=1.0, most=most)


def return_hazards(poor: Numbers, weights: Numbers, most: int) -> list[tuple[float, int]]:
    """Return the share that falls back after 1, 2, ... waves out of poverty; the last takes all longer durations together.

    Only those whose exit was seen are at risk: others may never have been poor.
    """
    return _by_duration(poor, weights, state=0.0, most=most)


def poor_share_by_count(poor: Numbers, weights: Numbers) -> tuple[Numbers, int]:
    """Return the shares poor in 0, 1, ... all waves, of those seen in every wave, and how many they are."""
    whole = np.isfinite(poor).all(axis=1) & (weights > 0)
    if not whole.any():
        return np.full(poor.shape[1] + 1, np.nan), 0
    counts = poor[whole].sum(axis=1).astype(np.int64)
    sums = np.bincount(counts, weights[whole], minlength=poor.shape[1] + 1)
    return sums / sums.sum(), int(whole.sum())


def _by_duration(poor: Numbers, weights: Numbers, state: float, most: int) -> list[tuple[float, int]]:
    """Return the hazards of leaving a state by the waves it has lasted."""
    lasted = durations(poor)[:, :-1]
    inside = poor[:, :-1] == state
    gone = np.where(np.isfinite(poor[:, 1:]), (poor[:, 1:] != state).astype(np.float64), np.nan)
    rates = []
    for duration in range(1, most + 1):
        at_risk = inside & ((lasted == duration) if duration < most else (lasted >= duration))
        rates.append(_rate(at_risk, gone, weights[:, :-1]))
    return rates


def _rate(at_risk: np.ndarray, happened: Numbers, weights: Numbers) -> tuple[float, int]:
    """Return the weighted share of those at risk and seen again to whom it happened, and their number."""
    seen = at_risk & np.isfinite(happened) & (weights > 0)
    shares = np.where(seen, weights, 0.0)
    if not shares.sum() > 0:
        return np.nan, 0
    return float(np.sum(shares * np.where(seen, happened, 0.0)) / shares.sum()), int(seen.sum())
