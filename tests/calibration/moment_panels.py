"""Small made panels for the tests of moments: drawn here, so that they need no model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.columns import JOBS
from calibration.panel import Meta, Panel, make_panel


def made_panel(households: int = 400, waves: int = 5, seed: int = 1, persons: bool = True, drop: tuple[str, ...] = ()) -> Panel:
    """Return a panel with strata of eight clusters, weights, gaps and two persons a household."""
    rng = np.random.default_rng(seed)
    cluster = np.arange(households) % 40
    fixed = 0.4 * rng.standard_normal(households) + 0.2 * rng.standard_normal(40)[cluster]
    slow = 0.4 * rng.standard_normal(households)
    weight, parts, people = np.exp(0.3 * rng.standard_normal(households)), [], []
    for wave in range(waves):
        slow = 0.8 * slow + 0.24 * rng.standard_normal(households)
        income = np.exp(9.0 + 0.07 * wave + fixed + slow + 0.3 * rng.standard_normal(households))
        size = 1 + np.arange(households) % 4
        seen = rng.random(households) < 0.95
        own = np.where(rng.random(households) < 0.6, np.exp(7 + 1.2 * rng.standard_normal(households)), 0.0)
        frame = pd.DataFrame(
            {
                "household": np.arange(households),
                "wave": 2010 + 2 * wave,
                "weight": weight,
                "stratum": cluster // 8,
                "cluster": cluster,
                "size": size,
                "income_total": income * size,
                "medical_spending": own,
                "dibao": ((fixed + 0.3 * rng.standard_normal(households)) < -0.5).astype(float),
            }
        )
        parts.append(frame[seen])
        people.append(_persons(frame[seen], rng))
    table = pd.concat(parts).drop(columns=[name for name in drop if name in parts[0]])
    others = pd.concat(people).drop(columns=[name for name in drop if name in people[0]]) if persons else None
    return make_panel(table, others, Meta("made here", interval=2, person_level=persons, made=True))


def _persons(homes: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return two persons for each household, the same number in every wave."""
    two = homes.loc[homes.index.repeat(2), ["household", "wave", "weight"]].reset_index(drop=True)
    place = np.arange(len(two)) % 2
    count = len(two)
    admissions = rng.poisson(0.2, count)
    return two.assign(
        person=two["household"] * 2 + place,
        age=20 + (two["household"] % 50),
        insured=(rng.random(count) < 0.9).astype(float),
        admitted=(admissions > 0).astype(float),
        admissions=admissions,
        job=rng.choice(JOBS, count),
        works_months=rng.integers(0, 13, count),
    )
