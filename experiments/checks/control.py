"""The control: identical households whose income is pure luck enter and leave the state below the line as probability says.

In the model that is shipped hazards fall with time spent above or below a line because households differ. Here nobody differs and
each harvest is drawn anew, so entry is as likely in every year, leaving does not depend on how long one has been below, and both
are known numbers. A window that is stale, a harvest booked in the wrong year or a test in the wrong month shows.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.checks.bench import Bench
from experiments.checks.edits import frozen, with_values, without_moves
from experiments.checks.row import Row, bounded
from experiments.labels import Label
from sim.rules import Rules, month_index

YEARS = 6
"""Septembers lived, 2021 to 2026; the first holds a harvest of the past."""
START = month_index(2021)
SPREAD = 0.30
"""Standard deviation of the logarithm of a harvest (convention of the control)."""
LINE = 0.85
"""The line over the mean income (convention of the control)."""
CLOSE = 0.05
"""Relative distance from the known probability that counts as none (assumption)."""
NODES = 4001
"""Points of the numerical integral."""

ASIDE: dict[str, float] = {
    "wants_work_men": 0.0, "wants_work_women": 0.0, "business_start": 0.0, "livestock_start": 0.0, "casual_days": 0.0,
    "admission_level": 0.0, "outpatient_cost": 0.0, "outpatient_critical": 0.0, "premium": 0.0,
    "pension": 0.0, "elderly_support": 0.0,
    "programme_transfers": 0.0, "other_transfers": 0.0, "property_income": 0.0, "water_cost": 0.0, "farm_without_labour": 1.0,
    "school_cost_preschool": 0.0, "school_cost_compulsory": 0.0, "school_cost_senior": 0.0, "school_cost_vocational": 0.0,
    "school_cost_tertiary": 0.0, "house_repair": 0.0, "interest_rate": 0.0, "disaster_rate": 0.0, "price_sd": 0.0,
    "yield_common": 0.0, "yield_sd": SPREAD, "total_fertility": 0.0, "pension_contribution": 0.0, "care_cost": 0.0,
}  # fmt: skip
"""Everything but the harvest's own luck, switched off."""
DEBTS = ("livestock", "debt", "kin_debt", "arrears", "loan_balance", "farm_due", "insured")


def identical_households(bench: Bench, land_sd: float = 0.0) -> list[Row]:
    """Check entry and exit of households that differ in luck alone against the probabilities that follow from the draws.

    Args:
        bench: the county.
        land_sd: standard deviation of the logarithm of land per head; above 0 households differ, and the check should fail.
    """
    lives = [_septembers(bench, seed, land_sd) for seed in bench.seeds]
    chance = chance_below(bench.kept.values["june_share"].at(START))
    entry = [float(below[1:][~below[:-1]].mean()) / chance for below in lives]
    slopes = [_slope(below) / chance for below in lives]
    longer = [_longer(below) for below in lives]
    size = sum(int(below[1:].size) for below in lives)
    names = (
        Label("同质农户、收入只凭运气：返贫概率与理论值之比", "identical households, income by luck alone: entry over chance"),
        Label("同上：返贫概率的年变化（相对理论值）", "the same: yearly change of entry over its probability"),
        Label("同上：在线下多年者与一年者脱离概率之差", "the same: exit after several years below less exit after one"),
    )  # fmt: skip
    return [
        bounded("control_entry", names[0], entry, Label("1", "1"), 1 - CLOSE, 1 + CLOSE, size),
        bounded("control_slope", names[1], slopes, Label("0", "0"), -CLOSE / 2, CLOSE / 2, size),
        bounded("control_duration", names[2], longer, Label("0", "0"), -CLOSE, CLOSE, size),
    ]


def chance_below(june_share: float) -> float:
    """Return the probability that two independent harvests sum to less than the line: the yearly chance of being below.

    Each harvest is lognormal around its share of a mean income of 1. The June harvest is integrated out.
    """
    from scipy.stats import norm

    z, step = np.linspace(-8.0, 8.0, NODES, retstep=True)
    left = LINE - june_share * np.exp(SPREAD * z - SPREAD**2 / 2)
    ratio = np.where(left > 0, left, np.nan) / (1 - june_share)
    below = norm.cdf((np.log(ratio) + SPREAD**2 / 2) / SPREAD)
    return float(np.nansum(np.where(left > 0, below, 0.0) * norm.pdf(z)) * step)


def _septembers(bench: Bench, seed: int, land_sd: float) -> NDArray[np.bool_]:
    """Return by year, from the second September on, which households are below the line."""
    rules = _rules(bench.kept)
    model = bench.start(rules, seed, 12 * YEARS)
    _make_alike(model, land_sd, seed)
    members, found = np.maximum(model.state.households["members"], 1).copy(), []
    for _ in range(12 * YEARS):
        model.step()
        if model.month % 12 == 8:
            households = model.state.households
            # who loses a member has more land a head from then on
            found.append(np.where(households["members"] == members, households["below_net"], -1))
    years = np.array(found[1:])
    return np.asarray(years[:, (years >= 0).all(axis=0)] == 1)


def _rules(kept: Rules) -> Rules:
    """Return rules without levers, with everything still but the harvest, and the line at its share of the mean."""
    still = without_moves(frozen(kept, START))
    mean = still.values["farm_income"].at(START)
    return replace(with_values(still, **ASIDE, poverty_line=LINE * mean), levers=())


def _make_alike(model: Any, land_sd: float, seed: int) -> None:
    """Give every household one mu a member, no work but the farm, and no debt."""
    households, persons = model.state.households, model.state.persons
    spread = np.random.default_rng(seed).normal(-land_sd * land_sd / 2, land_sd, len(households))
    households["land_mu"] = households["members"] * np.exp(spread)
    for name in DEBTS:
        households[name] = 0
    for name in ("wants_work", "wage", "sick_months"):
        persons[name] = 0
    persons["job"] = np.minimum(persons["job"], 1)
    persons["job_end"] = 0


def _slope(below: NDArray[np.bool_]) -> float:
    """Return the yearly change of the entry hazard."""
    hazards = [float(now[~before].mean()) for before, now in pairwise(below)]
    return float(np.polyfit(range(len(hazards)), hazards, 1)[0])


def _longer(below: NDArray[np.bool_]) -> float:
    """Return the chance to leave after two or more years below less the chance after one."""
    once, twice = [], []
    for first, second, third in zip(below[:-2], below[1:-1], below[2:], strict=True):
        once.append(~third[~first & second])
        twice.append(~third[first & second])
    return float(np.concatenate(twice).mean() - np.concatenate(once).mean())
