"""Hazards by duration: flat for identical households with independent incomes, and what survey error alone adds to their fall."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.moments.spells import exit_hazards, return_hazards
from calibration.operators import misreport

HOUSEHOLDS, WAVES, LINE = 60_000, 8, 0.75
MOST = 4


def incomes(persistence: float, permanent: float = 0.0) -> np.ndarray:
    """Log-normal incomes with the same variance in every wave: a lasting part, an autoregressive one, or none of both."""
    random = np.random.default_rng(11)
    shock = random.normal(size=(HOUSEHOLDS, WAVES))
    level = np.empty_like(shock)
    level[:, 0] = shock[:, 0]
    for wave in range(1, WAVES):
        level[:, wave] = persistence * level[:, wave - 1] + np.sqrt(1 - persistence**2) * shock[:, wave]
    return np.exp(0.5 * (np.sqrt(1 - permanent) * level + np.sqrt(permanent) * random.normal(size=(HOUSEHOLDS, 1))))


def hazards(true: np.ndarray, error: float, of=exit_hazards) -> np.ndarray:
    """Hazards by duration of what a survey with an error of that standard deviation in logs would see."""
    noise = np.random.default_rng(12).normal(size=true.shape)
    seen = misreport(true, noise, error) if error else true
    return np.array([share for share, _ in of((seen < LINE).astype(float), np.ones(true.shape), MOST)])


@pytest.mark.parametrize("of", [exit_hazards, return_hazards])
@pytest.mark.parametrize("error", [0.0, 0.25])
def test_identical_households_with_independent_incomes_have_flat_hazards(of, error):
    found = hazards(incomes(0.0), error, of)
    assert np.ptp(found) < 0.02


@pytest.mark.parametrize("of", [exit_hazards, return_hazards])
def test_any_heterogeneity_makes_hazards_fall(of):
    """A lasting difference between households is enough: a falling hazard by itself says nothing about duration."""
    found = hazards(incomes(0.0, permanent=0.5), 0.0, of)
    assert (np.diff(found) < -0.005).all()


@pytest.mark.parametrize("of", [exit_hazards, return_hazards])
def test_survey_error_makes_the_first_drop_deeper(of):
    """Persistent incomes: error makes false spells of one wave, so that the hazard falls most from the first to the second."""
    true = incomes(0.9)
    off, on = hazards(true, 0.0, of), hazards(true, 0.25, of)
    drop_off, drop_on = off[0] - off[1], on[0] - on[1]
    # shares of this size and number have standard errors of about .003
    assert drop_on > drop_off + 0.015
    assert on[0] > off[0] + 0.05
    # and the true hazards are what they were: the error changed no income
    assert (hazards(true, 0.0, of) == off).all()
