"""A lever that ends differs from one that goes on from the month of its end, and not before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from metamorphic.bench import model_of, rules, state_bytes, with_lever
from sim.rules import Rules, month_index

END = month_index(2021, 10)
BEFORE, AFTER = 9, 15
"""Months lived before the end, and in all."""


def lives(changed: Rules) -> tuple[dict[str, bytes], Any]:
    """Return the state before the end, and the model after some months more."""
    model = model_of(changed, AFTER)
    for _ in range(BEFORE):
        model.step()
    before = state_bytes(model)
    model.run_model()
    return before, model


def test_withdrawing_a_lever_differs_only_from_the_month_of_its_end():
    kept = rules()
    before, on = lives(kept)
    changed = []
    for lever in [one for one in kept.levers if one.start < END < one.end]:
        same, off = lives(with_lever(kept, replace(lever, end=END)))
        assert same == before, f"{lever.id} differs before its end"
        assert np.array_equal(off.record[:BEFORE], on.record[:BEFORE]), lever.id
        assert np.array_equal(off.paid[:BEFORE], on.paid[:BEFORE]), lever.id
        if not (np.array_equal(off.record, on.record) and np.array_equal(off.paid, on.paid)):
            changed.append(lever.id)
    # the test could not fail if ending a lever never did anything
    assert len(changed) > 30, changed
