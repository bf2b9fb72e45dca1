"""Sensitivity: designs, indices against known ones, ranks that may not be told apart."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.design import LUCK_INPUT, Space, check_samples, design_columns, design_text, sample
from experiments.draws import LUCK, read_draws
from experiments.sensitivity import Effect, analyse, is_ranking, luck_share, ranked, same_sign

pytest.importorskip("SALib")

LUCKS = np.random.default_rng(5).normal(size=64)
SPACE = Space({"values.a": lambda u: u, "values.b": lambda u: u, "values.c": lambda u: u}, luck=64)


def linear(columns) -> np.ndarray:
    """A known function: variances 3/4, 1/12, nothing, and luck's 1/4 of its own variance."""
    parts = zip(columns["values.a"], columns["values.b"], columns[LUCK], strict=True)
    return np.array([3 * a + b + 0.5 * LUCKS[luck] for a, b, luck in parts])


def test_sobol_finds_known_shares():
    points = sample(SPACE, "sobol", 512, 1)
    assert points.shape == (512 * 6, 4)
    effects = {effect.key: effect for effect in analyse(SPACE, "sobol", points, linear(design_columns(SPACE, points)), 1)}
    parts = {"values.a": 9 / 12, "values.b": 1 / 12, "values.c": 0.0, LUCK_INPUT: 0.25 * LUCKS.var()}
    whole = sum(parts.values())
    for key, part in parts.items():
        assert effects[key].total == pytest.approx(part / whole, abs=0.05), key
        assert effects[key].low - 1e-9 <= effects[key].total <= effects[key].high + 1e-9
    share, low, high = luck_share(list(effects.values()))
    assert low <= parts[LUCK_INPUT] / whole <= high
    assert share == pytest.approx(parts[LUCK_INPUT] / whole, abs=0.05)


def test_interactions_are_in_the_total_and_not_in_the_first_index():
    points = sample(SPACE, "sobol", 1024, 2)
    columns = design_columns(SPACE, points)
    values = (np.array(columns["values.a"]) - 0.5) * (np.array(columns["values.b"]) - 0.5)
    effects = {effect.key: effect for effect in analyse(SPACE, "sobol", points, values, 1)}
    assert effects["values.a"].total == pytest.approx(1, abs=0.1)
    assert effects["values.a"].first == pytest.approx(0, abs=0.1)


def test_morris_finds_slopes_with_their_sign():
    points = sample(SPACE, "morris", 30, 1)
    columns = design_columns(SPACE, points)
    values = -3 * np.array(columns["values.a"]) + np.array(columns["values.b"])
    effects = {effect.key: effect for effect in analyse(SPACE, "morris", points, values, 1)}
    assert effects["values.a"].total == pytest.approx(3, rel=1e-4)
    assert effects["values.a"].first == pytest.approx(-3, rel=1e-4)
    assert effects["values.c"].total == effects[LUCK_INPUT].total == 0


def test_ranks_that_intervals_leave_open():
    rows = [Effect("a", 5, 4, 6, 0, 0), Effect("b", 3, 2, 4.5, 0, 0), Effect("c", 1, 0.5, 1.5, 0, 0)]
    assert [(effect.best, effect.worst) for effect in ranked(rows)] == [(1, 2), (1, 2), (3, 3)]
    assert not is_ranking(ranked(rows))
    assert is_ranking(ranked([rows[0], rows[2]]))


def test_the_same_everywhere_is_refused():
    points = sample(SPACE, "morris", 3, 1)
    with pytest.raises(ValueError, match="the same at every point"):
        analyse(SPACE, "morris", points, np.ones(len(points)), 1)


def test_a_design_is_read_back_as_it_was_written(tmp_path):
    space = Space({"values.bill_mean*": lambda u: 0.8 + u / 3}, luck=5)
    columns = design_columns(space, sample(space, "sobol", 8, 3))
    path = tmp_path / "design.csv"
    path.write_text(design_text(columns), encoding="utf-8")
    draws = read_draws(path, 2, 1)
    assert [draw.values["values.bill_mean*"] for draw in draws] == columns["values.bill_mean*"]
    assert [draw.replication for draw in draws] == columns[LUCK]
    assert max(columns[LUCK]) == 4 and min(columns[LUCK]) == 0


def test_signs():
    assert same_sign(np.array([1.0, 2.0, -1.0, 2.0])) == 0.75
    assert np.isnan(same_sign(np.array([1.0, -1.0])))


def test_sobol_wants_a_power_of_two():
    assert check_samples("sobol", 48) and not check_samples("sobol", 64) and not check_samples("morris", 7)
