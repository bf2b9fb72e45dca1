"""The golden file: yearly counts of a small county under three policies, to the unit.

Refresh it, and the small studies of `golden_studies`, only on purpose, and say in CHANGELOG.md what moved and why:
``python tests/golden/golden.py``.
"""

from __future__ import annotations

import json
from pathlib import Path

from scenarios.load import load
from sim.history import live
from sim.indicators import GROUPS, INDICATORS
from sim.model import Model
from sim.rules import County

FILE = Path(__file__).with_name("small_county.json")
COUNTY = County(households=1200, villages=9, townships=3)
SEED = 2021
POLICIES = ("documented", "kept", "cliff")


def counts(policy: str, *overrides: str) -> dict[str, dict[str, list[int]]]:
    """Return every count of five years by group: yearly sums of flows, Decembers of stocks."""
    rules = load(policy=policy, overrides=overrides).rules
    model = Model(COUNTY, rules, rng=SEED, past=live(COUNTY, rules, SEED), months=60)
    model.run_model()
    years = model.record.reshape(5, 12, len(GROUPS), len(INDICATORS))
    return {
        group: {
            one.name: (years[:, -1, g, k] if one.kind == "stock" else years[:, :, g, k].sum(axis=1)).tolist()
            for k, one in enumerate(INDICATORS)
        }
        for g, group in enumerate(GROUPS)
    }


if __name__ == "__main__":
    import tempfile

    import golden_studies

    FILE.write_text(json.dumps({policy: counts(policy) for policy in POLICIES}, indent=1) + "\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as made:
        golden_studies.write(Path(made))
