"""What the next million buys: curves and steps worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.compare import margins
from experiments.compare.fieller import BOUNDED

BASE = "documented"
LOW, HIGH, SAME = "documented;posts.kept=0.5", "documented;posts.kept=1.5", "documented;posts.kept=1"
OTHER = "documented;dibao.standard*=1.2"


@pytest.fixture
def against(monkeypatch):
    """Cost in million yuan and falls averted, against the base, in three repetitions."""
    known = {
        BASE: ((0, 0, 0), (0, 0, 0)),
        LOW: ((-2, -2, -2), (-30, -32, -34)),
        HIGH: ((1, 1, 1), (4, 5, 6)),
        SAME: ((0, 0, 0), (0, 0, 0)),
        OTHER: ((4, 5, 6), (10, 11, 12)),
    }
    found = {policy: tuple(np.array(row, float) for row in rows) for policy, rows in known.items()}
    monkeypatch.setattr(margins, "_against_base", lambda results, policy: found[policy])


class Told:
    """Results with nothing but the names of their cells."""

    class study:
        policies = (BASE, LOW, HIGH, SAME, OTHER)
        base = BASE


def test_cells_are_gathered_by_the_knob_that_they_turn():
    assert margins.by_knob(Told.study.policies, BASE) == {"posts.kept": [LOW, HIGH, SAME], "dibao.standard*": [OTHER]}
    # without knobs all policies make one curve; a cell of two changes turns no knob alone
    assert margins.by_knob(("kept", "cliff"), "kept") == {"all": ["cliff"]}
    both = "documented;posts.kept=1;dibao.standard*=1.2"
    assert margins.by_knob((BASE, LOW, both), BASE) == {"posts.kept": [LOW]}
    # a base with changes of its own: cells that add one
    assert margins.by_knob((SAME, both), SAME) == {"dibao.standard*": [both]}


def test_levels_stand_in_the_order_of_spending_and_the_base_once(against):
    points = margins.curves(Told)["posts.kept"]
    assert [(point.level, point.dearer.mean) for point in points] == [("0.5", -2.0), ("", 0.0), ("1.5", 1.0)]


def test_a_step_is_what_neighbours_differ_by(against):
    found = {(step.knob, step.after.level): step for step in margins.steps(Told)}
    down, up = found["posts.kept", ""], found["posts.kept", "1.5"]
    # from the lower level to the base: 2 million for 32 falls; from the base on: 1 million for 5
    assert (down.dearer.mean, down.averted.mean, down.each.ratio) == (2.0, 32.0, 16.0) and not down.next_million
    assert (up.dearer.mean, up.each.ratio, up.next_million) == (1.0, 5.0, True)
    # the cost is sure, so the set is the interval of the mean: 5 +- 4.303 x 1 / sqrt 3
    assert up.each.shape == BOUNDED and up.each.low == pytest.approx(5 - 4.30265 / np.sqrt(3), abs=1e-4)


def test_the_next_million_is_ranked_by_what_it_buys(against):
    ranked = margins.by_value(margins.steps(Told))
    assert [(step.knob, step.each.ratio) for step in ranked] == [("posts.kept", 5.0), ("dibao.standard*", pytest.approx(11 / 5))]


def test_cells_of_the_file_name_the_set(against):
    step = next(step for step in margins.steps(Told) if step.after.level == "1.5")
    row = dict(zip(margins.HEADER, margins.step_cells(step), strict=True))
    assert (row["from_level"], row["to_level"], row["averted_per_million"], row["next_million"]) == ("", "1.5", "5", "yes")
